"""The program runs the same whether its streams are open, read, or able to show every character."""

import subprocess
import sys
from pathlib import Path

import pytest

import clip_head

ROOT = Path(clip_head.__file__).resolve().parent

#: What runs: the streams are prepared, files are opened, and then something is said on both.
CODE = """
from clip_head.operators.console import prepare_streams, quiet_stdout, write_safely
import os, sys
prepare_streams()
numbers = [os.open(os.devnull, os.O_RDONLY) for _ in range(3)]
assert min(numbers) > 2, "a file was opened as a standard stream"
with quiet_stdout():
    os.write(1, b"Blender's own words\\n")
write_safely(sys.stdout, "улыбка\\n")
write_safely(sys.stderr, "улыбка\\n")
write_safely(sys.stdout, "the end\\n")
sys.exit(7)
"""


def shell(line: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """`line` with the program as $0; the exit code is the program's."""
    command = ["bash", "-c", f"set -o pipefail; {line}", sys.executable, CODE]
    return subprocess.run(command, capture_output=True, env=variables, check=False)


def test_all_is_well() -> None:
    ran = shell('"$0" -X utf8 -c "$1"')
    assert (ran.returncode, ran.stdout.decode(), ran.stderr.decode()) == (7, "улыбка\nthe end\n", "улыбка\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-", "<&- 2>&-"])
def test_closed_streams_are_not_missed(closed: str) -> None:
    ran = shell(f'"$0" -X utf8 -c "$1" {closed}')
    assert ran.returncode == 7
    assert ran.stderr.decode() == ("" if "2>&-" in closed else "улыбка\n")
    assert ran.stdout.decode() == ("" if " >&-" in f" {closed}" else "улыбка\nthe end\n")


@pytest.mark.parametrize("gone", ["{} | true", "{} 2>&1 >/dev/null | true", "{} 2>&1 | true", "{} >/dev/full"])
def test_a_reader_that_is_gone_is_not_missed(gone: str) -> None:
    ran = shell(gone.format('(sleep 0.5; exec "$0" -X utf8 -c "$1")'))
    assert ran.returncode == 7
    assert b"Traceback" not in ran.stderr
    assert b"Exception ignored" not in ran.stderr


def test_characters_that_cannot_be_shown_are_replaced() -> None:
    ran = shell('"$0" -c "$1"', PYTHONIOENCODING="ascii")
    assert (ran.returncode, ran.stdout) == (7, b"??????\nthe end\n")
    assert b"Traceback" not in ran.stderr
