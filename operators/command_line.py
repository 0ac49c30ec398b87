"""The command line: words become a folder with head.blend, head.glb, the maps, a picture and head.json, and with files
for other programs where those are asked for.

Nothing heavy is imported before the arguments are understood, so that --help answers at once, also before anything
is installed.
"""

from __future__ import annotations

import argparse
import locale
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import fields, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from ..core.errors import Cancelled, ClipHeadError, RequestError
from ..core.request import RESOLUTIONS, SURFACES, TEXTURE_SIZES, check_edit, check_request, slug
from . import export_options
from .console import prepare_streams, quiet_stdout, say_failed, write_safely
from .head_facts import write_facts
from .interrupt import stopped_by_signals
from .output_folder import Staging, check_replaceable, publish_head, replace_head, writing
from .progress import Bars

if TYPE_CHECKING:
    from ..core.client import Worker
    from ..core.types import Canvas, Head, HeadRequest

#: The first arguments by which something else is done than a single head made from words (commands.py).
COMMANDS = ("batch", "edit", "export", "models")
#: The same parser that was given, whatever its kind.
AnyParser = TypeVar("AnyParser", bound=argparse.ArgumentParser)
#: What is written when the artist stopped the work.
_STOPPED = "Stopped. Nothing was written."


def main(arguments: list[str] | None = None, worker: Worker | None = None, program: str = "./run") -> int:
    """Run the command line of a single head.

    arguments: those after the program's name; None takes the process's own.
    worker: computes the head; one of our own is started, and ended, where none is given.
    program: how the command line was called, for its help.

    Returns the exit code: 0, or that of the error (core/errors.py). Ctrl-C and its kin end the process (interrupt.py).
    """
    prepare_streams()
    try:
        options = add_head_arguments(argparse.ArgumentParser(prog=program), program).parse_args(arguments)
    except SystemExit:
        write_safely(sys.stdout, "")  # the help, read to its end or not
        raise
    try:
        folder = make_head(options, worker)
    except ClipHeadError as error:
        return say_failed(f"Error: {error}", error, error.exit_code, options.debug)
    except (KeyboardInterrupt, Cancelled) as error:
        return say_failed(_STOPPED, error, Cancelled.exit_code, options.debug)
    except Exception as error:
        cause = f"Error: something unexpected went wrong ({type(error).__name__}: {error})."
        return say_failed(f"{cause} Run it again with --debug to see where, and report it.", error, 1, options.debug)
    write_safely(sys.stdout, f"{folder}\n")
    return 0


def add_head_arguments(parser: AnyParser, program: str) -> AnyParser:
    """Let a parser read what a single head is asked for with. Returns it.

    parser: without arguments yet.
    program: how the command line was called.
    """
    parser.description = (
        "Make a textured 3D head from words, offline. Other commands, each with its own --help: "
        f"{', '.join(f'{program} {name}' for name in COMMANDS)}."
    )
    parser.epilog = f'Example: {program} "an old man with a big nose, laughing"'
    _add_words(parser)
    _add_existing_head(parser)
    _add_variation_and_sizes(parser)
    export_options.add_export_options(parser)
    export_options.add_level_option(parser)
    parser.add_argument(
        "--out", type=Path, default=Path("out"), help="where the head's own folder is made (default: ./out)"
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace the head of the same words (default: the new one is put beside it, as WORDS-2, WORDS-3 ...)",
    )
    parser.add_argument("--models", type=Path, help="folder with text/, mapping/, nphm/, texture/ (default: embedded)")
    parser.add_argument("--no-render", action="store_true", help="leave out preview.png")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return parser


def _add_words(parser: argparse.ArgumentParser) -> None:
    """The arguments that say what the head looks like."""
    parser.add_argument("prompt", type=_decoded, help="the head in words")
    parser.add_argument(
        "--expression", type=_decoded, help="separate words for the expression (default: those of the prompt)"
    )
    parser.add_argument(
        "--skin", type=_decoded, help="separate words for skin, hair colour and make-up (default: those of the prompt)"
    )
    parser.add_argument("--negative", type=_decoded, metavar="WORDS", help="what the skin must not show")


def _add_existing_head(parser: argparse.ArgumentParser) -> None:
    """The options by which a head that is there already is painted."""
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument(
        "--edit",
        type=Path,
        metavar="FOLDER",
        help="a head made before: keep its shape and seed, paint it as PROMPT says",
    )
    existing.add_argument(
        "--texture", type=Path, metavar="MESH", help="your own head (.blend, .obj, .glb): paint it as PROMPT says"
    )
    parser.add_argument("--object", metavar="NAME", help="with --edit or --texture: which mesh of the file")
    parser.add_argument("--strength", type=float, help="with --edit: how much changes, 0 to 1 (default: 1)")
    parser.add_argument("--mask", type=Path, help="with --edit: a picture in the head's UV, white where it may change")


def _add_variation_and_sizes(parser: argparse.ArgumentParser) -> None:
    """The options that choose among the heads of the same words, and their sizes."""
    parser.add_argument("--seed", type=int, help="draws one person among those the words allow (default: 0)")
    parser.add_argument(
        "--variation",
        type=float,
        help="how far that person may be from the mean head of the words, 0 to 1 (default: 1)",
    )
    parser.add_argument(
        "--surface",
        choices=SURFACES,
        help="asset: quads with eyes, teeth, shape keys and bones; raw: the paper's surface in triangles (default: "
        "asset; raw where --resolution is given)",
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


def _decoded(argument: str) -> str:
    """An argument as it was typed: its bytes are read as UTF-8 where they are that, else as the locale says."""
    try:
        typed = os.fsencode(argument)
    except UnicodeEncodeError:
        return argument
    for encoding in ("utf-8", locale.getencoding()):
        with suppress(UnicodeDecodeError):
            return typed.decode(encoding)
    return typed.decode("utf-8", errors="replace")


def make_head(
    options: argparse.Namespace, worker: Worker | None, name: str = "", notes: dict[str, Any] | None = None
) -> Path:
    """Make the head and put its folder into place. Returns that folder.

    options: read by the parser of `add_head_arguments`.
    worker: as of `main`.
    name: of the head's own folder; empty: made of the words.
    notes: what its head.json says beside what it says of every head.
    Raises ClipHeadError.
    """
    from ..core.client import Worker
    from ..core.models import EMBEDDED

    explicit, request = _request(options)
    start = perf_counter()
    out = options.out.absolute()
    bars = Bars(sys.stderr)
    clean_up = ExitStack()  # in the reverse of this order
    clean_up.callback(write_safely, sys.stderr, f"{_STOPPED}\n")
    clean_up.callback(bars.close)
    with (
        stopped_by_signals(clean_up.close) as complete,
        Staging(out) as staging,
        _temporary_files_in(staging.temporary),
    ):
        clean_up.callback(staging.remove)
        used_worker = worker or Worker(models=options.models or EMBEDDED, temporary=staging.temporary)
        clean_up.callback(used_worker.close)
        title, canvas, target = request.prompt, None, None
        if options.edit or options.texture:
            with quiet_stdout():
                request, canvas, target = _open(options, explicit)
            title = f"{request.prompt} {request.skin}"
        destination = out / (name or slug(title))
        if options.overwrite:
            check_replaceable(destination)
            export_options.check_exports_replaceable(destination)
        with bars, writing(out):
            # A worker of our own ends here: its memory is free again before Cycles needs some.
            with used_worker if worker is None else nullcontext(), _errors_name(target):
                head = used_worker.run_job(request, bars.show, canvas=canvas)
            if head.not_understood:
                bars.close()
                write_safely(sys.stderr, f"Not understood, and without effect: {', '.join(head.not_understood)}.\n")
            _say_how_read(head, bars)
            seconds = _write_files(head, staging.head, options, bars, target)
            write_facts(staging.head, head, seconds | {"total": perf_counter() - start}, notes or {})
            complete()
            if options.overwrite:
                with export_options.exports_replaced(staging.head, destination, staging.temporary / "exports"):
                    return replace_head(staging.head, destination, staging.temporary / "before")
            return publish_head(staging.head, destination)


def _request(options: argparse.Namespace) -> tuple[dict[str, Any], HeadRequest]:
    """The fields of the request that the command line sets explicitly, by name, and the request, checked."""
    from ..core.types import HeadRequest

    names = [entry.name for entry in fields(HeadRequest)]
    explicit = {name: value for name in names if (value := getattr(options, name)) is not None}
    _check_options(options, explicit)
    _check_paths(options)
    default = "raw" if options.edit or options.texture or options.resolution else "asset"
    request = HeadRequest(**{"surface": default} | explicit)
    check_request(request)
    return explicit, request


def _check_options(options: argparse.Namespace, explicit: dict[str, Any]) -> None:
    """Raise RequestError for options without effect, be it with --edit or --texture or because neither is there."""
    allowed = {"prompt", "negative", "seed", "texture_size"}
    if options.edit or options.texture:
        useless = sorted(explicit.keys() - allowed)
    else:
        useless = [name for name in ("strength", "mask", "object") if getattr(options, name) is not None]
        if explicit.get("surface") == "asset" and "resolution" in explicit:
            useless.append("resolution")
    if options.texture:
        useless += [name for name in ("strength", "mask") if getattr(options, name) is not None]
    if useless:
        option = f"--{useless[0].replace('_', '-')}"
        mode = "--edit" if options.edit else "--texture" if options.texture else "a new head"
        raise RequestError(f"{option} does nothing with {mode}.", "Leave it out.")
    export_options.check_export_options(options)


def _check_paths(options: argparse.Namespace) -> None:
    """Raise RequestError for a path by which no file can be looked for. Blender reads every path as UTF-8."""
    for name in ("edit", "texture", "mask", "models"):
        path = getattr(options, name)
        try:
            if path is not None:
                str(path).encode("utf-8")
                path.exists()
        except (OSError, UnicodeEncodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "its name is not UTF-8"
            raise RequestError(
                f"--{name} {str(path)[:140]} cannot be read ({reason}).", "Name another file."
            ) from error


def _open(options: argparse.Namespace, explicit: dict[str, Any]) -> tuple[HeadRequest, Canvas, Any]:
    """Open the head of --edit or --texture in Blender.

    explicit: the request's fields that the command line sets; with --edit all others are as they were.
    Returns the request to paint it, the head, and its object.
    """
    from ..core.types import HeadRequest
    from ..scene.canvas import check_painted, read_canvas, read_request
    from ..scene.open import open_mask, open_mesh, refusals_name

    if options.texture:
        target = open_mesh(options.texture, options.object)
        with refusals_name(target):
            return HeadRequest(**explicit), replace(read_canvas(target), edit=None), target
    target = open_mesh(options.edit / "head.blend", options.object, painted=True)
    check_painted(target)
    request = replace(read_request(target), skin=explicit["prompt"], negative="")
    request = replace(request, **{name: explicit[name] for name in explicit if name != "prompt"})
    check_request(request)
    strength = 1.0 if options.strength is None else options.strength
    canvas = read_canvas(target, strength, open_mask(options.mask) if options.mask else None)
    check_edit(canvas.edit)
    return request, canvas, target


@contextmanager
def _errors_name(target: Any) -> Iterator[None]:
    """Let errors about a mesh that was opened name its object. target: the object, None for a new head."""
    if target is None:
        yield
        return
    from ..scene.open import refusals_name

    with refusals_name(target):
        yield


def _write_files(
    head: Head, folder: Path, options: argparse.Namespace, bars: Bars, target: Any = None
) -> dict[str, float]:
    """Write everything but head.json into `folder`. Returns the seconds each part took.

    target: the object in Blender's open file that was painted, None for a new head.
    """
    from ..core.png import encode_normals, encode_png
    from ..core.stages import stage

    seconds: dict[str, float] = {}
    with quiet_stdout():
        with stage("save", seconds, bars.show):
            for name, pixels in head.textures.images().items():
                (folder / f"{name}.png").write_bytes(encode_png(pixels))
            (folder / "uv_normal.png").write_bytes(encode_png(encode_normals(head.maps.normal)))
            # Imported here: Blender as a module takes a second to load.
            import bpy

            from ..scene import add_head, apply_textures, head_object, render_preview, save_blend, save_glb
            from ..scene.canvas import is_ours
            from ..scene.export import start_empty_file
            from ..scene.hair import hair_remark
            from ..scene.head import collect

            if target is None:
                start_empty_file()
                collection = add_head(head, bpy.context.scene, options.level or 0)
            else:
                apply_textures(target, head)
                collection = collect(target)
            save_blend(folder / "head.blend")
            save_glb(folder / "head.glb", collection)
        if remark := hair_remark(collection):
            bars.close()
            write_safely(sys.stderr, f"{remark}.\n")
        _export(head, folder, collection, options, bars, seconds)
        if not options.no_render:
            failure = ""
            with stage("preview", seconds, bars.show):
                # An artist's head may have any size and turn; what was unwrapped of it stands upright.
                upright = target is None or is_ours(target)
                subject = head_object(collection if upright else add_head(head, bpy.context.scene))
                try:
                    render_preview(subject, folder / "preview.png")
                except RuntimeError as error:
                    failure = str(error).strip().splitlines()[-1]
            if failure:  # no reason to lose the head
                bars.close()
                write_safely(sys.stderr, f"No preview was rendered ({failure}). The head is complete without it.\n")
    return seconds


def _export(
    head: Head, folder: Path, collection: Any, options: argparse.Namespace, bars: Bars, seconds: dict[str, float]
) -> None:
    """Write the files for other programs that are asked for; where the head is no asset, say that there are none.

    collection: the head's, in Blender's open file.
    seconds: takes the time.
    """
    from ..core.stages import stage

    if head.asset is not None and export_options.formats(options):
        with stage("export", seconds, bars.show):
            export_options.write_exports(folder, collection, options, bars.show)
    elif head.request.surface == "asset" and export_options.formats(options):  # no reason to lose the head
        bars.close()
        write_safely(
            sys.stderr, "Nothing was exported (these models make no asset). The head is complete without it.\n"
        )


def _say_how_read(head: Head, bars: Bars) -> None:
    """Say in a line how the prompt was read, where it was not as it stands."""
    for words in list(head.read_as.values())[:1]:
        bars.close()
        write_safely(sys.stderr, f"Read as: {words}\n")


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Let all temporary files go to `folder`, Python's and Blender's: nothing else stays of a run that is killed."""
    default, variables = tempfile.tempdir, {name: os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")}
    tempfile.tempdir = str(folder)
    os.environ.update(dict.fromkeys(variables, str(folder)))
    blender_folder = ""
    try:
        if "bpy" in sys.modules:  # Blender looked at the variables when it started
            from ..scene.export import use_temporary_folder

            blender_folder = use_temporary_folder(str(folder))
        yield
    finally:
        tempfile.tempdir = default
        for name, value in variables.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        if "bpy" in sys.modules:
            from ..scene.export import use_temporary_folder

            use_temporary_folder(blender_folder)
