"""Brows have the shapes of their names, and lashes their lengths."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

from clip_head.core.errors import ModelError
from clip_head.core.hair.library import BROWS, LASHES, Stored
from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats

pytest.importorskip("anny")
from clip_head.training.grooms import face
from clip_head.training.grooms.face import BROW_SHAPES, LASH_SHAPES, read_shapes
from clip_head.training.grooms.fields import skin_distance
from clip_head.training.grooms.scalp import template_skin
from clip_head.training.grooms.train import Template, all_grooms

pytestmark = pytest.mark.slow(minutes=0.2)


@pytest.fixture(scope="module")
def grown() -> dict[str, Stored]:
    network = load_nphm(EMBEDDED / "nphm").network
    assert isinstance(network, EmbeddedNPHM)
    kept = load_file(EMBEDDED / "asset" / "asset.safetensors")["kept"].numpy().astype(bool)
    template = Template(network, template_skin(network, kept), skin_distance(network))
    return all_grooms(template, 1.0, 0, [*BROW_SHAPES, *LASH_SHAPES])


def left(one: Stored) -> Floats:
    """Roots (N, 3) of the left brow, from the nose on."""
    roots = one.points[: len(one.points) // 2, 0]
    return roots[np.argsort(roots[:, 0])]


def lengths(one: Stored) -> Floats:
    """Of guides (N,), mm."""
    return np.linalg.norm(np.diff(one.points, axis=1), axis=2).sum(axis=1) * MILLIMETRES_PER_UNIT


def thickness(one: Stored) -> float:
    """How far roots stray from the middle line of the left brow, mm."""
    x, y, _ = left(one).T
    return float(np.std(y - np.polyval(np.polyfit(x, y, 4), x))) * MILLIMETRES_PER_UNIT


def rise(one: Stored) -> float:
    """How far the left brow's highest part lies above the line between its ends, mm."""
    x, y, _ = left(one).T
    ends = np.interp(x, [x[:20].mean(), x[-20:].mean()], [y[:20].mean(), y[-20:].mean()])
    return float(np.quantile(y - ends, 0.9)) * MILLIMETRES_PER_UNIT


def test_brows_and_lashes_of_the_words_are_there(grown: dict[str, Stored]) -> None:
    assert set(BROW_SHAPES) == {
        BROWS,
        *(f"brows {shape}" for shape in ("bushy", "thin", "arched", "straight", "unibrow")),
    }
    assert set(LASH_SHAPES) == {LASHES, "lashes long"}
    assert {one.kind for name, one in grown.items() if name in BROW_SHAPES} == {"brows"}
    assert {one.kind for name, one in grown.items() if name in LASH_SHAPES} == {"lashes"}


@pytest.mark.parametrize("name", list(BROW_SHAPES))
def test_brows_are_mirrored_and_above_the_eyes(grown: dict[str, Stored], name: str) -> None:
    points = grown[name].points
    half = len(points) // 2
    np.testing.assert_allclose(points[:half] * [-1, 1, 1], points[half:], atol=0.002)
    assert points[:, 0, 1].min() > 0.03 and np.abs(points[:, 0, 0]).max() < 0.24


def test_bushy_brows_are_thick_and_long_and_thin_ones_are_not(grown: dict[str, Stored]) -> None:
    bushy, plain, thin = (grown[name] for name in ("brows bushy", BROWS, "brows thin"))
    assert thickness(bushy) > 1.3 * thickness(plain) and thickness(thin) < 0.6 * thickness(plain)
    assert np.median(lengths(bushy)) > 1.3 * np.median(lengths(plain)) > 1.3 * np.median(lengths(thin))
    assert bushy.look.strands > 2 * plain.look.strands > 4 * thin.look.strands


def test_arched_brows_are_higher_in_their_middle_and_straight_ones_are_not(grown: dict[str, Stored]) -> None:
    assert rise(grown["brows arched"]) > rise(grown[BROWS]) + 1.5
    assert rise(grown["brows straight"]) < rise(grown[BROWS]) - 0.5


def test_a_unibrow_has_roots_on_the_bridge_of_the_nose(grown: dict[str, Stored]) -> None:
    middle = {name: int((np.abs(grown[name].points[:, 0, 0]) < 0.025).sum()) for name in BROW_SHAPES}
    assert middle.pop("brows unibrow") > 40 and set(middle.values()) == {0}


def test_long_lashes_are_longer_and_rooted_alike(grown: dict[str, Stored]) -> None:
    plain, longer = grown[LASHES], grown["lashes long"]
    np.testing.assert_array_equal(plain.points[:, 0], longer.points[:, 0])
    np.testing.assert_allclose(lengths(longer), LASH_SHAPES["lashes long"].longer * lengths(plain), rtol=0.01)


@pytest.mark.parametrize(("section", "change"), [("brows", {"line": None}), ("lashes", {"width": 2})])
def test_a_row_of_the_table_with_a_wrong_key_is_refused(
    tmp_path: Path, section: str, change: dict[str, object]
) -> None:
    table = json.loads(Path(face.__file__).with_name("face.json").read_text())
    row = next(iter(table[section].values()))
    for key, value in change.items():
        if value is None:
            del row[key]
        else:
            row[key] = value
    path = tmp_path / "face.json"
    path.write_text(json.dumps(table))
    with pytest.raises(ModelError, match=next(iter(change))):
        read_shapes(path)
