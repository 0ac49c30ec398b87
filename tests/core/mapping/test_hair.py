"""MLP_hair: its files, what it answers, and what is drawn of that."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from clip_head.core.errors import ModelError
from clip_head.core.mapping import Clip2NPHM
from clip_head.core.mapping.hair import (
    DEGREES,
    KINDS,
    HairMapping,
    HairReading,
    draw_hairstyle,
    kept_degrees,
    load_hair_mapping,
    read_scores,
    with_known_styles,
)
from clip_head.core.models import write_model_json
from clip_head.core.types import ModelCard

NAMES = {"hair": ["short", "long", "mohawk"], "beard": ["full"], "brows": ["Eyebrows", "bushy"]}
OUTPUTS = 6 + len(DEGREES) + 2 + len(KINDS)
CARD = ModelCard("hair", "test", "CC0-1.0", "made by a test")


def write(folder: Path, width: int = 8, outputs: int = OUTPUTS, members: int = 2) -> None:
    torch.manual_seed(0)
    networks = torch.nn.ModuleList(Clip2NPHM(width, outputs) for _ in range(members))
    save_file(
        {name: tensor.contiguous() for name, tensor in networks.state_dict().items()}, folder / "hair.safetensors"
    )
    config = {"scores": "hair.safetensors", **NAMES, "hiding": {"ear": ["long"]}}
    write_model_json(folder, CARD, config, {}, ["hair.safetensors"])


@pytest.fixture
def mapping(tmp_path: Path) -> HairMapping:
    write(tmp_path)
    return load_hair_mapping(tmp_path, 4)


def reading(hair: tuple[float, float, float], said: frozenset[str] = frozenset()) -> HairReading:
    scores = {"hair": np.array(hair), "beard": np.array([-3.0]), "brows": np.array([5.0, 0.0])}
    return HairReading(scores, dict.fromkeys(DEGREES, 0.0), None, said)


KNOWN = frozenset(name for names in NAMES.values() for name in names)


def test_the_mean_of_the_networks_is_read_from_each_kinds_own_row(mapping: HairMapping) -> None:
    rows = np.random.default_rng(0).normal(size=(3, 8)).astype(np.float32)
    read = read_scores(mapping, rows)
    with torch.inference_mode():
        mean = torch.stack([network(torch.from_numpy(rows)) for network in mapping.networks]).mean(dim=0).numpy()
    np.testing.assert_allclose(read.scores["hair"], mean[0, :3], rtol=1e-5)
    np.testing.assert_allclose(read.scores["beard"], mean[1, 3:4], rtol=1e-5)
    np.testing.assert_allclose(read.scores["brows"], mean[2, 4:6], rtol=1e-5)
    np.testing.assert_allclose(list(read.degrees.values()), mean[0, 6:11], rtol=1e-5)
    assert (read.part is not None) == (mean[0, 12] > 0)
    assert read.said == {kind for row, kind in enumerate(KINDS) if mean[row, 13 + row] > 0}


def test_one_of_another_text_model_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(ModelError, match="8 numbers"):
        load_hair_mapping(tmp_path, 512)
    write(tmp_path, outputs=OUTPUTS - 1)
    with pytest.raises(ModelError, match="gives"):
        load_hair_mapping(tmp_path, 4)


def test_numbers_that_are_none_are_refused(mapping: HairMapping) -> None:
    with pytest.raises(ModelError, match="not finite"):
        read_scores(mapping, np.full((3, 8), np.nan, np.float32))


def test_the_likely_are_drawn_by_the_seed(mapping: HairMapping) -> None:
    drawn = [draw_hairstyle(mapping, reading((1.0, 0.9, -5.0)), KNOWN, seed).hair for seed in range(40)]
    assert {name for hair in drawn for name in hair} == {"short", "long"}
    assert drawn == [draw_hairstyle(mapping, reading((1.0, 0.9, -5.0)), KNOWN, seed).hair for seed in range(40)]
    assert {*draw_hairstyle(mapping, reading((1.0, 0.9, -5.0)), KNOWN, 7, 0.0).hair} == {"short"}


def test_having_none_scores_zero(mapping: HairMapping) -> None:
    style = draw_hairstyle(mapping, reading((-4.0, -4.0, -4.0)), KNOWN, 0)
    assert style.hair == {} and style.beard == {} and style.brows == {"Eyebrows": 1.0}


def test_grooms_that_are_missing_are_never_drawn(mapping: HairMapping) -> None:
    without = KNOWN - {"mohawk"}
    for seed in range(20):
        assert draw_hairstyle(mapping, reading((1.0, -9.0, 6.0)), without, seed).hair == {"short": 1.0}
        assert draw_hairstyle(mapping, reading((-7.0, -9.0, 6.0)), without, seed).hair == {"short": 1.0}, "not bald"


def test_what_hides_a_region_is_drawn_only_where_it_is_said(mapping: HairMapping) -> None:
    read, ear = reading((1.0, 3.0, -5.0)), frozenset({"ear"})
    assert draw_hairstyle(mapping, read, KNOWN, 0, shown=ear).hair == {"short": 1.0}
    said = reading((1.0, 3.0, -5.0), frozenset({"hair"}))
    assert draw_hairstyle(mapping, said, KNOWN, 0, shown=ear).hair == {"long": 1.0}


def drawn(known: dict[str, float], hair: tuple[float, float, float], *said: str) -> set[str]:
    """What 60 seeds draw of "short" and "long", which MLP_id scores, and of "mohawk", which it does not know."""
    config = HairMapping(CARD, (), {kind: tuple(names) for kind, names in NAMES.items()}, {})
    read = reading(hair, frozenset(said))
    styles = [
        draw_hairstyle(config, with_known_styles(config, read, {"hair": known}, seed), KNOWN, seed)
        for seed in range(60)
    ]
    return {name for style in styles for name in style.hair}


def test_styles_that_mlp_id_knows_are_its_own_and_others_are_mlp_hairs() -> None:
    assert drawn({"short": 6.0, "long": -6.0}, (-6.0, 6.0, -6.0), "hair") == {"short"}
    assert drawn({"short": 6.0, "long": -6.0}, (-6.0, -6.0, 6.0), "hair") == {"mohawk"}
    assert drawn({"short": 6.0, "long": -6.0}, (-6.0, -6.0, 6.0)) == {"short"}, "a likeness that MLP_id alone knows"


def test_who_is_surely_bald_is_so_whatever_mlp_id_makes_of_the_rest() -> None:
    assert drawn({"short": 6.0, "long": -6.0}, (-6.0, -6.0, -6.0), "hair") == set()


def test_where_nothing_is_said_some_wear_what_mlp_id_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clip_head.core.mapping.hair.DECIDED", 0.6)
    known, hair = {"short": 0.1, "long": 0.0}, (0.5, 0.5, 0.0)
    assert "mohawk" in drawn(known, hair) and "short" in drawn(known, hair)


def test_degrees_are_kept_within_their_limits() -> None:
    kept = kept_degrees({"length": 1.4, "volume": 0.05, "curl": -0.5, "messiness": -0.6, "wetness": 0.4})
    assert kept == {"length": 1.0, "volume": 0.0, "curl": -0.5, "messiness": 0.0, "wetness": 0.4}
