"""Contrastive training of the embedded open_clip model on renders of teacher heads and their captions.

    python -m training words_clip --text FOLDER --steps 3000

The text tower stays as it is (its states are computed once), so that mapping and painter, which read it too, need not
be trained again; what is trained is the image tower and the temperature, with the symmetric cross-entropy of CLIP over
all captions of each render. Goes on from its last checkpoint. Prints the share of captions of held-out heads, none of
which was trained on, that find their render among 100 (R@1), and writes it into the folder's model.json.
"""

from __future__ import annotations

import argparse
import math
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from tqdm import trange

from clip_head.core.models import EMBEDDED
from clip_head.core.text import load_text_model
from clip_head.core.types import Bytes, Floats, Ints
from clip_head.training.engine.autocast import mixed
from clip_head.training.text.embeddings import cached_states
from clip_head.training.text.initialise import write_text_folder

RATE = 2e-3


@dataclass(frozen=True)
class Captioned:
    """Renders (N, H, H, 3), the pooled states (N, K, C) of their captions, and which are held out (N,)."""

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
    """Train, evaluate, and write the folder of the model."""
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = load_text_model(args.text)
    clip: Any = model.clip
    with np.load(args.renders) as arrays:
        captions = arrays["captions"]
        states = cached_states(args.work / "captions.npz", model, captions.ravel().tolist(), device)
        # Short captions may be said of a held-out head and of one that is trained on: these are not asked.
        new = (arrays["held_out"] == 0) | ~np.isin(captions[:, 0], captions[arrays["held_out"] == 0])
        states = states.reshape(*captions.shape, -1)[new]
        data = Captioned(arrays["images"][new], states, arrays["held_out"][new])
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
    """Minimise CLIP's loss over image tower and temperature; checkpoints in args.work."""
    clip.requires_grad_(False)
    clip.visual.requires_grad_(True)
    clip.logit_scale.requires_grad_(True)
    clip.visual.train().to(memory_format=torch.channels_last)
    parameters = list(clip.visual.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "lr": RATE, "weight_decay": 0.05},
        {"params": [p for p in parameters if p.ndim <= 1], "lr": RATE, "weight_decay": 0.0},
        {"params": [clip.logit_scale], "lr": 1e-2, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98))
    warm = min(100, args.steps // 10 + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min(1.0, (step + 1) / warm) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / args.steps))),
    )
    checkpoint = args.work / "clip_checkpoint.pt"
    first = 0
    if checkpoint.is_file() and not args.fresh:
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        clip.visual.load_state_dict(state["visual"])
        clip.logit_scale.data.fill_(state["logit_scale"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = state["step"]
    shown = np.flatnonzero(data.held_out == 0)
    with torch.no_grad():
        embeddings = functional.normalize(clip.text.proj(torch.from_numpy(data.states).to(device)), dim=-1)
    bar = trange(first, args.steps, desc="contrastive", mininterval=10)
    for step in bar:
        rng = np.random.default_rng([args.seed, step])
        rows = rng.choice(shown, args.batch, replace=False)
        pixels = augmented(torch.from_numpy(data.images[rows]), rng).to(device, memory_format=torch.channels_last)
        with mixed(device):
            seen = clip.visual(pixels)
        seen = functional.normalize(seen.float(), dim=-1)
        said = embeddings[rows].flatten(0, 1)
        loss = contrast(clip.logit_scale.exp().clamp(max=100) * seen @ said.T)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 20 == 0:
            bar.set_postfix(loss=f"{loss.item():.3f}")
        if (step + 1) % 100 == 0 or step + 1 == args.steps:
            state = {"visual": clip.visual.state_dict(), "logit_scale": clip.logit_scale.item(), "step": step + 1}
            state["optimiser"] = optimiser.state_dict()
            torch.save(state | {"schedule": schedule.state_dict()}, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").replace(checkpoint)
    clip.eval()


def contrast(logits: torch.Tensor) -> torch.Tensor:
    """CLIP's symmetric cross-entropy where every image has the same number of captions: (N, N K) logits, the captions
    of an image side by side. Each caption must find its image, and each image every one of its captions among those of
    the others; text costs nothing here, so all are asked at once.
    """
    count = len(logits)
    by_caption = logits.reshape(count, count, -1).permute(2, 0, 1)
    right = torch.arange(count, device=logits.device).expand(len(by_caption), -1)
    to_text = functional.cross_entropy(by_caption.transpose(1, 2), right)
    return (to_text + functional.cross_entropy(by_caption, right)) / 2


def resized(images: Bytes, size: int | tuple[int, int]) -> Bytes:
    """The images (N, H, H, 3) at the size that the image tower looks at."""
    height, width = (size, size) if isinstance(size, int) else size
    parts = [
        functional.interpolate(
            torch.from_numpy(part).permute(0, 3, 1, 2), (height, width), mode="bilinear", antialias=True
        )
        for part in np.array_split(images, 1 + len(images) // 256)
    ]
    return torch.cat(parts).permute(0, 2, 3, 1).contiguous().numpy()


def augmented(images: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Float pixels (N, 3, H, H) from -1 to 1: mirrored or not, a little turned, larger or smaller and shifted, brighter
    or darker, and with a tint."""
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
    """Embeddings (N, D), of length 1, of renders."""
    images = resized(images, clip.visual.image_size)
    parts = []
    for start in range(0, len(images), 256):
        pixels = torch.from_numpy(images[start : start + 256]).permute(0, 3, 1, 2).float() / 127.5 - 1.0
        parts.append(functional.normalize(clip.visual(pixels.to(device)), dim=-1))
    return torch.cat(parts)


@torch.inference_mode()
def retrieval(clip: Any, data: Captioned, device: str) -> dict[str, float]:
    """Among 100 held-out renders of different heads: how often caption and render find each other first."""
    rows = np.flatnonzero(data.held_out)
    seen = image_embeddings(clip, data.images[rows], device)
    said = functional.normalize(clip.text.proj(torch.from_numpy(data.states[rows, 0]).to(device)), dim=-1)
    to_image, to_text, to_ten = [], [], []
    rng = np.random.default_rng(0)
    for _ in range(20):
        some = torch.from_numpy(rng.choice(len(rows), min(100, len(rows)), replace=False)).to(device)
        likeness = said[some] @ seen[some].T
        right = torch.arange(len(some), device=device)
        to_image.append((likeness.argmax(dim=1) == right).float().mean().item())
        to_text.append((likeness.argmax(dim=0) == right).float().mean().item())
        to_ten.append((likeness.topk(10, dim=1).indices == right[:, None]).any(dim=1).float().mean().item())
    return {
        "R@1 of 100, caption to render": float(np.mean(to_image)),
        "R@1 of 100, render to caption": float(np.mean(to_text)),
        "R@10 of 100, caption to render": float(np.mean(to_ten)),
    }
