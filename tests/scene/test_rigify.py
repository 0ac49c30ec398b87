"""A Rigify face moves the head as its own armature did, and more finely; at rest it moves nothing."""

from collections.abc import Iterator

import addon_utils
import bpy
import numpy as np
import pytest
from mathutils import Matrix, Vector

from clip_head.core.errors import RequestError
from clip_head.core.types import Asset, Floats, Head
from clip_head.scene.asset import add_asset, asset_collection
from clip_head.scene.head import head_object
from clip_head.scene.mesh import TEMPLATE_POINTS
from clip_head.scene.rigify import add_rigify_face, find_rigify_face

from .real_asset import real_asset
from .synthetic_asset import synthetic_asset

pytestmark = pytest.mark.slow(minutes=0.5)
#: A vertex counts as not moved within this, metres.
STILL = 5e-5
PARTS = ("Head", "Eye Left", "Eye Right", "Upper Teeth", "Lower Teeth", "Tongue", "Lashes", "Tear Line", "Beard Volume")


@pytest.fixture(scope="module")
def asset() -> Asset:
    return real_asset()


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> Iterator[bpy.types.Collection]:
    """The asset, away from the world's middle and turned."""
    scene.cursor.location = (1.0, 2.0, 3.0)
    made = add_asset(small_head, asset, scene)
    made.objects[0].rotation_euler = (0.0, 0.0, 0.5)
    for obj in made.objects:  # volumes of hair, too, which are hidden where there are strands
        obj.hide_viewport = False
        obj.hide_set(False)
    bpy.context.view_layer.update()
    yield made
    addon_utils.disable("rigify", default_set=True)


def shown(name: str, root: bpy.types.Object) -> Floats:
    """A part's vertices as the view shows them, in the frame of the root."""
    result = bpy.data.objects[name].evaluated_get(bpy.context.evaluated_depsgraph_get())
    points = np.empty(3 * len(result.data.vertices), np.float32)
    result.data.vertices.foreach_get("co", points)
    matrix = np.array(root.matrix_world.inverted() @ result.matrix_world)
    return points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]


def region(head: bpy.types.Object, name: str) -> np.ndarray:
    index = head.vertex_groups[name].index
    return np.array([any(e.group == index and e.weight > 0.5 for e in v.groups) for v in head.data.vertices])


class Rigged:
    """An asset with a Rigify face, and how it was before."""

    def __init__(self, collection: bpy.types.Collection) -> None:
        self.root, self.head = collection.objects[0], head_object(collection)
        self.before = {name: shown(name, self.root) for name in PARTS}
        self.rig = add_rigify_face(collection)

    def moved(self, name: str) -> Floats:
        """How far each vertex of a part is from where it was (V, 3), metres."""
        return shown(name, self.root) - self.before[name]

    def turn(self, bone: str, angles: tuple[float, float, float]) -> None:
        self.rig.pose.bones[bone].rotation_mode = "XYZ"
        self.rig.pose.bones[bone].rotation_euler = angles
        bpy.context.view_layer.update()

    def move(self, bone: str, way: Vector) -> None:
        """Move a control by a way in the rig's frame, metres."""
        self.rig.pose.bones[bone].matrix = Matrix.Translation(way) @ self.rig.pose.bones[bone].matrix
        bpy.context.view_layer.update()

    def rest(self) -> None:
        for bone in self.rig.pose.bones:
            bone.matrix_basis = Matrix.Identity(4)
        bpy.context.view_layer.update()


@pytest.fixture
def rigged(collection: bpy.types.Collection) -> Rigged:
    return Rigged(collection)


def test_at_rest_nothing_moves_and_nothing_is_moved_twice(collection: bpy.types.Collection, rigged: Rigged) -> None:
    rig = rigged.rig
    assert find_rigify_face(collection) == rig == bpy.context.view_layer.objects.active
    assert asset_collection(rig) == collection
    assert bpy.data.objects["Armature"].hide_viewport
    deforming = {bone.name for bone in rig.data.bones if bone.use_deform}
    for name in PARTS:
        obj = bpy.data.objects[name]
        assert np.abs(rigged.moved(name)).max() < STILL, name
        assert [modifier.object for modifier in obj.modifiers if modifier.type == "ARMATURE"] == [rig]
        groups = {group.index for group in obj.vertex_groups if group.name in deforming}
        sums = [sum(entry.weight for entry in vertex.groups if entry.group in groups) for vertex in obj.data.vertices]
        np.testing.assert_allclose(sums, 1.0, atol=0.02, err_msg=name)


def test_the_jaw_opens_the_mouth(rigged: Rigged) -> None:
    rigged.turn("jaw_master", (np.radians(15.0), 0.0, 0.0))
    lower, upper = region(rigged.head, "lower_lip"), region(rigged.head, "upper_lip")
    assert rigged.moved("Lower Teeth")[:, 2].max() < -0.005
    assert rigged.moved("Head")[lower, 2].mean() < -0.01
    assert rigged.moved("Head")[lower, 2].mean() < 2.5 * rigged.moved("Head")[upper, 2].mean()
    assert rigged.moved("Tongue")[:, 2].min() < -0.01
    assert rigged.moved("Beard Volume")[:, 2].min() < -0.01
    assert np.abs(rigged.moved("Upper Teeth")).max() < STILL
    assert np.abs(rigged.moved("Head")[region(rigged.head, "left_eyelids")]).max() < 5e-4
    rigged.rest()
    assert all(np.abs(rigged.moved(name)).max() < STILL for name in PARTS)


def test_a_lids_control_closes_the_eye(rigged: Rigged) -> None:
    bones = rigged.rig.pose.bones
    for side in "LR":
        upper, lower = bones[f"lid.T.{side}.002"], bones[f"lid.B.{side}.002"]
        gap = (upper.head - lower.head).length
        rigged.move(upper.name, lower.head - upper.head)
        assert (upper.head - lower.head).length < 0.15 * gap
    lids = region(rigged.head, "left_eyelids")
    assert np.linalg.norm(rigged.moved("Head"), axis=1)[lids].max() > 0.006
    assert rigged.moved("Lashes")[:, 2].min() < -0.005
    assert np.abs(rigged.moved("Eye Left")).max() < STILL
    assert np.abs(rigged.moved("Head")[region(rigged.head, "lower_lip")]).max() < STILL


def test_eyes_turn_to_their_target(rigged: Rigged) -> None:
    rigged.move("eye_common", Vector((0.03, 0.0, 0.0)))
    for name in ("Eye Left", "Eye Right"):
        front = rigged.before[name][:, 1].argmin()
        assert rigged.moved(name)[front, 0] > 0.004, "they look to the left"
        size = np.ptp(rigged.before[name][:, 0])
        assert np.abs(rigged.moved(name).mean(axis=0)).max() < 0.2 * size, "about their middles"


def test_brows_corners_and_the_head_have_controls(rigged: Rigged) -> None:
    rigged.move("brow.L.001", Vector((0.0, 0.0, 0.005)))
    across = rigged.before["Head"][:, 0]
    assert rigged.moved("Head")[region(rigged.head, "brows") & (across > 0.01), 2].max() > 0.004
    assert np.abs(rigged.moved("Head")[across < -0.01]).max() < STILL
    rigged.rest()
    rigged.move("lip_end.L.002", Vector((0.004, 0.0, 0.004)))
    corner = np.linalg.norm(
        rigged.before["Head"] - np.array(rigged.rig.data.bones["DEF-lip.T.L.002"].tail_local), axis=1
    )
    np.testing.assert_allclose(rigged.moved("Head")[corner.argmin()], (0.004, 0.0, 0.004), atol=0.001)
    rigged.rest()
    rigged.turn("head", (0.0, 0.3, 0.0))
    for name in PARTS:
        assert np.linalg.norm(rigged.moved(name), axis=1).mean() > 0.002, name


def test_keys_work_on_below(rigged: Rigged) -> None:
    rigged.head.data.shape_keys.key_blocks["jawOpen"].value = 1.0
    bpy.context.view_layer.update()
    assert rigged.moved("Head")[region(rigged.head, "lower_lip"), 2].mean() < -0.005
    assert rigged.moved("Lower Teeth")[:, 2].mean() < -0.005


def test_the_coarsest_level_gets_one_too(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    collection = add_asset(small_head, asset, scene, level=2)
    bpy.context.view_layer.update()
    root = collection.objects[0]
    before = shown("Head", root)
    rig = add_rigify_face(collection)
    assert np.abs(shown("Head", root) - before).max() < STILL
    rig.pose.bones["jaw_master"].rotation_mode = "XYZ"
    rig.pose.bones["jaw_master"].rotation_euler = (np.radians(15.0), 0.0, 0.0)
    bpy.context.view_layer.update()
    assert (shown("Head", root) - before)[region(head_object(collection), "lower_lip"), 2].mean() < -0.008
    addon_utils.disable("rigify", default_set=True)


def test_what_cannot_be_is_said_and_changes_nothing(
    scene: bpy.types.Scene, small_head: Head, asset: Asset, collection: bpy.types.Collection
) -> None:
    bare = add_asset(small_head, synthetic_asset(), scene)
    objects = set(bpy.data.objects)
    with pytest.raises(RequestError, match=r"has no bones .*tongue_01"):
        add_rigify_face(bare)
    stored = head_object(collection).data.attributes
    stored.remove(stored[TEMPLATE_POINTS])
    with pytest.raises(RequestError, match="do not say which points of the face"):
        add_rigify_face(collection)
    assert set(bpy.data.objects) == objects
    again = add_asset(small_head, asset, scene)
    rig = add_rigify_face(again)
    with pytest.raises(RequestError, match="has a Rigify face already"):
        add_rigify_face(again)
    assert find_rigify_face(again) == rig
    assert find_rigify_face(collection) is None


def test_a_blender_without_rigify_says_so(collection: bpy.types.Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = set(bpy.data.objects)
    monkeypatch.setattr("clip_head.scene.rigify.ADDON", "rigify_that_there_is_not")
    with pytest.raises(RequestError, match="no add-on Rigify"):
        add_rigify_face(collection)
    assert set(bpy.data.objects) == objects


def test_where_rigify_fails_nothing_is_left(collection: bpy.types.Collection) -> None:
    """A lid that lies behind the eye, as after edits of the bones, gives Rigify no corners to turn about."""
    armature = bpy.data.objects["Armature"]
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    eye = armature.data.edit_bones["eye.L"]
    eye.head, eye.tail = eye.head + Vector((0.0, -0.5, 0.0)), eye.tail + Vector((0.3, -0.5, 0.0))
    bpy.ops.object.mode_set(mode="OBJECT")
    kinds = (bpy.data.objects, bpy.data.armatures, bpy.data.collections)
    before = [set(kind) for kind in kinds]
    with pytest.raises(RequestError, match="Rigify could not make a rig"):
        add_rigify_face(collection)
    assert [set(kind) for kind in kinds] == before
    assert {modifier.object for modifier in head_object(collection).modifiers} == {armature}
