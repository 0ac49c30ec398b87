"""Cornrows run over the scalp from the forehead to the nape, side by side, and hair is braided into the nearest."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.spatial import cKDTree

from clip_head.core.hair.library import POINTS
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import MILLIMETRES_PER_UNIT

pytest.importorskip("anny")
from clip_head.training.grooms.fields import Distance, skin_distance
from clip_head.training.grooms.rows import FRONT, NAPE, UP, Row, Rows, all_rows, angles, beside_rows, cornrows, turns
from clip_head.training.grooms.scalp import Roots

pytestmark = pytest.mark.slow(minutes=0.2)

ROWS = Rows(count=9)


@pytest.fixture(scope="module")
def skin() -> Distance:
    network = load_nphm(EMBEDDED / "nphm").network
    assert isinstance(network, EmbeddedNPHM)
    return skin_distance(network)


@pytest.fixture(scope="module")
def rows(skin: Distance) -> list[Row]:
    return all_rows(ROWS, skin)


def test_rows_go_from_the_forehead_back_on_the_skin(rows: list[Row], skin: Distance) -> None:
    assert len(rows) == ROWS.count
    for row in rows:
        assert row.line[0, 2] > -0.12 and row.line[row.end, 2] < row.line[0, 2] - 0.04
        height = skin.at(row.line[: row.end])
        assert (height > 0).all() and height.max() < 2 * ROWS.radius
    middle = rows[ROWS.count // 2]
    assert np.abs(middle.line[: middle.end, 0]).max() < 0.01
    assert middle.line[0, 1] > 0.25 and middle.line[middle.end, 1] < -0.1


def test_rows_are_mirrored_and_their_braids_leave_skin_between(rows: list[Row]) -> None:
    for left, right in zip(rows, rows[::-1], strict=True):
        assert cKDTree(left.line * np.array([-1, 1, 1])).query(right.line)[0].max() < 0.02
    for one, other in pairwise(rows):
        distance, near = cKDTree(other.line[: other.end]).query(one.line[: one.end])
        assert (one.radius[: one.end] + other.radius[near] < 1.05 * distance).all()


def test_braids_hang_on_from_the_nape_alone(rows: list[Row], skin: Distance) -> None:
    hanging = [row for row in rows if len(row.line) > row.end + 5]
    assert 3 <= len(hanging) < len(rows)
    for row in hanging:
        assert row.line[row.end, 1] < NAPE + 0.03
        assert row.line[-1, 1] < row.line[row.end, 1] - 0.7 * ROWS.hang
        assert skin.at(row.line).min() > 0


def test_the_scalp_is_bare_between_rows() -> None:
    step = turns(ROWS)[1] - turns(ROWS)[0]
    at = np.array([0.0, 0.5, 1.0, 0.1]) * step
    points = np.stack([0.5 * np.sin(at), 0 * at, 0 * at], axis=1)
    upwards = 0.5 * np.cos(at)
    points = points + FRONT + upwards[:, None] * UP
    np.testing.assert_allclose(angles(points), at, atol=1e-5)
    np.testing.assert_allclose(beside_rows(ROWS, points, 0.35), [1, 0, 1, 1], atol=1e-4)
    # And far beside the outermost.
    aside = np.array([[1.0, 0, 0]]) + FRONT
    assert beside_rows(ROWS, aside, 0.35)[0] == 0


def test_hair_is_braided_into_the_nearest_row(rows: list[Row], skin: Distance) -> None:
    row = rows[4]
    at = np.arange(4, row.end - 4, 3)
    points = (row.line[at] + 0.3 * row.radius[at, None] * row.side[at]).astype(np.float32)
    points -= skin.at(points)[:, None] * skin.gradient(points)
    none = np.zeros((len(at), 3))
    roots = Roots(none.astype(np.int32), none.astype(np.float32), points, skin.gradient(points))
    guides = cornrows(ROWS, roots, skin, POINTS, np.random.default_rng(0))
    np.testing.assert_allclose(guides[:, 0], points, atol=1e-6)
    distance, near = cKDTree(row.line).query(guides[:, POINTS // 2 :].reshape(-1, 3))
    assert (distance < 1.3 * row.radius[near]).all()
    # It is seen on a piece of the braid; the last goes on to its end.
    length = np.linalg.norm(np.diff(guides, axis=1), axis=2).sum(axis=1) * MILLIMETRES_PER_UNIT
    assert np.median(length) < 90
    assert np.linalg.norm(guides[-1, -1] - row.line[-1]) < 0.05
    # Three strands swing from side to side.
    flat = guides.reshape(-1, 3)
    near = cKDTree(row.line).query(flat)[1]
    sideways = ((flat - row.line[near]) * row.side[near]).sum(axis=1)
    assert sideways.min() < -0.3 * ROWS.radius and sideways.max() > 0.3 * ROWS.radius
