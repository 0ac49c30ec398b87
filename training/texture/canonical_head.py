"""`python -m training canonical`: the canonical head, in whose UV the embedded painter paints all people, and the facts
of the template beside it, which are measured by hand and handed on."""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import decode_head, extract_head, load_nphm
from clip_head.core.texture.albedo.canonical import Canonical, save_canonical
from clip_head.core.texture.template import FILE as TEMPLATE
from clip_head.core.texture.template import load_template
from clip_head.core.types import Latents
from clip_head.core.uv import load_layout, unwrap


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="the embedded NPHM's folder")
    parser.add_argument("--template", type=Path, default=EMBEDDED / "texture", help="folder of the template's facts")
    parser.add_argument("--out", type=Path, default=Path("out/training/texture/canonical"))
    parser.add_argument("--resolution", type=int, default=256, help="cells along its height")


def run(args: argparse.Namespace) -> None:
    """Decode the mean head, which is bald and clean-shaven, unwrap it in the aligned UV, and write it to args.out.

    What is stored at each vertex is its point of the template, not its position: so each texel of the canonical UV
    stands for one point of the template, whose place on any other head the NPHM knows.

    args: of add_arguments.

    Raises SystemExit when the NPHM has no template.
    """
    nphm = load_nphm(args.nphm)
    mean_codes = Latents(np.zeros(nphm.network.id_size, np.float32), np.zeros(nphm.network.exp_size, np.float32))
    mesh = unwrap(extract_head(decode_head(nphm, mean_codes), args.resolution), load_layout())
    if mesh.template_points is None:
        raise SystemExit(f"{args.nphm} has no template, which the canonical head is made of.")
    load_template(args.template)
    args.out.mkdir(parents=True, exist_ok=True)
    save_canonical(Canonical(replace(mesh, vertices=mesh.template_points)), args.out)
    if args.out.resolve() != args.template.resolve():
        shutil.copyfile(args.template / TEMPLATE, args.out / TEMPLATE)
