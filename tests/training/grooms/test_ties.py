"""Tied hair: where tails end, what is tied and what falls, plaits of three strands, partings between ties."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.hair.library import Stored
from clip_head.core.types import MILLIMETRES_PER_UNIT

pytest.importorskip("anny")
from clip_head.training.grooms.grow import BEFORE_TIE
from clip_head.training.grooms.recipes import HAIR
from clip_head.training.grooms.train import Template, all_grooms

pytestmark = pytest.mark.slow(minutes=0.5)

#: The styles that are looked at, and the part of their guides that is grown.
NAMES = (
    "ponytailhigh",
    "ponytaillow",
    "halfup",
    "plaits",
    "frenchbraid",
    "manbun",
    "spacebuns",
    "dreadlocks",
    "boxbraids",
    "cornrows",
)
PART = 0.25


@pytest.fixture(scope="module")
def grown(template: Template) -> dict[str, Stored]:
    return all_grooms(template, PART, 0, list(NAMES))


def test_they_are_hair_and_stand_for_styles_of_the_head_model(template: Template, grown: dict[str, Stored]) -> None:
    assert set(grown) == set(NAMES)
    for name, one in grown.items():
        assert one.kind == "hair" and one.volume == HAIR[name].volume
        assert one.volume in template.network.config.styles, name


def test_no_guide_is_in_the_skin_of_the_template(template: Template, grown: dict[str, Stored]) -> None:
    for name, one in grown.items():
        deepest = -template.distance.at(one.points[:, 1:].reshape(-1, 3)).min() * MILLIMETRES_PER_UNIT
        assert deepest < 0.5, (name, deepest)


def test_no_guide_hangs_before_the_face(grown: dict[str, Stored]) -> None:
    for name, one in grown.items():
        x, y, z = np.moveaxis(one.points, -1, 0)
        face = (np.abs(x) < 0.16) & (y < 0.2) & (y > -0.3) & (z > 0.05)
        assert not face.any(), name


def test_ponytails_end_behind_the_head(grown: dict[str, Stored]) -> None:
    high, low = grown["ponytailhigh"].points, grown["ponytaillow"].points
    for points in (high, low):
        assert (points[:, -1, 2] < -0.45).all() and np.median(points[:, -1, 1]) < -0.25
        assert np.abs(points[:, -1, 0]).max() < 0.15
    # The one rises over the head at first, and the other never does behind its tie.
    behind = round(BEFORE_TIE * high.shape[1])
    assert np.median(high[:, behind:, 1].max(axis=1)) > 0.45
    assert low[:, behind + 1 :, 1].max() < 0.02


def test_half_of_the_hair_is_tied_and_half_falls(grown: dict[str, Stored]) -> None:
    points, (tie,) = grown["halfup"].points, np.array(HAIR["halfup"].ties)
    through = np.linalg.norm(points - tie, axis=2).min(axis=1) * MILLIMETRES_PER_UNIT < 25
    assert 0.3 < through.mean() < 0.8
    assert points[through, 0, 1].mean() > points[~through, 0, 1].mean() + 0.15
    # What falls ends under its roots, on the shoulders.
    assert (points[~through, -1, 1] < points[~through, 0, 1]).mean() > 0.98


def test_a_plait_has_three_strands_that_swing_together(grown: dict[str, Stored]) -> None:
    points = grown["plaits"].points
    left = points[points[:, 0, 0] > 0]
    behind = round(BEFORE_TIE * left.shape[1]) + 4
    middle = left[:, behind:].mean(axis=0)
    offset = left[:, behind:-1] - middle[:-1]
    # In every section strands lie about three places: neighbours of a strand are nearer than the whole is wide.
    for section in np.moveaxis(offset, 1, 0):
        spread = np.linalg.norm(section[:, None] - section[None], axis=2)
        assert np.median(np.sort(spread, axis=1)[:, len(section) // 5]) < 0.6 * np.median(spread)
    assert np.abs(points[:, -1, 0]).min() > 0.2


def test_a_french_braid_takes_up_hair_all_the_way_down(grown: dict[str, Stored]) -> None:
    points = grown["frenchbraid"].points
    joined = points[:, round(BEFORE_TIE * points.shape[1])]
    assert joined[:, 1].max() > 0.42 and joined[:, 1].min() < 0.0
    assert np.abs(joined[:, 0]).max() * MILLIMETRES_PER_UNIT < 25
    # Hair from higher up joins higher up, and all of it hangs down from the nape.
    assert np.corrcoef(points[:, 0, 1], joined[:, 1])[0, 1] > 0.7
    assert points[:, -1, 1].max() < -0.3


def test_hair_parts_between_two_ties(template: Template, grown: dict[str, Stored]) -> None:
    for name in ("plaits", "spacebuns"):
        one, x = grown[name], template.skin.vertices[:, 0]
        middle = (np.abs(x) < 0.002) & (template.skin.vertices[:, 1] > 0.3)
        aside = (np.abs(x) > 0.03) & (np.abs(x) < 0.08) & (template.skin.vertices[:, 1] > 0.38)
        assert one.density[middle].max() < 0.4 < 0.9 < one.density[aside].mean(), name
        same = np.sign(one.points[:, 0, 0]) == np.sign(one.points[:, -1, 0])
        assert same.mean() > 0.98, name


def test_buns_are_round_and_on_the_head(grown: dict[str, Stored]) -> None:
    for name in ("manbun", "spacebuns"):
        middle, points = np.array(HAIR[name].tail[0]), grown[name].points[:, round(0.5 * 24) :]
        side = np.where(points[:, -1, 0] < 0, -1, 1) if middle[0] else np.ones(len(points))
        offset = points - middle * np.stack([side, 0 * side + 1, 0 * side + 1], axis=1)[:, None]
        assert np.linalg.norm(offset, axis=2).max() < 0.2, name
        # They are wound: hair lies to all sides of the middle.
        assert all((offset[..., axis] * sign > 0.04).mean() > 0.05 for axis in range(3) for sign in (-1, 1)), name


def test_locks_and_braids_are_single_guides_with_bare_skin_between(grown: dict[str, Stored]) -> None:
    for name in ("dreadlocks", "boxbraids"):
        one = grown[name]
        assert one.look.braided or one.look.clump > 0.9
        assert one.density.max() > 0.95 and (one.density[one.density > 0] < 0.3).mean() > 0.02
        tips = one.points[:, -1, 1]
        assert np.quantile(tips, 0.9) < 0.05 and tips.min() > -0.95, name
