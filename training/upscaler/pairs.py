"""Pairs for the upscaler: windows of one colouring of one teacher head, baked in the canonical UV at both sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clip_head.core.texture.albedo.canonical import load_canonical
from clip_head.core.types import Bytes
from clip_head.training.skins.assets import SkinAssets, load_assets
from clip_head.training.skins.bake import HELD_OUT, BakeTarget, bake_albedo
from clip_head.training.skins.locate import SurfacePoints
from clip_head.training.teacher.appearance import Appearance, sample_appearance
from clip_head.training.teacher.dataset import load_teacher, train_indices

#: Sides, pixels, of what the painter paints and of what the upscaler makes of it.
SMALL, LARGE = 512, 1024
#: Window of the small picture from brows to chin, which every colouring is baked in: first row, first column, height,
#: width, pixels.
FACE = (128, 144, 224, 224)
#: Windows of ears, jaw, throat and hairline.
_OTHERS = ((112, 64, 96, 80), (112, 368, 96, 80), (336, 160, 96, 96), (336, 272, 96, 96), (64, 208, 80, 96))
#: All windows; every colouring is baked in the first and in one of the others.
WINDOWS = (FACE, *_OTHERS, (416, 208, 80, 96), (240, 16, 96, 96))


@dataclass(frozen=True)
class WindowPair:
    """The same colouring in one window.

    number: of the colouring.
    window: first row, first column, height h, width w in the small picture.
    small, large: (h, w, 3), (2h, 2w, 3) sRGB bytes.
    """

    number: int
    window: tuple[int, int, int, int]
    small: Bytes
    large: Bytes

    @property
    def held_out(self) -> bool:
        """Whether the head is kept from training."""
        return self.number % HELD_OUT == HELD_OUT - 1


def bake_pairs(teacher: Path, assets_folder: Path, canonical_folder: Path, out: Path, count: int, seed: int) -> None:
    """Bake what a folder lacks of a number of colourings: a NUMBER.npz of its windows each.

    teacher, assets_folder, canonical_folder: folders of the teacher, of its textures and of the canonical head.
    out: the folder.
    count: of colourings.
    seed: of their draws.
    """
    numbers = [k for k in range(count) if not _path(out, k).is_file()]
    if not numbers:
        return
    canonical = load_canonical(canonical_folder)
    if canonical is None:
        raise SystemExit(f"There is no canonical head in {canonical_folder}: run the canonical stage first.")
    dataset = load_teacher(teacher)
    assets = load_assets(assets_folder, dataset.template)
    targets = (BakeTarget(canonical, dataset.template, SMALL), BakeTarget(canonical, dataset.template, LARGE))
    train = train_indices(dataset)
    held_out = np.setdiff1d(np.arange(len(dataset.attributes)), train)
    out.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        rng = np.random.default_rng((seed, number))
        person = dataset.attributes[int(rng.choice(held_out if number % HELD_OUT == HELD_OUT - 1 else train))]
        appearance = sample_appearance(person, rng, assets.names)
        chosen = (0, 1 + number % len(WINDOWS[1:]))
        pictures = {
            f"{kind}{k}": _bake_window(assets, appearance, target, WINDOWS[k])
            for k in chosen
            for kind, target in zip(("small", "large"), targets, strict=True)
        }
        temporary = out / f"{number:04d}.part.npz"
        np.savez_compressed(temporary, windows=np.array(chosen), **pictures)
        temporary.replace(_path(out, number))


def read_pairs(out: Path, count: int) -> Iterator[WindowPair]:
    """The windows of colourings, as far as they are baked.

    out: folder of the pairs.
    count: how many colourings are read, from the first on.
    """
    for number in range(count):
        if _path(out, number).is_file():
            with np.load(_path(out, number), allow_pickle=False) as arrays:
                for k in arrays["windows"]:
                    yield WindowPair(number, WINDOWS[k], arrays[f"small{k}"], arrays[f"large{k}"])


def _bake_window(
    assets: SkinAssets, appearance: Appearance, target: BakeTarget, window: tuple[int, int, int, int]
) -> Bytes:
    """The albedo of one window, which is in pixels of the small picture, at the size of the target."""
    row, column, height, width = (n * target.size // SMALL for n in window)
    in_window = np.zeros_like(target.mask)
    in_window[row : row + height, column : column + width] = True
    used = in_window[target.mask]
    points = target.points
    part = SurfacePoints(
        points.template_face[used], points.template_bary[used], points.is_hair[used], points.positions[used]
    )
    return bake_albedo(assets, appearance, part, target.mask[row : row + height, column : column + width])


def _path(out: Path, number: int) -> Path:
    """File of one colouring."""
    return out / f"{number:04d}.npz"
