"""Train the texture autoencoder on crops of baked albedo maps and of the teacher's skins."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from clip_head.core.compat import prepare_torchvision

prepare_torchvision()

from clip_head.core.texture.painter.autoencoder import PatchAutoencoder  # noqa: E402
from clip_head.training.engine.autocast import mixed  # noqa: E402
from clip_head.training.texture.autoencoder_images import load_stock, random_crops  # noqa: E402
from clip_head.training.texture.model import learning_rate, training_progress  # noqa: E402
from clip_head.training.texture.pairs import list_pairs, read_picture  # noqa: E402

CROP = 128
HELD_OUT_CROPS = 48
#: Baked maps kept in memory.
MOST_MAPS = 600


def add_arguments(parser: argparse.ArgumentParser) -> None:
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
    """Go on from the last checkpoint in --out for --minutes more; leaves a diffusers model folder there."""
    torch.manual_seed(args.seed)
    pairs = [pair for pair in list_pairs(*args.pairs) if not pair.held_out]
    stock = load_stock(args.assets, [read_picture(pair.albedo) for pair in pairs[:: 1 + len(pairs) // MOST_MAPS]])
    args.out.mkdir(parents=True, exist_ok=True)
    state = args.out / "optimiser.pt"
    resumed = (args.out / "config.json").is_file()
    vae = (
        PatchAutoencoder.from_pretrained(args.out, low_cpu_mem_usage=False)
        if resumed
        else PatchAutoencoder(sample_size=args.size)
    )
    vae = vae.to(args.device, memory_format=torch.channels_last).train()
    vae.encoder.requires_grad_(not args.decoder_only)
    optimiser = torch.optim.AdamW(vae.parameters(), args.rate, betas=(0.9, 0.98), weight_decay=1e-4)
    step = 0
    if state.is_file():
        saved = torch.load(state, weights_only=True)
        optimiser.load_state_dict(saved["optimiser"])
        step = saved["step"]
    generator = np.random.default_rng([args.seed, step])
    watched = random_crops(stock, np.random.default_rng(12345), HELD_OUT_CROPS, CROP, args.baked).to(args.device)
    average = {name: p.detach().clone() for name, p in vae.named_parameters()}

    print(f"{len(stock.baked)} baked maps, from step {step}", flush=True)
    start, last_save = time.perf_counter(), time.perf_counter()
    bar = tqdm(unit="step", mininterval=30)
    while (spent := training_progress(args.steps, args.minutes, step, start)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(args.rate, bar.n, spent)
        crops = random_crops(stock, generator, args.batch, CROP, args.baked).to(args.device)
        loss, parts = autoencoder_loss(vae, crops)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimiser.step()
        step += 1
        bar.update()
        with torch.no_grad():
            decay = min(0.998, (bar.n + 1) / (bar.n + 10))
            for name, p in vae.named_parameters():
                average[name].lerp_(p, 1 - decay)
        if time.perf_counter() - last_save > 120:
            last_save = time.perf_counter()
            _save(args.out, vae, average, optimiser, step)
            print(f"step {step}: {parts} PSNR {_watch(args.out, watched):.2f} dB", flush=True)
    _save(args.out, vae, average, optimiser, step)
    print(f"step {step}: PSNR {_watch(args.out, watched):.2f} dB", flush=True)


def autoencoder_loss(vae: PatchAutoencoder, images: Tensor) -> tuple[Tensor, str]:
    """Absolute differences of colours and, for sharp edges, of gradients at two scales; a little KL divergence."""
    with mixed(images.device.type):
        mean, logvar = vae.encoder(images).chunk(2, dim=1)  # a crop has no place in the layout: no whitening
        decoded = vae.decoder(mean + torch.randn_like(mean) * (logvar.clamp(-30, 20) / 2).exp())
    decoded, mean, logvar = decoded.float(), mean.float(), logvar.float()
    colour = (decoded - images).abs().mean() + 2 * (decoded - images).square().mean()
    edges = _gradient_difference(decoded, images) + _gradient_difference(
        F.avg_pool2d(decoded, 2), F.avg_pool2d(images, 2)
    )
    kl = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean()
    text = f"colour {colour.item():.4f} edges {edges.item():.4f} kl {kl.item():.2f}"
    return colour + edges + 1e-3 * kl, text


def psnr(decoded: Tensor, images: Tensor) -> float:
    """Peak signal-to-noise ratio in dB of images in [-1, 1]."""
    return float(10 * torch.log10(4 / (decoded.clamp(-1, 1) - images).square().mean()))


def _gradient_difference(first: Tensor, second: Tensor) -> Tensor:
    difference = first - second
    across = (difference[..., :, 1:] - difference[..., :, :-1]).abs().mean()
    down = (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
    return across + down


def _save(
    folder: Path, vae: PatchAutoencoder, average: dict[str, Tensor], optimiser: torch.optim.Optimizer, step: int
) -> None:
    """The averaged weights are the model; training goes on from them."""
    current = {name: p.detach().clone() for name, p in vae.named_parameters()}
    with torch.no_grad():
        for name, p in vae.named_parameters():
            p.copy_(average[name])
    vae.save_pretrained(folder)
    with torch.no_grad():
        for name, p in vae.named_parameters():
            p.copy_(current[name])
    torch.save({"optimiser": optimiser.state_dict(), "step": step}, folder / "optimiser.pt")


@torch.inference_mode()
def _watch(folder: Path, crops: Tensor) -> float:
    """Decode the watched crops with the averaged weights, save them side by side, return their PSNR."""
    vae = PatchAutoencoder.from_pretrained(folder, low_cpu_mem_usage=False).to(crops.device)
    decoded = vae.decoder(vae.encoder(crops).chunk(2, dim=1)[0])
    rows = torch.cat([torch.cat([crops[i::6][:8], decoded[i::6][:8]], 2) for i in range(6)], 2).clamp(-1, 1)
    sheet = rows.permute(2, 0, 3, 1).reshape(rows.shape[2], -1, 3).add(1).mul(127.5)
    Image.fromarray(sheet.byte().cpu().numpy()).save(folder / "watched.png")
    return psnr(decoded, crops)
