"""The diffusion: UNet and ControlNet, trained together on cached latents."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor, nn

from clip_head.core.texture.painter.autoencoder import PatchAutoencoder
from clip_head.training.engine.autocast import mixed
from clip_head.training.engine.optimise import Checkpoint, Schedule, Trained, cosine, every, optimise
from clip_head.training.texture.cache import Cache
from clip_head.training.texture.model import training_noise
from clip_head.training.texture.text_pooling import pretrain_text_pooling

#: Weight of the squared error of the colours beside that of the latents.
COLOUR_WEIGHT = 1.0
#: Probability of the empty caption, for classifier-free guidance.
DROPPED_CAPTIONS = 0.1
#: Power by which drawn times crowd where there is much noise: most of a picture is decided there, in few steps.
TIME_POWER = 1.5
#: AdamW's decays of the moments, and its weight decay.
BETAS, WEIGHT_DECAY = (0.9, 0.98), 1e-2
#: Steps of the linear warm-up, what the learning rate falls to relative to the highest, largest norm of the gradients.
WARMUP, LAST_RATE, CLIP_NORM = 100, 0.05, 1.0
#: The moving average's decay rises with the steps n as (n + 1) / (n + AVERAGE_DELAY), up to MOST_DECAY.
AVERAGE_DELAY, MOST_DECAY = 20, 0.996
#: Steps whose mean loss is printed.
MEAN_STEPS = 200


def train(
    args: argparse.Namespace,
    nets: Any,
    vae: PatchAutoencoder,
    gather: Callable[[], Cache],
    show: Callable[[dict[str, Tensor], int | None], None],
) -> dict[str, Tensor]:
    """Finish the run that was interrupted in --out, or train for --minutes more. Returns the averaged weights.

    args: of the stage.
    nets: UNet and ControlNet, trained in place.
    vae: the autoencoder, which draws the noise.
    gather: gives what there is to train on by now.
    show: writes a sheet of samples for weights, after so many steps; None: at the end.
    """
    checkpoint = checkpoint_of(args)
    cache: Cache | None = None
    if args.minutes:
        for net in nets.values():
            if args.device == "cpu":  # the fused attention's backward pass is several times slower there
                net.set_attn_processor(AttnProcessor())
            net.train()
        cache = gather()
        if not checkpoint.path.is_file():
            pretrain_text_pooling(args, nets, cache)
    noise = training_noise()
    generator = np.random.default_rng([args.seed, 0])
    losses: list[float] = []

    def loss_of_step(step: int) -> Tensor:
        assert cache is not None
        return diffusion_loss(nets, vae, cache, noise, generator, args.batch, args.device)

    def gather_again(trained: Trained) -> None:
        nonlocal cache
        cache = gather()

    show_when_due = every(args.sheet_minutes, lambda trained: show(trained.average, trained.step))
    gather_when_due = every(args.gather_minutes, gather_again)

    def after_step(trained: Trained) -> None:
        losses.append(trained.loss.item())
        show_when_due(trained)
        gather_when_due(trained)

    def report(trained: Trained) -> None:
        print(f"step {trained.step}: loss {np.mean(losses[-MEAN_STEPS:]):.4f}", flush=True)

    trained = optimise(
        *(nets, new_optimiser(nets, args.rate), loss_of_step),
        Schedule(args.steps, None if args.steps else args.minutes, rate=cosine(WARMUP, LAST_RATE), clip_norm=CLIP_NORM),
        name="texture",
        checkpoint=checkpoint,
        generator=generator,
        average_decay=lambda step: min(MOST_DECAY, (step + 1) / (step + AVERAGE_DELAY)),
        after_step=after_step,
        after_save=report,
    )
    if losses:
        show(trained.average, None)
    return trained.average


def checkpoint_of(args: argparse.Namespace) -> Checkpoint:
    """Where the training is kept."""
    return Checkpoint(args.out / "checkpoint.pt")


def new_optimiser(nets: nn.Module, rate: float) -> torch.optim.Optimizer:
    """Of UNet and ControlNet together."""
    return torch.optim.AdamW(nets.parameters(), rate, betas=BETAS, weight_decay=WEIGHT_DECAY, fused=True)


def diffusion_loss(
    nets: Any,
    vae: PatchAutoencoder,
    cache: Cache,
    noise: Any,
    generator: np.random.Generator,
    batch: int,
    device: str,
) -> Tensor:
    """Squared error of the predicted velocity, weighted as the cache says, and of the colours that it leads to.

    nets: UNet and ControlNet.
    vae: that draws the noise.
    cache: what is trained on.
    noise: diffusers' noise schedule.
    generator: of all draws.
    batch: pairs in a step.
    device: of the nets.
    """
    rows = generator.integers(len(cache.latents), size=batch)
    captions = [
        0
        if generator.random() < DROPPED_CAPTIONS
        else cache.captions[row][generator.integers(len(cache.captions[row]))]
        for row in rows
    ]
    latents = cache.latents[rows].to(device)
    features = cache.features[cache.control[rows]].to(device).float()
    tokens = cache.tokens[captions].to(device).float()
    weight = cache.weight.to(device)
    # Stratified: one time in each of `batch` intervals, which are shorter where there is more noise.
    steps = noise.config.num_train_timesteps
    fraction = 1 - (1 - (np.arange(batch) + generator.random(batch)) / batch) ** TIME_POWER
    times = torch.from_numpy((fraction * steps).astype(np.int64)).to(device)
    added = vae.draw_noise(batch, torch.Generator().manual_seed(int(generator.integers(1 << 62))))
    noisy = noise.add_noise(latents, added, times).contiguous(memory_format=torch.channels_last)
    with mixed(device):
        down, middle = nets["controlnet"](noisy, times, tokens, controlnet_cond=features, return_dict=False)
        velocity = nets["unet"](
            noisy, times, tokens, down_block_additional_residuals=down, mid_block_additional_residual=middle
        ).sample
    error = velocity.float() - noise.get_velocity(latents, added, times)
    # The error of the clean latents that a velocity leads to is its own times the standard deviation of the noise.
    noisiness = (1 - noise.alphas_cumprod.to(device)[times]).sqrt()[:, None, None, None]
    colours = cache.probe.to(device).squared_error(noisiness * error).mean()
    return (error.square() * weight).sum() / (weight.sum() * error.shape[0]) + COLOUR_WEIGHT * colours
