"""What was measured by hand, once, on the template head that the embedded NPHM moves: template.json of a texture model.

Frame: the template's, which is NPHM's; units of 250 mm. A point of any head is looked up at its template point.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import ModelError
from ..foreign_files import read_json
from ..models import EMBEDDED
from ..types import Floats
from .procedural import smooth_step

#: File of a texture model's folder that holds the facts.
FILE = "template.json"
#: Heights over the scalp plane (see `TemplateFacts.scalp_height`) between which the canonical texture passes from skin
#: to hair: the hairline of the pictures that the painter was trained on, 7 mm wide.
HAIRLINE_BEGINS, HAIRLINE_ENDS = 0.055, 0.085


@dataclass(frozen=True)
class TemplateFacts:
    """Places and planes of the template head.

    crown (3,): the highest point of the skin, from which painted strands of hair run down, units.
    relief_crown (3,): the point within the back of the skull about which the relief of hair is drawn, units. It is not
        the crown but lies 47 mm from it, and stays apart: the relief would look different about the crown.
    left_eyeball (3,): the middle of the left eyeball, units; the right one is its mirror image.
    scalp_normal (3,): normal of the plane through the origin that bounds the scalp; its length is 0.999, so that
        heights over the plane are units.
    """

    crown: tuple[float, float, float]
    relief_crown: tuple[float, float, float]
    left_eyeball: tuple[float, float, float]
    scalp_normal: tuple[float, float, float]

    def scalp_height(self, points: Floats) -> Floats:
        """How far template points (..., 3) lie above the plane through the origin that bounds the scalp: (...,)."""
        _, up, forwards = self.scalp_normal
        return np.asarray(up * points[..., 1] + forwards * points[..., 2], np.float32)

    def scalp_weight(self, points: Floats) -> Floats:
        """How far template points (..., 3) lie on the scalp: (...,), 0 to 1. There the canonical texture shows hair."""
        return smooth_step((self.scalp_height(points) - HAIRLINE_BEGINS) / (HAIRLINE_ENDS - HAIRLINE_BEGINS))


def load_template(folder: Path) -> TemplateFacts:
    """The facts beside a texture model, or the embedded one's where it has none: a painter that paints in every head's
    own UV needs none of its own, and those of earlier versions were all made on this template.

    folder: of the texture model. Raises ModelError when the file is damaged.
    """
    path = folder / FILE if (folder / FILE).is_file() else EMBEDDED / "texture" / FILE
    try:
        entries = read_json(path)
        return TemplateFacts(**{name: _point(values) for name, values in entries.items()})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(
            f"The facts of the template head in {path} cannot be read ({error}).",
            "Restore the folder from the release it came from.",
        ) from error


def _point(values: list[float]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return x, y, z
