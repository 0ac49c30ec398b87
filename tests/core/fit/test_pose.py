"""Where a head stands, found again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial.transform import Rotation

from clip_head.core.fit.pose import STILL, Similarity, find_pose, similarity
from clip_head.core.fit.target import Target
from clip_head.core.fit.template import FitTemplate
from clip_head.core.normals import area_weighted_normals
from clip_head.core.types import Floats, HeadMesh

MOVED = Similarity(
    1.7,
    Rotation.from_euler("yx", [100, 4], degrees=True).as_matrix().astype(np.float32),
    np.array([0.3, 2, -1], np.float32),
)


def test_one_after_another_and_back_again() -> None:
    points = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    once = MOVED.applied(points)
    np.testing.assert_allclose(MOVED.inverse.applied(once), points, atol=1e-5)
    np.testing.assert_allclose(MOVED.after(MOVED).applied(points), MOVED.applied(once), atol=1e-4)
    np.testing.assert_allclose(MOVED.after(STILL).applied(points), once, atol=1e-6)


def test_the_best_similarity_of_points_that_were_moved_is_how_they_were_moved() -> None:
    points = np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32)
    found = similarity(points, MOVED.applied(points), keep_size=False)
    np.testing.assert_allclose(found.applied(points), MOVED.applied(points), atol=1e-4)
    assert similarity(points, MOVED.applied(points), keep_size=True).scale == 1.0


def test_a_head_of_any_size_at_any_place_is_brought_onto_the_template(
    surface: Callable[[str], tuple[HeadMesh, Floats]], fit_template: FitTemplate
) -> None:
    mesh, truth = surface("")
    bare = np.flatnonzero(fit_template.bare)[::6]
    normals = area_weighted_normals(fit_template.vertices, fit_template.faces)
    face = fit_template.vertices[bare], normals[bare]
    pose = find_pose(Target(MOVED.applied(mesh.vertices), mesh.faces), *face, keep_size=False)
    placed = pose.applied(MOVED.applied(truth))
    millimetres = 250 * np.linalg.norm(placed[bare] - face[0], axis=1)
    assert millimetres.mean() < 8, "as far as people differ"
    assert 0.8 < pose.scale * MOVED.scale < 1.25
