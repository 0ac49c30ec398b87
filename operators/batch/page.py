"""All heads of a batch at a glance: index.html, and one picture with all previews."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from ...core.errors import ClipHeadError
from .pool import Made
from .rows import Row

#: Their names, in the folder of the heads.
PAGE, SHEET = "index.html", "contact_sheet.jpg"
#: Pixels along one side of a head in the picture.
_TILE = 192
#: How many heads one picture shows; a JPEG may have 65,500 pixels along a side.
_MOST = 2000
_STYLE = (
    "body{font:15px sans-serif;background:#222;color:#ddd;margin:2em}a{color:#9cf}"
    "main{display:grid;grid-template-columns:repeat(auto-fill,14em);gap:1em}img{width:14em;border-radius:6px}"
    "figure{margin:0}.failed{color:#f99}"
)


def write_page(out: Path, results: Mapping[int, Made | ClipHeadError], rows: Sequence[Row]) -> None:
    """Write index.html: every row with its picture, its words, its files, or why there is none.

    out: the folder of the heads.
    results: a row's number -> what became of it.
    rows: of the batch.
    Raises OSError.
    """
    made = sum(isinstance(result, Made) for result in results.values())
    figures = "\n".join(_figure(row, results[row.number]) for row in rows if row.number in results)
    text = (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Heads</title>\n'
        f"<style>{_STYLE}</style>\n<h1>{made} of {len(rows)} heads</h1>\n<main>\n{figures}\n</main></html>\n"
    )
    (out / PAGE).write_text(text, encoding="utf-8", errors="replace")


def _figure(row: Row, result: Made | ClipHeadError) -> str:
    words = f"{row.number}. {html.escape(row.prompt)}"
    if isinstance(result, ClipHeadError):
        return f'<figure class="failed"><figcaption>{words}<br>{html.escape(str(result))}</figcaption></figure>'
    name = quote(result.folder.name)
    picture = next((file for file in ("preview.png", "albedo.png") if (result.folder / file).exists()), "")
    shown = f'<a href="{name}/{picture}"><img loading="lazy" src="{name}/{picture}" alt=""></a>'
    files = f'<a href="{name}/head.blend">blend</a> <a href="{name}/head.glb">glb</a>'
    return f"<figure>{shown}<figcaption>{words}<br>{files} {result.seconds:.1f} s</figcaption></figure>"


def write_sheet(out: Path, results: Mapping[int, Made | ClipHeadError]) -> None:
    """Write contact_sheet.jpg: the previews in the rows' order; nothing where none was rendered.

    out: the folder of the heads.
    results: as of `write_page`.
    Raises OSError.
    """
    # Imported here: only the libraries that compute bring it.
    from PIL import Image

    heads = [results[number] for number in sorted(results)]
    pictures = [head.folder / "preview.png" for head in heads if isinstance(head, Made)]
    pictures = [path for path in dict.fromkeys(pictures) if path.exists()][:_MOST]
    if not pictures:
        return
    columns = math.ceil(math.sqrt(len(pictures)))
    sheet = Image.new("RGB", (columns * _TILE, math.ceil(len(pictures) / columns) * _TILE), "#222222")
    for place, path in enumerate(pictures):
        with Image.open(path) as picture:
            tile = picture.convert("RGB").resize((_TILE, _TILE), Image.Resampling.LANCZOS)
        sheet.paste(tile, (place % columns * _TILE, place // columns * _TILE))
    sheet.save(out / SHEET, quality=85)
