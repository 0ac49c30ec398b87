"""Beards: in the volumes that the head model has of them, or drawn on the skin with strokes of a brush."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy.spatial import cKDTree

from clip_head.core.hair.library import Stored
from clip_head.core.nphm.embedded_network import EmbeddedNetwork
from clip_head.core.types import Bools, Floats

from .fields import Distance, beard_distance, beard_thickness
from .recipes import Recipe, Stroke
from .scalp import Skin, bordered, nearest_roots

#: Thickness of a beard at which it is as dense as can be, units (1.5 mm); stubble is thinner throughout.
DENSE_BEARD, DENSE_STUBBLE = 0.006, 0.002
#: Vertices deeper than this under the skin are those within mouth and sockets, units (1 mm).
WITHIN = -0.004
#: Height on the template above which the lower lip is bare of hair that comes from elsewhere, too, and how near to the
#: lips such hair counts as on them, units (12 mm).
LIP_HEIGHT, ON_LIPS = -0.28, 0.05
#: Regions on which no beard grows.
SHAVEN = ("mouth", "ears", "nose", "upper_lip", "lower_lip", "left_eyelids", "right_eyelids", "brows")
#: Distance from the corners of the mouth within which none does, units (4.5 mm): there skin folds into the mouth.
CORNER = 0.018
#: Distance between the places of a stroke that are put on the skin, units (1 mm).
SPACING = 0.004
#: How far the border of a stroke wavers, as a part of the depth over which hair thins out there.
WAVERING = 0.4


def beard_volume(network: EmbeddedNetwork, name: str, recipe: Recipe, distance: Distance) -> Distance:
    """The distance to the volume that a beard grows in: the head model's, or all that is near the skin.

    network: of the head model.
    name: of the beard, or of the head model's that it grows in.
    recipe: of the beard.
    distance: to the template's skin.
    """
    if recipe.strokes:
        return Distance(distance.values - np.float32(recipe.thickness), distance.origin, distance.spacing)
    return beard_distance(network, name, distance)


def beard_density(network: EmbeddedNetwork, name: str, recipe: Recipe, skin: Skin, distance: Distance) -> Floats:
    """How densely (V,), 0 to 1, a beard stands on the skin; arguments as of `beard_volume`, skin: of the template."""
    if recipe.strokes:
        density = drawn(skin, recipe)
    else:
        dense = DENSE_BEARD if recipe.confined else DENSE_STUBBLE
        density = np.clip(beard_thickness(network, name, skin.vertices) / dense, 0, 1)
    if recipe.within:
        density[~np.any([skin.masks[region] for region in recipe.within], axis=0)] = 0.0
    else:
        density[distance.at(skin.vertices) < WITHIN] = 0.0
        density[np.any([skin.masks[region] for region in SHAVEN], axis=0)] = 0.0
        density[cKDTree(mouth_corners(skin)).query(skin.vertices)[0] < CORNER] = 0.0
    return np.asarray(recipe.density * density, np.float32)


def mouth_corners(skin: Skin) -> Floats:
    """The left and the right corner of the mouth (2, 3), units; skin: of the template."""
    lips = skin.vertices[skin.masks["lower_lip"]]
    return lips[[lips[:, 0].argmax(), lips[:, 0].argmin()]]


def drawn(skin: Skin, recipe: Recipe) -> Floats:
    """The density (V,), 0 to 1, of hair that is drawn with the strokes of a recipe; it thins out along their borders.

    skin: of the template.
    recipe: with strokes.
    """
    depth = stroke_depth(skin, recipe.strokes)
    # Alike on both sides.
    points = skin.vertices.copy()
    points[:, 0] = np.abs(points[:, 0])
    return bordered(points, depth, recipe.border, WAVERING * recipe.border)


def off_lips(points: Floats, skin: Skin) -> Bools:
    """Which guides (N,) lie neither before the opening of the mouth nor on the lower lip.

    points: (N, K, 3) of guides, units.
    skin: of the template.
    """
    lips = skin.masks["mouth"] | (skin.masks["lower_lip"] & (skin.vertices[:, 1] > LIP_HEIGHT))
    distance, nearest = cKDTree(skin.vertices).query(points[:, 1:].reshape(-1, 3))
    on = lips[nearest] & (distance < ON_LIPS)
    return np.asarray(~on.reshape(len(points), -1).any(axis=1))


def joined(pieces: list[Stored]) -> Stored:
    """One groom of the guides of several; it looks as the first one does."""
    first = pieces[0]
    return replace(
        first,
        points=np.concatenate([one.points for one in pieces]),
        corners=np.concatenate([one.corners for one in pieces]),
        barycentric=np.concatenate([one.barycentric for one in pieces]),
        density=np.max([one.density for one in pieces], axis=0),
    )


def stroke_depth(skin: Skin, strokes: tuple[Stroke, ...]) -> Floats:
    """How deep the skin's vertices (V,) lie within strokes or their mirror images, units, negative outside.

    skin: of the template.
    strokes: nodes (x, y, z, half the width there), units; the line between them is put on the skin.
    """
    depth = np.full(len(skin.vertices), -np.inf)
    for stroke in strokes:
        line = _finely(np.array(stroke))
        points = nearest_roots(skin, line[:, :3].astype(np.float32)).points
        for side in (points, points * np.array([-1, 1, 1], np.float32)):
            apart = np.linalg.norm(skin.vertices[:, None] - side, axis=2)
            depth = np.maximum(depth, (line[:, 3] - apart).max(axis=1))
    return np.asarray(depth, np.float32)


def _finely(nodes: Floats) -> Floats:
    """Nodes (K, 4) with others between them (M, 4), SPACING apart."""
    pieces = [nodes[:1]]
    for start, end in pairwise(nodes):
        count = max(1, int(np.ceil(np.linalg.norm(end[:3] - start[:3]) / SPACING)))
        pieces.append(start + np.linspace(0, 1, count + 1)[1:, None] * (end - start))
    return np.concatenate(pieces)
