"""The tongue as a part."""

from __future__ import annotations

import numpy as np

from clip_head.core.asset.teeth import seated
from clip_head.core.asset.tongue import TONGUE, TONGUE_OUT, tongue_part
from clip_head.core.types import AssetPart, Floats


def small_tongue() -> AssetPart:
    """A square that goes forwards when it is put out."""
    vertices = np.array([[-1, 0, 0], [1, 0, 0], [1, 0, 1], [-1, 0, 1]], np.float32) * np.float32(0.05)
    quads = np.array([[0, 3, 2, 1]], np.int32)
    out = np.tile(np.array([0, 0, 0.1], np.float32), (4, 1))
    return tongue_part(vertices, quads, np.zeros((1, 4, 2), np.float32), np.array([1, 0, 3, 2], np.int32), out)


def test_the_tongue_is_a_part_that_can_be_put_out() -> None:
    part = small_tongue()
    assert (part.name, part.materials, set(part.keys)) == (TONGUE, (TONGUE,), {TONGUE_OUT})
    assert part.mirror is not None
    np.testing.assert_allclose(part.vertices[part.mirror] * (-1, 1, 1), part.vertices)


def test_on_a_larger_head_it_comes_out_farther_and_goes_with_the_jaw() -> None:
    place: Floats = np.column_stack([1.5 * np.eye(3), (0, 0, 0.2)]).astype(np.float32)
    down: Floats = np.column_stack([np.eye(3), (0, -0.1, 0)]).astype(np.float32)
    part = seated(small_tongue(), place, {"jawOpen": down})
    np.testing.assert_allclose(part.vertices[2], (0.075, 0, 0.275), atol=1e-6)
    np.testing.assert_allclose(part.keys[TONGUE_OUT], np.tile((0, 0, 0.15), (4, 1)), atol=1e-6)
    np.testing.assert_allclose(part.keys["jawOpen"], np.tile((0, -0.1, 0), (4, 1)), atol=1e-6)
