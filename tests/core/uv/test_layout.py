"""Layout files: ours, another one of its kind, and a reference mesh's UV as the official release has it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clip_head.core.errors import ModelError
from clip_head.core.uv import load_layout, unwrap
from clip_head.core.uv.harmonic import flipped
from clip_head.core.uv.layout import Layout
from clip_head.core.uv.lens import Lens


def save_layout(layout: Layout, path: Path) -> None:
    """Write a layout as JSON, coordinates to a hundred-thousandth."""
    stretches = ("seam_left", "seam_right", "neck_left", "neck_right")
    entries: dict[str, Any] = {name: np.round(getattr(layout, name), 5).tolist() for name in stretches}
    entries["neck"] = asdict(layout.neck)
    if layout.face is not None:
        entries["face"] = {"odd": layout.face.odd.tolist(), "even": layout.face.even.tolist()}
    if layout.lens is not None:
        entries["lens"] = asdict(layout.lens)
    path.write_text(json.dumps({"name": layout.name, **entries}) + "\n", encoding="utf-8")


def _turns(outline: np.ndarray) -> np.ndarray:
    ahead = np.roll(outline, -1, axis=0) - outline
    after = np.roll(ahead, -1, axis=0)
    return ahead[:, 0] * after[:, 1] - ahead[:, 1] * after[:, 0]


def _write_obj(mesh, path, uv=None) -> None:
    """The unwrapped mesh with its twins welded, as exporters write it: one position, two texture coordinates."""
    names, first, welded = np.unique(mesh.source, return_index=True, return_inverse=True)
    lines = [f"v {x} {y} {z}" for x, y, z in mesh.vertices[first]]
    lines += [f"vt {u} {v}" for u, v in (mesh.uv if uv is None else uv)]
    lines += ["f " + " ".join(f"{welded[corner] + 1}/{corner + 1}" for corner in face) for face in mesh.faces]
    path.write_text("\n".join(lines) + "\n")
    assert len(names) < len(mesh.vertices)


def test_the_embedded_curve_is_convex_and_symmetric(layout) -> None:
    # Convex: positive weights cannot fold (Tutte, Floater). Rounding to a hundred-thousandth leaves its trace.
    assert _turns(layout.outline).min() > -1e-7
    for left, right in ((layout.seam_left, layout.seam_right), (layout.neck_left, layout.neck_right)):
        np.testing.assert_allclose(left * [-1, 1] + [1, 0], right, atol=1e-9)
    assert layout.outline.min() >= 0.005
    assert layout.outline.max() <= 0.995
    assert layout.face is not None
    np.testing.assert_allclose(layout.face.at(np.array([[0.0, -0.1, 0.3]]))[0], [0.5, 0.48], atol=0.03)


def test_saved_and_loaded_it_is_the_same(layout, tmp_path) -> None:
    save_layout(layout, tmp_path / "other.json")
    other = load_layout(tmp_path / "other.json")
    np.testing.assert_array_equal(other.outline, layout.outline)
    assert other.face is not None
    np.testing.assert_array_equal(other.face.even, layout.face.even)
    assert other.lens == layout.lens
    assert other.neck == layout.neck


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_reference_obj_gives_its_rim(unwrapped, tmp_path, mirrored) -> None:
    uv = unwrapped.uv * [-1, 1] + [1, 0] if mirrored else unwrapped.uv
    _write_obj(unwrapped, tmp_path / "reference.obj", uv)
    layout = load_layout(tmp_path / "reference.obj")
    ours = load_layout()
    assert layout.face is None
    for name in ("seam_left", "seam_right", "neck_left", "neck_right"):
        curve, expected = getattr(layout, name), getattr(ours, name)
        np.testing.assert_allclose(curve[[0, -1]], expected[[0, -1]], atol=2e-3)
        assert len(curve) > 5


def test_a_head_is_laid_on_the_reference(unwrapped, head, tmp_path) -> None:
    _write_obj(unwrapped, tmp_path / "reference.obj", (unwrapped.uv - 0.5) * [0.8, 0.9] + 0.5)
    mesh = unwrap(head, load_layout(tmp_path / "reference.obj"))
    assert not flipped(mesh.uv.astype(np.float64), mesh.faces.astype(np.int64)).any()
    np.testing.assert_allclose(mesh.uv.min(axis=0), [0.108, 0.059], atol=0.01)


def test_a_curve_that_is_not_convex_is_served_too(head, layout) -> None:
    def dented(curve: np.ndarray) -> np.ndarray:
        return curve - np.exp(-(((curve[:, :1] - 0.5) / 0.1) ** 2)) * [0, 0.05] * (curve[:, 1:] > 0.5)

    parts = (dented(layout.seam_left), dented(layout.seam_right), layout.neck_left, layout.neck_right)
    curve = Layout("heart", *parts)
    assert _turns(curve.outline).min() < -1e-6
    mesh = unwrap(head, curve)
    assert not flipped(mesh.uv.astype(np.float64), mesh.faces.astype(np.int64)).any()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.json", "{", "not a UV layout"),
        ("a.json", "{}", "not a UV layout"),
        ("a.obj", "v 0 0 0\nf 1 1 1\n", "without texture coordinates"),
        ("a.obj", "", "no faces"),
    ],
)
def test_a_file_that_is_no_layout_is_named(tmp_path, name, text, words) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ModelError, match=words) as refused:
        load_layout(tmp_path / name)
    assert str(tmp_path) in refused.value.cause


def test_a_curve_outside_the_image_or_clockwise_is_refused(layout, tmp_path) -> None:
    left, right = layout.seam_left, layout.seam_right
    save_layout(Layout("big", left * 2, right * 2, layout.neck_left * 2, layout.neck_right * 2), tmp_path / "big.json")
    with pytest.raises(ModelError, match="leaves the unit square"):
        load_layout(tmp_path / "big.json")
    save_layout(Layout("mirrored", right, left, layout.neck_right, layout.neck_left), tmp_path / "mirrored.json")
    with pytest.raises(ModelError, match="clockwise"):
        load_layout(tmp_path / "mirrored.json")


@pytest.mark.parametrize("lens", [Lens(0.5, 0.5, -1.0), Lens(0.5, 1.5, 2.0)])
def test_a_lens_that_would_fold_is_refused(layout, tmp_path, lens) -> None:
    save_layout(replace(layout, lens=lens), tmp_path / "lens.json")
    with pytest.raises(ModelError, match="its lens"):
        load_layout(tmp_path / "lens.json")


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.json"):
        load_layout(tmp_path / "nowhere.json")
