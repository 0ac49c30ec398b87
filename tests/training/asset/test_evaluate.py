"""What the evaluation of heads of quads sees: folds, crossing triangles, parts that come out, lids that pass others."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clip_head.core.asset.template import HeadTemplate
from clip_head.core.pipeline import load_models, read_words
from clip_head.core.types import AssetLevel, AssetPart, Floats, HeadRequest, Ints
from clip_head.training.asset import evaluate
from clip_head.training.asset.triangles import triangles


def sheet(side: int = 9, size: float = 0.04) -> tuple[Floats, Ints]:
    """A flat square of quads that faces +z, its middle at the origin."""
    steps = np.linspace(-size, size, side, dtype=np.float32)
    y, x = np.meshgrid(steps, steps, indexing="ij")
    points = np.stack([x, y, np.zeros_like(x)], axis=-1).reshape(-1, 3)
    index = np.arange(side * side, dtype=np.int32).reshape(side, side)
    quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1).reshape(-1, 4)
    return points, quads


def template_of(points: Floats, quads: Ints) -> HeadTemplate:
    level = AssetLevel(quads, np.zeros((*quads.shape, 2), np.float32), np.zeros(len(quads), np.int32))
    none = np.zeros(0, np.int32)
    still = np.zeros(len(points), np.float32)
    return HeadTemplate(points, none, (level,), none, none, none, np.zeros((0, 0), np.float32), still, {})


def lifted(part: AssetPart) -> AssetPart:
    """The part 2 mm farther in front."""
    return replace(part, vertices=part.vertices + np.array([0, 0, 0.008], np.float32))


def test_a_corner_that_is_pulled_over_the_others_folds_a_quad_and_a_sheet_that_faces_back_is_turned() -> None:
    points, quads = sheet()
    head = template_of(points, quads)
    assert not np.any(evaluate.flipped(head, points))
    folded = points.copy()
    folded[quads[10, 1]] = folded[quads[10, 3]] * 1.5 - folded[quads[10, 1]] * 0.5
    assert evaluate.flipped(head, folded)[0][10]
    in_front, turned = evaluate.flipped(head, points * np.array([-1, 1, 1], np.float32))
    assert turned.all() and not in_front.any()


def test_only_what_lies_in_front_of_skin_has_come_out_of_it() -> None:
    points, quads = sheet()
    faces = triangles(quads)
    behind, beside = np.array([[0.0, 0.01, -0.01]], np.float32), np.array([[0.5, 0.0, 0.1]], np.float32)
    assert evaluate.in_front(points, faces, behind, 2) == 0.0
    assert evaluate.in_front(points, faces, beside, 2) == 0.0
    before = np.array([[0.0, 0.01, 0.002]], np.float32)
    assert evaluate.in_front(points, faces, np.concatenate([behind, before]), 2) == pytest.approx(0.5)


def test_an_eyeball_comes_out_where_it_is_larger_than_its_lids() -> None:
    points, quads = sheet(17, 0.03)
    lids = points + np.array([0, 0, 0.05], np.float32)
    lids *= 0.05 / np.linalg.norm(lids, axis=1, keepdims=True)
    centre = np.array([0.12, 0.03, 0.1], np.float32)
    faces = triangles(quads)
    middle = lids[100:200]
    assert evaluate.out_of_lids(lids + centre, faces, centre + 0.98 * middle, centre) == 0.0
    assert evaluate.out_of_lids(lids + centre, faces, centre + 1.02 * middle, centre) == pytest.approx(0.25, abs=0.02)


def test_a_pose_is_the_sum_of_keys() -> None:
    points, quads = sheet()
    level = template_of(points, quads).levels[0]
    part = AssetPart("Head", points, (level,), ("Skin",), {"up": points * 0 + 1, "down": points * 0 - 2})
    np.testing.assert_allclose(evaluate.posed(part, {"up": 0.5, "other": 1.0}), points + 0.5)
    np.testing.assert_allclose(evaluate.posed(part, {"up": 1.0, "down": 1.0}), points - 1)
    np.testing.assert_array_equal(evaluate.posed(part, {}), points)
    corrected = replace(part, keys=part.keys | {"up_down": points * 0 + 8})
    np.testing.assert_allclose(evaluate.posed(corrected, {"up": 0.5, "down": 0.5}), points - 0.5 + 2)


def test_figures_name_the_pose_and_the_head_at_worst() -> None:
    depths = [
        {"at rest": {"eyes": 0.0, "tongue": 0.0}, "tongueOut": {"eyes": 0.0}},
        {"at rest": {"eyes": 0.05, "tongue": 0.0}, "tongueOut": {"eyes": 0.4}},
    ]
    figures = evaluate.pierced([7, 9], depths)
    assert (figures["heads_with_eyes_out"], figures["eyes_out_mm"]) == (1, 0.4)
    assert figures["eyes_out_in"] == "tongueOut, head 9"
    assert (figures["heads_with_tongue_out"], figures["tongue_out_in"]) == (0, "")
    depths[0]["at rest"][evaluate.GAPS] = 0.2
    assert evaluate.pierced([7, 9], depths)["lid_gaps_in"] == "at rest, head 7"


@pytest.mark.slow(minutes=0.3)
def test_what_is_pushed_through_the_face_of_a_head_of_words_is_found() -> None:
    models = load_models()
    template = models.asset
    assert template is not None
    built = evaluate.build(template, read_words(HeadRequest("a bald man"), models).z_id)
    watched = evaluate.watched_skin(template, built)
    at_rest = evaluate.piercing(built, watched, {})
    assert max(at_rest.values()) < evaluate.SEEN
    forward = np.array([0, 0, 0.08], np.float32)
    for name, found in (("Upper Teeth", "upper teeth"), ("Lower Teeth", "lower teeth"), ("Eye Left", "eyes")):
        part = built.parts[name]
        moved = replace(part, vertices=part.vertices + forward)
        pushed = replace(built, parts=built.parts | {name: moved})
        assert evaluate.piercing(pushed, watched, {})[found] > 1.0
    figures = evaluate.surface_figures(template.head, built, watched)
    assert figures["face_to_raw_mm"] < 0.3
    assert figures["folded_quads"] == figures["folded_quads_of_level_1"] == figures["folded_quads_of_level_2"] == 0
    assert figures["eye_gap_mm"] < 0.3
    for name in ("eyeLookInLeft", "eyeLookDownRight", "eyeLookOutLeft", "eyeBlinkLeft", "cheekSquintRight"):
        out = evaluate.piercing(built, watched, {name: 1.0})
        assert out["eyes"] < evaluate.SEEN and out["caruncles"] < evaluate.SEEN, name
    # A jaw that is shifted bites on a lip at most: what lies before the far side of the jaw is not over a lip.
    assert evaluate.piercing(built, watched, {"jawLeft": 1.0})["over the other lip"] < 12.0
    off = evaluate.gaps(replace(built, parts=built.parts | {"Head": lifted(built.parts["Head"])}), watched, 0, {})
    assert off.max() * 250 > 1.0, "lids in front of the eyeball gape"


def test_the_evaluation_is_registered() -> None:
    from clip_head.training.evaluate import MODELS

    assert Path(evaluate.__file__).match(MODELS["asset"][0].replace(".", "/") + ".py")
