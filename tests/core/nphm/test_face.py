"""Expressions of the embedded model's heads: lids and lips that meet on people of all kinds."""

import numpy as np
import pytest
import torch

from clip_head.core.pipeline import Models, read_words
from clip_head.core.types import MILLIMETRES_PER_UNIT, HeadRequest
from clip_head.core.uv.raster import rasterise

PEOPLE = ("a 6 year old boy", "a young asian woman with narrow eyes")
PIXEL = 0.1  # millimetres


@pytest.fixture(scope="module")
def network(models: Models):
    return models.nphm.network


@pytest.fixture(scope="module", params=PEOPLE)
def canonical(request, models, network):
    z_id = torch.from_numpy(read_words(HeadRequest(request.param, seed=1), models).z_id)
    template = network.sheet_vertices
    with torch.inference_mode():
        return template + network.members(z_id).displacement(template)


def posed(network, canonical, **weights):
    z_exp = torch.zeros(network.exp_size)
    for action, weight in weights.items():
        z_exp[network.config.actions.index(action)] = weight
    return (canonical + network.sheet_offsets(canonical, z_exp)).numpy()


def seen(network, vertices, region):
    """(H, W) where a picture from the front shows a region."""
    mask = network.region_masks[region]
    low, high = vertices[mask].min(axis=0), vertices[mask].max(axis=0)
    scale = MILLIMETRES_PER_UNIT / PIXEL
    width, height = np.ceil((high - low)[:2] * scale).astype(int) + 1
    pixels = np.stack([vertices[:, 0] - low[0], high[1] - vertices[:, 1]], axis=1) * scale
    faces = network.sheet_faces.numpy()
    face = rasterise(pixels, -vertices[:, 2], faces, int(height), int(width))[0]
    return (face >= 0) & mask[faces].all(axis=1)[face]


def test_a_blink_shuts_this_eye_half_way_by_half_and_moves_nothing_else(network, canonical):
    rest, half, shut = (posed(network, canonical, eyeBlinkLeft=w, eyeBlinkRight=w) for w in (0.0, 0.5, 1.0))
    still = np.ones(len(rest), bool)
    for eye in ("left_eye", "right_eye"):
        assert seen(network, half, eye).sum() / seen(network, rest, eye).sum() == pytest.approx(0.5, abs=0.09)
        assert seen(network, shut, eye).sum(axis=0).max() * PIXEL < 0.3
        still[network.face.lids[eye].grid.vertices] = False
    assert np.abs(shut - rest)[still].max() == 0.0
    brows = network.region_masks["brows"]
    assert np.abs(shut - rest)[brows].max() * MILLIMETRES_PER_UNIT < 0.05


def test_a_wink_leaves_the_other_eye_open(network, canonical):
    wink, rest = posed(network, canonical, eyeBlinkLeft=1.0), posed(network, canonical)
    assert seen(network, wink, "left_eye").sum() < 0.02 * seen(network, rest, "left_eye").sum()
    assert (seen(network, wink, "right_eye") == seen(network, rest, "right_eye")).all()


def test_squinting_leaves_about_the_same_part_of_every_eye(network, canonical):
    rest = posed(network, canonical)
    squint = posed(network, canonical, eyeSquintLeft=1.0, eyeSquintRight=1.0)
    left = seen(network, squint, "left_eye").sum() / seen(network, rest, "left_eye").sum()
    assert 0.3 < left < 0.85


def test_an_expression_that_presses_the_lips_keeps_them_together(network, canonical):
    pressed = posed(network, canonical, mouthPressLeft=0.5, mouthPressRight=0.5)
    assert seen(network, pressed, "mouth").sum(axis=0).max() * PIXEL < 0.6


def test_a_mouth_opens_as_wide_as_the_jaw_lets_it(network, canonical):
    lower = network.region_masks["lower_lip"]
    opened = posed(network, canonical, jawOpen=0.75) - posed(network, canonical)
    asked = network.action_offsets(torch.eye(network.exp_size)[network.config.actions.index("jawOpen")]).numpy()
    assert opened[lower, 1].mean() < 0.75 * 0.6 * asked[lower, 1].mean()


def test_a_smile_has_the_size_of_the_face(network, canonical):
    template = network.sheet_vertices
    width = {}
    for name, head in (("template", template), ("head", canonical)):
        rest = posed(network, head)
        smile = posed(network, head, mouthSmileLeft=1.0, mouthSmileRight=1.0)
        lips = network.region_masks["lower_lip"]
        width[name] = np.ptp(smile[lips, 0]) / np.ptp(rest[lips, 0])
    assert width["head"] == pytest.approx(width["template"], abs=0.12)
