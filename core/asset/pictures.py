"""Pictures of an asset's parts, in the colours that were painted on the canonical head."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.spatial import cKDTree
from skimage.transform import resize

from ..texture.albedo.beard import FRIZZ
from ..texture.albedo.canonical import Canonical
from ..texture.albedo.strands import kept_strand_pattern, with_strands
from ..texture.models import TextureModels
from ..texture.procedural import along_both
from ..texture.template import HAIRLINE_ENDS, TemplateFacts
from ..types import Bytes, Floats
from .hair import BEARD, HAIR, LONGEST
from .iris import eye_colours, eye_picture
from .tooth_style import ToothStyle, teeth_picture

#: Names of pictures.
EYE, TEETH = "Eye", "Teeth"
#: Side of the parts' pictures, pixels.
SIZE = 512
#: Side, pixels, of the image on which hair's broad colours are looked up.
BROAD = 64


def asset_pictures(
    picture: Bytes,
    hair: Floats,
    beard: Floats | None,
    frizz: float,
    style: ToothStyle,
    seed: int,
    models: TextureModels,
) -> dict[str, Bytes]:
    """The pictures (S, S, 3), sRGB bytes, "Eye", "Teeth", on which the gums are, too, "Hair" and, where there is one,
    "Beard".

    picture (P, P, 3): as it was painted in the canonical UV, sRGB bytes.
    hair (P, P, 3): its broad colours of hair, sRGB 0 to 255.
    beard (3,): colour of the beard, sRGB 0 to 255; None without one.
    frizz: how far hair is curls instead of strands, 0 to 1.
    style: of the teeth.
    seed: of what is drawn.
    models: loaded; there is a canonical head.
    """
    canonical, template, eyes = models.canonical, models.template, models.canonical_eyes
    assert canonical is not None and eyes is not None
    eye = eye_picture(*eye_colours(picture, canonical, template, eyes), seed, SIZE)
    teeth = teeth_picture(style, SIZE)
    pictures = {
        EYE: eye,
        TEETH: teeth,
        HAIR: strand_picture(broad_colours(hair, canonical, template), template.crown, frizz),
    }
    if beard is not None:
        flat = np.broadcast_to(beard, (BROAD, BROAD, 3)).astype(np.float32)
        pictures[BEARD] = strand_picture(flat, template.crown, FRIZZ)
    return pictures


def broad_colours(colours: Floats, canonical: Canonical, template: TemplateFacts) -> Floats:
    """Hair's broad colours (BROAD, BROAD, 3), sRGB 0 to 255, in the UV about the crown (see hair.polar_uv).

    colours (P, P, 3): the same in the canonical UV.
    canonical: the head that they were painted on.
    template: where its scalp and crown are.
    """
    scalp = template.scalp_height(canonical.points) > HAIRLINE_ENDS
    x, y, z = (canonical.points[scalp] - np.array(template.crown, np.float32)).T
    column, row = (canonical.mesh.uv[scalp] * [1, -1] + [0, 1]).T * len(colours)
    texel = tuple(np.clip(place, 0, len(colours) - 1).astype(int) for place in (row, column))
    angle, along = _polar(BROAD)
    distance = np.linalg.norm([x, y, z], axis=0)
    flat = np.hypot(x, z) + 1e-6
    tree = cKDTree(np.stack([x / flat * distance, z / flat * distance], axis=1))
    near = tree.query(np.stack([np.sin(angle) * along, np.cos(angle) * along], axis=-1))[1]
    return np.asarray(colours[texel][near], np.float32)


def strand_picture(colours: Floats, crown: tuple[float, float, float], frizz: float) -> Bytes:
    """Strands of hair (SIZE, SIZE, 3), sRGB bytes, in the UV about the crown.

    colours (B, B, 3): without strands, sRGB 0 to 255.
    crown (3,): units.
    frizz: how far hair is curls instead of strands, 0 to 1.
    """
    smooth = along_both(_enlargement(len(colours)), colours)
    pattern = kept_strand_pattern(_polar_points(crown), crown)
    drawn = with_strands(smooth.reshape(-1, 3), pattern, frizz)
    return np.round(drawn.reshape(SIZE, SIZE, 3)).clip(0, 255).astype(np.uint8)


@cache
def _enlargement(size: int) -> Floats:
    """The matrix (SIZE, size) that enlarges a line of `size` pixels linearly."""
    return np.asarray(resize(np.eye(size, dtype=np.float32), (SIZE, size), order=1, mode="edge"), np.float32)


@cache
def _polar_points(crown: tuple[float, float, float]) -> Floats:
    """Points (SIZE * SIZE, 3), units, that lie at the texels of the UV about the crown: strands depend on angle and
    distance alone, so any point that has both serves."""
    angle, along = _polar(SIZE)
    half = along * np.sqrt(0.5)
    points = np.stack([half * np.sin(angle), -half, half * np.cos(angle)], axis=-1) + np.array(crown)
    return points.reshape(-1, 3).astype(np.float32)


def _polar(size: int) -> tuple[Floats, Floats]:
    """Angle, radians, and distance from the crown, units, (size, size) of the texels of the UV about it."""
    places = (np.arange(size) + 0.5) / size
    angle, along = np.meshgrid(2 * np.pi * (places - 0.5), LONGEST * places)
    return np.asarray(angle, np.float32), np.asarray(along, np.float32)
