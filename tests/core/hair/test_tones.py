"""Hair of a colour that such people have, and nothing where the words say it."""

import pytest

from clip_head.core.hair.tones import added_hair, as_painted, hair_tones
from clip_head.core.text.skin_tones import SCALE, skin_tones
from clip_head.core.types import HeadRequest

SEEDS = range(40)


def colours(prompt: str, tone: str = "") -> set[str]:
    """The colours that seeds add to a prompt, "" for none."""
    return {added_hair(prompt, prompt, seed, tone) for seed in SEEDS}


def test_an_ancestry_gets_the_hair_of_such_people() -> None:
    assert colours("an asian man with an afro") == {"black hair", "dark brown hair"}
    assert colours("a nigerian woman") == {"black hair", "dark brown hair"}
    assert "blond hair" in colours("a swedish girl") and "black hair" not in colours("a swedish girl")


def test_without_an_ancestry_the_skin_decides() -> None:
    assert colours("a man", "dark skin") == {"black hair"}
    assert colours("a man", "fair skin") > {"brown hair", "blond hair"}
    assert colours("a man") == {""}


def test_the_same_seed_gives_the_same_colour() -> None:
    assert len({added_hair("a man", "a man", 5, "fair skin") for _ in range(3)}) == 1


def test_the_painter_reads_skin_and_hair_after_the_words() -> None:
    request = HeadRequest("an asian man with an afro", seed=1)
    assert as_painted(request, "light skin").looks == "an asian man with an afro, light skin, black hair"
    assert as_painted(request, "").prompt == request.prompt
    named = HeadRequest("a man with red hair")
    assert as_painted(named, "") is named


@pytest.mark.parametrize(
    "prompt",
    ["an asian man with red hair", "a blonde swedish girl", "a grey-haired italian", "an old chinese man",
     "a bald irish man", "a mexican joker", "an indian statue of marble", "a 60-year-old russian woman"],
)  # fmt: skip
def test_what_says_its_hair_stays_as_it_is(prompt: str) -> None:
    assert colours(prompt, "fair skin") == {""}


def test_every_row_of_the_table_is_of_something() -> None:
    table, skins = hair_tones(), skin_tones()
    assert set(table["tones"]) == set(SCALE)
    assert set(table["ancestries"]) <= set(skins.tones)
    assert set(table["of_skin_alone"]) <= skins.settled_by
    for weights in [table["others"], *table["tones"].values(), *table["ancestries"].values()]:
        assert all(name.endswith(" hair") and weight > 0 for name, weight in weights.items())
