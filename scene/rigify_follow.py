"""A Rigify face follows when another person takes an asset's place: its bones move, all that was done with it stays.

Rigify itself could only make the rig anew, and would drop its action, its pose and whatever was added to its bones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector

from ..core.errors import RequestError
from ..core.types import Floats
from .armature import add_weights, edit_mode, move_bones
from .rigify import enable_rigify, find_places, find_rigify_face, hang_on, read_weights, rig_weights, select

#: What Rigify writes into constraints from distances between the bones at rest.
_MEASURED = {"STRETCH_TO": "rest_length", "LIMIT_DISTANCE": "distance", "COPY_LOCATION": "influence"}
#: Difference from which on a weight counts as painted.
_PAINTED = 1e-3
#: Where a metarig keeps what Rigify made of it.
_MADE = ("rigify_target_rig", "rigify_widgets_collection", "rigify_rig_ui")


@dataclass(frozen=True)
class RigifyFace:
    """An asset's Rigify face before another person takes the asset's place.

    rig: that Rigify generated.
    metarig: that it was generated from.
    places: where the metarig's bones belong on that person: name -> begin and end (3,), metres.
    weights: the parts' weights for the rig's bones, as they were made for that person: name of a part's object
        -> bone -> (V,).
    """

    rig: bpy.types.Object
    metarig: bpy.types.Object
    places: dict[str, tuple[Floats, Floats]]
    weights: dict[str, dict[str, Floats]]


def read_rigify_face(collection: bpy.types.Collection) -> RigifyFace | None:
    """The Rigify face of an asset that can follow another person; None where the asset has none.

    collection: of `add_asset`.
    Raises RequestError where it has one that cannot: its metarig or the add-on is gone, or as `find_places` says.
    """
    rig = find_rigify_face(collection)
    if rig is None:
        return None
    armatures = (obj for obj in collection.all_objects if obj.type == "ARMATURE")
    enable_rigify()
    metarig = next((obj for obj in armatures if obj.data.rigify_target_rig == rig), None)
    if metarig is None:
        raise RequestError(
            f"The metarig of {rig.name!r} is gone, without which this Rigify face cannot follow another person.",
            "Undo its deletion; or generate a new head, and add a Rigify face to that.",
        )
    places = find_places(collection)
    weights = {obj.name: own for obj, own in rig_weights(collection, rig, places).items()}
    return RigifyFace(rig, metarig, places.bones(), weights)


def move_rigify_face(face: RigifyFace, collection: bpy.types.Collection) -> None:
    """Let a Rigify face follow another person, who has taken the asset's place meanwhile.

    Of the metarig stays by how much the artist moved its bones, and further bones; of the rig everything but where its
    bones rest; of the parts' weights what the artist painted.

    face: as `read_rigify_face` gave it before.
    collection: the asset's.
    Raises RequestError where Rigify can make no rig of this person's face; metarig and rig are as before then.
    """
    places = find_places(collection)
    with edit_mode(face.metarig):
        _move_ends(face.metarig.data.edit_bones, face.places, places.bones())
    try:
        with _generated(face.metarig) as fresh:
            move_bones(face.rig, fresh.data)
            _take_measures(face.rig, fresh)
    except RuntimeError as error:
        with edit_mode(face.metarig):
            _move_ends(face.metarig.data.edit_bones, places.bones(), face.places)
        raise RequestError(
            f"Rigify could not make a rig of this person's face ({str(error).strip()}), so the rig stays as it was.",
            "Step back with Undo, then choose another seed.",
        ) from error
    for obj, weights in rig_weights(collection, face.rig, places).items():
        add_weights(obj, _with_painted(read_weights(obj), face.weights.get(obj.name, {}), weights))
        hang_on(obj, face.rig, places)


def hang_new_parts(collection: bpy.types.Collection) -> None:
    """Let an asset's Rigify face, where it has one, move parts that have come since, such as other hair.

    collection: the asset's.
    Raises RequestError as `find_places` does.
    """
    rig = find_rigify_face(collection)
    if rig is None:
        return
    places = find_places(collection)
    deforming = {bone.name for bone in rig.data.bones if bone.use_deform}
    for obj, weights in rig_weights(collection, rig, places).items():
        if deforming.isdisjoint(obj.vertex_groups.keys()):
            add_weights(obj, weights)
            hang_on(obj, rig, places)


@contextmanager
def own_armature_moves(collection: bpy.types.Collection) -> Iterator[None]:
    """Meanwhile the asset's own armature moves the parts again, at rest, in place of a Rigify face: that is no rig for
    other programs, which has hundreds of bones.

    collection: the asset's, or another with all its parts and its armature.
    """
    armature = next((obj for obj in collection.objects if obj.type == "ARMATURE"), None)
    rigs = {
        obj.parent for obj in collection.objects if obj.type == "MESH" and obj.parent and "rig_id" in obj.parent.data
    }
    changed: list[tuple[bpy.types.ID | bpy.types.bpy_struct, str, object]] = []
    if armature is None or not rigs:
        yield
        return
    for obj in collection.objects:
        if obj.parent in rigs:
            changed.append((obj, "parent", obj.parent))
        changed += [
            (entry, "object", entry.object) for entry in obj.modifiers if getattr(entry, "object", None) in rigs
        ]
    hidden = armature.hide_viewport, armature.hide_render
    inverses = [(obj, obj.matrix_parent_inverse.copy()) for obj in collection.objects]
    try:
        armature.hide_viewport = armature.hide_render = False
        for owner, name, _ in changed:
            setattr(owner, name, armature)
        yield
    finally:
        for owner, name, rig in changed:
            setattr(owner, name, rig)
        for obj, inverse in inverses:
            obj.matrix_parent_inverse = inverse
        armature.hide_viewport, armature.hide_render = hidden


def _move_ends(
    bones: bpy.types.ArmatureEditBones,
    before: dict[str, tuple[Floats, Floats]],
    after: dict[str, tuple[Floats, Floats]],
) -> None:
    """Move a metarig's bones, in Edit Mode, by as much as their places have moved."""
    moved = {  # read first, since a bone that is moved takes the ends of its neighbours along
        bone.name: [
            end + Vector(new - old)
            for end, old, new in zip((bone.head, bone.tail), before[bone.name], after[bone.name], strict=True)
        ]
        for bone in bones
        if bone.name in before and bone.name in after
    }
    for name, (head, tail) in moved.items():
        bones[name].head, bones[name].tail = head, tail


def _with_painted(current: dict[str, Floats], made: dict[str, Floats], new: dict[str, Floats]) -> dict[str, Floats]:
    """New weights (V,) of bones, but the current ones at vertices where those are not as they were made once."""
    names = new.keys() | made.keys()
    if not made or made.keys() - current.keys() or any(len(current[name]) != len(made[name]) for name in made):
        return new  # the mesh is another
    none = np.zeros(len(next(iter(new.values()))), np.float32)
    painted = np.any([np.abs(current.get(name, none) - made.get(name, none)) > _PAINTED for name in names], axis=0)
    return {name: np.where(painted, current.get(name, none), new.get(name, none)) for name in names}


@contextmanager
def _generated(metarig: bpy.types.Object) -> Iterator[bpy.types.Object]:
    """Another rig of a metarig, as long as it is looked at; then all that was made for it goes.

    Raises RuntimeError where Rigify cannot make one.
    """
    layer, scene = bpy.context.view_layer, bpy.context.scene
    active, selected, chosen = layer.objects.active, list(layer.objects.selected), layer.active_layer_collection
    kept = {name: getattr(metarig.data, name) for name in _MADE}
    hidden = metarig.hide_viewport
    kinds = (bpy.data.objects, bpy.data.armatures, bpy.data.meshes, bpy.data.collections, bpy.data.texts)
    before = {block for kind in kinds for block in kind}
    stage = bpy.data.collections.new("clip_head rigify")  # seen, whatever the artist has hidden
    scene.collection.children.link(stage)
    try:
        stage.objects.link(metarig)
        metarig.hide_viewport = False
        for name in _MADE:
            setattr(metarig.data, name, None)
        select(metarig, [metarig])
        layer.active_layer_collection = next(
            child for child in layer.layer_collection.children if child.name == stage.name
        )
        bpy.ops.pose.rigify_generate()
        yield metarig.data.rigify_target_rig
    finally:
        for name, value in kept.items():
            setattr(metarig.data, name, value)
        metarig.hide_viewport = hidden
        bpy.data.batch_remove([block for kind in kinds for block in kind if block not in before])
        select(active, selected)
        layer.active_layer_collection = chosen


def _take_measures(rig: bpy.types.Object, fresh: bpy.types.Object) -> None:
    """Give a rig what Rigify measures between bones at rest, as it is in another rig of the same bones."""
    for other in fresh.pose.bones:
        bone = rig.pose.bones.get(other.name)
        if bone is None:
            continue
        bone.bone.bbone_x, bone.bone.bbone_z = other.bone.bbone_x, other.bone.bbone_z
        for constraint in other.constraints:
            own, measured = bone.constraints.get(constraint.name), _MEASURED.get(constraint.type)
            if own is None or own.type != constraint.type:
                continue
            if measured is not None:
                setattr(own, measured, getattr(constraint, measured))
            elif constraint.type == "ARMATURE":
                for mine, theirs in zip(own.targets, constraint.targets, strict=False):
                    mine.weight = theirs.weight
