"""Smooth displacements of the template."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from clip_head.core.fit.target import Target
from clip_head.core.fit.template import FitTemplate
from clip_head.core.fit.warp import Warp, fit_warp
from clip_head.core.normals import area_weighted_normals
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import Floats, HeadMesh


def bump(points: Floats) -> Floats:
    """A cheek that is 5 mm higher, and turned inwards."""
    squared = ((points - np.array([0.2, -0.1, 0.2], np.float32)) ** 2).sum(axis=1)
    return np.asarray(np.exp(-squared / 0.1**2)[:, None] * [0.012, 0.004, 0.016], np.float32)


def test_on_vertices_it_is_theirs_and_beside_them_about_so(fit_template: FitTemplate) -> None:
    warp = Warp(fit_template.vertices, bump(fit_template.vertices))
    np.testing.assert_allclose(warp.at(fit_template.vertices), warp.offsets, atol=1e-6)
    beside = fit_template.vertices[fit_template.bare][::50] * 0.97
    assert np.abs(warp.at(beside) - bump(beside)).max() < 0.004


def test_a_head_with_a_warp_is_moved_by_both(fit_template: FitTemplate) -> None:
    network = fit_template.network
    assert isinstance(network, EmbeddedNPHM)
    warp = Warp(fit_template.vertices, bump(fit_template.vertices))
    code = torch.zeros(network.id_size)
    points = torch.from_numpy(fit_template.vertices[::100])
    with torch.inference_mode():
        without, with_it = network.at(code).place_template(points), network.at(code, warp).place_template(points)
    np.testing.assert_allclose((with_it - without).numpy(), warp.offsets[::100], atol=1e-6)


def test_a_surface_beyond_the_model_is_reached_without_folds(
    surface: Callable[[str], tuple[HeadMesh, Floats]], fit_template: FitTemplate
) -> None:
    mesh, truth = surface("")
    target = Target(mesh.vertices + bump(mesh.vertices), mesh.faces)
    warp = fit_warp(fit_template, truth, target, hairy=False)
    away = np.linalg.norm(warp.offsets - bump(truth), axis=1) * 250
    placed = truth + warp.offsets
    places, _ = target.closest(placed, area_weighted_normals(placed, fit_template.faces))
    assert 250 * np.linalg.norm(places - placed, axis=1)[fit_template.exposed].mean() < 0.1, "it lies on the surface"
    assert away[fit_template.exposed].mean() < 0.8, "and about where it should there"
    assert np.abs(bump(truth)).max() * 250 > 3
    masks = fit_template.network.region_masks
    inner = masks["mouth"] | masks["left_eye"] | masks["right_eye"]
    assert away[inner].mean() < 0.8, "inside parts go with what is around them"
    within, around = warp.offsets[inner], warp.offsets[~inner]
    assert (within > around.min(axis=0)).all() and (within < around.max(axis=0)).all(), "and no farther"


def test_what_lies_far_off_does_not_draw_hairy_heads(
    surface: Callable[[str], tuple[HeadMesh, Floats]], fit_template: FitTemplate
) -> None:
    mesh, truth = surface("long01")
    scalp = fit_template.network.region_masks["scalp"]
    warp = fit_warp(fit_template, truth, Target(mesh.vertices, mesh.faces), hairy=True)
    assert 250 * np.linalg.norm(warp.offsets[scalp], axis=1).mean() < 3.0
    assert 250 * np.linalg.norm(warp.offsets[fit_template.bare], axis=1).mean() < 1.0
