"""The gallery of variations: pictures in Blender's own store, a click on one makes that head."""

import bpy
import numpy as np
import pytest

from clip_head.core.client import Worker, never
from clip_head.core.exchange import Variations
from clip_head.core.types import Head, HeadRequest, no_progress
from clip_head.operators.gallery import Gallery, show
from clip_head.operators.generate import session
from clip_head.tests.operators.test_command_line import ReadyWorker


class Drawer(ReadyWorker):
    """Draws grey pictures, too, and keeps what heads it was asked for."""

    def __init__(self, head: Head) -> None:
        super().__init__(head)
        self.asked: list[HeadRequest] = []

    def picture_variations(self, request: HeadRequest, seeds, progress=no_progress, cancelled=never) -> Variations:
        pictures = np.stack([np.full((16, 16, 3), 10 * number, np.uint8) for number in range(len(seeds))])
        return Variations(request, tuple(seeds), pictures)

    def run_job(self, request: HeadRequest, *rest, **named) -> Head:
        self.asked.append(request)
        return super().run_job(request, *rest, **named)


@pytest.fixture
def worker(scene: bpy.types.Scene, small_head: Head) -> Drawer:
    worker = Drawer(small_head)
    worker.options = Worker().options
    session.worker = worker
    return worker


def test_eight_are_shown_and_a_click_makes_one(scene: bpy.types.Scene, worker: Drawer) -> None:
    assert not bpy.ops.clip_head.make_variation.poll()
    settings = scene.clip_head
    settings.prompt, settings.variation = "a man", 0.5
    assert bpy.ops.clip_head.show_variations(seed=7) == {"FINISHED"}
    assert Gallery.shown is not None and Gallery.shown.seeds == tuple(range(7, 15))
    assert len(Gallery.icons) == 8
    assert not scene.collection.all_objects, "pictures put nothing into the scene"
    settings.prompt = "somebody else"
    assert bpy.ops.clip_head.make_variation(seed=9) == {"FINISHED"}
    assert (worker.asked[0].prompt, worker.asked[0].seed, worker.asked[0].variation) == ("a man", 9, 0.5)
    assert len(scene.collection.all_objects) == 1


def test_without_words_nothing_is_drawn(scene: bpy.types.Scene, worker: Drawer) -> None:
    scene.clip_head.prompt = ""
    with pytest.raises(RuntimeError, match="prompt is empty"):
        bpy.ops.clip_head.show_variations()


def test_the_pictures_stand_upright(scene: bpy.types.Scene) -> None:
    picture = np.zeros((16, 16, 3), np.uint8)
    picture[0] = (255, 0, 0)
    show(Variations(HeadRequest("a man"), (1,), picture[None]))
    from clip_head.operators.gallery import _pictures

    pixels = np.array(_pictures()["0"].image_pixels_float).reshape(16, 16, 4)
    assert np.allclose(pixels[-1], (1, 0, 0, 1)) and np.allclose(pixels[:-1, :, 0], 0)


def test_disabling_the_extension_frees_them(scene: bpy.types.Scene) -> None:
    import clip_head

    show(Variations(HeadRequest("a man"), (1,), np.zeros((1, 16, 16, 3), np.uint8)))
    clip_head.unregister()
    assert Gallery.shown is None and Gallery.icons == ()
    clip_head.register()
