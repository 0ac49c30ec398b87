"""Pictures of several people of the same words: they differ, they are seen whole, and the same seed is the same one."""

import numpy as np
import pytest

from clip_head.core.errors import RequestError
from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import Models, load_models
from clip_head.core.types import HeadRequest
from clip_head.core.variations import MOST, SIZE, picture_variations

pytestmark = pytest.mark.slow(minutes=0.3)


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models(EMBEDDED)


def test_each_seed_has_a_picture_of_its_own_and_the_same_again(models: Models) -> None:
    request = HeadRequest("a man with short hair, laughing")
    stages = []
    pictures = picture_variations(request, (3, 4, 5), models, lambda name, fraction: stages.append((name, fraction)))
    assert pictures.shape == (3, SIZE, SIZE, 3) and pictures.dtype == np.uint8
    differ = [np.abs(pictures[a].astype(int) - pictures[b]).mean() for a, b in ((0, 1), (0, 2), (1, 2))]
    assert min(differ) > 1.0
    again = picture_variations(request, (5,), models)
    assert np.array_equal(again[0], pictures[2])
    assert ("geometry", 1 / 3) in stages


@pytest.mark.parametrize("words", ["a bald man", "a woman with an afro", "a child with a high ponytail"])
def test_the_head_stands_in_the_middle_whole(models: Models, words: str) -> None:
    (picture,) = picture_variations(HeadRequest(words), (0,), models)
    head = (np.abs(picture.astype(int) - picture[0, 0]) > 12).any(axis=2)
    assert 0.15 < head.mean() < 0.6
    assert not head[0].any() and not head[:, 0].any() and not head[:, -1].any(), "nothing is cut off but the neck"
    assert abs(np.nonzero(head)[1].mean() / SIZE - 0.5) < 0.08


def test_hair_is_darker_than_clay(models: Models) -> None:
    bald, afro = (picture_variations(HeadRequest(words), (0,), models)[0] for words in ("a bald man", "a man, afro"))
    top = slice(SIZE // 16, SIZE // 4), slice(SIZE * 3 // 8, SIZE * 5 // 8)
    assert np.median(bald[top]) > np.median(afro[top]) + 20


def test_what_cannot_be_drawn_is_said(models: Models) -> None:
    with pytest.raises(RequestError, match="0 seeds"):
        picture_variations(HeadRequest("a man"), (), models)
    with pytest.raises(RequestError, match=str(MOST + 1)):
        picture_variations(HeadRequest("a man"), range(MOST + 1), models)
    with pytest.raises(RequestError, match="-1"):
        picture_variations(HeadRequest("a man"), (0, -1), models)
