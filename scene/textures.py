"""New textures for an object that is in the file already."""

from __future__ import annotations

import json
from dataclasses import asdict

import bpy
import numpy as np

from ..core.errors import MeshError
from ..core.types import Floats, Head
from .asset_materials import exchange_pictures
from .canvas import OWN_LAYER, is_ours, read_models
from .hair import recolour_hair
from .hair_cards import refresh_cards
from .material import build_material
from .mesh import data_name
from .multires import renew_sculpt_detail
from .preview import asset_parts

#: Name of the attribute in which an artist's mesh keeps the material slots that its polygons had before.
FORMER = "Material before CLIP-Head"
#: UV maps that Blender allows on one mesh.
_MOST_LAYERS = 8


def apply_textures(obj: bpy.types.Object, head: Head) -> None:
    """Put the head's material on the object that it was painted for.

    Our own heads change their material, the pictures of their eyes, the colours of their hair, and the relief that was
    made of the old skin's normals. An artist's mesh keeps all it has: the UV comes in a layer of its own, the material
    in a slot of its own, and the material slots of the polygons that it goes on are kept in an attribute.
    Raises MeshError where the mesh was changed meanwhile.
    """
    if head.corner_uv is not None:
        _check(obj, head.corner_uv)
    name = data_name(head.request.skin or head.request.prompt)
    material = build_material(name, head.textures)
    if head.corner_uv is not None:
        _use_layer(material, OWN_LAYER)
        _add_layer(obj.data, head.corner_uv)
    slot = _own_slot(obj)
    if slot is None:
        if not len(obj.data.materials):
            obj.data.materials.append(None)  # stays with the polygons that are not on the chart
        obj.data.materials.append(material)
        slot = len(obj.data.materials) - 1
    else:
        obj.data.materials[slot] = material
    if head.corner_uv is not None:
        _assign(obj.data, slot, head.corner_uv)
    exchange_pictures(asset_parts(obj), head.part_images)
    recolour_hair(obj, head.part_images)
    for collection in obj.users_collection:
        refresh_cards(collection)
    renew_sculpt_detail(obj)
    _remember(obj, head)


def _own_slot(obj: bpy.types.Object) -> int | None:
    """The index of the mesh's slot that has a material of CLIP-Head's; None where none has."""
    materials = obj.data.materials
    return next((n for n, material in enumerate(materials) if material is not None and "clip_head" in material), None)


def _check(obj: bpy.types.Object, uv: Floats) -> None:
    """Raise MeshError unless the UV (L, 2) fits the mesh and there is room for its layer."""
    if len(obj.data.loops) != len(uv):
        raise MeshError(
            f"The mesh of {obj.name} was changed while it was painted, so its UV fits no more.", "Texture it again."
        )
    if OWN_LAYER not in obj.data.uv_layers and len(obj.data.uv_layers) >= _MOST_LAYERS:
        raise MeshError(
            f"The mesh of {obj.name} has {_MOST_LAYERS} UV maps, and Blender allows no more.", "Remove one of them."
        )


def _add_layer(mesh: bpy.types.Mesh, uv: Floats) -> None:
    """The layer with our UV; which layer is active, and which is rendered, stays as it was."""
    active, rendered = mesh.uv_layers.active_index, next((x.name for x in mesh.uv_layers if x.active_render), None)
    layer = mesh.uv_layers.get(OWN_LAYER) or mesh.uv_layers.new(name=OWN_LAYER, do_init=False)
    layer.uv.foreach_set("vector", np.nan_to_num(uv, nan=0.0).astype(np.float32).ravel())
    if rendered is not None:
        mesh.uv_layers.active_index = active
        mesh.uv_layers[rendered].active_render = True
    mesh.update()


def _assign(mesh: bpy.types.Mesh, slot: int, uv: Floats) -> None:
    """Give the polygons that lie on the chart the material in the slot; what they had is kept once, in FORMER."""
    previous = np.empty(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("material_index", previous)
    former = mesh.attributes.get(FORMER)
    if former is None:
        former = mesh.attributes.new(FORMER, "INT", "FACE")
        former.data.foreach_set("value", previous)
    start = np.empty(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("loop_start", start)
    mesh.polygons.foreach_set("material_index", np.where(np.isfinite(uv[start, 0]), slot, previous).astype(np.int32))
    mesh.update()


def _use_layer(material: bpy.types.Material, layer: str) -> None:
    """Make every picture and normal map of the material lie on a UV layer of this name."""
    tree = material.node_tree
    place = tree.nodes.new("ShaderNodeUVMap")
    place.uv_map, place.location = layer, (-1000, 0)
    for node in list(tree.nodes):
        if node.type == "TEX_IMAGE":
            tree.links.new(place.outputs["UV"], node.inputs["Vector"])
        elif node.type == "NORMAL_MAP":
            node.uv_map = layer


def _remember(obj: bpy.types.Object, head: Head) -> None:
    """The custom properties of the object, and of its head's collection, say what skin it wears now."""
    owners = [obj, *(collection for collection in obj.users_collection if is_ours(obj) and "models" in collection)]
    painted = [asdict(card) for card in head.models]
    kinds = {card["kind"] for card in painted}
    for owner in owners:
        for key, value in asdict(head.request).items():
            owner[key] = value
        earlier = [card for card in read_models(owner) if card["kind"] not in kinds]
        owner["models"] = json.dumps([*earlier, *painted], ensure_ascii=False)
    if is_ours(obj):
        obj["skin_tone"] = head.skin_tone
