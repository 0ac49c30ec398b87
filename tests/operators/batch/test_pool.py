"""The processes of a batch: warm from row to row, started anew where one dies, gone with what they had begun."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from clip_head.core.errors import RequestError, WorkerError
from clip_head.operators.batch.pool import BatchOptions, LanePool, finished
from clip_head.operators.batch.rows import Row


def row(prompt: str, *more: str, number: int = 1) -> Row:
    arguments = (*more, "--no-render", "--", prompt)
    return Row(number, arguments, prompt, prompt.replace(" ", "-"), prompt)


def process_of(pool: LanePool) -> int:
    return pool._all[-1]._process.pid


def test_rows_are_made_by_one_process_and_found_again(options: BatchOptions) -> None:
    pool = LanePool(options)
    try:
        first = pool.make(row("a man"))
        process = process_of(pool)
        pool.make(row("a woman"))
        assert process_of(pool) == process
        assert {path.name for path in first.folder.iterdir()} >= {"head.blend", "head.glb", "albedo.png", "head.json"}
        assert json.loads((first.folder / "head.json").read_text())["request"]["prompt"] == "a man"
        again = finished(row("a man"), options.out)
        assert again is not None and again.folder == first.folder
        assert finished(row("a man", "--seed=3"), options.out) is None, "another row of the same name is another head"
        with pytest.raises(RequestError, match="-3"):
            pool.make(row("a child", "--seed=-3"))
        assert process_of(pool) == process, "an error ends no process"
    finally:
        pool.close()


def test_a_process_that_is_killed_is_started_again(options: BatchOptions) -> None:
    pool = LanePool(options)
    made = []
    thread = threading.Thread(target=lambda: made.append(pool.make(row("a slow man"))))
    thread.start()
    while not list(options.out.glob(".clip_head-*/head")):
        time.sleep(0.05)
    first = process_of(pool)
    os.kill(first, signal.SIGKILL)
    thread.join()
    pool.close()
    assert (made[0].folder / "head.blend").exists() and process_of(pool) != first


def test_a_row_that_ends_its_process_twice_is_given_up(options: BatchOptions) -> None:
    pool = LanePool(options)
    try:
        with pytest.raises(WorkerError, match="code 9"):
            pool.make(row("a crash"))
        assert pool.make(row("a man")).folder.is_dir()
    finally:
        pool.close()


def test_closing_leaves_nothing_unfinished(options: BatchOptions) -> None:
    pool = LanePool(options)
    raised = []

    def make() -> None:
        try:
            pool.make(row("a slow man"))
        except WorkerError as error:
            raised.append(error)

    thread = threading.Thread(target=make)
    thread.start()
    while not list(options.out.glob(".clip_head-*/head")):
        time.sleep(0.05)
    pool.close()
    thread.join()
    assert raised
    assert not options.out.exists() or not list(options.out.iterdir())


def test_a_command_that_is_not_there(options: BatchOptions, tmp_path: Path) -> None:
    pool = LanePool(BatchOptions(options.out, None, (str(tmp_path / "none"),), 1))
    with pytest.raises(WorkerError, match="none"):
        pool.make(row("a man"))
