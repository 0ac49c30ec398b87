"""The operators in Blender: without an interface they wait; with one, a timer lets the finished head in."""

from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import bpy
import pytest

import clip_head
from clip_head.core.client import Worker
from clip_head.core.errors import Cancelled, ModelError
from clip_head.core.types import Head, HeadRequest
from clip_head.operators.generate import session, tick
from clip_head.operators.job import Job, News
from clip_head.scene.export import start_empty_file


def status() -> bpy.types.PropertyGroup:
    return bpy.context.window_manager.clip_head_status


def finish(head: Head) -> None:
    """What the timer finds when the worker has just answered."""
    session.head, session.scene, session.target = head, bpy.context.scene.name, 0


def lives(worker: Worker) -> bool:
    return worker.pid is not None


def last_news(job: Job) -> News:
    job.wait()
    return job.news()[-1]


def test_empty_prompt_is_an_error_with_a_remedy(scene: bpy.types.Scene) -> None:
    with pytest.raises(RuntimeError, match="The prompt is empty"):
        bpy.ops.clip_head.generate()
    assert status().cause == "The prompt is empty."
    assert "Describe a head" in status().remedy
    assert not status().installation
    assert not session.worker or session.worker.pid is None


def test_missing_models_are_shown_with_the_way_to_the_preferences(scene: bpy.types.Scene, tmp_path: Path) -> None:
    session.worker = Worker(models=tmp_path / "no models")
    session.job = Job(session.worker, HeadRequest("an old man"), scene.name)
    session.job.wait()
    assert tick() is None
    assert "no models" in status().cause
    assert status().installation
    assert not status().running


def test_cancel_ends_the_job_within_two_seconds(scene: bpy.types.Scene, tmp_path: Path) -> None:
    session.worker = Worker(models=tmp_path / "no models")
    session.job = job = Job(session.worker, HeadRequest("an old man"), scene.name)
    while session.worker.pid is None:
        sleep(0.01)
    assert tick() is not None
    assert status().running
    start = monotonic()
    assert bpy.ops.clip_head.cancel() == {"FINISHED"}
    assert isinstance(last_news(job), Cancelled)
    assert monotonic() - start < 2.0
    assert session.worker.pid is None


def test_disabling_ends_the_worker(scene: bpy.types.Scene, tmp_path: Path) -> None:
    session.worker = worker = Worker(models=tmp_path / "no models")
    job = Job(worker, HeadRequest("an old man"), scene.name)
    assert isinstance(last_news(job), ModelError)
    assert lives(worker)
    clip_head.unregister()
    assert not lives(worker)
    clip_head.register()


def test_finished_head_is_one_undo_step(scene: bpy.types.Scene, small_head: Head) -> None:
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.ed.undo_push(message="before")
    before = {obj.name for obj in bpy.data.objects}
    finish(small_head)
    assert tick() is None
    added = {obj.name for obj in bpy.data.objects} - before
    assert len(added) == 1
    assert bpy.context.view_layer.objects.active.name in added
    assert f"{len(bpy.context.active_object.data.vertices):,} vertices" in status().result
    bpy.ops.ed.undo()
    assert {obj.name for obj in bpy.data.objects} == before
    bpy.ops.ed.redo()
    assert {obj.name for obj in bpy.data.objects} == before | added


def test_head_waits_until_the_artist_leaves_edit_mode(scene: bpy.types.Scene, small_head: Head) -> None:
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.object.mode_set(mode="EDIT")
    finish(small_head)
    assert tick() is not None
    assert "Object Mode" in status().stage
    assert len(bpy.data.objects) == 1
    bpy.ops.object.mode_set(mode="OBJECT")
    assert tick() is None
    assert len(bpy.data.objects) == 2


def test_head_goes_to_the_scene_that_asked(scene: bpy.types.Scene, small_head: Head) -> None:
    finish(small_head)
    other = bpy.data.scenes.new("other")
    bpy.context.window.scene = other
    assert tick() is None
    assert len(scene.objects) == 1
    assert len(other.objects) == 0


def test_opening_another_file_drops_the_head_and_says_so(scene: bpy.types.Scene, small_head: Head) -> None:
    finish(replace(small_head, seconds={}))
    start_empty_file()
    assert session.head is None
    assert tick() is None
    assert len(bpy.data.objects) == 0
    assert "another file was opened" in status().result


def test_opening_another_file_ends_the_job(scene: bpy.types.Scene, tmp_path: Path) -> None:
    session.worker = worker = Worker(models=tmp_path / "no models")
    session.job = job = Job(worker, HeadRequest("an old man"), scene.name)
    start_empty_file()
    assert isinstance(last_news(job), Cancelled)
    assert not lives(worker)
    assert session.job is None


def test_head_that_scene_cannot_build_ends_in_words(scene: bpy.types.Scene, small_head: Head) -> None:
    finish(replace(small_head, mesh=replace(small_head.mesh, faces=small_head.mesh.faces + 10_000)))
    assert tick() is None
    assert "could not be added" in status().cause
    assert not status().running


@pytest.mark.slow
def test_words_become_a_head_without_an_interface(scene: bpy.types.Scene) -> None:
    scene.clip_head.prompt = "an old man with a big nose, laughing"
    scene.clip_head.seed = 5
    scene.clip_head.quality = "DRAFT"
    assert bpy.ops.clip_head.generate() == {"FINISHED"}
    obj = bpy.context.active_object
    assert obj["prompt"] == scene.clip_head.prompt
    assert obj["seed"] == 5
    assert 0.2 < max(obj.dimensions) < 0.6  # metres
    assert len(obj.data.vertices) > 5_000
    assert len(obj.data.uv_layers) == 1
    assert not status().cause
    assert session.worker and lives(session.worker)


def test_new_seed_changes_the_seed_alone(scene: bpy.types.Scene) -> None:
    scene.clip_head.prompt = "a man"
    before = scene.clip_head.request()
    seeds = set()
    for _ in range(5):
        bpy.ops.clip_head.new_seed()
        seeds.add(scene.clip_head.seed)
    assert len(seeds) > 1
    assert replace(scene.clip_head.request(), seed=before.seed) == before
