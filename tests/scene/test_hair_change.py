"""Other hair on an asset that is there: new guides and meshes, and all that is the artist's."""

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest

from clip_head.core.types import Asset, Groom, HairChange, Hairstyle, Head, Latents, ModelCard, UnwrappedMesh
from clip_head.scene.asset import PART, add_asset
from clip_head.scene.canvas import find_albedo, read_canvas, read_image
from clip_head.scene.export import save_blend
from clip_head.scene.hair import (
    GROOM,
    SHOWN,
    VOLUME,
    hair_surface,
    is_hair_surface,
    on_surface,
    show_hair,
    strands_in,
    volumes_in,
)
from clip_head.scene.hair_change import NewHair, change_hair
from clip_head.scene.hair_strands import bake_strands
from clip_head.scene.head import head_object
from clip_head.scene.mesh import to_blender

from .synthetic_groom import groom, hairy_asset, plain

#: What hair the head has after the change.
STYLE = Hairstyle(hair={"long01": 0.75, "bob01": 0.25}, length=0.5)


@pytest.fixture(scope="module")
def asset() -> Asset:
    return hairy_asset()


@pytest.fixture
def collection(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> bpy.types.Collection:
    images = {"Hair": plain((150, 60, 30)), "Beard": plain((30, 24, 20))}
    return add_asset(replace(small_head, part_images=images), asset, scene)


def longer(collection: bpy.types.Collection, asset: Asset, small_head: Head) -> HairChange:
    """Longer hair with fewer guides, brows as before, a new groom, and no beard."""
    head = asset.parts[0]
    mesh = read_canvas(head_object(collection)).mesh
    assert isinstance(mesh, UnwrappedMesh)
    hair, _, brows = asset.grooms
    density = np.clip((head.vertices[:, 1] - 0.2) / 0.1, 0, 1)
    grown = groom(head, "Hair", density, 25, 0.6, replace(hair.look, strands=300, clump=0.0))
    lashes = replace(brows, name="Eyelashes")
    grooms = tuple(_at_canvas(one, mesh.source) for one in (grown, brows, lashes))
    volume = replace(asset.parts[-2], vertices=asset.parts[-2].vertices * 1.2)
    latents = Latents(np.ones(4, np.float32), np.zeros(4, np.float32))
    cards = (ModelCard("grooms", "new grooms", "CC0-1.0", "made in a test"),)
    return HairChange(STYLE, latents, grooms, (volume,), models=cards)


def _at_canvas(one: Groom, source: np.ndarray) -> Groom:
    """A groom whose density is at the vertices of the head's canvas, as the worker gives it."""
    return replace(one, density=one.density[source])


def change(collection: bpy.types.Collection, result: HairChange | None, words: str = "long hair") -> None:
    change_hair(collection, NewHair(words, result))
    bpy.context.view_layer.update()


def sliders(obj: bpy.types.Object) -> bpy.types.Node:
    return next(node for node in obj.active_material.node_tree.nodes if node.type == "GROUP")


def test_guides_density_and_strands_are_the_new_ones(
    collection: bpy.types.Collection, asset: Asset, small_head: Head
) -> None:
    result = longer(collection, asset, small_head)
    skin, hair = head_object(collection), collection.objects["Hair"]
    lone = hair.as_pointer()
    change(collection, result)
    assert collection.objects["Hair"].as_pointer() == lone, "the object stays, and so do links to it"
    assert sorted(obj[GROOM] for obj in strands_in(collection)) == ["Eyebrows", "Eyelashes", "Hair"]
    assert [hair.name, hair.data.name] == ["Hair", "Hair"]
    origin = np.array(skin["origin"])
    points = np.empty(result.grooms[0].points.size, np.float32)
    hair.data.attributes["position"].data.foreach_get("vector", points)
    expected = to_blender(result.grooms[0].points - origin)
    np.testing.assert_allclose(points.reshape(expected.shape), expected, atol=1e-5)
    surface = hair_surface(collection, skin)
    assert is_hair_surface(surface) and "Beard Density" not in surface.vertex_groups
    index = surface.vertex_groups["Hair Density"].index
    dense = {v.index for v in surface.data.vertices for element in v.groups if element.group == index}
    heights = on_surface(asset.parts[0].vertices[:, 1], surface)
    assert dense == set(np.flatnonzero(heights > 0.2).tolist())
    baked = bake_strands(hair, bpy.data.scenes.new("strands")).data
    assert 200 < len(baked.curves) < 400


def test_what_the_artist_set_stays(collection: bpy.types.Collection, asset: Asset, small_head: Head) -> None:
    hair = collection.objects["Hair"]
    hair.name = "My hair"
    material = hair.active_material
    sliders(hair).inputs["Variation"].default_value = 0.9
    own = hair.modifiers.new("Mine", "NODES")
    own.node_group = bpy.data.node_groups.new("mine", "GeometryNodeTree")
    hat = bpy.data.objects.new("hat", None)
    hat.parent = hair
    change(collection, longer(collection, asset, small_head))
    assert collection.objects["My hair"] == hair
    assert hair.active_material == material
    assert sliders(hair).inputs["Variation"].default_value == pytest.approx(0.9)
    assert hat.parent == hair
    names = [modifier.name for modifier in hair.modifiers]
    assert names[-2:] == ["Mine", "Surface Deform"]
    assert "Clump Hair Curves" not in names, "the new look has no clumps"
    assert len(names) == len(set(names))


def test_the_closed_meshes_are_the_new_ones(collection: bpy.types.Collection, asset: Asset, small_head: Head) -> None:
    volume = collection.objects["Hair Volume"]
    material = volume.active_material
    result = longer(collection, asset, small_head)
    change(collection, result)
    assert collection.objects["Hair Volume"] == volume
    assert volume.active_material == material
    assert (volume[PART], volume[VOLUME], volume.hide_viewport) == ("Hair", "Hair", True)
    height = max(vertex.co.z for vertex in volume.data.vertices)
    origin = np.array(head_object(collection)["origin"])
    assert height == pytest.approx(to_blender(result.parts[0].vertices - origin)[:, 2].max(), abs=1e-5)
    assert [obj[VOLUME] for obj in volumes_in(collection)] == ["Hair"]
    assert "Beard Volume" not in bpy.data.objects


def test_hair_and_beard_may_come_and_go(
    scene: bpy.types.Scene, small_head: Head, collection: bpy.types.Collection, asset: Asset
) -> None:
    first = longer(collection, asset, small_head)
    bald = replace(first, grooms=first.grooms[1:], parts=())
    change(collection, bald)
    assert "Hair" not in bpy.data.objects
    assert not volumes_in(collection)
    assert not [material for material in bpy.data.materials if material.name.startswith(("Hair", "Beard"))]
    pictures = {"Hair": plain((30, 24, 20))}
    change(collection, replace(first, part_images=pictures))
    assert collection.objects["Hair"].active_material.name == "Hair Strands"
    assert sliders(collection.objects["Hair"]).inputs["Melanin"].default_value > 0.5
    assert collection.objects["Hair Volume"].hide_viewport, "strands are shown"


@pytest.mark.parametrize("shown", SHOWN)
def test_hair_is_shown_as_before(shown: str, collection: bpy.types.Collection, asset: Asset, small_head: Head) -> None:
    show_hair(collection, shown)
    change(collection, longer(collection, asset, small_head))
    assert {obj.hide_viewport for obj in strands_in(collection)} == {shown != "STRANDS"}
    assert {obj.hide_render for obj in volumes_in(collection)} == {shown != "VOLUME"}


def test_codes_and_hairstyle_are_kept_for_what_comes_next(
    collection: bpy.types.Collection, asset: Asset, small_head: Head, tmp_path: Path
) -> None:
    change(collection, longer(collection, asset, small_head))
    save_blend(tmp_path / "head.blend")
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "head.blend"))
    (again,) = (one for one in bpy.data.collections if "models" in one)
    canvas = read_canvas(head_object(again))
    assert canvas.hairstyle == STYLE
    assert canvas.latents is not None
    assert canvas.latents.z_id.tolist() == [1.0] * 4
    assert "new grooms" in again["models"]
    assert "test-nphm" in again["models"], "the other models stay"


def test_the_skin_changes_in_its_own_material(collection: bpy.types.Collection, asset: Asset, small_head: Head) -> None:
    skin = head_object(collection)
    material = next(slot.material for slot in skin.material_slots if "clip_head" in slot.material)
    material.node_tree.nodes["Principled BSDF"].inputs["Specular IOR Level"].default_value = 0.9
    before = len(bpy.data.images)
    textures = replace(small_head.textures, albedo=~small_head.textures.albedo)
    change(collection, replace(longer(collection, asset, small_head), textures=textures))
    assert material in [slot.material for slot in skin.material_slots]
    np.testing.assert_array_equal(read_image(find_albedo(skin))[..., :3], textures.albedo)
    assert len(bpy.data.images) == before - 1, "the old pictures are gone, and the beard's"


def test_words_colour_hair_and_beard(collection: bpy.types.Collection, asset: Asset, small_head: Head) -> None:
    guides = collection.objects["Hair"].data
    change(collection, None, "pink streaks, dark roots and a touch of grey")
    hair, beard = (sliders(collection.objects[name]) for name in ("Hair", "Beard"))
    assert collection.objects["Hair"].data == guides
    assert hair.inputs["Highlights"].default_value == pytest.approx(0.2)
    assert hair.inputs["Root Darkness"].default_value == pytest.approx(0.9)
    assert hair.inputs["Grey"].default_value == beard.inputs["Grey"].default_value == pytest.approx(0.1)
    assert beard.inputs["Highlights"].default_value == 0.0
    result = replace(longer(collection, asset, small_head), part_images={"Hair": plain((30, 24, 20))})
    change(collection, result, "long black hair")
    assert hair.inputs["Melanin"].default_value > 0.5
    assert hair.inputs["Highlights"].default_value == pytest.approx(0.2), "not spoken of"
    brows, lashes = (sliders(collection.objects[name]) for name in ("Eyebrows", "Eyelashes"))
    assert brows.inputs["Melanin"].default_value < 0.5, "the skin below them is as it was"
    assert lashes.inputs["Melanin"].default_value > 0.5, "which are new"
