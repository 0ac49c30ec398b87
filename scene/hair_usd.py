"""Strands in USD files as engines want them: the attributes of a groom, and nothing that is the head's.

Blender writes every attribute of the skin for every strand, which nobody reads. Unreal knows a groom by attributes
whose names begin with "groom_" (Epic's specification of grooms), and simulates by guides, curves of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
import numpy as np

from ..core.types import Floats
from .hair import GROOM, strands_in
from .hair_material import ROOTS
from .hair_nodes import DEFORM

if TYPE_CHECKING:
    from pxr import Usd

#: Name of the schema by which Unreal finds a groom, and of the property in which Blender writes an object's own.
_SCHEMA, _PROPERTY = "GroomAPI", f"userProperties:{GROOM}"
#: What is added to a prim's name for that of its guides.
_GUIDES = "Guides"


def write_groom_attributes(path: Path, collection: bpy.types.Collection) -> None:
    """Give the strands in a USD file groom_id, groom_group_id, groom_guide, groom_root_uv and groom_width, drop all
    other attributes of theirs, and add guides beside them, which viewers do not show.

    path: of the file, as Blender has written it.
    collection: the asset's, as it was written.
    """
    from pxr import Usd  # Blender's own, as asset_export.py saw

    objects = {str(obj[GROOM]): obj for obj in strands_in(collection)}
    stage = Usd.Stage.Open(str(path))
    strands = [prim for prim in stage.Traverse() if prim.GetTypeName() == "BasisCurves"]
    for prim in strands:
        name = _groom_of(prim)
        if name in objects:
            group = list(objects).index(name)
            roots = prim.GetAttribute(f"primvars:{ROOTS}").Get()
            widths = prim.GetAttribute("widths").Get()
            for attribute in prim.GetAuthoredAttributes():
                if attribute.GetName().startswith("primvars:"):
                    prim.RemoveProperty(attribute.GetName())
            count = len(prim.GetAttribute("curveVertexCounts").Get())
            _describe(prim, count, group, roots, widths, guide=False)
            if count > len(objects[name].data.curves):
                _add_guides(stage, prim, objects[name], group)
    # A new file instead of a saved one, which would keep the bytes of what was dropped.
    clean = path.with_name(f"clip_head_{path.name}")
    stage.GetRootLayer().Export(str(clean))
    del stage, strands
    clean.replace(path)


def _groom_of(prim: Usd.Prim) -> str:
    """The groom that a prim of curves is; "" for another one."""
    return str(prim.GetParent().GetAttribute(_PROPERTY).Get() or "")


def _describe(prim: Usd.Prim, count: int, group: int, roots: Any, widths: Any, guide: bool) -> None:
    """Give a prim of so many curves the attributes of a groom: roots (N,) on the skin's UV, widths of all points."""
    from pxr import Sdf, UsdGeom

    prim.AddAppliedSchema(_SCHEMA)
    primvars = UsdGeom.PrimvarsAPI(prim)
    whole, uniform, vertex = Sdf.ValueTypeNames.IntArray, UsdGeom.Tokens.uniform, UsdGeom.Tokens.vertex
    for name, values in {
        "id": np.arange(count),
        "group_id": np.full(count, group),
        "guide": np.full(count, guide),
    }.items():
        primvars.CreatePrimvar(f"groom_{name}", whole, uniform).Set(values.astype(np.int32))
    if roots is not None and len(roots) == count:
        primvars.CreatePrimvar("groom_root_uv", Sdf.ValueTypeNames.Float2Array, uniform).Set(
            np.array(roots, np.float32)
        )
    if widths is not None:
        primvars.CreatePrimvar("groom_width", Sdf.ValueTypeNames.FloatArray, vertex).Set(widths)


def _add_guides(stage: Usd.Stage, strands: Usd.Prim, obj: bpy.types.Object, group: int) -> None:
    """Add the guides of a groom beside its strands, where the skin carries them at the present frame."""
    from pxr import UsdGeom

    points = _carried(obj)
    count, along = points.shape[:2]
    roots = np.empty(2 * count, np.float32)
    obj.data.attributes[ROOTS].data.foreach_get("vector", roots)
    radius = np.empty(count * along, np.float32)
    obj.data.attributes["radius"].data.foreach_get("value", radius)
    curves = UsdGeom.BasisCurves.Define(stage, strands.GetPath().ReplaceName(f"{strands.GetName()}_{_GUIDES}"))
    curves.CreateTypeAttr(UsdGeom.Tokens.linear)
    curves.CreateCurveVertexCountsAttr(np.full(count, along, np.int32))
    curves.CreatePointsAttr(points.reshape(-1, 3))
    curves.CreateWidthsAttr(2 * radius)
    curves.SetWidthsInterpolation(UsdGeom.Tokens.vertex)
    curves.CreateExtentAttr(np.array([points.min(axis=(0, 1)), points.max(axis=(0, 1))], np.float32))
    curves.CreatePurposeAttr(UsdGeom.Tokens.guide)
    _describe(curves.GetPrim(), count, group, roots.reshape(-1, 2), 2 * radius, guide=True)


def _carried(obj: bpy.types.Object) -> Floats:
    """The guides of a groom (N, K, 3) where the skin carries them, in the object's own frame, metres."""
    guides = obj.copy()
    for modifier in [one for one in guides.modifiers if not one.name.startswith(DEFORM)]:
        guides.modifiers.remove(modifier)
    scene = bpy.context.scene
    scene.collection.objects.link(guides)
    layer = scene.view_layers[0]
    layer.update()
    curves = guides.evaluated_get(layer.depsgraph).data
    points = np.empty(3 * len(curves.points), np.float32)
    curves.attributes["position"].data.foreach_get("vector", points)
    bpy.data.objects.remove(guides)
    return points.reshape(len(obj.data.curves), -1, 3)
