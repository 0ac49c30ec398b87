"""The canonical head: every head is found on it point by point."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clip_head.core.errors import ModelError
from clip_head.core.texture.albedo.canonical import FILE, Canonical, load_canonical


def test_the_canonical_head_lies_on_itself(canonical: Canonical) -> None:
    off = np.linalg.norm(canonical.uv_of(canonical.mesh) - canonical.mesh.uv, axis=1) * 512
    assert np.median(off) < 0.05
    assert np.percentile(off, 99) < 1.5


def test_the_two_sides_of_the_seam_look_each_at_their_own(canonical: Canonical) -> None:
    mesh = canonical.mesh
    order = np.argsort(mesh.source, kind="stable")
    same = np.flatnonzero(mesh.source[order][1:] == mesh.source[order][:-1])
    twins = np.stack([order[same], order[same + 1]])
    u = canonical.uv_of(mesh)[twins, 0]
    assert len(same) > 50
    assert ((u < 0.5) == (mesh.uv[twins, 0] < 0.5)).all()


def test_no_triangle_runs_across_the_image(canonical: Canonical) -> None:
    corners = canonical.uv_of(canonical.mesh)[canonical.mesh.faces]
    assert np.ptp(corners, axis=1).max() < 0.1


def test_a_larger_head_has_the_same_control_image(canonical: Canonical) -> None:
    plain = canonical.control(canonical.points, 128)
    larger = canonical.control(1.3 * canonical.points + 0.1, 128)
    assert np.abs(plain.normal[plain.mask] - larger.normal[plain.mask]).max() < 1e-3


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    assert load_canonical(tmp_path) is None
    (tmp_path / FILE).write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="canonical"):
        load_canonical(tmp_path)
