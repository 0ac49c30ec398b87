"""Export of the active asset to other programs, by a file browser."""

# mypy: disable-error-code="valid-type"
# No postponed annotations here: Blender reads the properties from them while it registers the class.

import os
from pathlib import Path
from typing import ClassVar

import bpy
from bpy_extras.io_utils import ExportHelper

from ..core.errors import ClipHeadError, OutputError
from ..scene.asset import asset_collection
from ..scene.asset_action import frame_range
from ..scene.asset_export import PRESETS, export_asset
from ..scene.hair_export import hair_in_words
from ..scene.head import head_object

#: The choice of no program in particular.
_ANY = "ANY"
#: Program -> its name for people.
_NAMES = {"unity": "Unity", "unreal": "Unreal Engine", "godot": "Godot", "vrm": "VRM", "arkit": "ARKit"}
#: Ending of a file -> the format's name for people.
_FORMATS = {
    ".glb": "glTF Binary",
    ".fbx": "FBX",
    ".usdc": "Universal Scene Description",
    ".abc": "Alembic",
    ".obj": "Wavefront",
}


def has_asset(operator: type[bpy.types.Operator], context: bpy.types.Context) -> bool:
    """Whether an operator may work on the active object's asset; where it may not, Blender's tooltip says why."""
    if asset_collection(context.active_object) is None:
        operator.poll_message_set("Select a part of a head that CLIP-Head made of quads")
        return False
    if context.mode.startswith("EDIT"):
        operator.poll_message_set("Leave Edit Mode first")
        return False
    return True


class CLIP_HEAD_OT_export(bpy.types.Operator, ExportHelper):
    """Write the active head, with its shape keys, armature and action, for another program"""

    bl_idname = "clip_head.export"
    bl_label = "Export Asset"
    bl_options: ClassVar = {"PRESET"}

    preset: bpy.props.EnumProperty(
        name="For",
        description="The program that will read the file",
        items=[
            (_ANY, "Any Program", "Choose the format yourself"),
            *((name, _NAMES.get(name, name), f"A {entry['suffix']} file") for name, entry in PRESETS.items()),
        ],
    )
    file_format: bpy.props.EnumProperty(
        name="Format",
        description="What is written for no program in particular",
        items=[(ending, f"{name} ({ending})", "") for ending, name in _FORMATS.items()],
    )
    filter_glob: bpy.props.StringProperty(default=";".join(f"*{ending}" for ending in _FORMATS), options={"HIDDEN"})

    @property
    def filename_ext(self) -> str:
        """The ending of the file, which Blender adds to the name that is typed."""
        return str(self.file_format if self.preset == _ANY else PRESETS[self.preset]["suffix"])

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """A part of an asset must be active."""
        return has_asset(cls, context)

    def draw(self, _context: bpy.types.Context) -> None:
        """The program, and the format where the program does not say it."""
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "preset")
        row = layout.row()
        row.enabled = self.preset == _ANY
        row.prop(self, "file_format")

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Write the file, and say what it holds."""
        obj, mode = context.active_object, context.active_object.mode
        collection = asset_collection(obj)
        try:
            path = self._path()
            meshes = export_asset(path, collection, "" if self.preset == _ANY else self.preset)
        except ClipHeadError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        finally:
            if obj.mode != mode:  # Blender's glTF exporter leaves Pose Mode
                bpy.ops.object.mode_set(mode=mode)
        self.report({"INFO"}, f"Wrote {path}: {_contents(collection, path.suffix, meshes)}")
        return {"FINISHED"}

    def _path(self) -> Path:
        """The file, with its ending. Raises OutputError where it has no name."""
        path = bpy.path.abspath(self.filepath)
        if not os.path.basename(path):
            raise OutputError(f"The file to write has no name: {path!r}.", "Type one beside the button Export.")
        return Path(path).with_suffix(self.filename_ext)


def _contents(collection: bpy.types.Collection, suffix: str, meshes: int) -> str:
    """What the file of an asset, of such an ending and so many meshes, consists of, in a few words."""
    keys = head_object(collection).data.shape_keys
    said = f"{meshes} meshes, {len(keys.key_blocks) - 1} shape keys"
    frames = frame_range(collection)
    said += "" if frames is None else f", frames {frames[0]} to {frames[1]}"
    hair = hair_in_words(collection, suffix)
    return f"{said}, {hair}" if hair else said


def register() -> None:
    """Register the operator."""
    bpy.utils.register_class(CLIP_HEAD_OT_export)


def unregister() -> None:
    """Undo `register`."""
    bpy.utils.unregister_class(CLIP_HEAD_OT_export)
