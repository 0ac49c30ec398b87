"""Files for other programs and other days: .blend and .glb, and those of others that are opened."""

from __future__ import annotations

from pathlib import Path

import addon_utils
import bpy

from ..core.errors import RequestError


def start_empty_file() -> None:
    """Leave what is open for an empty file of factory defaults; preferences and add-ons stay as they are."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)


def use_temporary_folder(path: str) -> str:
    """Let Blender put its temporary files into the folder `path`; empty: into the one that the system names.

    Returns what was set before.
    """
    paths = bpy.context.preferences.filepaths
    before, paths.temporary_directory = str(paths.temporary_directory), path
    return before


def save_blend(path: Path) -> None:
    """Write the open file to `path` as a copy, compressed. Raises RuntimeError when Blender cannot."""
    bpy.ops.wm.save_as_mainfile(filepath=str(path.absolute()), copy=True, compress=True, check_existing=False)


def save_glb(path: Path, collection: bpy.types.Collection) -> None:
    """Write one head's collection to `path`: mesh, UV, textures, shape keys and custom properties."""
    addon_utils.enable("io_scene_gltf2")
    bpy.ops.export_scene.gltf(
        filepath=str(path.absolute()),
        check_existing=False,
        export_format="GLB",
        collection=collection.name,
        export_extras=True,
        export_morph=True,
        export_animations=False,
        export_image_format="AUTO",
    )


def open_mesh(path: Path) -> bpy.types.Object:
    """Open a .blend, .obj, .glb or .gltf in place of what is open. Returns its mesh with most polygons.

    Of a .blend all stays open, and no script in it runs. Raises RequestError where there is no mesh to be had.
    """
    readers = {
        ".blend": lambda: bpy.ops.wm.open_mainfile(filepath=str(path.absolute()), load_ui=False, use_scripts=False),
        ".obj": lambda: bpy.ops.wm.obj_import(filepath=str(path.absolute())),
        ".glb": lambda: bpy.ops.import_scene.gltf(filepath=str(path.absolute())),
    }
    readers[".gltf"] = readers[".glb"]
    reader = readers.get(path.suffix.lower())
    remedy = "Name a .blend, .obj, .glb or .gltf file with the mesh of a head."
    if reader is None or not path.is_file():
        raise RequestError(f"{path} is {'no file' if reader else 'no kind of mesh that can be opened'}.", remedy)
    start_empty_file()
    addon_utils.enable("io_scene_gltf2")
    try:
        reader()
    except RuntimeError as error:
        raise RequestError(f"{path} cannot be opened ({str(error).strip()}).", remedy) from error
    meshes = [obj for obj in bpy.context.scene.objects if obj.type == "MESH"]
    if not meshes:
        raise RequestError(f"{path} holds no mesh.", remedy)
    return max(meshes, key=lambda obj: len(obj.data.polygons))


def open_mask(path: Path) -> bpy.types.Image:
    """The picture in a file. Raises RequestError where it is none."""
    remedy = "Name a picture in the head's UV, white where the skin may change and black where it stays."
    try:
        image = bpy.data.images.load(str(path.absolute()))
    except RuntimeError as error:
        raise RequestError(f"The mask {path} cannot be read ({str(error).strip()}).", remedy) from error
    if min(image.size) == 0:
        bpy.data.images.remove(image)
        raise RequestError(f"The mask {path} is no picture.", remedy)
    return image
