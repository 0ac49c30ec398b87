"""Pores, fine lines and the hairs of brows, finer than what is painted and much the same on everybody; wrinkles; marks.

The atlas lies in the canonical UV and says how much brighter or darker than its surroundings each place is, whatever
the colour: the same few per cent suit any skin. Brows are hairs only where they are painted. Wrinkles are grooves, the
deeper the older the head is by its identity code. Marks, as freckles, are there where the words speak of them.
`python -m training skin_detail` makes the atlas.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates
from skimage.transform import resize

from ...errors import ModelError
from ...types import Bytes, Floats
from ..material.relief import luminance_of
from .marks import MARKS
from .seam import smooth_step

FILE = "skin_detail.npz"
#: Textures from this side on can show it.
SMALLEST = 1024
#: Brightness that one step of the stored bytes stands for, as a share of that around.
STEP = 1 / 400
#: Of painted brows: the side of the picture on which their surroundings are measured, and how wide these are, pixels;
#: how much darker (share) begins to be hair, and how much more is hair only; the contrast of hairs, its limits.
_SMALL, _AROUND, _DARKER, _DARK = 256, 8.0, 0.04, 0.18
_HAIRS, _DARKEST, _LIGHTEST = 0.6, -0.45, 0.2
#: Next to white there is no room for brighter: detail fades over these bytes.
_HEADROOM = 20.0
#: Millimetres that one step of the stored wrinkles stands for; years at which they begin and at which they are deepest;
#: how much darker, as a share, a groove of a millimetre is.
WRINKLE_STEP = 1 / 120
_SMOOTH_UNTIL, _WRINKLED_FROM = 42.0, 78.0
_SHADE = 0.4


@dataclass(frozen=True)
class SkinDetail:
    """The atlas. Brightness in STEPs: pores (T, T), a tile that repeats over the canonical UV drawn with `size` texels,
    lines (h, w) all over it. where (h, w): how far there are pores, 0 to 255. hairs (size, size): the pattern of brows,
    -127 to 127, zero mean. wrinkles (h, w): heights of the oldest's, in WRINKLE_STEPs. ageing (D + 1,): weights that
    read the age in years off z_id's first D entries and a one. marking (K, C + 1): weights by which read_marks tells
    what words ask for.
    """

    pores: np.ndarray
    where: Bytes
    lines: np.ndarray
    hairs: np.ndarray
    wrinkles: np.ndarray
    ageing: Floats
    marking: Floats

    @property
    def size(self) -> int:
        """Texels along a side of the canonical UV."""
        return len(self.hairs)

    @cached_property
    def skin(self) -> Floats:
        """Relative brightness (size, size) of pores and lines."""
        repeat = -(-self.size // len(self.pores))
        tiled = np.tile(self.pores, (repeat, repeat))[: self.size, : self.size].astype(np.float32)
        broad = [enlarged(part.astype(np.float32), self.size) for part in (self.where, self.lines)]
        return np.asarray(STEP * (tiled * broad[0] / 255 + broad[1]), np.float32)

    def over(self, picture: Bytes, size: int) -> Floats:
        """Relative brightness (s, s), around 0, of what a texture of `size` texels shows on a canonical picture
        (S, S, 3)."""
        rows, columns = (slice(at.min(initial=self.size), at.max(initial=-1) + 1) for at in np.nonzero(self.hairs))
        detail = self.skin.copy()
        brows = enlarged(_darkness(picture), self.size, rows, columns)
        hairs = _HAIRS / 127 * brows * self.hairs[rows, columns]
        detail[rows, columns] += np.clip(hairs, _DARKEST, _LIGHTEST)
        fewer = self.size // size
        if fewer > 1:  # means over what a texel of the texture covers
            detail = detail.reshape(self.size // fewer, fewer, -1, fewer).mean(axis=(1, 3))
        return detail

    @cached_property
    def bare(self) -> Floats:
        """(h, w) where there is bare skin, 0 to 1: on no eyes, not in the mouth, hardly on lips."""
        return np.asarray((self.where / np.float32(255)) ** 2, np.float32)

    def wrinkled(self, z_id: Floats) -> Floats:
        """Heights (h, w), millimetres, of the wrinkles of a head, by its identity code."""
        width = len(self.ageing) - 1
        if len(z_id) < width:  # another head model's: how old it is, is not known
            return np.zeros(self.wrinkles.shape, np.float32)
        age = float(z_id[:width] @ self.ageing[:-1] + self.ageing[-1])
        share = float(smooth_step(np.array((age - _SMOOTH_UNTIL) / (_WRINKLED_FROM - _SMOOTH_UNTIL))))
        return np.asarray(WRINKLE_STEP * share * self.wrinkles, np.float32)


def shaded(colours: Floats, heights: Floats) -> Floats:
    """Colours (N, 3) that are darker in grooves, by heights (N,) in millimetres."""
    return np.asarray(colours * (1 + _SHADE * heights)[:, None], np.float32)


def with_detail(colours: Floats, detail: Floats) -> Floats:
    """Colours (N, 3), 0 to 255, where the brightness differs by shares `detail` (N,)."""
    room = np.clip((255 - 255 * luminance_of(colours)) / _HEADROOM, 0, 1)
    return np.asarray(colours * (1 + room * detail)[:, None], np.float32)


def load_skin_detail(folder: Path) -> SkinDetail | None:
    """The atlas beside a texture model, None where there is none. Raises ModelError when the file is damaged."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            atlas = SkinDetail(**{name: arrays[name] for name in (*_NAMES, *_READINGS)})
        for image, kind in zip(_images(atlas), (np.int8, np.uint8, np.int8, np.int8, np.int8), strict=True):
            if image.ndim != 2 or image.shape[0] != image.shape[1] or image.dtype != kind:
                raise ValueError("its arrays are not what they should be")
        if atlas.marking.ndim != 2 or len(atlas.marking) != len(MARKS):
            raise ValueError("it knows other marks")
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(
            f"The skin detail {path} cannot be read ({error}).",
            "Restore the folder from the release it came from.",
        ) from error
    return atlas


def save_skin_detail(atlas: SkinDetail, path: Path) -> None:
    """Write the atlas."""
    np.savez_compressed(
        path, **dict(zip(_NAMES, _images(atlas), strict=True)), ageing=atlas.ageing, marking=atlas.marking
    )


_NAMES, _READINGS = ("pores", "where", "lines", "hairs", "wrinkles"), ("ageing", "marking")


def _images(atlas: SkinDetail) -> tuple[np.ndarray, ...]:
    return tuple(getattr(atlas, name) for name in _NAMES)


def _darkness(picture: Bytes) -> Floats:
    """(_SMALL, _SMALL) how far a picture is hair by its darkness, 0 to 1."""
    light = resize(luminance_of(picture), (_SMALL, _SMALL), order=1, anti_aliasing=True)
    around = np.maximum(gaussian_filter(light, _AROUND), 0.02)
    return smooth_step(((around - light) / around - _DARKER) / _DARK)


def enlarged(image: Floats, size: int, rows: slice = slice(None), columns: slice = slice(None)) -> Floats:
    """These rows and columns of an image (S, S) enlarged linearly to (size, size)."""
    at = ((np.arange(size, dtype=np.float32)[part] + 0.5) * len(image) / size - 0.5 for part in (rows, columns))
    places = np.meshgrid(*at, indexing="ij")
    return np.asarray(map_coordinates(image, places, order=1, mode="nearest"), np.float32)
