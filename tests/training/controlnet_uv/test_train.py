"""From textured scans to a painter: eight small scans become pairs, a tiny ControlNet_uv learns of them and paints."""

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from clip_head.benchmarks.heads import rough_head
from clip_head.core.compat import prepare_torchvision
from clip_head.core.errors import MeshError, ModelError
from clip_head.core.text import load_text_model
from clip_head.core.texture.painter.checkpoint import FAMILIES, clip_tokenizer
from clip_head.core.texture.painter.load import load_painter
from clip_head.core.texture.painter.paint import paint_albedo
from clip_head.core.types import HeadMesh
from clip_head.core.uv import draw_uv_maps, load_layout, unwrap
from clip_head.training.__main__ import main as train
from clip_head.training.controlnet_uv import scans
from clip_head.training.controlnet_uv import train as controlnet_uv

prepare_torchvision()

from diffusers import (  # noqa: E402
    AutoencoderKL,
    ControlNetModel,
    DDIMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel  # noqa: E402

pytestmark = pytest.mark.slow

COUNT, SIZE = 8, 64
#: Colours of the scans tell where on the head they are: 0 to 255 over this box.
LOW, HIGH = np.array([-0.6, -0.8, -1.1]), np.array([0.6, 0.8, 0.6])


def colour_of(points: np.ndarray) -> np.ndarray:
    return (points - LOW) / (HIGH - LOW) * 255


def write_scan(folder: Path, number: int, scale: float = 1.0, move: tuple[float, float, float] = (0, 0, 0)) -> HeadMesh:
    """An OBJ with its texture in a layout of its own: one small square for each triangle, row by row."""
    head = rough_head(number, 0.07, hair=False)
    cells = int(np.ceil(np.sqrt(len(head.faces))))
    texels = 6
    image = np.zeros((cells * texels, cells * texels, 3), np.float32)
    coordinates = np.zeros((len(head.faces), 3, 2))
    for row, face in enumerate(head.faces):
        down, right = divmod(row, cells)
        # The triangle's corners lie in the middle of texels; the square's colours are affine in between and beyond.
        i, j = (np.mgrid[:texels, :texels] - 1) / (texels - 3)
        a, b, c = colour_of(head.vertices[face].astype(np.float64))
        square = a + j[..., None] * (b - a) + i[..., None] * (c - a)
        image[down * texels : (down + 1) * texels, right * texels : (right + 1) * texels] = square
        corner = np.array([right * texels, down * texels])
        place = corner + np.array([[1.5, 1.5], [texels - 1.5, 1.5], [1.5, texels - 1.5]])
        coordinates[row] = np.stack([place[:, 0] / len(image), 1 - place[:, 1] / len(image)], 1)
    name = f"scan{number}"
    Image.fromarray(image.round().clip(0, 255).astype(np.uint8)).save(folder / f"{name}.png")
    (folder / f"{name}.mtl").write_text(f"newmtl skin\nKd 1 1 1\nmap_Kd {name}.png\n")
    lines = [f"mtllib {name}.mtl", "usemtl skin"]
    lines += [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in head.vertices * scale + np.array(move)]
    lines += [f"vt {u:.6f} {v:.6f}" for u, v in coordinates.reshape(-1, 2)]
    lines += [
        "f " + " ".join(f"{vertex + 1}/{3 * row + corner + 1}" for corner, vertex in enumerate(face))
        for row, face in enumerate(head.faces)
    ]
    (folder / f"{name}.obj").write_text("\n".join(lines) + "\n")
    return head


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scans")
    for number in range(COUNT):
        write_scan(folder, number)
    (folder / "scan0.txt").write_text("an old man\n\na bald man\n")
    (folder / "broken.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    return folder


@pytest.fixture(scope="module")
def pairs(scanned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pairs")
    train(["scans", "--scans", str(scanned), "--out", str(out), "--size", str(SIZE), "--placed"])
    return out


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Stable Diffusion of the true classes, as diffusers saves it."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("base")
    text = {"vocab_size": 49408, "hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1}
    StableDiffusionPipeline(
        unet=UNet2DConditionModel(
            sample_size=SIZE // 8,
            block_out_channels=(16, 16),
            layers_per_block=1,
            down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
            cross_attention_dim=32,
            attention_head_dim=2,
            norm_num_groups=8,
        ),
        vae=AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            block_out_channels=(8, 8, 8, 8),
            norm_num_groups=4,
        ),
        text_encoder=CLIPTextModel(CLIPTextConfig(**text, num_attention_heads=2, pad_token_id=1)),
        tokenizer=clip_tokenizer("<|endoftext|>", 77),
        scheduler=DDIMScheduler(**json.loads((FAMILIES / "sd1.json").read_text())["noise"]),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder)
    return folder


def rows_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "metadata.jsonl").read_text().splitlines()]


def test_scans_become_aligned_pairs(pairs: Path) -> None:
    rows = rows_of(pairs)
    assert len(rows) == COUNT
    assert rows[0]["text"] == ["an old man", "a bald man"]
    assert rows[1]["text"] == "a face of a person"
    layout = load_layout()
    for number, row in enumerate(rows):
        head = rough_head(number, 0.07, hair=False)
        expected = draw_uv_maps(unwrap(HeadMesh(head.vertices, head.faces, 0 * head.vertices), layout), SIZE)
        image = np.asarray(Image.open(pairs / row["image"])).astype(np.float64)
        hint = np.asarray(Image.open(pairs / row["conditioning_image"])).astype(np.float64)
        assert image.shape == hint.shape == (SIZE, SIZE, 3)
        # The colour of each texel tells which point of the head it shows: the one that the aligned UV has there.
        away = np.abs(image - colour_of(expected.position))[expected.mask].max(axis=1)
        assert np.median(away) < 2
        assert np.quantile(away, 0.95) < 12
        assert np.abs(hint / 127.5 - 1 - expected.normal)[expected.mask].max() < 0.02
        assert (hint[~expected.mask] == 0).all()


def test_a_scan_from_anywhere_is_brought_to_one_place(scanned: Path, tmp_path: Path) -> None:
    write_scan(tmp_path, 0, scale=250.0, move=(30.0, 1500.0, -200.0))
    near, far = (scans.read_scan(folder / "scan0.obj") for folder in (scanned, tmp_path))
    assert np.abs(far.vertices).max() > 1000
    placed = scans.placed_vertices(far)
    assert np.abs(placed - scans.placed_vertices(near)).max() < 0.02
    assert np.abs(placed - near.vertices).max() < 0.3


def test_a_second_call_goes_on(pairs: Path, scanned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    images = sorted((pairs / "images").iterdir())
    before = [path.stat().st_mtime_ns for path in images]
    (pairs / "entries" / "scan3.json").unlink()
    train(["scans", "--scans", str(scanned), "--out", str(pairs), "--size", str(SIZE), "--placed"])
    changed = [p.name for p, t in zip(images, before, strict=True) if p.stat().st_mtime_ns != t]
    assert changed == ["scan3.png"]
    assert f"{COUNT} pairs" in capsys.readouterr().out


def test_colours_at_vertices_do_as_well(tmp_path: Path) -> None:
    import trimesh

    head = rough_head(1, 0.07, hair=False)
    colours = np.concatenate([colour_of(head.vertices), np.full((len(head.vertices), 1), 255)], axis=1)
    mesh = trimesh.Trimesh(head.vertices, head.faces, vertex_colors=colours.round().astype(np.uint8), process=False)
    mesh.export(tmp_path / "scan.ply")
    scan = scans.read_scan(tmp_path / "scan.ply")
    flat = unwrap(HeadMesh(head.vertices, head.faces, 0 * head.vertices), load_layout())
    maps = draw_uv_maps(flat, SIZE)
    away = np.abs(scans.bake(scan, scan.vertices, flat, SIZE, 1) - colour_of(maps.position))[maps.mask]
    assert np.median(away) < 2


def test_a_mesh_without_a_texture_is_named(scanned: Path, tmp_path: Path) -> None:
    (tmp_path / "bare.obj").write_text((scanned / "scan0.obj").read_text().replace("mtllib", "# "))
    with pytest.raises(MeshError, match="no texture"):
        scans.read_scan(tmp_path / "bare.obj")
    with pytest.raises(SystemExit, match="no scans"):
        train(["scans", "--scans", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit, match="None of the 1 scans"):
        train(["scans", "--scans", str(tmp_path), "--out", str(tmp_path / "out"), "--placed"])


def test_textures_are_looked_up_between_texels() -> None:
    image = np.zeros((2, 2, 3), np.uint8)
    image[0, 1] = 200
    centres = np.array([[0.75, 0.75], [0.5, 0.75], [0.25, 0.25], [1.25, 0.75]], np.float32)
    assert scans.look_up(image, centres)[:, 0].tolist() == pytest.approx([200, 100, 0, 0])


def test_blip_describes_a_scan(scanned: Path, tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        Blip2Config,
        Blip2ForConditionalGeneration,
        Blip2Processor,
        BlipImageProcessor,
        PreTrainedTokenizerFast,
    )

    vocabulary = {word: k for k, word in enumerate(["<pad>", "<s>", "</s>", "<unk>", "bald", "man", "with", "beard"])}
    words = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    marks = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, **marks)
    images = BlipImageProcessor(size={"height": 32, "width": 32})
    processor = Blip2Processor(images, tokenizer, num_query_tokens=4)
    narrow = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    torch.manual_seed(0)
    Blip2ForConditionalGeneration(
        Blip2Config(
            vision_config={**narrow, "intermediate_size": 16, "image_size": 32, "patch_size": 8},
            qformer_config={**narrow, "intermediate_size": 16, "encoder_hidden_size": 16, "vocab_size": 9},
            text_config={
                **narrow,
                "model_type": "opt",
                "vocab_size": len(processor.tokenizer),
                "ffn_dim": 16,
                "word_embed_proj_dim": 16,
                "max_position_embeddings": 64,
            },
            num_query_tokens=4,
            image_token_index=len(processor.tokenizer) - 1,
        )
    ).save_pretrained(tmp_path)
    processor.save_pretrained(tmp_path)

    scan = scans.read_scan(scanned / "scan0.obj")
    seen = scans.picture(scan, scan.vertices)
    assert seen.shape == (scans.VIEW_SIZE, scans.VIEW_SIZE, 3)
    assert 0.1 < (np.abs(seen.astype(int) - 230).max(axis=2) > 3).mean() < 0.8
    (caption,) = scans.load_captioner(tmp_path)(seen)
    assert set(caption.split()) <= {"bald", "man", "with", "beard", "<image>"}
    with pytest.raises(ModelError, match="no BLIP-2"):
        scans.load_captioner(tmp_path / "nowhere")


def arguments(pairs: Path, base: Path, out: Path, steps: int, *more: str) -> list[str]:
    usual = ["controlnet_uv", "--pairs", str(pairs), "--base", str(base), "--out", str(out), "--batch", "2"]
    usual += ["--rate", "1e-3", "--warmup", "2", "--device", "cpu", "--steps", str(steps), "--sheet-every", "0"]
    return [*usual, *more]


def test_training_resumes_saves_and_paints(pairs: Path, base: Path, tmp_path: Path) -> None:
    train(arguments(pairs, base, tmp_path / "twice", 2))
    train(arguments(pairs, base, tmp_path / "twice", 4, "--sheet-every", "4"))
    train(arguments(pairs, base, tmp_path / "once", 4))
    weights = "model/controlnet/diffusion_pytorch_model.safetensors"
    twice, once = (load_file(tmp_path / name / weights) for name in ("twice", "once"))
    assert all(torch.equal(twice[name], tensor) for name, tensor in once.items())
    log = [json.loads(line) for line in (tmp_path / "twice" / "log.jsonl").read_text().splitlines()]
    assert [entry["step"] for entry in log] == [1, 2, 3, 4]
    with Image.open(tmp_path / "twice" / "sheets" / "000004.png") as sheet:
        assert sheet.size == (4 * SIZE, 3 * SIZE)

    painter = load_painter(tmp_path / "twice" / "model", None)
    assert (painter.size, painter.steps, painter.card.name) == (SIZE, 25, "ControlNet_uv")
    # It began silent, with the base's own layers, and has learnt something.
    assert painter.pipeline.controlnet.controlnet_mid_block.weight.abs().max() > 0
    head = rough_head(0, 0.07, hair=False)
    control = draw_uv_maps(unwrap(HeadMesh(head.vertices, head.faces, 0 * head.vertices), load_layout()), SIZE)
    picture = paint_albedo(painter, control, "an old man", 0, SIZE)
    assert picture.shape == (SIZE, SIZE, 3)
    assert picture.std() > 1


def test_an_average_lags_behind(pairs: Path, base: Path, tmp_path: Path) -> None:
    train(arguments(pairs, base, tmp_path, 3, "--ema", "0.5"))
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    model = load_file(tmp_path / "model" / "controlnet" / "diffusion_pytorch_model.safetensors")
    assert all(torch.equal(model[name], tensor) for name, tensor in saved["average"].items())
    name = "controlnet_mid_block.weight"
    assert 0 < saved["average"][name].abs().max() < saved["modules"][name].abs().max()


def test_it_learns(pairs: Path, base: Path, tmp_path: Path) -> None:
    """On one step's noise, again and again, the error falls."""
    parser_args = arguments(pairs, base, tmp_path, 12)
    options = argparse.ArgumentParser()
    controlnet_uv.add_arguments(options)
    args = options.parse_args(parser_args[1:])
    workers = controlnet_uv.gather("cpu")
    opened = controlnet_uv.open_any(args, "cpu")
    net = opened.pipeline.controlnet
    noise = opened.pipeline.scheduler
    batch = controlnet_uv.draw_batch(args, controlnet_uv.list_examples(pairs), 0, workers)
    optimiser = torch.optim.AdamW(net.parameters(), 1e-2)
    losses = []
    for _ in range(15):
        loss = controlnet_uv.denoising_loss(opened, net, noise, batch, args, 0, workers)
        losses.append(float(loss))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert losses[-1] < 0.95 * losses[0]


def test_the_embedded_kind_is_trained_further(pairs: Path, tmp_path: Path) -> None:
    from clip_head.core.models import EMBEDDED

    command = arguments(pairs, EMBEDDED / "texture", tmp_path, 1, "--size", "512", "--batch", "1", "--rate", "1e-4")
    train(command)
    text = load_text_model(EMBEDDED / "text")
    painter, before = load_painter(tmp_path / "model", text), load_painter(EMBEDDED / "texture", text)
    assert (painter.size, painter.steps, painter.temperature) == (before.size, before.steps, before.temperature)
    changed = [
        not torch.equal(a, b)
        for a, b in zip(painter.pipeline.controlnet.parameters(), before.pipeline.controlnet.parameters(), strict=True)
    ]
    assert any(changed)
    assert all(
        torch.equal(a, b)
        for a, b in zip(painter.pipeline.unet.parameters(), before.pipeline.unet.parameters(), strict=True)
    )


def test_every_pair_comes_once_before_any_comes_again(tmp_path: Path) -> None:
    examples = [controlnet_uv.Example(Path(str(k)), Path(), ("a",)) for k in range(6)]
    args = argparse.Namespace(batch=2, seed=0)
    alone = controlnet_uv.gather("cpu")
    for start in (0, 3):
        seen = [
            e.image.name
            for step in range(start, start + 3)
            for _, e in controlnet_uv.draw_batch(args, examples, step, alone)
        ]
        assert sorted(seen) == [str(k) for k in range(6)]
    # Two processes share what one with a batch twice as large draws.
    args.batch = 4
    whole = controlnet_uv.draw_batch(args, examples, 5, alone)
    args.batch = 2
    shares = [
        row
        for rank in range(2)
        for row in controlnet_uv.draw_batch(args, examples, 5, dataclasses.replace(alone, rank=rank, count=2))
    ]
    assert shares == whole


@pytest.mark.parametrize("names", [("image", "conditioning_image"), ("file_name", "conditioning_image_file_name")])
def test_columns_as_other_tools_name_them(tmp_path: Path, names: tuple[str, str]) -> None:
    for name in ("a.png", "b.png"):
        Image.new("RGB", (4, 4)).save(tmp_path / name)
    row = {names[0]: "a.png", names[1]: "b.png", "text": "a face"}
    (tmp_path / "metadata.jsonl").write_text(json.dumps(row) + "\n")
    (example,) = controlnet_uv.list_examples(tmp_path)
    assert example == controlnet_uv.Example(tmp_path / "a.png", tmp_path / "b.png", ("a face",))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"image": "a.png", "text": "x"}, "no 'conditioning_image' in line 1"),
        ({}, "no 'image'"),
        ({"image": "a.png", "conditioning_image": "no.png", "text": "x"}, r"no .*no\.png, which line 1"),
    ],
)
def test_rows_that_lack_something_are_named(tmp_path: Path, row: dict[str, str], words: str) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    (tmp_path / "metadata.jsonl").write_text(json.dumps(row) + "\n")
    with pytest.raises(SystemExit, match=words):
        controlnet_uv.list_examples(tmp_path)
    with pytest.raises(SystemExit, match="no pairs"):
        controlnet_uv.list_examples(tmp_path / "nowhere")


def test_a_start_from_another_controlnet(pairs: Path, base: Path, tmp_path: Path) -> None:
    torch.manual_seed(1)
    unet = UNet2DConditionModel.from_pretrained(base / "unet", low_cpu_mem_usage=False)
    ControlNetModel.from_unet(unet).save_pretrained(tmp_path / "start")
    train(arguments(pairs, base, tmp_path / "out", 0, "--controlnet", str(tmp_path / "start")))
    name = "diffusion_pytorch_model.safetensors"
    start, end = load_file(tmp_path / "start" / name), load_file(tmp_path / "out" / "model" / "controlnet" / name)
    assert all(torch.equal(end[key], tensor) for key, tensor in start.items())
