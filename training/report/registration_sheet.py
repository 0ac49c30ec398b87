"""The base mesh beside the scans' mean head that it was laid onto, to look at, and how far apart they are.

    python -m training registration_sheet --scans SCANS --out out/evaluation/registration

A row for every view: the scan, the base mesh on it, and the distance between them in colours. registration.json has the
table in millimetres.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import igl
import numpy as np

from clip_head.core.types import MILLIMETRES_PER_UNIT, Bytes, Floats, Ints
from clip_head.training.teacher.cavities import find_cavities
from clip_head.training.teacher.generate import build_template
from clip_head.training.teacher.identities import CANONICAL_JAW, build_basis, template_base
from clip_head.training.teacher.registration import register, similarity
from clip_head.training.teacher.scans import load_scans
from clip_head.training.teacher.template import build_topology
from clip_head.training.text.renders import MIDDLE, OVERSAMPLING, View, rasterised, shaded

from .faces_sheet import BACKGROUND, CLAY, SIDE, save_grid

#: Views: what stands in the middle (a landmark of the template, "" for the head), yaw, pitch (radians), enlargement.
VIEWS = (
    ("", 0.0, 0.0, 1.0),
    ("", 0.6, 0.05, 1.0),
    ("", 1.57, 0.0, 1.0),
    ("left_pupil", 0.2, 0.0, 7.0),
    ("nose_tip", 0.0, -0.9, 5.0),
    ("left_mouth_corner", 0.3, 0.0, 5.0),
    ("left_ear_top", 1.4, 0.0, 3.5),
)
#: Distance, millimetres, that is drawn in full red, and its sRGB, 0 to 1; no distance is white.
REDDEST, RED = 0.5, (0.85, 0.1, 0.1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--scans", type=Path, required=True, help="folder of ICT-FaceKit's arrays")
    parser.add_argument("--out", type=Path, default=Path("out/evaluation/registration"))


def run(args: argparse.Namespace) -> None:
    """Write registration.png and registration.json, and print the table.

    args: of add_arguments.
    Raises: ClipHeadError when there are no scans.
    """
    scans, topology = load_scans(args.scans), build_topology()
    basis = build_basis(topology.base)
    template = build_template(topology, template_base(basis))
    closed = template_base(basis) - CANONICAL_JAW * basis.jaw
    registration = register(topology, template, closed, scans)
    fine = topology.subdivision @ closed
    scale, move = similarity(topology, template, find_cavities(topology), fine, scans)
    surface = (scans.vertices * scale + move).astype(np.float32)
    laid = (topology.subdivision @ registration.base).astype(np.float32)
    squared = igl.point_mesh_squared_distance(laid.astype(float), surface.astype(float), scans.triangles)[0]
    error = (np.sqrt(squared) * MILLIMETRES_PER_UNIT / REDDEST).clip(0, 1)[:, None]
    colours = (1.0 + error * (np.array(RED) - 1.0)).astype(np.float32)
    pictures = []
    for landmark, yaw, pitch, zoom in VIEWS:
        centre = laid[template.landmarks[landmark]] if landmark else MIDDLE
        for vertices, faces, colour in (
            (surface, scans.triangles, np.full_like(surface, CLAY)),
            (laid, topology.faces, np.full_like(laid, CLAY)),
            (laid, topology.faces, colours),
        ):
            pictures.append(picture((vertices - centre) * zoom + MIDDLE, faces, colour, View(yaw, pitch, BACKGROUND)))
    args.out.mkdir(parents=True, exist_ok=True)
    save_grid(args.out / "registration.png", pictures, 3)
    table = {name: round(value, 4) for name, value in registration.errors.items()}
    (args.out / "registration.json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    for name, value in table.items():
        print(f"{name:<9} {value:.3f} mm rms")


def picture(vertices: Floats, faces: Ints, colours: Floats, view: View) -> Bytes:
    """A picture (SIDE, SIDE, 3) of a surface.

    vertices: (V, 3) units; faces: (F, 3); colours: (V, 3) sRGB, 0 to 1.
    view: of the camera.
    """
    return shaded(rasterised(vertices, faces, view, SIDE * OVERSAMPLING), colours, BACKGROUND)
