"""The bones of an asset, the vertex groups by which they move its parts, and the target that its eyes look at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy
import numpy as np
from mathutils import Vector

from ..core.types import Bone, Floats
from .mesh import to_blender

#: The bone that the eyes look at, where an asset has it, and those that look at it.
TARGET, EYES = "eye_target", ("eye.L", "eye.R")
#: A bone that points up by more than this, the cosine of 45 degrees, has its z axis forward, one that points down as
#: much has it backward, as the jaw of some people, any other down: the x axes of all then point to the head's left, and
#: turning about these by a positive angle nods, opens the jaw, looks down.
_UPRIGHT = 0.7


def add_armature(
    bones: tuple[Bone, ...], origin: Floats, root: bpy.types.Object, collection: bpy.types.Collection
) -> bpy.types.Object | None:
    """An armature object with the bones, a child of `root`; None where there are no bones.

    bones: parents before children.
    origin (3,): the point in the bones' frame that lies in the armature's origin, units.
    root: the empty that it hangs on.
    collection: where it goes.
    """
    if not bones:
        return None
    obj = bpy.data.objects.new("Armature", bpy.data.armatures.new("Armature"))
    with edit_mode(obj):
        for bone in bones:
            _add_bone(obj.data, bone, origin)
        targets = _add_targets(obj.data)
    collection.objects.link(obj)
    obj.parent = root
    obj.data.display_type = "STICK"
    obj.show_in_front = True
    for eye, target in targets.items():
        _look_at(obj, eye, target)
    return obj


def add_weights(obj: bpy.types.Object, weights: dict[str, Floats], armature: bpy.types.Object | None = None) -> None:
    """Vertex groups of these names, and where an armature is given, the modifier by which its bones move them.

    obj: a mesh.
    weights: name -> (V,), 0 to 1; vertices of weight 0 are left out of their group. Of groups that are there they
        take the place.
    armature: which has bones of these names.
    """
    for name, values in weights.items():
        group = obj.vertex_groups.get(name)
        if group is None:
            group = obj.vertex_groups.new(name=name)
        else:
            group.remove(range(len(values)))
        whole = np.flatnonzero(values >= 1.0)
        group.add(whole.tolist(), 1.0, "REPLACE")  # at once, for they are the most
        some = np.flatnonzero((values > 0.0) & (values < 1.0))
        for vertex, weight in zip(some.tolist(), values[some].tolist(), strict=True):
            group.add((vertex,), weight, "REPLACE")
    if armature is not None:
        modifier = obj.modifiers.new("Armature", "ARMATURE")
        modifier.object = armature


@contextmanager
def edit_mode(obj: bpy.types.Object) -> Iterator[None]:
    """Edit Mode of an armature; in a scene of its own, so that the artist's selection stays.

    obj: in Object Mode, in whatever scene or in none yet, hidden or not.
    """
    scene, hidden = bpy.data.scenes.new("clip_head armature"), obj.hide_viewport
    try:
        obj.hide_viewport = False
        scene.collection.objects.link(obj)
        layer = scene.view_layers[0]
        layer.objects.active = obj
        with bpy.context.temp_override(
            scene=scene, view_layer=layer, active_object=obj, object=obj, selected_objects=[obj]
        ):
            bpy.ops.object.mode_set(mode="EDIT")
            yield
            bpy.ops.object.mode_set(mode="OBJECT")
    finally:
        obj.hide_viewport = hidden
        bpy.data.scenes.remove(scene)


def move_bones(obj: bpy.types.Object, others: bpy.types.Armature) -> None:
    """Move an armature's bones to where those of the same names are in another; further bones stay.

    obj: of the armature, as for `edit_mode`; poses, constraints and drivers stay.
    others: of the same frame.
    """
    with edit_mode(obj):
        for bone in obj.data.edit_bones:
            other = others.bones.get(bone.name)
            if other is not None:
                bone.head, bone.tail = other.head_local, other.tail_local
                bone.align_roll(other.matrix_local.col[2].to_3d())


def _add_bone(armature: bpy.types.Armature, bone: Bone, origin: Floats) -> None:
    """Add a bone to an armature in Edit Mode."""
    edit = armature.edit_bones.new(bone.name)
    edit.head, edit.tail = (Vector(to_blender(end - origin)) for end in (bone.head, bone.tail))
    up = edit.vector.normalized().z
    edit.align_roll((0.0, -1.0 if up > 0 else 1.0, 0.0) if abs(up) > _UPRIGHT else (0.0, 0.0, -1.0))
    if bone.parent:
        edit.parent = armature.edit_bones[bone.parent]
    edit.use_deform = bone.name != TARGET


def _add_targets(armature: bpy.types.Armature) -> dict[str, str]:
    """A bone straight ahead of each eye, as far off as the common target and moved by it.

    Looking at these, the eyes are at rest when the target is; looking at one point they would squint.

    Returns eye -> its target.
    """
    bones = armature.edit_bones
    if TARGET not in bones:
        return {}
    targets = {}
    for eye in (bones[name] for name in EYES if name in bones):
        own = bones.new(TARGET + eye.name.removeprefix("eye"))
        direction = eye.vector.normalized()
        own.head = eye.head + direction * (bones[TARGET].head - eye.head).dot(direction)
        own.tail = own.head + direction * bones[TARGET].length / 2
        own.roll, own.parent, own.use_deform = eye.roll, bones[TARGET], False
        targets[eye.name] = own.name
    return targets


def _look_at(obj: bpy.types.Object, eye: str, target: str) -> None:
    """Let a bone of the armature object point at another, by the shortest turn."""
    constraint = obj.pose.bones[eye].constraints.new("DAMPED_TRACK")
    constraint.target, constraint.subtarget, constraint.track_axis = obj, target, "TRACK_Y"
