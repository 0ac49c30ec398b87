"""Surfaces that the head model did not make, as heads of it and what is left."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from clip_head.core.asset.lashes import lid_rims
from clip_head.core.errors import MeshError
from clip_head.core.fit.head import fit_head
from clip_head.core.fit.target import Target
from clip_head.core.fit.template import FitTemplate
from clip_head.core.normals import area_weighted_normals
from clip_head.core.nphm import NPHM, decode_head, extract_head, place_template
from clip_head.core.nphm.official import EXP_SIZE, ID_SIZE, OfficialNPHM
from clip_head.core.types import Floats, HeadMesh, Latents, ModelCard


def long_nose(points: Floats) -> Floats:
    """A nose that is 8 mm longer and hangs, and a head that leans to a side: no head of the model is like that."""
    squared = ((points - np.array([0, -0.08, 0.5], np.float32)) ** 2).sum(axis=1)
    longer = np.exp(-squared / 0.1**2)[:, None] * [0.0, -0.012, 0.032]
    return np.asarray(
        longer + np.column_stack([0.015 * np.sin(4 * points[:, 1]), *np.zeros((2, len(points)))]), np.float32
    )


def test_a_distorted_head_is_met_within_tenths_of_a_millimetre(
    surface: Callable[[str], tuple[HeadMesh, Floats]], fit_template: FitTemplate
) -> None:
    mesh, truth = surface("")
    vertices, truth = mesh.vertices + long_nose(mesh.vertices), truth + long_nose(truth)
    fit = fit_head(fit_template, HeadMesh(vertices, mesh.faces, np.zeros_like(vertices)))
    network = fit_template.network
    placed = place_template(fit.decoded(network), fit_template.vertices)
    assert placed is not None
    placed = fit.pose.inverse.applied(placed)
    masks = network.region_masks
    face = masks["face"] & fit_template.exposed
    places, _ = Target(vertices, mesh.faces).closest(placed, area_weighted_normals(placed, fit_template.faces))
    away = 250 * np.linalg.norm(places - placed, axis=1)[face]
    assert away.mean() < 0.4
    assert np.percentile(away, 95) < 1.2
    assert fit.distance_mm < 0.2
    error = 250 * np.linalg.norm(placed - truth, axis=1)
    rims = lid_rims(fit_template.vertices, fit_template.faces, masks["left_eye"])
    assert error[np.concatenate([ids.ravel() for ids in rims])].mean() < 1.5
    assert not fit.latents.z_exp.any(), "the surface has no expression"


def test_the_expression_of_a_surface_becomes_strengths_of_actions(
    surface: Callable[[str], tuple[HeadMesh, Floats]], fit_template: FitTemplate
) -> None:
    mesh, _ = surface("")
    network = fit_template.network
    z_exp = torch.tensor([0.6 * (name == "jawOpen") for name in network.actions])
    with torch.inference_mode():
        offsets = (network.closing + network.action_offsets(z_exp)).numpy()
    assert mesh.template_points is not None
    moved = network.sheet.interpolate(offsets, mesh.template_points)
    fit = fit_head(fit_template, HeadMesh(mesh.vertices, mesh.faces, moved))
    assert abs(fit.latents.z_exp[network.actions.index("jawOpen")] - 0.6) < 0.15


def test_what_is_no_head_is_refused_in_words(fit_template: FitTemplate) -> None:
    torus = np.stack(np.meshgrid(np.linspace(0, 2 * np.pi, 60), np.linspace(0, 2 * np.pi, 60), indexing="ij"), -1)
    torus = torus.reshape(-1, 2)
    out = 0.3 + 0.1 * np.cos(torus[:, 1])
    points = np.column_stack([out * np.cos(torus[:, 0]), out * np.sin(torus[:, 0]), 0.1 * np.sin(torus[:, 1])])
    first = (np.arange(59)[:, None] * 60 + np.arange(59)).ravel()
    faces = np.concatenate(
        [np.column_stack([first, first + 60, first + 61]), np.column_stack([first, first + 61, first + 1])]
    )
    mesh = HeadMesh(points.astype(np.float32), faces.astype(np.int32), np.zeros((len(points), 3), np.float32))
    with pytest.raises(MeshError, match="mm") as refused:
        fit_head(fit_template, mesh)
    assert "--surface raw" in refused.value.remedy


def test_an_official_model_that_makes_no_head_is_refused_in_words(fit_template: FitTemplate) -> None:
    """Its true architecture, with random numbers."""
    torch.manual_seed(0)
    network = OfficialNPHM(torch.rand(39, 3) - 0.5).eval().requires_grad_(False)
    for tensor in network.state_dict().values():
        tensor.copy_(torch.randn(tensor.shape) * (1.0 / tensor.shape[-1]) ** 0.5)
    latents = Latents(np.ones(ID_SIZE, np.float32), np.zeros(EXP_SIZE, np.float32))
    head = decode_head(NPHM(ModelCard("nphm", "official", "", ""), network), latents)
    with pytest.raises(MeshError):
        fit_head(fit_template, extract_head(head, 24))
