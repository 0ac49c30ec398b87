"""`python -m training teacher`: synthesise the dataset.

Seeded. Heads are kept while --seed and --heads stay the same, and so are hair styles and beards whose files exist.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from tqdm import tqdm

from clip_head.core.types import Floats

from .beards import build_beards
from .cavities import find_cavities
from .dataset import HELD_OUT, Attributes, Template
from .expressions import build_expressions
from .hair import build_styles
from .identities import (
    CANONICAL_JAW,
    PEOPLE_FILE,
    IdentityBasis,
    base_vertices,
    build_basis,
    random_person,
    shape_reading,
    template_base,
    with_seen,
    word_directions,
)
from .modes import RealPeople, load_people, real_people, save_people
from .registration import Registration, register
from .scanned_actions import scanned_actions, with_scanned_actions
from .scans import Scans, load_scans
from .template import Topology, build_landmarks, build_regions, build_topology


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the stage to a parser."""
    parser.add_argument(
        "--assets", type=Path, help="folder of the MakeHuman system assets (hair/); default: bald heads only"
    )
    parser.add_argument(
        "--scans", type=Path, help="folder of ICT-FaceKit's arrays: real faces; default: MakeHuman's targets alone"
    )
    parser.add_argument("--heads", type=int, default=4000, help="number of people")
    parser.add_argument(
        "--hair-coarseness", type=float, default=1.0, help="times as far apart as usual the points of hair lie"
    )
    parser.add_argument("--out", type=Path, default=Path("out/training/teacher"), help="folder of the dataset")
    parser.add_argument("--seed", type=int, default=0, help="of the people")
    parser.add_argument("--fresh", action="store_true", help="compute everything again")


def run(args: argparse.Namespace) -> None:
    """Write template, expressions, what scans add, heads, then one file per hair style and beard.

    args: of add_arguments.
    Raises: ClipHeadError when a hair style of --assets is incomplete, or --scans holds no scans.
    """
    scans = load_scans(args.scans) if args.scans else None
    args.out.mkdir(parents=True, exist_ok=True)
    topology = build_topology()
    basis = build_basis(topology.base)
    mean = template_base(basis)
    template = build_template(topology, mean)
    save_template(args.out, template, topology.subdivision)
    expressions = build_expressions(topology, template.vertices, template.regions)
    if scans is not None:
        registration = register(topology, template, mean - CANONICAL_JAW * basis.jaw, scans)
        basis = replace(basis, people=learn_people(args.out, scans, registration, topology, basis))
        actions = scanned_actions(scans.actions, scans.expression.astype(np.float32))
        expressions = with_scanned_actions(expressions, topology, template.regions, actions, registration.carry_action)
    np.savez_compressed(
        args.out / "expressions.npz",
        actions=np.array(expressions.actions),
        basis=expressions.basis.astype(np.float16),
        closing=expressions.closing,
    )
    _write_json(args.out / "expressions.json", expressions.table)

    settings = {"seed": args.seed, "heads": args.heads, "modes": basis.mode_count}
    finished = args.out / "settings.json"
    if args.fresh or not finished.is_file() or json.loads(finished.read_text(encoding="utf-8")) != settings:
        people = draw_people(basis, args.heads, args.seed)
        save_heads(args.out, people, np.stack([base_vertices(basis, p) - mean for p in tqdm(people, "heads")]))
        _write_json(finished, settings)

    (args.out / "hair").mkdir(exist_ok=True)
    build_styles(args.assets, topology, mean, template, args.out / "hair", args.fresh, args.hair_coarseness)
    (args.out / "beard").mkdir(exist_ok=True)
    build_beards(template, args.out / "beard", args.fresh)


def learn_people(
    out: Path, scans: Scans, registration: Registration, topology: Topology, basis: IdentityBasis
) -> RealPeople:
    """Carry the scans' modes over, and write them, with the errors of the registration, to the dataset.

    out: the dataset's folder.
    scans: real faces.
    registration: of the base mesh on them.
    topology: from the base mesh to the template.
    basis: MakeHuman's.
    Returns: what scans add to people.
    """
    for name, error in registration.errors.items():
        print(f"scans, {name:<9} {error:.3f} mm rms")
    _write_json(out / "registration.json", {name: round(error, 4) for name, error in registration.errors.items()})
    closed = template_base(basis) - CANONICAL_JAW * basis.jaw
    people = real_people(scans, registration, find_cavities(topology), closed, word_directions(basis))
    save_people(out / PEOPLE_FILE, people)
    return load_people(out / PEOPLE_FILE)


def draw_people(basis: IdentityBasis, count: int, seed: int) -> list[Attributes]:
    """The people of a dataset, with words for what is seen of them; the last HELD_OUT have all of the scans' modes.

    basis: of their heads.
    count: of people.
    seed: of all that is drawn.
    """
    training = round(count * (1 - HELD_OUT))
    people = [
        random_person(np.random.default_rng([seed, k]), basis.mode_count, held_out=k >= training) for k in range(count)
    ]
    reading, used = shape_reading(basis)
    return [with_seen(basis, reading, used, person) for person in tqdm(people, "words", mininterval=5)]


def build_template(topology: Topology, mean: Floats) -> Template:
    """The template: the mean adult with its regions and landmarks.

    topology: from the base mesh to the template.
    mean: (B, 3) base vertices of the mean adult, units, in the frame of the heads.
    Returns: the template.
    """
    vertices = (topology.subdivision @ mean).astype(np.float32)
    regions = build_regions(topology, vertices)
    landmarks = build_landmarks(topology, vertices, regions)
    return Template(vertices, topology.faces, topology.uv, topology.part, regions, landmarks)


def save_template(out: Path, template: Template, subdivision: sp.csr_matrix) -> None:
    """Write template.npz and subdivision.npz.

    out: the dataset's folder.
    template: the mean head.
    subdivision: (V, B) from base vertices to the template's.
    """
    np.savez_compressed(
        out / "template.npz",
        vertices=template.vertices,
        faces=template.faces,
        uv=template.uv,
        part=template.part,
        region_names=np.array(list(template.regions)),
        regions=np.stack(list(template.regions.values())),
        landmark_names=np.array(list(template.landmarks)),
        landmarks=np.array(list(template.landmarks.values())),
    )
    sp.save_npz(out / "subdivision.npz", subdivision)


def save_heads(out: Path, people: list[Attributes], displacements: Floats) -> None:
    """Write heads.npy, as float16, and heads.json.

    out: the dataset's folder.
    people: attributes of the N heads.
    displacements: (N, B, 3) of their base vertices from those of the mean adult, units.
    """
    temporary = out / "heads.tmp.npy"
    np.save(temporary, displacements.astype(np.float16))
    os.replace(temporary, out / "heads.npy")
    _write_json(out / "heads.json", [dataclasses.asdict(person) for person in people])


def _write_json(path: Path, value: object) -> None:
    """Write a value as JSON."""
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
