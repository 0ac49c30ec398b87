"""A signal ends the program at once, whatever it is doing, and only before its work is complete."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

#: Runs `work` guarded. With the signal's coming the file named by the first argument is to vanish.
CODE = """
import os, sys, time
from pathlib import Path
from clip_head.operators.interrupt import stopped_by_signals
file = Path(sys.argv[1])
file.write_text("half a head")
def clean_up():
    file.unlink()
    print("cleaned", flush=True)
with stopped_by_signals(clean_up) as complete:
    {work}
print("complete", flush=True)
"""
#: Cycles, for far longer than a test may take.
RENDER = """
    import bpy
    scene = bpy.context.scene
    scene.render.engine, scene.cycles.samples, scene.cycles.use_adaptive_sampling = "CYCLES", 1_000_000, False
    scene.render.resolution_x = scene.render.resolution_y = 400
    bpy.app.handlers.render_pre.append(lambda *_: print("ready", flush=True))
    bpy.ops.render.render()
"""
#: A file that is large, so that most of the time it is being saved.
SAVE = """
    import bpy
    import numpy as np
    image = bpy.data.images.new("noise", 2048, 2048)
    image.pixels.foreach_set(np.random.default_rng(0).random(2048 * 2048 * 4, np.float32))
    image.pack()
    print("ready", flush=True)
    while True:
        bpy.ops.wm.save_as_mainfile(filepath=sys.argv[1] + ".blend", copy=True, compress=True)
"""
PYTHON = """
    print("ready", flush=True)
    while True: pass
"""
TOO_LATE = """
    complete()
    print("ready", flush=True)
    time.sleep(1.0)
"""


def start(work: str, file: Path, ignored: bool = False) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", CODE.format(work=work.strip()), file],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(file.parent)},  # Blender's temporary folder stays: in ./run it goes with ours
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.SIG_DFL),
    )
    assert process.stdout is not None
    while process.stdout.readline() != "ready\n":
        assert process.poll() is None
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_python_s_work(number: signal.Signals, tmp_path: Path) -> None:
    process = start(PYTHON, tmp_path / "file")
    process.send_signal(number)
    assert process.communicate(timeout=60) == ("cleaned\n", "")
    assert process.returncode == 128 + number
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("work", [RENDER, SAVE], ids=["render", "save"])
def test_two_signals_end_blender_s_work_without_a_crash(work: str, tmp_path: Path) -> None:
    process = start(work, tmp_path / "file")
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    said, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "cleaned"
    assert "Traceback" not in error
    assert "Not freed" not in said + error


def test_when_the_work_is_complete_a_signal_comes_too_late(tmp_path: Path) -> None:
    process = start(TOO_LATE, tmp_path / "file")
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=60) == ("complete\n", "")
    assert process.returncode == 0
    assert (tmp_path / "file").exists()


def test_a_signal_that_was_ignored_still_is(tmp_path: Path) -> None:
    process = start(TOO_LATE.replace("complete()", "pass"), tmp_path / "file", ignored=True)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("complete\n", "")
    assert process.returncode == 0
