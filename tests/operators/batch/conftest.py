"""A process of a batch whose worker answers with one head at once: only the minutes of models are left out."""

import sys
from pathlib import Path

import pytest

import clip_head
from clip_head.core.exchange import save_head
from clip_head.core.types import Head
from clip_head.operators.batch.pool import BatchOptions

ROOT = Path(clip_head.__file__).resolve().parent

#: Starts the real command line with that worker. A prompt with "slow" waits first, one with "crash" ends the process.
PROGRAM = """
import os, sys, time
from dataclasses import replace
from pathlib import Path
root, saved = map(Path, sys.argv[1:3])
import importlib.util
spec = importlib.util.spec_from_file_location("clip_head", root / "__init__.py", submodule_search_locations=[str(root)])
package = importlib.util.module_from_spec(spec)
sys.modules["clip_head"] = package
spec.loader.exec_module(package)
from clip_head.core.client import Worker
from clip_head.core.exchange import load_head
from clip_head.operators.commands import main

class Ready(Worker):
    def run_job(self, request, progress=None, cancelled=None, canvas=None):
        if "slow" in request.prompt:
            time.sleep(3.0)
        if "crash" in request.prompt:
            os._exit(9)
        return replace(load_head(saved), request=request)

again = (sys.executable, "-X", "utf8", __file__, str(root), str(saved))
sys.exit(main(sys.argv[3:], Ready(), again=again))
"""


@pytest.fixture
def again(tmp_path_factory: pytest.TempPathFactory, small_head: Head) -> tuple[str, ...]:
    """The command that starts it."""
    folder = tmp_path_factory.mktemp("lane")
    program, saved = folder / "program.py", folder / "head"
    program.write_text(PROGRAM, encoding="utf-8")
    saved.mkdir()
    save_head(small_head, saved)
    return (sys.executable, "-X", "utf8", str(program), str(ROOT), str(saved))


@pytest.fixture
def options(tmp_path: Path, again: tuple[str, ...]) -> BatchOptions:
    return BatchOptions(tmp_path / "heads", None, again, 1)
