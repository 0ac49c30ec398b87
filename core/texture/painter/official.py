"""The official release's way to paint (raipranav384/CLIP-Head): the whole head, the face once more, what joins them.

First the whole chart is painted at the base model's size. Then the middle of the chart, which the face fills, is
painted again at that size, closer to its normals, and put back: the face has 2.5 times the detail. At last a ring round
it is inpainted, at twice the base model's size. The release moves the face's features between the two by MediaPipe's
landmarks where it finds any; here the face stays where its normals say, as in the release where it finds none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from ...types import Bools

#: Side of the central square that is painted again, as a fraction of the image's, and the ControlNet's weight there.
CROP, FACE_SCALE = 0.4, 1.2
#: Outer radius of the ring that joins the square to the rest, in multiples of its inner radius, which is half the
#: square's side; and the ControlNet's weight there.
RING, JOIN_SCALE = 1.5, 0.8
#: How the release paints: entries of a model.json's config (see Painter).
SETTINGS: dict[str, Any] = {
    "steps": 25,
    "guidance": 10.0,
    "control_scale": 0.85,
    "prompt": "{}, best quality, photoreal hair, 8k",
    "negative": "lowres, cropped, worst quality, low quality",
    "control": "official",
    "layout": "reference_uv_vt_scaled.obj",
}

#: Paints (1, 3, H, W) in [0, 1]: image (the control image), scale (how closely to follow it), and, for the last of the
#: three passes, picture and mask.
Pass = Callable[..., Tensor]


def hint_size(side: int) -> int:
    """The side of the control image to be drawn for passes of `side` pixels: then its middle needs no resampling."""
    return round(side / CROP)


def paint_in_stages(hint: Tensor, chart: Bools, scale: float, paint: Pass, inpaint: Pass) -> Tensor:
    """Paint in the release's three passes.

    hint (1, 3, H, W): the control image, of hint_size.
    chart (H, W): True where the head is.
    scale: the ControlNet's weight in the first pass.
    paint, inpaint: the passes; each returns (1, 3, side, side).
    Returns a picture (1, 3, S, S) in [0, 1] of twice the base model's size.
    """
    side = round(hint.shape[-1] * CROP)
    whole = paint(image=resized(hint, side), scale=scale)
    face = paint(image=middle(hint, side), scale=FACE_SCALE)
    picture = with_middle(resized(whole, 2 * side), resized(face, round(2 * side * CROP)))
    mask = ring(resized(torch.from_numpy(chart)[None, None].float(), 2 * side) > 0.5)
    return inpaint(image=resized(hint, 2 * side), scale=JOIN_SCALE, picture=picture, mask=mask)


def middle(image: Tensor, side: int) -> Tensor:
    """The central square (N, C, side, side) of an image."""
    top, left = ((size - side) // 2 for size in image.shape[-2:])
    return image[..., top : top + side, left : left + side]


def with_middle(image: Tensor, face: Tensor) -> Tensor:
    """The image with the face in its central square."""
    joined = image.clone()
    middle(joined, face.shape[-1]).copy_(face)
    return joined


def ring(chart: Tensor) -> Tensor:
    """(1, 1, S, S) 1 in the ring round the middle as far as the head is there, 0 elsewhere."""
    size = chart.shape[-1]
    places = torch.arange(size) + 0.5 - size / 2
    distance = torch.hypot(places[:, None], places[None, :])
    radius = CROP / 2 * size
    return ((distance >= radius) & (distance <= RING * radius) & chart).float()


def resized(image: Tensor, side: int) -> Tensor:
    """(N, C, side, side), averaged or interpolated; the same where it has that size."""
    if image.shape[-1] == side:
        return image
    return functional.interpolate(image.float(), (side, side), mode="bilinear", antialias=True).clamp(0, 1)
