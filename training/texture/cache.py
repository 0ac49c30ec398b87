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

#: Side of the cells in which colours are compared, pixels.
CELL = 8
#: Number of cells around the eyes that count as lids, which make-up colours.
LID_REACH = 2
#: Weights of eyes, lids and lips in the comparison, where all of the picture is 1: by their area they would hardly
#: count, and the words name them often.
EYES_WEIGHT, LIDS_WEIGHT, LIPS_WEIGHT = 0.15, 0.12, 0.12
#: Pictures in a pass of a network, and captions; they bound the memory.
PICTURE_BATCH, CAPTION_BATCH = 8, 64
#: Standard deviation of latents, relative to its mean over the layout, that whitening divides by at least: outside the
#: chart nothing ever changes.
SPREAD_FLOOR = 0.25
#: Variance of the independent part of the noise at least, that of whitened latents being 1.
REST_FLOOR = 0.01
#: Ridge of the colour probe for each example; whitened latents have variance 1.
PROBE_RIDGE = 1e-3
#: Added weight of the middle of the face in the latents' loss, and the standard deviation of its fall, in widths of the
#: picture.
FACE_WEIGHT, FACE_WIDTH = 2.0, 0.17


@dataclass(frozen=True)
class Cache:
    """All that the diffusion trains on.

    pairs: N of them.
    latents: (N, C, h, w), whitened.
    features: (U, F, h, w) of U different control images.
    control: (N,) which of these each pair has.
    weight: (1, C, h, w) of each latent in the loss, 0 outside the chart.
    captions: for each pair, the rows of its captions in tokens.
    tokens: (M, T, D) token states; row 0 is the empty caption.
    probe: reads colours off latents.
    """

    pairs: list[Pair]
    latents: Tensor
    features: Tensor
    control: Tensor
    weight: Tensor
    captions: list[list[int]]
    tokens: Tensor
    probe: ColourProbe


@dataclass(frozen=True)
class ColourProbe:
    """A linear probe from whitened latents to the colours of the picture.

    colours: (h, w, C, K) from the C values of a latent to the K values of CIE Lab of the cells of its patch, in units
        of their standard deviation.
    weight: (h, w, K) of each of these in the loss; they sum to 1.
    """

    colours: Tensor
    weight: Tensor

    def squared_error(self, latents: Tensor) -> Tensor:
        """(N,) weighted squared differences of colours; 1 for differences as large as the pictures have.

        latents: (N, C, h, w) differences of whitened latents.
        """
        labs = torch.einsum("nchw,hwck->nhwk", latents, self.colours)
        return (labs.square() * self.weight).sum((1, 2, 3))

    def to(self, device: str) -> ColourProbe:
        """The probe on another device.

        device: torch's name of it.
        """
        return ColourProbe(self.colours.to(device), self.weight.to(device))


def read_pictures(paths: list[Path], read: Callable[[Path], Bytes] = read_picture) -> Tensor:
    """Bytes (N, 3, H, W) of pictures of one size.

    paths: N files.
    read: reads one picture (H, W, 3).
    """
    return torch.from_numpy(np.stack([read(path) for path in paths])).permute(0, 3, 1, 2).contiguous()


def different_controls(pairs: list[Pair]) -> tuple[dict[str, Path], Tensor]:
    """The U different control images, since heads are coloured several times: checksum -> file; and the index (N,) of
    the one that each pair has.

    pairs: N of them.
    """
    sums = [hashlib.sha256(pair.control.read_bytes()).hexdigest() for pair in pairs]
    controls = {checksum: pair.control for checksum, pair in zip(sums, pairs, strict=True)}
    order = {checksum: row for row, checksum in enumerate(controls)}
    return controls, torch.tensor([order[checksum] for checksum in sums])


def cached_encodings(
    path: Path,
    pictures: dict[str, Path],
    encode: Callable[[Tensor], Tensor],
    read: Callable[[Path], Bytes] = read_picture,
) -> Tensor:
    """Encodings (N, ...) of pictures, as float16, kept in a file to which only what it lacks is added.

    path: of the file.
    pictures: name -> file of the picture.
    encode: pictures (N, 3, H, W) bytes -> their encodings.
    read: reads one picture.
    """
    stored = load_file(path) if path.is_file() else {}
    missing = [name for name in pictures if name not in stored]
    for start in tqdm(range(0, len(missing), PICTURE_BATCH), desc=path.stem, mininterval=10):
        part = missing[start : start + PICTURE_BATCH]
        encoded = encode(read_pictures([pictures[name] for name in part], read)).half()
        stored |= {name: code.contiguous().clone() for name, code in zip(part, encoded, strict=True)}
    if missing:
        save_file(stored, path)
    return torch.stack([stored[name] for name in pictures])


@torch.inference_mode()
def encode_albedos(vae: PatchAutoencoder, albedo: Tensor) -> Tensor:
    """Latents (N, C, h, w) of albedo maps, before whitening.

    vae: the autoencoder.
    albedo: (N, 3, H, W) bytes.
    """
    device = vae.latent_mean.device
    images = (albedo.to(device).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
    with mixed(device.type):
        codes = vae.encoder(images).chunk(2, dim=1)[0]
    return F.pixel_unshuffle(codes.float(), FOLD).cpu()


def set_statistics(vae: PatchAutoencoder, latents: Tensor) -> None:
    """Give the autoencoder the mean and standard deviation of the latents at every place of the layout, the variance
    averaged over 3 x 3 places.

    vae: changed in place.
    latents: (N, C, h, w) before whitening.
    """
    mean, variance = latents.float().mean(0), latents.float().var(0)
    deviation = F.avg_pool2d(F.pad(variance[None], (1, 1, 1, 1), mode="replicate"), 3, stride=1)[0].sqrt()
    vae.latent_mean.copy_(mean)
    vae.latent_std.copy_(deviation.clamp(min=SPREAD_FLOOR * float(deviation.mean())))


def set_noise(vae: PatchAutoencoder, white: Tensor) -> None:
    """Give the autoencoder noise with about the covariance of whitened latents: its first noise_rank principal
    components, and independent noise for the variance that these leave over.

    vae: changed in place.
    white: (N, C, h, w) whitened latents.
    """
    flat = white.flatten(1) - white.flatten(1).mean(0)
    torch.manual_seed(0)
    rank = min(vae.config.noise_rank, *flat.shape)
    _, spread, directions = torch.svd_lowrank(flat, rank, niter=2)
    basis = (directions * spread).T / len(flat) ** 0.5
    vae.noise_basis[:rank] = basis.reshape(rank, *white.shape[1:])
    vae.noise_rest.copy_((flat.var(0) - basis.square().sum(0)).clamp(min=REST_FLOOR).sqrt().reshape(white.shape[1:]))


def whiten(vae: PatchAutoencoder, latents: Tensor) -> Tensor:
    """Whitened latents (N, C, h, w), float32: less the mean at their place, divided by its standard deviation.

    vae: the autoencoder, with its latents' statistics.
    latents: (N, C, h, w) before whitening.
    """
    return (latents.float() - vae.latent_mean.cpu()) / vae.latent_std.cpu()


def control_batch(control: Tensor) -> Tensor:
    """Control images as the ControlNet reads them, in [0, 1].

    control: (N, 3, H, W) bytes.
    """
    return control.float() / 255


def blurred_or_sharpened(control: Tensor, generator: np.random.Generator) -> Tensor:
    """Control images as another surface of the same head would give them: decoded surfaces are smoother or rougher than
    the teacher's. Half of the calls change nothing.

    control: (N, 3, H, W) in [0, 1].
    generator: of the draws.
    """
    if generator.random() < 0.5:
        return control
    radius = int(generator.integers(1, 4))
    blurred = F.avg_pool2d(control, 2 * radius + 1, stride=1, padding=radius, count_include_pad=False)
    amount = generator.uniform(-0.5, 1)
    return (control + amount * (blurred - control)).clamp(0, 1)


@torch.inference_mode()
def encode_controls(embedding: Any, control: Tensor) -> Tensor:
    """Features (N, F, h, w) of control images (N, 3, H, W) bytes.

    embedding: diffusers' ControlNetConditioningEmbedding.
    """
    device = next(embedding.parameters()).device
    images = control_batch(control.to(device)).contiguous(memory_format=torch.channels_last)
    with mixed(device.type):
        return control_features(embedding, images).float().cpu()


def control_features(embedding: Any, image: Tensor) -> Tensor:
    """Features (N, F, h, w) of diffusers' ControlNetConditioningEmbedding before its last convolution.

    embedding: the ControlNetConditioningEmbedding.
    image: (N, 3, H, W) in [0, 1].
    """
    features = F.silu(embedding.conv_in(image))
    for block in embedding.blocks:
        features = F.silu(block(features))
    return features


@torch.no_grad()
def layer_sequential_init(embedding: Any, images: Tensor) -> None:
    """Scale the convolutions of a control image's embedding, one after the other, so that every channel has mean 0 and
    variance 1 (Mishkin and Matas, All you need is a good init, 2016): as they are drawn, its narrow layers damp the
    control image to nothing.

    embedding: the ControlNetConditioningEmbedding, changed in place.
    images: (N, 3, H, W) in [0, 1].
    """
    features = images
    for convolution in [embedding.conv_in, *embedding.blocks]:
        output = convolution(features)
        mean, deviation = output.mean((0, 2, 3)), output.std((0, 2, 3)).clamp(min=1e-6)
        convolution.weight /= deviation[:, None, None, None]
        convolution.bias.sub_(mean).div_(deviation)
        features = F.silu(convolution(features))


@torch.inference_mode()
def small_labs(albedo: Tensor) -> Tensor:
    """(N, 3, H / CELL, W / CELL) mean CIE Lab of the cells of albedo maps.

    albedo: (N, 3, H, W) bytes.
    """
    cells = F.avg_pool2d(albedo.float() / 255, CELL).permute(0, 2, 3, 1).numpy()
    return torch.from_numpy(np.asarray(rgb2lab(cells), np.float32)).permute(0, 3, 1, 2)


def fit_colour_probe(latents: Tensor, labs: Tensor, weight: Tensor) -> ColourProbe:
    """The linear probe of the cells' colours, by ridge regression, place by place.

    latents: (N, C, h, w), whitened.
    labs: (N, 3, H, W) mean CIE Lab of the cells.
    weight: (H, W) of each cell.
    """
    count, width, h, w = latents.shape
    cells = labs.shape[-1] // w
    target = F.pixel_unshuffle(labs.float() - labs.float().mean(0), cells)
    target = target.permute(2, 3, 0, 1).reshape(h * w, count, -1)
    design = latents.permute(2, 3, 0, 1).reshape(h * w, count, width)
    design = design - design.mean(1, keepdim=True)
    moments = design.mT @ design + PROBE_RIDGE * count * torch.eye(width)
    colours = torch.linalg.solve(moments, design.mT @ target)
    counts = F.pixel_unshuffle((weight / 3).expand(1, 3, *weight.shape), cells).permute(0, 2, 3, 1)[0]
    counts = counts / counts.sum()
    spread = (target.square().mean(1).reshape(h, w, -1) * counts).sum().sqrt()
    return ColourProbe((colours / spread).reshape(h, w, width, -1), counts)


def cell_weights(canonical: Canonical, nphm: Path, size: int) -> Tensor:
    """(size, size) weights of the cells in the comparison of colours, which sum to 1: EYES_WEIGHT of it for the eyes,
    LIDS_WEIGHT and LIPS_WEIGHT for lids and lips, the rest evenly over the chart.

    canonical: the head in whose UV pictures are painted.
    nphm: folder of the NPHM, which has the regions.
    size: cells along a side of the picture.
    """
    network = load_nphm(nphm).network
    regions = region_weights(network, canonical.points, canonical.mesh)
    maps = draw_uv_maps(canonical.mesh, size * CELL)
    image = np.zeros((3, *maps.mask.shape), np.float32)
    weights = np.stack([np.ones_like(regions.eyes), regions.eyes, regions.lips], axis=1)
    drawn = interpolate(weights, canonical.mesh.faces, *texels_on_mesh(canonical.mesh, maps))
    image[:, maps.mask] = drawn[maps.mask].T
    chart, eyes, lips = F.avg_pool2d(torch.from_numpy(image), CELL)
    lids = F.max_pool2d(eyes[None], 2 * LID_REACH + 1, 1, LID_REACH)[0] - eyes
    rest = (1 - EYES_WEIGHT - LIDS_WEIGHT - LIPS_WEIGHT) * chart / chart.sum()
    return rest + EYES_WEIGHT * eyes / eyes.sum() + LIDS_WEIGHT * lids / lids.sum() + LIPS_WEIGHT * lips / lips.sum()


def chart_weight(size: int, stride: int) -> Tensor:
    """(1, 1, h, w) fraction of each latent's patch that lies in the chart.

    size: side of the picture, pixels.
    stride: side of a patch, pixels.
    """
    return F.avg_pool2d(torch.from_numpy(chart_mask(size)).float()[None, None], stride)


def face_weight(side: int) -> Tensor:
    """(side, side) weights of latents: 1 + FACE_WEIGHT at the middle of the layout's lens, falling to 1 beyond the
    face; all 1 where the layout has no lens.

    side: number of latents along a side.
    """
    lens = load_layout().lens
    if lens is None:
        return torch.ones(side, side)
    places = (torch.arange(side) + 0.5) / side
    squared = (places - lens.u).square()[None] + (1 - places - lens.v).square()[:, None]
    return 1 + FACE_WEIGHT * torch.exp(-squared / (2 * FACE_WIDTH**2))


def encode_captions(path: Path, text: TextModel, pairs: list[Pair]) -> tuple[list[list[int]], Tensor]:
    """Rows of each pair's captions, and the token states (M, T, D) as float16; row 0 is the empty caption.

    path: file that keeps the states, to which only what it lacks is added.
    text: the text model.
    pairs: with the captions.
    """
    rows: dict[str, int] = {"": 0}
    captions = [[rows.setdefault(caption, len(rows)) for caption in pair.captions] for pair in pairs]
    stored = load_file(path) if path.is_file() else {}
    missing = [f"text: {caption}" for caption in rows if f"text: {caption}" not in stored]
    for start in tqdm(range(0, len(missing), CAPTION_BATCH), desc="captions", mininterval=10):
        part = missing[start : start + CAPTION_BATCH]
        states = torch.from_numpy(encode_tokens(text, [name.removeprefix("text: ") for name in part])).half()
        stored |= {name: state.clone() for name, state in zip(part, states, strict=True)}
    if missing:
        save_file(stored, path)
    return captions, torch.stack([stored[f"text: {caption}"] for caption in rows])
