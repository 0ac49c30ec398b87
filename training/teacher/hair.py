"""Hair styles on the template: closed volumes, made of MakeHuman's hair cards or analytic, joined with the head.

A style's .mhclo file places its cards on the template. There, the unsigned distance to the cards minus CARD_RADIUS,
smoothed, joined with a thin layer on the scalp, is the hair's signed distance. Marching cubes on the minimum of head
and hair gives one surface; its skin vertices lie on the template and follow it, its hair vertices follow the surface
around them, as does all space around the template: MakeHuman's way, which scales cards along the axes of every head,
is another one than NPHM's and would part hair from what NPHM can show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import igl
import numpy as np
import scipy.sparse as sp
from scipy import ndimage
from skimage.measure import marching_cubes
from tqdm import tqdm

from clip_head.core.types import Bools, Floats, Ints
from clip_head.core.uv import load_layout

from .dataset import HairStyle, Template, save_style
from .distance import signed_distance
from .hair_cards import Cards, card_vertices, read_cards
from .hair_volumes import VOLUMES, ellipsoid, mirrored
from .surroundings import sparse_rows, surrounding_weights
from .template import Topology

#: Half the thickness given to a hair card, and of the layer under them (units).
CARD_RADIUS = 0.024
SCALP_LAYER = 0.014
#: Spacing of the grids of signed distance, and the width (voxels) over which they are smoothed.
SPACING = 0.018
#: Points of the grids that a style is built on.
SHAPE = (70, 78, 78)
#: Spacing of the surfaces of head and hair in the face, units (1.75 mm): lids and lips keep their shape.
DETAIL = 0.007
SMOOTHING = 1.5
#: The same for volumes, which are smooth already.
VOLUME_SMOOTHING = 0.5
#: Bottom of the grids; and where hair ends, rounded over END_ROUNDING: END_GAP above the neck plane of the layout, so
#: that only the neck is cut open there.
LOWEST = -0.62
END_GAP = 0.035
END_ROUNDING = 0.03
#: Thickness of hair that is grown on the scalp without cards: 5 mm.
GROWN_LAYER = 0.020

#: What one calls each style.
WORDS: dict[str, tuple[str, ...]] = {
    "bald": ("bald", "bald head", "no hair", "shaved head"),
    "buzz": ("buzz cut", "very short hair", "cropped hair"),
    "receding": ("receding hairline", "receding hair", "thinning hair"),
    "balding": ("balding", "bald on top", "hair only at the sides"),
    "afro01": ("afro", "afro hair", "big curly hair"),
    "bob01": ("bob with a fringe", "chin-length hair", "bob"),
    "bob02": ("long bob", "shoulder-length hair", "bob"),
    "braid01": ("braid", "braided hair", "hair in a braid"),
    "long01": ("long hair", "long straight hair", "long flowing hair"),
    "long02": ("long hair tucked behind the ears", "long hair", "long straight hair"),
    "ponytail01": ("ponytail", "hair in a ponytail", "hair tied back"),
    "short01": ("short hair", "quiff", "swept-up short hair"),
    "short02": ("short hair with a fringe", "bowl cut", "short hair"),
    "short03": ("pixie cut", "short hair swept to the side", "short hair"),
    "short04": ("short hair with sideburns", "crew cut", "short hair"),
    "bun": ("bun", "hair in a bun", "hair pinned up"),
    "curly": ("curly hair", "short curly hair", "curls"),
    "mohawk": ("mohawk", "mohawk haircut", "hair in a crest"),
    "pigtails": ("pigtails", "hair in pigtails", "hair in two bunches"),
    "sidepart": ("side part", "hair parted on the side", "short hair with a side part"),
    "slicked": ("slicked-back hair", "hair combed back", "hair brushed back"),
    "spiky": ("spiky hair", "hair in spikes", "spiked hair"),
    "topknot": ("topknot", "hair in a topknot", "hair in a knot on top"),
    "wavy": ("long wavy hair", "wavy hair", "hair in long waves"),
}

#: Styles grown on the scalp, without cards or volumes.
GROWN = ("buzz",)
#: Styles whose cards are given another radius.
RADII = {"afro01": 0.065}
#: Styles that may stand off the neck, like an arm; in all others everything between hair and head is hair.
OPEN = ("ponytail01",)
#: The vertical line that hair is filled towards: x = 0 and this z, inside head and neck at every height (units).
CORE_AXIS = -0.25
#: Below the ears hair hangs within this distance of the axis x = 0, z = HANGING_AXIS (units).
HANGING_RADIUS = 0.42
HANGING_AXIS = -0.25

# Hairlines in profile: polygons of (z, y) around the part of the head that grows hair.
_SIDES = [(-0.07, 0.05), (-0.085, -0.06), (-0.115, -0.06), (-0.115, 0.05), (-0.15, 0.09), (-0.22, 0.07)]
_NAPE = [(-0.25, -0.02), (-0.255, -0.14), (-0.33, -0.2), (-0.45, -0.22), (-1.0, -0.25)]
_HAIRLINES: dict[str, list[tuple[float, float]]] = {
    "full": [(0.3, 0.4), (0.12, 0.32), (0.03, 0.26), (-0.03, 0.14), *_SIDES, *_NAPE, (-1.0, 0.9), (0.3, 0.9)],
    "receding": [(0.3, 0.4), (0.1, 0.36), (0.0, 0.24), (-0.04, 0.14), *_SIDES, *_NAPE, (-1.0, 0.9), (0.3, 0.9)],
    "balding": [(-0.05, 0.16), *_SIDES, *_NAPE, (-1.0, 0.27), (-0.42, 0.27), (-0.2, 0.23)],
}
#: Bays at both temples, ellipsoids (centre, radii) with x > 0, that a hairline leaves free.
_BAYS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "receding": ((0.178, 0.36, 0.09), (0.095, 0.2, 0.16)),
}


@dataclass(frozen=True)
class HeadField:
    """The template's signed distance (X, Y, Z) on a rectilinear grid that is fine in the face; axes: coordinates."""

    axes: tuple[Floats, Floats, Floats]
    distance: Floats


def head_field(template: Template, detail: float = DETAIL) -> HeadField:
    """Signed distance of the template, spaced `detail` units in the face, 1.5 times that at the ears, 3 times
    elsewhere."""

    def axis(*stretches: tuple[float, float, float]) -> Floats:
        parts = [np.arange(low, high, step * detail) for low, high, step in stretches]
        return np.concatenate(parts).astype(np.float32)

    axes = (
        axis((-0.6, -0.33, 3), (-0.33, -0.19, 1.5), (-0.19, 0.19, 1), (0.19, 0.33, 1.5), (0.33, 0.6, 3)),
        axis((-1.3, -0.72, 8), (-0.72, -0.34, 3), (-0.34, 0.13, 1), (0.13, 0.72, 3)),
        axis((-0.95, -0.26, 3), (-0.26, 0.02, 1.7), (0.02, 0.4, 1)),
    )
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    chunks = np.array_split(points, max(1, len(points) // 100_000))
    values = [signed_distance(template.vertices, template.faces, c) for c in tqdm(chunks, "head distance", leave=False)]
    return HeadField(axes, np.concatenate(values).reshape([len(a) for a in axes]))


def build_styles(
    assets: Path | None,
    topology: Topology,
    mean: Floats,
    template: Template,
    out: Path,
    fresh: bool,
    coarseness: float = 1.0,
) -> None:
    """Write one file per style into `out`; files that exist are kept unless `fresh`. assets: the folder with hair/;
    coarseness: times as far apart as usual the points of grids and surfaces lie."""
    save_style(out / "bald.npz", bald_style(topology, template))
    folders = sorted(path for path in (assets / "hair").iterdir() if path.is_dir()) if assets else []
    carded = [folder.name for folder in folders if folder.name not in VOLUMES]
    names = [*GROWN, *VOLUMES, *carded]
    if not fresh and all((out / f"{name}.npz").is_file() for name in names):
        return
    field = head_field(template, DETAIL * coarseness)
    for name in tqdm(names, "hair"):
        if fresh or not (out / f"{name}.npz").is_file():
            cards = read_cards(assets / "hair" / name, topology.base) if name in carded and assets else None
            save_style(out / f"{name}.npz", build_style(name, cards, topology, mean, template, field, coarseness))


def bald_style(topology: Topology, template: Template) -> HairStyle:
    """No hair: the template itself."""
    count = len(template.vertices)
    first = np.zeros(count, np.int32)
    bary = np.zeros((count, 3), np.float32)
    for corner in range(3):
        first[template.faces[:, corner]] = np.arange(len(template.faces))
    bary[np.arange(count), np.argmax(template.faces[first] == np.arange(count)[:, None], axis=1)] = 1
    return HairStyle(
        "bald", WORDS["bald"], None, np.zeros(3, np.float32), 0.0, template.vertices, template.faces, first, bary,
        np.zeros(count, bool), np.ones(count, np.float32), sp.csr_matrix(topology.subdivision),
    )  # fmt: skip


def build_style(
    name: str,
    cards: Cards | None,
    topology: Topology,
    mean: Floats,
    template: Template,
    field: HeadField,
    coarseness: float = 1.0,
) -> HairStyle:
    """Make the volume of one style, join it with the head and bind the surface. cards None: grown on the scalp, with
    the analytic volume of this name if there is one.

    mean (B, 3): the base vertices of the template's head; coarseness: times as far apart as SPACING the grid is spaced.
    """
    spacing, shape = SPACING * coarseness, [math.ceil(count / coarseness) for count in SHAPE]
    origin = np.array([-0.62, LOWEST - 2 * spacing, -0.98], np.float32)
    axes = [origin[k] + spacing * np.arange(shape[k], dtype=np.float32) for k in range(3)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    head = _resample(field, points).reshape(shape)
    layer = GROWN_LAYER if name in GROWN else SCALP_LAYER
    hairline = name if name in _HAIRLINES else "full"
    thickness = _layer_thickness(points, hairline, layer).reshape(shape)
    hair = np.where(thickness > 0, head - thickness, np.maximum(head, 0) + spacing)
    if cards is not None:
        positions = _hang(card_vertices(cards, mean))
        radius = RADII.get(name, CARD_RADIUS)
        cards_field = card_distance(positions, cards.faces, points, radius).reshape(shape)
        if name not in OPEN:
            cards_field = fill_behind(cards_field, origin, spacing)
        cards_field = np.maximum(cards_field, -face_window(points).reshape(shape))
        hair = np.minimum(hair, cards_field)
    elif name in VOLUMES:
        volume = VOLUMES[name](points, head.ravel(), inside_hairline(points, hairline))
        hair = np.minimum(hair, np.maximum(volume, -face_window(points)).reshape(shape))
    smoothing = VOLUME_SMOOTHING if name in VOLUMES else SMOOTHING
    hair = _fill_voids(head, smooth_maximum(hair, below_end(points).reshape(shape), END_ROUNDING), smoothing, spacing)

    fine_points = np.stack(np.meshgrid(*field.axes, indexing="ij"), axis=-1)
    coordinates = ((fine_points - origin) / spacing).reshape(-1, 3).T
    fine_hair = ndimage.map_coordinates(hair, coordinates, order=3, mode="nearest").reshape(field.distance.shape)
    fine_thickness = _layer_thickness(fine_points.reshape(-1, 3), hairline, layer).reshape(field.distance.shape)
    grown = np.where(fine_thickness > 0, field.distance - fine_thickness, np.inf)
    fine_hair = np.maximum(np.minimum(fine_hair, grown), below_end(fine_points) - END_ROUNDING)
    vertices, faces = _surface(np.minimum(field.distance, fine_hair), field.axes)
    is_hair = _sample_axes(field.distance - fine_hair, field.axes, vertices) > 1e-3
    vertices[is_hair] = _settle(vertices[is_hair], hair, origin, spacing)
    return _bind(name, vertices, faces, is_hair, hair, origin, spacing, topology, template)


def below_end(points: Floats) -> Floats:
    """(...,) how far points (..., 3) lie below the plane in which hair ends; negative above it."""
    neck = load_layout().neck
    steep = np.hypot(1.0, neck.slope)
    return np.asarray((neck.slope * points[..., 2] + neck.height - points[..., 1]) / steep + END_GAP, np.float32)


def smooth_maximum(first: Floats, second: Floats, width: float) -> Floats:
    """The maximum of two distances, rounded where they differ by less than `width`."""
    share = np.clip(0.5 + 0.5 * (first - second) / width, 0, 1)
    return np.asarray(second + share * (first - second) + 0.5 * width * share * (1 - share), np.float32)


def _hang(positions: Floats) -> Floats:
    """Long cards fan out over the shoulders; below the ears they are drawn in, so that they fit the extraction box."""
    axis = np.array([0.0, HANGING_AXIS], np.float32)
    away = positions[:, [0, 2]] - axis
    distance = np.linalg.norm(away, axis=1)
    excess = np.maximum(distance - 0.75 * HANGING_RADIUS, 0)
    room = 0.25 * HANGING_RADIUS
    drawn = np.minimum(distance, 0.75 * HANGING_RADIUS) + room * (1 - np.exp(-excess / room))
    share = np.clip((0.05 - positions[:, 1]) / 0.25, 0, 1)
    scale = 1 + share * (drawn / np.maximum(distance, 1e-6) - 1)
    moved = positions.copy()
    moved[:, [0, 2]] = axis + away * scale[:, None]
    return moved


def card_distance(vertices: Floats, faces: Ints, points: Floats, radius: float) -> Floats:
    """(P,) unsigned distance to the cards minus their radius."""
    squared, _, _ = igl.point_mesh_squared_distance(
        points.astype(np.float64), vertices.astype(np.float64), faces.astype(np.int64)
    )
    return (np.sqrt(squared) - radius).astype(np.float32)


def fill_behind(hair: Floats, origin: Floats, spacing: float = SPACING) -> Floats:
    """The hair's distances (X, Y, Z), with everything between it and the axis inside the head filled, level by level.

    Cards are shells that stand off cheek, ear and neck. A level in which every point of the hair is joined to the axis
    by a straight line has no hole, and so the pile of them has no handle. The running minimum from outside to the axis
    keeps the outer surface as it is, and smooth.
    """
    axes = [origin[k] + spacing * np.arange(hair.shape[k]) for k in range(3)]
    far = float(np.hypot(np.abs(axes[0]).max(), np.abs(axes[2] - CORE_AXIS).max()))
    radius = np.arange(0.0, far, 0.5 * spacing)
    turns = 360
    angle = np.arange(-1, turns + 2) * (2 * np.pi / turns)
    level = np.arange(hair.shape[1], dtype=np.float64)
    r, y, t = np.meshgrid(radius, level, angle, indexing="ij")
    x = (r * np.sin(t) - origin[0]) / spacing
    z = (r * np.cos(t) + CORE_AXIS - origin[2]) / spacing
    polar = ndimage.map_coordinates(hair, [x, y, z], order=3, mode="nearest")
    polar = np.minimum.accumulate(polar[::-1], axis=0)[::-1]

    across, along = np.meshgrid(axes[0], axes[2] - CORE_AXIS, indexing="ij")
    row = np.broadcast_to((np.hypot(across, along) / (0.5 * spacing))[:, None], hair.shape)
    turn = (np.arctan2(across, along) % (2 * np.pi)) * (turns / (2 * np.pi)) + 1
    column = np.broadcast_to(turn[:, None], hair.shape)
    filled = ndimage.map_coordinates(
        polar, [row, np.broadcast_to(level[:, None], hair.shape), column], order=1, mode="nearest"
    )
    return np.minimum(hair, filled).astype(np.float32)


def face_window(points: Floats) -> Floats:
    """(P,) about the signed distance to the space in front of the face that hair leaves free, negative inside."""
    x, y, z = points.T
    round_part = np.sqrt((x / 0.205) ** 2 + ((y + 0.13) / 0.27) ** 2)
    return np.maximum((round_part - 1) * 0.2, 0.02 - z).astype(np.float32)


def _layer_thickness(points: Floats, hairline: str, layer: float) -> Floats:
    """(P,) thickness of the hair on the scalp: 0 outside the hairline, growing to `layer` over 10 mm."""
    return (layer * np.clip(inside_hairline(points, hairline) / 0.04, 0, 1)).astype(np.float32)


def inside_hairline(points: Floats, hairline: str) -> Floats:
    """(P,) how far points lie inside a hairline, in profile and from its bays; negative outside."""
    inside = -polygon_distance(points[:, [2, 1]], np.array(_HAIRLINES[hairline], np.float32))
    if hairline in _BAYS:
        inside = np.minimum(inside, ellipsoid(mirrored(points), *_BAYS[hairline]))
    return inside


def polygon_distance(points: Floats, polygon: Floats) -> Floats:
    """(P,) signed distance of 2D points to a polygon, negative inside."""
    nearest = np.full(len(points), np.inf)
    inside = np.zeros(len(points), dtype=bool)
    for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        side = end - start
        along = np.clip((points - start) @ side / (side @ side), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(points - start - along[:, None] * side, axis=1))
        crosses = (start[1] > points[:, 1]) != (end[1] > points[:, 1])
        if side[1] != 0:
            inside ^= crosses & (points[:, 0] < start[0] + (points[:, 1] - start[1]) / side[1] * side[0])
    return np.where(inside, -nearest, nearest).astype(np.float32)


def _fill_voids(head: Floats, hair: Floats, smoothing: float, spacing: float) -> Floats:
    """Smooth the hair, by so many voxels, and close the hollows between it and the head that reach no outside."""
    smooth = ndimage.gaussian_filter(hair, smoothing, mode="nearest")
    outside, _ = ndimage.label(np.minimum(head, smooth) > 0)
    open_air = outside == outside[0, -1, -1]
    voids = (np.minimum(head, smooth) > 0) & ~open_air
    return np.where(voids, np.minimum(smooth, -0.25 * spacing), smooth).astype(np.float32)


def _settle(points: Floats, hair: Floats, origin: Floats, spacing: float) -> Floats:
    """Marching cubes interpolates linearly, which leaves terraces on thin hair: Newton steps to the smooth zero level.

    Only points close to it move (not those of the layer on the scalp, which is finer than the grid).
    """
    spline = ndimage.spline_filter(hair, order=3, mode="nearest")
    slopes = [ndimage.spline_filter(slope, order=3, mode="nearest") for slope in np.gradient(hair, spacing)]

    def at(values: Floats, where: Floats) -> Floats:
        index = ((where - origin) / spacing).T
        return ndimage.map_coordinates(values, index, order=3, mode="nearest", prefilter=False)

    moved = points.copy()
    for _ in range(3):
        gradient = np.stack([at(slope, moved) for slope in slopes], axis=1)
        squared = np.maximum((gradient**2).sum(axis=1, keepdims=True), 0.05)
        moved = moved - at(spline, moved)[:, None] * gradient / squared
    near = np.linalg.norm(moved - points, axis=1, keepdims=True) < 0.25 * spacing
    return np.where(near, moved, points).astype(np.float32)


def _resample(field: HeadField, points: Floats) -> Floats:
    return _sample_axes(field.distance, field.axes, points)


def _sample_axes(values: Floats, axes: tuple[Floats, Floats, Floats], points: Floats) -> Floats:
    index = [np.interp(points[:, k], axes[k], np.arange(len(axes[k]))) for k in range(3)]
    return ndimage.map_coordinates(values, index, order=1, mode="nearest")


def _surface(values: Floats, axes: tuple[Floats, Floats, Floats]) -> tuple[Floats, Ints]:
    """Marching cubes on a rectilinear grid, closed at the grid's border; only the largest piece is kept."""
    closed = values.copy()
    for axis in range(3):
        for end in (0, -1):
            border = np.moveaxis(closed, axis, 0)
            border[end] = np.maximum(border[end], 1e-3)
    index, faces, _, _ = marching_cubes(closed, 0.0, gradient_direction="descent")
    vertices = np.stack([np.interp(index[:, k], np.arange(len(axes[k])), axes[k]) for k in range(3)], axis=1)
    _, label = sp.csgraph.connected_components(
        sp.coo_matrix(
            (np.ones(len(faces) * 2), (faces[:, [0, 1]].ravel(), faces[:, [1, 2]].ravel())), (len(index),) * 2
        ),
        directed=False,
    )
    keep = label == np.argmax(np.bincount(label))
    renumber = np.cumsum(keep) - 1
    return vertices[keep].astype(np.float32), renumber[faces[keep[faces[:, 0]]]].astype(np.int32)


def _bind(
    name: str,
    vertices: Floats,
    faces: Ints,
    is_hair: Bools,
    hair: Floats,
    origin: Floats,
    spacing: float,
    topology: Topology,
    template: Template,
) -> HairStyle:
    """Skin vertices follow the nearest point of the template, hair vertices what is around them."""
    squared, face, closest = igl.point_mesh_squared_distance(
        vertices.astype(np.float64), template.vertices.astype(np.float64), template.faces.astype(np.int64)
    )
    corners = template.vertices[template.faces[face]].astype(np.float64)
    bary = igl.barycentric_coordinates(closest, *(np.ascontiguousarray(corners[:, k]) for k in range(3)))
    vertices = np.where(is_hair[:, None], vertices, closest).astype(np.float32)
    on_template = sparse_rows(template.faces[face], bary, len(template.vertices))
    around = surrounding_weights(template.vertices, template.faces, vertices[is_hair], np.random.default_rng(0))
    rows = np.where(is_hair, len(vertices) + np.cumsum(is_hair) - 1, np.arange(len(vertices)))
    weights = sp.vstack([on_template, around]).tocsr()[rows] @ topology.subdivision
    follow = np.where(is_hair, np.exp(-squared / 0.05**2), 1.0).astype(np.float32)
    return HairStyle(
        name, WORDS.get(name, (name,)), hair, origin, spacing, vertices, faces, face.astype(np.int32),
        bary.astype(np.float32), is_hair, follow, weights.tocsr().astype(np.float32),
    )  # fmt: skip
