"""What a model.json says is checked before anything is loaded: every entry has a type and a range."""

import json
from pathlib import Path
from typing import Any

import pytest

from clip_head.core.errors import ModelError
from clip_head.core.model_schema import LARGE_PAINTER, config_table
from clip_head.core.models import EMBEDDED, open_model_folder
from clip_head.core.schema import SchemaError, shown
from clip_head.core.texture.painter.stable_diffusion import SCHEDULERS

NAN = float("nan")
MAPPING = {"identity": "a.safetensors", "expression": "b.safetensors"}
LARGE = {"base": "base", "controlnet": "controlnet_uv"}
NPHM = json.loads((EMBEDDED / "nphm" / "model.json").read_text())["config"]


def check(kind: str, config: Any) -> None:
    config_table(kind, config).check("", config)


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("splitter", {}),
        ("text", {"open_clip": "ViT-H-14", "weights": "/models/open_clip_model.safetensors"}),
        ("text", {"open_clip": "local-dir", "context_length": None}),
        ("mapping", MAPPING | {"sentence": "A face of a person, {}"}),
        ("mapping", {"identity": "clip2nphm_model_0.pth", "expression": "deeper/b.pth"}),
        ("nphm", {"architecture": "official"}),
        ("nphm", NPHM),
        ("upscaler", {}),
        ("upscaler", {"file": "~/models/RealESRGAN_x2plus.pth"}),
        ("texture", {}),
        ("texture", {"steps": 4, "guidance": 1.7, "control_scale": 1, "temperature": 0.15}),
        ("texture", LARGE),
        ("texture", LARGE | {"lora": "lcm.safetensors", "scheduler": "lcm", "steps": 6, "guidance": 1.5}),
        ("texture", LARGE | {"lora": {"file": "../loras/a.safetensors", "strength": 0.8}, "slicing": True}),
        ("texture", LARGE | {"lora": ["a.safetensors", {"file": "b.safetensors"}], "prompt": "{}, (skin:1.2) {x}"}),
        ("texture", LARGE | {"inpaint": "in", "procedure": "official", "prediction": "v_prediction", "size": 768}),
        ("texture", LARGE | {"precision": "float16", "slicing": "auto", "layout": "mine.obj", "control": "official"}),
        ("texture", LARGE | {"scheduler": None, "negative": ""}),
    ],
)
def test_what_the_readme_and_our_own_models_say_is_allowed(kind: str, config: dict[str, Any]) -> None:
    check(kind, config)


@pytest.mark.parametrize(
    ("kind", "config", "words"),
    [
        ("splitter", {"width": 3}, "'width', which means nothing"),
        ("text", {}, "lacks 'open_clip'"),
        ("text", {"open_clip": "hf-hub:somebody/model"}, "'hf-hub:somebody/model' for 'open_clip'"),
        ("text", {"open_clip": "local-dir:/etc"}, "for 'open_clip'"),
        ("text", {"open_clip": "local-dir", "context_length": 10**9}, "1000000000 for 'context_length'"),
        ("mapping", {"identity": "a.safetensors"}, "lacks 'expression'"),
        ("mapping", MAPPING | {"identity": "../a.safetensors"}, "'../a.safetensors' for 'identity'"),
        ("mapping", MAPPING | {"basis": "/a.safetensors"}, "for 'basis'"),
        ("mapping", MAPPING | {"spread": ["a"]}, "for 'spread'"),
        ("mapping", MAPPING | {"hair_styles": -1}, "-1 for 'hair_styles'"),
        ("mapping", MAPPING | {"beards": 2.0}, "2.0 for 'beards'"),
        ("mapping", MAPPING | {"hair_styles": True}, "True for 'hair_styles'"),
        ("mapping", MAPPING | {"sentence": "{1}"}, r"'\{1\}' for 'sentence'"),
        ("mapping", MAPPING | {"sentence": "{:>2000000000}"}, "for 'sentence'"),
        ("mapping", MAPPING | {"sentence": "{} {0.__class__}"}, "for 'sentence'"),
        ("mapping", MAPPING | {"sentence": "{} {}"}, "for 'sentence'"),
        ("mapping", MAPPING | {"sentence": "{"}, "for 'sentence'"),
        ("mapping", MAPPING | {"sentence": "a face"}, "for 'sentence'"),
        ("nphm", NPHM | {"architecture": "other"}, "'other' for 'architecture'"),
        ("nphm", {k: v for k, v in NPHM.items() if k != "styles"}, "lacks 'styles'"),
        ("nphm", NPHM | {"grid_shape": [2048, 2048, 2048]}, "for 'grid_shape'"),
        ("nphm", NPHM | {"detail_shapes": [[3, 3]]}, "for 'detail_shapes"),
        ("nphm", NPHM | {"hair_origin": [0, NAN, 0]}, r"nan for 'hair_origin\[1\]'"),
        ("nphm", NPHM | {"grid_spacing": 0}, "0 for 'grid_spacing'"),
        ("nphm", {"architecture": "official", "width": 2}, "'width', which means nothing"),
        ("pairs", {"ends": [["nose", 1], ["nose", "up"]]}, r"'up' for 'ends\[1\]\[1\]'"),
        ("upscaler", {"side": 10**6}, "1000000 for 'side'"),
        ("upscaler", {"file": 3}, "3 for 'file'"),
        ("texture", {"steps": 1e9}, "1000000000.0 for 'steps'"),
        ("texture", {"steps": 10**9}, "1000000000 for 'steps'"),
        ("texture", {"steps": 10**4000}, "for 'steps'"),
        ("texture", {"guidance": NAN}, "nan for 'guidance'"),
        ("texture", {"guidance": float("inf")}, "inf for 'guidance'"),
        ("texture", {"guidance": 170}, "170 for 'guidance'"),
        ("texture", {"temperature": True}, "True for 'temperature'"),
        ("texture", {"prompt": "x" * 10**6}, "for 'prompt'"),
        ("texture", {"negative": "a\x07b"}, "for 'negative'"),
        ("texture", {"negative": "\ud800"}, "for 'negative'"),
        ("texture", {"lora": "a.safetensors"}, "'lora', which means nothing"),
        ("texture", {"base": "base"}, "lacks 'controlnet'"),
        ("texture", LARGE | {"scheduler": "ddpm"}, "'ddpm' for 'scheduler'"),
        ("texture", LARGE | {"slicing": 1}, "1 for 'slicing'"),
        ("texture", LARGE | {"size": 10**6}, "1000000 for 'size'"),
        ("texture", LARGE | {"lora": {"strength": 1}}, "lacks 'lora.file'"),
        ("texture", LARGE | {"lora": {"file": "a", "weight": 1}}, "'lora.weight', which means nothing"),
        ("texture", LARGE | {"lora": ["a", {"file": "b", "strength": NAN}]}, r"nan for 'lora\[1\].strength'"),
        ("texture", LARGE | {"lora": 3}, "3 for 'lora'"),
        ("other", {}, "'other' for 'kind'"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_entry_and_value(kind: str, config: dict[str, Any], words: str) -> None:
    with pytest.raises(SchemaError, match=words) as error:
        check(kind, config)
    assert len(str(error.value)) < 300
    assert error.value.remedy.endswith(".")


def test_the_file_is_named_too(tmp_path: Path) -> None:
    content = {"kind": "texture", "name": "mine", "config": {"steps": 10**9}}
    (tmp_path / "model.json").write_text(json.dumps(content))
    with pytest.raises(
        ModelError, match=r"model\.json says 1000000000 for 'steps'\. Write a whole number from 1 to 1000"
    ):
        open_model_folder(tmp_path, "texture")


def test_every_scheduler_that_is_known_may_be_named_and_no_other() -> None:
    for name in SCHEDULERS:
        check("texture", LARGE | {"scheduler": name})
    assert all(shown(name) in LARGE_PAINTER.optional["scheduler"].allowed for name in SCHEDULERS)
    assert LARGE_PAINTER.optional["scheduler"].allowed.count(",") == len(SCHEDULERS) - 1
