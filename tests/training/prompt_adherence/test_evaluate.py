"""The suite asks what no training has told, and its measures measure what they are called."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from clip_head.training.language import appearance_captions, expressions, hair, people_phrases, sentences, shapes
from clip_head.training.language.expressions import PHRASES
from clip_head.training.prompt_adherence.evaluate import Asked, aligned, graded, pair_figures
from clip_head.training.prompt_adherence.measures import MEASURES, at, find_places
from clip_head.training.prompt_adherence.suite import BEARDS, EXPRESSIONS, HAIR, OPPOSITES, held_out_phrases
from clip_head.training.teacher.generate import build_template
from clip_head.training.teacher.identities import base_vertices, build_basis, describe, mean_adult
from clip_head.training.teacher.template import build_topology


def strings(value: Any) -> Iterator[str]:
    """Every string inside tables."""
    if isinstance(value, str):
        yield value.lower()
    elif isinstance(value, dict):
        for pair in value.items():
            yield from strings(pair)
    elif isinstance(value, list | tuple | set | frozenset):
        for entry in value:
            yield from strings(entry)
    elif isinstance(value, shapes.Wordings):
        yield from strings(list(vars(value).values()))


def test_no_table_that_training_draws_from_has_a_phrase_of_the_suite():
    tables = (shapes, hair, people_phrases, expressions, sentences, appearance_captions)
    said = " | ".join(text for table in tables for name, value in vars(table).items() if name != "__builtins__"
                      and isinstance(value, dict | tuple | frozenset) for text in strings(value))  # fmt: skip
    padded = f" {said.replace(',', ' ').replace(';', ' ')} "
    assert len(said) > 20_000, "the tables were found"
    taken = [phrase for phrase in held_out_phrases() if f" {phrase} " in padded]
    assert not taken


def test_the_suite_is_as_large_as_it_is_said_to_be():
    assert sum(len(pair.more) for pair in OPPOSITES) >= 60
    assert all(len(pair.more) == len(pair.less) >= 2 and pair.measure in MEASURES for pair in OPPOSITES)
    assert set(EXPRESSIONS) == set(PHRASES)
    assert all(len(set(phrases)) == 5 for phrases in EXPRESSIONS.values())
    assert len(HAIR) >= 19
    assert set(BEARDS) == {"", *hair.BEARDS}


@pytest.fixture(scope="module")
def measured():
    """measured(shape=value, ...) -> all measures of a person who is the mean adult otherwise."""
    topology = build_topology()
    basis = build_basis(topology.base)
    mean = base_vertices(basis, mean_adult())
    places = find_places(build_template(topology, mean))

    def measure(**shapes: float) -> dict[str, float]:
        adult = mean_adult()
        person = describe(adult.gender, adult.age, adult.ancestry, adult.weight, shapes)
        head = (topology.subdivision @ base_vertices(basis, person)).astype(np.float32)
        return {name: measure(head, places) for name, measure in MEASURES.items()}

    return measure


@pytest.mark.parametrize(
    ("measure", "shape"),
    [
        ("width of the head", "head_width"),
        ("tip of the nose before the face", "nose_size"),
        ("hump of the nose", "nose_hump"),
        ("tip of the nose above its wings", "nose_point"),
        ("width of the tip", "nose_bulb"),
        ("width of an eye", "eye_size"),
        ("slant of the eyes", "eye_slant"),
        ("brow before the eyes", "eye_depth"),
        ("height of the lips", "lips"),
        ("chin before the lips", "chin_prominence"),
        ("width of the jaw", "jaw"),
        ("width across the ears", "ear_wing"),
        ("throat below the chin", "double_chin"),
    ],
)
def test_a_measure_grows_with_the_shape_it_is_named_for(measured, measure, shape):
    asked = min(pair.amount for pair in OPPOSITES if pair.measure == measure)
    assert measured(**{shape: 0.8})[measure] - measured(**{shape: -0.8})[measure] > asked


def test_both_sides_of_a_symmetric_head_measure_alike(measured):
    neutral = measured()
    assert abs(neutral["slant of the eyes"]) < 15
    assert 50 < neutral["distance of the eyes"] < 75
    assert 90 < neutral["width of the jaw"] < 150


def test_a_place_is_the_mean_of_its_vertices():
    vertices = np.array([[0, 0, 0], [1, 2, 0], [5, 5, 5]], np.float32)
    np.testing.assert_allclose(at(vertices, {"here": np.array([0, 1])}, "here"), [125, 250, 0])


def test_degrees_stand_before_the_adjective():
    assert graded("a big nose", "very") == "a very big nose"
    assert graded("big eyes", "slightly") == "slightly big eyes"
    assert graded("=a heavy man", "very") == "=a very heavy man"


def test_pairs_count_by_the_amount_that_is_asked():
    pairs = [Asked("m", "a", "b", False, 2.0, [3.0, 3.0]), Asked("m", "a", "b", True, 2.0, [5.0, 1.0])]
    figures = pair_figures(pairs)
    assert figures["opposites: pairs, mean over seeds"] == 1.0
    assert figures["opposites: every seed counted"] == 0.75


def test_rigid_motion_is_taken_out():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(50, 3)).astype(np.float32)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turn *= np.sign(np.linalg.det(turn))
    np.testing.assert_allclose(aligned(points, points @ turn.astype(np.float32) + 3), points @ turn + 3, atol=1e-4)
