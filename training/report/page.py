"""One page with everything that was measured, to look through: tables, plots and renders.

    python -m training.evaluate page --out out/evaluation

Reads what the other evaluations left: the figures in the models' model.json, obedience.json, the contact sheets. The
page is one file of its own, pictures included, and loads nothing from anywhere.
"""

from __future__ import annotations

import argparse
import base64
import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from clip_head.core.models import EMBEDDED

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1200px; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
td, th { padding: 0.15rem 0.8rem 0.15rem 0; text-align: left; border-bottom: 1px solid #ddd; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
tr.missed td { color: #a22; }
img { max-width: 100%; }
svg { display: block; margin: 0.5rem 0 1.5rem; }
"""
_SHEETS = {"prompts": "48 prompts", "expressions": "The 23 expressions on two people"}
_MODELS = ("text", "splitter", "mapping", "nphm", "texture")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the page."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"), help="folder of obedience.json and sheets")
    parser.add_argument("--compare", nargs="*", default=[], metavar="NAME=FOLDER", help="of other obedience.json")


def run(args: argparse.Namespace) -> None:
    """Write args.out/index.html."""
    args.out.mkdir(parents=True, exist_ok=True)
    parts = [sheet(args.out / f"{name}.jpg", title) for name, title in _SHEETS.items()]
    path = args.out / "obedience.json"
    if path.is_file():
        parts += obedience(json.loads(path.read_text(encoding="utf-8")))
    if args.compare:
        parts.append(comparison([("shown above", args.out), *(split_name(named) for named in args.compare)]))
    for name in _MODELS:
        manifest = args.models / name / "model.json"
        if manifest.is_file():
            parts.append(model(json.loads(manifest.read_text(encoding="utf-8"))))
    html = f"<!DOCTYPE html><meta charset=utf-8><title>CLIP-Head, measured</title><style>{_STYLE}</style>"
    html += "<h1>CLIP-Head, measured</h1>" + "".join(parts)
    (args.out / "index.html").write_text(html, encoding="utf-8")
    print(f"wrote {args.out / 'index.html'}")


def sheet(path: Path, title: str) -> str:
    """A picture inside the page; nothing where it was not made."""
    if not path.is_file():
        return ""
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return f'<h2>{escape(title)}</h2><img alt="{escape(title)}" src="data:image/jpeg;base64,{data}">'


def model(manifest: dict[str, Any]) -> str:
    """The figures of one model, and where it comes from."""
    rows = [(str(name), _number(value)) for name, value in manifest["figures"].items()]
    about = f"<p>{escape(manifest['licence'])}. {escape(manifest['source'])}</p>"
    return f"<h2>{escape(manifest['name'])}</h2>{about}{table(('', ''), rows)}"


def obedience(found: dict[str, Any]) -> list[str]:
    """What training.obedience measured: its figures, every pair of opposites, and what was taken for something else."""
    pairs = sorted(found["pairs"], key=lambda pair: float(np.mean(pair["found"])) / pair["amount"])
    rows, missed = [], []
    for pair in pairs:
        mean, least = float(np.mean(pair["found"])), min(pair["found"])
        words = pair["more"].removeprefix("="), pair["less"].removeprefix("=")
        rows.append((pair["measure"], *words, _number(pair["amount"]), _number(mean), _number(least)))
        missed.append(mean < pair["amount"])
    heads = ("measure", "more", "less", "asked", "mean", "least of 8 seeds")
    parts = ["<h2>Obedience</h2><p>Measured on meshes, in millimetres or degrees, for words that no training saw.</p>"]
    parts.append(table(("", ""), [(name, _number(value)) for name, value in found["figures"].items()]))
    parts.append("<h3>How far every pair moves, as a share of what is asked</h3>" + bars(pairs))
    parts.append("<h3>Pairs of opposites, the least obedient first</h3>" + table(heads, rows, missed))
    for kind in ("expressions", "hair", "beards"):
        answers = [
            (entry["asked"] or "none", entry["words"], ", ".join(sorted(set(entry["found"]))), _share(entry))
            for entry in found[kind]
        ]
        wrong = [_share(entry) != "1.00" for entry in found[kind]]
        parts.append(
            f"<h3>{kind.capitalize()}</h3>" + table(("asked", "in these words", "found", "right"), answers, wrong)
        )
    return parts


def split_name(named: str) -> tuple[str, Path]:
    """NAME=FOLDER in two."""
    name, found, folder = named.partition("=")
    if not found:
        raise SystemExit(f"--compare {named!r} has no name. Write NAME=FOLDER.")
    return name, Path(folder)


def comparison(folders: list[tuple[str, Path]]) -> str:
    """The figures of several obedience.json beside each other, such as of MLP_id trained on images alone, on captions
    alone and on both."""
    columns = [json.loads((folder / "obedience.json").read_text(encoding="utf-8"))["figures"] for _, folder in folders]
    rows = [(name, *(_number(column.get(name, "")) for column in columns)) for name in columns[0]]
    return "<h2>Obedience compared</h2>" + table(("", *(name for name, _ in folders)), rows)


def bars(pairs: list[dict[str, Any]], height: int = 160, step: int = 9) -> str:
    """A bar for every pair, the mean over its seeds as a share of the amount, with a line at one; cut at four."""
    scale = height / 4
    drawn = []
    for place, pair in enumerate(pairs):
        share = float(np.clip(np.mean(pair["found"]) / pair["amount"], 0, 4))
        tall = share * scale
        colour = "#4a7" if share >= 1 else "#c55"
        label = escape(f"{pair['more']} / {pair['less']}: {share:.2f}")
        drawn.append(
            f'<rect x="{place * step}" y="{height - tall:.1f}" width="{step - 2}" height="{tall:.1f}" '
            f'fill="{colour}"><title>{label}</title></rect>'
        )
    width = len(pairs) * step
    line = f'<line x1="0" x2="{width}" y1="{height - scale}" y2="{height - scale}" stroke="#222" stroke-dasharray="4"/>'
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}">{"".join(drawn)}{line}</svg>'


def table(heads: Iterable[str], rows: Sequence[tuple[str, ...]], missed: list[bool] | None = None) -> str:
    """A table of escaped texts; numbers stand on the right, rows that missed what was asked are marked."""
    body = []
    for row, marked in zip(rows, missed or [False] * len(rows), strict=True):
        cells = "".join(f"<td{_kind(cell)}>{escape(cell)}</td>" for cell in row)
        body.append(f"<tr{' class=missed' if marked else ''}>{cells}</tr>")
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    return f"<table><tr>{head}</tr>{''.join(body)}</table>"


def _kind(cell: str) -> str:
    return " class=number" if cell.replace(".", "").removeprefix("-").isdigit() else ""


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return str(value)


def _share(entry: dict[str, Any]) -> str:
    return f"{np.mean([found == entry['asked'] for found in entry['found']]):.2f}"
