"""Train the texture autoencoder on crops of baked albedo maps and of the teacher's skins."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from clip_head.core.texture.painter.autoencoder import PatchAutoencoder
from clip_head.training.engine.autocast import mixed
from clip_head.training.engine.optimise import Checkpoint, Schedule, Trained, cosine, optimise
from clip_head.training.texture.autoencoder_images import Stock, load_stock, random_crops
from clip_head.training.texture.pairs import list_pairs, read_picture

#: Side of a crop, pixels: four latents, of 32 pixels each.
CROP = 128
#: Number of crops that the PSNR is measured on, and the seed that they are drawn by.
WATCHED_CROPS, WATCHED_SEED = 48, 12345
#: Baked maps kept in memory, at most.
MOST_MAPS = 600
#: AdamW's decays of the moments, and its weight decay.
BETAS, WEIGHT_DECAY = (0.9, 0.98), 1e-4
#: Steps of the linear warm-up, what the learning rate falls to relative to the highest, largest norm of the gradients.
WARMUP, LAST_RATE, CLIP_NORM = 100, 0.05, 1.0
#: The moving average's decay rises with the steps n as (n + 1) / (n + AVERAGE_DELAY), up to MOST_DECAY.
AVERAGE_DELAY, MOST_DECAY = 10, 0.998
#: Weights of the loss: squared beside absolute differences of colours, and the Kullback-Leibler divergence.
SQUARED_WEIGHT, KL_WEIGHT = 2.0, 1e-3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--assets", type=Path, required=True, help="the MakeHuman assets folder")
    parser.add_argument("--pairs", type=Path, nargs="*", default=[Path("out/training/skins")], help="baked albedo maps")
    parser.add_argument("--out", type=Path, default=Path("out/training/texture/vae"))
    parser.add_argument("--minutes", type=float, default=30, help="stop after so many minutes")
    parser.add_argument("--steps", type=int, help="stop at so many steps instead")
    parser.add_argument("--batch", type=int, default=16, help="crops of 128 px in a step")
    parser.add_argument("--size", type=int, default=512, help="side of the baked maps, pixels")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate, falling to a twentieth of itself")
    parser.add_argument("--baked", type=float, default=0.8, help="share of crops from baked maps, when there are any")
    parser.add_argument("--decoder-only", action="store_true", help="keep the encoder, and so the latents, as they are")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


def run(args: argparse.Namespace) -> None:
    """Finish the run that was interrupted in --out, or train for --minutes more; leaves a diffusers model folder there.

    Where --out has a model and no checkpoint, training begins with its weights.

    args: of add_arguments.
    """
    torch.manual_seed(args.seed)
    pairs = [pair for pair in list_pairs(*args.pairs) if not pair.held_out]
    stock = load_stock(args.assets, [read_picture(pair.albedo) for pair in pairs[:: 1 + len(pairs) // MOST_MAPS]])
    args.out.mkdir(parents=True, exist_ok=True)
    begun = (args.out / "config.json").is_file()
    vae = (
        PatchAutoencoder.from_pretrained(args.out, low_cpu_mem_usage=False)
        if begun
        else PatchAutoencoder(sample_size=args.size)
    )
    print(f"{len(stock.baked)} baked maps", flush=True)
    schedule = Schedule(
        args.steps, None if args.steps else args.minutes, rate=cosine(WARMUP, LAST_RATE), clip_norm=CLIP_NORM
    )
    trained = fit(vae, stock, args, schedule)
    save_average(args.out, vae, trained.average)


def fit(vae: PatchAutoencoder, stock: Stock, args: argparse.Namespace, schedule: Schedule) -> Trained:
    """Train the autoencoder in place; the moving average of its weights is the model.

    vae: the autoencoder.
    stock: pictures to cut from.
    args: of the stage; its folder --out keeps the checkpoint, the model so far and a sheet of watched crops.
    schedule: how long, and how fast.
    """
    vae = vae.to(args.device, memory_format=torch.channels_last).train()
    vae.encoder.requires_grad_(not args.decoder_only)
    optimiser = torch.optim.AdamW(vae.parameters(), args.rate, betas=BETAS, weight_decay=WEIGHT_DECAY)
    rng = np.random.default_rng([args.seed, 0])
    watched = random_crops(stock, np.random.default_rng(WATCHED_SEED), WATCHED_CROPS, CROP, args.baked).to(args.device)

    def loss_of_step(step: int) -> Tensor:
        return autoencoder_loss(vae, random_crops(stock, rng, args.batch, CROP, args.baked).to(args.device))

    def report(trained: Trained) -> None:
        save_average(args.out, vae, trained.average)
        psnr = _watch(args.out, watched)
        print(f"step {trained.step}: loss {trained.loss:.4f}, PSNR {psnr:.2f} dB", flush=True)

    return optimise(
        *(vae, optimiser, loss_of_step, schedule),
        name="autoencoder",
        checkpoint=Checkpoint(args.out / "checkpoint.pt"),
        generator=rng,
        average_decay=lambda step: min(MOST_DECAY, (step + 1) / (step + AVERAGE_DELAY)),
        after_save=report,
    )


def autoencoder_loss(vae: PatchAutoencoder, images: Tensor) -> Tensor:
    """Absolute differences of colours and, for sharp edges, of gradients at two scales; a little KL divergence.

    vae: the autoencoder.
    images: (N, 3, H, W) in [-1, 1].
    """
    with mixed(images.device.type):
        mean, logvar = vae.encoder(images).chunk(2, dim=1)  # a crop has no place in the layout: no whitening
        decoded = vae.decoder(mean + torch.randn_like(mean) * (logvar.clamp(-30, 20) / 2).exp())
    decoded, mean, logvar = decoded.float(), mean.float(), logvar.float()
    colour = (decoded - images).abs().mean() + SQUARED_WEIGHT * (decoded - images).square().mean()
    edges = _gradient_difference(decoded, images) + _gradient_difference(
        F.avg_pool2d(decoded, 2), F.avg_pool2d(images, 2)
    )
    kl = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean()
    return colour + edges + KL_WEIGHT * kl


def psnr(decoded: Tensor, images: Tensor) -> float:
    """Peak signal-to-noise ratio in dB.

    decoded, images: (N, 3, H, W) in [-1, 1].
    """
    return float(10 * torch.log10(4 / (decoded.clamp(-1, 1) - images).square().mean()))


def _gradient_difference(first: Tensor, second: Tensor) -> Tensor:
    """Mean absolute difference of the gradients, by pixels, of images (N, 3, H, W)."""
    difference = first - second
    across = (difference[..., :, 1:] - difference[..., :, :-1]).abs().mean()
    down = (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
    return across + down


def save_average(folder: Path, vae: PatchAutoencoder, average: dict[str, Tensor]) -> None:
    """Write the diffusers folder of the autoencoder with averaged weights; its own stay as they are.

    folder: to write to.
    vae: the autoencoder.
    average: the averaged weights, by their names.
    """
    current = {name: tensor.detach().clone() for name, tensor in vae.state_dict().items()}
    vae.load_state_dict(average)
    vae.save_pretrained(folder)
    vae.load_state_dict(current)


@torch.inference_mode()
def _watch(folder: Path, crops: Tensor) -> float:
    """Decode the watched crops with the averaged weights, save them side by side, return their PSNR."""
    vae = PatchAutoencoder.from_pretrained(folder, low_cpu_mem_usage=False).to(crops.device)
    decoded = vae.decoder(vae.encoder(crops).chunk(2, dim=1)[0])
    rows = torch.cat([torch.cat([crops[i::6][:8], decoded[i::6][:8]], 2) for i in range(6)], 2).clamp(-1, 1)
    sheet = rows.permute(2, 0, 3, 1).reshape(rows.shape[2], -1, 3).add(1).mul(127.5)
    Image.fromarray(sheet.byte().cpu().numpy()).save(folder / "watched.png")
    return psnr(decoded, crops)
