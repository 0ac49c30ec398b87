"""The two cuts: exactly on their planes, by arc length on the curve."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.errors import MeshError
from clip_head.core.uv.alignment import polynomial_terms, spring_weight
from clip_head.core.uv.harmonic import Springs, along_curve, flipped, harmonic_map, unfold
from clip_head.core.uv.repair import clean, is_disc, keep_head, make_disc
from clip_head.core.uv.seam import OFFICIAL_NECK, NeckPlane, OpenHead, cut_neck, open_seam
from clip_head.core.uv.surface import (
    Surface,
    boundary_loops,
    euler_characteristic,
    face_areas,
    find_edges,
    separate_fans,
    split_by_plane,
)


@pytest.fixture(scope="module")
def closed(head) -> Surface:
    surface, _ = clean(Surface(head.vertices.astype(np.float64), head.faces.astype(np.int64)))
    return keep_head(surface)[0]


@pytest.fixture(scope="module")
def opened(closed) -> OpenHead:
    return open_seam(make_disc(cut_neck(closed, OFFICIAL_NECK))[0], OFFICIAL_NECK)


def test_splitting_by_a_plane_keeps_the_surface(closed) -> None:
    split, side = split_by_plane(closed, np.array([1.0, 0, 0]), 0.0)
    assert euler_characteristic(split.faces) == euler_characteristic(closed.faces)
    assert face_areas(split).sum() == pytest.approx(face_areas(closed).sum(), rel=2e-3)
    assert (split.points[side == 0, 0] == 0).all()
    assert (np.sign(split.points[:, 0]) == side).all()
    ends = side[find_edges(split.faces).ends]
    assert (ends[:, 0] * ends[:, 1] >= 0).all()


def test_splitting_leaves_no_slivers(closed) -> None:
    split, side = split_by_plane(closed, np.array([1.0, 0, 0]), 0.0)
    points = split.points[split.faces[(side[split.faces] == 0).any(axis=1)]]
    longest = np.linalg.norm(points - np.roll(points, 1, axis=1), axis=2).max(axis=1)
    normal = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    heights = np.linalg.norm(normal, axis=1) / longest
    assert np.quantile(heights / longest, 0.02) > 0.03


@pytest.mark.parametrize("plane", [OFFICIAL_NECK, NeckPlane(-0.3, -0.5)])
def test_the_neck_is_one_loop_exactly_on_its_plane(closed, plane) -> None:
    kept = cut_neck(closed, plane)
    (loop,) = boundary_loops(kept.faces)
    _, y, z = kept.points[loop].T
    np.testing.assert_allclose(y, plane.slope * z + plane.height, atol=1e-12)
    assert (kept.points[:, 1] >= plane.slope * kept.points[:, 2] + plane.height - 1e-12).all()


def test_the_seam_lies_exactly_on_the_bisecting_plane_down_the_back(opened) -> None:
    left, right = opened.surface.points[opened.seam_left], opened.surface.points[opened.seam_right]
    np.testing.assert_array_equal(left, right)
    assert (left[:, 0] == 0).all()
    assert left[0, 1] > 0.3  # from the crown
    assert left[-1, 1] == pytest.approx(OFFICIAL_NECK.slope * left[-1, 2] + OFFICIAL_NECK.height)  # to the neck
    assert left[len(left) // 2, 2] < -0.4  # by the back
    assert opened.seam_left[0] == opened.seam_right[0]


def test_the_open_head_is_a_disc_and_its_stretches_are_its_rim(opened) -> None:
    assert is_disc(opened.surface.faces)
    (rim,) = boundary_loops(opened.surface.faces)
    stretches = np.concatenate([opened.seam_left, opened.neck, opened.seam_right])
    assert set(rim) == set(stretches)
    assert len(rim) == len(stretches) - 3  # the crown and the neck's two corners belong to two stretches
    assert opened.surface.points[opened.neck[opened.front], 0] == 0
    assert opened.surface.points[opened.neck[opened.front], 2] > opened.surface.points[opened.neck, 2].max() - 0.01
    half = opened.surface.points[opened.neck[: opened.front]]
    assert (half[1:, 0] < 0).all()


def test_no_edge_joins_two_places_of_the_rim_through_the_inside(opened) -> None:
    edges = find_edges(opened.surface.faces)
    rim = np.zeros(len(opened.surface.values), bool)
    rim[edges.ends[edges.uses == 1]] = True
    assert not (rim[edges.ends].all(axis=1) & (edges.uses == 2)).any()


def test_touching_sheets_come_apart() -> None:
    # Two tetrahedra that share one vertex, and two that share one edge.
    tetrahedron = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]])
    for shared in (1, 2):
        second = tetrahedron + 4 - shared
        parted, source = separate_fans(Surface(np.zeros((8, 3)), np.vstack([tetrahedron, second])))
        assert len(parted.values) == 8
        assert (find_edges(parted.faces).uses == 2).all()
        assert sorted(source) == sorted(np.r_[np.arange(4), np.arange(4) + 4 - shared])


def test_along_curve_spaces_points_by_arc_length() -> None:
    curve = np.array([[0.0, 0], [1, 0], [1, 2]])
    points = along_curve(curve, np.array([1.0, 2, 3]))
    np.testing.assert_allclose(points, np.array([[0, 0], [0.5, 0], [1, 0.5], [1, 2]]))


def test_the_rim_is_laid_by_arc_length(unwrapped, layout) -> None:
    (rim,) = boundary_loops(unwrapped.faces.astype(np.int64))
    seam = rim[(unwrapped.vertices[rim, 0] == 0) & (unwrapped.uv[rim, 0] < 0.5)]
    seam = seam[np.argsort(-unwrapped.uv[seam, 1])]
    corner = layout.seam_left[-1]
    seam = seam[unwrapped.uv[seam, 1] >= corner[1] - 1e-6]
    steps = np.linalg.norm(np.diff(unwrapped.vertices[seam], axis=0), axis=1)
    images = np.linalg.norm(np.diff(unwrapped.uv[seam], axis=0), axis=1)
    assert len(seam) > 10
    np.testing.assert_allclose(images / steps, np.median(images / steps), rtol=0.02)


def _sheet(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    grid = np.arange(count * count).reshape(count, count)
    a, b, c, d = (g.ravel() for g in (grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]))
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    x, y = np.meshgrid(np.linspace(0, 1, count), np.linspace(0, 1, count))
    points = np.stack([x.ravel(), y.ravel(), 0 * x.ravel()], 1)
    rim = np.unique(np.concatenate([grid[0], grid[-1], grid[:, 0], grid[:, -1]]))
    return points, faces, rim


def test_mean_value_weights_reproduce_a_flat_sheet() -> None:
    points, faces, rim = _sheet(9)
    inner = np.setdiff1d(np.arange(81), rim)
    points[inner, :2] += np.random.default_rng(0).uniform(-0.03, 0.03, (len(inner), 2))
    np.testing.assert_allclose(harmonic_map(points, faces, rim, points[rim, :2]), points[:, :2], atol=1e-9)


def test_springs_draw_their_vertices_without_folding() -> None:
    points, faces, rim = _sheet(21)
    share = np.exp(-0.5 * (np.linalg.norm(points[:, :2] - 0.5, axis=1) / 0.15) ** 2)
    target = points[:, :2] + np.array([0.1, 0.0])
    uv = harmonic_map(points, faces, rim, points[rim, :2], Springs(target, share, 0.05))
    middle = 10 * 21 + 10
    assert 0.57 < uv[middle, 0] <= 0.6
    assert not flipped(uv, faces).any()


def test_a_fold_is_settled() -> None:
    points, faces, rim = _sheet(9)
    uv = points[:, :2].copy()
    uv[4 * 9 + 4] += 0.3
    assert flipped(uv, faces).any()
    settled = unfold(uv, faces, rim)
    assert not flipped(settled, faces).any()
    np.testing.assert_allclose(settled[rim], uv[rim], atol=1e-7)


def test_springs_hold_only_what_is_seen_from_the_front(unwrapped) -> None:
    surface = Surface(unwrapped.vertices.astype(np.float64), unwrapped.faces.astype(np.int64))
    share = spring_weight(surface, surface.points)
    assert 0.7 < share.max() <= 1
    assert (share[surface.points[:, 2] < -0.3] == 0).all()


def test_polynomials_are_odd_and_even_in_x() -> None:
    points = np.random.default_rng(1).normal(size=(10, 3))
    (odd, even), (odd_mirrored, even_mirrored) = polynomial_terms(points), polynomial_terms(points * [-1, 1, 1])
    np.testing.assert_allclose(odd, -odd_mirrored)
    np.testing.assert_allclose(even, even_mirrored)


def test_a_small_head_is_cut_as_high_as_its_size_asks(closed) -> None:
    plane = OFFICIAL_NECK
    assert plane.for_head(closed, None) == plane
    assert plane.for_head(closed, closed.points).height == pytest.approx(plane.height, abs=1e-9)
    eyes = np.array([0.0, 0.05, 0.15])
    child = Surface(eyes + 0.8 * (closed.points - eyes), closed.faces)
    whole, small = cut_neck(closed, plane), cut_neck(child, plane.for_head(child, closed.points))
    girths = [np.ptp(cut.points[boundary_loops(cut.faces)[0]], axis=0) for cut in (whole, small)]
    np.testing.assert_allclose(girths[1], 0.8 * girths[0], rtol=1e-2)


def test_a_short_neck_is_cut_where_the_templates_is(closed) -> None:
    plane = OFFICIAL_NECK
    below = closed.points @ plane.normal < plane.height + 0.1
    short = Surface(closed.points + np.where(below, 0.06, 0.0)[:, None] * [0, 1, 0], closed.faces)
    assert plane.for_head(short, closed.points).height == pytest.approx(plane.height + 0.06, abs=0.005)
    long = Surface(closed.points - np.where(below, 0.06, 0.0)[:, None] * [0, 1, 0], closed.faces)
    assert plane.for_head(long, closed.points) == plane, "what is longer is cut where all are"


def test_a_part_that_hangs_on_nothing_is_named() -> None:
    # Two triangles that share no vertex; only the first touches the rim.
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [6, 5, 5], [5, 6, 5], [5, 5, 6]], float)
    faces = np.array([[0, 1, 2], [3, 4, 5]])
    with pytest.raises(MeshError, match="cannot be laid out flat"):
        harmonic_map(points, faces, np.arange(3), points[:3, :2])
