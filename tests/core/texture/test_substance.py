"""Which words are meant for the whole head."""

import pytest

from clip_head.core.texture.substance import SUBSTANCES, substance_in


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("a bronze statue of an old man", "bronze"),
        ("a marble bust", "marble"),
        ("Marble Greek bust, neutral", "marble"),
        ("the head of a woman carved from wood", "wood"),
        ("a man made of solid gold", "gold"),
        ("an old man's face cast in iron", "iron"),
        ("a silver robot", "silver"),
        ("gold", "gold"),
        ("a porcelain doll with red lips", "porcelain"),
    ],
)
def test_statues(words: str, name: str) -> None:
    assert substance_in(words) == SUBSTANCES[name]


@pytest.mark.parametrize(
    "words",
    [
        "a woman with silver hair",
        "copper skin",
        "an old man with a stone-faced expression",
        "a young woman with golden hair and gold eye shadow",
        "a man from Iron Mountain, laughing",
        "a smiling woman with a wooden comb",
        "",
    ],
)
def test_flesh_and_blood(words: str) -> None:
    assert substance_in(words) is None


def test_polished_is_smoother() -> None:
    plain, polished = substance_in("a bronze statue"), substance_in("a polished bronze statue")
    assert plain and polished and polished.roughness < 0.7 * plain.roughness
