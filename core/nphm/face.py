"""A face in an expression: what the actions do, in this head's proportions, with lids and lips that meet.

The steps, each from the shape that the one before leaves: the canonical, slightly open mouth closes and the lids, which
hang low, open; the actions are
carried to the head; lips that would cross push each other apart, and the mouth's cavity stays behind the skin; the lids
open and close by fractions of the head's own opening.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..types import Bools, Floats, Ints
from .cavity import FORWARDS, Cavity
from .lids import HeadLids, Lids
from .lips import Lips
from .proportions import Proportions, carried
from .slit import EyeGrid

#: Actions that close an eye, by its region. What they store of the template is not used: lids close as `lids` does it.
BLINKS = {"left_eye": "eyeBlinkLeft", "right_eye": "eyeBlinkRight"}
#: The action that moves the tongue, and how far at least, units (1 mm).
TONGUE_OUT, TONGUE_MOVES = "tongueOut", 0.004
#: Regions that a template must name for its faces to be posed so.
NEEDED = ("upper_lip", "lower_lip", "mouth", "left_eye", "right_eye")


@dataclass(frozen=True)
class Face:
    """What is known of a template's face.

    lips: that push each other apart.
    cavity: of the mouth, which stays behind the skin.
    proportions: which carry actions to heads.
    lids: of each eye by the name of its region; an eye around which the template has no rings has none.
    """

    lips: Lips
    cavity: Cavity
    proportions: Proportions
    lids: dict[str, Lids]

    @staticmethod
    def on(vertices: Floats, faces: Ints, regions: Mapping[str, Bools], tongue_out: Floats) -> Face | None:
        """The face of a template; None where its regions are not named.

        vertices (V, 3): units, mouth open; faces (F, 3): of the template's surface.
        regions: masks (V,) by name.
        tongue_out (V, 3): offsets of the action TONGUE_OUT, units, which tell the tongue from the mouth around it.
        """
        if any(name not in regions for name in NEEDED):
            return None
        grids = {name: EyeGrid.on(vertices, faces, regions[name]) for name in BLINKS}
        upper_lip, lower_lip = regions["upper_lip"], regions["lower_lip"]
        cavity = regions["mouth"] & (np.linalg.norm(tongue_out, axis=1) < TONGUE_MOVES)
        return Face(
            Lips.on(vertices, faces, upper_lip, lower_lip),
            Cavity.on(vertices, faces, regions["mouth"], cavity, upper_lip | lower_lip),
            Proportions.on(vertices, faces, tuple(regions[name] for name in BLINKS)),
            {name: Lids(grid, vertices) for name, grid in grids.items() if grid is not None},
        )

    @property
    def own_blinks(self) -> frozenset[str]:
        """The actions that this face performs itself, so that `offsets` wants them as blinks."""
        return frozenset(BLINKS[name] for name in self.lids)

    def on_head(self, canonical: Floats, closing: Floats, separate: bool = True) -> HeadFace:
        """The face of one head.

        canonical (V, 3): where the template's vertices are on the head, units.
        closing (V, 3): of the mouth, the same for every head, units.
        separate: whether lips that cross push each other apart, which takes most of the time.
        """
        closing = self._awake(canonical, closing)
        closed = self.lips.separate(canonical, closing) if separate else closing
        return HeadFace(self, canonical, closing, closed, self.proportions.maps(canonical), separate)

    def _awake(self, canonical: Floats, closing: Floats) -> Floats:
        """The closing of the mouth, and the opening of the lids, on one head (V, 3), units."""
        neutral = closing.copy()
        for lids in self.lids.values():
            skin = lids.grid.vertices
            neutral[skin] = lids.on_head(canonical + closing).opened(canonical + closing) - canonical[skin]
        return neutral

    def offsets(
        self, canonical: Floats, closing: Floats, action: Floats, blinks: Mapping[str, float], separate: bool = True
    ) -> Floats:
        """Offsets (V, 3) of a head's vertices in an expression, units: `on_head`, then `HeadFace.offsets`."""
        return self.on_head(canonical, closing, separate).offsets(action, blinks)


@dataclass(frozen=True)
class HeadFace:
    """A face on one head: what of an expression is the same for all actions, computed once.

    face: the template's.
    canonical (V, 3): where its vertices are on the head, units.
    closing (V, 3): of the mouth, and opening of the lids, units.
    closed (V, 3): that, with lips that do not cross: the neutral expression's offsets, units.
    maps (V, 3, 3): by which actions are carried to the head.
    separate: whether lips that cross push each other apart.
    """

    face: Face
    canonical: Floats
    closing: Floats
    closed: Floats
    maps: Floats
    separate: bool

    def offsets(self, action: Floats, blinks: Mapping[str, float]) -> Floats:
        """Offsets (V, 3) of the vertices in an expression, units.

        action (V, 3): what all actions but `Face.own_blinks` do to the template, units.
        blinks: strength of those, 0 to 1, by name.
        """
        face, acting = self.face, bool(action.any())
        acted = self._with_action(carried(self.maps, action)) if acting else self.closed
        offsets = acted - self.closed
        if acting and action[face.lips.near].any():
            offsets[face.cavity.wall, FORWARDS] += face.cavity.behind_skin(self.canonical + acted)
        head = self.canonical + self.closed
        posed = head + offsets
        for name, lids in face.lids.items():
            fraction = lids.fraction(action) if acting else None
            blink = float(np.clip(blinks.get(BLINKS[name], 0.0), 0.0, 1.0))
            if fraction is not None or blink > 0.0:
                skin = lids.grid.vertices
                offsets[skin] = self._lids[name].close(posed, fraction, blink) - head[skin]
        return self.closed + offsets

    @cached_property
    def _lids(self) -> dict[str, HeadLids]:
        """Those of `Face.lids` on this head."""
        head = self.canonical + self.closed
        return {name: lids.on_head(head) for name, lids in self.face.lids.items()}

    def _with_action(self, acting: Floats) -> Floats:
        """The closing and an action (V, 3) of this head, units, with lips that do not cross."""
        if not self.separate:
            return self.closing + acting
        if not acting[self.face.lips.near].any():  # they are apart already
            return self.closed + acting
        return self.face.lips.separate(self.canonical, self.closing + acting)
