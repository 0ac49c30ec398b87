"""New skins on heads that are in the file: what changes, what must stay, and what is refused."""

from pathlib import Path

import bpy
import numpy as np
import pytest

from clip_head.core.types import Head
from clip_head.scene import add_head, head_object
from clip_head.scene.canvas import OWN_LAYER, find_albedo, read_image


def activate(obj: bpy.types.Object) -> bpy.types.Object:
    bpy.context.view_layer.objects.active = obj
    return obj


def shape(obj: bpy.types.Object) -> list[bytes]:
    """Points, faces, UVs and shape keys, to the bit."""
    mesh = obj.data
    arrays = [np.empty(3 * len(mesh.vertices), np.float32), np.empty(len(mesh.loops), np.int32)]
    mesh.vertices.foreach_get("co", arrays[0])
    mesh.loops.foreach_get("vertex_index", arrays[1])
    for layer in mesh.uv_layers:
        arrays.append(np.empty(2 * len(mesh.loops), np.float32))
        layer.uv.foreach_get("vector", arrays[-1])
    for key in mesh.shape_keys.key_blocks if mesh.shape_keys else ():
        arrays.append(np.empty(3 * len(mesh.vertices), np.float32))
        key.data.foreach_get("co", arrays[-1])
    return [array.tobytes() for array in arrays]


def albedo(obj: bpy.types.Object) -> np.ndarray:
    return read_image(find_albedo(obj))[..., :3].astype(np.int16)


def test_nothing_of_ours_offers_no_new_skin(scene: bpy.types.Scene) -> None:
    assert not bpy.ops.clip_head.new_skin.poll()
    assert not bpy.ops.clip_head.texture_this.poll()
    bpy.ops.mesh.primitive_cube_add()
    assert not bpy.ops.clip_head.new_skin.poll()
    assert not bpy.ops.clip_head.paint_mask.poll()
    assert bpy.ops.clip_head.texture_this.poll()


def test_our_own_head_is_not_unwrapped_again(scene: bpy.types.Scene, small_head: Head) -> None:
    activate(head_object(add_head(small_head, scene)))
    assert bpy.ops.clip_head.new_skin.poll()
    assert not bpy.ops.clip_head.texture_this.poll()


@pytest.mark.parametrize("operator", ["new_skin", "texture_this"])
def test_no_words_for_the_skin_are_an_error_that_changes_nothing(
    scene: bpy.types.Scene, small_head: Head, operator: str
) -> None:
    if operator == "new_skin":
        obj = activate(head_object(add_head(small_head, scene)))
    else:
        bpy.ops.mesh.primitive_uv_sphere_add()
        obj = bpy.context.active_object
    before = shape(obj), [slot.material for slot in obj.material_slots]
    with pytest.raises(RuntimeError, match="no words for the skin"):
        getattr(bpy.ops.clip_head, operator)()
    assert "Skin of the Active Head" in bpy.context.window_manager.clip_head_status.remedy
    assert (shape(obj), [slot.material for slot in obj.material_slots]) == before


def test_a_mesh_without_faces_is_refused_in_words(scene: bpy.types.Scene) -> None:
    obj = bpy.data.objects.new("points", bpy.data.meshes.new("points"))
    scene.collection.objects.link(obj)
    activate(obj)
    scene.clip_head.look = "a man"
    with pytest.raises(RuntimeError, match="has no faces"):
        bpy.ops.clip_head.texture_this()
    assert not obj.data.uv_layers


def test_paint_mask_gives_a_black_image_of_the_skins_size(scene: bpy.types.Scene, small_head: Head) -> None:
    activate(head_object(add_head(small_head, scene)))
    assert bpy.ops.clip_head.paint_mask() == {"FINISHED"}
    mask = scene.clip_head.mask
    assert tuple(mask.size) == (small_head.request.texture_size,) * 2
    assert read_image(mask)[..., :3].max() == 0
    assert scene.tool_settings.image_paint.canvas == mask
    bpy.ops.object.mode_set(mode="OBJECT")
    assert bpy.ops.clip_head.paint_mask() == {"FINISHED"}
    assert scene.clip_head.mask == mask, "what is painted already is not thrown away"
    bpy.ops.object.mode_set(mode="OBJECT")


def test_what_is_painted_on_the_mask_is_saved_with_the_file(
    scene: bpy.types.Scene, small_head: Head, tmp_path: Path
) -> None:
    activate(head_object(add_head(small_head, scene)))
    bpy.ops.clip_head.paint_mask()
    bpy.ops.object.mode_set(mode="OBJECT")
    mask = scene.clip_head.mask
    painted = np.zeros((mask.size[1], mask.size[0], 4), np.float32)
    painted[: len(painted) // 2] = 1.0
    mask.pixels.foreach_set(painted.ravel())
    assert mask.is_dirty
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "head.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "head.blend"))
    found = read_image(bpy.context.scene.clip_head.mask)
    assert found[..., :3].mean() == pytest.approx(127.5, abs=1)


@pytest.mark.parametrize("shared", [True, False])
def test_paint_mask_puts_white_on_the_brush(scene: bpy.types.Scene, small_head: Head, shared: bool) -> None:
    activate(head_object(add_head(small_head, scene)))
    bpy.ops.object.mode_set(mode="TEXTURE_PAINT")
    paint = scene.tool_settings.image_paint
    unified = getattr(scene.tool_settings, "unified_paint_settings", None) or paint.unified_paint_settings
    unified.use_unified_color = shared
    owner = unified if shared else paint.brush
    owner.color = owner.secondary_color = (0.0, 0.0, 0.0)
    bpy.ops.object.mode_set(mode="OBJECT")
    assert bpy.ops.clip_head.paint_mask() == {"FINISHED"}
    assert tuple(owner.color) == (1.0, 1.0, 1.0), "black, Blender's own, would not show on a black mask"
    bpy.ops.object.mode_set(mode="OBJECT")


@pytest.mark.parametrize("ours", [True, False])
def test_the_mask_is_painted_in_the_uv_of_the_skin(scene: bpy.types.Scene, small_head: Head, ours: bool) -> None:
    obj = activate(head_object(add_head(small_head, scene)))
    layers = obj.data.uv_layers
    if not ours:
        layers[0].name = OWN_LAYER
        del obj["z_id"]
    skins = layers[0].name
    other = layers.new(name="the artist's")
    other.active = other.active_render = True
    bpy.ops.clip_head.paint_mask()
    bpy.ops.object.mode_set(mode="OBJECT")
    assert layers.active.name == skins
    assert layers["the artist's"].active_render


@pytest.mark.slow
def test_new_skins_change_the_picture_and_nothing_else(scene: bpy.types.Scene) -> None:
    settings = scene.clip_head
    settings.prompt, settings.quality = "a young man", "DRAFT"
    bpy.ops.clip_head.generate()
    obj = bpy.context.active_object
    kept, first, count = shape(obj), albedo(obj), len(bpy.data.objects)
    seed, codes = obj["seed"], list(obj["z_id"])

    size = first.shape[0]
    settings.look, settings.strength = "joker makeup", 1.0
    settings.mask = bpy.data.images.new("mask", size, size)
    white = np.zeros((size, size, 4), np.float32)
    white[: size // 2], white[..., 3] = 1.0, 1.0  # the lower half: Blender counts rows from below
    settings.mask.pixels.foreach_set(white.ravel())
    bpy.ops.clip_head.new_skin()
    changed = np.abs(albedo(obj) - first).max(axis=2)
    assert changed[: size // 2 - 1].max() == 0, "outside the mask every byte stays"
    assert changed[size // 2 :].max() > 20
    assert shape(obj) == kept
    assert (obj["seed"], list(obj["z_id"])) == (seed, codes)
    assert len(bpy.data.objects) == count

    settings.look = "a woman with red lips"
    bare = bpy.data.objects.new("mine", obj.data.copy())
    bare.shape_key_clear()
    bare.data.materials.clear()
    while bare.data.uv_layers:
        bare.data.uv_layers.remove(bare.data.uv_layers[0])
    own = bare.data.uv_layers.new(name="my layout")
    scene.collection.objects.link(bare)
    activate(bare)
    mine = bpy.data.materials.new("mine")
    bare.data.materials.append(mine)
    bpy.ops.clip_head.texture_this()
    assert [layer.name for layer in bare.data.uv_layers] == [own.name, OWN_LAYER]
    assert mine in {slot.material for slot in bare.material_slots} or mine.name in bpy.data.materials
    painted = albedo(bare)
    assert painted.std(axis=(0, 1)).min() > 5
