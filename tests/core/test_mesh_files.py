"""An artist's mesh file names nothing but regular files of its own folder, or it is not opened."""

import base64
import json
import os
import struct
from pathlib import Path
from typing import Any

import pytest

from clip_head.core.errors import RequestError
from clip_head.core.mesh_files import check_mesh_file

DATA = bytes(range(36))


def gltf(path: Path, **changes: Any) -> Path:
    """A .gltf of one triangle, whose buffer is a.bin beside it."""
    content: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "buffers": [{"uri": "a.bin", "byteLength": 36}],
        "bufferViews": [{"buffer": 0, "byteLength": 36}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "images": [{"uri": "textures/skin%20map.png"}, {"bufferView": 0, "mimeType": "image/png"}],
        "extras": {"uri": "https://example.com/where-it-comes-from"},
    }
    path.write_text(json.dumps(content | changes))
    return path


def glb(path: Path, content: dict[str, Any], binary: bytes | None = DATA, **stated: int) -> Path:
    text = json.dumps(content).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", stated.get("json", len(text)), b"JSON") + text
    if binary is not None:
        chunks += struct.pack("<I4s", stated.get("bin", len(binary)), b"BIN\0") + binary
    path.write_bytes(b"glTF" + struct.pack("<II", 2, stated.get("size", 12 + len(chunks))) + chunks)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The mesh's folder, with a.bin; beside it a secret."""
    (tmp_path / "secret.bin").write_bytes(DATA)
    inner = tmp_path / "mesh"
    (inner / "textures").mkdir(parents=True)
    (inner / "a.bin").write_bytes(DATA)
    (inner / "textures" / "skin map.png").write_bytes(DATA)
    return inner


def test_what_other_programs_write_is_opened(folder: Path) -> None:
    check_mesh_file(gltf(folder / "a.gltf"))
    check_mesh_file(gltf(folder / "a.gltf", images=[{"uri": "not/there.png"}]))
    written = "data:application/octet-stream;base64," + base64.b64encode(DATA).decode()
    check_mesh_file(gltf(folder / "a.gltf", buffers=[{"uri": written, "byteLength": 36}]))
    content = json.loads((folder / "a.gltf").read_text())
    check_mesh_file(glb(folder / "a.glb", content | {"buffers": [{"byteLength": 34}]}))
    check_mesh_file(glb(folder / "a.glb", {"asset": {"version": "2.0"}}, None))


@pytest.mark.parametrize(
    "uri",
    [
        "../secret.bin",
        "textures/../../secret.bin",
        "%2e%2e/secret.bin",
        "..%2Fsecret.bin",
        "..\\secret.bin",
        "..%5Csecret.bin",
        "SECRET",
        "file:SECRET",
        "file://SECRET",
        "%2Fdev%2Fzero",
        "/dev/zero",
        "C:\\secret.bin",
        "\\\\host\\share\\secret.bin",
        "http://example.com/a.bin",
        "data:/../../secret.bin",
        "~/secret.bin",
        "",
        "link.bin",
        "link/secret.bin",
    ],
)
@pytest.mark.parametrize("part", ["buffers", "images", "extension"])
def test_files_outside_the_folder_are_not_read(folder: Path, uri: str, part: str) -> None:
    (folder / "link.bin").symlink_to("../secret.bin")
    (folder / "link").symlink_to("..", target_is_directory=True)
    named = {"uri": uri.replace("SECRET", str(folder.parent / "secret.bin")), "byteLength": 36}
    changes = {"extensions": {"SOME_audio": {"clips": [named]}}} if part == "extension" else {part: [named]}
    with pytest.raises(RequestError, match="outside its folder") as error:
        check_mesh_file(gltf(folder / "a.gltf", **changes))
    assert str(folder / "a.gltf") in error.value.cause


def test_a_glb_may_name_no_other_files_either(folder: Path) -> None:
    content = {"buffers": [{"byteLength": 36}, {"uri": "../secret.bin", "byteLength": 36}]}
    with pytest.raises(RequestError, match="outside its folder"):
        check_mesh_file(glb(folder / "a.glb", content))
    (folder / "a.glb").rename(folder / "a.gltf")
    with pytest.raises(RequestError, match="outside its folder"):
        check_mesh_file(folder / "a.gltf")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names there")
@pytest.mark.parametrize("part", ["buffers", "images"])
def test_what_has_no_end_is_not_read(folder: Path, part: str) -> None:
    os.mkfifo(folder / "pipe.bin")
    with pytest.raises(RequestError, match=r"'pipe\.bin', which cannot be read: it is no regular file"):
        check_mesh_file(gltf(folder / "a.gltf", **{part: [{"uri": "pipe.bin", "byteLength": 36}]}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"buffers": [{"uri": "a.bin", "byteLength": 37}]}, "buffer 0 states 37 bytes, but 'a.bin' has 36"),
        ({"buffers": [{"uri": "a.bin", "byteLength": 8}]}, "states 8 bytes, but 'a.bin' has 36"),
        ({"buffers": [{"uri": "b.bin", "byteLength": 36}]}, "'b.bin' is not there"),
        ({"buffers": [{"byteLength": 36}]}, "own binary part is not there"),
        ({"buffers": [{"uri": "a.bin"}]}, "states None"),
        ({"buffers": [{"uri": "a.bin", "byteLength": 10**30}]}, "states 10000"),
        ({"buffers": [{"uri": "a.bin", "byteLength": "36"}]}, "states '36'"),
        ({"buffers": [{"uri": ["a.bin"], "byteLength": 36}]}, "as a file"),
        ({"buffers": {"uri": "a.bin"}}, "'buffers' are no list"),
        ({"accessors": [{"count": 10**12, "type": "VEC3"}]}, "count of 1000000000000"),
        ({"accessors": [{"bufferView": 0, "sparse": {}, "count": 10**9}]}, "count of 1000000000"),
        ({"accessors": [{"count": -1}]}, "count of -1"),
        ({"buffers": [{"uri": "data:;base64,AAAA", "byteLength": 36}]}, "states 36 bytes"),
    ],
)
def test_sizes_that_are_not_as_stated_are_named(folder: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RequestError, match=words):
        check_mesh_file(gltf(folder / "a.gltf", **changes))


def test_damaged_files_are_named(folder: Path) -> None:
    for stated in ({"json": 10**6}, {"bin": 37}, {"size": 99}):
        with pytest.raises(RequestError, match="truncated"):
            check_mesh_file(glb(folder / "a.glb", {"buffers": [{"byteLength": 36}]}, DATA, **stated))
    for content in (b"", b"{", b"[]", b"[" * 100_000, b"glTF", b"\xff" * 30):
        (folder / "a.gltf").write_bytes(content)
        with pytest.raises(RequestError, match="cannot be opened"):
            check_mesh_file(folder / "a.gltf")
    with pytest.raises(RequestError, match="is no file"):
        check_mesh_file(folder / "nowhere.glb")
    with pytest.raises(RequestError, match="no kind of mesh"):
        check_mesh_file(folder / "a.bin")
    (folder / "head.blend").mkdir()
    with pytest.raises(RequestError, match="it is a folder"):
        check_mesh_file(folder / "head.blend")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names there")
@pytest.mark.parametrize("suffix", [".blend", ".obj", ".glb", ".gltf"])
def test_a_mesh_that_has_no_end_is_not_opened(folder: Path, suffix: str) -> None:
    os.mkfifo(folder / f"pipe{suffix}")
    (folder / f"zero{suffix}").symlink_to("/dev/zero")
    for name in ("pipe", "zero"):
        with pytest.raises(RequestError, match="no regular file"):
            check_mesh_file(folder / f"{name}{suffix}")


def obj(folder: Path, library: str | None = "mtllib a.mtl\n", material: str = "") -> Path:
    (folder / "a.obj").write_text((library or "") + "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    (folder / "a.mtl").write_text(f"newmtl skin\nKd 1 1 1\n{material}")
    return folder / "a.obj"


@pytest.mark.parametrize(
    "material",
    [
        "",
        "map_Kd textures/skin map.png\n",
        "map_Kd -o 0 0 0 -bm 1.0 textures/skin map.png\r\n",
        "map_Kd C:\\textures\\of\\another\\machine.png\n",
        "map_Kd not/there.png\n",
        "# map_Kd ../secret.bin\n",
    ],
)
def test_materials_with_pictures_in_the_folder_are_read(folder: Path, material: str) -> None:
    check_mesh_file(obj(folder, material=material))
    check_mesh_file(obj(folder, None, material))


@pytest.mark.parametrize(
    "line", ["../secret.bin", "SECRET", "-bm 1.0 ../secret.bin", '"../secret.bin"', "..\\secret.bin"]
)
@pytest.mark.parametrize("start", ["map_Kd ", "  bump ", "map_Bump \\\n", "norm\t", "refl -type sphere "])
def test_pictures_outside_the_folder_are_not_read(folder: Path, start: str, line: str) -> None:
    material = start + line.replace("SECRET", str(folder.parent / "secret.bin")) + "\n"
    with pytest.raises(RequestError, match=r"a\.mtl names .*secret\.bin.*outside its folder"):
        check_mesh_file(obj(folder, material=material))
    with pytest.raises(RequestError, match="outside its folder"):  # a.mtl is read for a.obj without being named
        check_mesh_file(obj(folder, None, material))


@pytest.mark.parametrize(
    "library", ["mtllib ../secret.bin\n", "mtllib \\\n../secret.bin\n", "v 0 0 0\n\tmtllib SECRET\n"]
)
def test_materials_outside_the_folder_are_not_read(folder: Path, library: str) -> None:
    with pytest.raises(RequestError, match=r"a\.obj names .*outside its folder"):
        check_mesh_file(obj(folder, library.replace("SECRET", str(folder.parent / "secret.bin"))))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names there")
def test_materials_and_pictures_that_have_no_end_are_not_read(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(RequestError, match=r"a\.obj names 'pipe', which cannot be read: it is no regular file"):
        check_mesh_file(obj(folder, "mtllib pipe\n"))
    with pytest.raises(RequestError, match=r"a\.mtl names 'pipe', which cannot be read"):
        check_mesh_file(obj(folder, material="map_Kd pipe\n"))
