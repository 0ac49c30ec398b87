"""Freckles and their like: where the words ask for them, where skin has them, the same at every size."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.models import EMBEDDED
from clip_head.core.text import encode_tokens, load_text_model
from clip_head.core.texture import load_canonical, load_skin_detail
from clip_head.core.texture.marks import MARKS, mark_tints, read_marks
from clip_head.core.types import Floats

FRECKLES = np.array([1, 0, 0], np.float32)


def front(x: float, y: float, count: int = 120, side: float = 0.05) -> Floats:
    """A square of the template's front around a place, units."""
    across, up = np.meshgrid(np.linspace(-side, side, count), np.linspace(-side, side, count))
    return np.column_stack([x + across.ravel(), y + up.ravel(), np.full(count**2, 0.2)]).astype(np.float32)


def test_the_words_tell_which_marks_there_are() -> None:
    detail, text = load_skin_detail(EMBEDDED / "texture"), load_text_model(EMBEDDED / "text")
    assert detail is not None

    def read(words: str) -> dict[str, float]:
        return dict(zip(MARKS, read_marks(detail.marking, encode_tokens(text, [words])[0]).tolist(), strict=True))

    said = {
        "freckles": (
            "a young woman with blue eyes and freckles",
            "a girl covered in freckles, laughing",
            "a freckled boy",
        ),
        "blemishes": ("a teenager with acne", "a pimply youth"),
        "age_spots": ("an old woman with age spots", "an old man with liver spots, sad"),
    }
    for kind, prompts in said.items():
        for words in prompts:
            assert {name for name, share in read(words).items() if share > 0.9} == {kind}, words
    for words in ("an old man with a big nose, laughing", "a redhead", "a person", "a man with a scar on the cheek"):
        assert max(read(words).values()) == 0, words


def test_another_text_models_words_ask_for_nothing() -> None:
    weights = np.ones((len(MARKS), 9), np.float32)
    assert (read_marks(weights, np.ones((4, 7), np.float32)) == 0).all()
    assert (read_marks(weights, np.zeros((4, 8), np.float32)) == 0).all(), "no words"
    assert (read_marks(weights, np.ones((4, 8), np.float32)) == 1).all()


def test_freckles_lie_on_nose_and_cheeks_and_are_brown_spots() -> None:
    cheek, chin = (mark_tints(front(*place), FRECKLES, 0) for place in ((0.13, -0.06), (0.0, -0.4)))
    assert (chin == 1).all()
    covered = (cheek[:, 2] < 0.9).mean()
    assert 0.04 < covered < 0.4, "spots, with skin between them"
    marked = cheek[cheek[:, 2] < 0.9]
    assert (marked[:, 0] > marked[:, 1]).all()
    assert (marked[:, 1] > marked[:, 2]).all()


@pytest.mark.parametrize("kind", range(len(MARKS)))
def test_what_is_not_asked_for_is_not_there_and_half_is_half(kind: int) -> None:
    whole = np.eye(len(MARKS), dtype=np.float32)[kind]
    points = np.concatenate([front(x, y) for x, y, *_ in list(MARKS.values())[kind].places])
    full, faint = (1 - mark_tints(points, share * whole, 4) for share in (1.0, 0.5))
    assert full.max() > 0.15
    np.testing.assert_allclose(faint, full / 2, atol=1e-5)
    assert (mark_tints(points, 0 * whole, 4) == 1).all()


def test_marks_are_of_the_seed_alone_and_not_of_the_texels() -> None:
    points = front(0.13, -0.06)
    once = mark_tints(points, FRECKLES, 3)
    assert (mark_tints(points[::3], FRECKLES, 3) == once[::3]).all()
    assert np.abs(mark_tints(points, FRECKLES, 4) - once).max() > 0.2
    behind = points * np.array([1, 1, -1], np.float32)
    assert (mark_tints(behind, FRECKLES, 3) == 1).all(), "none on the back of the head"


def test_eyes_are_bare_of_marks() -> None:
    detail, canonical = load_skin_detail(EMBEDDED / "texture"), load_canonical(EMBEDDED / "texture")
    assert detail is not None
    assert canonical is not None
    at = canonical.points
    ball = (np.abs(np.abs(at[:, 0]) - 0.118) < 0.02) & (np.abs(at[:, 1] - 0.028) < 0.004) & (at[:, 2] > 0.17)
    cheek = np.linalg.norm(at - np.array([0.15, -0.1, 0.18]), axis=1) < 0.02
    size = len(detail.bare)
    row, column = ((1 - canonical.mesh.uv[:, 1]) * size).astype(int), (canonical.mesh.uv[:, 0] * size).astype(int)
    assert ball.any()
    assert (detail.bare[row, column][ball] < 0.1).all()
    assert (detail.bare[row, column][cheek] > 0.4).all()
