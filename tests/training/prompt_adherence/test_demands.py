"""The demands can be asked for, and what they are measured by tells people apart."""

import numpy as np

from clip_head.training.language.characters import CHARACTERS
from clip_head.training.language.people_phrases import ANCESTRIES
from clip_head.training.prompt_adherence.demands import (
    AGES,
    ANCESTRY_PROMPTS,
    CHARACTER_PROMPTS,
    LONG,
    age_is_right,
    ancestry_is_right,
    character_answers,
    demand_prompts,
    fractions_of,
    nearest_age,
    nearest_gender,
)
from clip_head.training.teacher.identities import describe


def vertices(person):
    """Ten points that move with age, gender and ancestry, each in its own way."""
    numbers = [np.log(person.age), person.gender, person.ancestry["african"], person.ancestry["asian"]]
    points = np.zeros((10, 3), np.float32)
    points[: len(numbers), 0] = numbers
    return points


def person(gender=0.0, age=32.0, ancestry=(1 / 3, 1 / 3, 1 / 3)):
    return describe(gender, age, dict(zip(("african", "asian", "caucasian"), ancestry, strict=True)), 0.5, {})


def test_every_demand_is_known_and_asked_for_once():
    assert all(entry["ancestry"] in ANCESTRIES for entry in ANCESTRY_PROMPTS)
    assert all(entry["character"] in CHARACTERS for entry in CHARACTER_PROMPTS)
    assert all(entry["gender"] in (0, 1) for entry in (*AGES, *ANCESTRY_PROMPTS))
    prompts = demand_prompts()
    assert len(prompts) == len(set(prompts)) > 60


def test_ages_are_read_and_judged():
    assert nearest_age(vertices(person(1.0, 7.9)), 1, vertices) == 8
    assert nearest_age(vertices(person(0.0, 70.0)), 0, vertices) == 70
    assert age_is_right(42, 45) and not age_is_right(34, 45)
    assert age_is_right(8, 6) and not age_is_right(10, 6)


def test_ancestries_are_read_and_judged():
    fractions = ANCESTRIES["south asian"].fractions
    found = fractions_of(vertices(person(ancestry=fractions)), 0, 32.0, vertices)
    np.testing.assert_allclose(found, fractions, atol=1e-5)
    assert ancestry_is_right(found, "south asian") and not ancestry_is_right(found, "chinese")


def test_characters_are_judged_by_what_they_imply():
    wizard = vertices(person(0.0, 80.0))
    assert character_answers("wizard", wizard, "long", "long", vertices) == dict.fromkeys(
        ("age", "gender", "hair", "beard"), True
    )
    girl = vertices(person(1.0, 20.0))
    assert nearest_gender(girl, 20.0, vertices) == 1
    assert not any(character_answers("wizard", girl, "bob", "", vertices).values())


def test_a_long_description_opposes_one_shape_at_a_time():
    for demand in LONG:
        whole = demand.prompt()
        for number, (opposites, more) in enumerate(demand.shapes):
            own, other = opposites.plain.more, opposites.plain.less
            own, other = (own, other) if more else (other, own)
            assert demand.prompt(number) == whole.replace(own, other, 1) != whole
