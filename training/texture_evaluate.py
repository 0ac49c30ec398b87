"""How well the texture model keeps albedo maps, and does what the words say, on heads held out of its training.

    python -m training.evaluate texture

Colours are compared in CIE Lab, as means over regions of the aligned UV that the bake knows: hair, skin, lips.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import torch
from skimage.color import rgb2lab

from clip_head.core.models import EMBEDDED
from clip_head.core.text import load_text_model
from clip_head.core.texture import Painter, load_painter, paint_albedo
from clip_head.core.types import Bools, Bytes, Floats, UVMaps
from clip_head.training.skins.appearance import HAIR, TONES
from clip_head.training.skins.bake import read_geometry
from clip_head.training.teacher.dataset import SKIN, Template, load_teacher
from clip_head.training.texture_model import describe_painter
from clip_head.training.texture_pairs import Pair, list_pairs, read_control, read_picture

HAIR_WORDS = ("black", "brown", "blond", "red", "white", "green", "blue")
TONE_WORDS = {"pale": "pale skin", "tanned": "tanned skin", "very dark": "very dark skin"}
LIP_WORDS = ("red lips", "dark lips")


@dataclass(frozen=True)
class Regions:
    """Texels (H, W) of a control image that show hair, skin of the face, and lips."""

    hair: Bools
    skin: Bools
    lips: Bools


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--weights", type=Path, default=EMBEDDED / "texture")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text")
    parser.add_argument("--pairs", type=Path, nargs="*", default=[Path("out/training/skins")])
    parser.add_argument("--teacher", type=Path, default=Path("out/training/teacher"))
    parser.add_argument("--heads", type=int, default=4, help="held-out heads to paint on")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Print the figures and write them into the folder's model.json."""
    painter = load_painter(args.weights, load_text_model(args.text))
    pairs = [pair for pair in list_pairs(*args.pairs) if pair.held_out]
    heads = list({pair.facts["head"]: pair for pair in pairs if pair.facts["style"] != "bald"}.values())[: args.heads]
    template = load_teacher(args.teacher, styles=()).template
    start = perf_counter()
    figures = {
        "autoencoder_psnr_db": round(reconstruction(painter, pairs[:: max(1, len(pairs) // 24)][:24]), 2),
        **agreement(painter, [(pair, regions(pair, template)) for pair in heads]),
        "held_out_heads": len(heads),
    }
    print(f"{figures} in {perf_counter() - start:.0f} s")
    describe_painter(args.weights, painter.card.source, figures)
    return figures


@torch.inference_mode()
def reconstruction(painter: Painter, pairs: list[Pair]) -> float:
    """PSNR, in dB inside the chart, of held-out albedo maps that were encoded and decoded."""
    vae, errors = painter.pipeline.vae, []
    for pair in pairs:
        picture = read_picture(pair.albedo)
        inside = read_control(pair.control).any(-1)
        image = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].to(vae.device).float() / 127.5 - 1
        decoded = vae.decode(vae.encode(image).latent_dist.mode()).sample.clamp(-1, 1)
        errors.append(((decoded - image)[0].permute(1, 2, 0).cpu().numpy()[inside] / 2) ** 2)
    return float(-10 * np.log10(np.concatenate(errors).mean()))


def agreement(painter: Painter, heads: list[tuple[Pair, Regions]]) -> dict[str, float]:
    """The share of spoken hair colours and skin tones whose region is nearest to the named colour among those asked,
    and of spoken lip colours that set the lips off from the skin more than the same prompt without them."""
    hair_names, tone_names = list(HAIR_WORDS), list(TONE_WORDS)
    hair_labs = _lab(np.array([HAIR[name] for name in hair_names]))
    tone_labs = np.array([TONES[name] for name in tone_names])
    hair, tones, lips = [], [], []
    for seed, (pair, where) in enumerate(heads):
        control = control_maps(pair)

        def paint(words: str, control: UVMaps = control, seed: int = seed) -> Bytes:
            return paint_albedo(painter, control, words, seed, painter.size)

        for k, name in enumerate(hair_names):
            mean = region_lab(paint(f"a person with {name} hair"), where.hair)
            hair.append(np.linalg.norm(hair_labs - mean, axis=1).argmin() == k)
        for k, words in enumerate(TONE_WORDS.values()):
            mean = region_lab(paint(f"a person with {words}"), where.skin)
            tones.append(np.linalg.norm(tone_labs - mean, axis=1).argmin() == k)
        plain = paint("a woman")
        for words in LIP_WORDS:
            painted = paint(f"a woman with {words}")
            lips.append(_lip_contrast(painted, where) > _lip_contrast(plain, where) + 3)
    names = ("hair_colour_agreement", "skin_tone_agreement", "lip_colour_agreement")
    return {name: round(float(np.mean(hits)), 3) for name, hits in zip(names, (hair, tones, lips), strict=True)}


def control_maps(pair: Pair) -> UVMaps:
    """The pair's control image as the painter takes it."""
    picture = read_control(pair.control)
    normal = picture.astype(np.float32) / 127.5 - 1
    return UVMaps(normal, np.zeros_like(normal), picture.any(-1))


def regions(pair: Pair, template: Template) -> Regions:
    """Where the pair's control image shows what, by the geometry that the bake kept."""
    _, _, spots, mask = read_geometry(pair.control.parent / pair.facts["geometry"])
    lips = template.regions["upper_lip"] | template.regions["lower_lip"]
    corners = template.faces[spots.template_face]
    bare = (spots.is_hair < 0.05) & (template.part[spots.template_face] == SKIN)
    cheeks = bare & template.regions["face"][corners].all(1) & ~lips[corners].any(1)

    def lay(values: Bools) -> Bools:
        image = np.zeros(mask.shape, dtype=bool)
        image[mask] = values
        return image

    return Regions(lay(spots.is_hair > 0.95), lay(cheeks), lay(bare & lips[corners].all(1)))


def region_lab(picture: Bytes, region: Bools) -> Floats:
    """Mean CIE Lab of a region."""
    return rgb2lab(picture[region] / 255).mean(0).astype(np.float32)


def _lip_contrast(picture: Bytes, where: Regions) -> float:
    return float(np.linalg.norm(region_lab(picture, where.lips) - region_lab(picture, where.skin)))


def _lab(rgb: np.ndarray) -> Floats:
    return rgb2lab(rgb[None])[0].astype(np.float32)
