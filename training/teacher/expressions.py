"""Facial expressions: 52 ARKit-named actions of the base mesh and 23 named mixtures of them (expressions.json).

The actions are displacements of the mean head; core/nphm/face.py carries them to each head in its own proportions.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d
from scipy.spatial import cKDTree

from clip_head.core.types import Bools, Floats
from clip_head.core.uv.raster import rasterise
from clip_head.training.engine.tables import check_keys, load_table

from .base_mesh import facial_actions, load_target
from .dataset import MOUTH, Expressions
from .identities import CANONICAL_JAW
from .template import Topology

#: Pixel of the picture in which the slit between the lips is measured, units (0.1 mm): finer than any gap seen.
SLIT_PIXEL = 0.0004
#: How far each lip moves beyond the middle of the slit, units (0.1 mm), because other heads' lips leave more open than
#: the mean adult's. Chosen by the largest slit and the deepest crossing of the lips of many heads.
LIP_OVERLAP = 0.0004
#: Distance from the slit over which the movement of the lips falls to 1/e, units (6 mm): about a lip's height.
LIP_HEIGHT = 0.025


def read_expressions(path: Path) -> dict[str, dict[str, float]]:
    """Read the table of named expressions.

    path: JSON file, name -> {"both_sides": {action without Left or Right: weight}, "single": {action: weight}}; either
        part may be missing. Weights beyond 1 exaggerate.
    Returns: name -> {ARKit action: weight}, both sides first.
    Raises: ModelError when a key is missing or unknown.
    """
    table = load_table(path)
    expressions = {}
    for name, entry in table.items():
        check_keys(f"{path.name}: {name}", entry, (), ("both_sides", "single"))
        mirrored = entry.get("both_sides", {})
        weights = {f"{action}{side}": weight for action, weight in mirrored.items() for side in ("Left", "Right")}
        expressions[name] = weights | entry.get("single", {})
    return expressions


#: What captions call an expression -> weights of the ARKit actions, chosen by eye on renders.
TABLE = read_expressions(Path(__file__).with_name("expressions.json"))


def build_expressions(topology: Topology, vertices: Floats, regions: dict[str, Bools]) -> Expressions:
    """The facial actions as displacements of the template.

    topology: from the base mesh to the template.
    vertices: (V, 3) of the template, units, in the frame of the heads.
    regions: name -> (V,) masks, as of template.build_regions.
    Returns: the 52 actions, TABLE and the displacement that closes the canonical, slightly open mouth.
    """
    actions = facial_actions()
    basis = np.stack([topology.subdivision @ load_target(f"facial/{name}")[topology.base] for name in actions])
    closing = -CANONICAL_JAW * basis[actions.index("jawOpen")]
    closing = closing + _close_lips(topology, vertices + closing, regions)
    basis[actions.index("tongueOut")] += _tongue(vertices, regions)
    return Expressions(tuple(actions), basis.astype(np.float32), TABLE, closing.astype(np.float32))


def _close_lips(topology: Topology, vertices: Floats, regions: dict[str, Bools]) -> Floats:
    """Displacement (V, 3) that closes the slit between the lips of vertices (V, 3), both in units.

    The slit is measured in an image from the front, column by column, where the mouth's membrane shows in it. Upper
    and lower lip move towards its middle by half its height and LIP_OVERLAP.
    """
    lips = vertices[regions["upper_lip"] | regions["lower_lip"]]
    low, high = lips.min(axis=0), lips.max(axis=0)
    width, height = np.ceil((high - low)[:2] / SLIT_PIXEL).astype(int) + 1
    pixels = np.stack([vertices[:, 0] - low[0], high[1] - vertices[:, 1]], axis=1) / SLIT_PIXEL
    face = rasterise(pixels, -vertices[:, 2], topology.faces, int(height), int(width))[0]
    visible = (face >= 0) & (topology.part[face] == MOUTH)
    column = np.flatnonzero(visible.any(axis=0))
    row = (visible * np.arange(height)[:, None]).sum(axis=0)[column] / visible.sum(axis=0)[column]
    column_x = low[0] + SLIT_PIXEL * np.arange(width)
    # The largest height of 9 neighbouring columns (0.9 mm), smoothed, so that no column is closed too little.
    slit_height = gaussian_filter1d(maximum_filter1d(visible.sum(axis=0) * SLIT_PIXEL, 9), 9.0)
    slit_y = gaussian_filter1d(np.interp(np.arange(width), column, high[1] - row * SLIT_PIXEL), 9.0)
    x, y, z = vertices.T
    above = y - np.interp(x, column_x, slit_y)
    slit = np.interp(x, column_x, slit_height, left=0.0, right=0.0)
    movement = 0.5 * slit + LIP_OVERLAP * np.clip(slit / 0.002, 0, 1)
    movement = movement * np.exp(-((above / LIP_HEIGHT) ** 2)) * (z > low[2])
    return (np.where(above > 0, -movement, movement)[:, None] * np.array([0.0, 1.0, 0.0])).astype(np.float32)


def _tongue(vertices: Floats, regions: dict[str, Bools]) -> Floats:
    """Displacement (V, 3), in units, of a tongue put out. The template has none: the middle of the mouth's membrane is
    drawn out instead, forwards and a little down. All numbers are lengths in units, chosen by eye on renders."""
    x, y, _ = vertices.T
    middle = np.abs(x) < 0.02
    slit = (y[regions["upper_lip"] & middle].min() + y[regions["lower_lip"] & middle].max()) / 2
    to_lips, _ = cKDTree(vertices[regions["upper_lip"] | regions["lower_lip"]]).query(vertices)
    away_from_lips = np.clip((to_lips - 0.015) / 0.015, 0, 1) * regions["mouth"]
    weight = np.exp(-((x / 0.042) ** 4) - ((y - slit + 0.004) / 0.016) ** 4) * away_from_lips
    return (weight[:, None] * np.array([0.0, -0.055, 0.14])).astype(np.float32)
