"""Re-roll, Mix, Add Raw Surface: what they may be called on, and what a whole run does without an interface."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import sleep

import bpy
import numpy as np
import pytest

from clip_head.core.client import Worker
from clip_head.core.errors import Cancelled, ModelError
from clip_head.core.types import Head, Progress, UnwrappedMesh
from clip_head.operators.generate import session, tick
from clip_head.operators.job import Job
from clip_head.scene import add_head, head_object
from clip_head.scene.canvas import find_albedo, read_image
from clip_head.scene.parents import read_mixture
from clip_head.scene.raw_surface import RAW
from clip_head.tests.scene.synthetic_asset import eye_picture, synthetic_asset


@pytest.fixture
def small_head(small_head: Head) -> Head:
    return replace(small_head, asset=synthetic_asset(), part_images={"Eye": eye_picture()})


def add(head: Head, scene: bpy.types.Scene) -> bpy.types.Object:
    obj = head_object(add_head(head, scene))
    bpy.context.view_layer.update()
    return obj


def select(*objects: bpy.types.Object) -> None:
    """The first becomes active."""
    for obj in bpy.context.selected_objects:
        obj.select_set(False)
    for obj in objects:
        obj.select_set(True)
    bpy.context.view_layer.objects.active = objects[0] if objects else None


def points(obj: bpy.types.Object) -> np.ndarray:
    flat = np.empty(3 * len(obj.data.vertices), np.float32)
    obj.data.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def finish(result: Head | UnwrappedMesh, target: bpy.types.Object) -> None:
    """What the timer finds when the worker has just answered."""
    session.head, session.scene, session.target = result, bpy.context.scene.name, target.session_uid


def test_a_part_of_one_asset_is_enough_but_for_mix(scene: bpy.types.Scene, small_head: Head) -> None:
    ours = bpy.ops.clip_head
    operators = ours.reroll, ours.change_shape, ours.add_raw_surface, ours.mix
    assert [operator.poll() for operator in operators] == [False, False, False, False]
    first = add(small_head, scene)
    select(next(part for part in first.parent.children if part != first))
    assert [operator.poll() for operator in operators] == [True, True, True, False]
    second = add(small_head, scene)
    select(first, second)
    assert all(operator.poll() for operator in operators)
    third = add(small_head, scene)
    select(first, second, third)
    assert not bpy.ops.clip_head.mix.poll(), "between which two?"
    select(first, next(part for part in first.parent.children if part != first))
    assert not bpy.ops.clip_head.mix.poll(), "two parts of one head"


def test_another_person_is_one_undo_step(scene: bpy.types.Scene, small_head: Head) -> None:
    obj = add(small_head, scene)
    name, before = obj.name, points(obj)
    assert small_head.asset is not None
    head, *others = small_head.asset.parts
    wider = replace(small_head.asset, parts=(replace(head, vertices=head.vertices * np.float32(1.5)), *others))
    bpy.ops.ed.undo_push(message="before")
    finish(replace(small_head, asset=wider, request=replace(small_head.request, seed=8)), obj)
    assert tick() is None
    assert bpy.context.window_manager.clip_head_status.result.startswith(f"{name}: seed 8")
    assert np.abs(points(bpy.data.objects[name]) - before).max() > 0.01
    count = len(bpy.data.objects)
    bpy.ops.ed.undo()
    np.testing.assert_array_equal(points(bpy.data.objects[name]), before)
    assert bpy.data.objects[name]["seed"] == small_head.request.seed
    assert len(bpy.data.objects) == count


def test_a_raw_surface_is_one_undo_step(scene: bpy.types.Scene, small_head: Head) -> None:
    obj = add(small_head, scene)
    count = len(bpy.data.objects)
    bpy.ops.ed.undo_push(message="before")
    finish(small_head.mesh, obj)
    assert tick() is None
    assert sum(RAW in other for other in bpy.data.objects) == 1
    bpy.ops.ed.undo()
    assert len(bpy.data.objects) == count


def test_a_head_that_was_deleted_meanwhile_is_an_error_in_words(scene: bpy.types.Scene, small_head: Head) -> None:
    obj = add(small_head, scene)
    finish(small_head, obj)
    bpy.data.objects.remove(obj)
    assert tick() is None
    assert "is gone" in bpy.context.window_manager.clip_head_status.cause


def test_a_head_without_skin_cannot_be_mixed_and_says_so(scene: bpy.types.Scene, small_head: Head) -> None:
    first, second = add(small_head, scene), add(small_head, scene)
    second.data.materials.clear()
    select(first, second)
    with pytest.raises(RuntimeError, match="skin"):
        bpy.ops.clip_head.mix()
    assert session.job is None


def test_a_mix_is_cancelled_as_a_new_head_is(scene: bpy.types.Scene, small_head: Head, tmp_path: Path) -> None:
    mixture = read_mixture(add(small_head, scene), add(small_head, scene), 0.5)
    with Worker(models=tmp_path / "no models") as worker:

        def serve(worker: Worker, progress: Progress, cancelled: Callable[[], bool]) -> Head:
            return worker.mix_heads(mixture, progress, cancelled)

        job = Job(worker, mixture.request, scene.name, serve=serve)
        while worker.pid is None:
            sleep(0.01)
        job.cancel()
        job.wait()
        assert isinstance(job.news()[-1], Cancelled)
        assert worker.pid is None


def test_the_workers_error_about_a_mix_arrives_in_words(
    scene: bpy.types.Scene, small_head: Head, tmp_path: Path
) -> None:
    mixture = read_mixture(add(small_head, scene), add(small_head, scene), 0.5)
    with Worker(models=tmp_path / "no models") as worker, pytest.raises(ModelError, match="no models"):
        worker.mix_heads(mixture)


@pytest.mark.slow(minutes=2)
def test_the_whole_way_without_an_interface(scene: bpy.types.Scene) -> None:
    settings = scene.clip_head
    settings.quality = "DRAFT"
    heads = []
    for settings.prompt in ("a young man with a beard", "an old woman"):
        assert bpy.ops.clip_head.generate() == {"FINISHED"}
        heads.append(bpy.context.active_object)
    man, woman = heads
    before, codes, skin = points(woman), list(woman["z_id"]), woman.material_slots[0].material
    woman.data.shape_keys.key_blocks["jawOpen"].value = 0.5

    select(woman)
    assert bpy.ops.clip_head.reroll(seed=7) == {"FINISHED"}
    assert (woman["seed"], woman["prompt"]) == (7, "an old woman")
    assert list(woman["z_id"]) != codes
    assert np.abs(points(woman) - before).max() > 0.002
    assert woman.data.shape_keys.key_blocks["jawOpen"].value == 0.5
    assert woman.material_slots[0].material == skin

    before, code = points(woman), np.array(woman["z_id"])
    assert bpy.ops.clip_head.change_shape(words="a bigger nose") == {"FINISHED"}
    assert (woman["seed"], woman["prompt"]) == (7, "an old woman, a bigger nose")
    moved = np.linalg.norm(points(woman) - before, axis=1)
    assert moved.max() > 0.002 > np.median(moved)
    assert woman.data.shape_keys.key_blocks["jawOpen"].value == 0.5 and np.abs(woman["z_id"] - code).max() > 0.1
    with pytest.raises(RuntimeError, match="red hair"):
        bpy.ops.clip_head.change_shape(words="red hair")

    select(woman, man)
    settings.mix = 0.25
    assert bpy.ops.clip_head.mix() == {"FINISHED"}
    child = bpy.context.active_object
    assert child not in heads
    assert child.users_collection[0].name.startswith("between an old woman, a bigger nose and a young man")
    assert child.data.shape_keys.key_blocks["jawOpen"].value > 0.3
    between = 0.75 * points(woman) + 0.25 * points(man)
    assert np.median(np.linalg.norm(points(child) - between, axis=1)) < 0.002
    colours = [read_image(find_albedo(obj))[..., :3].astype(float).mean() for obj in (woman, child, man)]
    assert min(colours[0], colours[2]) - 1 < colours[1] < max(colours[0], colours[2]) + 1

    assert bpy.ops.clip_head.add_raw_surface() == {"FINISHED"}
    (raw,) = (obj for obj in child.users_collection[0].objects if RAW in obj)
    assert raw.hide_viewport
    assert len(raw.data.vertices) > 5000
