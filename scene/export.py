"""Files for other programs and other days: .blend and .glb."""

from __future__ import annotations

from pathlib import Path

import addon_utils
import bpy

from .hair_export import hair_to_write


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
    """Write one head's collection to `path`: mesh, UV, textures, shape keys and custom properties; hair as cards."""
    addon_utils.enable("io_scene_gltf2")
    with hair_to_write(collection, path.suffix) as whole:
        bpy.ops.export_scene.gltf(
            filepath=str(path.absolute()),
            check_existing=False,
            export_format="GLB",
            collection=whole.name,
            export_extras=True,
            export_morph=True,
            export_animations=False,
            export_image_format="AUTO",
        )
