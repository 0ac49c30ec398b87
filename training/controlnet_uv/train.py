"""Train a ControlNet_uv for a Stable Diffusion, or go on training the embedded one (CLIP-Head, section 2.3).

    python -m training controlnet_uv --pairs out/training/scans --base SD15 --out out/training/controlnet_uv
    accelerate launch --num_processes 4 -m training controlnet_uv ...

--pairs are folders as diffusers' train_controlnet example reads them: metadata.jsonl with the columns image,
conditioning_image (file names in the folder) and text (a caption, or a list to draw from); `python -m training scans`
and our own skins stage write such. --base is a folder in diffusers' layout or one .safetensors file; only the
ControlNet learns. The base is the embedded painter's kind, too: then its own ControlNet is trained further.

Every draw depends on the seed and the step alone: a run that was stopped goes on as if it had not been, and several
processes (with accelerate, where it is installed) share a batch without changing it. Written to --out: checkpoint.pt,
log.jsonl, sheets/STEP.png (control images, samples, what the pairs show) and model/, a texture folder to paint with.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from clip_head.core.compat import prepare_torchvision
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.text import load_text_model
from clip_head.core.texture.painter.load import load_painter
from clip_head.core.texture.painter.stable_diffusion import Recipe, open_base, open_controlnet
from clip_head.core.types import ModelCard
from clip_head.training.engine.optimise import Checkpoint, Schedule, Trained, cosine, optimise
from clip_head.training.texture.pairs import list_pairs

#: One pair in so many is held out of training, where there are at least as many.
HELD_OUT = 20
#: Pairs on a sheet of samples.
WATCHED = 4
#: AdamW's weight decay, and the largest norm of the gradients, as in diffusers' train_controlnet.
WEIGHT_DECAY, CLIP_NORM = 1e-2, 1.0


@dataclass(frozen=True)
class Example:
    """One row of a folder of pairs: files of the picture and of its control image, and captions to draw from."""

    image: Path
    hint: Path
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Base:
    """What the ControlNet is trained beside.

    pipeline: all parts, the ControlNet included.
    embed: N captions -> their token states (N, T, C).
    size: side of the pictures, pixels.
    settings: how its painter is run, for model.json.
    own: whether it is the embedded painter's kind.
    """

    pipeline: Any
    embed: Callable[[list[str]], Tensor]
    size: int
    settings: dict[str, Any]
    own: bool


@dataclass(frozen=True)
class Workers:
    """The processes that train together.

    rank, count: this one's number, from 0 on, and how many there are.
    device: that this one computes on.
    wrap: a network and its optimiser -> the same, for several processes.
    unwrap: a wrapped network -> the network.
    backward: computes the gradients of a loss, averaged over all processes.
    wait: until all processes are here.
    """

    rank: int
    count: int
    device: str
    wrap: Callable[..., Any]
    unwrap: Callable[[Any], Any]
    backward: Callable[[Tensor], None]
    wait: Callable[[], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--pairs", type=Path, nargs="+", default=[Path("out/training/scans")], help="folders of pairs")
    parser.add_argument("--base", type=Path, required=True, help="Stable Diffusion (folder or .safetensors), or ours")
    parser.add_argument("--architecture", type=Path, help="a family's description, for single files of other sizes")
    parser.add_argument("--controlnet", type=Path, help="start from this ControlNet, not from the base's own layers")
    parser.add_argument("--text", type=Path, default=EMBEDDED / "text", help="text model of a base of our own kind")
    parser.add_argument("--out", type=Path, default=Path("out/training/controlnet_uv"))
    parser.add_argument("--steps", type=int, default=15000, help="of the whole training, earlier calls included")
    parser.add_argument("--batch", type=int, default=4, help="pairs in a step of each process")
    parser.add_argument("--size", type=int, help="pixels (default: what the base was trained at)")
    parser.add_argument("--rate", type=float, default=1e-5, help="learning rate")
    parser.add_argument("--warmup", type=int, default=500, help="steps until it is reached")
    parser.add_argument("--dropped", type=float, default=0.1, help="share of captions left out, for guidance")
    parser.add_argument("--ema", type=float, default=0.0, help="keep an average of the weights, e.g. 0.9999; 0: none")
    parser.add_argument("--prediction", choices=["epsilon", "v_prediction"], help="where the base does not say it")
    parser.add_argument("--control", choices=["unit", "official"], default="unit", help="how the pairs hold normals")
    parser.add_argument("--save-every", type=int, default=500, help="steps between checkpoints")
    parser.add_argument("--sheet-every", type=int, default=500, help="steps between sheets of samples; 0: none")
    parser.add_argument("--checkpointing", action="store_true", help="less memory, more time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


def run(args: argparse.Namespace) -> None:
    """Train up to --steps, from where --out was left, and write the model."""
    prepare_torchvision()
    torch.manual_seed(args.seed)  # of what a new ControlNet begins with
    workers = gather(args.device)
    examples = [example for folder in args.pairs for example in list_examples(folder)]
    held_out = examples[::HELD_OUT] if len(examples) >= HELD_OUT else []
    learnt = [example for example in examples if example not in held_out]
    base = open_any(args, workers.device)
    (args.out / "sheets").mkdir(parents=True, exist_ok=True)
    weights = train(args, workers, base, learnt, (held_out or learnt)[:WATCHED])
    if workers.rank == 0:
        base.pipeline.controlnet.load_state_dict(weights)
        save_model(args, base, len(examples))
        print(f"{len(examples)} pairs, {args.steps} steps: {args.out / 'model'}")
    workers.wait()


def list_examples(folder: Path) -> list[Example]:
    """The rows of a folder's metadata.jsonl, or the skins stage's pairs. SystemExit naming what is missing."""
    file = folder / "metadata.jsonl"
    if not file.is_file():
        examples = [Example(pair.albedo, pair.control, pair.captions) for pair in list_pairs(folder)]
        if not examples:
            raise SystemExit(f"There are no pairs in {folder}: no metadata.jsonl.")
        return examples
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [read_row(folder, row, number) for number, row in enumerate(rows, 1)]


def read_row(folder: Path, row: dict[str, Any], number: int) -> Example:
    """A line of metadata.jsonl, with the names that train_controlnet or datasets' imagefolder gives its columns.

    folder: of the pairs.
    row: the line's values.
    number: of the line, from 1 on, for the message of SystemExit where something is missing.
    """
    place = f"line {number} of {folder / 'metadata.jsonl'}"
    columns = {
        "image": ("image", "image_file_name", "file_name"),
        "conditioning_image": ("conditioning_image", "conditioning_image_file_name"),
        "text": ("text", "caption"),
    }
    values: dict[str, Any] = {
        column: next((row[name] for name in names if name in row), None) for column, names in columns.items()
    }
    lacking = [column for column, value in values.items() if not value]
    if lacking:
        raise SystemExit(f"There is no {lacking[0]!r} in {place}.")
    image, hint = folder / values["image"], folder / values["conditioning_image"]
    missing = [path for path in (image, hint) if not path.is_file()]
    if missing:
        raise SystemExit(f"There is no {missing[0]}, which {place} names.")
    texts = values["text"] if isinstance(values["text"], list) else [values["text"]]
    return Example(image, hint, tuple(texts))


def open_any(args: argparse.Namespace, device: str) -> Base:
    """The base with the ControlNet that is to be trained, on a device."""
    if not args.base.exists():
        raise SystemExit(f"There is no base model {args.base}.")
    index = args.base / "model_index.json"
    own = index.is_file() and json.loads(index.read_text(encoding="utf-8"))["vae"][1] == "PatchAutoencoder"
    return _open_own(args, device) if own else _open_stable_diffusion(args, device)


def _open_own(args: argparse.Namespace, device: str) -> Base:
    painter = load_painter(args.base, load_text_model(args.text))
    pipeline: Any = painter.pipeline
    pipeline, embed = pipeline.to(device), painter.embed
    assert embed is not None
    if args.controlnet:
        pipeline.controlnet = open_controlnet(args.controlnet, pipeline.unet).to(device)
    names = ("steps", "guidance", "control_scale", "temperature")
    settings = {name: getattr(painter, name) for name in names}
    return Base(pipeline, lambda words: torch.cat([embed(w) for w in words]), args.size or painter.size, settings, True)


def _open_stable_diffusion(args: argparse.Namespace, device: str) -> Base:
    from diffusers import ControlNetModel, StableDiffusionControlNetPipeline

    recipe = Recipe(args.base, args.base, architecture=args.architecture, prediction=args.prediction)
    parts = open_base(args.base, recipe)
    unet, encoder, tokenizer = parts["unet"], parts["text_encoder"], parts["tokenizer"]
    net = open_controlnet(args.controlnet, unet) if args.controlnet else ControlNetModel.from_unet(unet)
    pipeline = StableDiffusionControlNetPipeline(
        **parts, controlnet=net, safety_checker=None, feature_extractor=None, requires_safety_checker=False
    ).to(device)
    if device.startswith("cuda"):  # what does not learn needs half the memory
        for part in (unet, parts["vae"], encoder):
            part.to(dtype=torch.float16)

    @torch.no_grad()
    def embed(words: list[str]) -> Tensor:
        tokens = tokenizer(words, padding="max_length", truncation=True, return_tensors="pt")
        return encoder(tokens.input_ids.to(device))[0]

    settings: dict[str, Any] = {"steps": 25, "guidance": 7.5, "control_scale": 1.0, "control": args.control}
    named = {"base": args.base, "architecture": args.architecture}
    settings |= {name: str(path.absolute()) for name, path in named.items() if path}
    settings |= {"prediction": args.prediction} if args.prediction else {}
    size = args.size or int(unet.config.sample_size * pipeline.vae_scale_factor)
    return Base(pipeline, embed, size, settings | {"size": size}, False)


def gather(device: str) -> Workers:
    """This process alone, on a device, or, where accelerate has launched several, all of them."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        return Workers(
            0, 1, device, lambda *things: things, lambda net: net, lambda loss: loss.backward(), lambda: None
        )
    if importlib.util.find_spec("accelerate") is None:
        raise SystemExit("Several processes need accelerate: install it beside the other requirements.")
    # Not among the requirements: where it is installed, diffusers loads models in ways that others do not see.
    together = importlib.import_module("accelerate").Accelerator(cpu=not device.startswith("cuda"))
    return Workers(
        together.process_index,
        together.num_processes,
        str(together.device),
        together.prepare,
        together.unwrap_model,
        together.backward,
        together.wait_for_everyone,
    )


def train(
    args: argparse.Namespace, workers: Workers, base: Base, examples: list[Example], watched: list[Example]
) -> dict[str, Tensor]:
    """The ControlNet's weights (their average, where one is kept) after args.steps steps.

    args: of the stage.
    workers: the processes that train together.
    base: with the ControlNet, which is trained in place.
    examples: to train on.
    watched: shown on the sheets of samples.
    """
    from diffusers import DDPMScheduler

    pipeline = base.pipeline
    for part in (pipeline.unet, pipeline.vae, pipeline.text_encoder):
        if part is not None:
            part.eval().requires_grad_(False)
    net = pipeline.controlnet.float().train().requires_grad_(True)
    if args.checkpointing:
        net.enable_gradient_checkpointing()
    noise = DDPMScheduler.from_config(pipeline.scheduler.config)
    wrapped, optimiser = workers.wrap(net, torch.optim.AdamW(net.parameters(), args.rate, weight_decay=WEIGHT_DECAY))

    def loss_of_step(step: int) -> Tensor:
        batch = draw_batch(args, examples, step, workers)
        return denoising_loss(base, wrapped, noise, batch, args, step, workers)

    def log_and_show(trained: Trained) -> None:
        with (args.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"step": trained.step, "loss": round(float(trained.loss), 6)}) + "\n")
        if args.sheet_every and (trained.step == args.steps or trained.step % args.sheet_every == 0):
            sheet(base, watched, trained.average, args.out / "sheets" / f"{trained.step:06d}.png", args.seed)

    trained = optimise(
        *(workers.unwrap(wrapped), optimiser, loss_of_step),
        Schedule(steps=args.steps, rate=cosine(args.warmup, floor=1.0), clip_norm=CLIP_NORM),
        name="ControlNet_uv",
        checkpoint=Checkpoint(args.out / "checkpoint.pt", every_steps=args.save_every),
        average_decay=(lambda step: args.ema) if args.ema else None,
        after_step=log_and_show,
        backward=workers.backward,
        main_process=workers.rank == 0,
    )
    return trained.average or {name: tensor.detach() for name, tensor in net.state_dict().items()}


def draw_batch(
    args: argparse.Namespace, examples: list[Example], step: int, workers: Workers
) -> list[tuple[int, Example]]:
    """This process' part of a step's batch, each pair with its number in the whole batch.

    Each pair comes once before any comes again, in another order each time.

    args: of the stage.
    examples: to draw from.
    step: number of the step.
    workers: the processes that train together.
    """
    numbers = np.arange(args.batch * workers.count) + step * args.batch * workers.count
    rounds, places = numbers // len(examples), numbers % len(examples)
    orders = {int(r): np.random.default_rng((args.seed, 1, int(r))).permutation(len(examples)) for r in set(rounds)}
    chosen = [examples[orders[int(r)][place]] for r, place in zip(rounds, places, strict=True)]
    mine = range(workers.rank * args.batch, (workers.rank + 1) * args.batch)
    return [(number, chosen[number]) for number in mine]


def denoising_loss(
    base: Base,
    net: Any,
    noise: Any,
    batch: list[tuple[int, Example]],
    args: argparse.Namespace,
    step: int,
    workers: Workers,
) -> Tensor:
    """Mean squared error of the noise, or velocity, that base and ControlNet predict for noised latents of the batch's
    images.

    base: the other parts.
    net: the ControlNet, wrapped.
    noise: diffusers' noise schedule.
    batch: pairs, with their numbers in the whole batch.
    args: of the stage.
    step: number of the step.
    workers: the processes that train together.
    """
    pipeline, device = base.pipeline, workers.device
    vae, unet = pipeline.vae, pipeline.unet
    rngs = [np.random.default_rng((args.seed, 2, step, number)) for number, _ in batch]
    texts = [draw_text(example, args.dropped, rng) for (_, example), rng in zip(batch, rngs, strict=True)]
    images = torch.stack([read_image(example.image, base.size) for _, example in batch]).to(device, vae.dtype)
    hints = torch.stack([read_image(example.hint, base.size) for _, example in batch]).to(device)
    with torch.no_grad():
        latents = vae.encode(images * 2 - 1).latent_dist.mode().float() * vae.config.scaling_factor
        words = base.embed(texts)
    added = torch.cat([draw_noise(vae, latents.shape[1:], rng) for rng in rngs]).to(latents)
    times = torch.tensor([int(rng.integers(noise.config.num_train_timesteps)) for rng in rngs], device=device)
    noisy = noise.add_noise(latents, added, times)
    with half_where_quick(device):
        down, middle = net(noisy, times, encoder_hidden_states=words, controlnet_cond=hints, return_dict=False)
        predicted = unet(
            noisy,
            times,
            encoder_hidden_states=words,
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
        ).sample
    velocity = noise.config.prediction_type == "v_prediction"
    target = noise.get_velocity(latents, added, times) if velocity else added
    return functional.mse_loss(predicted.float(), target.float())


def half_where_quick(device: str) -> torch.autocast:
    """Autocast to bfloat16 on CUDA, where the ControlNet is in float32 and the other parts are in float16."""
    return torch.autocast(device.split(":")[0], torch.bfloat16, enabled=device.startswith("cuda"))


def draw_text(example: Example, dropped: float, rng: np.random.Generator) -> str:
    """One of the captions, or, for classifier-free guidance, the empty one.

    example: with the captions.
    dropped: probability of the empty one.
    rng: of the draws.
    """
    return "" if rng.random() < dropped else str(rng.choice(list(example.texts)))


def draw_noise(vae: Any, shape: torch.Size, rng: np.random.Generator) -> Tensor:
    """Noise (1, C, h, w): as the embedded painter's autoencoder draws it, else independent everywhere.

    vae: the autoencoder.
    shape: (C, h, w).
    rng: whose next number is the seed.
    """
    generator = torch.Generator("cpu").manual_seed(int(rng.integers(1 << 62)))
    if hasattr(vae, "draw_noise"):
        return torch.as_tensor(vae.draw_noise(1, generator))
    return torch.randn(1, *shape, generator=generator)


def read_image(path: Path, size: int) -> Tensor:
    """The picture in a file, (3, size, size) in [0, 1]."""
    picture = Image.open(path).convert("RGB")
    if picture.size != (size, size):
        picture = picture.resize((size, size), Image.Resampling.BICUBIC)
    return torch.from_numpy(np.asarray(picture, np.float32) / 255).permute(2, 0, 1)


@torch.no_grad()
def sheet(base: Base, watched: list[Example], average: dict[str, Tensor], path: Path, seed: int) -> None:
    """Write a picture: a column for each pair; control image, a sample for its first caption, the pair's own image.

    base: with the ControlNet.
    watched: the pairs.
    average: the ControlNet's weights for the samples; empty: as they are.
    path: of the picture.
    seed: of the samples' noise.
    """
    pipeline = base.pipeline
    net = pipeline.controlnet
    current = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    net.load_state_dict(average or current)
    net.eval()
    hints = torch.stack([read_image(example.hint, base.size) for example in watched])
    vae, settings = pipeline.vae, base.settings
    generator = torch.Generator("cpu").manual_seed(seed)
    own = {"latents": settings["temperature"] * vae.draw_noise(len(watched), generator)} if base.own else {}
    pipeline.set_progress_bar_config(disable=True)
    with half_where_quick(str(pipeline.device)):
        samples = pipeline(
            prompt_embeds=base.embed([example.texts[0] for example in watched]),
            negative_prompt_embeds=base.embed([""] * len(watched)),
            image=hints.to(pipeline.device),
            num_inference_steps=settings["steps"],
            guidance_scale=settings["guidance"],
            generator=generator,
            output_type="pt",
            **own,
        ).images
    rows = torch.stack([hints, samples.float().cpu(), torch.stack([read_image(e.image, base.size) for e in watched])])
    picture = rows.permute(0, 3, 1, 4, 2).reshape(3 * base.size, -1, 3).clamp(0, 1).mul(255).round().byte()
    Image.fromarray(picture.numpy()).save(path)
    net.load_state_dict(current)
    net.train()


def save_model(args: argparse.Namespace, base: Base, count: int) -> None:
    """Write model/: the ControlNet with a model.json that names its base; all parts, where the base is our own kind."""
    folder = args.out / "model"
    folder.mkdir(parents=True, exist_ok=True)
    settings = base.settings
    if base.own:
        base.pipeline.save_pretrained(folder)
    else:
        base.pipeline.controlnet.save_pretrained(folder / "controlnet")
        settings = settings | {"controlnet": "controlnet"}
    files = [str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and p.name != "model.json"]
    source = f"python -m training controlnet_uv: {args.steps} steps on {count} pairs"
    card = ModelCard("texture", "ControlNet_uv", "as its base model's and its pairs' publishers state", source)
    write_model_json(folder, card, settings, {}, files)
