"""LoRA files in all their spellings, merged into a tiny model."""

import pytest
import torch
from diffusers import LCMScheduler
from safetensors.torch import save_file

from clip_head.core.errors import ModelError
from clip_head.core.texture.painter.load import load_painter
from clip_head.core.texture.painter.paint import paint_albedo
from clip_head.core.types import UVMaps

from .conftest import Describe, Tensors, save

pytestmark = pytest.mark.slow

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
