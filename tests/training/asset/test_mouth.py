"""The arches and the tongue that are read from the base mesh."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats, Ints

pytest.importorskip("anny")

from clip_head.training.asset.mouth import mouth_arrays


@pytest.fixture(scope="module")
def arrays() -> dict[str, Floats | Ints]:
    """Read once for all tests."""
    return mouth_arrays()


def test_arches_are_symmetric_and_as_large_as_peoples(arrays: dict[str, Floats | Ints]) -> None:
    for name in ("upper_edge", "lower_edge", "upper_gum", "lower_gum"):
        arch = arrays[name] * MILLIMETRES_PER_UNIT
        np.testing.assert_allclose(arch[::-1] * (-1, 1, 1), arch, atol=1e-4)
        assert (np.diff(arch[:, 0]) > 0).all() and arch[20, 0] == 0
        assert 60 < np.ptp(arch[:, 0]) < 72 and 40 < np.ptp(arch[:, 2]) < 52
    heights = [arrays[name][20, 1] for name in ("upper_gum", "upper_edge", "lower_edge", "lower_gum")]
    assert heights == sorted(heights, reverse=True)
    assert abs(heights[1] - heights[2]) * MILLIMETRES_PER_UNIT < 1.5, "the mouth is closed"


def test_the_tongue_is_closed_symmetric_and_between_the_teeth(arrays: dict[str, Floats | Ints]) -> None:
    vertices, quads, mirror = (arrays[f"tongue_{name}"] for name in ("vertices", "quads", "mirror"))
    assert quads.shape == (896, 4) and arrays["tongue_uv"].shape == (896, 4, 2)
    edges = np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)
    assert {tuple(edge) for edge in edges} == {tuple(edge[::-1]) for edge in edges}
    np.testing.assert_array_equal(mirror[mirror], np.arange(len(vertices)))
    flip = np.array([-1, 1, 1])
    for name in ("vertices", "out"):
        array = arrays[f"tongue_{name}"]
        np.testing.assert_array_equal(array[mirror] * flip, array)
    assert vertices[:, 2].max() < arrays["lower_edge"][:, 2].max()
    assert np.abs(vertices[:, 0]).max() < arrays["lower_edge"][:, 0].max()
    assert arrays["tongue_out"][:, 2].max() * MILLIMETRES_PER_UNIT > 15, "it is put out"
