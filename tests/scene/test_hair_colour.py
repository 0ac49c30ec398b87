"""Colours of hair become pigments, and these the colours again."""

import numpy as np
import pytest

from clip_head.scene.hair_colour import hair_colour, picture_colour

#: Colours of hair as painted, sRGB.
NATURAL = {"brown": (90, 60, 40), "chestnut": (105, 70, 45), "dark blond": (140, 118, 88)}
DYED = {"blue": (40, 80, 200), "pink": (220, 110, 165), "green": (60, 160, 70), "orange": (180, 80, 45)}
GREY = {"dark": (100, 98, 96), "light": (150, 150, 152), "white": (165, 163, 160)}
#: The lightest channel of a surface that hair can look like, linear.
LIGHTEST = 0.55 / 1.4


def linear(colour: tuple[int, int, int]) -> np.ndarray:
    return picture_colour(np.full((4, 4, 3), colour, np.uint8))


@pytest.mark.parametrize("name", [*NATURAL, *DYED, "blond"])
def test_pigments_give_the_colour_back_darkened_where_hair_cannot_be_as_light(name: str) -> None:
    colour = linear((NATURAL | DYED | {"blond": (191, 153, 78)})[name])
    pigments = hair_colour(colour)
    tolerance = 0.05 if name in NATURAL else 0.025  # melanin alone, which few natural colours need more than, will do
    np.testing.assert_allclose(pigments.seen(), colour * min(1.0, LIGHTEST / colour.max()), atol=tolerance)
    if name in DYED:
        assert np.argsort(pigments.seen()).tolist() == np.argsort(colour).tolist()
    assert (name in NATURAL) == (pigments.dye == (1.0, 1.0, 1.0))
    assert pigments.grey == 0.0
    assert 0.0 <= pigments.melanin < 1.0


def test_black_is_as_dark_as_strands_can_be() -> None:
    pigments = hair_colour(linear((25, 20, 18)))
    assert pigments.melanin > 0.9
    assert pigments.dye == (1.0, 1.0, 1.0)
    assert max(pigments.seen()) < 0.03, "strands reflect some light whatever they absorb"


def test_darker_hair_has_more_melanin_and_ginger_more_red() -> None:
    assert hair_colour(linear((25, 20, 18))).melanin > hair_colour(linear((90, 60, 40))).melanin
    ginger, ash = hair_colour(linear((150, 70, 30))), hair_colour(linear((125, 108, 85)))
    assert ginger.redness > 0.8
    assert ginger.redness > ash.redness


@pytest.mark.parametrize("name", GREY)
def test_neutral_hair_is_white_strands_among_dark_ones(name: str) -> None:
    colour = linear(GREY[name])
    pigments = hair_colour(colour)
    assert 0.2 < pigments.grey <= 1.0
    assert pigments.seen()[1] == pytest.approx(colour[1], abs=0.01)


def test_lighter_grey_has_more_white_strands() -> None:
    shares = [hair_colour(linear(GREY[name])).grey for name in GREY]
    assert shares == sorted(shares)
    assert hair_colour(linear((230, 228, 225))).grey > 0.95


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 0, 255)])
def test_any_colour_has_pigments(colour: tuple[int, int, int]) -> None:
    pigments = hair_colour(linear(colour))
    assert np.isfinite([pigments.melanin, pigments.redness, pigments.grey, *pigments.dye, *pigments.seen()]).all()
    assert all(0 < channel <= 1 for channel in pigments.dye)


def test_a_picture_has_a_middle_and_a_dark_tone() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 4, axis=1)[..., None].repeat(4, axis=2)
    dark, middle = picture_colour(ramp, 0.2), picture_colour(ramp)
    assert middle == pytest.approx(linear((128, 128, 128)), abs=0.01)
    assert dark == pytest.approx(linear((51, 51, 51)), abs=0.01)
