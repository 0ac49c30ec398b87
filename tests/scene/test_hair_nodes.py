"""The modifiers of strands: what a look asks for, and that Blender's node groups have these inputs."""

from dataclasses import replace

import bpy
import numpy as np
import pytest

from clip_head.core.types import GroomLook
from clip_head.scene.hair_nodes import DEFORM, Inputs, add_modifiers, hair_node_file, input_of, set_inputs, stack

from .synthetic_groom import hairy_asset

#: Looks that want every node group that there is, but for one of the last two.
CURLED = GroomLook(strands=1000, clump=0.5, curl=3.0, curl_length=10.0, frizz=1.0)
BRAIDED = replace(CURLED, braided=True)


def groups_for(look: GroomLook, skin: bpy.types.Object) -> dict[str, Inputs]:
    return dict(stack(replace(hairy_asset().grooms[0], look=look), 0.02, "Density", skin))


@pytest.fixture
def skin(scene: bpy.types.Scene) -> bpy.types.Object:
    return bpy.data.objects.new("skin", bpy.data.meshes.new("skin"))


def straight(length: float = 0.2, points: int = 200) -> bpy.types.Object:
    """A straight strand down, metres."""
    curves = bpy.data.hair_curves.new("strand")
    curves.add_curves([points])
    places = np.zeros((points, 3), np.float32)
    places[:, 2] = -np.linspace(0, length, points)
    curves.attributes["position"].data.foreach_set("vector", places.ravel())
    obj = bpy.data.objects.new("strand", curves)
    bpy.context.scene.collection.objects.link(obj)
    return obj


def evaluated(obj: bpy.types.Object) -> bpy.types.Curves:
    obj.update_tag()
    bpy.context.view_layer.update()
    return obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).data


def positions(obj: bpy.types.Object) -> np.ndarray:
    strand = evaluated(obj)
    flat = np.empty(3 * len(strand.points), np.float32)
    strand.attributes["position"].data.foreach_get("vector", flat)
    return flat.reshape(-1, 3)


def test_this_blender_brings_its_node_groups() -> None:
    path = hair_node_file()
    assert path is not None
    assert path.is_file()


def test_a_look_asks_for_no_more_than_it_needs(skin: bpy.types.Object) -> None:
    plain = GroomLook(strands=1000, clump=0.0, frizz=0.0)
    assert list(groups_for(plain, skin)) == ["Interpolate Hair Curves", "Set Hair Curve Profile"]
    assert list(groups_for(replace(plain, strands=10), skin)) == ["Set Hair Curve Profile"]
    for look, last in ((CURLED, "Curl Hair Curves"), (BRAIDED, "Braid Hair Curves")):
        assert list(groups_for(look, skin)) == [
            "Interpolate Hair Curves",
            "Clump Hair Curves",
            "Hair Curves Noise",
            last,
            "Set Hair Curve Profile",
        ]
    assert groups_for(CURLED, skin)["Interpolate Hair Curves"]["Density"] == pytest.approx(1000 / 0.02)


def test_strands_of_braids_and_locks_have_a_guide_alone(skin: bpy.types.Object) -> None:
    looks = (CURLED, BRAIDED, replace(CURLED, clump=0.9), replace(CURLED, clump=0.95))
    groups = [groups_for(look, skin) for look in looks]
    assert [group["Interpolate Hair Curves"]["Interpolation Guides"] for group in groups] == [3, 1, 1, 1]
    assert groups[2]["Clump Hair Curves"]["Shape"] < groups[0]["Clump Hair Curves"]["Shape"]
    # Strands of a lock that is matted wind about it from all sides.
    assert ["Random Offset" in group.get("Curl Hair Curves", {}) for group in groups] == [False, False, False, True]


def test_a_braid_has_its_radius_and_three_strands_cross_in_it(skin: bpy.types.Object) -> None:
    count, points, length = 40, 24, 0.2
    curves = bpy.data.hair_curves.new("braid")
    curves.add_curves([points] * count)
    places = np.zeros((count, points, 3), np.float32)
    places[1:, :, :2] = np.random.default_rng(0).normal(0, 0.002, (count - 1, 1, 2))
    places[..., 2] = -np.linspace(0, length, points)
    curves.attributes["position"].data.foreach_set("vector", places.ravel())
    curves.attributes.new("guide_curve_index", "INT", "CURVE").data.foreach_set("value", np.zeros(count, np.int32))
    obj = bpy.data.objects.new("braid", curves)
    bpy.context.scene.collection.objects.link(obj)
    add_modifiers(obj, [("Braid Hair Curves", groups_for(BRAIDED, skin)["Braid Hair Curves"])])
    lines = positions(obj).reshape(count, -1, 3)
    middle = lines[:, lines.shape[1] // 3 : -lines.shape[1] // 4]
    reach = np.abs(middle[..., :2]).max() * 1000
    assert 0.6 * BRAIDED.curl < reach < 1.3 * BRAIDED.curl
    # Each strand goes from side to side and back.
    turns = (np.diff(np.sign(np.diff(middle[1:, :, 0], axis=1)), axis=1) != 0).sum(axis=1)
    assert np.median(turns) >= 6


def test_blenders_groups_have_every_input_that_is_set(skin: bpy.types.Object) -> None:
    obj = straight()
    groups = groups_for(CURLED, skin) | groups_for(BRAIDED, skin) | groups_for(replace(CURLED, clump=0.95), skin)
    add_modifiers(obj, list(groups.items()))
    assert [modifier.name for modifier in obj.modifiers] == [*groups, DEFORM]
    for name, inputs in groups.items():
        for key, value in inputs.items():
            identifier = input_of(obj.modifiers[name], key)
            if key == "Poisson Disk Distribution" and identifier is None:
                continue  # a menu from Blender 4.3 on
            assert identifier is not None, (name, key)
            if isinstance(value, str):
                assert obj.modifiers[name][f"{identifier}_attribute_name"] == value[1:]
            elif isinstance(value, float):
                assert obj.modifiers[name][identifier] == pytest.approx(value)


def test_a_curl_has_its_radius_and_length_to_a_turn(skin: bpy.types.Object) -> None:
    obj = straight()
    add_modifiers(obj, [("Curl Hair Curves", groups_for(CURLED, skin)["Curl Hair Curves"])])
    set_inputs(obj.modifiers[0], {"Curl Start": 0.0, "Existing Guide Map": False, "Guide Distance": 0.001})
    x, y, _ = positions(obj).T
    assert np.hypot(x, y).max() == pytest.approx(0.003, rel=0.05)
    turns = abs(np.diff(np.unwrap(np.arctan2(y, x)))).sum() / (2 * np.pi)
    assert turns == pytest.approx(0.2 / 0.01, rel=0.05)


def test_a_strand_thins_out_from_its_radius(skin: bpy.types.Object) -> None:
    obj = straight()
    add_modifiers(obj, [("Set Hair Curve Profile", groups_for(CURLED, skin)["Set Hair Curve Profile"])])
    strand = evaluated(obj)
    radius = np.empty(len(strand.points), np.float32)
    strand.attributes["radius"].data.foreach_get("value", radius)
    assert radius[0] == pytest.approx(CURLED.radius / 1000)
    assert (np.diff(radius) <= 0).all()
    assert radius[-1] < radius[0] / 20
