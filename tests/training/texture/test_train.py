"""The training stages of the texture model, on tiny stand-ins: they run, resume and leave a painter that paints."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from clip_head.core.compat import prepare_torchvision
from clip_head.core.models import EMBEDDED
from clip_head.core.text import load_text_model
from clip_head.core.texture.albedo.canonical import load_canonical
from clip_head.core.texture.painter.load import load_painter
from clip_head.core.texture.painter.paint import paint_albedo
from clip_head.core.types import UVMaps
from clip_head.core.uv import load_layout
from clip_head.training.__main__ import main as train

prepare_torchvision()

from diffusers.models.embeddings import TextTimeEmbedding  # noqa: E402

from clip_head.core.texture.painter.autoencoder import PatchAutoencoder  # noqa: E402
from clip_head.training.texture import cache as texture_cache  # noqa: E402
from clip_head.training.texture.pairs import Pair, list_pairs  # noqa: E402
from clip_head.training.texture.text_pooling import appearance_labels, pretrain_text_pooling  # noqa: E402

pytestmark = pytest.mark.slow

SIZE = 128


@pytest.fixture(scope="module")
def pairs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve discs: the caption tells the colour, the normals lean to one side."""
    folder = tmp_path_factory.mktemp("pairs")
    y, x = (np.mgrid[:SIZE, :SIZE] + 0.5) / SIZE * 2 - 1
    inside = (x**2 + y**2 < 0.9)[..., None]
    for i in range(12):
        colour = [(180, 40, 40), (40, 60, 180)][i % 2]
        albedo = np.where(inside, colour, 0).astype(np.uint8)
        normal = np.where(inside, (128 + 20 * (i % 3), 128, 240), 0).astype(np.uint8)
        Image.fromarray(albedo).save(folder / f"{i:05d}_albedo.png")
        Image.fromarray(normal).save(folder / f"{i:05d}_normal.png")
        captions = [f"a {('red', 'blue')[i % 2]} face"]
        facts = {"captions": captions, "head": i, "held_out": i == 9, "control": f"{i:05d}_normal.png"}
        (folder / f"{i:05d}.json").write_text(json.dumps(facts))
    return folder


def test_pairs_are_held_out_as_their_head_is(pairs_folder: Path) -> None:
    pairs = list_pairs(pairs_folder)
    assert [pair.albedo.name for pair in pairs if pair.held_out] == ["00009_albedo.png"]
    assert pairs[1].captions == ("a blue face",)


def test_whitening_has_no_mean_and_unit_spread() -> None:
    torch.manual_seed(0)
    vae = PatchAutoencoder(latent_channels=8, block_out_channels=(48, 48, 16, 16, 16, 8), sample_size=SIZE)
    latents = torch.randn(200, 8, 4, 4) * (torch.rand(8, 1, 1) + 0.5) * 3 + torch.randn(8, 4, 4)
    texture_cache.set_statistics(vae, latents)
    white = texture_cache.whiten(vae, latents)
    assert white.mean(0).abs().max() < 1e-3
    assert (white.std(0) - 1).abs().max() < 0.2
    images = torch.rand(2, 3, SIZE, SIZE) * 2 - 1
    raw = texture_cache.encode_albedos(vae, ((images + 1) * 127.5).round().byte())
    assert torch.allclose(vae.encode(images).latent_dist.mean, texture_cache.whiten(vae, raw), atol=0.3)
    zero = vae.decode(torch.zeros(1, 8, 4, 4)).sample
    mean = vae.decoder(torch.nn.functional.pixel_shuffle(vae.latent_mean[None], 2))
    assert torch.allclose(zero, mean)


def test_the_stages_leave_a_painter(pairs_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    PatchAutoencoder(sample_size=SIZE).save_pretrained(tmp_path / "vae")
    command = ["texture", "--pairs", str(pairs_folder), "--vae", str(tmp_path / "vae"), "--out", str(tmp_path / "out")]
    command += ["--weights", str(tmp_path / "weights"), "--device", "cpu", "--batch", "2"]
    command += ["--minutes", "0.02", "--trunk-minutes", "0.01"]
    train(command)
    first = torch.load(tmp_path / "out" / "checkpoint.pt", weights_only=True)["step"]
    assert first > 0
    train(command)
    assert torch.load(tmp_path / "out" / "checkpoint.pt", weights_only=True)["step"] > first
    assert "11 pairs" in capsys.readouterr().out

    painter = load_painter(tmp_path / "weights", load_text_model(EMBEDDED / "text"))
    assert painter.size == SIZE
    facing = np.tile(np.array([0, 0, 1], np.float32), (SIZE, SIZE, 1))
    control = UVMaps(facing, facing, np.ones((SIZE, SIZE), bool))
    picture = paint_albedo(painter, control, "a red face", 0, SIZE)
    assert picture.shape == (SIZE, SIZE, 3)

    # A painter's folder is enough to go on from: what it painted, its training without a further minute paints, too.
    command = ["texture", "--pairs", str(pairs_folder), "--vae", str(tmp_path / "vae2"), "--minutes", "0"]
    command += ["--start", str(tmp_path / "weights"), "--out", str(tmp_path / "out2"), "--device", "cpu"]
    train([*command, "--weights", str(tmp_path / "weights2")])
    again = load_painter(tmp_path / "weights2", load_text_model(EMBEDDED / "text"))
    repainted = paint_albedo(again, control, "a red face", 0, SIZE)
    assert np.abs(repainted.astype(int) - picture).max() <= 2


def test_missing_pairs_are_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no pairs"):
        train(["texture", "--pairs", str(tmp_path), "--out", str(tmp_path / "out")])


def test_noise_varies_as_the_maps_do() -> None:
    torch.manual_seed(0)
    vae = PatchAutoencoder(
        latent_channels=8, block_out_channels=(48, 48, 16, 16, 16, 8), sample_size=SIZE, noise_rank=4
    )
    directions = torch.randn(2, 8 * 4 * 4)
    latents = (torch.randn(500, 2) @ directions + 0.3 * torch.randn(500, 8 * 4 * 4)).reshape(500, 8, 4, 4)
    texture_cache.set_noise(vae, latents)
    noise = vae.draw_noise(2000, torch.Generator().manual_seed(0)).flatten(1)
    assert (noise.std(0) - latents.flatten(1).std(0)).abs().max() < 0.25
    along = torch.nn.functional.normalize(directions[0], dim=0)
    assert abs((noise @ along).std() / (latents.flatten(1) @ along).std() - 1) < 0.1
    again = vae.draw_noise(2000, torch.Generator().manual_seed(0)).flatten(1)
    assert torch.equal(noise, again)


def test_the_face_weighs_most_where_the_lens_is() -> None:
    lens, weight = load_layout().lens, texture_cache.face_weight(32)
    assert lens is not None
    row, column = divmod(int(weight.argmax()), 32)
    assert abs((column + 0.5) / 32 - lens.u) < 0.04
    assert abs(1 - (row + 0.5) / 32 - lens.v) < 0.04
    assert weight.min() >= 1


def test_changed_controls_stay_images_of_the_same_head() -> None:
    torch.manual_seed(0)
    control = torch.nn.functional.interpolate(torch.rand(1, 3, 8, 8), (64, 64), mode="bicubic").clamp(0, 1)
    seen = [texture_cache.blurred_or_sharpened(control, np.random.default_rng(k)) for k in range(12)]
    assert all(image.min() >= 0 and image.max() <= 1 for image in seen)
    assert max((image - control).abs().mean() for image in seen) < 0.05
    assert 0 < sum(torch.equal(image, control) for image in seen) < 12


def test_the_probe_reads_colours_off_latents_and_counts_cells_by_their_weight() -> None:
    torch.manual_seed(0)
    latents = torch.randn(300, 8, 2, 2)
    colours = torch.randn(2, 2, 8, 12)
    labs = torch.nn.functional.pixel_shuffle(torch.einsum("nchw,hwck->nkhw", latents, colours), 2) * 20 + 50
    weight = torch.zeros(4, 4)
    weight[:2] = 1
    probe = texture_cache.fit_colour_probe(latents, labs, weight)
    assert probe.squared_error(latents).mean() == pytest.approx(1, abs=0.02)
    below = latents.clone()
    below[:, :, 0] = 0
    assert probe.squared_error(below).abs().max() < 1e-6


def test_eyes_and_lips_count_as_they_should() -> None:
    canonical = load_canonical(EMBEDDED / "texture")
    assert canonical is not None
    weights = texture_cache.cell_weights(canonical, EMBEDDED / "nphm", 64)
    assert weights.sum() == pytest.approx(1, abs=1e-5)
    assert weights[0, 0] == 0
    of_parts = texture_cache.EYES_WEIGHT + texture_cache.LIDS_WEIGHT + texture_cache.LIPS_WEIGHT
    strongest = weights.flatten().sort(descending=True).values
    assert of_parts < strongest[:200].sum() < 0.6
    lid, forehead = weights[22, 20:26].sum(), weights[16, 20:26].sum()
    assert lid > 5 * forehead > 0


def test_the_pooling_learns_what_captions_describe() -> None:
    width = 48
    torch.manual_seed(0)
    pooling = TextTimeEmbedding(width, 32, num_heads=4)
    nets = torch.nn.ModuleDict({"unet": torch.nn.ModuleDict({"add_embedding": pooling})})
    before = {name: tensor.clone() for name, tensor in pooling.state_dict().items()}
    looks = [{"hair": ("red", "blue")[k % 2], "skins": [["any", 1.0]], "freckles": 0} for k in range(8)]
    pairs = [Pair(str(k), Path(), Path(), (), {"appearance": look}) for k, look in enumerate(looks)]
    nothing = torch.zeros(0)
    probe = texture_cache.ColourProbe(nothing, nothing)
    cache = texture_cache.Cache(
        pairs, nothing, nothing, nothing, nothing, [[k % 2] for k in range(8)], torch.randn(2, 6, width), probe
    )
    args = argparse.Namespace(device="cpu", seed=0, words_minutes=0.02, words_steps=None)
    nets["unet"].add_embedding = pooling
    pretrain_text_pooling(args, nets, cache)
    assert any(not torch.equal(tensor, before[name]) for name, tensor in pooling.state_dict().items())
    with torch.no_grad():
        pooled = pooling(cache.tokens)
    assert torch.linalg.vector_norm(pooled[0] - pooled[1]) > 1
    assert appearance_labels(Pair("", Path(), Path(), (), {})) == {}
