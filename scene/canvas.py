"""Heads that are in the file already, read as core's plain data: those of ours, and those of the artist's."""

from __future__ import annotations

from dataclasses import fields

import bpy
import numpy as np

from ..core.errors import MeshError
from ..core.types import (
    MILLIMETRES_PER_UNIT,
    Bytes,
    Canvas,
    Edit,
    Floats,
    ForeignMesh,
    HeadRequest,
    Ints,
    Latents,
    UnwrappedMesh,
)
from .mesh import UV_LAYER

#: The UV layer that an artist's own head gets, beside those that it has.
OWN_LAYER = "CLIP-Head UV"


def is_ours(obj: bpy.types.Object | None) -> bool:
    """Was this object made by CLIP-Head, and does it still have its UV?"""
    return obj is not None and obj.type == "MESH" and "z_id" in obj and UV_LAYER in obj.data.uv_layers


def is_painted(obj: bpy.types.Object | None) -> bool:
    """Does this object wear a skin of CLIP-Head's, whoever made its shape?"""
    if is_ours(obj):
        return find_albedo(obj) is not None
    return obj is not None and obj.type == "MESH" and OWN_LAYER in obj.data.uv_layers and find_albedo(obj) is not None


def skin_layer(obj: bpy.types.Object) -> bpy.types.MeshUVLoopLayer:
    """The UV layer on which the skin lies of an object that `is_painted`."""
    return obj.data.uv_layers[UV_LAYER if is_ours(obj) else OWN_LAYER]


def read_canvas(obj: bpy.types.Object, strength: float = 1.0, mask: bpy.types.Image | None = None) -> Canvas:
    """The object's head and, where it wears a skin of CLIP-Head's, what of that may change."""
    albedo = find_albedo(obj)
    edit = None
    if albedo is not None and (is_ours(obj) or OWN_LAYER in obj.data.uv_layers):
        weights = None if mask is None else read_mask(mask)
        edit = Edit(read_image(albedo)[..., :3].copy(), strength, weights)
    if is_ours(obj):
        z_id, z_exp = (np.array(obj[name], np.float32) for name in ("z_id", "z_exp"))
        return Canvas(_read_own(obj), Latents(z_id, z_exp) if z_id.size else None, edit)
    return Canvas(read_foreign(obj), None, edit)


def read_request(obj: bpy.types.Object) -> HeadRequest:
    """The request that the object was made for, from its custom properties."""
    known = {entry.name for entry in fields(HeadRequest)}
    return HeadRequest(**{name: obj[name] for name in known if name in obj})


def read_foreign(obj: bpy.types.Object) -> ForeignMesh:
    """An artist's mesh, as large and as turned as its object shows it, without modifiers and shape keys.

    Raises MeshError where it has no faces.
    """
    mesh = obj.data
    if not len(mesh.polygons):
        raise MeshError(f"The mesh of {obj.name} has no faces.", "Select the head itself.")
    vertices = _positions(mesh) @ np.array(obj.matrix_world.to_3x3(), np.float32).T
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    lengths = np.empty(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("loop_total", lengths)
    polygons = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    upright = np.stack([vertices[:, 0], vertices[:, 2], -vertices[:, 1]], axis=1)
    return ForeignMesh(upright.astype(np.float32), corners[_triangles(mesh)], corners, polygons)


def _read_own(obj: bpy.types.Object) -> UnwrappedMesh:
    """One of our heads, in NPHM's frame: a vertex for each UV that a vertex of Blender's has."""
    mesh = obj.data
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    uv = np.empty(2 * len(corners), np.float32)
    mesh.uv_layers[UV_LAYER].uv.foreach_get("vector", uv)
    rows = np.column_stack([corners.astype(np.float64), uv.reshape(-1, 2)])
    distinct, own = np.unique(rows, axis=0, return_inverse=True)
    source = distinct[:, 0].astype(np.int32)
    vertices = from_blender(_positions(mesh)) + np.array(obj["origin"], np.float32)
    return UnwrappedMesh(
        vertices=vertices[source],
        faces=own.ravel().astype(np.int32)[_triangles(mesh)],
        expression_offsets=np.zeros((len(source), 3), np.float32),
        uv=distinct[:, 1:].astype(np.float32),
        source=source,
    )


def from_blender(vectors: Floats) -> Floats:
    """Blender's frame (metres, +z up, face along -y) to NPHM's (1 unit = 250 mm, +y up, +z face)."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.stack([x, z, -y], axis=-1) * np.float32(1000.0 / MILLIMETRES_PER_UNIT)


def _positions(mesh: bpy.types.Mesh) -> Floats:
    """(V, 3), without any shape key."""
    points = np.empty(3 * len(mesh.vertices), np.float32)
    owner = mesh.shape_keys.reference_key.data if mesh.shape_keys else mesh.vertices
    owner.foreach_get("co", points)
    return points.reshape(-1, 3)


def _triangles(mesh: bpy.types.Mesh) -> Ints:
    """(F, 3) corners of the mesh's triangles."""
    mesh.calc_loop_triangles()
    loops = np.empty(3 * len(mesh.loop_triangles), np.int32)
    mesh.loop_triangles.foreach_get("loops", loops)
    return loops.reshape(-1, 3)


def find_albedo(obj: bpy.types.Object) -> bpy.types.Image | None:
    """The picture of colours in the CLIP-Head material of the object; None where it has none."""
    for slot in obj.material_slots:
        if slot.material is not None and "clip_head" in slot.material:
            for node in slot.material.node_tree.nodes:
                image = getattr(node, "image", None)
                if image is not None and image.colorspace_settings.name == "sRGB" and min(image.size) > 0:
                    return image
    return None


def read_image(image: bpy.types.Image) -> Bytes:
    """The image as bytes (H, W, channels), row 0 on top, as they are stored."""
    width, height = image.size
    values = np.empty(width * height * image.channels, np.float32)
    image.pixels.foreach_get(values)
    return np.rint(values.reshape(height, width, image.channels)[::-1].clip(0, 1) * 255).astype(np.uint8)


def read_mask(image: bpy.types.Image) -> Floats:
    """The image as weights (H, W), row 0 on top: white is 1, black and transparent are 0."""
    pixels = read_image(image).astype(np.float32) / 255
    weights = pixels[..., : min(3, pixels.shape[2])].mean(axis=2)
    return np.asarray(weights * pixels[..., 3] if pixels.shape[2] == 4 else weights, np.float32)
