"""Codes from surfaces alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from clip_head.core.fit.identity import displacement_basis, fit_identity
from clip_head.core.fit.pose import STILL
from clip_head.core.fit.target import Target
from clip_head.core.fit.template import FitTemplate
from clip_head.core.types import Floats, HeadMesh

Surfaces = Callable[[str], tuple[HeadMesh, Floats]]


def error_mm(template: FitTemplate, mesh: HeadMesh, truth: Floats) -> tuple[Floats, bool]:
    """How far each vertex (V,) of the fitted head is from its true place, mm, and whether it seems to have hair."""
    fit = fit_identity(template, Target(mesh.vertices, mesh.faces), [STILL], keep_size=True)
    assert fit.code.shape == (template.network.id_size,)
    assert not fit.code[template.axes.shape[1] :].any(), "no hair, no beard"
    return 250 * np.linalg.norm(template.placed(fit.code) - fit.pose.applied(truth), axis=1), fit.hairy


def test_the_basis_times_the_code_is_the_displacement(fit_template: FitTemplate) -> None:
    network = fit_template.network
    code = np.random.default_rng(3).normal(size=network.id_size).astype(np.float32)
    points = fit_template.vertices[::300]
    basis = displacement_basis(network, points)
    found = np.tensordot(np.concatenate([[1.0], code[: len(basis) - 1]]), basis, axes=1)
    with torch.inference_mode():
        expected = network.members(torch.from_numpy(code)).displacement(torch.from_numpy(points)).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_bald_head_is_found_point_by_point(surface: Surfaces, fit_template: FitTemplate) -> None:
    error, hairy = error_mm(fit_template, *surface(""))
    masks = fit_template.network.region_masks
    assert not hairy
    assert error[fit_template.bare].mean() < 1.0
    assert error[masks["ears"]].mean() < 1.5
    start = 250 * np.linalg.norm(fit_template.vertices - surface("")[1], axis=1)
    assert start[fit_template.bare].mean() > 3.0, "far from the mean head"


def test_the_skull_under_hair_is_not_the_hair(surface: Surfaces, fit_template: FitTemplate) -> None:
    error, hairy = error_mm(fit_template, *surface("long01"))
    assert hairy
    assert error[fit_template.bare].mean() < 2.0
    assert error[fit_template.network.region_masks["scalp"]].mean() < 15.0, "hair is farther out"
