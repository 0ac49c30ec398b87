"""The material of strands: its sliders, and that Cycles renders hair in the colour that was painted."""

from pathlib import Path

import bpy
import numpy as np
import pytest

from clip_head.core.hair.colour import Colouring
from clip_head.scene.hair_colour import HairColour, hair_colour, picture_colour
from clip_head.scene.hair_material import GROUP, build_hair_material, set_colouring, set_hair_colour


def sliders(material: bpy.types.Material) -> bpy.types.Node:
    return next(node for node in material.node_tree.nodes if node.type == "GROUP")


def test_cycles_has_pigments_and_eevee_a_colour(scene: bpy.types.Scene) -> None:
    material = build_hair_material("Strands", HairColour(0.4, 0.7, 0.1, (1.0, 0.5, 0.25)))
    outputs = {node.target: node for node in material.node_tree.nodes if node.type == "OUTPUT_MATERIAL"}
    shaders = {target: node.inputs["Surface"].links[0].from_node for target, node in outputs.items()}
    assert shaders["EEVEE"].type == "BSDF_PRINCIPLED"
    hair, surface = (socket.links[0].from_node for socket in shaders["CYCLES"].inputs[1:])
    assert hair.type == "BSDF_HAIR_PRINCIPLED"
    assert surface.type == "BSDF_PRINCIPLED", "light hair scatters light on its surface, too"
    node = sliders(material)
    values = [node.inputs[name].default_value for name in ("Melanin", "Redness", "Grey")]
    np.testing.assert_allclose(values, [0.4, 0.7, 0.1], atol=1e-6)
    np.testing.assert_allclose(node.inputs["Dye"].default_value, [1.0, 0.5, 0.25, 1.0])
    assert material.diffuse_color[0] > material.diffuse_color[1] > material.diffuse_color[2], "Solid mode shows it, too"


def test_materials_share_one_group_and_keep_their_own_colours(scene: bpy.types.Scene) -> None:
    one, other = (build_hair_material(name, HairColour(0.2, 0.0)) for name in ("Hair Strands", "Beard Strands"))
    set_hair_colour(other, HairColour(0.9, 0.0))
    assert [group.name for group in bpy.data.node_groups] == [GROUP]
    assert sliders(one).inputs["Melanin"].default_value == pytest.approx(0.2)
    assert sliders(other).inputs["Melanin"].default_value == pytest.approx(0.9)


def test_words_set_highlights_roots_and_white_strands_and_leave_the_rest(scene: bpy.types.Scene) -> None:
    material = build_hair_material("Strands", HairColour(0.4, 0.7, 0.1, (1.0, 0.5, 0.25)))
    node = sliders(material)
    set_colouring(material, Colouring(highlights=0.3, roots=0.9))
    values = [node.inputs[name].default_value for name in ("Melanin", "Grey", "Highlights", "Root Darkness")]
    np.testing.assert_allclose(values, [0.4, 0.1, 0.3, 0.9], atol=1e-6)
    assert node.inputs["Highlight Melanin"].default_value < 0.4, "lighter, where no colour is named"
    np.testing.assert_allclose(node.inputs["Highlight Dye"].default_value, [1.0, 0.5, 0.25, 1.0])
    set_colouring(material, Colouring(highlights=0.2, highlight_colour=(235, 125, 180)))
    red, green, blue, _ = node.inputs["Highlight Dye"].default_value
    assert red > blue > green, "pink"
    assert node.inputs["Root Darkness"].default_value == pytest.approx(0.9)
    set_colouring(material, Colouring(grey=0.05), fresh=True)
    assert node.inputs["Grey"].default_value == pytest.approx(0.1), "hair that is painted greyer stays so"
    set_colouring(material, Colouring(grey=0.05))
    assert node.inputs["Grey"].default_value == pytest.approx(0.05)


@pytest.mark.parametrize("colour", [(90, 60, 40), (142, 43, 21), (50, 90, 160), (191, 153, 78), (170, 168, 165)])
def test_a_ball_of_hair_is_rendered_in_the_colour_wanted(
    scene: bpy.types.Scene, colour: tuple[int, int, int], tmp_path: Path
) -> None:
    """Under light from everywhere, seen from the side: a ball of strands that hang down round it."""
    wanted = picture_colour(np.full((4, 4, 3), colour, np.uint8))
    scene.collection.objects.link(ball(build_hair_material("Strands", hair_colour(wanted))))
    scene.collection.objects.link(skin_below(wanted))
    scene.world = bpy.data.worlds.new("light")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (1, 1, 1, 1)
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.data.type, camera.data.ortho_scale = "ORTHO", 0.1
    camera.location, camera.rotation_euler = (0, -1, 0), (np.pi / 2, 0, 0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    render = scene.render
    render.engine, render.resolution_x, render.resolution_y = "CYCLES", 24, 24
    render.image_settings.file_format, render.filepath = "OPEN_EXR", str(tmp_path / "ball.exr")
    scene.cycles.samples, scene.cycles.use_denoising = 16, False
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(render.filepath)
    seen = np.array(image.pixels[:]).reshape(-1, 4)[:, :3].mean(axis=0)
    # Lighter than painted by as much as lamps, which light less of hair, would take away; in light hair as far as hair
    # can be.
    np.testing.assert_allclose(seen, wanted * min(1.4, 0.55 / wanted.max()), atol=0.08)
    assert seen.argsort().tolist() == wanted.argsort().tolist()


def skin_below(colour: np.ndarray) -> bpy.types.Object:
    """What the ball of hair grows on, painted in its colour (3,), linear, as scalps are."""
    bpy.ops.mesh.primitive_ico_sphere_add(radius=0.078, subdivisions=4)
    skin = bpy.context.active_object
    skin.users_collection[0].objects.unlink(skin)
    material = bpy.data.materials.new("skin")
    material.use_nodes = True
    material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (*colour, 1.0)
    skin.data.materials.append(material)
    return skin


def ball(material: bpy.types.Material, count: int = 12000) -> bpy.types.Object:
    """A ball of hair of 10 cm radius."""
    rng = np.random.default_rng(0)
    out = rng.normal(size=(count, 3))
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    down = np.arccos(out[:, 2])[:, None] + rng.uniform(0.3, 0.5, (count, 1)) * np.linspace(0, 1, 8)
    around = np.arctan2(out[:, 1], out[:, 0])[:, None]
    points = np.stack([np.sin(down) * np.cos(around), np.sin(down) * np.sin(around), np.cos(down)], axis=-1)
    points *= rng.uniform(0.08, 0.1, (count, 1, 1))
    curves = bpy.data.hair_curves.new("ball")
    curves.add_curves([8] * count)
    curves.attributes["position"].data.foreach_set("vector", points.astype(np.float32).ravel())
    radius = curves.attributes.get("radius") or curves.attributes.new("radius", "FLOAT", "POINT")
    radius.data.foreach_set("value", np.full(8 * count, 1e-3, np.float32))
    curves.materials.append(material)
    return bpy.data.objects.new("ball", curves)
