"""Beards that are drawn on the skin grow where their names say, and leave lips, mouth and eyes bare."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial import cKDTree

from clip_head.core.asset.build import head_part
from clip_head.core.asset.head import place_head
from clip_head.core.asset.template import load_asset
from clip_head.core.hair.library import Stored
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.texture.albedo.canonical import load_canonical
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats

pytest.importorskip("anny")
from clip_head.training.grooms.beards import LIP_HEIGHT, off_lips, stroke_depth
from clip_head.training.grooms.recipes import BEARDS, EARS, NOSE
from clip_head.training.grooms.train import Template, all_grooms

pytestmark = pytest.mark.slow(minutes=0.5)

#: Part of the guides that tests grow.
PART = 0.4
#: Beards that are drawn with strokes.
DRAWN = tuple(name for name, row in BEARDS.items() if row.strokes)


@pytest.fixture(scope="module")
def grown(template: Template) -> dict[str, Stored]:
    return all_grooms(template, PART, 0, [*BEARDS, *NOSE, *EARS])


def height(template: Template, *regions: str) -> tuple[float, float]:
    """The lowest and the highest place of regions of the skin, units."""
    rows = np.any([template.skin.masks[region] for region in regions], axis=0)
    return float(template.skin.vertices[rows, 1].min()), float(template.skin.vertices[rows, 1].max())


def lengths(points: Floats) -> Floats:
    """Of guides (N,), mm."""
    return np.linalg.norm(np.diff(points, axis=1), axis=2).sum(axis=1) * MILLIMETRES_PER_UNIT


def test_the_beards_of_the_words_are_there() -> None:
    assert set(DRAWN) == {
        "pencil moustache",
        "handlebar",
        "walrus",
        "soul patch",
        "van dyke",
        "circle beard",
        "chin strap",
        "short boxed beard",
        "braided",
    }
    assert BEARDS["five o'clock shadow"].volume == "stubble"


def test_kinds_and_the_beards_that_stand_for_them(grown: dict[str, Stored]) -> None:
    assert {grown[name].kind for name in BEARDS} == {"beard"}
    assert [grown[name].kind for name in (*NOSE, *EARS)] == ["nose", "ears"]
    assert grown["handlebar"].volume == "moustache" and grown["full"].volume == "full"
    assert {grown[name].volume for name in ("soul patch", *NOSE, *EARS)} == {""}


@pytest.mark.parametrize("name", list(BEARDS))
def test_nothing_is_rooted_on_lips_in_the_mouth_or_on_the_nose(
    template: Template, grown: dict[str, Stored], name: str
) -> None:
    skin, one = template.skin, grown[name]
    for region in ("mouth", "upper_lip", "lower_lip", "nose", "ears", "left_eyelids", "brows"):
        assert one.density[skin.masks[region]].max() == 0, region
        assert not skin.masks[region][one.corners].all(axis=1).any(), region


@pytest.mark.parametrize("name", list(BEARDS))
def test_no_guide_lies_across_the_mouth_or_in_the_skin(template: Template, grown: dict[str, Stored], name: str) -> None:
    assert off_lips(grown[name].points, template.skin).all()
    inner = grown[name].points[:, 1:].reshape(-1, 3)
    depth = -template.network.template_distance(torch.from_numpy(inner)).numpy() * MILLIMETRES_PER_UNIT
    assert depth.max() < 0.5


@pytest.mark.parametrize("name", [*DRAWN, *NOSE, *EARS])
def test_what_is_drawn_is_alike_on_both_sides(template: Template, grown: dict[str, Stored], name: str) -> None:
    points = grown[name].points
    assert abs(points[:, 0, 0].mean()) * MILLIMETRES_PER_UNIT < 3
    density, vertices = grown[name].density, template.skin.vertices
    apart, mirror = cKDTree(vertices).query(vertices * np.array([-1, 1, 1], np.float32))
    pairs = apart < 1e-4
    assert pairs.mean() > 0.9 and np.abs(density - density[mirror])[pairs].max() < 0.05
    assert 0.35 < (points[:, 0, 0] > 0).mean() < 0.65


def test_a_stroke_is_as_wide_as_its_nodes_say(template: Template) -> None:
    depth = stroke_depth(template.skin, (((0.1, -0.3, 0.18, 0.03), (0.2, -0.3, 0.06, 0.03)),))
    inside = depth > 0
    assert 0 < depth.max() <= 0.03 and inside[template.skin.vertices[:, 0] < 0].any()
    assert np.ptp(template.skin.vertices[inside, 1]) < 0.075


def test_hair_on_the_lips_is_told(template: Template) -> None:
    vertices, masks = template.skin.vertices, template.skin.masks
    lip = vertices[masks["lower_lip"] & (vertices[:, 1] > LIP_HEIGHT)]
    root = np.array([0.0, -0.18, 0.26], np.float32)
    across = np.linspace(root, lip[np.abs(lip[:, 0]).argmin()] + [0, 0, 0.01], 24)
    beside = np.linspace(root, [0.12, -0.2, 0.21], 24)
    assert off_lips(np.stack([across, beside]).astype(np.float32), template.skin).tolist() == [False, True]


def test_moustaches_lie_between_nose_and_upper_lip(template: Template, grown: dict[str, Stored]) -> None:
    lip = height(template, "upper_lip")
    for name in ("pencil moustache", "handlebar", "walrus"):
        roots = grown[name].points[:, 0]
        assert roots[:, 1].max() < height(template, "nostrils")[0], name
        middle = np.abs(roots[:, 0]) < 0.05
        assert roots[middle, 1].min() > lip[1] - 0.01, name
    assert lengths(grown["pencil moustache"].points).max() < 7


def test_the_tips_of_a_handlebar_curl_up(grown: dict[str, Stored]) -> None:
    points = grown["handlebar"].points
    lowest = points[..., 1].min(axis=1)
    assert np.quantile(points[:, -1, 1] - lowest, 0.5) * MILLIMETRES_PER_UNIT > 10
    assert np.quantile(np.abs(points[:, -1, 0]), 0.2) > np.abs(points[:, 0, 0]).max()


def test_a_walrus_hangs_over_the_upper_lip(template: Template, grown: dict[str, Stored]) -> None:
    points = grown["walrus"].points
    middle = np.abs(points[:, 0, 0]) < 0.05
    low, high = height(template, "upper_lip")
    assert np.median(points[middle, -1, 1]) < high - 0.5 * (high - low)
    assert (points[:, -1, 1] < points[:, 0, 1]).mean() > 0.9


def test_a_soul_patch_lies_between_lower_lip_and_chin(template: Template, grown: dict[str, Stored]) -> None:
    roots = grown["soul patch"].points[:, 0]
    assert np.abs(roots[:, 0]).max() * MILLIMETRES_PER_UNIT < 8
    assert height(template, "chin")[0] + 0.04 < roots[:, 1].min() and roots[:, 1].max() < LIP_HEIGHT - 0.02


def test_a_chin_strap_goes_from_ear_to_ear_below_a_bare_chin(template: Template, grown: dict[str, Stored]) -> None:
    one, skin = grown["chin strap"], template.skin
    front = skin.masks["chin"] & (skin.vertices[:, 1] > -0.37) & (np.abs(skin.vertices[:, 0]) < 0.08)
    assert front.sum() > 20 and one.density[front].max() == 0
    roots = one.points[:, 0]
    assert roots[:, 1].max() > -0.05 and np.abs(roots[:, 0]).max() > 0.24 and np.abs(roots[:, 0]).min() < 0.02
    lips = (np.abs(skin.vertices[:, 0]) < 0.12) & (skin.vertices[:, 1] > -0.34) & (skin.vertices[:, 2] > 0.1)
    assert one.density[lips].max() == 0


def test_a_circle_beard_closes_around_the_mouth_and_leaves_cheeks_bare(grown: dict[str, Stored]) -> None:
    roots = grown["circle beard"].points[:, 0]
    angle = np.degrees(np.arctan2(roots[:, 1] + 0.27, roots[:, 0]))
    assert np.diff(np.sort(np.r_[angle, angle + 360])).max() < 25
    assert np.abs(roots[:, 0]).max() < 0.15
    boxed = grown["short boxed beard"].points
    assert np.abs(boxed[:, 0, 0]).max() > 0.25 and lengths(boxed).max() < 15


def test_a_van_dyke_ends_in_a_point_apart_from_its_moustache(grown: dict[str, Stored]) -> None:
    points = grown["van dyke"].points
    chin = points[:, 0, 1] < -0.3
    assert 0.2 < chin.mean() < 0.9
    assert np.abs(points[chin, -1, 0]).max() < 0.03 and points[chin, -1, 1].max() < -0.42
    assert not ((points[:, 0, 1] < -0.25) & (points[:, 0, 1] > -0.3)).any()


def test_a_braided_beard_is_a_plait_below_the_chin(grown: dict[str, Stored]) -> None:
    points = grown["braided"].points
    beard = points[points[:, 0, 1] < -0.26]
    low = beard[beard[..., 1] < -0.6]
    assert len(low) > 100 and np.abs(low[:, 0]).max() * MILLIMETRES_PER_UNIT < 35
    # Strands of the plait swing to both sides.
    swings = [np.ptp(line[line[:, 1] < -0.6, 0]) for line in beard if (line[:, 1] < -0.6).sum() > 4]
    assert np.median(swings) * MILLIMETRES_PER_UNIT > 5


def test_shadow_is_shorter_than_stubble(grown: dict[str, Stored]) -> None:
    assert lengths(grown["five o'clock shadow"].points).max() < 0.6 * lengths(grown["stubble"].points).max()


def test_hair_of_nose_and_ears_is_short_sparse_and_in_its_place(template: Template, grown: dict[str, Stored]) -> None:
    nose, ear = grown["nose hair"], grown["ear hair"]
    assert max(nose.look.strands, ear.look.strands) <= 100
    assert lengths(nose.points).max() < 6 and lengths(ear.points).max() < 12
    normals = template.skin.normals[nose.corners].mean(axis=1)
    assert (normals[:, 1] < -0.5).mean() > 0.8 and template.skin.masks["nose"][nose.corners].all()
    assert (nose.points[:, -1, 1] < nose.points[:, 0, 1]).all()
    assert template.skin.masks["ears"][ear.corners].any(axis=1).all() and np.abs(ear.points[:, 0, 0]).min() > 0.25


def test_the_beard_follows_the_jaw_and_the_moustache_stays(template: Template, grown: dict[str, Stored]) -> None:
    canonical = load_canonical(EMBEDDED / "texture")
    assert canonical is not None
    asset = load_asset(EMBEDDED / "asset", load_nphm(EMBEDDED / "nphm"), canonical.mesh)
    assert asset is not None
    placed = place_head(asset, np.zeros(template.network.id_size, np.float32))
    moves = np.zeros_like(template.skin.vertices)
    moves[asset.head.sheet] = head_part(asset, placed).keys["jawOpen"]

    def dropped(name: str) -> Floats:
        """How far the roots of a beard (N,) go down where the jaw opens, mm."""
        one = grown[name]
        return -(moves[one.corners, 1] * one.barycentric).sum(axis=1) * MILLIMETRES_PER_UNIT

    lip = np.abs(grown["pencil moustache"].points[:, 0, 0]) < 0.04
    assert dropped("soul patch").min() > 10 and np.abs(dropped("pencil moustache")[lip]).max() < 5
    full = grown["full"].points[:, 0]
    middle = np.abs(full[:, 0]) < 0.04
    assert dropped("full")[middle & (full[:, 1] > LIP_HEIGHT)].max() < 5
    assert dropped("full")[middle & (full[:, 1] < LIP_HEIGHT) & (full[:, 1] > -0.4)].min() > 8
