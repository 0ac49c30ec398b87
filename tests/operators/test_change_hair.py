"""Change Hair: when it may start, one undo step, cancel, and what a whole run does without an interface."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import sleep

import bpy
import numpy as np
import pytest

from clip_head.core.client import Worker
from clip_head.core.errors import Cancelled, ModelError
from clip_head.core.types import Head, Progress
from clip_head.operators.generate import session, tick
from clip_head.operators.job import Job
from clip_head.scene import head_object, read_canvas, read_request
from clip_head.scene.asset import add_asset
from clip_head.scene.hair import strands_in
from clip_head.scene.hair_change import NewHair

from ..scene.synthetic_groom import hairy_asset, plain
from ..scene.test_hair_change import STYLE, longer


@pytest.fixture
def obj(scene: bpy.types.Scene, small_head: Head) -> Iterator[bpy.types.Object]:
    request = replace(small_head.request, texture_size=64)
    head = replace(small_head, request=request, part_images={"Hair": plain((150, 60, 30))})
    head_obj = head_object(add_asset(head, hairy_asset(), scene))
    bpy.context.view_layer.update()
    bpy.context.view_layer.objects.active = head_obj
    return head_obj


def sliders() -> bpy.types.Node:
    material = bpy.data.objects["Hair"].active_material
    return next(node for node in material.node_tree.nodes if node.type == "GROUP")


def test_without_words_or_without_a_head_nothing_starts(obj: bpy.types.Object) -> None:
    with pytest.raises(RuntimeError, match="no words for the hair"):
        bpy.ops.clip_head.change_hair()
    assert session.job is None
    bpy.context.view_layer.objects.active = bpy.data.objects["Hair"]
    assert bpy.ops.clip_head.change_hair.poll(), "strands are a part of the head"
    bpy.context.view_layer.objects.active = None
    assert not bpy.ops.clip_head.change_hair.poll()


def test_colours_alone_need_no_worker(obj: bpy.types.Object) -> None:
    bpy.context.scene.clip_head.new_hair = "pink streaks"
    assert bpy.ops.clip_head.change_hair() == {"FINISHED"}
    assert session.worker is None or session.worker.pid is None
    assert sliders().inputs["Highlights"].default_value == pytest.approx(0.2)
    assert "pink streaks" in bpy.context.window_manager.clip_head_status.result
    assert bpy.ops.clip_head.change_hair(words="no highlights") == {"FINISHED"}
    assert sliders().inputs["Highlights"].default_value == 0.0


def test_other_hair_is_one_undo_step(obj: bpy.types.Object, small_head: Head) -> None:
    (collection,) = obj.users_collection
    name, guides = obj.name, len(bpy.data.objects["Hair"].data.curves)
    change = longer(collection, hairy_asset(), small_head)
    bpy.ops.ed.undo_push(message="before")
    session.head, session.scene = NewHair("longer", change), bpy.context.scene.name
    session.target = obj.session_uid
    assert tick() is None
    assert len(bpy.data.objects["Hair"].data.curves) != guides
    assert "Beard" not in bpy.data.objects
    assert read_canvas(bpy.data.objects[name]).hairstyle == STYLE
    bpy.ops.ed.undo()
    assert len(bpy.data.objects["Hair"].data.curves) == guides
    assert "Beard" in bpy.data.objects
    assert read_canvas(bpy.data.objects[name]).hairstyle is None


def test_it_is_cancelled_as_a_new_head_is(obj: bpy.types.Object, tmp_path: Path) -> None:
    request, canvas = read_request(obj), read_canvas(obj)
    with Worker(models=tmp_path / "no models") as worker:

        def serve(worker: Worker, progress: Progress, cancelled: Callable[[], bool]) -> NewHair:
            return NewHair(request.prompt, worker.change_hair(request, canvas, progress, cancelled))

        job = Job(worker, request, bpy.context.scene.name, serve=serve)
        while worker.pid is None:
            sleep(0.01)
        job.cancel()
        job.wait()
        assert isinstance(job.news()[-1], Cancelled)
        assert worker.pid is None


def test_the_workers_error_arrives_in_words(obj: bpy.types.Object, tmp_path: Path) -> None:
    with Worker(models=tmp_path / "no models") as worker, pytest.raises(ModelError, match="no models"):
        worker.change_hair(read_request(obj), read_canvas(obj))


@pytest.mark.slow(minutes=2)
def test_the_whole_way_without_an_interface(scene: bpy.types.Scene) -> None:
    settings = scene.clip_head
    settings.quality, settings.prompt = "DRAFT", "a man with short brown hair"
    assert bpy.ops.clip_head.generate() == {"FINISHED"}
    obj = bpy.context.active_object
    (collection,) = obj.users_collection
    hair, before = collection.objects["Hair"], read_canvas(obj)
    reach = _reach(hair)

    assert bpy.ops.clip_head.change_hair(words="very long blond hair and a full beard, pink streaks") == {"FINISHED"}
    after = read_canvas(obj)
    assert collection.objects["Hair"] == hair
    assert _reach(hair) > reach + 0.05, "metres"
    assert "Beard" in {one.name for one in strands_in(collection)}
    assert after.hairstyle is not None and after.hairstyle != before.hairstyle
    assert sliders().inputs["Highlights"].default_value == pytest.approx(0.2)
    assert after.latents is not None and before.latents is not None
    assert not np.array_equal(after.latents.z_id, before.latents.z_id)
    assert after.edit is not None and before.edit is not None
    assert not np.array_equal(after.edit.albedo, before.edit.albedo)

    assert bpy.ops.clip_head.reroll(seed=7) == {"FINISHED"}
    assert collection.objects["Hair"] == hair, "and no Hair.001"


def _reach(hair: bpy.types.Object) -> float:
    """How far guides reach from their roots in the mean, metres."""
    points = np.empty(3 * len(hair.data.points), np.float32)
    hair.data.attributes["position"].data.foreach_get("vector", points)
    lines = points.reshape(len(hair.data.curves), -1, 3)
    return float(np.linalg.norm(lines[:, -1] - lines[:, 0], axis=1).mean())
