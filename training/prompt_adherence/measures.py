"""Lengths and angles of a head in the teacher's topology, in millimetres and degrees: what words are measured by.

Every measure is a difference or distance between places: sets of template vertices, found once on the template by where
they lie, whose mean moves with the head.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from clip_head.core.types import MILLIMETRES_PER_UNIT, Bools, Floats, Ints
from clip_head.training.teacher.dataset import SKIN, Template

#: Name of a place -> its vertices' indices.
Places = dict[str, Ints]
#: Vertices (V, 3) of a head in the template's topology, units, and the places -> millimetres or degrees.
Measure = Callable[[Floats, Places], float]

#: The lids lie in front of this depth on the template, and within this distance of a pupil sideways; units.
_LID_DEPTH, _LID_REACH = 0.165, 0.02
#: The corners of an eye lie within this distance of the pupil, units.
_EYE_REACH = 0.12
#: How many vertices nearest to a landmark make the place of a lid or of an eye's corner.
_EYE_VERTICES = 6
#: How many of an ear's lowest and highest vertices make its lobe and its top.
_EAR_VERTICES = 25
#: x above which vertices of a place count as those of the left side, which the right ones are twins of, units; a little
#: below 0.
_MIDDLE = -0.05
#: Places by the box of the template in which their vertices lie: name -> its extents along x, y and z, units. The boxes
#: were read off the template by eye. Those that lie beside the middle (x > 0) are the left ones of two.
_BOXES: dict[str, tuple[tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    "nasion": ((-0.01, 0.01), (0.02, 0.05), (0.1, 0.4)),
    "bridge": ((-0.01, 0.01), (-0.05, -0.02), (0.1, 0.4)),
    "under_nose": ((-0.01, 0.01), (-0.18, -0.15), (0.2, 0.4)),
    "nose_tip": ((-0.015, 0.015), (-0.13, -0.1), (0.26, 0.4)),
    "tip_side": ((0.025, 0.045), (-0.13, -0.1), (0.24, 0.4)),
    "nose_wing": ((0.055, 0.09), (-0.145, -0.1), (0.18, 0.26)),
    "lip_top": ((-0.012, 0.012), (-0.21, -0.185), (0.22, 0.4)),
    "lip_bottom": ((-0.012, 0.012), (-0.305, -0.288), (0.2, 0.4)),
    "under_lip": ((-0.02, 0.02), (-0.345, -0.325), (0.15, 0.4)),
    "chin_front": ((-0.02, 0.02), (-0.4, -0.37), (0.15, 0.4)),
    "chin_side": ((0.07, 0.12), (-0.41, -0.34), (0.06, 0.2)),
    "chin_bottom": ((-0.02, 0.02), (-0.42, -0.4), (0.1, 0.18)),
    "throat": ((-0.03, 0.03), (-0.46, -0.408), (-0.02, 0.06)),
    "jaw": ((0.17, 0.4), (-0.3, -0.2), (-0.12, 0.0)),
    "cheek": ((0.15, 0.3), (-0.23, -0.13), (0.02, 0.12)),
    "cheekbone": ((0.14, 0.24), (-0.09, -0.03), (0.08, 0.2)),
    "temple": ((0.19, 0.4), (0.1, 0.2), (0.0, 0.12)),
    "side": ((0.2, 0.4), (0.1, 0.3), (-0.3, -0.1)),
    "glabella": ((-0.02, 0.02), (0.09, 0.12), (0.1, 0.4)),
    "forehead_middle": ((-0.03, 0.03), (0.19, 0.23), (0.1, 0.4)),
    "forehead_top": ((-0.03, 0.03), (0.3, 0.34), (0.05, 0.3)),
    "crown": ((-0.03, 0.03), (0.44, 0.5), (-0.25, -0.05)),
    "back": ((-0.05, 0.05), (0.1, 0.25), (-0.7, -0.5)),
    "brow": ((0.04, 0.17), (0.085, 0.12), (0.1, 0.3)),
    "brow_inner": ((0.03, 0.07), (0.08, 0.12), (0.1, 0.3)),
    "brow_outer": ((0.15, 0.19), (0.08, 0.13), (0.1, 0.3)),
    "under_eye": ((0.08, 0.15), (-0.06, -0.03), (0.1, 0.3)),
    "cheek_top": ((0.08, 0.15), (-0.1, -0.075), (0.1, 0.3)),
    "ear_rim": ((0.3, 0.4), (-0.1, 0.05), (-0.3, -0.16)),
    "neck_side": ((0.1, 0.4), (-0.5, -0.42), (-0.35, -0.05)),
}  # fmt: skip


def find_places(template: Template) -> Places:
    """Vertex indices of every place; those beside the middle are the left ones, with their twins as "right_...".

    template: the teacher's template.

    Raises ValueError when no vertex lies in a place.
    """
    vertices, regions = template.vertices, template.regions
    skin = np.zeros(len(vertices), dtype=bool)
    skin[template.faces[template.part == SKIN]] = True
    skin &= ~regions["mouth"]
    places: Places = {}
    for name, box in _BOXES.items():
        inside = skin & np.all(
            [(vertices[:, k] > low) & (vertices[:, k] < high) for k, (low, high) in enumerate(box)], 0
        )
        if name != "ear_rim":
            inside &= ~regions["ears"]
        _add(places, name, inside, vertices)
    for side, prefix in (("left", ""), ("right", "right_")):
        own = _places_of_eye(template, side, skin) | _places_of_ear(template, side)
        for name in ("pupil", "mouth_corner"):
            own[name] = np.array([template.landmarks[f"{side}_{name}"]], np.int32)
        places |= {prefix + name: ids for name, ids in own.items()}
    return places


def _add(places: Places, name: str, inside: Bools, vertices: Floats) -> None:
    """Add the place of the vertices inside (V,), and its twin on the right where it lies beside the middle."""
    places[name] = np.flatnonzero(inside).astype(np.int32)
    if not len(places[name]):
        raise ValueError(f"no vertex of the template lies in the place {name!r}")
    if _BOXES[name][0][0] > 0:
        left = inside & (vertices[:, 0] > _MIDDLE)
        twins = np.abs(vertices[None, left] * [-1, 1, 1] - vertices[:, None]).sum(axis=2).argmin(axis=0)
        places[f"right_{name}"] = twins.astype(np.int32)


def _places_of_eye(template: Template, side: str, skin: Bools) -> Places:
    """Lids and corners of an eye: the skin in front of the eyeball that is nearest to the pupil, above and below, and
    the skin nearest to the landmarks of the corners."""
    vertices = template.vertices
    pupil, inner, outer = (
        vertices[template.landmarks[f"{side}_{name}"]] for name in ("pupil", "eye_inner", "eye_outer")
    )
    front = skin & ~template.regions[f"{side}_eye"] & (vertices[:, 2] > _LID_DEPTH)
    front &= np.abs(vertices[:, 0] - pupil[0]) < _LID_REACH
    around = np.flatnonzero(skin & (np.linalg.norm(vertices - pupil, axis=1) < _EYE_REACH))
    places: Places = {}
    for name, ids, point in (
        ("upper_lid", np.flatnonzero(front & (vertices[:, 1] > pupil[1])), pupil),
        ("lower_lid", np.flatnonzero(front & (vertices[:, 1] < pupil[1])), pupil),
        ("eye_inner", around, inner),
        ("eye_outer", around, outer),
    ):
        distances = np.linalg.norm(vertices[ids] - point, axis=1)
        places[name] = ids[np.argsort(distances)[:_EYE_VERTICES]].astype(np.int32)
    return places


def _places_of_ear(template: Template, side: str) -> Places:
    """Lobe and top of an ear."""
    ear = np.flatnonzero(template.regions[f"{side}_ear"])
    order = np.argsort(template.vertices[ear, 1])
    return {
        "ear_lobe": ear[order[:_EAR_VERTICES]].astype(np.int32),
        "ear_top": ear[order[-_EAR_VERTICES:]].astype(np.int32),
    }


def vertices_of(places: Places) -> Ints:
    """All vertices that any place needs, sorted.

    places: of find_places.
    """
    return np.unique(np.concatenate(list(places.values()))).astype(np.int32)


def at(vertices: Floats, places: Places, name: str) -> Floats:
    """The mean position (3,) of a place, millimetres.

    vertices: (V, 3) in the template's topology, units.
    places: of find_places.
    name: the place.
    """
    return np.asarray(vertices[places[name]].mean(axis=0) * MILLIMETRES_PER_UNIT, np.float64)


def along(first: str, second: str, axis: str) -> Measure:
    """How much further the first place lies along an axis than the second, millimetres.

    first, second: names of places.
    axis: "x" (to the head's left), "y" (up) or "z" (forward).
    """
    number = "xyz".index(axis)
    return lambda vertices, places: float((at(vertices, places, first) - at(vertices, places, second))[number])


def width(name: str) -> Measure:
    """How far a place and its twin are apart, across the face, millimetres.

    name: a place beside the middle.
    """
    return along(name, f"right_{name}", "x")


def distance(first: str, second: str) -> Measure:
    """How far two places are apart, millimetres.

    first, second: names of places.
    """
    return lambda vertices, places: float(np.linalg.norm(at(vertices, places, first) - at(vertices, places, second)))


def bulge(middle: str, first: str, second: str) -> Measure:
    """How far a place stands before the straight line between two others, in the plane of symmetry, millimetres.

    middle: the name of the place.
    first, second: names of the places at the line's ends.
    """

    def measure(vertices: Floats, places: Places) -> float:
        a, b, c = (at(vertices, places, name)[1:] for name in (first, second, middle))
        line = (b - a) / np.linalg.norm(b - a)
        return float(line[0] * (c - a)[1] - line[1] * (c - a)[0]) * (-1.0 if line[0] < 0 else 1.0)

    return measure


def slope(first: str, second: str) -> Measure:
    """How steeply it goes up from the first place to the second, in the plane that faces the viewer, degrees.

    first, second: names of places.
    """

    def measure(vertices: Floats, places: Places) -> float:
        offset = at(vertices, places, second) - at(vertices, places, first)
        return float(np.degrees(np.arctan2(offset[1], abs(offset[0]))))

    return measure


def difference(first: Measure, second: Measure, factor: float = 1.0) -> Measure:
    """One measure less a multiple of another.

    first: the one.
    second: the other.
    factor: the multiple.
    """
    return lambda vertices, places: first(vertices, places) - factor * second(vertices, places)


#: What the suite measures words by: name -> measure, in millimetres; slants in degrees.
MEASURES: dict[str, Measure] = {
    "width of the head": width("side"),
    "length of the face": along("glabella", "chin_bottom", "y"),
    "depth of the head": along("glabella", "back", "z"),
    "width of the face at the cheeks": width("cheek"),
    "height of the forehead": along("forehead_top", "glabella", "y"),
    "height of the skull": along("crown", "glabella", "y"),
    "forward slope of the forehead": along("forehead_top", "glabella", "z"),
    "bulge of the forehead": bulge("forehead_middle", "glabella", "forehead_top"),
    "width of the temples": width("temple"),
    "jaw beside temples": difference(width("jaw"), width("temple")),
    "height of the brows": along("brow", "pupil", "y"),
    "brow before the eyes": along("brow", "pupil", "z"),
    "slant of the brows": slope("brow_inner", "brow_outer"),
    "width of an eye": along("eye_outer", "eye_inner", "x"),
    "opening of an eye": along("upper_lid", "lower_lid", "y"),
    "distance of the eyes": width("pupil"),
    "slant of the eyes": slope("eye_inner", "eye_outer"),
    "bags under the eyes": along("under_eye", "cheek_top", "z"),
    "length of the nose": along("nasion", "under_nose", "y"),
    "tip of the nose before the face": along("nose_tip", "nose_wing", "z"),
    "nose before the mouth": along("nose_tip", "lip_top", "z"),
    "width of the nose": width("nose_wing"),
    "hump of the nose": bulge("bridge", "nasion", "nose_tip"),
    "tip of the nose above its wings": along("nose_tip", "nose_wing", "y"),
    "width of the tip": width("tip_side"),
    "width of the mouth": width("mouth_corner"),
    "height of the lips": along("lip_top", "lip_bottom", "y"),
    "corners above the middle of the mouth": difference(
        along("mouth_corner", "lip_bottom", "y"), along("lip_top", "lip_bottom", "y"), 0.5
    ),
    "length of the upper lip": along("under_nose", "lip_top", "y"),
    "chin before the lips": along("chin_front", "lip_top", "z"),
    "width of the chin": width("chin_side"),
    "length of the chin": along("lip_bottom", "chin_bottom", "y"),
    "width of the jaw": width("jaw"),
    "lower lip before the upper": along("lip_bottom", "lip_top", "z"),
    "cheekbones": width("cheekbone"),
    "cheekbones before the nose": along("cheekbone", "under_nose", "z"),
    "size of an ear": distance("ear_top", "ear_lobe"),
    "width across the ears": width("ear_rim"),
    "lobe below the ear": along("ear_rim", "ear_lobe", "y"),
    "top above the ear": along("ear_top", "ear_rim", "y"),
    "width of the neck": width("neck_side"),
    "throat below the chin": along("chin_bottom", "throat", "y"),
    "size of the face": distance("nasion", "chin_bottom"),
}
