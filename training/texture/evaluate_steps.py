"""How good a painter is at how many steps, how much guidance and how much noise: what its settings are chosen by.

    python -m training.evaluate texture_curve --assets MAKEHUMAN --prompts 56

The same questions as in `texture`, for every combination of --steps, --guidance and --temperature. Printed and written
to --out as curve.csv and, quality over seconds a picture, curve.png.
"""

from __future__ import annotations

import argparse
import csv
import time
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from clip_head.core.texture.painter.paint import paint_albedo
from clip_head.training.texture import evaluate as texture

#: Side of the plot and margin around it, pixels.
SIDE, MARGIN = 480, 60
#: Number of pictures whose median time is taken.
TIMED = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation: those of `texture`, and the settings."""
    texture.add_arguments(parser)
    parser.set_defaults(prompts=56)
    parser.add_argument("--steps", type=int, nargs="*", default=[2, 4, 8, 16])
    parser.add_argument("--guidance", type=float, nargs="*", default=[1.0, 2.0, 3.0])
    parser.add_argument("--temperature", type=float, nargs="*", default=[0.15])


def run(args: argparse.Namespace) -> list[dict[str, float]]:
    """Print a row for each combination of settings and write the table and the plot.

    args: of add_arguments.
    """
    exam = texture.write_exam(args)
    rows = []
    for steps, guidance, temperature in product(args.steps, args.guidance, args.temperature):
        painter = replace(exam.painter, steps=steps, guidance=guidance, temperature=temperature)
        times = []
        for question in exam.questions[:TIMED]:
            start = time.perf_counter()
            paint_albedo(painter, question.control, question.prompt, 0, painter.size)
            times.append(time.perf_counter() - start)
        figures, _, _ = texture.examine(exam, painter)
        right = float(np.mean([value for name, value in figures.items() if name.endswith("_right")]))
        settings = {"steps": steps, "guidance": guidance, "temperature": temperature}
        rows.append({**settings, "seconds": round(float(np.median(times)), 3), "right": round(right, 3), **figures})
        print(rows[-1], flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    with open(args.out / "curve.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    plot(rows, args.out / "curve.png")
    return rows


def plot(rows: list[dict[str, Any]], path: Path) -> None:
    """Draw the fraction of asked attributes that are right (upwards, 0 to 1) over seconds a picture: a line for every
    guidance and temperature, a dot for every number of steps.

    rows: of the table, with steps, guidance, temperature, seconds and right.
    path: of the plot.
    """
    image = Image.new("RGB", (SIDE + 2 * MARGIN, SIDE + 2 * MARGIN), "white")
    draw = ImageDraw.Draw(image)
    longest = max(row["seconds"] for row in rows)
    corners = (MARGIN, MARGIN, MARGIN + SIDE, MARGIN + SIDE)
    draw.rectangle(corners, outline="black")
    draw.text((MARGIN, MARGIN // 2), "right, 0 to 1, over seconds a picture", "black")
    draw.text((MARGIN + SIDE, MARGIN + SIDE + 5), f"{longest:.1f} s", "black")
    lines: dict[tuple[float, float], list[dict[str, Any]]] = {}
    for row in rows:
        lines.setdefault((row["guidance"], row["temperature"]), []).append(row)
    for number, ((guidance, temperature), line) in enumerate(lines.items()):
        colour = f"hsl({360 * number // len(lines)}, 80%, 40%)"
        dots = [(MARGIN + SIDE * r["seconds"] / longest, MARGIN + SIDE * (1 - r["right"])) for r in line]
        draw.line(dots, fill=colour, width=2)
        for (x, y), row in zip(dots, line, strict=True):
            draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colour)
            draw.text((x + 5, y + 3), str(row["steps"]), colour)
        draw.text((MARGIN + 8, MARGIN + 8 + 14 * number), f"guidance {guidance}, temperature {temperature}", colour)
    image.save(path)
