"""All strands of a groom as curves without modifiers."""

from __future__ import annotations

import bpy
import numpy as np

from .hair_material import ROOTS
from .hair_nodes import show_share


def bake_strands(obj: bpy.types.Object, scene: bpy.types.Scene, share: float = 1.0) -> bpy.types.Object:
    """A Curves object with the strands of a groom as they are rendered, where the skin carries them now.

    obj: of scene/hair.py, in any scene; it stays as it is.
    scene: where the new one goes, hidden from renders. It stands in the origin, as if the skin did.
    share: of the strands, 0 to 1; they are the thicker the fewer, and cover as much.
    """
    whole = obj.copy()
    wider = 1.0 / share if show_share(whole, share) else 1.0
    whole.hide_viewport = False
    for modifier in whole.modifiers:
        modifier.show_viewport = modifier.show_render
    scene.collection.objects.link(whole)
    layer = scene.view_layers[0]
    layer.update()
    strands: bpy.types.Curves = whole.evaluated_get(layer.depsgraph).data
    baked = bpy.data.hair_curves.new(obj.name)
    starts = np.empty(len(strands.curve_offset_data), np.int32)
    strands.curve_offset_data.foreach_get("value", starts)
    baked.add_curves(np.diff(starts).tolist())
    for name, kind, field, size in (("position", "FLOAT_VECTOR", "vector", 3), ("radius", "FLOAT", "value", 1)):
        values = np.empty(size * starts[-1], np.float32)
        strands.attributes[name].data.foreach_get(field, values)
        target = baked.attributes.get(name) or baked.attributes.new(name, kind, "POINT")
        target.data.foreach_set(field, values * wider if name == "radius" else values)
    rooted = strands.attributes.get(ROOTS)
    if rooted is not None:  # by it highlights know their locks
        values = np.empty(2 * len(strands.curves), np.float32)
        rooted.data.foreach_get("vector", values)
        baked.attributes.new(ROOTS, "FLOAT2", "CURVE").data.foreach_set("vector", values)
    for slot in obj.material_slots:
        baked.materials.append(slot.material)
    bpy.data.objects.remove(whole)
    result = bpy.data.objects.new(obj.name, baked)
    result.hide_render = True
    scene.collection.objects.link(result)
    return result
