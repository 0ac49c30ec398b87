"""Heads that are in the file already, read as core's plain data: CLIP-Head's own, and the artist's."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import bpy
import numpy as np

from ..core.canvas_checks import check_foreign_mesh, check_own_uv
from ..core.errors import MeshError, RequestError
from ..core.foreign_files import parse_json
from ..core.request import LONGEST_WORDS, TEXTURE_SIZES
from ..core.schema import ListOf, Number, SchemaError, Table, Text, Type, Whole
from ..core.types import (
    MILLIMETRES_PER_UNIT,
    Bools,
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
from .hairstyle import read_hairstyle
from .mesh import TEMPLATE_POINTS, UV_LAYER

#: The UV layer that an artist's own head gets, beside those that it has.
OWN_LAYER = "CLIP-Head UV"
#: A whole number as Blender keeps one; what may be asked for is checked with the request.
_INTEGER = Whole(-(2**31), 2**31 - 1)
#: The custom properties of CLIP-Head's objects, and what they may be: checked, since anybody may change them.
PROPERTIES: dict[str, Type] = {
    "prompt": Text(LONGEST_WORDS, 1),
    "expression": Text(LONGEST_WORDS),
    "skin": Text(LONGEST_WORDS),
    "negative": Text(LONGEST_WORDS),
    "seed": _INTEGER,
    "resolution": _INTEGER,
    "texture_size": _INTEGER,
    "variation": Number(0.0, 1.0),
    "surface": Text(20),
    "skin_tone": Text(LONGEST_WORDS),
    "z_id": ListOf(Number(-1e6, 1e6), 100_000),
    "z_exp": ListOf(Number(-1e6, 1e6), 100_000),
    "origin": ListOf(Number(-1e3, 1e3), 3, 3),
}
#: Properties that may be missing: heads of earlier versions have none.
_OPTIONAL = ("negative", "variation", "surface")
#: A ModelCard in the property "models".
_CARD = Table({name: Text(20_000) for name in ("kind", "name", "licence", "source")}, closed=False)
#: Where the artist finds a property, to follow a remedy.
_WHERE = "It stands under Object > Custom Properties; where the head was saved elsewhere, open that file instead."


def is_ours(obj: bpy.types.Object | None) -> bool:
    """Whether an object was made by CLIP-Head and still has its UV."""
    return obj is not None and obj.type == "MESH" and "z_id" in obj and UV_LAYER in obj.data.uv_layers


def is_painted(obj: bpy.types.Object | None) -> bool:
    """Whether an object wears a skin of CLIP-Head's, whoever made its shape."""
    if is_ours(obj):
        return find_albedo(obj) is not None
    return obj is not None and obj.type == "MESH" and OWN_LAYER in obj.data.uv_layers and find_albedo(obj) is not None


def check_painted(obj: bpy.types.Object) -> None:
    """Raise RequestError, naming what is missing, unless the object wears a skin of CLIP-Head's that can be changed."""
    if is_painted(obj):
        return
    if not any(slot.material is not None and "clip_head" in slot.material for slot in obj.material_slots):
        cause = "has no material of CLIP-Head's"
    elif find_albedo(obj) is None:
        cause = "has a material of CLIP-Head's without its picture of colours"
    elif "z_id" not in obj and UV_LAYER in obj.data.uv_layers:
        cause = "has no property 'z_id', the code of its shape"
    else:
        cause = f"has no UV map of CLIP-Head's ({UV_LAYER!r} of its own heads, {OWN_LAYER!r} of others)"
    raise RequestError(
        f"The object {obj.name!r} holds no head whose skin can be changed: it {cause}.",
        "Name a folder that this version of ./run has made, or paint the mesh as your own head (--texture).",
    )


def skin_layer(obj: bpy.types.Object) -> bpy.types.MeshUVLoopLayer:
    """The UV layer on which the skin lies of an object that `is_painted`."""
    return obj.data.uv_layers[UV_LAYER if is_ours(obj) else OWN_LAYER]


def read_canvas(obj: bpy.types.Object, strength: float = 1.0, mask: bpy.types.Image | None = None) -> Canvas:
    """The object's head and, where it wears a skin of CLIP-Head's, the edit of that.

    obj: a mesh in Object Mode.
    strength: how much of the skin changes, 0 to 1.
    mask: an image in the head's UV, white where it may; None: everywhere.
    Raises RequestError where a property of ours, the UV or the picture is not as we made it, MeshError for a mesh that
    cannot be a head.
    """
    albedo = find_albedo(obj)
    edit = None
    if albedo is not None and (is_ours(obj) or OWN_LAYER in obj.data.uv_layers):
        for owner in (obj, *obj.users_collection):
            read_models(owner)
        weights = None if mask is None else read_mask(mask)
        edit = Edit(_read_colours(albedo), strength, weights)
    if is_ours(obj):
        z_id, z_exp = (np.array(read_property(obj, name), np.float32) for name in ("z_id", "z_exp"))
        tone = read_property(obj, "skin_tone") if "skin_tone" in obj else ""  # heads of earlier versions have none
        latents = Latents(z_id, z_exp) if z_id.size else None
        return Canvas(_read_own(obj), latents, edit, tone, read_hairstyle(obj))
    return Canvas(read_foreign(obj), None, edit)


def read_property(obj: bpy.types.Object, name: str) -> Any:
    """One of PROPERTIES, as plain Python. Raises RequestError where it is missing or not what it may be."""
    value = obj.get(name)
    value = value.to_list() if hasattr(value, "to_list") else value
    if value is None:
        raise RequestError(f"The object {obj.name!r} has no property {name!r}.", f"Restore it. {_WHERE}")
    try:
        PROPERTIES[name].check(name, value)
    except SchemaError as error:
        raise RequestError(f"The object {obj.name!r} {error.cause}", f"{error.remedy} {_WHERE}") from error
    return value


def read_models(owner: bpy.types.Object | bpy.types.Collection) -> list[dict[str, str]]:
    """The cards of the models that made a head, from the property "models" of its object or collection; none where
    there is no such property. Raises RequestError where it is not what we wrote."""
    text = owner.get("models", "[]")
    try:
        ListOf(_CARD, 100).check("models", parse_json(text.encode()) if isinstance(text, str) else text)
    except SchemaError as error:
        raise RequestError(f"{owner.name!r} {error.cause}", f"{error.remedy} {_WHERE}") from error
    except ValueError as error:
        raise RequestError(
            f"The property 'models' of {owner.name!r} is no JSON ({error}).", f"Remove it. {_WHERE}"
        ) from error
    return [dict(card) for card in json.loads(text)]


def read_request(obj: bpy.types.Object) -> HeadRequest:
    """The request that the object was made for, from its custom properties.

    Raises RequestError where one is missing or not what it may be.
    """
    names = [entry.name for entry in fields(HeadRequest) if entry.name in obj or entry.name not in _OPTIONAL]
    return HeadRequest(**{name: read_property(obj, name) for name in names})


def read_foreign(obj: bpy.types.Object) -> ForeignMesh:
    """An artist's mesh, as large and as turned as its object shows it, without modifiers and shape keys.

    Raises MeshError where it cannot be a head (see check_foreign_mesh).
    """
    mesh = obj.data
    if not len(mesh.polygons):
        raise MeshError(f"The mesh of {obj.name!r} has no faces.", "Select the head itself.")
    vertices = _positions(mesh) @ np.array(obj.matrix_world.to_3x3(), np.float32).T
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    lengths = np.empty(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("loop_total", lengths)
    polygons = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    upright = np.stack([vertices[:, 0], vertices[:, 2], -vertices[:, 1]], axis=1)
    foreign = ForeignMesh(upright.astype(np.float32), corners[_triangles(mesh)], corners, polygons)
    check_foreign_mesh(foreign, repr(obj.name))
    return foreign


def _read_own(obj: bpy.types.Object) -> UnwrappedMesh:
    """One of our heads, in NPHM's frame: a vertex for each UV that a vertex of Blender's has. Of an asset's head that
    is the skin alone: the inside of its mouth has a material of its own, and no place in the UV.

    Raises RequestError where its origin is missing or odd, or its UV is not as we made it.
    """
    mesh = obj.data
    origin = np.array(read_property(obj, "origin"), np.float32)
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    uv = np.empty(2 * len(corners), np.float32)
    mesh.uv_layers[UV_LAYER].uv.foreach_get("vector", uv)
    rows = np.column_stack([corners.astype(np.float64), uv.reshape(-1, 2)])
    distinct, vertex = np.unique(rows, axis=0, return_inverse=True)
    source = distinct[:, 0].astype(np.int32)
    vertices = from_blender(_positions(mesh)) + origin
    template = read_template_points(mesh)
    unwrapped = UnwrappedMesh(
        vertices=vertices[source],
        faces=vertex.ravel().astype(np.int32)[_triangles(mesh)[_on_skin(obj)]],
        expression_offsets=np.zeros((len(source), 3), np.float32),
        uv=distinct[:, 1:].astype(np.float32),
        source=source,
        template_points=None if template is None else template[source],
    )
    check_own_uv(unwrapped, repr(obj.name))
    return unwrapped


def _on_skin(obj: bpy.types.Object) -> Bools:
    """Which of the mesh's triangles (F,) wear the head's skin; all of them where no material is marked as that."""
    marked = [slot.material is not None and "clip_head" in slot.material for slot in obj.material_slots]
    index = np.empty(len(obj.data.loop_triangles), np.int32)
    obj.data.loop_triangles.foreach_get("material_index", index)
    return np.array(marked)[index] if any(marked) else np.ones(len(index), bool)


def read_template_points(mesh: bpy.types.Mesh) -> Floats | None:
    """The point of the template (V, 3), units, that each vertex of an asset's head is; None for other meshes.

    mesh: any.
    """
    stored = mesh.attributes.get(TEMPLATE_POINTS)
    if stored is None or stored.domain != "POINT" or stored.data_type != "FLOAT_VECTOR":
        return None
    points = np.empty(3 * len(mesh.vertices), np.float32)
    stored.data.foreach_get("vector", points)
    return points.reshape(-1, 3)


def from_blender(vectors: Floats) -> Floats:
    """Blender's frame (metres, +z up, face along -y) to NPHM's (1 unit = 250 mm, +y up, +z face)."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.stack([x, z, -y], axis=-1) * np.float32(1000.0 / MILLIMETRES_PER_UNIT)


def _positions(mesh: bpy.types.Mesh) -> Floats:
    """The vertices (V, 3) without any shape key, in the object's own frame."""
    points = np.empty(3 * len(mesh.vertices), np.float32)
    owner = mesh.shape_keys.reference_key.data if mesh.shape_keys else mesh.vertices
    owner.foreach_get("co", points)
    return points.reshape(-1, 3)


def _triangles(mesh: bpy.types.Mesh) -> Ints:
    """The mesh's triangles (F, 3), as indices of its polygons' corners."""
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


def _read_colours(image: bpy.types.Image) -> Bytes:
    """The picture's red, green and blue (H, W, 3). Raises RequestError for one that is no texture of ours."""
    if max(image.size) > TEXTURE_SIZES[1] or image.channels < 3:
        width, height = image.size
        raise RequestError(
            f"The picture {image.name!r} has {width} x {height} pixels of {image.channels} channels, which is no "
            f"albedo of CLIP-Head's (at most {TEXTURE_SIZES[1]} pixels, 3 or 4 channels).",
            "Put the head's own albedo.png in its place.",
        )
    return read_image(image)[..., :3].copy()


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
