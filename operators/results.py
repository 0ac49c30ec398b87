"""What the scene gets of a finished job: a head, another person, a skin, a raw surface, an expression."""

from __future__ import annotations

from time import perf_counter

import bpy

from ..core.errors import WorkerError
from ..core.types import Head, HeadRequest, UnwrappedMesh
from ..scene import add_head, apply_textures, head_object
from ..scene.asset import asset_collection
from ..scene.asset_keys import set_expression
from ..scene.asset_replace import replace_asset
from ..scene.hair import hair_remark
from ..scene.hair_change import NewHair, change_hair
from ..scene.raw_surface import add_raw_surface
from ..scene.rigify_follow import hang_new_parts


def put_result(
    result: Head | UnwrappedMesh | NewHair,
    target: bpy.types.Object | None,
    scene: bpy.types.Scene,
    status: bpy.types.PropertyGroup,
) -> str:
    """Put a result where it belongs, and say so.

    result: of a job.
    target: the object that it is for; None for a new head.
    scene: that asked for it.
    status: what the panel shows.
    Returns the name of what was done, for the undo history.
    """
    if target is None:
        assert isinstance(result, Head)  # all else is for an object
        _add(result, scene, status)
        return "Generate Head"
    if isinstance(result, UnwrappedMesh):
        _add_raw(target, result, status)
        return "Add Raw Surface"
    if isinstance(result, NewHair):
        _change_hair(target, result, status)
        return "Change Hair"
    if result.asset is not None:
        name = "Re-roll" if result.request.prompt == target.get("prompt") else "Change Shape"
        _replace(target, result, scene, status)
        return name
    _apply_skin(target, result, status)
    return "New Skin"


def object_of(target: int) -> bpy.types.Object:
    """The object with this id of the session. Raises WorkerError where it was deleted meanwhile.

    target: Blender's id.
    """
    for obj in bpy.data.objects:
        if obj.session_uid == target:
            return obj
    raise WorkerError("The object that this was for is gone.", "Undo its deletion, then start again.")


def express(
    obj: bpy.types.Object,
    values: dict[str, float],
    request: HeadRequest,
    scene: bpy.types.Scene,
    status: bpy.types.PropertyGroup,
) -> None:
    """Let a head take an expression, and say so.

    obj: the head of an asset.
    values: ARKit name -> strength.
    request: whose words they are.
    scene: whose tool settings count.
    status: what the panel shows.
    """
    set_expression(obj, values, scene)
    words = request.expression or request.prompt
    for owner in (obj, *(collection for collection in obj.users_collection if "models" in collection)):
        owner["expression"] = words
    strongest = sorted(values, key=lambda name: -values[name])[:3]
    status.result = f"{obj.name}: {words} ({', '.join(f'{name} {values[name]:.2f}' for name in strongest)})"


def _add(head: Head, scene: bpy.types.Scene, status: bpy.types.PropertyGroup) -> None:
    """Build the head, select it where it can be seen, and say what was made."""
    start = perf_counter()
    collection = add_head(head, scene)
    obj = head_object(collection)
    layer = bpy.context.view_layer
    layer.update()  # learns of the new collection
    if obj.name in layer.objects:
        for other in layer.objects.selected:
            other.select_set(False)
        obj.select_set(True)
        layer.objects.active = obj
    seconds = sum(head.seconds.values()) + perf_counter() - start
    status.result = f"{obj.name}: seed {head.request.seed}, {len(obj.data.vertices):,} vertices, {seconds:.1f} s"
    if head.not_understood:
        status.result += f". Not understood: {', '.join(head.not_understood)}"
    if remark := hair_remark(collection):
        status.result += f". {remark}"


def _replace(obj: bpy.types.Object, head: Head, scene: bpy.types.Scene, status: bpy.types.PropertyGroup) -> None:
    """Put another person in the place of the head `obj`, and say so."""
    replace_asset(_collection(obj), head, scene)
    status.result = f"{obj.name}: seed {head.request.seed}, {sum(head.seconds.values()):.1f} s"


def _change_hair(obj: bpy.types.Object, hair: NewHair, status: bpy.types.PropertyGroup) -> None:
    """Give the head `obj` other hair, and say so."""
    collection = _collection(obj)
    change_hair(collection, hair)
    hang_new_parts(collection)
    status.result = f"{obj.name}: {hair.words}"
    if hair.change is not None and hair.change.not_understood:
        status.result += f". Not understood: {', '.join(hair.change.not_understood)}"
    if remark := hair_remark(collection):
        status.result += f". {remark}"


def _add_raw(obj: bpy.types.Object, mesh: UnwrappedMesh, status: bpy.types.PropertyGroup) -> None:
    """Add the raw surface to the asset of the head `obj`, and say so."""
    raw = add_raw_surface(_collection(obj), mesh, str(obj.get("expression", "")))
    status.result = f"{raw.name}: {len(raw.data.vertices):,} vertices, hidden: switch it on in the Outliner"


def _collection(obj: bpy.types.Object) -> bpy.types.Collection:
    """The asset's collection. Raises WorkerError where the object is no part of an asset any more."""
    collection = asset_collection(obj)
    if collection is None:
        raise WorkerError(
            f"{obj.name!r} is no part of an asset any more.", "Undo what was done to it, then start again."
        )
    return collection


def _apply_skin(obj: bpy.types.Object, head: Head, status: bpy.types.PropertyGroup) -> None:
    """Put the painted skin on its object, and say so."""
    apply_textures(obj, head)
    size = len(head.textures.albedo)
    status.result = f"{obj.name}: a skin of {size} x {size} pixels, {sum(head.seconds.values()):.1f} s"
