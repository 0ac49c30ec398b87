"""Pretraining of the convolutions that reduce the control image for the ControlNet."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from clip_head.training.engine.autocast import mixed
from clip_head.training.engine.optimise import Checkpoint, Schedule, Trained, cosine, every, optimise
from clip_head.training.texture import cache as cached

#: Pixels along a side of a latent's patch.
STRIDE = 32
#: Side of a crop, latents, and crops in a step.
CROP, BATCH = 7, 8
#: AdamW's highest learning rate and its decays of the moments.
LEARNING_RATE, BETAS = 2e-3, (0.9, 0.98)
#: Steps of the linear warm-up, what the learning rate falls to relative to the highest, largest norm of the gradients.
WARMUP, LAST_RATE, CLIP_NORM = 100, 0.05, 1.0
#: The control image is to be predicted at this fraction of its size, 1 / SHRINK.
SHRINK = 4
#: Weight of the control image's squared error beside that of the latents.
CONTROL_WEIGHT = 20.0
#: Control images that the convolutions are initialised on, at most.
INITIAL_IMAGES = 4


def trained_embedding(args: argparse.Namespace, embedding: Any, gather: Callable[[], tuple[Tensor, Tensor]]) -> Any:
    """The control image's convolutions, trained on crops or read from --out: their features are to predict what all
    colourings of a head have in common, and the normals themselves.

    args: of the stage.
    embedding: diffusers' ControlNetConditioningEmbedding, trained in place.
    gather: gives the control images (U, 3, H, W) bytes that there are by now, and latents (U, C, h, w).
    """
    path = args.out / "trunk.safetensors"
    if path.is_file():
        embedding.load_state_dict(load_file(path))
        return embedding.eval()
    images, latents = gather()
    first = images[:: 1 + len(images) // INITIAL_IMAGES]
    cached.layer_sequential_init(embedding, cached.control_batch(first.to(args.device)))
    width, side, count = embedding.conv_out.in_channels, min(CROP, latents.shape[-1]), latents.shape[1]
    head = nn.Sequential(
        nn.Conv2d(width, width, 3, padding=1),
        nn.SiLU(),
        nn.Conv2d(width, 2 * width, 3, padding=1),
        nn.SiLU(),
        nn.Conv2d(2 * width, count + 3 * (STRIDE // SHRINK) ** 2, 3, padding=1),
    ).to(args.device)
    nets: Any = nn.ModuleList([embedding, head])
    nets.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(nets.parameters(), LEARNING_RATE, betas=BETAS)
    generator = np.random.default_rng(args.seed)

    def loss_of_step(step: int) -> Tensor:
        rows = torch.from_numpy(generator.integers(len(latents), size=BATCH))
        y, x = generator.integers(latents.shape[-1] - side + 1, size=2)
        image = cached.control_batch(_crop(images, rows, y, x, side, STRIDE).to(args.device))
        control = cached.blurred_or_sharpened(image, generator).contiguous(memory_format=torch.channels_last)
        with mixed(args.device):
            predicted = head(cached.control_features(embedding, control)).float()
        small = F.pixel_unshuffle(F.avg_pool2d(image, SHRINK), STRIDE // SHRINK)
        latent_error = F.mse_loss(predicted[:, :count], _crop(latents, rows, y, x, side, 1).to(args.device))
        return latent_error + CONTROL_WEIGHT * F.mse_loss(predicted[:, count:], small)

    def gather_again(trained: Trained) -> None:
        nonlocal images, latents
        images, latents = gather()

    checkpoint = Checkpoint(args.out / "trunk_checkpoint.pt")
    optimise(
        *(nets, optimiser, loss_of_step),
        Schedule(
            args.trunk_steps,
            None if args.trunk_steps else args.trunk_minutes,
            rate=cosine(WARMUP, LAST_RATE),
            clip_norm=CLIP_NORM,
        ),
        name="control embedding",
        checkpoint=checkpoint,
        generator=generator,
        after_step=every(args.gather_minutes, gather_again),
    )
    save_file({name: tensor.contiguous() for name, tensor in embedding.state_dict().items()}, path)
    checkpoint.path.unlink(missing_ok=True)
    return embedding.eval()


def _crop(images: Tensor, rows: Tensor, y: int, x: int, side: int, stride: int) -> Tensor:
    """The square of `side` latents at (y, x) from some of the images, whose latents are `stride` pixels wide."""
    return images[rows, :, stride * y : stride * (y + side), stride * x : stride * (x + side)]
