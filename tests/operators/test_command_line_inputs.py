"""Heads and meshes that are opened by the command line: what is wrong with them is said before any work."""

from collections.abc import Callable
from pathlib import Path

import bpy
import numpy as np
import pytest

from clip_head.core.client import Worker, never
from clip_head.core.errors import MeshError
from clip_head.core.types import Canvas, Head, HeadRequest, Progress, no_progress
from clip_head.operators.command_line import main
from clip_head.scene import add_head, head_object, save_blend
from clip_head.scene.export import start_empty_file


class RefusingWorker(Worker):
    """Takes every mesh for no head, as the unwrapping does after some seconds, and keeps what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: Canvas | None = None

    def run_job(
        self,
        request: HeadRequest,
        progress: Progress = no_progress,
        cancelled: Callable[[], bool] = never,
        canvas: Canvas | None = None,
    ) -> Head:
        self.given = canvas
        raise MeshError("The mesh does not look like a head.", "Choose a mesh that is a head.")


@pytest.fixture
def worker() -> RefusingWorker:
    return RefusingWorker()


@pytest.fixture
def made(small_head: Head, tmp_path: Path) -> Path:
    """A folder as ./run makes it, of which the head's texture has a size that may be asked for."""
    start_empty_file()
    obj = head_object(add_head(small_head, bpy.context.scene))
    obj["texture_size"] = 64
    save_blend(tmp_path / "head.blend")
    return tmp_path


def change(folder: Path, edit: Callable[[bpy.types.Object], object]) -> None:
    bpy.ops.wm.open_mainfile(filepath=str(folder / "head.blend"))
    edit(next(obj for obj in bpy.context.scene.objects if obj.type == "MESH"))
    save_blend(folder / "head.blend")


def scramble(obj: bpy.types.Object) -> None:
    uv = np.random.default_rng(0).random(2 * len(obj.data.loops), np.float32)
    obj.data.uv_layers[0].uv.foreach_set("vector", uv)


def delete(name: str) -> Callable[[bpy.types.Object], object]:
    return lambda obj: obj.__delitem__(name)


def put(name: str, value: object) -> Callable[[bpy.types.Object], object]:
    return lambda obj: obj.__setitem__(name, value)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (delete("origin"), "has no property 'origin'"),
        (delete("seed"), "has no property 'seed'"),
        (delete("z_id"), "has no property 'z_id'"),
        (put("seed", "seven"), "says 'seven' for 'seed'"),
        (put("texture_size", "large"), "says 'large' for 'texture_size'"),
        (put("texture_size", 2**30), "texture size is 1073741824"),
        (put("resolution", 10**9), "resolution is 1000000000"),
        (put("origin", [0.0, float("nan"), 0.0]), "says nan for 'origin[1]'"),
        (scramble, "The UV map of"),
    ],
)
def test_a_head_whose_properties_were_changed_is_refused_before_the_work(
    made: Path, worker: RefusingWorker, capsys: pytest.CaptureFixture[str], edit: Callable, words: str
) -> None:
    change(made, edit)
    assert main(["blue eyes", "--edit", str(made), "--out", str(made / "out")], worker) == 2
    assert words in capsys.readouterr().err
    assert worker.given is None
    assert not (made / "out").exists()


def test_the_object_to_paint_may_be_named(
    tmp_path: Path, worker: RefusingWorker, capsys: pytest.CaptureFixture[str]
) -> None:
    start_empty_file()
    for name, segments in (("Head", 32), ("Body", 64)):
        bpy.ops.mesh.primitive_uv_sphere_add(segments=segments, ring_count=segments // 2)
        bpy.context.active_object.name = name
    bpy.ops.mesh.primitive_plane_add()
    save_blend(tmp_path / "a.blend")
    call = ["a man", "--texture", str(tmp_path / "a.blend"), "--out", str(tmp_path / "out")]
    assert main(call, worker) == 4
    error = capsys.readouterr().err
    assert "'Body' was tried. The mesh does not look like a head." in error
    assert "--object NAME: 'Head', 'Plane'." in error
    body = worker.given
    assert main([*call, "--object", "Head"], worker) == 4
    assert "'Head' was tried." in capsys.readouterr().err
    assert body is not None
    assert worker.given is not None
    assert len(worker.given.mesh.faces) < len(body.mesh.faces)
    worker.given = None
    assert main([*call, "--object", "Plane"], worker) == 4
    assert "'Plane' has 2 triangles, too few" in capsys.readouterr().err
    assert main([*call, "--object", "Hair"], worker) == 2
    assert "no mesh 'Hair'" in capsys.readouterr().err
    assert main(["a man", "--object", "Head"], worker) == 2
    assert "--object does nothing with a new head" in capsys.readouterr().err
    assert worker.given is None
