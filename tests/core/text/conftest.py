"""Tiny open_clip folders of the true format, made in seconds."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from clip_head.core.compat import prepare_torchvision
from clip_head.core.models import write_model_json
from clip_head.core.types import ModelCard

VISION = {"image_size": 32, "patch_size": 16, "width": 32, "layers": 1, "head_width": 16}
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "an", "old", "man", "with", "a", "big", "nose", ",", "woman"]


def describe(folder: Path, config: dict, files: list[str]) -> Path:
    write_model_json(folder, ModelCard("text", "tiny", "CC0-1.0", "made by a test"), config, {}, files)
    return folder


@pytest.fixture(scope="session")
def local_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 'local-dir' model with a transformers text tower."""
    prepare_torchvision()
    import open_clip
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig

    folder = tmp_path_factory.mktemp("text with a space")
    text = {"hf_model_name": "some/hub-name", "hf_tokenizer_name": "some/hub-name", "hf_proj_type": "linear"}
    config = {"model_cfg": {"embed_dim": 24, "vision_cfg": VISION, "text_cfg": text}, "preprocess_cfg": {}}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    tower = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=16,
        pad_token_id=0,
    )
    (folder / "config.json").write_text(json.dumps(tower.to_dict()))
    BertWordPieceTokenizer({word: i for i, word in enumerate(WORDS)}).save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BertTokenizer", "pad_token": "[PAD]", "model_max_length": 16})
    )
    torch.manual_seed(1)
    overrides = text | {"hf_model_name": str(folder), "hf_model_pretrained": False}
    clip = open_clip.create_model(f"local-dir:{folder}", text_cfg=overrides, load_weights=False)
    save_file({k: v.half().contiguous() for k, v in clip.state_dict().items()}, folder / "open_clip_model.safetensors")
    files = [p.name for p in folder.iterdir()]
    return describe(folder, {"open_clip": "local-dir", "context_length": 12}, files)
