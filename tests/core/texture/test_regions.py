"""Regions of a head of the embedded NPHM lie where the face has them."""

import numpy as np
import pytest
import torch

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.official import OfficialNPHM
from clip_head.core.texture.regions import Regions, region_weights
from clip_head.core.types import Head, UnwrappedMesh


@pytest.fixture(scope="module")
def template() -> tuple[EmbeddedNPHM, UnwrappedMesh, Regions]:
    network = load_nphm(EMBEDDED / "nphm").network
    assert isinstance(network, EmbeddedNPHM)
    points, faces = network.sheet_vertices.numpy(), network.sheet_faces.numpy()
    mesh = UnwrappedMesh(
        points, faces.astype(np.int32), np.zeros_like(points), points[:, :2], np.arange(len(points), dtype=np.int32)
    )
    return network, mesh, region_weights(network, points, mesh)


def test_features_lie_in_their_order(template: tuple[EmbeddedNPHM, UnwrappedMesh, Regions]) -> None:
    _, mesh, regions = template
    middle = {
        name: np.average(mesh.vertices, axis=0, weights=getattr(regions, name))
        for name in ("brows", "eyes", "nostrils", "lips")
    }
    heights = [middle[name][1] for name in ("brows", "eyes", "nostrils", "lips")]
    assert heights == sorted(heights, reverse=True)
    assert np.abs(np.stack(list(middle.values()))[:, 0]).max() < 0.01, "left as right"
    ears = regions.ears > 0.5
    assert np.abs(mesh.vertices[ears, 0]).min() > 0.15


def test_weights_are_of_0_to_1_and_lips_fade(template: tuple[EmbeddedNPHM, UnwrappedMesh, Regions]) -> None:
    _, _, regions = template
    weights = regions.stacked()
    assert weights.min() >= 0 and weights.max() <= 1
    assert ((regions.lips > 0.05) & (regions.lips < 0.95)).sum() > 100
    np.testing.assert_array_equal(Regions.unstacked(weights).lips, regions.lips)


def test_a_mesh_without_template_points_is_all_skin(
    template: tuple[EmbeddedNPHM, UnwrappedMesh, Regions], small_head: Head
) -> None:
    network, mesh, _ = template
    official = OfficialNPHM(torch.zeros(39, 3))
    for weights in (region_weights(network, None, small_head.mesh), region_weights(official, mesh.vertices, mesh)):
        assert weights.stacked().max() == 0
