"""Painters put together from checkpoints as artists have them: tiny, of the true classes and in the true formats."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from clip_head.core.compat import prepare_torchvision
from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import load_models
from clip_head.core.text import load_text_model
from clip_head.core.texture import Painter, load_painter, paint_albedo
from clip_head.core.texture.painter.paint import control_image
from clip_head.core.texture.painter.stable_diffusion import FAMILIES, clip_tokenizer, load_family, spares_memory
from clip_head.core.types import UVMaps

prepare_torchvision()

from diffusers import (  # noqa: E402
    AutoencoderKL,
    ControlNetModel,
    DDIMScheduler,
    LCMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
    UniPCMultistepScheduler,
)
from transformers import CLIPTextConfig, CLIPTextModel  # noqa: E402

Tensors = dict[str, torch.Tensor]

#: As Stable Diffusion 1, two levels deep and a few channels wide.
TINY: dict[str, Any] = {
    "name": "tiny",
    "pad": "<|endoftext|>",
    "unet": {
        "sample_size": 8,
        "in_channels": 4,
        "out_channels": 4,
        "block_out_channels": [16, 32],
        "layers_per_block": 1,
        "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"],
        "cross_attention_dim": 32,
        "attention_head_dim": 2,
        "norm_num_groups": 8,
    },
    "vae": {
        "down_block_types": ["DownEncoderBlock2D"] * 4,
        "up_block_types": ["UpDecoderBlock2D"] * 4,
        "block_out_channels": [8, 8, 16, 16],
        "layers_per_block": 1,
        "norm_num_groups": 4,
        "latent_channels": 4,
        "sample_size": 64,
    },
    "text_encoder": {
        "vocab_size": 49408,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "max_position_embeddings": 77,
        "bos_token_id": 49406,
        "eos_token_id": 49407,
        "pad_token_id": 1,
    },
    # Saved schedulers say how their steps are spaced; the first ones did not.
    "noise": json.loads((FAMILIES / "sd1.json").read_text())["noise"] | {"timestep_spacing": "leading"},
}


@pytest.fixture(scope="module")
def parts() -> dict[str, Any]:
    """The parts of a pipeline; words and control image matter to it."""
    torch.manual_seed(0)
    unet = UNet2DConditionModel.from_config(TINY["unet"])
    controlnet = ControlNetModel.from_unet(unet)
    for name, parameter in unet.named_parameters():
        if "attn2" in name:
            torch.nn.init.normal_(parameter, std=0.5)
    for part in ("controlnet_down_blocks", "controlnet_mid_block", "controlnet_cond_embedding"):
        for parameter in getattr(controlnet, part).parameters():
            torch.nn.init.normal_(parameter, std=0.2)
    return {
        "unet": unet,
        "vae": AutoencoderKL.from_config(TINY["vae"]),
        "text_encoder": CLIPTextModel(CLIPTextConfig(**TINY["text_encoder"])).eval(),
        "controlnet": controlnet,
    }


@pytest.fixture(scope="module")
def shop(parts: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every form in which the same model is passed on."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "tiny.json").write_text(json.dumps(TINY))
    StableDiffusionPipeline(
        **{name: parts[name] for name in ("unet", "vae", "text_encoder")},
        tokenizer=clip_tokenizer("<|endoftext|>", 77),
        scheduler=DDIMScheduler(**TINY["noise"]),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder / "base")
    parts["controlnet"].save_pretrained(folder / "controlnet_uv")
    save(folder / "base.safetensors", original_checkpoint(parts))
    save(folder / "control_original.safetensors", original_controlnet(parts["controlnet"]))
    save(folder / "control_diffusers.safetensors", parts["controlnet"].state_dict())
    return folder


Describe = Callable[..., Path]


@pytest.fixture
def describe(shop: Path, tmp_path: Path) -> Describe:
    """Writes a model.json as an artist would; returns its folder."""

    def write(**config: Any) -> Path:
        usual: dict[str, Any] = {
            "base": "base.safetensors",
            "controlnet": "controlnet_uv",
            "architecture": "tiny.json",
            "steps": 2,
        }
        entries = {name: entry for name, entry in (usual | config).items() if entry is not None}
        for name in ("base", "controlnet", "architecture", "inpaint", "lora"):
            if isinstance(entries.get(name), str) and (shop / entries[name]).exists():
                entries[name] = str(shop / entries[name])
        (tmp_path / "model.json").write_text(json.dumps({"kind": "texture", "name": "mine", "config": entries}))
        return tmp_path

    return write


def save(path: Path, tensors: Tensors) -> None:
    save_file({key: tensor.detach().clone().contiguous() for key, tensor in tensors.items()}, path)


def original_checkpoint(parts: dict[str, Any]) -> Tensors:
    """As the first Stable Diffusion was passed on: all parts in one table, in the latent diffusion code's words."""
    unet = original_unet(parts["unet"].state_dict(), "model.diffusion_model.")
    text = {f"cond_stage_model.transformer.text_model.{k}": t for k, t in parts["text_encoder"].state_dict().items()}
    return unet | original_vae(parts["vae"].state_dict()) | text | {"model_ema.decay": torch.ones(())}


RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}


def original_unet(state: Tensors, prefix: str, layers: int = 1) -> Tensors:
    """diffusers' names of a UNet's (or a ControlNet's) layers as the latent diffusion code has them."""
    plain = {
        "time_embedding.linear_1": "time_embed.0",
        "time_embedding.linear_2": "time_embed.2",
        "conv_in": "input_blocks.0.0",
        "conv_norm_out": "out.0",
        "conv_out": "out.2",
        "mid_block.resnets.0": "middle_block.0",
        "mid_block.attentions.0": "middle_block.1",
        "mid_block.resnets.1": "middle_block.2",
    }
    for level in range(2):
        for layer in range(layers):
            block = f"input_blocks.{(layers + 1) * level + layer + 1}"
            plain[f"down_blocks.{level}.resnets.{layer}"] = f"{block}.0"
            plain[f"down_blocks.{level}.attentions.{layer}"] = f"{block}.1"
        plain[f"down_blocks.{level}.downsamplers.0.conv"] = f"input_blocks.{(layers + 1) * (level + 1)}.0.op"
        for layer in range(layers + 1):
            block = f"output_blocks.{(layers + 1) * level + layer}"
            plain[f"up_blocks.{level}.resnets.{layer}"] = f"{block}.0"
            plain[f"up_blocks.{level}.attentions.{layer}"] = f"{block}.1"
        last = f"output_blocks.{(layers + 1) * level + layers}"
        plain[f"up_blocks.{level}.upsamplers.0.conv"] = f"{last}.{1 if level == 0 else 2}.conv"
    found = {}
    for key, tensor in state.items():
        start = max((p for p in plain if key.startswith(f"{p}.")), key=len)
        rest = key[len(start) + 1 :]
        if "resnets" in start:
            inner = next(name for name in RESNET if rest.startswith(f"{name}."))
            rest = RESNET[inner] + rest[len(inner) :]
        found[f"{prefix}{plain[start]}.{rest}"] = tensor
    return found


def original_vae(state: Tensors) -> Tensors:
    found = {}
    for key, tensor in state.items():
        name = key
        for level in range(4):
            name = name.replace(f"encoder.down_blocks.{level}.", f"encoder.down.{level}.")
            name = name.replace(f"decoder.up_blocks.{level}.", f"decoder.up.{3 - level}.")
        pairs = {
            "downsamplers.0": "downsample",
            "upsamplers.0": "upsample",
            "mid_block.resnets.0": "mid.block_1",
            "mid_block.resnets.1": "mid.block_2",
            "mid_block.attentions.0": "mid.attn_1",
            "resnets.": "block.",
            "conv_shortcut": "nin_shortcut",
            "conv_norm_out": "norm_out",
            "group_norm": "norm",
            "to_q": "q",
            "to_k": "k",
            "to_v": "v",
            "to_out.0": "proj_out",
        }
        for ours, theirs in pairs.items():
            name = name.replace(ours, theirs)
        attention = "attn_1" in name and name.endswith("weight") and "norm" not in name
        found[f"first_stage_model.{name}"] = tensor[..., None, None] if attention else tensor
    return found


def original_controlnet(controlnet: Any) -> Tensors:
    """As lllyasviel's ControlNets are passed on."""
    found, body = {}, {}
    for key, tensor in controlnet.state_dict().items():
        name, last = key.rsplit(".", 1)
        words = name.split(".")
        if words[0] == "controlnet_cond_embedding":
            place = {"conv_in": 0, "conv_out": 14}.get(words[1])
            found[f"control_model.input_hint_block.{2 + 2 * int(words[2]) if place is None else place}.{last}"] = tensor
        elif words[0] == "controlnet_down_blocks":
            found[f"control_model.zero_convs.{words[1]}.0.{last}"] = tensor
        elif words[0] == "controlnet_mid_block":
            found[f"control_model.middle_block_out.0.{last}"] = tensor
        else:
            body[key] = tensor
    return found | original_unet(body, "control_model.")


def picture(painter: Painter, control: UVMaps, words: str = "an old man") -> np.ndarray:
    return paint_albedo(painter, control, words, 3, 64)


@pytest.mark.parametrize(
    ("family", "unet", "text", "controlnet"),
    [("sd1", 859_520_964, 123_060_480, 361_279_120), ("sd2", 865_910_724, 340_387_840, 364_228_240)],
)
def test_the_families_are_those_that_were_published(family: str, unet: int, text: int, controlnet: int) -> None:
    described = load_family(FAMILIES / f"{family}.json")
    with torch.device("meta"):
        net = UNet2DConditionModel.from_config(described.unet)
        models = (
            net,
            AutoencoderKL.from_config(described.vae),
            CLIPTextModel(CLIPTextConfig(**described.text_encoder)),
            ControlNetModel.from_unet(net, load_weights_from_unet=False),
        )
    assert [sum(p.numel() for p in model.parameters()) for model in models] == [unet, 83_653_863, text, controlnet]


@pytest.mark.parametrize("words", ["an old man, with a Big nose's & 12 wrinkles", "", "été 日本語", "a " * 100])
def test_words_are_cut_up_as_clip_does(words: str) -> None:
    import open_clip

    expected = open_clip.SimpleTokenizer(context_length=77)([words])[0].tolist()
    tokens = clip_tokenizer("!", 77)(words, padding="max_length", truncation=True).input_ids
    assert tokens == expected


def test_every_form_of_a_model_paints_the_same_picture(describe: Describe, control: UVMaps) -> None:
    seen = [
        picture(load_painter(describe(base=base, controlnet=controlnet, scheduler="unipc"), None), control)
        for base, controlnet in (
            ("base", "controlnet_uv"),
            ("base.safetensors", "controlnet_uv"),
            ("base.safetensors", "control_original.safetensors"),
            ("base", "control_diffusers.safetensors"),
        )
    ]
    assert seen[0].std() > 1
    assert all(np.array_equal(seen[0], other) for other in seen[1:])


def test_words_and_shape_matter(describe: Describe, control: UVMaps) -> None:
    painter = load_painter(describe(), None)
    flat = UVMaps(np.zeros_like(control.normal), control.position, control.mask)
    assert not np.array_equal(picture(painter, control), picture(painter, control, "red lips"))
    assert not np.array_equal(picture(painter, control), picture(painter, flat))


def test_a_handwritten_description_needs_little(describe: Describe) -> None:
    painter = load_painter(describe(guidance=3, prompt="{}, 8k", negative="blurry"), None)
    assert (painter.card.name, painter.size, painter.steps, painter.guidance) == ("mine", 64, 2, 3)
    assert (painter.wording, painter.negative, painter.layout, painter.inpainter) == ("{}, 8k", "blurry", None, None)
    assert isinstance(painter.pipeline.scheduler, UniPCMultistepScheduler)
    assert load_painter(describe(size=128), None).size == 128


def test_a_negative_and_a_wording_are_heard(describe: Describe, control: UVMaps) -> None:
    plain = picture(load_painter(describe(), None), control)
    assert not np.array_equal(plain, picture(load_painter(describe(negative="blurry"), None), control))
    worded = picture(load_painter(describe(prompt="a picture of {}"), None), control)
    said = picture(load_painter(describe(), None), control, "a picture of an old man")
    assert np.array_equal(worded, said)


def test_the_second_generation_reads_words_as_open_clip_does(parts: dict[str, Any], describe: Describe) -> None:
    import open_clip

    torch.manual_seed(1)
    text = {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2}
    vision = {"layers": 1, "width": 32, "head_width": 16, "patch_size": 8, "image_size": 16}
    clip = open_clip.CLIP(embed_dim=32, vision_cfg=vision, text_cfg=text).eval()
    kept = ("transformer.", "token_embedding", "positional_embedding", "ln_final", "text_projection")
    states = {f"cond_stage_model.model.{k}": t for k, t in clip.state_dict().items() if k.startswith(kept)}
    older = {k: t for k, t in original_checkpoint(parts).items() if not k.startswith("cond_stage_model")}
    family = TINY | {
        "pad": "!",
        "text_encoder": TINY["text_encoder"] | {"hidden_act": "gelu", "intermediate_size": 128},
    }
    folder = describe(base="new.safetensors", architecture="family.json", prediction="v_prediction")
    save(folder / "new.safetensors", older | states)
    (folder / "family.json").write_text(json.dumps(family))
    pipeline = load_painter(folder, None).pipeline
    assert pipeline.scheduler.config.prediction_type == "v_prediction"

    tokens = torch.tensor([pipeline.tokenizer("a face", padding="max_length").input_ids])
    with torch.no_grad():
        found = pipeline.text_encoder(tokens)[0]
        states_in = clip.token_embedding(tokens) + clip.positional_embedding
        # Stable Diffusion 2 reads the states before open_clip's last layer.
        expected = clip.ln_final(clip.transformer.resblocks[0](states_in, attn_mask=clip.attn_mask))
    assert torch.allclose(found, expected, atol=1e-5)


def test_precision_and_memory(describe: Describe) -> None:
    painter = load_painter(describe(precision="float16", slicing=True), None)
    assert painter.pipeline.unet.dtype == painter.pipeline.controlnet.dtype == torch.float16
    assert "Sliced" in type(next(iter(painter.pipeline.unet.attn_processors.values()))).__name__
    assert not spares_memory("auto", None)
    assert spares_memory("auto", 4 * 2**30)
    assert not spares_memory("auto", 24 * 2**30)
    assert not spares_memory(False, 4 * 2**30)


PLACE = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0"
CONV = "mid_block.resnets.0.conv1"


def lora(style: str) -> Tensors:
    """One LoRA of rank 2 on a linear layer and, except in the oldest style, a convolution."""
    torch.manual_seed(5)
    down, up = torch.randn(2, 16), torch.randn(16, 2)
    deep, wide = torch.randn(2, 32, 3, 3), torch.randn(32, 2, 1, 1)
    if style == "kohya":
        found: Tensors = {}
        for place, (a, b) in {PLACE: (down, up), CONV: (deep, wide)}.items():
            name = f"lora_unet_{place.replace('.', '_')}"
            found |= {f"{name}.lora_down.weight": a, f"{name}.lora_up.weight": b, f"{name}.alpha": torch.tensor(2.0)}
        return found
    if style == "peft":
        return {
            f"unet.{PLACE}.lora_A.weight": down,
            f"unet.{PLACE}.lora_B.weight": up,
            f"unet.{CONV}.lora_A.weight": deep,
            f"unet.{CONV}.lora_B.weight": wide,
        }
    old = PLACE.replace("attn1.to_out.0", "attn1.processor.to_out_lora")
    return {f"unet.{old}.down.weight": down, f"unet.{old}.up.weight": up}


@pytest.mark.parametrize("style", ["kohya", "peft", "processor"])
def test_loras_are_added_to_the_weights(describe: Describe, style: str) -> None:
    folder = describe(lora={"file": "style.safetensors", "strength": 0.5})
    save(folder / "style.safetensors", lora(style))
    changed = load_painter(folder, None).pipeline.unet
    plain = load_painter(describe(), None).pipeline.unet
    names = lora("peft")
    linear = 0.5 * names[f"unet.{PLACE}.lora_B.weight"] @ names[f"unet.{PLACE}.lora_A.weight"]
    difference = changed.get_submodule(PLACE).weight - plain.get_submodule(PLACE).weight
    assert torch.allclose(difference, linear, atol=1e-5)
    if style != "processor":
        # A convolution by `deep`, then one of single pixels by `wide`, is what the merged weight adds.
        image = torch.randn(1, 32, 5, 5)
        deep, wide = (names[f"unet.{CONV}.lora_{letter}.weight"] for letter in "AB")
        both = torch.nn.functional.conv2d(torch.nn.functional.conv2d(image, deep, padding=1), wide)
        after, before = changed.get_submodule(CONV), plain.get_submodule(CONV)
        assert torch.allclose(after(image) - before(image), 0.5 * both, atol=1e-3)
    others = [n for n, p in plain.named_parameters() if not torch.equal(p, changed.get_parameter(n))]
    assert set(others) == {f"{PLACE}.weight"} | (set() if style == "processor" else {f"{CONV}.weight"})


def test_alpha_scales_a_lora_and_several_add_up(describe: Describe) -> None:
    table = lora("kohya")
    folder = describe(lora=["a.safetensors", {"file": "b.safetensors", "strength": 2}])
    save(folder / "a.safetensors", {k: t / 2 if k.endswith("alpha") else t for k, t in table.items()})
    save(folder / "b.safetensors", table)
    changed, plain = load_painter(folder, None).pipeline.unet, load_painter(describe(), None).pipeline.unet
    names = lora("peft")
    once = names[f"unet.{PLACE}.lora_B.weight"] @ names[f"unet.{PLACE}.lora_A.weight"]
    difference = changed.get_submodule(PLACE).weight - plain.get_submodule(PLACE).weight
    assert torch.allclose(difference, 2.5 * once, atol=1e-4)


def test_few_steps_by_lcm(describe: Describe, control: UVMaps) -> None:
    folder = describe(lora="lcm.safetensors", scheduler="lcm", steps=4, guidance=1)
    save(folder / "lcm.safetensors", lora("kohya"))
    painter = load_painter(folder, None)
    assert isinstance(painter.pipeline.scheduler, LCMScheduler)
    seen: list[float] = []
    painted = paint_albedo(painter, control, "a face", 0, 64, lambda _, fraction: seen.append(fraction))
    assert painted.std() > 1
    assert seen == [0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize(
    ("tensors", "words"),
    [
        ({"lora_unet_no_such_layer.lora_down.weight": torch.ones(2, 4)}, "does not fit"),
        ({f"unet.{PLACE}.lora_A.weight": torch.ones(2, 99)}, "does not fit"),
        ({f"lora_unet_{PLACE.replace('.', '_')}.hada_w1_a": torch.ones(2)}, "LoHa"),
        ({"weight": torch.ones(2)}, "is no LoRA"),
        ({"lora_unet_x.lora_what": torch.ones(2)}, "named in no way"),
        ({f"unet.{PLACE}.lora_A.weight": torch.full((2, 16), float("nan"))}, "not finite"),
    ],
)
def test_loras_that_do_not_fit_are_named(describe: Describe, tensors: Tensors, words: str) -> None:
    folder = describe(lora="style.safetensors")
    save(folder / "style.safetensors", tensors)
    with pytest.raises(ModelError, match=rf"style\.safetensors.*{words}|{words}"):
        load_painter(folder, None)


@pytest.mark.parametrize("settings", ["[" * 100_000, "3", '{"unet.lora_alpha": "1"}', '{"unet.lora_alpha": NaN}'])
def test_settings_of_a_lora_that_make_no_sense_are_named(describe: Describe, settings: str) -> None:
    folder = describe(lora="style.safetensors")
    tensors = {
        "unet.conv_in.lora_A.weight": torch.zeros(1, 4, 3, 3),
        "unet.conv_in.lora_B.weight": torch.zeros(16, 1, 1, 1),
    }
    save_file(tensors, folder / "style.safetensors", {"lora_adapter_metadata": settings})
    with pytest.raises(ModelError, match=r"style\.safetensors is damaged"):
        load_painter(folder, None)


class Trap:
    """A pickle of it writes a file when it is opened."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (self.file, "opened")


@pytest.mark.parametrize("name", ["base", "controlnet", "inpaint", "lora"])
@pytest.mark.parametrize("ending", ["ckpt", "bin", "pt", "PTH"])
def test_pickles_are_refused_by_name(describe: Describe, tmp_path: Path, name: str, ending: str) -> None:
    folder = describe(**{name: f"evil.{ending}"})
    (folder / f"evil.{ending}").write_bytes(pickle.dumps(Trap(tmp_path / "opened")))
    with pytest.raises(ModelError, match=rf"evil\.{ending} is a pickle"):
        load_painter(folder, None)
    assert not (tmp_path / "opened").exists()


def test_folders_of_pickles_are_refused_by_name(describe: Describe, shop: Path, tmp_path: Path) -> None:
    folder = describe(controlnet="bad")
    (folder / "bad").mkdir()
    (folder / "bad" / "config.json").write_text((shop / "controlnet_uv" / "config.json").read_text())
    (folder / "bad" / "diffusion_pytorch_model.bin").write_bytes(pickle.dumps(Trap(tmp_path / "opened")))
    with pytest.raises(ModelError, match=r"diffusion_pytorch_model\.bin is a pickle"):
        load_painter(folder, None)
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"controlnet": None}, "lacks 'controlnet'"),
        ({"base": "nowhere.safetensors"}, "There is no .*nowhere"),
        ({"base": 3}, "says 3 for 'base'"),
        ({"controlnet_scale": 1}, "'controlnet_scale', which means nothing here"),
        ({"scheduler": "ddpm"}, "'ddpm' for 'scheduler'"),
        ({"steps": "many"}, "'many' for 'steps'"),
        ({"steps": 0}, "0 for 'steps'"),
        ({"size": 60}, "60 for the size"),
        ({"precision": "int8"}, "'int8' for 'precision'"),
        ({"procedure": "magic"}, "'magic' for 'procedure'"),
        ({"layout": "nowhere.obj"}, "no UV layout"),
        ({"layout": "deep.json"}, r"deep\.json is not a UV layout .*nested"),
        ({"architecture": "deep.json"}, r"deep\.json does not describe a family .*nested"),
        ({"base": "endless.safetensors"}, "There is no .*endless"),
        ({"procedure": "official"}, "no UV layout .*reference_uv_vt_scaled"),
        ({"architecture": None}, "none of Stable Diffusion 1 or 2"),
        ({"base": "control_original.safetensors", "architecture": None}, "is a ControlNet"),
        ({"base": "control_original.safetensors"}, "no whole UNet2DConditionModel"),
        ({"base": "controlnet_uv"}, "no pipeline"),
        ({"controlnet": "base"}, "has no config.json"),
        ({"controlnet": "base.safetensors"}, "no whole ControlNetModel"),
        ({"architecture": "base.safetensors"}, "does not describe a family"),
    ],
)
def test_what_is_wrong_is_named(describe: Describe, tmp_path: Path, config: dict[str, Any], words: str) -> None:
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "endless.safetensors").symlink_to("/dev/zero")
    with pytest.raises(ModelError, match=words):
        load_painter(describe(**config), None)


@pytest.mark.parametrize("part", ["scheduler", "tokenizer", "vae"])
def test_parts_of_other_libraries_are_not_imported(describe: Describe, shop: Path, tmp_path: Path, part: str) -> None:
    base = shutil.copytree(shop / "base", tmp_path / "other")
    index = json.loads((base / "model_index.json").read_text()) | {part: ["antigravity", "Class"]}
    (base / "model_index.json").write_text(json.dumps(index))
    with pytest.raises(ModelError, match=rf"'antigravity', 'Class'\] for '{part}', which is no class of diffusers"):
        load_painter(describe(base=str(base)), None)


def test_code_beside_a_base_model_is_refused_by_name(describe: Describe, shop: Path, tmp_path: Path) -> None:
    base = shutil.copytree(shop / "base", tmp_path / "other")
    config = json.loads((base / "text_encoder" / "config.json").read_text()) | {"auto_map": {"AutoModel": "evil.Model"}}
    (base / "text_encoder" / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match=r"text_encoder.config\.json names Python code"):
        load_painter(describe(base=str(base)), None)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("conditioner.embedders.0.transformer.weight", "Stable Diffusion XL"),
        ("model.diffusion_model.double_blocks.0.weight", "Flux"),
        ("lora_unet_x.lora_up.weight", "under 'lora'"),
    ],
)
def test_other_families_are_named(describe: Describe, key: str, words: str) -> None:
    folder = describe(base="other.safetensors", architecture=None)
    save(folder / "other.safetensors", {key: torch.ones(2)})
    with pytest.raises(ModelError, match=words):
        load_painter(folder, None)


def test_a_controlnet_of_another_family_is_named(describe: Describe, parts: dict[str, Any]) -> None:
    folder = describe(controlnet="other")
    other = UNet2DConditionModel.from_config(TINY["unet"] | {"cross_attention_dim": 48})
    ControlNetModel.from_unet(other).save_pretrained(folder / "other")
    save(folder / "other.safetensors", ControlNetModel.from_unet(other).state_dict())
    for name in ("other", "other.safetensors"):
        with pytest.raises(ModelError, match="made for models that read words of 48 numbers"):
            load_painter(describe(controlnet=name), None)


def test_numbers_that_are_not_finite_are_named(describe: Describe, parts: dict[str, Any]) -> None:
    table = original_checkpoint(parts)
    key = next(key for key in table if key.startswith("first_stage_model."))
    folder = describe(base="spoilt.safetensors")
    save(folder / "spoilt.safetensors", table | {key: torch.full_like(table[key], float("nan"))})
    with pytest.raises(ModelError, match="not finite, in vae"):
        load_painter(folder, None)


LAYOUT = Path(FAMILIES).parents[2] / "uv" / "layouts" / "embedded.json"


def test_the_official_procedure(describe: Describe, parts: dict[str, Any], control: UVMaps) -> None:
    """Its settings, a checkpoint for inpainting with nine channels, and the layout from the user's folder."""
    torch.manual_seed(2)
    nine = UNet2DConditionModel.from_config(TINY["unet"] | {"in_channels": 9})
    folder = describe(procedure="official", steps=2, inpaint="inpaint.safetensors", layout="mine.json")
    save(folder / "inpaint.safetensors", original_checkpoint(parts | {"unet": nine}))
    (folder / "mine.json").write_bytes(LAYOUT.read_bytes())
    painter = load_painter(folder, None)
    assert (painter.size, painter.steps, painter.guidance, painter.control_scale) == (160, 2, 10.0, 0.85)
    assert painter.layout == folder / "mine.json"
    assert painter.encoding == "official"
    assert painter.inpainter.unet.config.in_channels == 9
    assert painter.inpainter.controlnet is painter.pipeline.controlnet

    place = np.arange(160) * 64 // 160
    large = UVMaps(*(field[place][:, place] for field in (control.normal, control.position, control.mask)))
    seen: list[float] = []
    painted = paint_albedo(painter, large, "an old man", 3, 128, lambda _, fraction: seen.append(fraction))
    assert painted.shape == (128, 128, 3)
    assert painted.std() > 1
    assert seen == pytest.approx([k / 6 for k in range(1, 7)])
    assert np.array_equal(painted, paint_albedo(painter, large, "an old man", 3, 128))


def test_the_official_encoding(control: UVMaps) -> None:
    image = control_image(control, "official")[0].numpy()
    inside = control.mask
    for channel, axis in enumerate((2, 1, 0)):
        decoded = image[channel][inside] * 4 * np.pi - 2 * np.pi
        assert np.abs(decoded - control.normal[..., axis][inside]).max() < 1e-5
    assert (image[:, ~inside] == 0).all()


def test_a_folder_may_hold_nothing_but_the_painter(describe: Describe, tmp_path: Path) -> None:
    """Words and shapes are the embedded models' work then, and heads are laid out as the painter wants them."""
    layout = json.loads(LAYOUT.read_text()) | {"name": "of the user's folder"}
    models_folder = tmp_path / "models"
    models_folder.mkdir()
    (models_folder / "texture").symlink_to(describe(layout="mine.json"), target_is_directory=True)
    (tmp_path / "mine.json").write_text(json.dumps(layout))
    models = load_models(models_folder)
    assert models.painter.card.name == "mine"
    assert models.layout.name == "of the user's folder"
    assert models.text.card == load_text_model(EMBEDDED / "text").card
