"""What captions ask for together, what they deny, and what is no expression at all."""

import json

import numpy as np
import pytest

from clip_head.core.mapping.expressions import antagonists
from clip_head.core.models import EMBEDDED
from clip_head.training.language.compounds import (
    DENIED_BEARDS,
    DENIED_LOOKS,
    GROWN_UP,
    KINDS,
    MOODS,
    SHORT_PHRASES,
    USUAL_WEIGHT,
    draw_aside,
    draw_asked,
    draw_compound,
    draw_denial,
    draw_worded,
    true_denial,
)
from clip_head.training.language.expressions import HELD_OUT
from clip_head.training.language.features import (
    FEATURES,
    NAMED,
    ZONES,
    both_moods,
    expression_table,
    with_feature,
)
from clip_head.training.language.sentences import HeadDescription
from clip_head.training.teacher.expressions import TABLE

ACTIONS = json.loads((EMBEDDED / "nphm" / "model.json").read_text())["config"]["actions"]


def smiles(weights: dict[str, float]) -> float:
    return weights.get("mouthSmileLeft", 0.0)


def test_every_movement_is_of_actions_that_heads_can_do() -> None:
    used = {action for feature in FEATURES.values() for action in feature.weights}
    contradicting = {action for pair in antagonists().items() for action in (pair[0], *pair[1])}
    assert used | contradicting <= set(ACTIONS)
    assert {feature.zone for feature in FEATURES.values()} == set(ZONES)
    phrases = [phrase for feature in FEATURES.values() for phrase in feature.phrases]
    assert len(phrases) == len(set(phrases))
    assert not HELD_OUT & set(phrases)
    assert all(len(SHORT_PHRASES[mood]) > 30 for mood in MOODS)


def test_two_moods_keep_what_each_does_unless_the_later_one_contradicts_it() -> None:
    both = both_moods(TABLE["angry"], TABLE["crying"])
    assert both["browDownLeft"] == TABLE["angry"]["browDownLeft"]
    assert both["browInnerUp"] == TABLE["crying"]["browInnerUp"]
    assert both["eyeSquintLeft"] == max(TABLE["angry"]["eyeSquintLeft"], TABLE["crying"]["eyeSquintLeft"])
    sad_then_happy, happy_then_sad = (both_moods(TABLE[a], TABLE[b]) for a, b in (("sad", "happy"), ("happy", "sad")))
    assert "mouthFrownLeft" not in sad_then_happy and smiles(sad_then_happy) == 1
    assert "mouthSmileLeft" not in happy_then_sad and happy_then_sad["mouthFrownLeft"] == 1


def test_a_movement_wins_over_the_mood() -> None:
    closed = with_feature(TABLE["laughing"], FEATURES["mouth closed"].weights)
    assert closed["jawOpen"] == 0 and smiles(closed) == 1
    assert with_feature(TABLE["surprised"], FEATURES["eyes closed"].weights).get("eyeWideLeft", 0.0) == 0
    winking = with_feature(TABLE["sleeping"], FEATURES["one eye closed"].weights)
    assert (winking["eyeBlinkLeft"], winking["eyeBlinkRight"]) == (1, 0)
    brow = with_feature(TABLE["neutral"], FEATURES["one brow up"].weights)
    assert brow["browOuterUpLeft"] > 1 and not any(brow.get(f"eyeBlink{side}") for side in ("Left", "Right"))


def test_what_has_a_name_is_told_apart_by_its_weights() -> None:
    table = expression_table(ACTIONS)
    distances = np.linalg.norm(table[:, None] - table, axis=2)[~np.eye(len(table), dtype=bool)]
    same = [("sleeping", "eyes closed")]
    assert (distances == 0).sum() == 2 * len(same)
    assert not table[list(NAMED).index("neutral")].any()


def test_compounds_do_more_than_one_thing_and_denials_nothing_or_what_is_said_instead() -> None:
    rng = np.random.default_rng(0)
    compounds = [draw_compound(rng) for _ in range(1500)]
    assert all(asked.name is None for asked in compounds)
    assert np.mean([sum(weight > 0 for weight in asked.weights.values()) > 2 for asked in compounds]) > 0.9
    closed = [asked for asked in compounds if "eyes closed" in asked.phrase and "half" not in asked.phrase]
    assert len(closed) > 15
    assert all(asked.weights["eyeBlinkLeft"] + asked.weights["eyeBlinkRight"] == 2 for asked in closed)
    denials = [draw_denial(rng) for _ in range(500)]
    assert 0.5 < np.mean([not any(asked.weights.values()) for asked in denials]) < 0.9
    for asked in denials:
        if asked.phrase in ("not smiling", "without a smile", "not happy but not sad either", "unsmiling"):
            assert not asked.weights
        assert not HELD_OUT & {asked.phrase}


def test_captions_are_of_the_kinds_in_their_proportions() -> None:
    assert sum(KINDS.values()) == pytest.approx(1)
    rng = np.random.default_rng(1)
    names = [draw_asked(rng).name for _ in range(2000)]
    assert np.mean([name is None for name in names]) == pytest.approx(KINDS["compound"] + KINDS["denial"], abs=0.03)
    assert all(draw_asked(rng, True).name in TABLE for _ in range(200)), "only those have unseen words"


def test_an_adverb_weakens_and_what_is_weak_has_no_name() -> None:
    rng = np.random.default_rng(2)
    drawn = [draw_worded(rng) for _ in range(3000)]
    weak = [asked for asked in drawn if asked.phrase.startswith("slightly ") and "," not in asked.phrase]
    assert weak and all(asked.name is None and max(asked.weights.values()) <= 0.6 for asked in weak)
    silent = [asked.phrase for asked in drawn if asked.name == "neutral"]
    assert any("looks like" in phrase for phrase in silent) and any(phrase.endswith("nerd") for phrase in silent)


def test_what_is_denied_of_a_person_is_true_of_the_description() -> None:
    rng = np.random.default_rng(3)
    bearded = {true_denial(HeadDescription(beard="full", age=70.0, weight=1.0), rng) for _ in range(300)}
    for words in DENIED_BEARDS + GROWN_UP + USUAL_WEIGHT:
        assert not any(said.strip(", ") == words for said in bearded)
    shaven = {true_denial(HeadDescription(beard="none"), rng).strip(", ") for _ in range(600)}
    assert len(shaven & set(DENIED_BEARDS)) > 5 and shaven & set(DENIED_LOOKS)


def test_asides_of_looks_stand_in_the_sentence() -> None:
    rng = np.random.default_rng(4)
    for _ in range(200):
        text, looks = draw_aside("a woman", rng)
        assert all(text.endswith(words) and text.startswith("a woman") for words in looks)
