"""Hair styles on the template: closed volumes, made of MakeHuman's hair cards or analytic, joined with the head.

A style's .mhclo file places its cards on the template. There, the unsigned distance to the cards minus their radius,
smoothed, joined with a thin layer on the scalp, is the hair's signed distance. Marching cubes on the minimum of head
and hair gives one surface; its skin vertices lie on the template and follow it, its hair vertices follow the surface
around them, as does all space around the template. (MakeHuman itself scales cards along the axes of every head; NPHM
cannot show that, since there space moves with the identity's deformation.)
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy.sparse as sp
from scipy import ndimage
from tqdm import tqdm

from clip_head.core.types import Floats

from .dataset import HairStyle, Template, save_style
from .hair_cards import CARD_RADIUS, Cards, card_distance, card_vertices, draw_in_long_hair, read_cards
from .hair_field import (
    GRID_ORIGIN,
    GRID_SHAPE,
    SPACING,
    HeadField,
    close_voids,
    end_plane_distance,
    face_window,
    fill_towards_axis,
    hairline_depth,
    head_field,
    sample_rectilinear,
    scalp_thickness,
)
from .hair_styles import STYLES, StyleRecipe
from .hair_surface import bind_to_template, extract_surface, project_to_zero_level
from .hair_volumes import VOLUMES
from .primitives import smooth_maximum
from .template import Topology

#: Thickness of the layer on the scalp under cards and volumes, units (3.5 mm): no skin shows between them.
SCALP_LAYER = 0.014
#: Standard deviation of the Gaussian that smooths hair of cards, in grid points: single cards melt into one volume.
CARD_SMOOTHING = 1.5
#: The same for volumes, which are smooth already.
VOLUME_SMOOTHING = 0.5
#: Width over which the lower end of hair is rounded, units (7.5 mm).
END_ROUNDING = 0.03


def build_styles(
    assets: Path | None, topology: Topology, mean: Floats, template: Template, out: Path, fresh: bool
) -> None:
    """Write one file per style; files that exist are kept.

    assets: folder of the MakeHuman system assets with hair/; None: only styles that need no cards.
    topology: from the base mesh to the template.
    mean: (B, 3) base vertices of the template's head, units.
    template: the mean head.
    out: folder to write to.
    fresh: whether files that exist are made again.
    Raises: ClipHeadError when a style of the assets is incomplete.
    """
    save_style(out / "bald.npz", bald_style(topology, template))
    folders = sorted(path for path in (assets / "hair").iterdir() if path.is_dir()) if assets else []
    carded = [folder.name for folder in folders if folder.name not in VOLUMES]
    grown = [name for name, recipe in STYLES.items() if recipe.grown_layer is not None]
    names = [*grown, *VOLUMES, *carded]
    if not fresh and all((out / f"{name}.npz").is_file() for name in names):
        return
    field = head_field(template)
    for name in tqdm(names, "hair"):
        if fresh or not (out / f"{name}.npz").is_file():
            cards = read_cards(assets / "hair" / name, topology.base) if name in carded and assets else None
            save_style(out / f"{name}.npz", build_style(name, cards, topology, mean, template, field))


def bald_style(topology: Topology, template: Template) -> HairStyle:
    """No hair: the template itself.

    topology: from the base mesh to the template.
    template: the mean head.
    Returns: the style "bald", without a grid.
    """
    count = len(template.vertices)
    first_face = np.zeros(count, np.int32)
    for corner in range(3):
        first_face[template.faces[:, corner]] = np.arange(len(template.faces))
    bary = np.zeros((count, 3), np.float32)
    bary[np.arange(count), np.argmax(template.faces[first_face] == np.arange(count)[:, None], axis=1)] = 1
    return HairStyle(
        name="bald",
        words=STYLES["bald"].phrases,
        grid=None,
        origin=np.zeros(3, np.float32),
        spacing=0.0,
        vertices=template.vertices,
        faces=template.faces,
        template_face=first_face,
        template_bary=bary,
        is_hair=np.zeros(count, bool),
        follow=np.ones(count, np.float32),
        weights=sp.csr_matrix(topology.subdivision),
    )


def build_style(
    name: str, cards: Cards | None, topology: Topology, mean: Floats, template: Template, field: HeadField
) -> HairStyle:
    """Make the volume of one style, join it with the head and bind the surface.

    name: of the style; a key of STYLES, or another one of the assets.
    cards: its cards; None: grown on the scalp, with the analytic volume of this name if there is one.
    topology: from the base mesh to the template.
    mean: (B, 3) base vertices of the template's head, units.
    template: the mean head.
    field: its signed distance.
    Returns: the style.
    """
    recipe = STYLES.get(name, StyleRecipe((name,)))
    layer = SCALP_LAYER if recipe.grown_layer is None else recipe.grown_layer
    hair = _hair_distance(name, recipe, layer, None if cards is None else (cards, card_vertices(cards, mean)), field)

    # The grid of hair is too coarse for the face: interpolated on the head's, with the layer on the scalp made anew.
    points = np.stack(np.meshgrid(*field.axes, indexing="ij"), axis=-1)
    index = ((points - GRID_ORIGIN) / SPACING).reshape(-1, 3).T
    fine_hair = ndimage.map_coordinates(hair, index, order=3, mode="nearest").reshape(field.distance.shape)
    thickness = scalp_thickness(points.reshape(-1, 3), recipe.hairline, layer).reshape(field.distance.shape)
    grown = np.where(thickness > 0, field.distance - thickness, np.inf)
    fine_hair = np.maximum(np.minimum(fine_hair, grown), end_plane_distance(points) - END_ROUNDING)
    vertices, faces = extract_surface(np.minimum(field.distance, fine_hair), field.axes)
    is_hair = sample_rectilinear(field.distance - fine_hair, field.axes, vertices) > 1e-3
    vertices[is_hair] = project_to_zero_level(vertices[is_hair], hair, GRID_ORIGIN)
    return bind_to_template(name, recipe.phrases, (vertices, faces, is_hair), (hair, GRID_ORIGIN), topology, template)


def _hair_distance(
    name: str, recipe: StyleRecipe, layer: float, cards: tuple[Cards, Floats] | None, field: HeadField
) -> Floats:
    """(X, Y, Z) signed distance of a style's closed volume on the grid of GRID_ORIGIN; cards with their vertices (P, 3)
    on the template."""
    axes = [GRID_ORIGIN[k] + SPACING * np.arange(GRID_SHAPE[k], dtype=np.float32) for k in range(3)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    head = sample_rectilinear(field.distance, field.axes, points).reshape(GRID_SHAPE)
    thickness = scalp_thickness(points, recipe.hairline, layer).reshape(GRID_SHAPE)
    hair = np.where(thickness > 0, head - thickness, np.maximum(head, 0) + SPACING)
    if cards is not None:
        radius = CARD_RADIUS if recipe.card_radius is None else recipe.card_radius
        volume = card_distance(draw_in_long_hair(cards[1]), cards[0].faces, points, radius).reshape(GRID_SHAPE)
        if recipe.fill:
            volume = fill_towards_axis(volume, GRID_ORIGIN)
        hair = np.minimum(hair, np.maximum(volume, -face_window(points).reshape(GRID_SHAPE)))
    elif name in VOLUMES:
        volume = VOLUMES[name](points, head.ravel(), hairline_depth(points, recipe.hairline))
        hair = np.minimum(hair, np.maximum(volume, -face_window(points)).reshape(GRID_SHAPE))
    smoothing = VOLUME_SMOOTHING if name in VOLUMES else CARD_SMOOTHING
    hair = smooth_maximum(hair, end_plane_distance(points).reshape(GRID_SHAPE), END_ROUNDING)
    return close_voids(head, hair, smoothing)
