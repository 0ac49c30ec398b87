"""The facts of the template are where the embedded head model has these places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.texture.template import FILE, TemplateFacts, load_template


def test_crown_eyeball_and_scalp_lie_on_the_template(template: TemplateFacts) -> None:
    network = load_nphm(EMBEDDED / "nphm").network
    sheet, masks = network.sheet, network.region_masks
    assert sheet is not None
    assert masks is not None
    millimetre = 1 / 250
    assert np.linalg.norm(sheet.vertices - template.crown, axis=1).min() < 2 * millimetre
    assert sheet.vertices[:, 1].max() - template.crown[1] < 2 * millimetre
    ball = sheet.vertices[masks["left_eye"]]
    radii = np.linalg.norm(ball - template.left_eyeball, axis=1)
    assert radii.std() < 0.1 * radii.mean(), "round about its middle"
    weight = template.scalp_weight(sheet.vertices)
    assert weight[masks["lower_lip"] | masks["brows"] | masks["left_eye"]].max() == 0
    assert template.scalp_weight(np.array(template.crown)) == 1


def test_a_texture_model_without_facts_has_the_embedded_ones(tmp_path: Path, template: TemplateFacts) -> None:
    assert load_template(tmp_path) == template


@pytest.mark.parametrize("text", ["nonsense", "[]", '{"crown": [0, 1, 2]}', '{"crown": [0, 1], "nose": [0, 0, 0]}'])
def test_damaged_facts_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="template head"):
        load_template(tmp_path)
