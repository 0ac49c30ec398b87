"""Masks are where they are drawn, on both sides; the table of paint names what it lacks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from clip_head.core.errors import ClipHeadError
from clip_head.training.skins import paint_table
from clip_head.training.skins.canvas import Canvas, blend, ellipse, smoothstep, stroke
from clip_head.training.skins.colour import lab_of, to_lab, to_rgb
from clip_head.training.skins.paint_table import read_paint


def canvas(points: list[tuple[float, float]]) -> Canvas:
    """Points (x, y) on the front of the face."""
    positions = np.array([(x, y, 0.2) for x, y in points], np.float32)
    far = np.ones(len(points), np.float32)
    return Canvas(positions, 0 * far, 0 * far, far, seed=0)


def test_smoothstep_rises_or_falls() -> None:
    values = np.array([-1, 0, 0.25, 0.5, 1, 2], np.float32)
    np.testing.assert_allclose(smoothstep(0, 1, values), [0, 0, 0.15625, 0.5, 1, 1])
    np.testing.assert_allclose(smoothstep(1, 0, values), 1 - smoothstep(0, 1, values))


def test_masks_are_on_both_sides_and_end_at_their_rim() -> None:
    points = canvas([(0.1, 0.0), (-0.1, 0.0), (0.0, 0.0), (0.1, 0.2)])
    np.testing.assert_array_equal(ellipse(points, 0.1, 0.0, 0.05, 0.05), [1, 1, 0, 0])
    np.testing.assert_array_equal(stroke(points, (0.1, -0.1), (0.1, 0.1), 0.01, 0.01), [1, 1, 0, 0])


def test_opacity_mixes_two_colours() -> None:
    below = np.zeros((3, 3), np.float32)
    np.testing.assert_allclose(blend(below, (1.0, 0.5, 0.0), np.array([0, 0.5, 1], np.float32))[:, 0], [0, 0.5, 1])


def test_lab_and_back_is_the_same_colour() -> None:
    rgb = np.random.default_rng(0).uniform(0, 1, (50, 3)).astype(np.float32)
    np.testing.assert_allclose(to_rgb(to_lab(rgb)), rgb, atol=1e-3)
    np.testing.assert_allclose(lab_of((1.0, 1.0, 1.0)), [100, 0, 0], atol=0.02)


@pytest.mark.parametrize(("section", "name"), [("lipsticks", "purple"), ("scars", "eye"), ("beard_opacity", "goatee")])
def test_a_missing_colour_is_named(tmp_path: Path, section: str, name: str) -> None:
    table = json.loads(Path(paint_table.__file__).with_name("paint.json").read_text(encoding="utf-8"))
    del table[section][name]
    (tmp_path / "paint.json").write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(ClipHeadError, match=f"{section}.*{name}"):
        read_paint(tmp_path / "paint.json")
