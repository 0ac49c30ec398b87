"""Words move the shape of a head that is there, and nothing else of it."""

import numpy as np
import pytest

from clip_head.core.change_shape import STRONGEST, change_shape, shape_step
from clip_head.core.errors import RequestError
from clip_head.core.mixture import Mixture, Parent
from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import Models, generate_head, load_models
from clip_head.core.types import Floats, Head, HeadRequest

pytestmark = pytest.mark.slow(minutes=0.5)


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models(EMBEDDED)


@pytest.fixture(scope="module")
def head(models: Models) -> Head:
    return generate_head(HeadRequest("a man with a bob", seed=4, texture_size=64), models)


def as_mixture(head: Head) -> Mixture:
    assert head.latents is not None and head.asset is not None
    parent = Parent(
        head.request, head.latents, head.textures.albedo, head.part_images, head.models, hairstyle=head.asset.hairstyle
    )
    return Mixture(parent, parent, 0.0, head.asset.weights)


def code_of(head: Head) -> Floats:
    assert head.latents is not None
    return head.latents.z_id


def test_a_bigger_nose_moves_the_nose_and_leaves_the_rest(models: Models, head: Head) -> None:
    moved = change_shape(as_mixture(head), "a bigger nose", 1.0, models)
    assert moved.asset is not None and head.asset is not None
    before, after = head.asset.parts[0].vertices, moved.asset.parts[0].vertices
    distance = np.linalg.norm(after - before, axis=1) * 250
    tip = before[:, 2].argmax()
    near = np.linalg.norm(before - before[tip], axis=1) * 250 < 15
    far = np.linalg.norm(before - before[tip], axis=1) * 250 > 60
    assert distance[near].mean() > 4 * distance[far].mean()
    assert after[near, 2].max() > before[near, 2].max(), "it reaches further out"
    assert np.array_equal(moved.textures.albedo, head.textures.albedo)
    assert moved.asset.hairstyle == head.asset.hairstyle and moved.asset.weights == head.asset.weights
    assert moved.request.prompt == "a man with a bob, a bigger nose"
    again = change_shape(as_mixture(head), "a bigger nose", 1.0, models).asset
    assert again is not None and np.array_equal(again.parts[0].vertices, after)


def test_the_strength_is_how_far(models: Models, head: Head) -> None:
    codes = [code_of(change_shape(as_mixture(head), "older", s, models)) - code_of(head) for s in (1.0, -0.5)]
    assert np.allclose(codes[1], -0.5 * codes[0], atol=1e-5) and np.abs(codes[0]).max() > 0.1
    assert np.allclose(shape_step("younger", models), -shape_step("older", models))
    with pytest.raises(RequestError, match=r"2\.5"):
        change_shape(as_mixture(head), "older", STRONGEST + 0.5, models)
    with pytest.raises(RequestError, match="nan"):
        change_shape(as_mixture(head), "older", float("nan"), models)


def test_other_languages_are_read(models: Models, head: Head) -> None:
    moved = change_shape(as_mixture(head), "eine größere Nase", 1.0, models)
    assert moved.read_as["prompt"] and np.abs(code_of(moved) - code_of(head)).max() > 0.1


@pytest.mark.parametrize("words", ["red hair", "glasses", "", "x" * 3000])
def test_words_without_a_shape_are_refused(models: Models, head: Head, words: str) -> None:
    with pytest.raises(RequestError):
        change_shape(as_mixture(head), words, 1.0, models)
