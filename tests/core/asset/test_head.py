"""The quads on heads of words: they lie on the head model's surface, and every action leaves them whole."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial import cKDTree

from clip_head.core.asset.arkit import arkit_actions
from clip_head.core.asset.head import JAW_OPEN, JAW_SHIFTS, key_poses, place_head, with_inner
from clip_head.core.asset.motion import Rigid, hinged_motion
from clip_head.core.asset.template import RIM, AssetTemplate
from clip_head.core.asset.unfold import fold_cosine, unfolded
from clip_head.core.errors import ModelError
from clip_head.core.nphm.embedded_head import EmbeddedHead
from clip_head.core.pipeline import Models
from clip_head.core.types import MILLIMETRES_PER_UNIT, Bools, Floats, Ints

from .conftest import WORDS, Heads

pytestmark = pytest.mark.slow(minutes=0.5)

#: Distance from the middle of an eyeball, mm, within which there are lids: their insides are not on the raw surface,
#: which has eyeballs there.
LIDS = 24.0
#: Thickness of the beard, units, and weight of the hair below which the skin is bare.
BARE_BEARD, BARE_HAIR = 1e-4, 0.01


@pytest.fixture(scope="module")
def template(models: Models) -> AssetTemplate:
    assert models.asset is not None
    return models.asset


@pytest.fixture(scope="module", params=WORDS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def mask_of(count: int, ids: Ints) -> Bools:
    mask = np.zeros(count, bool)
    mask[ids] = True
    return mask


def outer_skin(template: AssetTemplate) -> Bools:
    """Which vertices are skin that is seen."""
    head = template.head
    level = head.levels[0]
    count = len(head.points)
    return mask_of(count, level.quads[level.material == 0].ravel()) & ~mask_of(count, head.inner)


def folds(vertices: Floats, quads: Ints) -> Floats:
    """The angle between the triangles of each quad (Q,), degrees."""
    a, b, c, d = (vertices[quads[:, k]].astype(np.float64) for k in range(4))
    one, other = np.cross(b - a, c - a), np.cross(c - a, d - a)
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    assert lengths.min() > 0, "a quad has no area"
    return np.asarray(np.degrees(np.arccos((np.einsum("qc,qc->q", one, other) / lengths).clip(-1, 1))), np.float32)


def off_surface(field: EmbeddedHead, points: Floats) -> Floats:
    """How far points are from the raw surface (N,), mm."""
    at = torch.from_numpy(points)
    with torch.inference_mode():
        distance = field.distance(at, field.template_coordinates(at)).numpy()
    return np.asarray(np.abs(distance) * MILLIMETRES_PER_UNIT, np.float32)


def opening(template: AssetTemplate, side: int, sheet: Floats) -> float:
    """How far the edges of the lids of the left (0) or right (1) eye are apart where they are farthest, mm."""
    rims = template.rims.of((RIM,), sheet)
    upper, lower = rims[2 * side][0], rims[2 * side + 1][0]
    places = np.linspace(0, len(lower) - 1, 400)
    line = np.stack([np.interp(places, np.arange(len(lower)), lower[:, k]) for k in range(3)], axis=1)
    return float(cKDTree(line).query(upper)[0].max() * MILLIMETRES_PER_UNIT)


def test_every_action_has_a_key_in_arkits_order(heads: Heads, name: str) -> None:
    placed = heads.placed(name)
    assert tuple(placed.keys) == tuple(placed.sheet_poses) == tuple(key_poses())
    for key in placed.keys.values():
        assert key.shape == placed.neutral.shape and key.dtype == np.float32 and np.isfinite(key).all()
    moved = {action for action, key in placed.keys.items() if np.abs(key).max() * MILLIMETRES_PER_UNIT > 0.5}
    assert set(arkit_actions()) - moved == {"tongueOut"}, "it moves the tongue alone"


@pytest.mark.parametrize("who", ["bearded", "child"])
def test_bare_skin_lies_on_the_raw_surface(heads: Heads, template: AssetTemplate, who: str) -> None:
    placed, field, regions = heads.placed(who), heads.field(who), template.head.regions
    away = [np.linalg.norm(placed.opened - eye, axis=1) * MILLIMETRES_PER_UNIT > LIDS for eye in placed.eyes]
    ids = np.flatnonzero(outer_skin(template) & np.all(away, axis=0) & ~regions["nostrils"])
    at = torch.from_numpy(template.head.points[ids])
    beard, hair = field.beard_thickness(at), field.hair_weight(at)
    bare = np.ones(len(ids), bool)
    if beard is not None:
        bare &= beard.numpy() < BARE_BEARD
    if hair is not None:
        bare &= hair.numpy() < BARE_HAIR
    ids = ids[bare]
    face = ids[regions["face"][ids]]
    assert len(face) > 2500
    distance = off_surface(field, placed.opened[face])
    assert distance.mean() < 0.2 and np.percentile(distance, 95) < 0.8
    for region in ("brows", "left_cheek", "right_cheek", "neck", "chin"):
        there = ids[regions[region][ids]]
        if who == "bearded" and not len(there):
            continue
        here = off_surface(field, placed.opened[there])
        assert here.mean() < 0.3 and np.percentile(here, 95) < 0.6, region
    # Closing the mouth leaves all above it where it was.
    upper = face[template.head.points[face, 1] * MILLIMETRES_PER_UNIT > -30]
    distance = off_surface(field, placed.neutral[upper])
    assert distance.mean() < 0.2 and np.percentile(distance, 95) < 0.8


def test_no_quad_of_a_neutral_head_folds(heads: Heads, template: AssetTemplate, name: str) -> None:
    placed, head = heads.placed(name), template.head
    fine = head.levels[0].quads
    assert folds(head.points, fine).max() < 60, "the template has none"
    assert folds(placed.neutral, fine).max() < 90
    assert folds(placed.neutral, np.roll(fine, 1, axis=1)).max() < 90, "along the other diagonal"
    for level in head.levels[1:]:
        coarse = unfolded(placed.neutral, level.quads)
        assert (fold_cosine(coarse, level.quads) > 0).all(), "as a coarser level is laid out"
        assert np.linalg.norm(coarse - placed.neutral, axis=1).max() * MILLIMETRES_PER_UNIT < 8.0
    # Those of the closed mouth were at its corners: nothing else has moved much.
    assert (folds(placed.opened, fine) > 90).sum() <= 20


def test_neutral_lips_are_closed_and_the_jaw_does_it(heads: Heads, template: AssetTemplate, name: str) -> None:
    placed, regions = heads.placed(name), template.head.regions
    middle = outer_skin(template) & (np.abs(template.head.points[:, 0]) < 0.02)
    upper, lower = (np.flatnonzero(middle & regions[f"{lip}_lip"]) for lip in ("upper", "lower"))

    def gap(vertices: Floats) -> float:
        return float(cKDTree(vertices[lower]).query(vertices[upper])[0].min() * MILLIMETRES_PER_UNIT)

    assert gap(placed.neutral) < 1.0 < gap(placed.opened)
    closing = (placed.neutral - placed.opened) * MILLIMETRES_PER_UNIT
    assert closing[regions["chin"], 1].min() > 1.0
    for region in ("brows", "scalp", "neck"):
        assert np.abs(closing[regions[region]]).mean() < 0.5, region


def test_a_blink_closes_its_eye_and_leaves_the_other(heads: Heads, template: AssetTemplate, name: str) -> None:
    placed = heads.placed(name)
    for side, action in enumerate(("eyeBlinkLeft", "eyeBlinkRight")):
        shut = placed.sheet + placed.sheet_poses[action]
        assert opening(template, side, placed.sheet) > 5.0
        assert opening(template, side, shut) < 0.7
        assert opening(template, 1 - side, shut) == pytest.approx(opening(template, 1 - side, placed.sheet), abs=0.01)


def test_no_action_brings_lids_into_an_eyeball(heads: Heads, template: AssetTemplate, name: str) -> None:
    placed = heads.placed(name)
    for key in (np.zeros_like(placed.sheet), *placed.sheet_poses.values()):
        for lid, ids in enumerate(template.rims.some((RIM,))):
            away = np.linalg.norm((placed.sheet + key)[ids[0]] - placed.eyes[lid // 2], axis=1)
            assert (away > placed.radii[lid // 2]).all()


def test_jaws_move_as_named(heads: Heads, name: str) -> None:
    placed = heads.placed(name)
    assert set(placed.jaws) == {JAW_OPEN, *JAW_SHIFTS}
    opened = placed.jaws[JAW_OPEN].rotation
    degrees = np.degrees(np.arctan2(opened[2, 1], opened[1, 1]))
    assert 8 < degrees < 25, "about x, downwards"
    chin = placed.hinge + np.array([0.0, -0.25, 0.3], np.float32)
    ways = {action: (jaw.applied(chin) - chin) * MILLIMETRES_PER_UNIT for action, jaw in placed.jaws.items()}
    assert ways["jawOpen"][1] < -12
    assert ways["jawForward"][2] > 4 and ways["jawLeft"][0] > 3 and ways["jawRight"][0] < -3


def test_the_mouths_inside_follows_the_lips(heads: Heads, template: AssetTemplate, name: str) -> None:
    placed, head = heads.placed(name), template.head
    quads, inner = head.levels[0].quads, mask_of(len(head.points), head.inner)
    edges = np.unique(np.sort(np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1), axis=0)
    within = inner[edges].sum(axis=1)
    for action, key in placed.keys.items():
        step = np.linalg.norm(key[edges[:, 0]] - key[edges[:, 1]], axis=1) * MILLIMETRES_PER_UNIT
        assert step[within == 1].max() <= 1.6 * step[within == 0].max(), f"{action} tears the mouth off the lips"
    opened = placed.keys[JAW_OPEN][head.inner, 1] * MILLIMETRES_PER_UNIT
    lip = placed.keys[JAW_OPEN][head.regions["lower_lip"], 1].mean() * MILLIMETRES_PER_UNIT
    assert opened.max() < 0.2 and opened.min() < 0.7 * lip, "the floor goes down and the roof stays"
    assert np.mean(np.abs(opened) < 1.0) > 0.3


def test_inner_vertices_go_with_their_rim_where_no_bone_moves(heads: Heads, template: AssetTemplate) -> None:
    head, rest = template.head, heads.placed("bald").opened
    offsets = np.tile(np.array([0.01, -0.02, 0.03], np.float32), (len(rest), 1))
    given = offsets.copy()
    given[head.inner] = np.nan
    filled = with_inner(head, rest, given, None)
    np.testing.assert_allclose(filled[head.inner], head.follow.sum(axis=1)[:, None] * offsets[head.inner], atol=1e-6)
    given[head.inner] = filled[head.inner]
    np.testing.assert_array_equal(filled, given)
    both = with_inner(head, rest, np.stack([given, 2 * given]), None)
    np.testing.assert_allclose(both, [filled, 2 * filled], atol=1e-6)


def test_inner_vertices_go_with_the_bone_as_far_as_their_weight_says(heads: Heads, template: AssetTemplate) -> None:
    head, rest = template.head, heads.placed("bald").opened
    hinge = heads.placed("bald").hinge
    cosine, sine = np.cos(0.2), np.sin(0.2)
    turn = np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]], np.float32)
    jaw = Rigid(turn, (hinge - turn @ hinge).astype(np.float32))
    offsets = head.jaw[:, None] * (jaw.applied(rest) - rest)
    np.testing.assert_allclose(with_inner(head, rest, offsets, jaw), offsets, atol=1e-6)


def test_the_closed_jaw_is_where_lips_say(heads: Heads, template: AssetTemplate, name: str) -> None:
    """The floor of the mouth rises with the lower lip when the mouth is closed."""
    placed, head = heads.placed(name), template.head
    lip = outer_skin(template) & head.regions["lower_lip"]
    closing = hinged_motion(placed.hinge, placed.opened[lip], placed.neutral[lip])
    deep = head.inner[head.jaw[head.inner] > 0.95]
    assert len(deep) > 40
    meant = closing.applied(placed.opened[deep]) - placed.opened[deep]
    apart = np.linalg.norm(placed.neutral[deep] - placed.opened[deep] - meant, axis=1) * MILLIMETRES_PER_UNIT
    assert np.median(apart) < 1.0


def test_a_code_that_is_no_number_is_refused(heads: Heads, template: AssetTemplate) -> None:
    broken = heads.latents("child").z_id.copy()
    broken[0] = np.nan
    with pytest.raises(ModelError, match="not finite"):
        place_head(template, broken)


def test_half_a_blink_is_half_a_blink(heads: Heads, template: AssetTemplate) -> None:
    """On the straight way from open to shut a lid would dip into the eyeball: the key for the half keeps it out."""
    placed, head = heads.placed("child"), template.head
    skin = np.setdiff1d(np.arange(len(head.sheet)), head.inner)
    for side, action in enumerate(("eyeBlinkLeft", "eyeBlinkRight")):
        half = 0.5 * placed.keys[action] + placed.keys[f"{action}_half"]
        np.testing.assert_allclose(half[skin], placed.sheet_poses[f"{action}_half"][head.sheet[skin]], atol=1e-5)
        upper = template.rims.of((RIM,), placed.sheet + placed.sheet_poses[f"{action}_half"])[2 * side]
        away = np.linalg.norm(upper - placed.eyes[side], axis=-1) - placed.radii[side]
        assert away.min() * MILLIMETRES_PER_UNIT > 0.05
