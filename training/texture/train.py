"""Train ControlNet_uv: the UNet and the ControlNet together, on pairs of albedo and UV normal map with captions.

Three steps, each kept in --out: the autoencoder's latents are whitened over the layout; the convolutions that reduce
the control image are trained by themselves, to predict from the normals what will be painted where, and then fixed, so
that their output can be cached; UNet and ControlNet are trained on the cached latents.
"""

from __future__ import annotations

import argparse
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from clip_head.core.models import EMBEDDED, open_model_folder
from clip_head.core.text import TextModel, encode_tokens, load_text_model
from clip_head.core.texture.albedo.canonical import FILE as CANONICAL
from clip_head.core.texture.albedo.canonical import load_canonical
from clip_head.core.texture.painter.autoencoder import PatchAutoencoder
from clip_head.core.texture.template import FILE as TEMPLATE
from clip_head.training.engine.optimise import write_checkpoint
from clip_head.training.texture import cache as cached
from clip_head.training.texture.control_embedding import STRIDE, trained_embedding
from clip_head.training.texture.diffusion import checkpoint_of, new_optimiser, train
from clip_head.training.texture.model import SETTINGS, new_controlnet, new_pipeline, new_unet, save_painter
from clip_head.training.texture.pairs import Pair, list_pairs, read_control

#: Side of a picture on a sheet of samples, pixels.
SHEET_SIDE = 256
#: Prompts of the sheets' first half: ages, ancestries, hair, beards, make-up.
PROMPTS = (
    "face of a man smiling with joker makeup",
    "an old african man with short white hair, laughing",
    "a young asian woman with long black hair, happy",
    "a man with a beard, angry",
    "a child with blond hair",
    "a woman with red lips and red hair",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--pairs", type=Path, nargs="*", default=[Path("out/training/skins")], help="baked pairs")
    parser.add_argument("--vae", type=Path, default=Path("out/training/texture/vae"), help="the trained autoencoder")
    parser.add_argument("--canonical", type=Path, help="folder of the canonical head that the pairs were baked on")
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="that knows where its eyes and lips are")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="the text model's folder")
    parser.add_argument("--out", type=Path, default=Path("out/training/texture/control"))
    parser.add_argument("--start", type=Path, help="a painter's folder to go on from where --out has no checkpoint")
    parser.add_argument("--weights", type=Path, help="write the finished model folder here")
    parser.add_argument("--minutes", type=float, default=60, help="of training UNet and ControlNet; 0 only writes")
    parser.add_argument("--steps", type=int, help="train UNet and ControlNet to so many steps instead")
    parser.add_argument("--trunk-minutes", type=float, default=5, help="of training the control image's convolutions")
    parser.add_argument("--trunk-steps", type=int, help="train these for so many steps instead")
    parser.add_argument(
        "--words-minutes", type=float, default=1.5, help="of training what pools the words, each of two"
    )
    parser.add_argument("--words-steps", type=int, help="train these for so many steps instead")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=8e-4, help="learning rate, falling to a twentieth of itself")
    parser.add_argument("--sheet-minutes", type=float, default=10, help="between two sheets of samples")
    parser.add_argument("--gather-minutes", type=float, default=8, help="between two looks for new pairs")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


def run(args: argparse.Namespace) -> None:
    """Finish the run that was interrupted in --out, or train for --minutes more, on the pairs that there are by now."""
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    if args.start is not None and not checkpoint_of(args).path.is_file():
        begin_from(args)
    text = load_text_model(args.text)
    pairs = training_pairs(args)
    held_out = [pair for pair in list_pairs(*args.pairs) if pair.held_out]
    watched = held_out[:: max(1, len(held_out) // (2 * len(PROMPTS)))][: 2 * len(PROMPTS)]

    vae = PatchAutoencoder.from_pretrained(args.vae, low_cpu_mem_usage=False)
    vae = vae.to(args.device).eval().requires_grad_(False)
    latents = cached_latents(args, vae, pairs)
    use_first_statistics(args.out / "statistics.safetensors", vae, latents)
    text_width = encode_tokens(text, ["a face"]).shape[-1]
    unet = new_unet(latents.shape[1], text_width, latents.shape[-1]).to(args.device)
    controlnet = new_controlnet(unet).to(args.device)
    embedding = trained_embedding(args, controlnet.controlnet_cond_embedding, partial(gather_heads, args, vae))
    gather = partial(gather_cache, args, text, vae, embedding)

    # The cached features go straight to the embedding's last convolution.
    controlnet.controlnet_cond_embedding = embedding.conv_out
    nets: Any = nn.ModuleDict({"unet": unet, "controlnet": controlnet})
    nets.to(memory_format=torch.channels_last)

    def show(weights: dict[str, Tensor], step: int | None) -> None:
        name = "samples.png" if step is None else f"samples_{step:06d}.png"
        sheet(args, vae, embedding, nets, text, watched, weights, args.out / name)

    average = train(args, nets, vae, gather, show)

    nets.load_state_dict(average)
    controlnet.controlnet_cond_embedding = embedding
    unet.set_default_attn_processor()
    controlnet.set_default_attn_processor()
    if args.weights:
        if args.canonical:
            args.weights.mkdir(parents=True, exist_ok=True)
            for name in (CANONICAL, TEMPLATE):
                shutil.copyfile(args.canonical / name, args.weights / name)
        before = "python -m training texture_vae"
        if args.start is not None:
            before = open_model_folder(args.start, "texture").card.source
        source = f"{before}; python -m training texture ({len(training_pairs(args))} colourings of teacher heads)"
        save_painter(args.weights, new_pipeline(vae, unet, controlnet), source, {})


def begin_from(args: argparse.Namespace) -> None:
    """Leave in --out what a training would that had come to the weights of the painter in --start: its latents'
    statistics, its control image's convolutions, a checkpoint; and its autoencoder in --vae."""
    vae = PatchAutoencoder.from_pretrained(args.start / "vae", torch_dtype=torch.float32, low_cpu_mem_usage=False)
    vae.save_pretrained(args.vae)
    save_file({name: buffer.contiguous() for name, buffer in vae.named_buffers()}, args.out / "statistics.safetensors")
    unet = UNet2DConditionModel.from_pretrained(args.start / "unet", torch_dtype=torch.float32)
    controlnet = ControlNetModel.from_pretrained(args.start / "controlnet", torch_dtype=torch.float32)
    embedding = controlnet.controlnet_cond_embedding
    save_file({name: t.contiguous() for name, t in embedding.state_dict().items()}, args.out / "trunk.safetensors")
    controlnet.controlnet_cond_embedding = embedding.conv_out
    nets = nn.ModuleDict({"unet": unet, "controlnet": controlnet})
    # The optimiser's moments are unknown. One step counts as taken: the moving average leans on the weights at hand.
    optimiser, generator = new_optimiser(nets, args.rate), np.random.default_rng([args.seed, 1])
    write_checkpoint(checkpoint_of(args), 1, nets, optimiser, nets.state_dict(), generator)


def training_pairs(args: argparse.Namespace) -> list[Pair]:
    """The pairs to train on that there are by now. Raises SystemExit where there are none."""
    pairs = [pair for pair in list_pairs(*args.pairs) if not pair.held_out]
    if not pairs:
        raise SystemExit(f"There are no pairs in {' '.join(map(str, args.pairs))}: run the skins stage first.")
    print(f"{len(pairs)} pairs", flush=True)
    return pairs


def cached_latents(args: argparse.Namespace, vae: PatchAutoencoder, pairs: list[Pair]) -> Tensor:
    """Latents (N, C, h, w) of the pairs' albedo, before whitening."""
    albedos = {pair.name: pair.albedo for pair in pairs}
    encode = partial(cached.encode_albedos, vae)
    return cached.cached_encodings(args.out / "latents.safetensors", albedos, encode)


def gather_cache(args: argparse.Namespace, text: TextModel, vae: PatchAutoencoder, embedding: Any) -> cached.Cache:
    """Everything to train on, with the pairs that there are by now.

    args: of the stage.
    text: the text model.
    vae: the autoencoder, with its latents' statistics.
    embedding: the control image's convolutions.
    """
    pairs = training_pairs(args)
    latents = cached.whiten(vae, cached_latents(args, vae, pairs))
    controls, control = cached.different_controls(pairs)
    encode = partial(cached.encode_controls, embedding)
    features = cached.cached_encodings(args.out / "features.safetensors", controls, encode, read_control)
    captions, tokens = cached.encode_captions(args.out / "captions.safetensors", text, pairs)
    # An error of a whitened latent counts as far as the latent varied before it was whitened, and most in the face.
    side = latents.shape[-1]
    weight = cached.chart_weight(side * STRIDE, STRIDE) * cached.face_weight(side) * vae.latent_std.cpu()
    albedos = {pair.name: pair.albedo for pair in pairs}
    labs = cached.cached_encodings(args.out / "labs.safetensors", albedos, cached.small_labs)
    canonical = load_canonical(args.canonical) if args.canonical else None
    if canonical is None:
        cells = cached.chart_weight(side * STRIDE, cached.CELL)[0, 0]
    else:
        cells = cached.cell_weights(canonical, args.nphm, labs.shape[-1])
    probe = cached.fit_colour_probe(latents, labs, cells)
    return cached.Cache(pairs, latents, features, control, weight, captions, tokens, probe)


def use_first_statistics(path: Path, vae: PatchAutoencoder, latents: Tensor) -> None:
    """Give the autoencoder its latents' statistics: those first computed for this --out, whatever pairs came since.

    path: of the file that keeps them.
    vae: the autoencoder.
    latents: (N, C, h, w) before whitening.
    """
    if path.is_file():
        vae.load_state_dict(load_file(path), strict=False)
        return
    cached.set_statistics(vae, latents)
    cached.set_noise(vae, cached.whiten(vae, latents))
    save_file({name: buffer.cpu() for name, buffer in vae.named_buffers()}, path)


def gather_heads(args: argparse.Namespace, vae: PatchAutoencoder) -> tuple[Tensor, Tensor]:
    """The different control images (U, 3, H, W) bytes that there are by now, and the mean (U, C, h, w) of the whitened
    latents of each head's colourings."""
    pairs = training_pairs(args)
    latents = cached.whiten(vae, cached_latents(args, vae, pairs))
    controls, control = cached.different_controls(pairs)
    images = cached.read_pictures(list(controls.values()), read_control)
    sums = torch.zeros(len(images), *latents.shape[1:]).index_add_(0, control, latents)
    return images, sums / torch.bincount(control)[:, None, None, None]


@torch.inference_mode()
def sheet(
    args: argparse.Namespace,
    vae: PatchAutoencoder,
    embedding: Any,
    nets: Any,
    text: TextModel,
    watched: list[Pair],
    weights: dict[str, Tensor],
    path: Path,
) -> None:
    """Write a picture: samples under held-out control images, half for PROMPTS and half for their own captions; below
    them the held-out albedo.

    args: of the stage.
    vae: decodes the samples.
    embedding: the control image's convolutions.
    nets: UNet and ControlNet; their weights are exchanged and put back.
    text: the text model.
    watched: held-out pairs.
    weights: of the nets for the samples.
    path: of the picture.
    """
    if not watched:
        return
    current = {name: tensor.clone() for name, tensor in nets.state_dict().items()}
    nets.load_state_dict(weights)
    controlnet = nets["controlnet"]
    controlnet.controlnet_cond_embedding = embedding
    pipeline = new_pipeline(vae, nets["unet"].eval(), controlnet.eval())
    albedos = cached.read_pictures([pair.albedo for pair in watched]).float() / 255
    controls = cached.control_batch(cached.read_pictures([pair.control for pair in watched], read_control))
    half = len(watched) // 2
    prompts = [*PROMPTS[:half], *(pair.captions[0] for pair in watched[half:])]
    samples = pipeline(
        prompt_embeds=torch.from_numpy(encode_tokens(text, prompts)).to(args.device),
        negative_prompt_embeds=torch.from_numpy(encode_tokens(text, [""] * len(prompts))).to(args.device),
        image=controls.to(args.device),
        num_inference_steps=SETTINGS["steps"],
        guidance_scale=SETTINGS["guidance"],
        latents=SETTINGS["temperature"] * vae.draw_noise(len(watched), torch.Generator("cpu").manual_seed(args.seed)),
        output_type="pt",
    ).images.cpu()
    rows = [controls, samples, albedos]
    stacked = torch.stack([F.interpolate(row, (SHEET_SIDE, SHEET_SIDE), mode="area") for row in rows])
    image = stacked.permute(0, 3, 1, 4, 2).reshape(len(rows) * SHEET_SIDE, -1, 3).mul(255).round().byte()
    Image.fromarray(image.numpy()).save(path)
    controlnet.controlnet_cond_embedding = embedding.conv_out
    nets.load_state_dict(current)
    nets.train()
