"""Contrastive training of the embedded open_clip model on renders of teacher heads and their captions.

    python -m training words_clip --text FOLDER --steps 3000

The text tower stays as it is (its states are computed once), so that mapping and painter, which read it too, need not
be trained again; what is trained is the image tower and the temperature, with the symmetric cross-entropy of CLIP over
all captions of each render. A call goes on from the last checkpoint. Prints recall at 1 among 100 renders of held-out
heads, whose captions training never saw, and writes it into the folder's model.json.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from clip_head.core.models import EMBEDDED
from clip_head.core.text import load_text_model
from clip_head.core.types import Bytes, Floats, Ints
from clip_head.training.engine.autocast import mixed
from clip_head.training.engine.optimise import Checkpoint, Schedule, cosine, optimise
from clip_head.training.text.embeddings import cached_states
from clip_head.training.text.initialise import write_text_folder

#: AdamW's highest learning rate of the image tower and of the logarithm of the temperature, which has far to go.
LEARNING_RATE, TEMPERATURE_RATE = 2e-3, 1e-2
#: Weight decay of the image tower's matrices and kernels; biases and gains have none.
WEIGHT_DECAY = 0.05
#: AdamW's decays of the moments, as CLIP trained its ViTs with (Radford et al., 2021).
BETAS = (0.9, 0.98)
#: Steps of the linear warm-up, at most, and what the learning rate falls to, relative to the highest.
WARMUP, LAST_RATE = 100, 0.02
#: The factor of the logits (1 / temperature) goes no higher, as in CLIP: beyond, training becomes unstable.
HIGHEST_LOGIT_SCALE = 100
#: Steps between two checkpoints.
CHECKPOINT_EVERY = 100
#: Renders in a pass of the image tower where nothing is trained; it bounds the memory.
IMAGE_BATCH = 256
#: Number of renders among which the right one is to be retrieved (R@1 of 100), and of draws of so many.
RETRIEVAL_SIZE, RETRIEVAL_DRAWS = 100, 20


@dataclass(frozen=True)
class Captioned:
    """N renders with K captions each.

    images: (N, H, H, 3) sRGB bytes.
    states: (N, K, C) pooled states of the captions, before the text tower's projection.
    held_out: (N,) 1 where the head is held out of training, else 0.
    """

    images: Bytes
    states: Floats
    held_out: Ints


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--renders", type=Path, default=Path("out/training/words/renders.npz"))
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="folder of the model to train")
    parser.add_argument("--out", type=Path, help="folder of the trained model (default: that of --text, rewritten)")
    parser.add_argument("--work", type=Path, default=Path("out/training/words"))
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fresh", action="store_true", help="start anew instead of going on from a checkpoint")


def run(args: argparse.Namespace) -> None:
    """Train, evaluate, and write the folder of the model.

    args: of add_arguments.
    """
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = load_text_model(args.text)
    clip: Any = model.clip
    with np.load(args.renders) as arrays:
        captions = arrays["captions"]
        states = cached_states(args.work / "captions.npz", model, captions.ravel().tolist(), device)
        # A short caption may fit a held-out head and one that is trained on: such held-out renders are left out.
        used = (arrays["held_out"] == 0) | ~np.isin(captions[:, 0], captions[arrays["held_out"] == 0])
        states = states.reshape(*captions.shape, -1)[used]
        data = Captioned(arrays["images"][used], states, arrays["held_out"][used])
    clip.to(device)
    data = replace(data, images=resized(data.images, clip.visual.image_size))
    fit(clip, data, args, device)
    figures = retrieval(clip, data, device)
    for name, value in figures.items():
        print(f"{name:<40} {value:.3f}")
    rounded = {name: round(value, 3) for name, value in figures.items()}
    source = f"python -m training words_clip --steps {args.steps} --batch {args.batch} --seed {args.seed}"
    out = args.out or args.text
    if out != args.text:
        shutil.copytree(args.text, out, dirs_exist_ok=True)
    write_text_folder(clip.cpu(), out, f"{source}, on renders of synthetic heads of anny; text: MiniLM", rounded)


def fit(clip: Any, data: Captioned, args: argparse.Namespace, device: str) -> None:
    """Minimise CLIP's loss over image tower and temperature, in place.

    clip: the open_clip model, on the device.
    data: renders at the image tower's size, with captions.
    args: of the stage; its work folder keeps the checkpoint.
    device: where it is trained.
    """
    clip.requires_grad_(False)
    clip.visual.requires_grad_(True)
    clip.logit_scale.requires_grad_(True)
    clip.visual.train().to(memory_format=torch.channels_last)
    parameters = list(clip.visual.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "lr": LEARNING_RATE, "weight_decay": WEIGHT_DECAY},
        {"params": [p for p in parameters if p.ndim <= 1], "lr": LEARNING_RATE, "weight_decay": 0.0},
        {"params": [clip.logit_scale], "lr": TEMPERATURE_RATE, "weight_decay": 0.0},
    ]
    learnt = nn.ModuleDict({"visual": clip.visual})
    learnt.register_parameter("logit_scale", clip.logit_scale)
    optimiser = torch.optim.AdamW(groups, betas=BETAS)
    rows_of_training = np.flatnonzero(data.held_out == 0)
    with torch.no_grad():
        embeddings = functional.normalize(clip.text.proj(torch.from_numpy(data.states).to(device)), dim=-1)

    def loss_of_step(step: int) -> torch.Tensor:
        rng = np.random.default_rng([args.seed, step])
        rows = rng.choice(rows_of_training, args.batch, replace=False)
        pixels = augmented(torch.from_numpy(data.images[rows]), rng).to(device, memory_format=torch.channels_last)
        with mixed(device):
            images = clip.visual(pixels)
        images = functional.normalize(images.float(), dim=-1)
        captions = embeddings[rows].flatten(0, 1)
        return contrast(clip.logit_scale.exp().clamp(max=HIGHEST_LOGIT_SCALE) * images @ captions.T)

    checkpoint = Checkpoint(args.work / "clip_checkpoint.pt", every_steps=CHECKPOINT_EVERY)
    if args.fresh:
        checkpoint.path.unlink(missing_ok=True)
    schedule = Schedule(steps=args.steps, rate=cosine(min(WARMUP, args.steps // 10 + 1), LAST_RATE))
    optimise(learnt, optimiser, loss_of_step, schedule, name="contrastive", checkpoint=checkpoint)
    clip.eval()


def contrast(logits: torch.Tensor) -> torch.Tensor:
    """CLIP's symmetric cross-entropy where every image has the same number of captions.

    Each caption is to be matched with its image, and each image with every one of its captions among those of the other
    images. Text costs nothing here, its states being cached, so all captions take part at once.

    logits: (N, N K), the K captions of an image side by side.
    """
    count = len(logits)
    by_caption = logits.reshape(count, count, -1).permute(2, 0, 1)
    target = torch.arange(count, device=logits.device).expand(len(by_caption), -1)
    to_text = functional.cross_entropy(by_caption.transpose(1, 2), target)
    return (to_text + functional.cross_entropy(by_caption, target)) / 2


def resized(images: Bytes, size: int | tuple[int, int]) -> Bytes:
    """Images (N, height, width, 3) at the size that the image tower reads.

    images: (N, H, H, 3) bytes.
    size: height and width, or both in one.
    """
    height, width = (size, size) if isinstance(size, int) else size
    parts = [
        functional.interpolate(
            torch.from_numpy(part).permute(0, 3, 1, 2), (height, width), mode="bilinear", antialias=True
        )
        for part in np.array_split(images, 1 + len(images) // IMAGE_BATCH)
    ]
    return torch.cat(parts).permute(0, 2, 3, 1).contiguous().numpy()


def augmented(images: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Float pixels (N, 3, H, H) from -1 to 1: mirrored or not, a little turned, larger or smaller and shifted, brighter
    or darker, and with a tint.

    images: (N, H, H, 3) bytes.
    rng: of the draws.
    """
    pixels = images.permute(0, 3, 1, 2).float() / 127.5 - 1.0
    count = len(pixels)

    def draw(values: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(values.astype(np.float32))

    mirror, scale = draw(rng.choice([-1.0, 1.0], count)), draw(np.exp(rng.uniform(-0.1, 0.1, count)))
    turn, shift = draw(rng.normal(0, 0.06, count)), draw(rng.uniform(-0.125, 0.125, (count, 2)))
    across = torch.stack([scale * mirror * turn.cos(), -scale * turn.sin(), shift[:, 0]], dim=1)
    down = torch.stack([scale * mirror * turn.sin(), scale * turn.cos(), shift[:, 1]], dim=1)
    grid = functional.affine_grid(torch.stack([across, down], dim=1), list(pixels.shape), align_corners=False)
    pixels = functional.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
    gain, tint = draw(rng.uniform(0.85, 1.15, (count, 1, 1, 1))), draw(rng.normal(0, 0.03, (count, 3, 1, 1)))
    return ((pixels + 1) * gain - 1 + tint).clamp(-1, 1)


@torch.inference_mode()
def image_embeddings(clip: Any, images: Bytes, device: str) -> torch.Tensor:
    """Embeddings (N, D), of length 1, of renders.

    clip: the open_clip model, on the device.
    images: (N, H, H, 3) bytes.
    device: where it is.
    """
    images = resized(images, clip.visual.image_size)
    parts = []
    for start in range(0, len(images), IMAGE_BATCH):
        pixels = torch.from_numpy(images[start : start + IMAGE_BATCH]).permute(0, 3, 1, 2).float() / 127.5 - 1.0
        parts.append(functional.normalize(clip.visual(pixels.to(device)), dim=-1))
    return torch.cat(parts)


@torch.inference_mode()
def retrieval(clip: Any, data: Captioned, device: str) -> dict[str, float]:
    """Recall at 1 and at 10 among 100 held-out renders of different heads and their first captions.

    clip: the open_clip model, on the device.
    data: renders with captions.
    device: where it is.
    """
    rows = np.flatnonzero(data.held_out)
    images = image_embeddings(clip, data.images[rows], device)
    captions = functional.normalize(clip.text.proj(torch.from_numpy(data.states[rows, 0]).to(device)), dim=-1)
    to_image, to_text, to_ten = [], [], []
    rng = np.random.default_rng(0)
    for _ in range(RETRIEVAL_DRAWS):
        chosen = rng.choice(len(rows), min(RETRIEVAL_SIZE, len(rows)), replace=False)
        drawn = torch.from_numpy(chosen).to(device)
        similarity = captions[drawn] @ images[drawn].T
        target = torch.arange(len(drawn), device=device)
        to_image.append((similarity.argmax(dim=1) == target).float().mean().item())
        to_text.append((similarity.argmax(dim=0) == target).float().mean().item())
        ten = similarity.topk(min(10, len(drawn)), dim=1).indices
        to_ten.append((ten == target[:, None]).any(dim=1).float().mean().item())
    return {
        "R@1 of 100, caption to render": float(np.mean(to_image)),
        "R@1 of 100, render to caption": float(np.mean(to_text)),
        "R@10 of 100, caption to render": float(np.mean(to_ten)),
    }
