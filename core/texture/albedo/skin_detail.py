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
from ..procedural import luminance_of, smooth_step
from .marks import Mark, load_marks

#: File of a texture model's folder that holds the atlas.
FILE = "skin_detail.npz"
#: Side, texels, of the smallest texture that can show it: a texel of smaller ones is wider than a pore.
SMALLEST = 1024
#: Brightness that one step of the stored bytes stands for, as a fraction of that around: 127 of them are 32 %.
STEP = 1 / 400
#: Side, pixels, of the picture on which brows are told by their darkness, and the standard deviation, pixels, of the
#: Gaussian that measures their surroundings.
_SMALL, _AROUND = 256, 8.0
#: How much darker than its surroundings, as a fraction, a place is where it may be hair, and how much more where it is
#: nothing but hair.
_DARKER, _DARK = 0.04, 0.18
#: Contrast of the hairs of brows, and the limits of what they change, as fractions of the brightness around.
_HAIRS, _DARKEST, _LIGHTEST = 0.6, -0.45, 0.2
#: Brightness below white, sRGB bytes, over which detail fades out: white cannot get brighter.
_HEADROOM = 20.0
#: Millimetres that one step of the stored wrinkles stands for: 127 of them are 1.06 mm.
WRINKLE_STEP = 1 / 120
#: Ages, years, at which wrinkles begin and at which they are deepest.
_SMOOTH_UNTIL, _WRINKLED_FROM = 42.0, 78.0
#: How much darker, as a fraction, a groove of one millimetre is.
_SHADE = 0.4


@dataclass(frozen=True)
class SkinDetail:
    """The atlas of what is finer than the painting. Brightness is in STEPs.

    pores (T, T): a tile that repeats over the canonical UV drawn with `size` texels, int8.
    where (h, w): how far there are pores, 0 to 255.
    lines (h, w): fine lines, all over the canonical UV, int8.
    hairs (size, size): the pattern of brows, -127 to 127, zero mean, int8.
    wrinkles (h, w): heights of the oldest's, in WRINKLE_STEPs, int8.
    ageing (D + 1,): linear regression of the age in years on z_id's first D entries; the last is the bias.
    marks: K kinds of marks by name.
    marking (K, C + 1): weights of read_marks, in the order of `marks`.
    """

    pores: np.ndarray
    where: Bytes
    lines: np.ndarray
    hairs: np.ndarray
    wrinkles: np.ndarray
    ageing: Floats
    marks: dict[str, Mark]
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
        """The detail that a texture of this size can show, as relative brightness.

        picture (S, S, 3): the canonical picture that it goes on, sRGB bytes.
        size: side of the texture, texels.
        Returns (s, s), around 0, in the canonical UV; s is the atlas's size or a fraction of it.
        """
        rows, columns = (slice(i.min(initial=self.size), i.max(initial=-1) + 1) for i in np.nonzero(self.hairs))
        detail = self.skin.copy()
        brows = enlarged(_darkness(picture), self.size, rows, columns)
        hairs = _HAIRS / 127 * brows * self.hairs[rows, columns]
        detail[rows, columns] += np.clip(hairs, _DARKEST, _LIGHTEST)
        texel = self.size // size
        if texel > 1:  # means over what a texel of the texture covers
            detail = detail.reshape(self.size // texel, texel, -1, texel).mean(axis=(1, 3))
        return detail

    @cached_property
    def bare(self) -> Floats:
        """How far places are bare skin (h, w), 0 to 1: 0 on the eyes and in the mouth, little on the lips."""
        return np.asarray((self.where / np.float32(255)) ** 2, np.float32)

    def wrinkled(self, z_id: Floats) -> Floats:
        """Heights (h, w), millimetres, of the wrinkles of a head, by its identity code z_id (D_id,)."""
        width = len(self.ageing) - 1
        if len(z_id) < width:  # another head model's code, from which the age cannot be read
            return np.zeros(self.wrinkles.shape, np.float32)
        age = float(z_id[:width] @ self.ageing[:-1] + self.ageing[-1])
        weight = float(smooth_step(np.array((age - _SMOOTH_UNTIL) / (_WRINKLED_FROM - _SMOOTH_UNTIL))))
        return np.asarray(WRINKLE_STEP * weight * self.wrinkles, np.float32)


def shaded(colours: Floats, heights: Floats) -> Floats:
    """Colours (N, 3) that are darker in grooves, by heights (N,) in millimetres."""
    return np.asarray(colours * (1 + _SHADE * heights)[:, None], np.float32)


def with_detail(colours: Floats, detail: Floats) -> Floats:
    """Colours (N, 3), 0 to 255, whose brightness differs by `detail` (N,), as fractions of it."""
    room = np.clip((255 - 255 * luminance_of(colours)) / _HEADROOM, 0, 1)
    return np.asarray(colours * (1 + room * detail)[:, None], np.float32)


def load_skin_detail(folder: Path) -> SkinDetail | None:
    """The atlas beside a texture model, None where there is none.

    Marks are stored by name. Atlases of earlier versions name none: their rows are the listed marks in order.
    Raises ModelError when the file is damaged or knows a mark that is not listed.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    marks = load_marks(folder)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            images = {name: arrays[name] for name in _IMAGES}
            ageing, marking = arrays["ageing"], arrays["marking"]
            names = arrays["mark_names"].tolist() if "mark_names" in arrays.files else list(marks)
        for name, kind in _IMAGES.items():
            if images[name].ndim != 2 or len(set(images[name].shape)) != 1 or images[name].dtype != kind:
                raise ValueError(f"its {name} are not what they should be")
        if marking.ndim != 2 or len(marking) != len(names) or set(names) != set(marks):
            raise ValueError("it knows other marks")
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(
            f"The skin detail {path} cannot be read ({error}).",
            "Restore the folder from the release it came from.",
        ) from error
    order = [names.index(name) for name in marks]
    return SkinDetail(**images, ageing=ageing, marks=marks, marking=marking[order])


def save_skin_detail(atlas: SkinDetail, path: Path) -> None:
    """Write the atlas; the marks themselves are listed beside it (marks.FILE)."""
    images = {name: getattr(atlas, name) for name in _IMAGES}
    names = np.array(list(atlas.marks), dtype=np.str_)
    np.savez_compressed(path, **images, ageing=atlas.ageing, marking=atlas.marking, mark_names=names)


#: The atlas's images, and the kind of numbers that each is stored as.
_IMAGES = {"pores": np.int8, "where": np.uint8, "lines": np.int8, "hairs": np.int8, "wrinkles": np.int8}


def _darkness(picture: Bytes) -> Floats:
    """How far a picture (S, S, 3) shows hair, by being darker than its surroundings: (_SMALL, _SMALL), 0 to 1."""
    light = resize(luminance_of(picture), (_SMALL, _SMALL), order=1, anti_aliasing=True)
    around = np.maximum(gaussian_filter(light, _AROUND), 0.02)
    return smooth_step(((around - light) / around - _DARKER) / _DARK)


def enlarged(image: Floats, size: int, rows: slice = slice(None), columns: slice = slice(None)) -> Floats:
    """An image enlarged linearly.

    image (S, S): any values.
    size: side of the whole enlarged image, pixels.
    rows, columns: of that; only these are computed and returned.
    """
    at = ((np.arange(size, dtype=np.float32)[part] + 0.5) * len(image) / size - 0.5 for part in (rows, columns))
    places = np.meshgrid(*at, indexing="ij")
    return np.asarray(map_coordinates(image, places, order=1, mode="nearest"), np.float32)
