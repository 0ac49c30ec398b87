"""Train ControlNet_uv: the UNet and the ControlNet together, on pairs of albedo and UV normal map with captions.

Three steps, each kept in --out: the autoencoder's latents are whitened over the layout; the convolutions that reduce
the control image are trained by themselves, to tell from the normals what will be painted where, and then fixed, so
that their output can be cached; UNet and ControlNet are trained on the cached latents.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from clip_head.core.compat import prepare_torchvision

prepare_torchvision()

from diffusers import ControlNetModel, UNet2DConditionModel  # noqa: E402
from diffusers.models.attention_processor import AttnProcessor  # noqa: E402

from clip_head.core.models import EMBEDDED, open_model_folder  # noqa: E402
from clip_head.core.text import TextModel, encode_tokens, load_text_model  # noqa: E402
from clip_head.core.texture.albedo.canonical import FILE as CANONICAL  # noqa: E402
from clip_head.core.texture.albedo.canonical import load_canonical  # noqa: E402
from clip_head.core.texture.painter.autoencoder import PatchAutoencoder  # noqa: E402
from clip_head.core.texture.template import FILE as TEMPLATE  # noqa: E402
from clip_head.training.engine.autocast import mixed  # noqa: E402
from clip_head.training.texture import cache as cached  # noqa: E402
from clip_head.training.texture.model import (  # noqa: E402
    SETTINGS,
    learning_rate,
    new_controlnet,
    new_pipeline,
    new_unet,
    save_painter,
    training_noise,
)
from clip_head.training.texture.pairs import Pair, list_pairs, read_control  # noqa: E402

STRIDE = 32
#: How much an error of the colours counts beside one of the latents.
SEEN = 1.0
DROPPED_CAPTIONS = 0.1
#: Crops that the control image's convolutions are trained on, in latents and in number.
TRUNK_SIDE, TRUNK_BATCH = 7, 8
#: Captions in a step of training what pools them.
WORDS_BATCH = 128
PROMPTS = (
    "face of a man smiling with joker makeup",
    "an old african man with short white hair, laughing",
    "a young asian woman with long black hair, happy",
    "a man with a beard, angry",
    "a child with blond hair",
    "a woman with red lips and red hair",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pairs", type=Path, nargs="*", default=[Path("out/training/skins")], help="baked pairs")
    parser.add_argument("--vae", type=Path, default=Path("out/training/texture/vae"), help="the trained autoencoder")
    parser.add_argument("--canonical", type=Path, help="folder of the canonical head that the pairs were baked on")
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="that knows where its eyes and lips are")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="the text model's folder")
    parser.add_argument("--out", type=Path, default=Path("out/training/texture/control"))
    parser.add_argument("--start", type=Path, help="a painter's folder to go on from where --out has no checkpoint")
    parser.add_argument("--weights", type=Path, help="write the finished model folder here")
    parser.add_argument("--minutes", type=float, default=60, help="of training UNet and ControlNet; 0 only writes")
    parser.add_argument("--trunk-minutes", type=float, default=5, help="of training the control image's convolutions")
    parser.add_argument(
        "--words-minutes", type=float, default=1.5, help="of training what pools the words, each of two"
    )
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=8e-4, help="learning rate, falling to a twentieth of itself")
    parser.add_argument("--sheet-minutes", type=float, default=10, help="between two sheets of samples")
    parser.add_argument("--gather-minutes", type=float, default=8, help="between two looks for new pairs")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


def run(args: argparse.Namespace) -> None:
    """Go on from what --out holds for --minutes more, with whatever pairs there are by now."""
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    if args.start is not None and not (args.out / "checkpoint.pt").is_file():
        begin_from(args.start, args.out, args.vae, args.rate)
    text = load_text_model(args.text)
    pairs = training_pairs(args)
    held_out = [pair for pair in list_pairs(*args.pairs) if pair.held_out]
    watched = held_out[:: max(1, len(held_out) // (2 * len(PROMPTS)))][: 2 * len(PROMPTS)]

    vae = PatchAutoencoder.from_pretrained(args.vae, low_cpu_mem_usage=False)
    vae = vae.to(args.device).eval().requires_grad_(False)
    raw = remembered_latents(args, vae, pairs)
    whiten_like_before(args.out / "statistics.safetensors", vae, raw)
    words_width = encode_tokens(text, ["a face"]).shape[-1]
    unet = new_unet(raw.shape[1], words_width, raw.shape[-1]).to(args.device)
    controlnet = new_controlnet(unet).to(args.device)
    embedding = trained_trunk(args, controlnet.controlnet_cond_embedding, partial(gather_heads, args, vae))
    gather = partial(gather_cache, args, text, vae, embedding)

    # The cached features go straight to the embedding's last convolution.
    controlnet.controlnet_cond_embedding = embedding.conv_out
    nets: Any = nn.ModuleDict({"unet": unet, "controlnet": controlnet})
    nets.to(memory_format=torch.channels_last)
    average = train(args, nets, vae, gather, partial(sheet, args, vae, embedding, nets, text, watched))

    nets.load_state_dict(average)
    controlnet.controlnet_cond_embedding = embedding
    unet.set_default_attn_processor()
    controlnet.set_default_attn_processor()
    if args.weights:
        made_of = f"{len(training_pairs(args))} colourings of teacher heads"
        if args.canonical:
            args.weights.mkdir(parents=True, exist_ok=True)
            for name in (CANONICAL, TEMPLATE):
                shutil.copyfile(args.canonical / name, args.weights / name)
        before = "python -m training texture_vae"
        if args.start is not None:
            before = open_model_folder(args.start, "texture").card.source
        source = f"{before}; python -m training texture ({made_of})"
        save_painter(args.weights, new_pipeline(vae, unet, controlnet), source, {})


def begin_from(painter: Path, out: Path, vae_folder: Path, rate: float) -> None:
    """Leave in `out` what a training would that had come to the painter's weights: its latents' statistics, its control
    image's convolutions, a checkpoint; and its autoencoder in vae_folder."""
    vae = PatchAutoencoder.from_pretrained(painter / "vae", torch_dtype=torch.float32, low_cpu_mem_usage=False)
    vae.save_pretrained(vae_folder)
    save_file({name: buffer.contiguous() for name, buffer in vae.named_buffers()}, out / "statistics.safetensors")
    unet = UNet2DConditionModel.from_pretrained(painter / "unet", torch_dtype=torch.float32)
    controlnet = ControlNetModel.from_pretrained(painter / "controlnet", torch_dtype=torch.float32)
    embedding = controlnet.controlnet_cond_embedding
    save_file({name: t.contiguous() for name, t in embedding.state_dict().items()}, out / "trunk.safetensors")
    controlnet.controlnet_cond_embedding = embedding.conv_out
    nets = nn.ModuleDict({"unet": unet, "controlnet": controlnet})
    optimiser = new_optimiser(nets, rate)
    # The optimiser's moments are unknown; step 1 keeps the words' pooling from being taught anew.
    save_checkpoint(out / "checkpoint.pt", nets, nets.state_dict(), optimiser, 1)


def training_pairs(args: argparse.Namespace) -> list[Pair]:
    """What may be trained on so far."""
    pairs = [pair for pair in list_pairs(*args.pairs) if not pair.held_out]
    if not pairs:
        raise SystemExit(f"There are no pairs in {' '.join(map(str, args.pairs))}: run the skins stage first.")
    print(f"{len(pairs)} pairs", flush=True)
    return pairs


def remembered_latents(args: argparse.Namespace, vae: PatchAutoencoder, pairs: list[Pair]) -> Tensor:
    albedos = {pair.name: pair.albedo for pair in pairs}
    return cached.remembered(args.out / "latents.safetensors", albedos, partial(cached.encode_albedos, vae))


def gather_cache(args: argparse.Namespace, text: TextModel, vae: PatchAutoencoder, embedding: Any) -> cached.Cache:
    """Everything to train on, with the pairs that there are by now."""
    pairs = training_pairs(args)
    latents = cached.whiten(vae, remembered_latents(args, vae, pairs))
    controls, control = cached.different_controls(pairs)
    features = cached.remembered(
        args.out / "features.safetensors", controls, partial(cached.encode_controls, embedding), read_control
    )
    captions, tokens = cached.encode_captions(args.out / "captions.safetensors", text, pairs)
    # An error of a whitened latent is seen as far as the latent varied before it was whitened, and most in the face.
    side = latents.shape[-1]
    weight = cached.chart_weight(side * STRIDE, STRIDE) * cached.face_weight(side) * vae.latent_std.cpu()
    albedos = {pair.name: pair.albedo for pair in pairs}
    labs = cached.remembered(args.out / "labs.safetensors", albedos, cached.small_labs)
    canonical = load_canonical(args.canonical) if args.canonical else None
    if canonical is None:
        share = cached.chart_weight(side * STRIDE, cached.CELL)[0, 0]
    else:
        share = cached.region_share(canonical, args.nphm, labs.shape[-1])
    sight = cached.fit_sight(latents, labs, share)
    return cached.Cache(pairs, latents, features, control, weight, captions, tokens, sight)


def whiten_like_before(path: Path, vae: PatchAutoencoder, latents: Tensor) -> None:
    """Give the autoencoder its latents' statistics: those first computed for this --out, whatever came since."""
    if path.is_file():
        vae.load_state_dict(load_file(path), strict=False)
        return
    cached.set_statistics(vae, latents)
    cached.set_noise(vae, cached.whiten(vae, latents))
    save_file({name: buffer.cpu() for name, buffer in vae.named_buffers()}, path)


def gather_heads(args: argparse.Namespace, vae: PatchAutoencoder) -> tuple[Tensor, Tensor]:
    """The different control images (U, 3, H, W) bytes that there are by now, and the whitened latents (U, C, h, w) that
    their colourings have in common."""
    pairs = training_pairs(args)
    latents = cached.whiten(vae, remembered_latents(args, vae, pairs))
    controls, control = cached.different_controls(pairs)
    images = cached.read_pictures(list(controls.values()), read_control)
    sums = torch.zeros(len(images), *latents.shape[1:]).index_add_(0, control, latents)
    return images, sums / torch.bincount(control)[:, None, None, None]


def trained_trunk(args: argparse.Namespace, embedding: Any, gather: Callable[[], tuple[Tensor, Tensor]]) -> Any:
    """Train the control image's convolutions on crops, or read them: to tell what a head's colourings have in common,
    and to keep the normals."""
    path = args.out / "trunk.safetensors"
    if path.is_file():
        embedding.load_state_dict(load_file(path))
        return embedding.eval()
    images, latents = gather()
    cached.balance(embedding, cached.control_batch(images[:: 1 + len(images) // 4].to(args.device)))
    width, side, count = embedding.conv_out.in_channels, min(TRUNK_SIDE, latents.shape[-1]), latents.shape[1]
    told_of = 8 * 8 * 3
    head = nn.Sequential(
        nn.Conv2d(width, width, 3, padding=1),
        nn.SiLU(),
        nn.Conv2d(width, 2 * width, 3, padding=1),
        nn.SiLU(),
        nn.Conv2d(2 * width, count + told_of, 3, padding=1),
    ).to(args.device)
    nets: Any = nn.ModuleList([embedding, head])
    nets.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(nets.parameters(), 2e-3, betas=(0.9, 0.98))
    generator = np.random.default_rng(args.seed)
    start, step = time.perf_counter(), 0
    last_gathering = start
    while (spent := (time.perf_counter() - start) / (60 * args.trunk_minutes)) < 1:
        if time.perf_counter() - last_gathering > 60 * args.gather_minutes:
            last_gathering = time.perf_counter()
            images, latents = gather()
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(2e-3, step, spent)
        rows = torch.from_numpy(generator.integers(len(latents), size=TRUNK_BATCH))
        y, x = generator.integers(latents.shape[-1] - side + 1, size=2)
        image = cached.control_batch(_crop(images, rows, y, x, side, STRIDE).to(args.device))
        seen = cached.softened(image, generator).contiguous(memory_format=torch.channels_last)
        with mixed(args.device):
            told = head(cached.trunk_features(embedding, seen)).float()
        small = F.avg_pool2d(image, 4)
        painted = F.mse_loss(told[:, :count], _crop(latents, rows, y, x, side, 1).to(args.device))
        known = F.mse_loss(told[:, count:], F.pixel_unshuffle(small, 8))
        optimiser.zero_grad(set_to_none=True)
        (painted + 20 * known).backward()
        torch.nn.utils.clip_grad_norm_(nets.parameters(), 1.0)
        optimiser.step()
        step += 1
        if step % 100 == 0:
            print(f"trunk step {step}: latents {painted.item():.3f} normals {known.item():.5f}", flush=True)
    save_file({name: tensor.contiguous() for name, tensor in embedding.state_dict().items()}, path)
    return embedding.eval()


def _crop(images: Tensor, rows: Tensor, y: int, x: int, side: int, stride: int) -> Tensor:
    """The square of `side` latents at (y, x) from some of the images, whose latents are `stride` wide."""
    return images[rows, :, stride * y : stride * (y + side), stride * x : stride * (x + side)]


def teach_words(args: argparse.Namespace, nets: Any, cache: cached.Cache) -> None:
    """Train what pools the words, by itself, to tell the appearance that its captions speak of: hair, skin, beard, ...
    Through the pictures it would be slow to learn which words matter."""
    facts = [named_looks(pair) for pair in cache.pairs]
    names = sorted({name for looks in facts for name in looks})
    if not names:
        return
    kinds = {name: sorted({looks.get(name, "") for looks in facts}) for name in names}
    goals = torch.tensor([[kinds[name].index(looks.get(name, "")) for name in names] for looks in facts])
    sizes = [len(kinds[name]) for name in names]
    for net in nets.values():
        pooling = net.add_embedding
        head = nn.Linear(pooling.norm2.normalized_shape[0], sum(sizes)).to(args.device)
        optimiser = torch.optim.AdamW([*pooling.parameters(), *head.parameters()], 1e-3, weight_decay=1e-2)
        generator = np.random.default_rng(args.seed)
        start, step = time.perf_counter(), 0
        while (spent := (time.perf_counter() - start) / (60 * args.words_minutes)) < 1:
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(1e-3, step, spent)
            rows = generator.integers(len(goals), size=WORDS_BATCH)
            words = [cache.captions[row][generator.integers(len(cache.captions[row]))] for row in rows]
            with mixed(args.device):
                told = head(pooling(cache.tokens[words].to(args.device).float())).float()
            goal = goals[rows].to(args.device)
            losses = [F.cross_entropy(part, goal[:, k]) for k, part in enumerate(told.split(sizes, dim=1))]
            optimiser.zero_grad(set_to_none=True)
            torch.stack(losses).sum().backward()
            optimiser.step()
            step += 1
            if step % 100 == 0:
                told_of = ", ".join(f"{name} {loss.item():.2f}" for name, loss in zip(names, losses, strict=True))
                print(f"words step {step}: {told_of}", flush=True)


def named_looks(pair: Pair) -> dict[str, str]:
    """What is known of the pair's colours as names, by subject; nothing where the bake did not say."""
    looks = pair.facts.get("appearance", {})
    named = {name: value for name, value in looks.items() if isinstance(value, str)}
    return {**named, "skin": looks["skins"][0][0], "freckles": str(looks["freckles"] > 0)} if looks else {}


def train(
    args: argparse.Namespace, nets: Any, vae: PatchAutoencoder, gather: Callable[[], cached.Cache], show: Any
) -> dict[str, Tensor]:
    """Train for --minutes; returns the averaged weights. Checkpoints, sheets of samples, new pairs on the way."""
    checkpoint = args.out / "checkpoint.pt"
    optimiser = new_optimiser(nets, args.rate)
    step, average = 0, {name: tensor.detach().clone() for name, tensor in nets.state_dict().items()}
    if checkpoint.is_file():
        saved = torch.load(checkpoint, weights_only=True)
        nets.load_state_dict(saved["nets"])
        optimiser.load_state_dict(saved["optimiser"])
        step, average = saved["step"], saved["average"]
    if not args.minutes:
        return average
    for net in nets.values():
        if args.device == "cpu":  # the fused attention's backward pass is several times slower there
            net.set_attn_processor(AttnProcessor())
        net.train()
    noise = training_noise()
    generator = np.random.default_rng([args.seed, step])
    losses: list[float] = []
    cache = gather()
    if not step:
        teach_words(args, nets, cache)
        average = {name: tensor.detach().clone() for name, tensor in nets.state_dict().items()}
    start = last_save = last_sheet = last_gathering = time.perf_counter()
    bar = tqdm(unit="step", mininterval=30)
    while (spent := (time.perf_counter() - start) / (60 * args.minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(args.rate, bar.n, spent)
        loss = diffusion_loss(nets, vae, cache, noise, generator, args.batch, args.device)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(nets.parameters(), 1.0)
        optimiser.step()
        step += 1
        bar.update()
        losses.append(loss.item())
        decay = min(0.996, (step + 1) / (step + 20))
        with torch.no_grad():
            torch._foreach_lerp_(list(average.values()), list(nets.state_dict().values()), 1 - decay)
        now = time.perf_counter()
        if now - last_save > 180:
            last_save = now
            print(f"step {step}: loss {np.mean(losses[-200:]):.4f}", flush=True)
            save_checkpoint(checkpoint, nets, average, optimiser, step)
        if now - last_sheet > 60 * args.sheet_minutes:
            last_sheet = now
            show(average, args.out / f"samples_{step:06d}.png")
        if now - last_gathering > 60 * args.gather_minutes:
            last_gathering = now
            cache = gather()
    save_checkpoint(checkpoint, nets, average, optimiser, step)
    print(f"step {step}: loss {np.mean(losses[-200:]):.4f}", flush=True)
    show(average, args.out / "samples.png")
    return average


def new_optimiser(nets: nn.Module, rate: float) -> torch.optim.Optimizer:
    """Of UNet and ControlNet together."""
    return torch.optim.AdamW(nets.parameters(), rate, betas=(0.9, 0.98), weight_decay=1e-2, fused=True)


def diffusion_loss(
    nets: Any,
    vae: PatchAutoencoder,
    cache: cached.Cache,
    noise: Any,
    generator: np.random.Generator,
    batch: int,
    device: str,
) -> Tensor:
    """Squared error of the predicted velocity, weighted as the cache says, and of the colours that it leads to. A tenth
    of the captions is left out."""
    rows = generator.integers(len(cache.latents), size=batch)
    words = [
        0
        if generator.random() < DROPPED_CAPTIONS
        else cache.captions[row][generator.integers(len(cache.captions[row]))]
        for row in rows
    ]
    latents = cache.latents[rows].to(device)
    features = cache.features[cache.control[rows]].to(device).float()
    tokens = cache.tokens[words].to(device).float()
    weight = cache.weight.to(device)
    # One time in each of `batch` intervals: less variance than independent draws. They are the shorter the more noise
    # there is, for most is decided early, with few steps.
    steps = noise.config.num_train_timesteps
    share = 1 - (1 - (np.arange(batch) + generator.random(batch)) / batch) ** 1.5
    times = torch.from_numpy((share * steps).astype(np.int64)).to(device)
    added = vae.draw_noise(batch, torch.Generator().manual_seed(int(generator.integers(1 << 62))))
    noisy = noise.add_noise(latents, added, times).contiguous(memory_format=torch.channels_last)
    with mixed(device):
        down, middle = nets["controlnet"](noisy, times, tokens, controlnet_cond=features, return_dict=False)
        velocity = nets["unet"](
            noisy, times, tokens, down_block_additional_residuals=down, mid_block_additional_residual=middle
        ).sample
    error = velocity.float() - noise.get_velocity(latents, added, times)
    # The clean latents that a velocity leads to are off by its error times the share of noise.
    noisiness = (1 - noise.alphas_cumprod.to(device)[times]).sqrt()[:, None, None, None]
    seen = cache.sight.to(device).difference(noisiness * error).mean()
    return (error.square() * weight).sum() / (weight.sum() * error.shape[0]) + SEEN * seen


def save_checkpoint(
    path: Path, nets: Any, average: dict[str, Tensor], optimiser: torch.optim.Optimizer, step: int
) -> None:
    unfinished = path.with_suffix(".tmp")
    torch.save(
        {"nets": nets.state_dict(), "average": average, "optimiser": optimiser.state_dict(), "step": step}, unfinished
    )
    unfinished.replace(path)


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
    """Samples of the averaged weights under held-out control images, half for PROMPTS and half for their own
    captions; below them what was held out."""
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
    words = [*PROMPTS[:half], *(pair.captions[0] for pair in watched[half:])]
    samples = pipeline(
        prompt_embeds=torch.from_numpy(encode_tokens(text, words)).to(args.device),
        negative_prompt_embeds=torch.from_numpy(encode_tokens(text, [""] * len(words))).to(args.device),
        image=controls.to(args.device),
        num_inference_steps=SETTINGS["steps"],
        guidance_scale=SETTINGS["guidance"],
        latents=SETTINGS["temperature"] * vae.draw_noise(len(watched), torch.Generator("cpu").manual_seed(args.seed)),
        output_type="pt",
    ).images.cpu()
    rows = [controls, samples, albedos]
    stacked = torch.stack([F.interpolate(row, (256, 256), mode="area") for row in rows])
    image = stacked.permute(0, 3, 1, 4, 2).reshape(len(rows) * 256, -1, 3).mul(255).round().byte()
    Image.fromarray(image.numpy()).save(path)
    controlnet.controlnet_cond_embedding = embedding.conv_out
    nets.load_state_dict(current)
    nets.train()
