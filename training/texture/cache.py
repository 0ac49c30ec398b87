"""What the diffusion trains on, computed once: whitened latents, control features and token states of every pair."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from skimage.color import rgb2lab
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from clip_head.core.nphm import load_nphm
from clip_head.core.text import TextModel, encode_tokens
from clip_head.core.texture.albedo.canonical import Canonical
from clip_head.core.texture.painter.autoencoder import FOLD, PatchAutoencoder
from clip_head.core.texture.regions import region_weights
from clip_head.core.types import Bytes
from clip_head.core.uv import draw_uv_maps, load_layout
from clip_head.core.uv.maps import texels_on_mesh
from clip_head.core.uv.raster import interpolate
from clip_head.training.engine.autocast import mixed
from clip_head.training.texture.pairs import Pair, chart_mask, read_picture

#: Side of the cells, in pixels, in which colours are compared, and how much of that is about the eyes, the skin within
#: AROUND cells of them, which make-up colours, and the lips.
CELL, AROUND = 8, 2
EYES, LIDS, LIPS = 0.15, 0.12, 0.12


@dataclass(frozen=True)
class Cache:
    """latents (N, C, h, w) of N pairs; features (U, F, h, w) of U different control images; control (N,): which of
    these each pair has; weight (1, C, h, w): how much each latent matters, 0 outside the chart; captions: for each
    pair, the rows of its captions in tokens (M, T, D); row 0 stands for no words; sight: how latents look."""

    pairs: list[Pair]
    latents: Tensor
    features: Tensor
    control: Tensor
    weight: Tensor
    captions: list[list[int]]
    tokens: Tensor
    sight: Sight


@dataclass(frozen=True)
class Sight:
    """What a small change of a whitened latent looks like: colours (h, w, C, K) turn the C values of a latent into the
    CIE Lab of the cells of its patch, K values, in units of their spread; weight (h, w, K): how much each cell counts,
    1 in all."""

    colours: Tensor
    weight: Tensor

    def difference(self, latents: Tensor) -> Tensor:
        """(N,) how much differences of latents (N, C, h, w) are seen: a squared error, 1 for all that varies."""
        seen = torch.einsum("nchw,hwck->nhwk", latents, self.colours)
        return (seen.square() * self.weight).sum((1, 2, 3))

    def to(self, device: str) -> Sight:
        """On another device."""
        return Sight(self.colours.to(device), self.weight.to(device))


def read_pictures(paths: list[Path], read: Callable[[Path], Bytes] = read_picture) -> Tensor:
    """Bytes (N, 3, H, W)."""
    return torch.from_numpy(np.stack([read(path) for path in paths])).permute(0, 3, 1, 2).contiguous()


def different_controls(pairs: list[Pair]) -> tuple[dict[str, Path], Tensor]:
    """Heads are coloured several times: the different control images by their checksum, and which each pair has."""
    sums = [hashlib.sha256(pair.control.read_bytes()).hexdigest() for pair in pairs]
    controls = {checksum: pair.control for checksum, pair in zip(sums, pairs, strict=True)}
    order = {checksum: row for row, checksum in enumerate(controls)}
    return controls, torch.tensor([order[checksum] for checksum in sums])


def remembered(
    path: Path,
    pictures: dict[str, Path],
    encode: Callable[[Tensor], Tensor],
    read: Callable[[Path], Bytes] = read_picture,
) -> Tensor:
    """What `encode` makes of each named picture, as float16: read from `path` where it has the name, else added."""
    known = load_file(path) if path.is_file() else {}
    missing = [name for name in pictures if name not in known]
    for start in tqdm(range(0, len(missing), 8), desc=path.stem, mininterval=10):
        part = missing[start : start + 8]
        encoded = encode(read_pictures([pictures[name] for name in part], read)).half()
        known |= {name: code.contiguous().clone() for name, code in zip(part, encoded, strict=True)}
    if missing:
        save_file(known, path)
    return torch.stack([known[name] for name in pictures])


@torch.inference_mode()
def encode_albedos(vae: PatchAutoencoder, albedo: Tensor) -> Tensor:
    """Latents (N, C, h, w) of albedo maps (N, 3, H, W) bytes, before whitening."""
    device = vae.latent_mean.device
    images = (albedo.to(device).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
    with mixed(device.type):
        codes = vae.encoder(images).chunk(2, dim=1)[0]
    return F.pixel_unshuffle(codes.float(), FOLD).cpu()


def set_statistics(vae: PatchAutoencoder, latents: Tensor) -> None:
    """Whiten by the mean and spread at every place of the layout, softened over the neighbours. Where nothing ever
    changes, outside the chart, the spread has a floor."""
    mean, spread = latents.float().mean(0), latents.float().var(0)
    blurred = F.avg_pool2d(F.pad(spread[None], (1, 1, 1, 1), mode="replicate"), 3, stride=1)[0].sqrt()
    vae.latent_mean.copy_(mean)
    vae.latent_std.copy_(blurred.clamp(min=0.25 * float(blurred.mean())))


def set_noise(vae: PatchAutoencoder, white: Tensor) -> None:
    """Give the autoencoder the noise that has the whitened latents' covariance: noise_rank directions, rest apart."""
    flat = white.flatten(1) - white.flatten(1).mean(0)
    torch.manual_seed(0)
    rank = min(vae.config.noise_rank, *flat.shape)
    _, spread, directions = torch.svd_lowrank(flat, rank, niter=2)
    basis = (directions * spread).T / len(flat) ** 0.5
    vae.noise_basis[:rank] = basis.reshape(rank, *white.shape[1:])
    vae.noise_rest.copy_((flat.var(0) - basis.square().sum(0)).clamp(min=0.01).sqrt().reshape(white.shape[1:]))


def whiten(vae: PatchAutoencoder, latents: Tensor) -> Tensor:
    """The latents (N, C, h, w) as float32, less the mean of their place, over its spread."""
    return (latents.float() - vae.latent_mean.cpu()) / vae.latent_std.cpu()


def control_batch(control: Tensor) -> Tensor:
    """Bytes to what the ControlNet sees: [0, 1]."""
    return control.float() / 255


def softened(control: Tensor, generator: np.random.Generator) -> Tensor:
    """Control images (N, 3, H, W) as another surface of the same head would give them: half are blurred or have their
    detail doubled, as decoded surfaces are softer or rougher than the teacher's."""
    if generator.random() < 0.5:
        return control
    radius = int(generator.integers(1, 4))
    blurred = F.avg_pool2d(control, 2 * radius + 1, stride=1, padding=radius, count_include_pad=False)
    share = generator.uniform(-0.5, 1)
    return (control + share * (blurred - control)).clamp(0, 1)


@torch.inference_mode()
def encode_controls(trunk: Any, control: Tensor) -> Tensor:
    """Features (N, F, h, w) of control images (N, 3, H, W) bytes."""
    device = next(trunk.parameters()).device
    images = control_batch(control.to(device)).contiguous(memory_format=torch.channels_last)
    with mixed(device.type):
        return trunk_features(trunk, images).float().cpu()


def trunk_features(embedding: Any, image: Tensor) -> Tensor:
    """diffusers' ControlNetConditioningEmbedding without its last convolution."""
    features = F.silu(embedding.conv_in(image))
    for block in embedding.blocks:
        features = F.silu(block(features))
    return features


@torch.no_grad()
def balance(embedding: Any, images: Tensor) -> None:
    """Scale the embedding's convolutions so that every channel has mean 0 and spread 1 on these images: its narrow
    layers, as they are drawn, damp the control image to nothing."""
    x = images
    for convolution in [embedding.conv_in, *embedding.blocks]:
        out = convolution(x)
        mean, spread = out.mean((0, 2, 3)), out.std((0, 2, 3)).clamp(min=1e-6)
        convolution.weight /= spread[:, None, None, None]
        convolution.bias.sub_(mean).div_(spread)
        x = F.silu(convolution(x))


@torch.inference_mode()
def small_labs(albedo: Tensor) -> Tensor:
    """(N, 3, H / CELL, W / CELL) mean CIE Lab of the cells of albedo maps (N, 3, H, W) bytes."""
    cells = F.avg_pool2d(albedo.float() / 255, CELL).permute(0, 2, 3, 1).numpy()
    return torch.from_numpy(np.asarray(rgb2lab(cells), np.float32)).permute(0, 3, 1, 2)


def fit_sight(latents: Tensor, labs: Tensor, weight: Tensor) -> Sight:
    """Read the cells' colours off the latents (N, C, h, w) by least squares, place by place.

    labs (N, 3, H, W), weight (H, W): how much each cell counts."""
    count, width, h, w = latents.shape
    cells = labs.shape[-1] // w
    told = F.pixel_unshuffle(labs.float() - labs.float().mean(0), cells).permute(2, 3, 0, 1).reshape(h * w, count, -1)
    known = latents.permute(2, 3, 0, 1).reshape(h * w, count, width)
    known = known - known.mean(1, keepdim=True)
    squared = known.mT @ known + 1e-3 * count * torch.eye(width)
    colours = torch.linalg.solve(squared, known.mT @ told)
    counts = F.pixel_unshuffle((weight / 3).expand(1, 3, *weight.shape), cells).permute(0, 2, 3, 1)[0]
    counts = counts / counts.sum()
    spread = (told.square().mean(1).reshape(h, w, -1) * counts).sum().sqrt()
    return Sight((colours / spread).reshape(h, w, width, -1), counts)


def region_share(canonical: Canonical, nphm: Path, size: int) -> Tensor:
    """(size, size) how much each cell counts, 1 in all: most is skin and hair, but the eyes, the lids and the
    lips, small as they are, count as EYES, LIDS and LIPS say."""
    network = load_nphm(nphm).network
    found = region_weights(network, canonical.points, canonical.mesh)
    maps = draw_uv_maps(canonical.mesh, size * CELL)
    image = np.zeros((3, *maps.mask.shape), np.float32)
    weights = np.stack([np.ones_like(found.eyes), found.eyes, found.lips], axis=1)
    drawn = interpolate(weights, canonical.mesh.faces, *texels_on_mesh(canonical.mesh, maps))
    image[:, maps.mask] = drawn[maps.mask].T
    chart, eyes, lips = F.avg_pool2d(torch.from_numpy(image), CELL)
    lids = F.max_pool2d(eyes[None], 2 * AROUND + 1, 1, AROUND)[0] - eyes
    rest = (1 - EYES - LIDS - LIPS) * chart / chart.sum()
    return rest + EYES * eyes / eyes.sum() + LIDS * lids / lids.sum() + LIPS * lips / lips.sum()


def chart_weight(size: int, stride: int) -> Tensor:
    """(1, 1, h, w): the share of each latent's patch that lies in the chart."""
    return F.avg_pool2d(torch.from_numpy(chart_mask(size)).float()[None, None], stride)


def face_weight(side: int) -> Tensor:
    """(side, side): 3 at the middle of the layout's lens, falling to 1 beyond the face; 1 where it has none."""
    lens = load_layout().lens
    if lens is None:
        return torch.ones(side, side)
    places = (torch.arange(side) + 0.5) / side
    squared = (places - lens.u).square()[None] + (1 - places - lens.v).square()[:, None]
    return 1 + 2 * torch.exp(-squared / (2 * 0.17**2))


def encode_captions(path: Path, text: TextModel, pairs: list[Pair]) -> tuple[list[list[int]], Tensor]:
    """Rows of each pair's captions, and the token states (M, T, D) float16; row 0 is the empty caption. What `path`
    has is read from there, the rest added."""
    rows: dict[str, int] = {"": 0}
    captions = [[rows.setdefault(caption, len(rows)) for caption in pair.captions] for pair in pairs]
    known = load_file(path) if path.is_file() else {}
    missing = [f"text: {caption}" for caption in rows if f"text: {caption}" not in known]
    for start in tqdm(range(0, len(missing), 64), desc="captions", mininterval=10):
        part = missing[start : start + 64]
        states = torch.from_numpy(encode_tokens(text, [name.removeprefix("text: ") for name in part])).half()
        known |= {name: state.clone() for name, state in zip(part, states, strict=True)}
    if missing:
        save_file(known, path)
    return captions, torch.stack([known[f"text: {caption}"] for caption in rows])
