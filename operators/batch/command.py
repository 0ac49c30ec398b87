"""The command line of many heads: `batch ROWS` makes one for every row of a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from ...core.errors import Cancelled, ClipHeadError, RequestError, WorkerError
from ..command_line import add_head_arguments
from ..console import say_failed, write_safely
from ..output_folder import writing
from .lane import serve
from .manifest import MANIFEST, Manifest
from .page import PAGE, write_page, write_sheet
from .pool import LANE, BatchOptions, LanePool, Made, finished, threads_of
from .rows import Row, RowParser, read_rows

if TYPE_CHECKING:
    from ...core.client import Worker

#: Exit codes of a batch of which some heads, or all, could not be made.
SOME_FAILED, ALL_FAILED = 10, 11

_DESCRIPTION = """Make a head for every row of a file, in folders of their own below --out.

ROWS is a .txt file (a prompt a line, and behind it options, as on the command line), a .csv file (its first line
names the columns: prompt, name, and any option of a single head, such as seed), a .jsonl file (an object a line, with
the same names), or - for standard input (lines of .txt or .jsonl). Options given here that belong to a single head
hold for every row that does not say otherwise."""
_EPILOG = f"""Exit code: 0 when every head was made, {SOME_FAILED} when some were not, {ALL_FAILED} when none was; 2
when the rows cannot be read. {MANIFEST}, {PAGE} and a contact sheet are written beside the heads."""


def main(arguments: Sequence[str], worker: Worker | None, program: str, again: Sequence[str]) -> int:
    """Run the command line of a batch.

    arguments: those after `batch`.
    worker: computes the heads where this is one of the batch's own processes; None: one of our own.
    program: how the command line was called, for its help.
    again: the command that starts it in a process of its own.
    Returns the exit code: 0, SOME_FAILED, ALL_FAILED, or that of an error by which there was no batch.
    """
    if list(arguments) == [LANE]:
        return serve(worker, program)
    parser = _parser(program)
    try:
        options, shared = parser.parse_known_args(list(arguments))
    except SystemExit:
        write_safely(sys.stdout, "")  # the help, read to its end or not
        raise
    try:
        return _run(options, shared, program, tuple(again))
    except ClipHeadError as error:
        return say_failed(f"Error: {error}", error, error.exit_code, options.debug)
    except (KeyboardInterrupt, Cancelled) as error:
        return say_failed("Stopped. Finished heads are kept; --resume goes on.", error, Cancelled.exit_code)


def _parser(program: str) -> argparse.ArgumentParser:
    """The parser of what holds for the whole batch; program: how the command line was called."""
    parser = argparse.ArgumentParser(
        prog=f"{program} batch",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("rows", metavar="ROWS", help="a .txt, .csv or .jsonl file, or - for standard input")
    parser.add_argument("--out", type=Path, default=Path("out"), help="where the heads' folders are made")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="how many processes make heads (default: 1)"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with the batch in --out: what is complete there is not made again"
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="run the rows on the Dask cluster of this scheduler (tcp://HOST:8786)"
    )
    parser.add_argument("--models", type=Path, help="folder with text/, mapping/, nphm/, texture/ (default: embedded)")
    parser.add_argument("--debug", action="store_true", help="show the tracebacks of errors")
    return parser


def _run(options: argparse.Namespace, shared: list[str], program: str, again: tuple[str, ...]) -> int:
    """Make the heads. Returns the exit code."""
    if options.workers < 1:
        raise RequestError(f"--workers is {options.workers}.", "Choose a number of processes from 1 on.")
    out = options.out.absolute()
    row_parser = add_head_arguments(RowParser(prog=program), program)
    rows = read_rows(options.rows, sys.stdin, row_parser, tuple(shared))
    models = options.models.absolute() if options.models else None
    batch = BatchOptions(out, models, again, threads_of(options.workers))
    results: dict[int, Made | ClipHeadError] = {}
    start = monotonic()
    try:
        with writing(out), Manifest(out, options.resume) as manifest, _executor(options, batch) as (executor, make):
            for row, result in _results(rows, out, executor, make):
                results[row.number] = result
                manifest.add(row, result)
                _say(row, result, len(results), len(rows), monotonic() - start, options.debug)
    finally:
        if results:
            with writing(out):
                write_page(out, results, rows)
                write_sheet(out, results)
    write_safely(sys.stdout, f"{out}\n")
    failed = sum(isinstance(result, ClipHeadError) for result in results.values())
    return 0 if not failed else ALL_FAILED if failed == len(rows) else SOME_FAILED


@contextmanager
def _executor(options: argparse.Namespace, batch: BatchOptions) -> Iterator[tuple[Executor, Callable[[Row], Made]]]:
    """Where the rows are made, and the function that makes one there."""
    if options.scheduler:
        try:
            from .cluster import cluster, make_on_worker
        except ImportError as error:
            raise RequestError(
                f"--scheduler needs Dask ({error}).", "Install the package distributed, or leave --scheduler out."
            ) from error
        with cluster(options.scheduler, batch) as executor:
            yield executor, make_on_worker
        return
    pool = LanePool(batch)
    executor = ThreadPoolExecutor(options.workers)
    try:
        yield executor, pool.make
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        pool.close()


def _results(
    rows: Sequence[Row], out: Path, executor: Executor, make: Callable[[Row], Made]
) -> Iterator[tuple[Row, Made | ClipHeadError]]:
    """What becomes of each row, as it does: at once what is there, or cannot be made; equal rows are one head."""
    futures: dict[Future[Made], list[Row]] = {}
    same: dict[str, Future[Made]] = {}
    for row in rows:
        if row.error is not None:
            yield row, row.error
        elif there := finished(row, out):
            yield row, there
        else:
            future = same.get(row.digest) or executor.submit(make, row)
            same[row.digest] = future
            futures.setdefault(future, []).append(row)
    for future in as_completed(futures):
        try:
            result: Made | ClipHeadError = future.result()
        except ClipHeadError as error:
            result = error
        except Exception as error:  # a cluster's own: the machines on which the row was tried are lost
            result = WorkerError(f"It was lost ({type(error).__name__}: {error}).", "Go on with --resume.")
        for row in futures[future]:
            yield row, result


def _say(row: Row, result: Made | ClipHeadError, done: int, all_rows: int, seconds: float, debug: bool) -> None:
    """Write a line about a row that ended, with how long the rest will take."""
    left = seconds / done * (all_rows - done)
    place = f"[{done}/{all_rows}, {int(left // 3600)}:{int(left // 60) % 60:02}:{int(left) % 60:02} left]"
    if isinstance(result, Made):
        odd = f"; not understood: {', '.join(result.not_understood)}" if result.not_understood else ""
        write_safely(sys.stderr, f"{place} {result.folder.name} {result.seconds:.1f} s{odd}\n")
        return
    write_safely(sys.stderr, f"{place} row {row.number} ({row.prompt[:60]}) failed: {result}\n")
    if debug:
        write_safely(sys.stderr, "".join(getattr(result, "__notes__", ())))
