"""MLP_id and MLP_exp: the official shapes, and what the seed may change."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from clip_head.core.errors import ModelError
from clip_head.core.mapping import Clip2NPHM, load_mapping, map_expression, map_identity
from clip_head.core.mapping.mapping import Readings, draw_style, keep_mentioned
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.types import ModelCard

CARD = ModelCard("mapping", "test", "CC0-1.0", "made by a test")


def official_tensors(embedding_width, code_width, seed):
    """A state dict of the official names and shapes, from the facts, not from our class."""
    shapes = [(512, embedding_width), (256, 512), (256, 256), (256, 256), (256, 256)]
    shapes += [(256, embedding_width + 256), (256, 256), (256, 256)]
    generator = torch.Generator().manual_seed(seed)
    named = {f"pts_linears.{i}": shape for i, shape in enumerate(shapes)} | {"output_linear": (code_width, 256)}
    tensors = {}
    for name, (made, given) in named.items():
        tensors[f"{name}.weight"] = torch.randn(made, given, generator=generator) * (2 / given) ** 0.5
        tensors[f"{name}.bias"] = torch.randn(made, generator=generator) * 0.1
    return tensors


def evaluate_plainly(tensors, embedding):
    """The paper's network in float64, layer by layer."""
    doubles = {name: tensor.double().numpy() for name, tensor in tensors.items()}
    hidden = embedding.astype(np.float64)
    for i in range(8):
        given = np.concatenate([embedding.astype(np.float64), hidden]) if i == 5 else hidden
        hidden = np.maximum(doubles[f"pts_linears.{i}.weight"] @ given + doubles[f"pts_linears.{i}.bias"], 0)
    return doubles["output_linear.weight"] @ hidden + doubles["output_linear.bias"]


@pytest.fixture(scope="module")
def official_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("official")
    torch.save(official_tensors(1024, 1344, 1), folder / "clip2nphm_model_0.pth")
    torch.save(official_tensors(1024, 200, 2), folder / "clip2nphm_model_exp_more_exp_L2_134.pth")
    files = sorted(p.name for p in folder.iterdir())
    write_model_json(folder, CARD, {"identity": files[0], "expression": files[1]}, {}, files)
    return folder


def test_official_files_load_strictly_and_give_the_papers_values(official_folder):
    mapping = load_mapping(official_folder)
    embedding = np.random.default_rng(0).standard_normal(1024).astype(np.float32)
    embedding /= np.linalg.norm(embedding)
    z_id = map_identity(mapping, embedding, seed=5)
    z_exp = map_expression(mapping, embedding)
    assert (z_id.shape, z_exp.shape) == ((1344,), (200,))
    np.testing.assert_allclose(z_id, evaluate_plainly(official_tensors(1024, 1344, 1), embedding), atol=1e-5)
    np.testing.assert_allclose(z_exp, evaluate_plainly(official_tensors(1024, 200, 2), embedding), atol=1e-5)


def test_what_several_networks_of_mlp_exp_give_is_averaged(tmp_path):
    torch.manual_seed(0)
    members = torch.nn.ModuleList([Clip2NPHM(16, 5), Clip2NPHM(16, 5)])
    save_file(Clip2NPHM(16, 20).state_dict(), tmp_path / "identity.safetensors")
    save_file(members.state_dict(), tmp_path / "expression.safetensors")
    files = ["identity.safetensors", "expression.safetensors"]
    write_model_json(tmp_path, CARD, {"identity": files[0], "expression": files[1]}, {}, files)
    with torch.no_grad():
        alone = [member(torch.from_numpy(EMBEDDING)).numpy() for member in members]
    np.testing.assert_allclose(map_expression(load_mapping(tmp_path), EMBEDDING), np.mean(alone, axis=0), atol=1e-6)
    assert np.abs(alone[0] - alone[1]).max() > 1e-3

    broken = members.state_dict()
    del broken["1.output_linear.bias"]
    save_file(broken, tmp_path / "expression.safetensors")
    write_model_json(tmp_path, CARD, {"identity": files[0], "expression": files[1]}, {}, files)
    with pytest.raises(ModelError, match=r"expression\.safetensors"):
        load_mapping(tmp_path)


@pytest.mark.parametrize("change", ["missing", "extra", "shape"])
def test_another_networks_file_is_refused_by_name(tmp_path, change):
    tensors = official_tensors(32, 10, 1)
    if change == "missing":
        del tensors["pts_linears.6.bias"]
    elif change == "extra":
        tensors["pts_linears.8.bias"] = torch.zeros(3)
    else:
        tensors["pts_linears.5.weight"] = torch.zeros(256, 256)
    torch.save(tensors, tmp_path / "wrong.pth")
    write_model_json(tmp_path, CARD, {"identity": "wrong.pth", "expression": "wrong.pth"}, {}, ["wrong.pth"])
    with pytest.raises(ModelError, match=r"wrong\.pth"):
        load_mapping(tmp_path)


def test_a_pickle_with_code_in_it_is_refused(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    torch.save(Trap(), tmp_path / "trap.pth")
    write_model_json(tmp_path, CARD, {"identity": "trap.pth", "expression": "trap.pth"}, {}, ["trap.pth"])
    with pytest.raises(ModelError, match=r"trap\.pth"):
        load_mapping(tmp_path)
    assert not (tmp_path / "sprung").exists()


@pytest.fixture(scope="module")
def drawing_folder(tmp_path_factory):
    """A mapping with spread: 20 numbers of identity, 3 hair styles, 2 beards, 4 ways to vary."""
    folder = tmp_path_factory.mktemp("drawing")
    torch.manual_seed(0)
    networks = {"identity": Clip2NPHM(16, 25), "expression": Clip2NPHM(16, 5), "spread": Clip2NPHM(16, 4)}
    for name, network in networks.items():
        save_file(network.state_dict(), folder / f"{name}.safetensors")
    save_file({"basis": torch.randn(4, 20)}, folder / "basis.safetensors")
    config = {name: f"{name}.safetensors" for name in [*networks, "basis"]} | {"hair_styles": 3, "beards": 2}
    write_model_json(folder, CARD, config, {}, [f"{name}.safetensors" for name in [*networks, "basis"]])
    return folder


@pytest.fixture(scope="module")
def drawing(drawing_folder):
    return load_mapping(drawing_folder)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hair_styles": 4}, r"gives 25 numbers, which are not the 20 of the basis, 4 'hair_styles' and 2 'beards'"),
        ({"spread": "identity.safetensors"}, "the spread gives 25 numbers, the basis has 4 rows"),
        ({"basis": "spread.safetensors"}, r"spread\.safetensors holds no table named 'basis'"),
        ({"identity": "nowhere.safetensors"}, r"nowhere\.safetensors is damaged"),
    ],
)
def test_parts_that_do_not_fit_each_other_are_named(drawing_folder, tmp_path, changes, words):
    for file in drawing_folder.glob("*.safetensors"):
        (tmp_path / file.name).symlink_to(file)
    config = json.loads((drawing_folder / "model.json").read_text())["config"] | changes
    write_model_json(tmp_path, CARD, config, {}, [])
    with pytest.raises(ModelError, match=words):
        load_mapping(tmp_path)


EMBEDDING = np.random.default_rng(3).standard_normal(16).astype(np.float32)


def test_same_seed_same_bits_other_seed_other_person(drawing):
    first, again = map_identity(drawing, EMBEDDING, 7), map_identity(drawing, EMBEDDING, 7)
    assert first.tobytes() == again.tobytes()
    assert np.abs(first - map_identity(drawing, EMBEDDING, 8))[:20].max() > 1e-3


def test_people_differ_only_along_the_basis_and_scatter_around_the_mean(drawing):
    drawn = np.stack([map_identity(drawing, EMBEDDING, seed)[:20] for seed in range(400)])
    with torch.inference_mode():
        said = drawing.identity(torch.from_numpy(EMBEDDING))[:20].numpy()
        deviation = drawing.spread(torch.from_numpy(EMBEDDING)).exp().numpy()
    coefficients, unexplained, *_ = np.linalg.lstsq(drawing.basis.T, (drawn - said).T, rcond=None)
    assert unexplained.max() < 1e-6
    np.testing.assert_allclose(coefficients.std(axis=1) / deviation, 0.95, atol=0.15)  # clipped at 2 deviations
    assert np.abs(coefficients / deviation[:, None]).max() <= 2.001


def test_the_hair_block_is_one_style_among_the_likely_ones(drawing):
    codes = np.stack([map_identity(drawing, EMBEDDING, seed)[20:] for seed in range(50)])
    assert codes.shape == (50, 5)
    assert set(codes.ravel()) == {0.0, 1.0}
    assert codes[:, :3].sum(axis=1).max() == 1  # one style, or none: bald
    assert codes[:, 3:].sum(axis=1).max() <= 1  # one beard, or none
    random = np.random.default_rng(0)
    counts = sum(draw_style(np.log(np.float32([5.0, 4.0, 0.5])), random) for _ in range(300))
    assert counts[2] == 0  # a tenth as likely as the likeliest: not meant
    assert counts[0] + counts[1] == 300  # nor is bald, whose score is 0
    assert 90 < counts[1] < 180
    assert not draw_style(np.float32([-5.0, -4.0, -9.0]), random).any()


def test_networks_for_styles_are_heard_beside_mlp_id_and_change_nothing_else(drawing_folder, tmp_path, drawing):
    for file in drawing_folder.glob("*.safetensors"):
        (tmp_path / file.name).symlink_to(file)
    network = Clip2NPHM(16, 5)
    with torch.no_grad():
        network.output_linear.weight.zero_()
        network.output_linear.bias.copy_(torch.tensor([-50.0, 50.0, -50.0, -50.0, 50.0]))
    save_file(torch.nn.ModuleList([network]).state_dict(), tmp_path / "styles.safetensors")
    config = json.loads((drawing_folder / "model.json").read_text())["config"]
    write_model_json(tmp_path, CARD, config | {"styles": "styles.safetensors"}, {}, [])
    codes = np.stack([map_identity(load_mapping(tmp_path), EMBEDDING, seed) for seed in range(8)])
    np.testing.assert_array_equal(codes[:, 20:], np.tile([0.0, 1.0, 0.0, 0.0, 1.0], (8, 1)))
    np.testing.assert_array_equal(codes[3, :20], map_identity(drawing, EMBEDDING, 3)[:20])
    write_model_json(tmp_path, CARD, config | {"styles": "spread.safetensors"}, {}, [])
    with pytest.raises(ModelError, match="the networks for styles do not give 5 scores"):
        load_mapping(tmp_path)


def test_variation_scales_what_the_seed_changes_down_to_the_mean_head(drawing):
    with torch.inference_mode():
        said = drawing.identity(torch.from_numpy(EMBEDDING)).numpy()
    mean, half, whole = (map_identity(drawing, EMBEDDING, 7, variation) for variation in (0.0, 0.5, 1.0))
    np.testing.assert_allclose(mean[:20], said[:20], atol=1e-6)
    np.testing.assert_allclose(half[:20] - mean[:20], (whole[:20] - mean[:20]) / 2, atol=1e-5)
    assert map_identity(drawing, EMBEDDING, 8, 0.0).tobytes() == mean.tobytes()
    likeliest = np.append(said[20:23], 0.0).argmax()
    assert np.append(mean[20:23], 0.5).argmax() == likeliest


def test_the_seed_never_reaches_the_expression(drawing):
    before = map_expression(drawing, EMBEDDING)
    map_identity(drawing, EMBEDDING, 1)
    np.testing.assert_array_equal(before, map_expression(drawing, EMBEDDING))


def test_an_embedding_of_another_text_model_is_refused(drawing):
    with pytest.raises(ModelError, match="16 numbers; the text model gives 24"):
        map_expression(drawing, np.zeros(24, np.float32))


def test_a_network_that_computes_nan_is_named(drawing):
    with pytest.raises(ModelError, match="not finite"):
        map_identity(drawing, np.full(16, np.nan, np.float32), 0)


_CODE = """
import sys
import numpy as np
from clip_head.core.mapping import load_mapping, map_expression, map_identity
from clip_head.core.models import EMBEDDED
mapping = load_mapping(EMBEDDED / "mapping")
embedding = np.random.default_rng(0).standard_normal(mapping.identity.embedding_width).astype(np.float32)
embedding /= np.linalg.norm(embedding)
codes = [map_identity(mapping, embedding, 3), map_expression(mapping, embedding)]
sys.stdout.buffer.write(np.concatenate(codes).tobytes())
"""


@pytest.mark.slow
def test_codes_are_the_same_bytes_with_as_many_threads_and_nearly_the_same_with_others():
    """numpy's library of linear algebra reads once how many threads it has, and adds in another order with others."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    one, again = (
        subprocess.run([sys.executable, "-c", _CODE], capture_output=True, check=True, env=environment).stdout
        for _ in range(2)
    )
    assert one == again
    mapping = load_mapping(EMBEDDED / "mapping")
    embedding = np.random.default_rng(0).standard_normal(mapping.identity.embedding_width).astype(np.float32)
    embedding /= np.linalg.norm(embedding)
    here = np.concatenate([map_identity(mapping, embedding, 3), map_expression(mapping, embedding)])
    np.testing.assert_allclose(np.frombuffer(one, np.float32), here, atol=1e-5)


def test_what_words_ask_for_is_seen_whoever_the_seed_draws():
    # Two shapes (rows 0, 1) and two people's modes (rows 2, 3), of which the first shows much of the first shape.
    values = np.array([[1.0, 0.1, 0.8, 0.0], [0.0, 1.0, 0.3, -0.5]], np.float32)
    readings = Readings(values, np.array([0, 1]), np.float32([-3, -3]), np.float32([-2, -2]))
    noise = np.float32([0.02, 0.3, 1.5, -1.0])
    free = keep_mentioned(noise, np.float32([-1, -1, 0, 0]), readings)
    np.testing.assert_array_equal(free, noise)
    kept = keep_mentioned(noise, np.float32([-3, -1, 0, 0]), readings)
    np.testing.assert_array_equal(kept[1:], noise[1:])
    assert abs(values[0] @ kept) < 0.1 * abs(values[0] @ noise)
    both = keep_mentioned(noise, np.float32([-3, -3, 0, 0]), readings)
    assert np.abs(values @ both).max() < 0.1 * np.abs(values @ noise).max()


@pytest.mark.parametrize("change", ["rows", "values", "open"])
def test_readings_that_do_not_fit_are_refused(drawing_folder, tmp_path, change):
    for file in drawing_folder.glob("*.safetensors"):
        (tmp_path / file.name).symlink_to(file)
    tensors = {
        "values": torch.ones(2, 4), "rows": torch.tensor([0, 1]), "mentioned": torch.zeros(2), "open": torch.ones(2)
    }  # fmt: skip
    save_file(tensors, tmp_path / "readings.safetensors")
    config = json.loads((drawing_folder / "model.json").read_text())["config"] | {"readings": "readings.safetensors"}
    write_model_json(tmp_path, CARD, config, {}, [])
    assert load_mapping(tmp_path).readings is not None
    wrong = {"rows": torch.tensor([0, 4]), "values": torch.ones(2, 3), "open": torch.zeros(2)}
    save_file(tensors | {change: wrong[change]}, tmp_path / "readings.safetensors")
    write_model_json(tmp_path, CARD, config, {}, [])
    with pytest.raises(ModelError, match="readings"):
        load_mapping(tmp_path)
