"""The suite asks in words that training never says, and its measures measure what they are called."""

import json
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import load_models
from clip_head.training.language import (
    appearance_captions,
    compounds,
    degrees,
    expressions,
    features,
    hair,
    people_phrases,
    sentences,
    shapes,
)
from clip_head.training.language.expressions import PHRASES
from clip_head.training.language.tables import PHRASES_FOLDER, load_phrases
from clip_head.training.mapping import pairs
from clip_head.training.prompt_adherence.compositions import PLAIN_HAIR, draw_compositions
from clip_head.training.prompt_adherence.evaluate import aligned, opposites_figures, with_degree
from clip_head.training.prompt_adherence.evaluator import Evaluator
from clip_head.training.prompt_adherence.measures import MEASURES, at, find_places
from clip_head.training.prompt_adherence.movements import DEMANDS, demand_figures, movements, read_demands
from clip_head.training.prompt_adherence.results import OppositesResult
from clip_head.training.prompt_adherence.suite import (
    BEARDS,
    EXPRESSIONS,
    HAIR,
    OPPOSITES,
    Contrast,
    held_out_phrases,
)
from clip_head.training.skin_detail import marks
from clip_head.training.teacher.dataset import Expressions, TeacherDataset
from clip_head.training.teacher.expressions import TABLE
from clip_head.training.teacher.generate import build_template
from clip_head.training.teacher.identities import base_vertices, build_basis, describe, mean_adult
from clip_head.training.teacher.template import build_topology

pytestmark = pytest.mark.slow

#: Modules whose tables training draws words from.
DRAWN_FROM = (
    appearance_captions,
    compounds,
    degrees,
    expressions,
    features,
    hair,
    marks,
    pairs,
    people_phrases,
    sentences,
    shapes,
)


def strings(value: Any) -> Iterator[str]:
    """Every string inside tables, however deep."""
    if isinstance(value, str):
        yield value.lower()
    elif isinstance(value, dict):
        for pair in value.items():
            yield from strings(pair)
    elif isinstance(value, list | tuple | set | frozenset):
        for entry in value:
            yield from strings(entry)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from strings(list(vars(value).values()))


def tables() -> dict[str, Any]:
    """Every table that training draws words from: the files of phrases, and what modules made of them and have beside
    them."""
    loaded: dict[str, Any] = {path.name: load_phrases(path.stem) for path in PHRASES_FOLDER.glob("*.json")}
    for module in DRAWN_FROM:
        loaded |= {
            f"{module.__name__}.{name}": value
            for name, value in vars(module).items()
            if not name.startswith("__") and isinstance(value, dict | tuple | frozenset)
        }
    return loaded


def said_phrases(loaded: dict[str, Any], phrases: list[str]) -> list[str]:
    """Those of the phrases that stand in a table, as words of their own."""
    text = " | ".join(strings(loaded)).replace(",", " ").replace(";", " ")
    return [phrase for phrase in phrases if f" {phrase} " in f" {text} "]


def test_no_table_that_training_draws_from_has_a_phrase_of_the_suite():
    assert not said_phrases(tables(), held_out_phrases())
    prompts = [demands.prompt.lower().replace(",", " ") for section in DEMANDS.values() for demands in section]
    assert len(prompts) == len(set(prompts)) > 60
    assert not said_phrases(tables(), prompts)


def test_a_phrase_of_the_suite_would_be_noticed_in_every_kind_of_table() -> None:
    unseen = held_out_phrases()
    assert len(unseen) > 250
    loaded = tables()
    assert {"appearance.json", "expressions.json", "hair.json", "people.json", "shapes.json"} <= set(loaded)
    first = {"shapes": ("head_width", "+", "figures"), "expressions": ("expressions", "happy", "phrases"),
             "hair": ("styles", "bob", "phrases"), "people": ("nouns", "male", "phrases"),
             "appearance": ("personas", "clown")}  # fmt: skip
    for name, path in first.items():
        entry: Any = loaded[f"{name}.json"]
        for key in path:
            entry = entry[key]
        assert said_phrases({name: loaded[f"{name}.json"]}, [entry[0].removeprefix("a ")]), "its phrases are read"
    for table in (
        "Has A Schnozz Like Cyrano, too",
        {"a": ("a schnozz like cyrano",)},
        Contrast("a schnozz like cyrano", ""),
    ):
        assert said_phrases({**loaded, "new": table}, unseen) == ["schnozz like cyrano"]


def test_the_suite_is_as_large_as_it_is_said_to_be():
    assert sum(len(opposites.contrasts) for opposites in OPPOSITES) >= 60
    assert all(opposites.unseen and opposites.measure in MEASURES for opposites in OPPOSITES)
    assert set(EXPRESSIONS) == set(PHRASES)
    assert all(len(set(phrases)) == 5 for phrases in EXPRESSIONS.values())
    assert len(HAIR) >= 19
    assert set(BEARDS) == {"", *hair.BEARDS}


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    """The embedded NPHM with the teacher's template; of the teacher's heads none."""
    topology = build_topology()
    mean = base_vertices(build_basis(topology.base), mean_adult())
    template = build_template(topology, mean)
    actions = Expressions((), np.zeros((0, 1, 3), np.float32), {}, np.zeros((1, 3), np.float32))
    heads = np.zeros((0, len(mean), 3), np.float16)
    dataset = TeacherDataset(Path(), template, heads, topology.subdivision, (), {}, actions)
    return Evaluator(load_models(EMBEDDED), dataset, find_places(template))


@pytest.fixture(scope="module")
def measured(evaluator):
    """measured(shape=value, ...) -> all measures of a person who is the mean adult otherwise."""
    topology = build_topology()
    basis = build_basis(topology.base)
    places = evaluator.places

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
    asked = min(opposites.amount for opposites in OPPOSITES if opposites.measure == measure)
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
    assert with_degree("a big nose", "very") == "a very big nose"
    assert with_degree("big eyes", "slightly") == "slightly big eyes"
    assert with_degree("=a heavy man", "very") == "=a very heavy man"


def test_opposites_count_by_the_amount_that_is_asked():
    words = Contrast("a", "b")
    results = [
        OppositesResult("m", words, False, 2.0, [3.0, 3.0]),
        OppositesResult("m", words, True, 2.0, [5.0, 1.0]),
        OppositesResult("m", words, True, 2.0, [1.0, 1.0]),
    ]
    figures = opposites_figures(results)
    assert figures["pairs of opposites"] == 3
    assert figures["opposites, plain: pairs, mean over seeds"] == 1.0
    assert figures["opposites, unseen words: pairs, mean over seeds"] == 0.5
    assert figures["opposites: every seed counted"] == 0.5


def test_a_composition_asks_for_two_shapes_and_its_opposites_change_one_thing_each():
    compositions = draw_compositions(OPPOSITES)
    assert compositions == draw_compositions(OPPOSITES)
    for composition in compositions:
        assert composition.first.measure != composition.second.measure
        prompt = composition.prompt()
        assert PLAIN_HAIR[composition.hair] in prompt
        assert prompt.replace(composition.first.plain.more, composition.first.plain.less) == composition.prompt(
            first_opposed=True
        )
        assert composition.second.plain.more in composition.prompt(second_opposed=True)
        other = "woman" if composition.gender == "man" else "man"
        assert f"{composition.age} {other} with" in composition.prompt(gender_opposed=True)


def test_rigid_motion_is_taken_out():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(50, 3)).astype(np.float32)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turn *= np.sign(np.linalg.det(turn))
    np.testing.assert_allclose(aligned(points, points @ turn.astype(np.float32) + 3), points @ turn + 3, atol=1e-4)


def test_movements_are_those_that_an_expression_makes(evaluator: Evaluator) -> None:
    actions = evaluator.network.config.actions

    def of(weights: dict[str, float]) -> dict[str, float]:
        return movements(evaluator, features.z_exp_of(weights, actions))

    assert max(map(abs, of({}).values())) == 0
    angry_and_crying = of(features.both_moods(TABLE["angry"], TABLE["crying"]))
    assert angry_and_crying["inner brows rise"] < of(TABLE["crying"])["inner brows rise"] - 1
    assert angry_and_crying["left lids close"] > 6
    one_brow = of(features.FEATURES["one brow up"].weights)
    assert one_brow["brows differ"] > 5 and one_brow["lids differ"] < 0.5
    assert of(features.FEATURES["one eye closed"].weights)["lids differ"] > 8
    smile = of(features.with_feature(TABLE["happy"], features.FEATURES["eyes closed"].weights))
    assert smile["left lids close"] > 8 and smile["mouth corners rise"] > 5
    assert of(TABLE["sticking the tongue out"])["tongue comes out"] > 20


def test_demands_are_read_and_counted(tmp_path: Path) -> None:
    prompt = {"prompt": "a man", "moves": {"jaw drop": [1, None]}}
    path = tmp_path / "compounds.json"
    for entry, named in ((prompt, "jaw drop"), ({"prompt": "a man"}, "demands nothing")):
        path.write_text(json.dumps({"compounds": [entry], "negations": []}))
        with pytest.raises(ModelError, match=named):
            read_demands(path)
    answers = {("fulfilled", "a"): ["fulfilled", "fulfilled"], ("fulfilled", "b"): ["fulfilled", "jaw drops by 0 mm"]}
    assert list(demand_figures("compounds", answers).values()) == [0.5, 0.75]
