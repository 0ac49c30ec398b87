"""Which words are meant for the whole head."""

import numpy as np
import pytest
from skimage.color import rgb2lab

from clip_head.core.texture.material.substance import SUBSTANCES, in_hue_of_material, substance_in


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


def spread_of_hue(picture: np.ndarray) -> float:
    return float(rgb2lab(picture / 255)[..., 1:].reshape(-1, 2).std(axis=0).max())


def test_one_material_has_one_hue_but_for_what_is_meant() -> None:
    rng = np.random.default_rng(0)
    painted = np.clip(150 + rng.normal(0, 5, (64, 64, 3)), 0, 255).astype(np.uint8)
    painted[20:30, 20:30] = (170, 30, 20)
    for words in ("a marble bust", "A Robot, laughing"):
        shown = in_hue_of_material(painted, words)
        rest = np.ones((64, 64), bool)
        rest[20:30, 20:30] = False
        assert spread_of_hue(shown[rest]) < 0.2 * spread_of_hue(painted[rest]) < 2
        assert np.abs(shown[20:30, 20:30].astype(int) - painted[20:30, 20:30]).max() <= 1, "its red stays"
        light = rgb2lab(shown / 255)[..., 0] - rgb2lab(painted / 255)[..., 0]
        assert np.abs(light).max() < 1, "light and shade stay"


def test_skin_keeps_all_its_colours() -> None:
    painted = np.random.default_rng(1).integers(0, 255, (8, 8, 3), np.uint8)
    assert in_hue_of_material(painted, "a woman with silver hair") is painted
