"""The official release's files, with random numbers of the true shapes, become model folders."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from clip_head.core.errors import ModelError
from clip_head.core.mapping import Clip2NPHM, load_mapping, map_expression, map_identity
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.official import ExpressionDeformer, IdentityDecoder
from clip_head.core.official import CONVERTED, convert_official, is_official

IDENTITY = "nphm_identity_space_pretrained/checkpoints/checkpoint_epoch_15000.tar"
EXPRESSION = "nphm_expression_space_pretrained/checkpoints/checkpoint_epoch_2500.tar"
MLP_ID, MLP_EXP = "clip2nphm_model_0.pth", "clip2nphm_model_exp_more_exp_L2_134.pth"


def _random(module: torch.nn.Module, generator: torch.Generator) -> dict[str, torch.Tensor]:
    return {
        name: torch.randn(tensor.shape, generator=generator) * (1.0 / tensor.shape[-1]) ** 0.5
        for name, tensor in module.state_dict().items()
    }


def _save(content: object, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(content, path)


@pytest.fixture(scope="module")
def states() -> dict[str, dict[str, torch.Tensor]]:
    generator = torch.Generator().manual_seed(0)
    return {
        IDENTITY: _random(IdentityDecoder(torch.zeros(39, 3)), generator),
        EXPRESSION: _random(ExpressionDeformer(), generator),
        MLP_ID: _random(Clip2NPHM(1024, 1344), generator),
        MLP_EXP: _random(Clip2NPHM(1024, 200), generator),
    }


@pytest.fixture
def release(states, tmp_path) -> Path:
    folder = tmp_path / "official files"
    for name in (IDENTITY, EXPRESSION):
        codes = {"weight": torch.zeros(3, 4)}
        _save({"epoch": 1, "decoder_state_dict": states[name], "latent_codes_state_dict": codes}, folder / name)
    for name in (MLP_ID, MLP_EXP):
        _save(states[name], folder / "checkpoints" / name)
    (folder / "assets").mkdir()
    anchors = np.random.default_rng(0).normal(size=(39, 3)).astype(np.float32)
    np.save(folder / "assets" / "anchors_39.npy", anchors)
    (folder / "open_clip_pytorch_model.bin").write_bytes(b"stands for four gigabytes that are only pointed to")
    return folder


def test_the_converted_models_compute_what_the_release_computes(release, states) -> None:
    assert is_official(release)
    made = convert_official(release)
    assert not is_official(made)
    nphm, mapping = load_nphm(made / "nphm"), load_mapping(made / "mapping")

    anchors = torch.from_numpy(np.load(release / "assets" / "anchors_39.npy"))
    decoder = IdentityDecoder(anchors)
    decoder.load_state_dict(states[IDENTITY])
    embedding = np.random.default_rng(1).normal(size=1024).astype(np.float32)
    z_id, z_exp = map_identity(mapping, embedding, 7), map_expression(mapping, embedding)
    assert z_id.shape == (1344,)
    assert z_exp.shape == (200,)
    points = torch.rand(9, 3, generator=torch.Generator().manual_seed(2)) - 0.5
    head = nphm.network.at(torch.from_numpy(z_id))
    with torch.no_grad():
        expected = decoder(points, torch.from_numpy(z_id))
        torch.testing.assert_close(head.value(points, head.template_coordinates(points)), expected)
    assert expected.std() > 0


def test_seeds_differ_along_the_scatter_of_the_official_codes(release) -> None:
    np.save(release / "assets" / "nphm_lat_std.npy", np.linspace(0, 1, 1344, dtype=np.float32))
    mapping = load_mapping(convert_official(release) / "mapping")
    embedding = np.random.default_rng(1).normal(size=1024).astype(np.float32)
    mean, one, two = (map_identity(mapping, embedding, *drawn) for drawn in ((1, 0.0), (1, 1.0), (2, 1.0)))
    assert one.shape == (1344,)
    assert one[0] == mean[0], "what never scatters stays"
    assert np.abs(one - two).max() > 0.1
    assert np.abs(one[1000:] - mean[1000:]).std() > np.abs(one[:300] - mean[:300]).std()
    np.testing.assert_array_equal(mean, map_identity(mapping, embedding, 2, 0.0))


def test_it_is_converted_once(release) -> None:
    made = convert_official(release)
    before = (made / "nphm" / "model.json").stat().st_mtime_ns
    (release / IDENTITY).unlink()
    assert convert_official(release) == made
    assert (made / "nphm" / "model.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("name", [EXPRESSION, "assets/anchors_39.npy", f"checkpoints/{MLP_EXP}"])
def test_a_missing_file_is_named_with_its_source(release, name) -> None:
    (release / name).unlink()
    with pytest.raises(ModelError, match="not complete") as refused:
        convert_official(release)
    assert Path(name).name[:9] in refused.value.cause
    assert "github.com" in refused.value.remedy
    assert not (release / CONVERTED).exists()


class _Poison:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("name", [IDENTITY, f"checkpoints/{MLP_ID}"])
def test_a_poisoned_pickle_is_refused_by_name_and_never_run(release, tmp_path, name) -> None:
    mark = tmp_path / "run"
    (release / name).write_bytes(pickle.dumps({"decoder_state_dict": _Poison(mark)}))
    with pytest.raises(ModelError, match=Path(name).name) as refused:
        convert_official(release)
    assert "carries code" in refused.value.cause
    assert not mark.exists()
    assert [path.name for path in release.iterdir() if CONVERTED in path.name] == []


def test_other_shapes_are_refused_by_name(release, states) -> None:
    _save(states[MLP_ID], release / "checkpoints" / MLP_EXP)
    with pytest.raises(ModelError, match="1344 numbers instead of 200"):
        convert_official(release)
    _save({"decoder_state_dict": states[EXPRESSION]}, release / IDENTITY)
    with pytest.raises(ModelError, match="checkpoint_epoch_15000"):
        convert_official(release)


def _terabytes(path: Path) -> None:
    np.save(path, np.zeros((39, 3), np.float32))
    path.write_bytes(path.read_bytes().replace(b"(39, 3), }           ", b"(999999999999, 3), } "))


def _archive(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, a=np.zeros(117))


@pytest.mark.parametrize(
    "spoil",
    [
        _terabytes,
        _archive,
        lambda path: path.symlink_to("/dev/zero"),
        lambda path: np.save(path, np.full((39, 3), "x")),
        lambda path: np.save(path, np.full((39, 3), np.nan)),
        lambda path: np.save(path, np.array([None] * 117, object)),
    ],
)
def test_an_array_that_is_none_is_refused_by_name(release, spoil) -> None:
    array = release / "assets" / "anchors_39.npy"
    array.unlink()
    spoil(array)
    with pytest.raises(ModelError, match=r"anchors_39\.npy"):
        convert_official(release)
    assert not (release / CONVERTED).exists()
