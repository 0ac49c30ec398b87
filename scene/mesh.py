"""The head as a Blender mesh: welded along the seam, in metres, Z up, facing -Y, origin in the neck cut."""

from __future__ import annotations

import bpy
import numpy as np

from ..core.types import MILLIMETRES_PER_UNIT, Floats, Ints, UnwrappedMesh

#: The UV layer of our heads: Blender's own name for the first one.
UV_LAYER = "UVMap"
#: The attribute of an asset's vertices that says which points of the template they are: so its skin can be painted anew
#: whatever was sculpted.
TEMPLATE_POINTS = "clip_head_template"
#: Longest name of Blender data, in bytes, before 5.0.
_LONGEST_NAME = 63


def build_mesh(name: str, unwrapped: UnwrappedMesh) -> bpy.types.Mesh:
    """The neutral head as a smooth mesh with one UV layer. Seam twins become one vertex with two UVs.

    Vertex i of the result is the i-th distinct entry of `unwrapped.source` in rising order (see `weld`).
    """
    points, faces, corners, _ = weld(unwrapped)
    mesh = bpy.data.meshes.new(data_name(name))
    mesh.vertices.add(len(points))
    mesh.vertices.foreach_set("co", to_blender(points - neck_middle(points, faces)).ravel())
    mesh.loops.add(faces.size)
    mesh.loops.foreach_set("vertex_index", faces.ravel())
    mesh.polygons.add(len(faces))
    mesh.polygons.foreach_set("loop_start", np.arange(0, faces.size, 3, dtype=np.int32))
    layer = mesh.uv_layers.new(name=UV_LAYER, do_init=False)
    layer.uv.foreach_set("vector", unwrapped.uv[corners].astype(np.float32).ravel())
    mesh.update(calc_edges=True)
    mesh.shade_smooth()
    return mesh


def add_expression_key(obj: bpy.types.Object, unwrapped: UnwrappedMesh, name: str) -> bpy.types.ShapeKey:
    """Shape keys "Basis" (neutral) and `name` (the expression, at its full value) on a mesh of `build_mesh`."""
    obj.shape_key_add(name="Basis", from_mix=False)
    key = obj.shape_key_add(name=data_name(name), from_mix=False)
    _, _, _, offsets = weld(unwrapped)
    rest = np.empty(len(offsets) * 3, dtype=np.float32)
    obj.data.vertices.foreach_get("co", rest)
    key.data.foreach_set("co", rest + to_blender(offsets).ravel())
    key.value = 1.0
    return key


def weld(unwrapped: UnwrappedMesh) -> tuple[Floats, Ints, Ints, Floats]:
    """Join seam twins. Faces two of whose vertices become one are dropped.

    Returns points (W, 3), faces (F, 3) of these points, the same faces as vertices of `unwrapped` (F, 3), and the
    expression's offsets (W, 3); all in NPHM's frame, units.
    """
    _, first, joined = np.unique(unwrapped.source, return_index=True, return_inverse=True)
    faces = joined.astype(np.int32)[unwrapped.faces]
    whole = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    return unwrapped.vertices[first], faces[whole], unwrapped.faces[whole], unwrapped.expression_offsets[first]


def neck_middle(points: Floats, faces: Ints) -> Floats:
    """The middle (3,) of a mesh's open rim, the mean along its length; of a closed mesh that of its box's floor.

    points (V, 3): units; faces (F, 3).
    """
    rim = open_edges(faces, len(points))
    return np.asarray(rim_middle(points[rim]), dtype=np.float32) if len(rim) else floor_middle(points)


def open_edges(polygons: Ints, count: int) -> Ints:
    """The edges (E, 2) that only one polygon has.

    polygons (F, C): of C corners each.
    count: of the mesh's vertices.
    """
    edges = np.sort(np.stack([polygons, np.roll(polygons, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    # As single numbers: thirty times faster than unique rows, and Blender's window waits meanwhile.
    numbers, uses = np.unique(edges[:, 0].astype(np.int64) * count + edges[:, 1], return_counts=True)
    return np.stack(np.divmod(numbers[uses == 1], count), axis=1)


def rim_middle(ends: Floats) -> Floats:
    """The mean (3,) along the length of edges, whose ends (E, 2, 3) are given."""
    lengths = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1)
    return np.asarray(np.average(ends.mean(axis=1), axis=0, weights=lengths))


def floor_middle(points: Floats) -> Floats:
    """The middle (3,) of the floor of the box round points (V, 3)."""
    low, high = points.min(axis=0), points.max(axis=0)
    return np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2], dtype=np.float32)


def to_blender(vectors: Floats) -> Floats:
    """NPHM's frame (1 unit = 250 mm, +y up, +z face) to Blender's (metres, +z up, face along -y)."""
    x, y, z = np.moveaxis(np.asarray(vectors, dtype=np.float32), -1, 0)
    return np.stack([x, -z, y], axis=-1) * np.float32(MILLIMETRES_PER_UNIT / 1000.0)


def data_name(text: str) -> str:
    """A text as the name of Blender data: one line, not empty, cut between characters at 63 bytes."""
    line = " ".join(text.split()) or "Head"
    return line.encode("utf-8")[:_LONGEST_NAME].decode("utf-8", errors="ignore").strip()
