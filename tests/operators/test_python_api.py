"""Heads made by a script: files that open again, and nothing of the open scene lost or left behind."""

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest

import clip_head
from clip_head.core.errors import OutputError, RequestError
from clip_head.core.types import Head, HeadRequest
from clip_head.operators.python_api import edit, export, generate
from clip_head.scene.export import start_empty_file
from clip_head.tests.operators.test_command_line import ReadyWorker
from clip_head.tests.scene.synthetic_asset import synthetic_asset


@pytest.fixture
def head(small_head: Head) -> Head:
    return replace(small_head, asset=synthetic_asset())


def everything() -> dict[str, int]:
    return {kind: len(getattr(bpy.data, kind)) for kind in ("objects", "meshes", "materials", "images", "collections")}


def test_the_package_gives_them_out() -> None:
    assert {"generate", "edit", "export"} <= set(dir(clip_head))
    assert clip_head.generate is generate
    with pytest.raises(AttributeError, match="genrate"):
        _ = clip_head.genrate


def test_fields_of_the_request_are_passed_on(head: Head) -> None:
    made = generate("a man", ReadyWorker(head), seed=7, texture_size=64)
    assert made.request == HeadRequest("a man", seed=7, texture_size=64)
    with pytest.raises(RequestError, match="-1"):
        generate("a man", ReadyWorker(head), seed=-1)
    with pytest.raises(TypeError, match="sed"):
        generate("a man", ReadyWorker(head), sed=1)


@pytest.mark.parametrize("ending", ["glb", "fbx", "usdc", "obj", "blend"])
def test_what_is_open_stays_as_it_is(head: Head, tmp_path: Path, ending: str) -> None:
    start_empty_file()
    bpy.ops.mesh.primitive_cube_add()
    cube, before = bpy.context.active_object, everything()
    path = export(head, tmp_path / f"head.{ending}")
    assert path.stat().st_size > 1000
    assert everything() == before
    assert bpy.context.view_layer.objects.active == cube and cube.select_get()


def test_the_blend_holds_the_head(head: Head, tmp_path: Path) -> None:
    start_empty_file()
    path = export(head, tmp_path / "head.blend", level=1)
    with bpy.data.libraries.load(str(path)) as (there, here):
        here.collections = list(there.collections)
    (collection,) = [c for c in here.collections if any(obj.type == "ARMATURE" for obj in c.objects)]
    (skin,) = [obj for obj in collection.objects if obj.name == "Head"]
    assert head.asset is not None
    assert len(skin.data.polygons) == len(head.asset.parts[0].levels[1].quads) and skin.data.shape_keys
    assert [image for image in bpy.data.images if image.packed_file]


def test_what_cannot_be_written_is_said_and_leaves_nothing(head: Head, small_head: Head, tmp_path: Path) -> None:
    start_empty_file()
    before = everything()
    for wrong, path, named in (
        (head, tmp_path / "none" / "head.glb", "none"),
        (head, tmp_path / "head.doc", "doc"),
        (small_head, tmp_path / "head.fbx", "raw"),
    ):
        with pytest.raises(OutputError, match=named):
            export(wrong, path)
    assert everything() == before and not list(tmp_path.iterdir())


@pytest.mark.slow(minutes=0.4)
def test_a_head_is_made_and_painted_anew_on_the_shipped_models() -> None:
    from clip_head.core.client import Worker

    with Worker() as worker:
        head = generate("a man", worker, texture_size=64)
        green = edit(head, "a man with green skin", worker=worker)
    assert green.asset is head.asset and green.request.skin == "a man with green skin"
    before, after = (h.textures.albedo.reshape(-1, 3).mean(axis=0) for h in (head, green))
    assert np.argmax(after - before) == 1, "green has grown most"
