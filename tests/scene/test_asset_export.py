"""Files of an asset, opened again by Blender's importers, or read as they are where those would mend something."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import addon_utils
import bpy
import numpy as np
import pytest

from clip_head.core.errors import OutputError
from clip_head.core.types import Asset, AssetPart, Head
from clip_head.scene.asset import add_asset, lowest_rim_middle
from clip_head.scene.asset_action import add_demonstration
from clip_head.scene.asset_export import _FORMATS, PRESETS, export_asset
from clip_head.scene.canvas import read_image
from clip_head.scene.export import start_empty_file
from clip_head.scene.mesh import to_blender

from .synthetic_asset import ARKIT, eye_picture, synthetic_asset
from .test_files import picture_behind, read_glb

#: Suffix -> the importer.
READERS: dict[str, Callable[..., object]] = {
    ".glb": lambda path: bpy.ops.import_scene.gltf(filepath=path),
    ".fbx": lambda path: bpy.ops.import_scene.fbx(filepath=path),
    ".usdc": lambda path: bpy.ops.wm.usd_import(filepath=path),
    ".abc": lambda path: bpy.ops.wm.alembic_import(filepath=path),
    ".obj": lambda path: bpy.ops.wm.obj_import(filepath=path),
}
#: Formats that keep quads, those that keep keys and bones, and those that keep materials.
QUADS = (".fbx", ".usdc", ".abc", ".obj")
RIGGED = (".glb", ".fbx", ".usdc")
COLOURED = (".glb", ".fbx", ".usdc", ".obj")


@pytest.fixture(scope="module")
def asset() -> Asset:
    return synthetic_asset()


@pytest.fixture
def small_head(small_head: Head) -> Head:
    return replace(small_head, part_images={"Eye": eye_picture()})


def write(head: Head, asset: Asset, path: Path, preset: str = "", moving: bool = False) -> None:
    """Build the asset away from the origin and write it."""
    collection = add_asset(head, asset, bpy.context.scene)
    if moving:
        add_demonstration(collection)
    export_asset(path, collection, preset)


def reopen(path: Path) -> dict[str, bpy.types.Object]:
    """The meshes of a file by their names without blanks, in an empty file of Blender's."""
    start_empty_file()
    for addon in ("io_scene_fbx", "io_scene_gltf2"):
        addon_utils.enable(addon)
    READERS[path.suffix](str(path))
    bpy.context.view_layer.update()
    return {obj.name.split(".")[0].replace("_", " "): obj for obj in bpy.context.scene.objects if obj.type == "MESH"}


def positions(data: bpy.types.bpy_prop_collection, obj: bpy.types.Object) -> np.ndarray:
    """Points of a mesh or a key, in the world."""
    flat = np.empty(len(data) * 3, dtype=np.float32)
    data.foreach_get("co", flat)
    matrix = np.array(obj.matrix_world)
    return flat.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]


def expected(part: AssetPart, asset: Asset, expression: bool) -> np.ndarray:
    """A part's vertices in metres, neutral or in its expression."""
    head = asset.parts[0]
    moves = sum((asset.weights[name] * offsets for name, offsets in part.keys.items()), np.zeros_like(part.vertices))
    return to_blender(part.vertices + moves * expression - lowest_rim_middle(head.vertices, head.levels[0].quads))


def nearest(points: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each point the nearest of others, and how far it is."""
    distances = np.linalg.norm(points[:, None] - among[None], axis=2)
    return distances.argmin(axis=1), distances.min(axis=1)


@pytest.mark.parametrize("suffix", READERS)
def test_every_part_is_there_in_metres_upright_and_facing_forward(
    suffix: str, scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    write(small_head, asset, tmp_path / f"head{suffix}")
    meshes = reopen(tmp_path / f"head{suffix}")
    for part in asset.parts:
        obj = meshes[part.name]
        points = positions(obj.data.vertices, obj)
        wanted = expected(part, asset, expression=suffix not in RIGGED)
        if suffix in QUADS:
            assert len(points) == len(part.vertices)
            np.testing.assert_allclose(points, wanted, atol=2e-6)
            assert {len(polygon.vertices) for polygon in obj.data.polygons} == {4}
        else:
            for one, other in ((points, wanted), (wanted, points)):
                assert nearest(one, other)[1].max() < 2e-6


@pytest.mark.parametrize("suffix", RIGGED)
def test_keys_keep_names_order_and_moves(
    suffix: str, scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    write(small_head, asset, tmp_path / f"head{suffix}")
    meshes = reopen(tmp_path / f"head{suffix}")
    for part in asset.parts:
        obj = meshes[part.name]
        first, *keys = obj.data.shape_keys.key_blocks
        assert [key.name for key in keys] == (list(ARKIT) if part.name == "Head" else list(part.keys))
        rest = positions(first.data, obj)
        vertex, _ = nearest(rest, expected(part, asset, expression=False))
        for key in keys:
            moves = to_blender(part.keys.get(key.name, np.zeros_like(part.vertices)))
            np.testing.assert_allclose(positions(key.data, obj) - rest, moves[vertex], atol=2e-6)
            if suffix != ".usdc":  # Blender's importer leaves these out; the file has them, see below
                assert key.value == pytest.approx(asset.weights[key.name], abs=1e-4)


@pytest.mark.parametrize("suffix", RIGGED)
def test_bones_keep_their_places_and_weights(
    suffix: str, scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    write(small_head, asset, tmp_path / f"head{suffix}")
    meshes = reopen(tmp_path / f"head{suffix}")
    armature = next(obj for obj in bpy.context.scene.objects if obj.type == "ARMATURE")
    heads = {bone.name.replace("_", "."): armature.matrix_world @ bone.head_local for bone in armature.data.bones}
    origin = lowest_rim_middle(asset.parts[0].vertices, asset.parts[0].levels[0].quads)
    for bone in asset.bones:
        np.testing.assert_allclose(heads[bone.name.replace("_", ".")], to_blender(bone.head - origin), atol=1e-5)
    for part in asset.parts:
        obj = meshes[part.name]
        assert obj.find_armature() == armature
        vertex, _ = nearest(positions(obj.data.vertices, obj), expected(part, asset, expression=False))
        groups = {group.name.replace("_", "."): group.index for group in obj.vertex_groups}
        for name, weights in part.bone_weights.items():
            index = groups[name.replace("_", ".")]
            there = [sum(g.weight for g in v.groups if g.group == index) for v in obj.data.vertices]
            np.testing.assert_allclose(there, weights[vertex], atol=2e-3)


@pytest.mark.parametrize("suffix", COLOURED)
def test_pictures_come_along(
    suffix: str, scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    write(small_head, asset, tmp_path / f"head{suffix}")
    meshes = reopen(tmp_path / f"head{suffix}")
    slots = [material for name in ("Head", "Eye Left") for material in meshes[name].data.materials]
    assert [material.name for material in slots] == ["Skin", "Sclera", "Iris"]
    for material, wanted in zip(
        slots, (small_head.textures.albedo, small_head.part_images["Eye"], small_head.part_images["Eye"]), strict=True
    ):
        surface = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
        np.testing.assert_array_equal(read_image(picture_behind(surface.inputs["Base Color"]))[..., :3], wanted)
    skin = next(node for node in slots[0].node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    if skin.inputs["Coat Weight"].is_linked:  # FBX and OBJ have no place for it
        coat = picture_behind(skin.inputs["Coat Weight"])
        assert "coat" in coat.name, "and not the scattering, which passes through the same group"


@pytest.mark.parametrize("suffix", [".glb", ".fbx", ".usdc", ".abc"])
def test_movement_comes_along_for_every_part(
    suffix: str, scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    write(small_head, asset, tmp_path / f"head{suffix}", moving=True)
    assert (scene.frame_start, scene.frame_end) == (1, 250), "the artist's frames stay"
    eye, head = bpy.data.objects["Eye Left"], bpy.data.objects["Head"]
    assert eye.data.shape_keys.animation_data.action is None
    shots = (1, 31, 63)
    before = [(moved(head, frame), moved(eye, frame)) for frame in shots]
    assert np.abs(before[0][1] - before[1][1]).max() > 0.001, "the eye looks up"
    assert np.abs(before[0][0] - before[2][0]).max() > 0.001, "the jaw opens"
    meshes = reopen(tmp_path / f"head{suffix}")
    late = 1 if suffix == ".fbx" else 0  # its importer starts a frame later
    for frame, (face, ball) in zip(shots, before, strict=True):
        for obj, wanted in ((meshes["Head"], face), (meshes["Eye Left"], ball)):
            there = moved(obj, frame + late)
            assert nearest(there, wanted)[1].max() < 1e-5


def moved(obj: bpy.types.Object, frame: int) -> np.ndarray:
    """The vertices at a frame, in the world."""
    bpy.context.scene.frame_set(frame)
    result = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return positions(result.data.vertices, result)


def test_glb_holds_one_animation_and_the_expression(
    scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    write(small_head, asset, tmp_path / "head.glb", moving=True)
    facts, _ = read_glb(tmp_path / "head.glb")
    (animation,) = facts["animations"]
    assert animation["name"] == "Demonstration"
    moving = {(facts["nodes"][c["target"]["node"]]["name"], c["target"]["path"]) for c in animation["channels"]}
    assert moving == {(part.name, "weights") for part in asset.parts}
    start_empty_file()
    write(small_head, asset, tmp_path / "still.glb")
    facts, _ = read_glb(tmp_path / "still.glb")
    assert "animations" not in facts
    meshes = {mesh["name"]: mesh for mesh in facts["meshes"]}
    assert meshes["Head"]["extras"]["targetNames"] == list(ARKIT)
    assert meshes["Head"]["weights"] == pytest.approx(list(asset.weights.values()))
    assert meshes["Eye Left"]["weights"] == pytest.approx([0.25])


def test_usd_moves_all_meshes_by_one_weight_for_each_action(
    scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    write(small_head, asset, tmp_path / "head.usdc")
    if hasattr(bpy.utils, "expose_bundled_modules"):
        bpy.utils.expose_bundled_modules()
    from pxr import Usd, UsdGeom

    stage = Usd.Stage.Open(str(tmp_path / "head.usdc"))
    assert (UsdGeom.GetStageUpAxis(stage), UsdGeom.GetStageMetersPerUnit(stage)) == ("Y", 1.0)
    (animation,) = (prim for prim in stage.Traverse() if prim.GetTypeName() == "SkelAnimation")
    assert list(animation.GetAttribute("blendShapes").Get()) == list(ARKIT)
    weights = animation.GetAttribute("blendShapeWeights").Get()
    np.testing.assert_allclose(weights, list(asset.weights.values()), atol=1e-6)
    tokens = {p.GetName(): list(p.GetAttribute("skel:blendShapes").Get()) for p in stage.Traverse() if p.IsA("Mesh")}
    assert tokens == {"Head": list(ARKIT), "Eye_Left": ["eyeLookUpLeft"], "Eye_Right": ["eyeLookUpRight"]}


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_writes_a_file_in_metres(
    preset: str, scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    path = tmp_path / f"head{PRESETS[preset]['suffix']}"
    write(small_head, asset, path, preset)
    obj = reopen(path)["Head"]
    points = positions(obj.data.vertices, obj)
    wanted = expected(asset.parts[0], asset, expression=False)
    assert nearest(points, wanted)[1].max() < 2e-6
    assert [key.name for key in obj.data.shape_keys.key_blocks][1:53] == list(ARKIT)


@pytest.mark.parametrize(("suffix", "preset"), [(".fbx", "unreal"), (".glb", ""), (".usdc", "")])
def test_a_second_heads_file_has_the_names_of_the_first(
    suffix: str, preset: str, scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    add_asset(small_head, asset, scene)
    second = add_asset(small_head, asset, scene)
    names = [obj.name for obj in bpy.data.objects], [material.name for material in bpy.data.materials]
    export_asset(tmp_path / f"head{suffix}", second, preset)
    assert names == ([obj.name for obj in bpy.data.objects], [material.name for material in bpy.data.materials])
    reopen(tmp_path / f"head{suffix}")
    objects = bpy.context.scene.objects
    meshes = {obj.name.replace("_", " ") for obj in objects if obj.type == "MESH"} - {"Icosphere"}  # of the importer's
    assert meshes == {part.name for part in asset.parts}
    assert {material.name for material in bpy.data.materials} == {"Skin", "Sclera", "Iris"}
    (armature,) = (obj for obj in objects if obj.type == "ARMATURE")
    assert armature.name == "Armature"
    assert preset != "unreal" or armature.parent is None, "above the root bone is nothing that Unreal would keep"


@pytest.mark.parametrize(
    ("name", "preset", "said"),
    [
        ("head.stl", "", "has the ending '.stl', which is no format that assets are written in. End its name with"),
        ("head.fbx", "maya", "There is no preset 'maya'. Choose one of unity, unreal"),
        ("head.fbx", "godot", "The preset 'godot' writes .glb files, and"),
        ("missing/head.obj", "", "cannot be written"),
        ("file/head.glb", "", "cannot be written"),
        ("missing/head.abc", "", "cannot be written"),
        ("missing/head.fbx", "", "cannot be written"),
        ("file/head.usdc", "", "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said(
    name: str, preset: str, said: str, scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match=re.escape(said)):
        write(small_head, asset, tmp_path / name, preset)


@pytest.mark.parametrize("suffix", [".glb", ".fbx", ".usdc"])
def test_correctives_and_the_artists_own_keys_come_along(
    suffix: str, scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    first = asset.parts[0]
    corrected = replace(first, keys=first.keys | {"jawOpen_eyeBlinkLeft": np.full_like(first.vertices, 0.01)})
    collection = add_asset(small_head, replace(asset, parts=(corrected, *asset.parts[1:])), scene)
    collection.objects["Head"].shape_key_add(name="my own + key", from_mix=False)
    export_asset(tmp_path / f"head{suffix}", collection)
    names = [block.name for block in reopen(tmp_path / f"head{suffix}")["Head"].data.shape_keys.key_blocks][1:]
    assert names[:52] == list(ARKIT)
    assert names[52] == "jawOpen_eyeBlinkLeft"
    assert len(names) == 54


def test_a_blender_without_an_exporter_is_said(
    scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some builds of Linux distributions have neither USD nor Alembic: their operators are missing."""
    collection = add_asset(small_head, asset, scene)
    monkeypatch.setitem(_FORMATS[".abc"], "operator", "wm.an_export_that_was_left_out")
    with pytest.raises(OutputError, match=r"built without what writes \.abc files"):
        export_asset(tmp_path / "head.abc", collection)
    assert not list(tmp_path.iterdir())
