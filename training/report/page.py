"""One page with everything that was measured, to look through: tables, plots and renders.

    python -m training.evaluate page --out out/evaluation

Reads what the other evaluations left: the figures in the models' model.json, the results of prompt_adherence, the
contact sheets. The page is one file of its own, pictures included, and loads nothing from anywhere.
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
from clip_head.training.prompt_adherence.results import FILE

#: The page's style sheet.
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1200px; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
td, th { padding: 0.15rem 0.8rem 0.15rem 0; text-align: left; border-bottom: 1px solid #ddd; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
tr.missed td { color: #a22; }
img { max-width: 100%; }
svg { display: block; margin: 0.5rem 0 1.5rem; }
"""
#: Contact sheet (its file's name) -> its title.
_SHEETS = {"prompts": "48 prompts", "expressions": "The 23 expressions on two people"}
#: Models whose figures are shown: folders of --models.
_MODELS = ("text", "splitter", "mapping", "nphm", "texture")
#: The bars of opposites end at this multiple of the amount that is asked for.
_LONGEST_BAR = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the page."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"), help=f"folder of {FILE} and contact sheets")
    parser.add_argument("--compare", nargs="*", default=[], metavar="NAME=FOLDER", help=f"other folders of {FILE}")


def run(args: argparse.Namespace) -> None:
    """Write args.out/index.html."""
    args.out.mkdir(parents=True, exist_ok=True)
    parts = [picture(args.out / f"{name}.jpg", title) for name, title in _SHEETS.items()]
    path = args.out / FILE
    if path.is_file():
        parts += prompt_adherence(json.loads(path.read_text(encoding="utf-8")))
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


def picture(path: Path, title: str) -> str:
    """A picture inside the page; nothing where it was not made.

    path: of a JPEG.
    title: its heading.
    """
    if not path.is_file():
        return ""
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return f'<h2>{escape(title)}</h2><img alt="{escape(title)}" src="data:image/jpeg;base64,{data}">'


def model(manifest: dict[str, Any]) -> str:
    """The figures of one model, and where it comes from.

    manifest: its model.json.
    """
    rows = [(str(name), _number(value)) for name, value in manifest["figures"].items()]
    about = f"<p>{escape(manifest['licence'])}. {escape(manifest['source'])}</p>"
    return f"<h2>{escape(manifest['name'])}</h2>{about}{table(('', ''), rows)}"


def prompt_adherence(results: dict[str, Any]) -> list[str]:
    """What prompt_adherence measured: its figures, every pair of opposites, and what was taken for something else.

    results: what it wrote.
    """
    figures = [(name, _number(value)) for name, value in results["figures"].items()]
    parts = [
        "<h2>Prompt adherence</h2>"
        "<p>Measured on meshes, in millimetres or degrees, for words that no training saw.</p>",
        table(("", ""), figures),
        *(opposites(results["pairs"]) if results["pairs"] else []),
    ]
    return parts + [answers(kind, entries) for kind, entries in results.items() if kind not in ("figures", "pairs")]


def opposites(results: list[dict[str, Any]]) -> list[str]:
    """How far opposites move heads, those first that move them least.

    results: entries with measure, more, less, amount and found, the differences per seed.
    """
    results = sorted(results, key=lambda result: float(np.mean(result["found"])) / result["amount"])
    rows, missed = [], []
    for result in results:
        mean, least = float(np.mean(result["found"])), min(result["found"])
        words = result["more"].removeprefix("="), result["less"].removeprefix("=")
        rows.append((result["measure"], *words, _number(result["amount"]), _number(mean), _number(least)))
        missed.append(mean < result["amount"])
    heads = ("measure", "more", "less", "asked", "mean", "least of 8 seeds")
    return [
        "<h3>How far opposites move heads, as a multiple of what is asked</h3>" + bars(results),
        "<h3>Opposites, those that move heads least first</h3>" + table(heads, rows, missed),
    ]


def answers(kind: str, entries: list[dict[str, Any]]) -> str:
    """What heads show of the expressions, hair or beards that were asked for.

    kind: the heading.
    entries: with asked, words and found, what heads show.
    """
    rows = [
        (entry["asked"] or "none", entry["words"], ", ".join(sorted(set(entry["found"]))), _accuracy(entry))
        for entry in entries
    ]
    wrong = [_accuracy(entry) != "1.00" for entry in entries]
    return f"<h3>{kind.capitalize()}</h3>" + table(("asked", "in these words", "shown", "right"), rows, wrong)


def split_name(named: str) -> tuple[str, Path]:
    """NAME=FOLDER in two.

    named: what stands behind --compare.

    Raises SystemExit where there is no name.
    """
    name, equals, folder = named.partition("=")
    if not equals:
        raise SystemExit(f"--compare {named!r} has no name. Write NAME=FOLDER.")
    return name, Path(folder)


def comparison(folders: list[tuple[str, Path]]) -> str:
    """The figures of several evaluations beside each other, such as of MLP_id trained on images alone, on captions
    alone and on both.

    folders: names, and the folders with what prompt_adherence wrote.
    """
    columns = [json.loads((folder / FILE).read_text(encoding="utf-8"))["figures"] for _, folder in folders]
    rows = [(name, *(_number(column.get(name, "")) for column in columns)) for name in columns[0]]
    return "<h2>Prompt adherence compared</h2>" + table(("", *(name for name, _ in folders)), rows)


def bars(results: list[dict[str, Any]], height: int = 160, step: int = 9) -> str:
    """A bar for every pair of opposites, the mean over its seeds as a multiple of the amount, with a line at one.

    results: as of opposites.
    height: of the longest bar, pixels.
    step: from bar to bar, pixels.
    """
    scale = height / _LONGEST_BAR
    rectangles = []
    for number, result in enumerate(results):
        ratio = float(np.clip(np.mean(result["found"]) / result["amount"], 0, _LONGEST_BAR))
        length = ratio * scale
        colour = "#4a7" if ratio >= 1 else "#c55"
        label = escape(f"{result['more']} / {result['less']}: {ratio:.2f}")
        rectangles.append(
            f'<rect x="{number * step}" y="{height - length:.1f}" width="{step - 2}" height="{length:.1f}" '
            f'fill="{colour}"><title>{label}</title></rect>'
        )
    width = len(results) * step
    line = f'<line x1="0" x2="{width}" y1="{height - scale}" y2="{height - scale}" stroke="#222" stroke-dasharray="4"/>'
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}">{"".join(rectangles)}{line}</svg>'


def table(heads: Iterable[str], rows: Sequence[tuple[str, ...]], missed: list[bool] | None = None) -> str:
    """A table of escaped texts; numbers stand on the right.

    heads: of the columns.
    rows: their cells.
    missed: which rows missed what was asked, and are marked; None for none.
    """
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


def _accuracy(entry: dict[str, Any]) -> str:
    return f"{np.mean([shown == entry['asked'] for shown in entry['found']]):.2f}"
