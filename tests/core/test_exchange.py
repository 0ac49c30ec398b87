"""A head survives the temporary folder between two processes, and nothing in that folder can run code."""

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clip_head.core.exchange import (
    load_canvas,
    load_head,
    request_from_json,
    request_to_json,
    save_canvas,
    save_head,
)
from clip_head.core.types import Canvas, Edit, Hairstyle, Head, HeadRequest, Latents


def assert_same(a: Any, b: Any) -> None:
    assert type(a) is type(b)
    if isinstance(a, np.ndarray):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)
    elif is_dataclass(a):
        for entry in fields(a):
            assert_same(getattr(a, entry.name), getattr(b, entry.name))
    elif isinstance(a, dict):
        assert list(a) == list(b)
        for name, value in a.items():
            assert_same(value, b[name])
    else:
        assert a == b


@pytest.mark.parametrize("with_template", [False, True])
def test_head_comes_back_as_it_was(small_head: Head, tmp_path: Path, with_template: bool) -> None:
    points = small_head.mesh.vertices[::-1].copy() if with_template else None
    head = replace(small_head, mesh=replace(small_head.mesh, template_points=points, repairs=("closed 2 handles",)))
    save_head(head, tmp_path)
    assert_same(load_head(tmp_path), head)


def test_a_head_without_codes_has_none_also_as_earlier_versions_wrote_it(small_head: Head, tmp_path: Path) -> None:
    codeless = replace(small_head, latents=None)
    save_head(codeless, tmp_path)
    assert_same(load_head(tmp_path), codeless)
    nothing = np.zeros(0, np.float32)
    save_head(replace(small_head, latents=Latents(nothing, nothing)), tmp_path)
    assert load_head(tmp_path).latents is None


@pytest.mark.parametrize("hairstyle", [None, Hairstyle({"long01": 0.25}, {"full": 1.0}, {}, length=-0.1, part=0.6)])
def test_a_canvas_comes_back_with_what_hair_it_wears(
    small_head: Head, tmp_path: Path, hairstyle: Hairstyle | None
) -> None:
    canvas = Canvas(small_head.mesh, small_head.latents, Edit(small_head.textures.albedo, 0.5), "pale", hairstyle)
    save_canvas(canvas, tmp_path / "canvas.npz")
    assert_same(load_canvas(tmp_path / "canvas.npz"), canvas)


def test_request_survives_json_in_any_script() -> None:
    request = HeadRequest("笑っている老人 😀", "glücklich", "каснушки", 7, 64, 128)
    assert request_from_json(json.loads(json.dumps(request_to_json(request)))) == request


def test_objects_hidden_in_the_arrays_are_refused(small_head: Head, tmp_path: Path) -> None:
    save_head(small_head, tmp_path)
    np.savez(tmp_path / "head.npz", vertices=np.array([{"an": "object"}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        load_head(tmp_path)
