"""What words say of teeth, and the picture that they are painted with."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.tooth_style import (
    ToothStyle,
    all_teeth,
    features_of,
    gum_cell,
    teeth_picture,
    tooth_cell,
    tooth_style,
    tooth_words,
)

#: Pixels along a side of the pictures.
SIZE = 256


@pytest.mark.parametrize(
    ("words", "feature"),
    [
        ("an old man with crooked teeth", "crooked"),
        ("a pirate with a gold tooth", "gold"),
        ("a woman with a gap between her front teeth", "gap"),
        ("a gap-toothed boy", "gap"),
        ("a monster with fangs", "fangs"),
        ("a vampire", "fangs"),
        ("a toothless old woman", "toothless"),
        ("an old man with no teeth", "toothless"),
        ("a boxer with a missing tooth", "missing"),
        ("buck teeth", "buck"),
        ("a smoker, yellow teeth", "yellow"),
        ("white teeth, smiling", "white"),
        ("no beard, fangs", "fangs"),
        ("crooked yellow teeth", "crooked"),
        ("crooked, yellow teeth", "yellow"),
        ("his teeth are white and crooked", "crooked"),
        ("a gold front tooth", "gold"),
        ("without glasses but with fangs", "fangs"),
    ],
)
def test_words_say_a_feature(words: str, feature: str) -> None:
    assert features_of(words)[feature] > 0


@pytest.mark.parametrize(
    ("words", "feature"),
    [
        ("a vampire with no fangs", "fangs"),
        ("a vampire without any fangs", "fangs"),
        ("a man with no crooked teeth", "crooked"),
        ("a pirate who has no gold tooth", "gold"),
        ("not toothless", "toothless"),
        ("crooked but not yellow teeth", "yellow"),
        ("her teeth are not crooked", "crooked"),
    ],
)
def test_a_denied_feature_is_not_there(words: str, feature: str) -> None:
    assert features_of(words)[feature] == 0


def test_words_that_speak_of_no_teeth_say_nothing() -> None:
    assert features_of("a young woman with a big nose and a golden tan, laughing") == {}
    assert features_of("a white man with a yellow hat, baring his teeth") == {}
    assert features_of("a black woman, showing teeth") == {}


def test_the_same_seed_gives_the_same_teeth_and_another_seed_others() -> None:
    words = "a gold tooth, a missing tooth"
    assert tooth_style(words, 40, 7) == tooth_style(words, 40, 7)
    assert len({tooth_style(words, 40, seed).gold for seed in range(12)}) > 1


def test_one_tooth_is_gold_and_another_is_missing() -> None:
    for seed in range(20):
        style = tooth_style("a gold tooth and a missing tooth", None, seed)
        assert len(style.gold) == len(style.missing) == 1
        assert set(style.gold + style.missing) <= set(all_teeth())
        assert not set(style.gold) & set(style.missing)


def test_a_missing_front_tooth_is_an_incisor_at_the_midline() -> None:
    for seed in range(6):
        (name,) = tooth_style("a boy, missing a front tooth", 8, seed).missing
        assert name.startswith("upper") and name.endswith("central_incisor")


def test_toothless_people_have_no_teeth() -> None:
    assert tooth_style("toothless", None, 0).missing == all_teeth()


def test_the_old_have_yellower_worn_teeth_and_children_smaller_ones() -> None:
    child, adult, old = (tooth_style("somebody", age, 3) for age in (7.0, 28.0, 85.0))
    yellow = [style.colour[0] - style.colour[2] for style in (child, adult, old)]
    assert yellow == sorted(yellow) and yellow[2] > yellow[0] + 15
    assert child.size < adult.size == old.size == 1
    assert old.wear > adult.wear == child.wear == 0


def test_every_phrase_of_the_table_is_found_by_itself() -> None:
    for feature, phrases in tooth_words()["features"].items():
        for phrase, strength in phrases.items():
            assert features_of(phrase).get(feature) == strength, phrase


def test_islands_lie_apart() -> None:
    taken = np.zeros((40, 70), int)
    cells = [tooth_cell(name) for name in all_teeth()] + [gum_cell(jaw) for jaw in ("upper", "lower")]
    for left, low, width, height in cells:
        rows, columns = (slice(round(a * n), round((a + b) * n)) for a, b, n in ((low, height, 40), (left, width, 70)))
        taken[rows, columns] += 1
    assert (taken == 1).all()


def test_the_picture_has_white_teeth_pink_gums_and_one_gold_tooth() -> None:
    picture = teeth_picture(ToothStyle(gold=("upper_left_canine",)), SIZE).astype(float)
    assert picture.shape == (SIZE, SIZE, 3)

    def mean(cell: tuple[float, float, float, float]) -> np.ndarray:
        left, low, width, height = cell
        rows = slice(round((1 - low - height) * SIZE) + 1, round((1 - low) * SIZE) - 1)
        return picture[rows, round(left * SIZE) + 1 : round((left + width) * SIZE) - 1].reshape(-1, 3).mean(axis=0)

    tooth, gold, gums = (
        mean(tooth_cell("upper_right_canine")),
        mean(tooth_cell("upper_left_canine")),
        mean(gum_cell("upper")),
    )
    assert tooth.min() > 160 and np.ptp(tooth) < 60
    assert gold[0] - gold[2] > 120
    assert gums[0] > gums[1] + 50 and abs(gums[1] - gums[2]) < 25


def test_an_incisor_is_greyer_at_its_edge_and_warmer_at_its_neck() -> None:
    picture = teeth_picture(ToothStyle(), SIZE).astype(float)
    left, low, width, height = tooth_cell("upper_left_central_incisor")
    column = round((left + width / 2) * SIZE)
    middle = round((1 - low - 0.6 * height) * SIZE)
    rim = round((1 - low - 0.97 * height) * SIZE)
    edge, neck = picture[middle, column], picture[rim, column]
    assert edge[0] - edge[2] < neck[0] - neck[2]
