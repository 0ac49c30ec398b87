"""Pictures of the parts show the colours that were painted on the canonical head, in the UV of the parts."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.hair import LONGEST
from clip_head.core.asset.pictures import BROAD, SIZE, asset_pictures, broad_colours, strand_picture
from clip_head.core.asset.tooth_style import ToothStyle
from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import Models
from clip_head.core.texture.albedo.canonical import Canonical, load_canonical
from clip_head.core.texture.template import HAIRLINE_ENDS, TemplateFacts, load_template
from clip_head.core.types import Bytes, Floats

BLOND, BLACK = np.array([190.0, 150.0, 90.0], np.float32), np.array([35.0, 30.0, 28.0], np.float32)
CROWN = (0.0, 0.45, -0.2)


@pytest.fixture(scope="module")
def canonical() -> Canonical:
    loaded = load_canonical(EMBEDDED / "texture")
    assert loaded is not None
    return loaded


@pytest.fixture(scope="module")
def template() -> TemplateFacts:
    return load_template(EMBEDDED / "texture")


def flat(colour: Floats, size: int = BROAD) -> Floats:
    return np.broadcast_to(colour, (size, size, 3)).astype(np.float32)


@pytest.mark.parametrize(("colour", "frizz"), [(BLOND, 0.0), (BLACK, 1.0)], ids=["blond", "black curls"])
def test_strands_keep_the_colour_and_vary_it(colour: Floats, frizz: float) -> None:
    picture = strand_picture(flat(colour), CROWN, frizz)
    assert picture.shape == (SIZE, SIZE, 3) and picture.dtype == np.uint8
    np.testing.assert_allclose(picture.mean(axis=(0, 1)), colour, atol=12)
    assert 2 < picture[..., 1].std() < 40


def test_strands_run_along_and_curls_do_not() -> None:
    """Across the picture, about the crown, strands change more than along it, from the crown."""
    ratio = {}
    for frizz in (0.0, 1.0):
        rows = strand_picture(flat(BLOND), CROWN, frizz)[64:, :, 1].astype(float)
        ratio[frizz] = np.abs(np.diff(rows, axis=1)).mean() / np.abs(np.diff(rows, axis=0)).mean()
    assert ratio[0.0] > 2 * ratio[1.0]
    assert ratio[0.0] > 1.5


def test_the_picture_goes_on_across_the_back_of_the_head() -> None:
    picture = strand_picture(flat(BLOND), CROWN, 0.0).astype(float)
    seam = np.abs(picture[:, 0] - picture[:, -1]).mean()
    assert seam < 1.5 * np.abs(np.diff(picture, axis=1)).mean()


def test_broad_colours_are_looked_up_on_the_scalp(canonical: Canonical, template: TemplateFacts) -> None:
    """The scalp is painted red on the left and blue on the right, everything else green."""
    size = 96
    painted = np.zeros((size, size, 3), np.float32)
    painted[..., 1] = 255
    scalp = template.scalp_height(canonical.points) > HAIRLINE_ENDS
    assert 0.1 < scalp.mean() < 0.9
    column, row = (canonical.mesh.uv[scalp] * [1, -1] + [0, 1]).T * size
    left = canonical.points[scalp, 0] > 0
    for side, channel in ((left, 0), (~left, 2)):
        at = tuple(place[side].clip(0, size - 1).astype(int) for place in (row, column))
        painted[at] = np.eye(3)[channel] * 255
    broad = broad_colours(painted, canonical, template)
    assert broad.shape == (BROAD, BROAD, 3) and broad[..., 1].max() == 0
    # From the face round: u = 1/4 lies on the right, 3/4 on the left.
    middle = slice(BROAD // 8, BROAD * 3 // 8)
    assert (broad[:, middle, 2] == 255).mean() > 0.95
    assert (broad[:, BROAD // 2 :][:, middle, 0] == 255).mean() > 0.95


def test_front_and_back_of_hair_keep_their_colours(canonical: Canonical, template: TemplateFacts) -> None:
    size = 96
    height = np.linspace(0, 1, size, dtype=np.float32)
    painted = np.repeat(np.tile(height[:, None], (1, size))[..., None], 3, axis=2)
    broad = broad_colours(painted, canonical, template)
    scalp = template.scalp_height(canonical.points) > HAIRLINE_ENDS
    rows = 1 - canonical.mesh.uv[scalp, 1]
    assert broad.min() >= rows.min() - 0.02 and broad.max() <= rows.max() + 0.02
    crown = np.linalg.norm(canonical.points[scalp] - np.array(template.crown), axis=1) < LONGEST / BROAD
    at_crown = rows[crown]
    assert at_crown.min() - 0.03 <= broad[0].mean() <= at_crown.max() + 0.03


def pictures(models: Models, beard: Floats | None, seed: int = 1, colour: Floats = BLOND) -> dict[str, Bytes]:
    painted = np.broadcast_to(np.round(colour), (64, 64, 3)).astype(np.uint8)
    return asset_pictures(painted, painted.astype(np.float32), beard, 0.0, ToothStyle(), seed, models.texture)


def test_materials_have_pictures_and_a_beard_only_where_there_is_one(models: Models) -> None:
    shaven, bearded = pictures(models, None), pictures(models, BLACK)
    assert set(shaven) == {"Eye", "Teeth", "Hair"}
    assert set(bearded) == {*shaven, "Beard"}
    for name, picture in bearded.items():
        assert picture.shape == (SIZE, SIZE, 3) and picture.dtype == np.uint8
        assert picture.std() > 1, f"{name} is empty"
        if name in shaven:
            np.testing.assert_array_equal(picture, shaven[name])
    np.testing.assert_allclose(bearded["Beard"].mean(axis=(0, 1)), BLACK, atol=6)
    np.testing.assert_allclose(shaven["Hair"].mean(axis=(0, 1)), BLOND, atol=12)
