"""The CLIP score: what is read of finished heads, and what the figures say."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from clip_head.core.compat import prepare_torchvision
from clip_head.core.errors import ClipHeadError
from clip_head.core.models import write_model_json
from clip_head.core.types import ModelCard
from clip_head.training.report.clip_score import clip_figures, front_view, named_model, read_pictures, run


@pytest.fixture(scope="module")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an untrained open_clip model of open_clip's own kind."""
    prepare_torchvision()
    import open_clip

    folder = tmp_path_factory.mktemp("tiny clip")
    config = {
        "embed_dim": 24,
        "vision_cfg": {"image_size": 32, "patch_size": 16, "width": 32, "layers": 1, "head_width": 16},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    }
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": config, "preprocess_cfg": {}}))
    torch.manual_seed(0)
    clip = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    save_file({k: v.contiguous() for k, v in clip.state_dict().items()}, folder / "open_clip_model.safetensors")
    write_model_json(folder, ModelCard("text", "tiny", "CC0-1.0", "made by a test"), {"open_clip": "local-dir"}, {}, [])
    return folder


def finished_head(folder: Path, prompt: str, colour: tuple[int, int, int]) -> Path:
    """What ./run leaves of a head, as far as it is looked at: three views, the front one coloured."""
    folder.mkdir(parents=True)
    picture = Image.new("RGB", (300, 120), "grey")
    picture.paste(colour, (0, 10, 100, 110))
    picture.save(folder / "preview.png")
    (folder / "head.json").write_text(json.dumps({"request": {"prompt": prompt}}))
    return folder / "preview.png"


def test_the_front_view_is_the_first_of_the_three(tmp_path):
    seen = front_view(finished_head(tmp_path / "head", "a man", (255, 0, 0)), size=50)
    assert seen.shape == (50, 50, 3)
    assert (seen == (255, 0, 0)).all()


def test_prompts_come_with_their_pictures(tmp_path):
    finished_head(tmp_path / "b", "a woman", (0, 0, 255))
    finished_head(tmp_path / "a", "a man", (255, 0, 0))
    (tmp_path / "c").mkdir()  # unfinished
    prompts, pictures = read_pictures(tmp_path)
    assert prompts == ["a man", "a woman"]
    assert pictures[:, 100, 100].tolist() == [[255, 0, 0], [0, 0, 255]]


def test_a_folder_without_heads_is_named(tmp_path):
    finished_head(tmp_path / "only", "a man", (255, 0, 0))
    with pytest.raises(ClipHeadError, match="1 finished heads") as caught:
        read_pictures(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_the_score_is_that_of_prompts_with_their_own_pictures():
    words = np.eye(4, dtype=np.float32)
    figures = clip_figures(words, words)
    assert figures["CLIP score (100 x mean cosine)"] == pytest.approx(100)
    assert figures["the same with wrong prompts"] == pytest.approx(0)
    assert figures["R@1, prompt to picture"] == figures["R@1, picture to prompt"] == 1
    turned = clip_figures(words, np.roll(words, 1, axis=0))
    assert turned["CLIP score (100 x mean cosine)"] == turned["R@1, prompt to picture"] == 0


def test_any_open_clip_model_scores_a_folder(tmp_path, tiny_clip, capsys):
    finished_head(tmp_path / "a", "a man", (255, 0, 0))
    finished_head(tmp_path / "b", "a woman", (0, 0, 255))
    figures = run(argparse.Namespace(pictures=tmp_path, make=False, text=tiny_clip, clip=None, checkpoint=None))
    assert -100 <= figures["CLIP score (100 x mean cosine)"] <= 100
    printed = capsys.readouterr().out
    assert "a woman" in printed
    assert "not comparable with published ones" in printed


def test_a_model_without_a_file_of_weights_is_refused(tmp_path):
    with pytest.raises(ClipHeadError, match=r"nowhere\.bin"):
        named_model("ViT-B-16", tmp_path / "nowhere.bin")
    with pytest.raises(ClipHeadError, match="nothing is downloaded"):
        named_model("ViT-B-16", None)
