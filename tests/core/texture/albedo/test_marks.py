"""Freckles and their like: where the words ask for them, where skin has them, the same at every size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED
from clip_head.core.text import encode_tokens, load_text_model
from clip_head.core.texture.albedo.canonical import load_canonical
from clip_head.core.texture.albedo.marks import FILE, Mark, Spots, affirmed, load_marks, mark_tints, read_marks, side_of
from clip_head.core.texture.albedo.skin_detail import load_skin_detail
from clip_head.core.types import Floats

MARKS = load_marks(EMBEDDED / "texture")


def asked_for(name: str) -> Floats:
    """Words that ask for one kind of mark, and nothing else."""
    return np.array([kind == name for kind in MARKS], np.float32)


FRECKLES = asked_for("freckles")


def front(x: float, y: float, count: int = 120, side: float = 0.05) -> Floats:
    """A square of the template's front around a place, units."""
    across, up = np.meshgrid(np.linspace(-side, side, count), np.linspace(-side, side, count))
    return np.column_stack([x + across.ravel(), y + up.ravel(), np.full(count**2, 0.2)]).astype(np.float32)


def test_the_words_tell_which_marks_there_are() -> None:
    detail, text = load_skin_detail(EMBEDDED / "texture"), load_text_model(EMBEDDED / "text")
    assert detail is not None

    def read(words: str) -> dict[str, float]:
        return dict(
            zip(detail.marks, read_marks(detail.marking, encode_tokens(text, [words])[0]).tolist(), strict=True)
        )

    said = {
        "freckles": (
            "a young woman with blue eyes and freckles",
            "a girl covered in freckles, laughing",
            "a freckled boy",
        ),
        "blemishes": ("a teenager with acne", "a pimply youth"),
        "age_spots": ("an old woman with age spots", "an old man with liver spots, sad"),
        "scar on the cheek": ("a man with a scar on the cheek and grey eyes",),
        "scar over the eye": ("a warrior with a scar over the eye",),
        "tattoo on the temple": ("a young man with a goatee and a face tattoo, surprised",),
        "tear": ("a gangster with a teardrop tattoo",),
    }
    for kind, prompts in said.items():
        for words in prompts:
            assert {name for name, share in read(words).items() if share > 0.9} == {kind}, words
    for words in (
        "an old man with a big nose, laughing",
        "a redhead",
        "a person",
        "a woman with red cheeks",
        "a woman with a tear on her cheek, crying",
    ):
        assert max(read(words).values()) == 0, words


def test_what_words_deny_is_not_there() -> None:
    detail, text = load_skin_detail(EMBEDDED / "texture"), load_text_model(EMBEDDED / "text")
    assert detail is not None
    for words in (
        "a boy with red hair, no freckles",
        "a young woman without any freckles",
        "an old man without age spots",
    ):
        states = (encode_tokens(text, [said])[0] for said in (words, affirmed(words)))
        asked, left = (read_marks(detail.marking, each).max() for each in states)
        assert asked > 0.5, "the words alone do not tell"
        assert left == 0
    assert affirmed("a woman with freckles and a notable nose") == "a woman with freckles and a notable nose"


def test_lines_are_on_the_side_that_words_say() -> None:
    for words in ("a scar on the right cheek", "a tattoo on his right temple", "a scar on the right side of the face"):
        assert side_of(words) == -1, words
    for words in ("a man with a scar", "a scar on the left cheek", "all right, a scar", "a bright scar"):
        assert side_of(words) == 1, words
    asked = asked_for("scar on the cheek")
    points = front(*centre(MARKS["scar on the cheek"]))
    mirrored = points * np.array([-1, 1, 1], np.float32)
    np.testing.assert_array_equal(mark_tints(points, MARKS, asked, 5), mark_tints(mirrored, MARKS, asked, 5, -1))
    assert (mark_tints(points, MARKS, asked, 5, -1) == 1).all()


def test_another_text_models_words_ask_for_nothing() -> None:
    weights = np.ones((len(MARKS), 9), np.float32)
    assert (read_marks(weights, np.ones((4, 7), np.float32)) == 0).all()
    assert (read_marks(weights, np.zeros((4, 8), np.float32)) == 0).all(), "no words"
    assert (read_marks(weights, np.ones((4, 8), np.float32)) == 1).all()


def test_freckles_lie_on_nose_and_cheeks_and_are_brown_spots() -> None:
    cheek, chin = (mark_tints(front(*place), MARKS, FRECKLES, 0) for place in ((0.13, -0.06), (0.0, -0.4)))
    assert (chin == 1).all()
    covered = (cheek[:, 2] < 0.9).mean()
    assert 0.04 < covered < 0.4, "spots, with skin between them"
    marked = cheek[cheek[:, 2] < 0.9]
    assert (marked[:, 0] > marked[:, 1]).all()
    assert (marked[:, 1] > marked[:, 2]).all()


def centre(kind: Mark) -> tuple[float, float]:
    """A place where there are some."""
    layer = kind.layers[0]
    if isinstance(layer, Spots):
        return layer.places[0][0], layer.places[0][1]
    x, y, to_x, to_y = layer.lines[0]
    return (x + to_x) / 2, (y + to_y) / 2


@pytest.mark.parametrize("name", MARKS)
def test_what_is_not_asked_for_is_not_there_and_half_is_half(name: str) -> None:
    whole = asked_for(name)
    points = front(*centre(MARKS[name]))
    full = 1 - mark_tints(points, MARKS, whole, 4)
    assert full.max() > 0.15
    assert (mark_tints(points, MARKS, 0 * whole, 4) == 1).all()
    if len(MARKS[name].layers) == 1:
        np.testing.assert_allclose(1 - mark_tints(points, MARKS, whole / 2, 4), full / 2, atol=1e-5)


def test_a_scar_is_one_thin_line_of_one_side() -> None:
    asked = asked_for("scar on the cheek")
    points = front(*centre(MARKS["scar on the cheek"]), side=0.12)
    marked = (np.abs(1 - mark_tints(points, MARKS, asked, 0)) > 0.03).any(axis=1)
    assert 0.01 < marked.mean() < 0.15
    along = points[marked, :2] - points[marked, :2].mean(axis=0)
    long, wide = np.linalg.svd(along, compute_uv=False)[:2]
    assert long > 8 * wide
    assert (mark_tints(points * np.array([-1, 1, 1], np.float32), MARKS, asked, 0) == 1).all()


def test_marks_are_of_the_seed_alone_and_not_of_the_texels() -> None:
    points = front(0.13, -0.06)
    once = mark_tints(points, MARKS, FRECKLES, 3)
    assert (mark_tints(points[::3], MARKS, FRECKLES, 3) == once[::3]).all()
    assert np.abs(mark_tints(points, MARKS, FRECKLES, 4) - once).max() > 0.2
    behind = points * np.array([1, 1, -1], np.float32)
    assert (mark_tints(behind, MARKS, FRECKLES, 3) == 1).all(), "none on the back of the head"


def test_a_damaged_list_of_marks_is_named(tmp_path: Path) -> None:
    whole = (EMBEDDED / "texture" / FILE).read_text(encoding="utf-8")
    for damaged in ("nonsense", "[]", whole.replace('"draws"', '"drawn"'), whole.replace("[0.12, -0.2,", "[-0.2,")):
        (tmp_path / FILE).write_text(damaged, encoding="utf-8")
        with pytest.raises(ModelError, match="marks"):
            load_marks(tmp_path)


def test_a_folder_that_lists_no_marks_has_the_embedded_ones(tmp_path: Path) -> None:
    assert load_marks(tmp_path) == MARKS


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
