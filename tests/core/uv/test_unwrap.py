"""unwrap(): every head becomes a disc without folds, and what is no head is refused in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clip_head.benchmarks.heads import grid_points, head_field, rough_head, surface_of
from clip_head.core.errors import MeshError
from clip_head.core.types import HeadMesh
from clip_head.core.uv import unwrap
from clip_head.core.uv.harmonic import flipped
from clip_head.core.uv.repair import is_disc
from clip_head.core.uv.surface import Surface, boundary_loops

STEP = 0.035


def _folds(mesh) -> int:
    return int(flipped(mesh.uv.astype(np.float64), mesh.faces.astype(np.int64)).sum())


def _sphere(centre, radius, count=24) -> tuple[np.ndarray, np.ndarray]:
    from scipy.spatial import ConvexHull

    k = np.arange(count) + 0.5
    polar, turn = np.arccos(1 - 2 * k / count), np.pi * (1 + 5**0.5) * k
    points = np.stack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)], 1)
    faces = ConvexHull(points).simplices
    a, b, c = (points[faces[:, i]] for i in range(3))
    inward = np.einsum("fk,fk->f", np.cross(b - a, c - a), a) < 0
    faces[inward] = faces[inward][:, ::-1]
    return points * radius + centre, faces


def _with(mesh: HeadMesh, vertices, faces) -> HeadMesh:
    joined = np.vstack([mesh.vertices, vertices]).astype(np.float32)
    return HeadMesh(joined, np.vstack([mesh.faces, faces + len(mesh.vertices)]).astype(np.int32), np.zeros_like(joined))


def _ring(points: np.ndarray, centre, radius: float, thickness: float) -> np.ndarray:
    """Field of a torus in a plane of constant x."""
    x, y, z = np.moveaxis(points - centre, -1, 0)
    return np.hypot(np.hypot(y, z) - radius, x) - thickness


def test_is_a_disc_without_folds(unwrapped) -> None:
    assert is_disc(unwrapped.faces.astype(np.int64))
    assert _folds(unwrapped) == 0
    assert unwrapped.repairs == ()
    assert unwrapped.uv.min() >= 0
    assert unwrapped.uv.max() <= 1


@pytest.mark.parametrize("seed", range(6))
def test_random_heads_do_not_fold(seed, layout) -> None:
    assert _folds(unwrap(rough_head(seed, STEP), layout)) == 0


def test_seam_twins_share_everything_but_their_uv(unwrapped) -> None:
    order = np.argsort(unwrapped.source, kind="stable")
    source = unwrapped.source[order]
    first = np.flatnonzero(source[1:] == source[:-1])
    left, right = order[first], order[first + 1]
    assert len(left) > 10
    np.testing.assert_array_equal(unwrapped.vertices[left], unwrapped.vertices[right])
    np.testing.assert_array_equal(unwrapped.expression_offsets[left], unwrapped.expression_offsets[right])
    np.testing.assert_array_equal(unwrapped.vertices[left, 0], 0)
    np.testing.assert_allclose(unwrapped.uv[left, 0], 1 - unwrapped.uv[right, 0], atol=1e-5)
    np.testing.assert_allclose(unwrapped.uv[left, 1], unwrapped.uv[right, 1], atol=1e-5)


def test_welding_the_twins_gives_a_surface_open_only_at_the_neck(unwrapped, layout) -> None:
    (loop,) = boundary_loops(unwrapped.source[unwrapped.faces].astype(np.int64))
    where = {int(s): v for s, v in zip(unwrapped.source, unwrapped.vertices, strict=True)}
    points = np.array([where[int(vertex)] for vertex in loop])
    np.testing.assert_allclose(points[:, 1], layout.neck.slope * points[:, 2] + layout.neck.height, atol=1e-5)


def test_offsets_and_template_points_follow_the_cuts(head, unwrapped) -> None:
    # The fixture's offsets and template points are linear in the position, so they must stay so at new vertices.
    x, y, _ = unwrapped.vertices.T
    np.testing.assert_allclose(unwrapped.expression_offsets, np.stack([y, 0 * y, x], 1), atol=2e-3)
    np.testing.assert_allclose(unwrapped.template_points, unwrapped.vertices, atol=2e-3)


def test_the_face_lies_in_its_place_and_the_right_way_round(unwrapped, layout) -> None:
    tip = np.argmax(unwrapped.vertices[:, 2])
    np.testing.assert_allclose(unwrapped.uv[tip], layout.place(unwrapped.vertices[[tip]])[0], atol=0.05)
    ears = np.abs(unwrapped.vertices[:, 0]) > 0.28
    assert (np.sign(unwrapped.uv[ears, 0] - 0.5) == np.sign(unwrapped.vertices[ears, 0])).all()
    brow, chin = (np.argmin(np.linalg.norm(unwrapped.vertices - p, axis=1)) for p in ([0, 0.2, 0.1], [0, -0.38, 0.17]))
    assert unwrapped.uv[brow, 1] > 0.55 > 0.4 > unwrapped.uv[chin, 1]


def test_a_head_that_is_already_cut_at_the_neck(head, layout) -> None:
    centre = head.vertices[head.faces].mean(axis=1)
    kept = head.faces[centre[:, 1] > -0.7 * centre[:, 2] - 0.5]
    mesh = unwrap(replace(head, faces=kept), layout)
    assert is_disc(mesh.faces.astype(np.int64))
    assert _folds(mesh) == 0
    assert mesh.repairs == ()


def test_the_same_head_twice_gives_the_same_bytes(head, unwrapped, layout) -> None:
    again = unwrap(head, layout)
    assert again.uv.tobytes() == unwrapped.uv.tobytes()
    assert again.faces.tobytes() == unwrapped.faces.tobytes()


def test_islands_are_dropped_and_said(head, layout) -> None:
    inside, outside = _sphere([0, 0.1, -0.2], 0.05), _sphere([0.45, 0.4, 0.2], 0.03)
    mesh = unwrap(_with(_with(head, *inside), *outside), layout)
    assert mesh.repairs == ("dropped 2 islands",)
    assert _folds(mesh) == 0


def test_holes_are_closed_and_said(head, layout) -> None:
    tip = head.vertices[np.argmax(head.vertices[:, 2])]
    near = np.linalg.norm(head.vertices[head.faces].mean(axis=1) - tip, axis=1) < 0.05
    assert near.any()
    mesh = unwrap(replace(head, faces=head.faces[~near]), layout)
    assert mesh.repairs == ("closed 1 hole",)
    assert is_disc(mesh.faces.astype(np.int64))
    assert _folds(mesh) == 0


def test_handles_are_closed_and_said(layout) -> None:
    # Two strands that leave the head at the side and come back to it.
    points = grid_points(0.025)
    field = head_field(points, 1, hair=False)
    for side in (-1, 1):
        strand = np.array([side * 0.3, -0.25, -0.25])
        ring = _ring(points[..., [2, 1, 0]], strand[[2, 1, 0]], 0.16, 0.045)
        field = np.minimum(field, ring)
    mesh = unwrap(surface_of(field, 0.025), layout)
    assert "closed 2 handles" in mesh.repairs
    assert is_disc(mesh.faces.astype(np.int64))
    assert _folds(mesh) == 0


def test_a_surface_that_touches_itself_and_repeats_faces(head, layout) -> None:
    doubled = np.vstack([head.faces, head.faces[:5]])
    mesh = unwrap(replace(head, faces=doubled), layout)
    assert mesh.repairs == ("dropped 5 collapsed or repeated triangles",)


def test_unwelded_triangles_are_joined(head, layout) -> None:
    corners = head.faces.ravel()
    soup = HeadMesh(
        head.vertices[corners],
        np.arange(len(corners), dtype=np.int32).reshape(-1, 3),
        head.expression_offsets[corners],
        None if head.template_points is None else head.template_points[corners],
    )
    assert _folds(unwrap(soup, layout)) == 0


def test_an_inside_out_head_is_turned(head, layout) -> None:
    mesh = unwrap(replace(head, faces=head.faces[:, ::-1]), layout)
    assert mesh.repairs == ("turned the surface outside out",)
    assert _folds(mesh) == 0


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda m: replace(m, vertices=np.where(np.arange(len(m.vertices))[:, None] == 7, np.nan, m.vertices)),
            "1 vert",
        ),
        (lambda m: replace(m, faces=np.zeros((0, 3), np.int32)), "empty"),
        (lambda m: replace(m, vertices=m.vertices * 250), "not where a head should be"),
        (lambda m: replace(m, vertices=m.vertices + np.array([0, 3, 0], np.float32)), "not where a head should be"),
        (lambda m: replace(m, vertices=m.vertices + np.array([0, 0.5, 0.2], np.float32)), "no neck opening"),
        (lambda m: replace(m, faces=m.faces + 1), "beyond"),
    ],
    ids=["nan", "empty", "millimetres", "elsewhere", "no neck", "indices"],
)
def test_what_is_no_head_is_refused_in_words(spoil, words, layout) -> None:
    short = surface_of(np.maximum(head_field(grid_points(0.05), 2, False), -0.5 - grid_points(0.05)[..., 1]), 0.05)
    with pytest.raises(MeshError, match=words) as refused:
        unwrap(spoil(short), layout)
    assert refused.value.remedy.endswith(".")


def test_two_separate_spheres_are_refused(layout) -> None:
    vertices, faces = _sphere([0, 0.1, -0.28], 0.4, 300)
    empty = HeadMesh(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32), np.zeros((0, 3), np.float32))
    aside = np.array([0.42, 0, 0])
    left, right = vertices - aside, vertices + aside
    with pytest.raises(MeshError, match="2 pieces"):
        unwrap(_with(_with(empty, left, faces), right, faces), layout)


def test_a_disc_is_told_from_other_surfaces() -> None:
    grid = np.arange(25).reshape(5, 5)
    a, b, c, d = (g.ravel() for g in (grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]))
    sheet = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    assert is_disc(sheet)
    assert not is_disc(np.delete(sheet, [5, 21], axis=0))
    assert not is_disc(_sphere([0, 0, 0], 1)[1].astype(np.int64))
    assert len(boundary_loops(Surface(np.zeros((25, 3)), sheet).faces)) == 1


def test_a_bubble_behind_a_bore_keeps_its_place(layout) -> None:
    # A hollow skull, open to the outside by a narrow bore behind the right ear: plain weights shrink it to a dot.
    points = grid_points(STEP)
    hollow = np.linalg.norm(points - [0, 0.13, -0.27], axis=-1) - 0.22
    bore = np.maximum(np.hypot(points[..., 1] - 0.13, points[..., 2] + 0.4) - 0.04, points[..., 0])
    mesh = unwrap(surface_of(np.maximum(head_field(points, 4, False), -np.minimum(hollow, bore)), STEP), layout)
    assert mesh.repairs == ()
    assert _folds(mesh) == 0


def test_a_bubble_behind_a_pinhole_is_cut_off_and_said(head, layout) -> None:
    # An inner sphere, turned inside out, joined to the skin by a tube a hundred-thousandth of a triangle wide.
    sphere, sphere_faces = _sphere([0, 0.1, -0.27], 0.15, 200)
    both = _with(head, sphere, sphere_faces[:, ::-1])
    side = np.argmin(np.linalg.norm(both.vertices[head.faces].mean(axis=1) - [-0.3, 0.1, -0.3], axis=1))
    skin, inner = both.faces[side], both.faces[len(head.faces)]
    rims = []
    vertices = both.vertices.astype(np.float64)
    gone = np.array([int(side), len(head.faces)])
    faces = [np.delete(both.faces, gone, axis=0)]
    for corners in (skin, inner):
        centre = vertices[corners].mean(axis=0)
        rims.append(len(vertices) + np.arange(3))
        vertices = np.vstack([vertices, centre + 1e-5 * (vertices[corners] - centre)])
        faces.append(_tube(corners, rims[-1]))
    faces.append(_tube(rims[0], rims[1][::-1]))
    offsets = np.zeros(vertices.shape, np.float32)
    mesh = unwrap(HeadMesh(vertices.astype(np.float32), np.vstack(faces).astype(np.int32), offsets), layout)
    (said,) = mesh.repairs
    assert said.startswith("cut off") and said.endswith("hanging by a thread")
    assert _folds(mesh) == 0
    assert (np.linalg.norm(mesh.vertices - [0, 0.1, -0.27], axis=1) < 0.2).sum() < 10


def _tube(outer, inner) -> np.ndarray:
    after, inner_after = np.roll(outer, -1), np.roll(inner, -1)
    return np.concatenate([np.stack([outer, after, inner_after], 1), np.stack([outer, inner_after, inner], 1)])
