"""Files of others that are opened in Blender: a mesh to paint, a mask."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import addon_utils
import bpy

from ..core.errors import MeshError, RequestError
from ..core.foreign_files import check_regular_file
from ..core.mesh_files import LARGEST_FILE, check_mesh_file
from ..core.request import TEXTURE_SIZES
from .canvas import is_painted
from .export import start_empty_file

#: The remedy for a file that holds no mesh.
_REMEDY = "Name a .blend, .obj, .glb or .gltf file with the mesh of a head."
#: How many names of meshes an error lists at most.
_MOST_NAMES = 10


def open_mesh(path: Path, name: str | None = None, painted: bool = False) -> bpy.types.Object:
    """Open a .blend, .obj, .glb or .gltf in place of what is open.

    path: the file, looked through before Blender opens it. Of a .blend all stays open, and no script in it runs.
    name: of the object to take; None takes the mesh with most polygons.
    painted: whether, without a name, those that wear a skin of CLIP-Head's are preferred.

    Returns the object, in Object Mode: what was edited when the file was saved is part of its mesh. Raises RequestError
    where there is no mesh to be had.
    """
    check_mesh_file(path)
    start_empty_file()
    addon_utils.enable("io_scene_gltf2")
    try:
        _read(path)
    except RuntimeError as error:
        raise RequestError(f"{path} cannot be opened ({str(error).strip()}).", _REMEDY) from error
    meshes = [obj for obj in bpy.context.scene.objects if obj.type == "MESH"]
    if not meshes:
        raise RequestError(f"{path} holds no mesh.", _REMEDY)
    _check_images(path)
    for obj in meshes:
        _leave_edit_mode(obj)
    target = _choose(path, meshes, name, painted)
    if not target.data.is_editable:
        raise RequestError(
            f"The mesh of {target.name!r} in {path} is linked from another file.", "Make it local in that file first."
        )
    return target


@contextmanager
def refusals_name(target: bpy.types.Object) -> Iterator[None]:
    """Let every MeshError name the object that was tried, and say how another is chosen where there are several.

    target: of `open_mesh`.
    """
    try:
        yield
    except MeshError as error:
        others = [obj for obj in bpy.context.scene.objects if obj.type == "MESH" and obj != target]
        cause = error.cause if repr(target.name) in error.cause else f"{target.name!r} was tried. {error.cause}"
        more = f" Or choose another of its meshes with --object NAME: {_names(others)}." if others else ""
        raise MeshError(cause, error.remedy + more) from error


def open_mask(path: Path) -> bpy.types.Image:
    """The picture in a file. Raises RequestError where it is none, or too large for a texture."""
    remedy = "Name a picture in the head's UV, white where the skin may change and black where it stays."
    try:
        check_regular_file(path, LARGEST_FILE)
        size = _png_size(path)
        if size is None or max(size) <= TEXTURE_SIZES[1]:
            image = bpy.data.images.load(str(path.absolute()))
            size = tuple(image.size)
            if 0 < min(size) <= max(size) <= TEXTURE_SIZES[1]:
                return image
            bpy.data.images.remove(image)
    except (OSError, RuntimeError, ValueError) as error:
        raise RequestError(f"The mask {path} cannot be read ({str(error).strip()}).", remedy) from error
    cause = f"has {size[0]} x {size[1]} pixels, more than {TEXTURE_SIZES[1]}" if min(size) else "is no picture"
    raise RequestError(f"The mask {path} {cause}.", remedy)


def _png_size(path: Path) -> tuple[int, ...] | None:
    """Width and height that a .png states, None for another kind of file: a few bytes may promise gigabytes."""
    with path.open("rb") as file:
        start = file.read(24)
    return struct.unpack(">II", start[16:]) if len(start) == 24 and start.startswith(b"\x89PNG\r\n\x1a\n") else None


def _read(path: Path) -> None:
    """Let Blender read a file, by its kind. Raises RuntimeError where it cannot."""
    file = str(path.absolute())
    if path.suffix.lower() == ".blend":
        bpy.ops.wm.open_mainfile(filepath=file, load_ui=False, use_scripts=False)
    elif path.suffix.lower() == ".obj":
        bpy.ops.wm.obj_import(filepath=file)
    else:
        bpy.ops.import_scene.gltf(filepath=file)


def _check_images(path: Path) -> None:
    """Raise RequestError where a picture of the open file is a pipe or a device: reading it may never end."""
    for image in bpy.data.images:
        file = Path(bpy.path.abspath(image.filepath_raw))
        if image.source == "FILE" and not image.packed_file and file.exists() and not (file.is_file() or file.is_dir()):
            raise RequestError(f"{path} names {str(file)!r} as a picture, which is no regular file.", "Remove it.")


def _leave_edit_mode(obj: bpy.types.Object) -> None:
    """Leave Edit Mode, in which a mesh's own arrays are out of date and those of its UV empty."""
    if obj.mode == "EDIT":
        obj.update_from_editmode()
        with bpy.context.temp_override(object=obj, active_object=obj):
            bpy.ops.object.mode_set(mode="OBJECT")


def _choose(path: Path, meshes: list[bpy.types.Object], name: str | None, painted: bool) -> bpy.types.Object:
    """One of the meshes of a file, by the rules of `open_mesh`. Raises RequestError for a name that none has."""
    if name is None:
        preferred = [obj for obj in meshes if painted and is_painted(obj)] or meshes
        return max(preferred, key=lambda obj: len(obj.data.polygons))
    named = [obj for obj in meshes if obj.name == name]
    if not named:
        raise RequestError(f"{path} holds no mesh {name!r}.", f"Name one of {_names(meshes)}.")
    return named[0]


def _names(meshes: list[bpy.types.Object]) -> str:
    """The names of meshes, the largest first."""
    ranked = sorted(meshes, key=lambda obj: -len(obj.data.polygons))
    listed = ", ".join(repr(obj.name) for obj in ranked[:_MOST_NAMES])
    return listed + (f" and {len(ranked) - _MOST_NAMES} more" if len(ranked) > _MOST_NAMES else "")
