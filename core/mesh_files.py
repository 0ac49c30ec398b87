"""Checks of an artist's mesh file before Blender opens it: all files that it names are regular ones in its own folder.

Blender reads whatever a .gltf, .obj or .mtl names, wherever it lies: any file of the machine, a pipe on which nobody
writes, a device that never ends.
"""

from __future__ import annotations

import mmap
import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from .errors import RequestError
from .foreign_files import check_regular_file, lies_inside, parse_json
from .schema import shown

#: Kinds of files that can be opened.
SUFFIXES = (".blend", ".obj", ".glb", ".gltf")
#: Largest mesh file, and largest buffer or picture that one names, bytes (2 GB): Blender reads them wholly.
LARGEST_FILE = 2 * 1024**3
#: Largest JSON part of a glTF, bytes (512 MB): its buffers may be written into it.
LARGEST_GLTF = 512 * 1024**2
#: Largest .mtl, bytes (64 MB): a material takes a few hundred bytes.
LARGEST_MTL = 64 * 1024**2
#: Greatest number of elements of a glTF accessor without a buffer: the importer fills them with zeros.
MOST_ZEROS = 20_000_000
#: Bytes by which a binary glTF may be padded at most.
_PADDING = 3
#: Remedies: for a file that is no mesh, for one that names files elsewhere, and for a damaged one.
_REMEDY = "Name a .blend, .obj, .glb or .gltf file with the mesh of a head."
_BESIDE = "Put the file into the mesh's own folder and name it from there, or export the mesh again as .glb."
_AGAIN = "Export the mesh again, for example as .glb from Blender."
#: A line of an .obj that names a .mtl: a backslash at a line's end joins the next one to it.
_BLANKS, _REST = rb"^[\x00-\x09\x0b-\x20]*", rb"((?>[^\n\\]+|\\\r?\n|\\)*+)"
_MTLLIB = re.compile(_BLANKS + rb"mtllib" + _REST, re.MULTILINE)
#: A line of a .mtl that names a picture.
_MAP = re.compile(_BLANKS + rb"(?:map_\w+|bump|norm|disp|decal|refl)\b" + _REST, re.MULTILINE)
#: Longest line that is looked at, bytes: longer than any path.
_LONGEST_LINE = 100_000
#: Words of a line that are tried as the beginning of a file's name: options of a map have at most this many.
_MOST_WORDS = 64


def check_mesh_file(path: Path) -> None:
    """Raise RequestError unless the file can be opened: of a known kind, regular, and naming nothing but regular files
    of the stated size in its own folder.

    path: a .blend, .obj, .glb or .gltf. A .blend is opened without running its scripts; what it links is its artist's.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise RequestError(f"{path} is no kind of mesh that can be opened.", _REMEDY)
    try:
        check_regular_file(path, LARGEST_FILE)
        if path.suffix.lower() == ".obj":
            _check_obj(path)
        elif path.suffix.lower() != ".blend":
            _check_gltf(path)
    except FileNotFoundError as error:
        raise RequestError(f"{path} is no file.", _REMEDY) from error
    except (OSError, ValueError) as error:
        raise RequestError(f"{path} cannot be opened ({error}).", _AGAIN) from error


def _check_obj(path: Path) -> None:
    """Check the .mtl files that an .obj names, and the pictures that these name."""
    libraries = {path.with_suffix(".mtl").name}
    for names in _lines(path, _MTLLIB):
        libraries.update(names)
    for name in sorted(libraries):
        for library in _existing(path, name):
            _check_named(path, name, library, LARGEST_MTL)
            for names in _lines(library, _MAP):
                for picture in names:
                    for file in _existing(library, picture):
                        _check_named(library, picture, file, LARGEST_FILE)


def _lines(path: Path, pattern: re.Pattern[bytes]) -> Iterator[list[str]]:
    """What may be the file's name in each line that the pattern finds: options, or blanks, may stand before it."""
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for line in pattern.finditer(content):
            text = os.fsdecode(re.sub(rb"\\\r?\n", b"  ", line[1][:_LONGEST_LINE])).strip()
            starts = [word.start() for word in re.finditer(r"\S+", text)][:_MOST_WORDS]
            yield [text[start:] for start in starts]


def _existing(path: Path, name: str) -> list[Path]:
    """The files that Blender may open for a name in the file `path`: as it is, without quotes, with underscores."""
    plain = name.strip("\"'").replace("\\", "/")
    names = {name, plain, plain.replace(" ", "_"), Path(plain).name}
    candidates = [path.parent / spelt for each in names for spelt in (each, each.lstrip("/"))]
    return [file for file in dict.fromkeys(candidates) if _exists(file) and file != path.parent]


def _exists(path: Path) -> bool:
    try:
        return path.exists() and not path.is_dir()
    except (OSError, ValueError):  # too long, or with a zero byte
        return False


def _check_named(path: Path, name: str, file: Path, largest: int) -> None:
    """Raise RequestError unless `file`, which `path` names so, is a regular one in the folder of `path`."""
    if not file.resolve().is_relative_to(path.parent.resolve()):
        raise RequestError(f"{path} names {name!r}, which lies outside its folder.", _BESIDE)
    try:
        check_regular_file(file, largest)
    except (OSError, ValueError) as error:
        raise RequestError(f"{path} names {name!r}, which cannot be read: {error}.", _BESIDE) from error


def _check_gltf(path: Path) -> None:
    """Check the buffers, the files and the accessors of a glTF."""
    content, binary = _read_gltf(path)
    gltf = parse_json(content)
    if not isinstance(gltf, dict):
        raise ValueError("it holds no object")
    for number, buffer in enumerate(_objects(gltf, "buffers")):
        _check_buffer(path, number, buffer, binary)
    for uri in _uris({name: part for name, part in gltf.items() if name != "buffers"}):
        file = _named_file(path, uri)
        if file is not None and _exists(file):
            _check_named(path, uri, file, LARGEST_FILE)
    for accessor in _objects(gltf, "accessors"):
        count, bounded = accessor.get("count"), "bufferView" in accessor and "sparse" not in accessor
        if type(count) is not int or not 0 < count <= (LARGEST_FILE if bounded else MOST_ZEROS):
            raise ValueError(f"one of its accessors has a count of {shown(count)}")


def _read_gltf(path: Path) -> tuple[bytes, int | None]:
    """The JSON of a glTF, and the number of bytes of its binary part, None where there is none.

    As for Blender, its content and not its name decides whether the glTF is binary.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(20)
        if start[:4] != b"glTF":
            check_regular_file(path, LARGEST_GLTF)
            return start + file.read(), None
        if len(start) < 20:
            raise ValueError("it ends within its first 20 bytes")
        stated, length = struct.unpack("<8xI I 4x", start)
        if stated != size or length > min(size, LARGEST_GLTF) or start[16:] != b"JSON":
            raise ValueError(f"it states {stated} bytes, {length} of them JSON, and has {size}: it is truncated")
        content = file.read(length)
        chunk = file.read(8)
        if len(chunk) < 8 or chunk[4:] != b"BIN\0":
            return content, None
        binary = struct.unpack("<I 4x", chunk)[0]
        if file.tell() + binary > size:
            raise ValueError(f"its binary part states {binary} bytes: it is truncated")
        return content, binary


def _objects(gltf: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """An entry of a glTF that must be a list of objects; empty where there is none."""
    values = gltf.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise ValueError(f"its {name!r} are no list of objects")
    return values


def _check_buffer(path: Path, number: int, buffer: dict[str, Any], binary: int | None) -> None:
    """Raise RequestError or ValueError unless the buffer has the bytes that it states."""
    stated, uri = buffer.get("byteLength"), buffer.get("uri")
    if type(stated) is not int or not 0 < stated <= LARGEST_FILE:
        raise ValueError(f"its buffer {number} states {shown(stated)} bytes")
    if uri is None:
        size = binary if number == 0 else None
        named = "the file's own binary part"
    else:
        file = _named_file(path, uri)
        named = repr(uri[:100])
        if file is None:
            size = _decoded_size(uri)
        elif _exists(file):
            _check_named(path, uri, file, LARGEST_FILE)
            size = file.stat().st_size
        else:
            size = None
    if size is None or not stated <= size <= stated + _PADDING:
        has = "is not there" if size is None else f"has {size}"
        raise ValueError(f"its buffer {number} states {stated} bytes, but {named} {has}")


def _decoded_size(uri: str) -> int:
    """The bytes of a data URI in base64."""
    data = uri.partition(";base64,")[2]
    return len(data) * 3 // 4 - data[-2:].count("=")


def _uris(value: Any) -> Iterator[Any]:
    """Every "uri" within a glTF, in its extensions too; "extras" are the artist's own notes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "uri":
                yield inner
            elif name != "extras":
                yield from _uris(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _uris(inner)


def _named_file(path: Path, uri: Any) -> Path | None:
    """The file that a glTF names, None for data written into the glTF itself.

    Raises RequestError for a name that is absolute, of the network, or leaves the glTF's folder.
    """
    if not isinstance(uri, str):
        raise ValueError(f"it names {shown(uri)} as a file")
    if uri.startswith("data:") and ";base64," in uri:
        return None
    name = unquote(uri.replace("\\", "/"))
    if not lies_inside(name) or re.match(r"[A-Za-z][\w+.-]*:", name):
        raise RequestError(f"{path} names {uri[:200]!r}, which lies outside its folder.", _BESIDE)
    return path.parent / os.path.normpath(name)
