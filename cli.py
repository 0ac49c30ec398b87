"""The command line: words become a folder with head.blend, head.glb, the maps, a picture and head.json.

Nothing heavy is imported before the arguments are understood, so that --help answers at once, also before anything
is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any, TextIO

from .core.errors import Cancelled, ClipHeadError, OutputError
from .core.request import RESOLUTIONS, TEXTURE_SIZES

if TYPE_CHECKING:
    from .core.client import Worker
    from .core.types import Canvas, Head, HeadRequest

#: Everything a run may leave in its folder. Only these names are ever replaced or removed there.
FILES = (
    "head.blend",
    "head.glb",
    "albedo.png",
    "normal.png",
    "roughness.png",
    "subsurface.png",
    "coat.png",
    "occlusion.png",
    "uv_normal.png",
    "preview.png",
    "head.json",
)
#: Free space asked for before the work starts, bytes: an ordinary head takes 15 to 30 MB.
_ROOM_NEEDED = 200 * 1024**2
_LONGEST_SLUG = 60


def main(arguments: list[str] | None = None, worker: Worker | None = None) -> int:
    """Run the command line. Returns the exit code: 0, or that of the error (core/errors.py), or 130 when stopped.

    worker: computes the head; one of our own is started, and ended, where none is given.
    """
    options = _parser().parse_args(arguments)
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        folder = _run(options, worker)
    except ClipHeadError as error:
        return _failed(f"Error: {error}", error, error.exit_code, options.debug)
    except (KeyboardInterrupt, Cancelled) as error:
        return _failed("Stopped. Nothing was written.", error, Cancelled.exit_code, options.debug)
    except Exception as error:
        cause = f"Error: something unexpected went wrong ({type(error).__name__}: {error})."
        return _failed(f"{cause} Run it again with --debug to see where, and report it.", error, 1, options.debug)
    finally:
        signal.signal(signal.SIGTERM, previous)
    print(folder)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run",
        description="Make a textured 3D head from words, offline.",
        epilog='Example: ./run "an old man with a big nose, laughing"',
    )
    parser.add_argument("prompt", help="the head in words")
    parser.add_argument("--expression", help="separate words for the expression (default: those of the prompt)")
    parser.add_argument(
        "--skin", help="separate words for skin, hair colour and make-up (default: those of the prompt)"
    )
    parser.add_argument("--negative", metavar="WORDS", help="what the skin must not show")
    there = parser.add_mutually_exclusive_group()
    there.add_argument(
        "--edit",
        type=Path,
        metavar="FOLDER",
        help="a head made before: keep its shape and seed, paint it as PROMPT says",
    )
    there.add_argument(
        "--texture", type=Path, metavar="MESH", help="your own head (.blend, .obj, .glb): paint it as PROMPT says"
    )
    parser.add_argument("--strength", type=float, help="with --edit: how much changes, 0 to 1 (default: 1)")
    parser.add_argument("--mask", type=Path, help="with --edit: a picture in the head's UV, white where it may change")
    parser.add_argument("--seed", type=int, help="draws one person among those the words allow (default: 0)")
    parser.add_argument(
        "--variation",
        type=float,
        help="how far that person may be from the mean head of the words, 0 to 1 (default: 1)",
    )
    sizes = "{} to {} (default: {})"
    parser.add_argument(
        "--resolution",
        type=int,
        help="cells of the surface grid along the head's height, " + sizes.format(*RESOLUTIONS, 256),
    )
    parser.add_argument(
        "--texture-size", type=int, help="pixels along one side of the texture, " + sizes.format(*TEXTURE_SIZES, 512)
    )
    parser.add_argument(
        "--out", type=Path, default=Path("out"), help="where the head's own folder is made (default: ./out)"
    )
    parser.add_argument("--models", type=Path, help="folder with text/, mapping/, nphm/, texture/ (default: embedded)")
    parser.add_argument("--no-render", action="store_true", help="leave out preview.png")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return parser


def _run(options: argparse.Namespace, worker: Worker | None) -> Path:
    """Make the head and put its files into place. Returns their folder."""
    from .core.request import check_request
    from .core.types import HeadRequest

    names = ("prompt", "expression", "skin", "negative", "seed", "resolution", "texture_size", "variation")
    given = {name: value for name in names if (value := getattr(options, name)) is not None}
    _check_options(options, given)
    request = HeadRequest(**given)
    check_request(request)

    start = perf_counter()
    words = request.prompt
    canvas, target = None, None
    if options.edit or options.texture:
        with _quiet_stdout():
            request, canvas, target = _open(options, given)
        words = f"{request.prompt} {request.skin}"
    destination = options.out.absolute() / slug(words)
    with _staging_folder(destination) as staging:
        bars = Bars(sys.stderr)
        with bars:
            head = _generate(request, options.models, worker, bars, canvas)
            seconds = _write_files(head, staging, not options.no_render, bars, target)
        facts = _facts(head, seconds | {"total": perf_counter() - start})
        with _writing(destination):
            text = json.dumps(facts, indent=2, ensure_ascii=False)
            (staging / "head.json").write_text(text + "\n", encoding="utf-8")
            _move_into_place(staging, destination)
    return destination


def _check_options(options: argparse.Namespace, given: dict[str, Any]) -> None:
    """Raise RequestError for options that would do nothing beside --edit or --texture, or without."""
    from .core.errors import RequestError

    allowed = {"prompt", "negative", "seed", "texture_size"}
    if options.edit or options.texture:
        idle = sorted(given.keys() - allowed)
    else:
        idle = [name for name in ("strength", "mask") if getattr(options, name) is not None]
    if options.texture:
        idle += [name for name in ("strength", "mask") if getattr(options, name) is not None]
    if idle:
        option = f"--{idle[0].replace('_', '-')}"
        mode = "--edit" if options.edit else "--texture" if options.texture else "a new head"
        raise RequestError(f"{option} does nothing with {mode}.", "Leave it out.")


def _open(options: argparse.Namespace, given: dict[str, Any]) -> tuple[HeadRequest, Canvas, Any]:
    """The request to paint a head that is there already, that head, and its object, which is opened in Blender."""
    from .core.errors import RequestError
    from .core.request import check_edit, check_request
    from .core.types import HeadRequest
    from .scene import is_painted, read_canvas, read_request
    from .scene.export import open_mask, open_mesh

    if options.texture:
        target = open_mesh(options.texture)
        return HeadRequest(**given), replace(read_canvas(target), edit=None), target
    target = open_mesh(options.edit / "head.blend")
    if not is_painted(target):
        raise RequestError(
            f"{options.edit / 'head.blend'} holds no head whose skin can be changed.",
            "Name a folder that this version of ./run has made.",
        )
    request = replace(read_request(target), skin=given["prompt"], negative="")
    request = replace(request, **{name: given[name] for name in given if name != "prompt"})
    check_request(request)
    strength = 1.0 if options.strength is None else options.strength
    canvas = read_canvas(target, strength, open_mask(options.mask) if options.mask else None)
    check_edit(canvas.edit)
    return request, canvas, target


def _generate(
    request: HeadRequest, models: Path | None, worker: Worker | None, bars: Bars, canvas: Canvas | None = None
) -> Head:
    """The head, made in a process of its own: its memory is free again before Cycles needs some."""
    from .core.client import Worker
    from .core.models import EMBEDDED

    if worker is not None:
        return worker.run_job(request, bars.show, canvas=canvas)
    with Worker(models=models or EMBEDDED) as own:
        return own.run_job(request, bars.show, canvas=canvas)


def _write_files(head: Head, folder: Path, render: bool, bars: Bars, target: Any = None) -> dict[str, float]:
    """Write everything but head.json into `folder`. Returns the seconds each part took.

    target: the object in Blender's open file that was painted, None for a new head.
    """
    from .core.png import encode_png
    from .core.uv import encode_normals

    seconds: dict[str, float] = {}
    with _writing(folder), _quiet_stdout():
        with _timed("save", seconds, bars):
            for name, pixels in head.textures.images().items():
                (folder / f"{name}.png").write_bytes(encode_png(pixels))
            (folder / "uv_normal.png").write_bytes(encode_png(encode_normals(head.maps.normal)))
            # Imported here: Blender as a module takes a second to load.
            import bpy

            from .scene import add_head, apply_textures, head_object, render_preview, save_blend, save_glb
            from .scene.canvas import is_ours
            from .scene.export import start_empty_file
            from .scene.head import collect

            if target is None:
                start_empty_file()
                collection = add_head(head, bpy.context.scene)
            else:
                apply_textures(target, head)
                collection = collect(target)
            save_blend(folder / "head.blend")
            save_glb(folder / "head.glb", collection)
        if render:
            with _timed("preview", seconds, bars):
                # An artist's head may be of any size and turn: what was unwrapped of it stands upright.
                ready = target is None or is_ours(target)
                shown = head_object(collection if ready else add_head(head, bpy.context.scene))
                render_preview(shown, folder / "preview.png")
    return seconds


def _facts(head: Head, seconds: dict[str, float]) -> dict[str, Any]:
    """What head.json says: the request, the models and their licences, seconds of every stage, the mesh in figures."""
    from dataclasses import asdict

    from .core.types import MILLIMETRES_PER_UNIT

    mesh = head.mesh
    extent = (mesh.vertices.max(axis=0) - mesh.vertices.min(axis=0)) * MILLIMETRES_PER_UNIT
    return {
        "request": asdict(head.request),
        "models": [asdict(card) for card in head.models],
        "seconds": {stage: round(value, 3) for stage, value in (head.seconds | seconds).items()},
        "mesh": {
            "vertices": len(set(mesh.source.tolist())),
            "faces": len(mesh.faces),
            "uv_vertices": len(mesh.vertices),
            "millimetres": dict(zip(("width", "height", "depth"), (round(float(e), 1) for e in extent), strict=True)),
            "repairs": list(mesh.repairs),
        },
        "texture": list(head.textures.albedo.shape[:2]),
        "maps": list(head.textures.images()),
        "metallic": head.textures.metallic,
    }


def slug(prompt: str) -> str:
    """A folder name that reads like the prompt: letters and digits of any script, joined by dashes."""
    name = re.sub(r"[^\w]+", "-", prompt.casefold()).strip("-_")
    digest = hashlib.sha256(prompt.encode("utf-8")).hexdigest()[:8]
    if not name:
        return f"head-{digest}"
    if len(name.encode("utf-8")) <= _LONGEST_SLUG:
        return name
    cut = name.encode("utf-8")[:_LONGEST_SLUG].decode("utf-8", errors="ignore").strip("-_")
    return f"{cut}-{digest}"


@contextmanager
def _staging_folder(destination: Path, room: int = _ROOM_NEEDED) -> Iterator[Path]:
    """A temporary folder beside `destination`, gone afterwards whatever happens.

    Raises OutputError at once where nothing can be written or less than `room` bytes are free.
    """
    parent = destination.parent
    made = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    with _writing(parent):
        if destination.exists() and not (destination.is_dir() and os.access(destination, os.W_OK | os.X_OK)):
            raise PermissionError(f"{destination} exists and is not a folder that can be written to")
        parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".clip_head-", dir=parent))
    try:
        free = shutil.disk_usage(parent).free
        if free < room:
            raise OutputError(
                f"The disk of {parent} has {free / 1e6:.0f} MB free, and {room / 1e6:.0f} MB are needed.",
                "Free some space, or choose another folder with --out.",
            )
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if not destination.exists():
            for folder in made:  # innermost first; leave nothing that was not there before
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()


def _move_into_place(staging: Path, destination: Path) -> None:
    """Replace the files of an earlier run by those in `staging`; other files in `destination` stay."""
    destination.mkdir(exist_ok=True)
    for name in FILES:
        if (staging / name).exists():
            os.replace(staging / name, destination / name)
        else:
            (destination / name).unlink(missing_ok=True)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn the failures of writing files, Python's and Blender's, into an OutputError that names the folder."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        said = (error.strerror or str(error)) if isinstance(error, OSError) else str(error).strip()
        raise OutputError(
            f"The results cannot be written to {folder} ({said}).",
            "Check permissions and free space, or choose another folder with --out.",
        ) from error


@contextmanager
def _timed(stage: str, seconds: dict[str, float], bars: Bars) -> Iterator[None]:
    bars.show(stage, 0.0)
    start = perf_counter()
    yield
    seconds[stage] = perf_counter() - start
    bars.show(stage, 1.0)


@contextmanager
def _quiet_stdout() -> Iterator[None]:
    """Send what Blender prints by itself to nowhere, so that standard output holds the result's folder alone."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


class Bars:
    """Progress on a terminal: one line with a bar for each stage. Elsewhere one plain line per finished stage."""

    def __init__(self, stream: TextIO, width: int = 30) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._width = width
        self._stage = ""
        self._fraction = 0.0
        self._start = 0.0

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self._finish()

    def show(self, stage: str, fraction: float) -> None:
        """Show that `stage` is done to `fraction`; a Progress of core/types.py."""
        if stage != self._stage:
            self._fraction = 1.0  # of the stage before: the next one has begun
            self._finish()
            self._stage, self._start = stage, monotonic()
        self._fraction = fraction
        if self._live:
            self._draw(end="")

    def _finish(self) -> None:
        if self._stage:
            self._draw(end="\n")
        self._stage = ""

    def _draw(self, end: str) -> None:
        full = round(min(max(self._fraction, 0.0), 1.0) * self._width)
        bar = "#" * full + "." * (self._width - full)
        start = "\r" if self._live else ""
        took = monotonic() - self._start
        self._stream.write(f"{start}{self._stage:<9} [{bar}] {self._fraction:4.0%} {took:6.1f} s{end}")
        self._stream.flush()


def _failed(words: str, error: BaseException, code: int, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    print(words, file=sys.stderr)
    return code
