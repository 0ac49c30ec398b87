"""The grooms' folder: what is stored comes back, and what is damaged is refused in words."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from clip_head.core.errors import ModelError
from clip_head.core.hair.library import POINTS, STEP, WEIGHTS, Stored, load_grooms, packed
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.types import GroomLook, ModelCard

SHEET = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)


def guides(count: int, seed: int) -> Stored:
    """Guides that begin anywhere on the triangle of the first three of SHEET."""
    rng = np.random.default_rng(seed)
    barycentric = rng.dirichlet([1, 1, 1], count).astype(np.float32)
    roots = barycentric @ SHEET[:3]
    points = roots[:, None] + rng.uniform(-0.8, 0.8, (count, POINTS, 3)) * (np.arange(POINTS) > 0)[:, None]
    look = GroomLook(strands=100 + seed, curl=3.0)
    corners = np.tile(np.array([0, 1, 2], np.int32), (count, 1))
    return Stored(points.astype(np.float32), corners, barycentric, rng.random(4).astype(np.float32), look)


def write(folder: Path, grooms: dict[str, Stored]) -> None:
    """A folder of grooms."""
    tensors, config = packed(grooms)
    save_file({name: torch.from_numpy(array) for name, array in tensors.items()}, folder / WEIGHTS)
    write_model_json(folder, ModelCard("grooms", "test", "CC0-1.0", "made in a test"), config, {}, [WEIGHTS])


def test_what_is_stored_comes_back(tmp_path: Path) -> None:
    stored = {"one": guides(7, 0), "none": guides(0, 1), "other": replace(guides(3, 2), kind="beard", volume="full")}
    write(tmp_path, stored)
    library = load_grooms(tmp_path, SHEET)
    assert list(library.grooms) == list(stored) and library.card.licence == "CC0-1.0"
    for name, one in stored.items():
        back = library.grooms[name]
        assert (back.look, back.kind, back.volume) == (one.look, one.kind, one.volume)
        np.testing.assert_array_equal(back.corners, one.corners)
        np.testing.assert_allclose(back.density, one.density, atol=0.003)
        np.testing.assert_allclose(back.barycentric, one.barycentric, atol=0.005)
        offsets = [guide.points - guide.points[:, :1] for guide in (back, one)]
        assert np.abs(offsets[0] - offsets[1]).max(initial=0) < 0.51 * STEP + 1e-6


def test_roots_lie_on_their_triangles(tmp_path: Path) -> None:
    write(tmp_path, {"one": guides(50, 0)})
    one = load_grooms(tmp_path, SHEET).grooms["one"]
    np.testing.assert_allclose(one.points[:, 0], one.barycentric @ SHEET[:3], atol=1e-6)
    np.testing.assert_allclose(one.barycentric.sum(axis=1), 1, atol=1e-6)


def test_another_template_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"one": guides(5, 0)})
    with pytest.raises(ModelError, match="do not fit the head model"):
        load_grooms(tmp_path, SHEET[:3])


def test_damage_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="grooms model is missing"):
        load_grooms(tmp_path / "nowhere", SHEET)
    folder = tmp_path / "grooms"
    shutil.copytree(EMBEDDED / "grooms", folder)
    sheet = np.zeros((load_file(folder / WEIGHTS)["density"].shape[1], 3), np.float32)
    load_grooms(folder, sheet)
    content = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(content[:-100])
    with pytest.raises(ModelError, match="truncated or another file"):
        load_grooms(folder, sheet)
    (folder / WEIGHTS).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match="checksum differs"):
        load_grooms(folder, sheet)


@pytest.mark.parametrize("change", ["corners", "offsets", "missing"])
def test_tensors_that_do_not_fit_are_refused(tmp_path: Path, change: str) -> None:
    tensors, config = packed({"one": guides(5, 0)})
    if change == "corners":
        tensors["corners"] = tensors["corners"] + 10
    elif change == "offsets":
        tensors["offsets"] = tensors["offsets"][:-1]
    else:
        del tensors["density"]
    save_file({name: torch.from_numpy(array) for name, array in tensors.items()}, tmp_path / WEIGHTS)
    write_model_json(tmp_path, ModelCard("grooms", "test", "CC0-1.0", "made in a test"), config, {}, [WEIGHTS])
    with pytest.raises(ModelError, match="do not fit the head model"):
        load_grooms(tmp_path, SHEET)


def test_a_look_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"one": guides(5, 0)})
    entries = json.loads((tmp_path / "model.json").read_text())
    entries["config"]["grooms"]["one"]["look"]["clump"] = 7
    del entries["config_sha256"]
    (tmp_path / "model.json").write_text(json.dumps(entries))
    with pytest.raises(ModelError, match="clump"):
        load_grooms(tmp_path, SHEET)


def test_the_embedded_grooms_are_all_there_and_small() -> None:
    nphm = json.loads((EMBEDDED / "nphm" / "model.json").read_text())["config"]
    ours = json.loads((EMBEDDED / "grooms" / "model.json").read_text())
    assert set(ours["config"]["grooms"]) >= {*nphm["styles"], *nphm["beards"], "Eyebrows", "Eyelashes"}
    assert ours["files"][WEIGHTS]["bytes"] < 15e6
