"""Pictures to train the texture autoencoder on: crops of baked albedo maps, and of the teacher's skins and irises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from clip_head.core.types import Bytes

#: The head's chart in MakeHuman's skins of 2048 pixels: rows, columns.
HEAD_CHART = (slice(340, 1760), slice(1304, 2048))


@dataclass(frozen=True)
class Stock:
    """Pictures (H, W, 3) uint8 to cut from.

    charts: at each scale, pictures of one size, one for each skin, so that two skins can be mixed texel by texel.
    irises: of the assets.
    baked: albedo maps.
    """

    charts: tuple[list[Bytes], ...]
    irises: list[Bytes]
    baked: list[Bytes]


def load_stock(assets: Path, baked: list[Bytes]) -> Stock:
    """Read skins and irises, at about the scales that they have in an albedo map of 512 pixels.

    assets: folder of the MakeHuman assets.
    baked: albedo maps (H, W, 3).

    Raises SystemExit where there are no skins.
    """
    skins = [Image.open(path).convert("RGB") for path in sorted((assets / "skins").glob("*.png"))]
    if not skins:
        raise SystemExit(f"There are no skins in {assets / 'skins'}: --assets must name the MakeHuman assets folder.")
    charts = tuple(
        [np.asarray(skin.resize((2048 // k, 2048 // k), Image.Resampling.BOX))[_scaled(k)].copy() for skin in skins]
        for k in (2, 3, 4)
    )
    irises = [
        np.asarray(Image.open(path).convert("RGB").resize((256, 256), Image.Resampling.BOX))
        for path in sorted((assets / "eyes" / "materials").glob("*.png"))
    ]
    return Stock(charts, irises, baked)


def random_crops(stock: Stock, generator: np.random.Generator, count: int, size: int, baked: float) -> Tensor:
    """Crops (count, 3, size, size) in [-1, 1].

    stock: to cut from.
    generator: of the draws.
    count: N.
    size: side of a crop, pixels.
    baked: expected fraction from baked maps, where there are any.
    """
    crops = [
        _baked_crop(stock, generator, size)
        if stock.baked and generator.random() < baked
        else _painted_crop(stock, generator, size)
        for _ in range(count)
    ]
    batch = torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2)
    return batch.mul(2).sub(1).contiguous(memory_format=torch.channels_last)


def _scaled(k: int) -> tuple[slice, slice]:
    """HEAD_CHART in skins that are k times smaller."""
    rows, columns = HEAD_CHART
    return slice(rows.start // k, rows.stop // k), slice(columns.start // k, columns.stop // k)


def _baked_crop(stock: Stock, generator: np.random.Generator, size: int) -> np.ndarray:
    """(size, size, 3), 0 to 1, of a baked map. Most crops lie around its middle, where eyes and lips are; some are
    recoloured."""
    picture = stock.baked[generator.integers(len(stock.baked))]
    height, width = picture.shape[:2]
    free = np.array([height - size, width - size])
    corner = generator.uniform(0, 1, 2) if generator.random() < 0.3 else generator.normal((0.42, 0.5), 0.17).clip(0, 1)
    row, column = (corner * free).round().astype(int)
    crop = picture[row : row + size, column : column + size].astype(np.float32) / 255
    return _recolour(crop, generator) if generator.random() < 0.3 else crop


def _painted_crop(stock: Stock, generator: np.random.Generator, size: int) -> np.ndarray:
    """A stand-in for a baked map: a mixture of two skins, or an iris, with hair, make-up and other colours."""
    if generator.random() < 0.15:
        crop = _window(stock.irises[generator.integers(len(stock.irises))], generator, size)
    else:
        charts = stock.charts[generator.integers(len(stock.charts))]
        first, second = generator.integers(len(charts), size=2)
        weight = np.float32(generator.random())
        mixed = charts[first] * weight + charts[second] * (1 - weight)
        crop = _window(mixed, generator, size)
    crop = crop / np.float32(255)
    crop = np.rot90(crop, generator.integers(4))
    if generator.random() < 0.7:
        crop = _recolour(crop, generator)
    if generator.random() < 0.35:
        crop = _blend(crop, _hair(generator, size), _blob(generator, size))
    if generator.random() < 0.3:
        crop = _blend(crop, _blend(crop, generator.random(3, np.float32), 0.7), _blob(generator, size))
    return np.ascontiguousarray(crop, dtype=np.float32)


def _window(picture: np.ndarray, generator: np.random.Generator, size: int) -> np.ndarray:
    """(size, size, 3) of a picture, at a random place, 0 to 255."""
    row, column = (generator.integers(n - size + 1) for n in picture.shape[:2])
    return picture[row : row + size, column : column + size].astype(np.float32)


def _recolour(crop: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """A crop, 0 to 1, with another brightness, tint and contrast, drawn at random."""
    gain = generator.uniform(0.6, 1.3) * generator.uniform(0.8, 1.2, 3)
    contrast = generator.uniform(0.8, 1.25)
    mean = crop.mean((0, 1))
    return ((crop - mean) * contrast + mean * gain).clip(0, 1).astype(np.float32)


def _hair(generator: np.random.Generator, size: int) -> np.ndarray:
    """Strands: noise stretched along one direction, in one colour."""
    noise = generator.standard_normal((size, size)).astype(np.float32)
    along, across = generator.uniform(0.01, 0.06), generator.uniform(0.15, 0.5)
    angle = generator.uniform(0, np.pi)
    fy, fx = np.meshgrid(np.fft.fftfreq(size), np.fft.rfftfreq(size), indexing="ij")
    u, v = fx * np.cos(angle) + fy * np.sin(angle), fy * np.cos(angle) - fx * np.sin(angle)
    strands = np.fft.irfft2(np.fft.rfft2(noise) * np.exp(-((u / along) ** 2 + (v / across) ** 2)), (size, size))
    strands = strands / (strands.std() + 1e-6) * generator.uniform(0.03, 0.15)
    colour = generator.random(3) ** 1.5
    return (colour * (1 + strands[..., None]) + strands[..., None] * 0.2).clip(0, 1).astype(np.float32)


def _blob(generator: np.random.Generator, size: int) -> np.ndarray:
    """(size, size, 1) a smooth random region, 0 to 1, with an edge of a random softness."""
    coarse = torch.from_numpy(generator.standard_normal((1, 1, *generator.integers(2, 7, 2))).astype(np.float32))
    smooth = torch.nn.functional.interpolate(coarse, (size, size), mode="bicubic")[0, 0].numpy()
    sharpness = np.exp(generator.uniform(0, 3.5))
    height = smooth[..., None] - generator.uniform(-0.5, 0.8)
    return 0.5 + 0.5 * np.tanh(0.5 * sharpness * height)


def _blend(below: np.ndarray, above: np.ndarray, alpha: np.ndarray | float) -> np.ndarray:
    """One picture over another, alpha being the opacity of the upper one."""
    return below * (1 - alpha) + above * alpha
