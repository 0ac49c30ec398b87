"""The whole way to an asset with the embedded models, small."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clip_head.core.pipeline import Models, generate_head, texture_head
from clip_head.core.types import STAGES, Asset, Canvas, Edit, Head, HeadRequest, UnwrappedMesh

pytestmark = pytest.mark.slow(minutes=2)

REQUEST = HeadRequest("an old man with a full beard, laughing", seed=5, texture_size=64)


@pytest.fixture(scope="module")
def told() -> list[tuple[str, float]]:
    return []


@pytest.fixture(scope="module")
def head(models: Models, told: list[tuple[str, float]]) -> Head:
    return generate_head(REQUEST, models, lambda stage, fraction: told.append((stage, fraction)))


def asset_of(head: Head) -> Asset:
    assert head.asset is not None
    return head.asset


def test_the_asset_is_what_is_made_where_nothing_is_said(head: Head, told: list[tuple[str, float]]) -> None:
    names = [part.name for part in asset_of(head).parts]
    assert names[0] == "Head"
    assert {"Eye Left", "Eye Right", "Upper Teeth", "Lower Teeth", "Tongue", "Lashes", "Tear Line", "Beard"} <= {*names}
    assert [card.kind for card in head.models] == [
        "spelling",
        "splitter",
        "text",
        "mapping",
        "hair",
        "nphm",
        "asset",
        "grooms",
        "texture",
    ]
    assert list(dict.fromkeys(stage for stage, _ in told)) == list(STAGES[1:])


def test_every_head_has_the_same_vertices_in_the_same_uv(head: Head, models: Models) -> None:
    other = generate_head(replace(REQUEST, prompt="a girl with a small nose"), models)
    ours, theirs = asset_of(head).parts[0], asset_of(other).parts[0]
    for one, two in zip(ours.levels, theirs.levels, strict=True):
        np.testing.assert_array_equal(one.quads, two.quads)
        np.testing.assert_array_equal(one.uv, two.uv)
    np.testing.assert_array_equal(head.mesh.uv, other.mesh.uv)
    assert np.abs(ours.vertices - theirs.vertices).max() > 0.02


def test_same_request_same_bytes(head: Head, models: Models) -> None:
    again = generate_head(REQUEST, models)
    np.testing.assert_array_equal(again.textures.albedo, head.textures.albedo)
    for one, two in zip(asset_of(again).parts, asset_of(head).parts, strict=True):
        np.testing.assert_array_equal(one.vertices, two.vertices)
        for name, key in one.keys.items():
            np.testing.assert_array_equal(key, two.keys[name])
    for name, image in again.part_images.items():
        np.testing.assert_array_equal(image, head.part_images[name])


def test_the_words_of_the_expression_are_values_of_the_keys(head: Head, models: Models) -> None:
    weights = asset_of(head).weights
    assert len(weights) == 52
    assert weights["mouthSmileLeft"] > 0.4, "who laughs smiles"
    calm = generate_head(replace(REQUEST, expression="neutral"), models)
    assert max(asset_of(calm).weights.values()) < 0.3
    np.testing.assert_array_equal(asset_of(calm).parts[0].vertices, asset_of(head).parts[0].vertices)


def test_the_eyes_picture_has_the_iris_of_the_words(models: Models) -> None:
    head = generate_head(HeadRequest("a young woman with blue eyes", seed=1, texture_size=64), models)
    eye = head.part_images["Eye"].astype(int)
    middle = len(eye) // 2
    around = eye[middle - 60 : middle + 60, middle - 60 : middle + 60].reshape(-1, 3)
    assert np.median(around[:, 2] - around[:, 0]) > 20, "blue"
    assert (around.max(axis=1) < 40).mean() > 0.02, "with a pupil"


def test_a_new_skin_goes_onto_the_asset_that_is_there(head: Head, models: Models) -> None:
    """As Blender gives it back: a vertex for each UV, with the points of the template that it keeps."""
    mesh = head.mesh
    canvas_mesh = UnwrappedMesh(
        mesh.vertices, mesh.faces, np.zeros_like(mesh.vertices), mesh.uv, mesh.source, mesh.template_points
    )
    canvas = Canvas(canvas_mesh, head.latents, Edit(head.textures.albedo))
    painted = texture_head(replace(REQUEST, prompt="a zombie with green hair"), canvas, models)
    assert painted.asset is None
    assert {"Eye", "Hair", "Beard"} <= set(painted.part_images)
    assert "Teeth" not in painted.part_images, "their words were another prompt's"
    hair = painted.part_images["Hair"].astype(float).mean(axis=(0, 1))
    assert hair[1] > hair[0] + 10
    assert hair[1] > hair[2] + 10
