"""The words that were used last, to be used again: a list of this user's, in all files; and presets of all words."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import bpy
from bl_operators.presets import AddPresetBase

from .environment import user_folder

#: Beside the environment, in the folder of this user's own: the prompts, the last one first.
_FILE = "prompts.json"
#: How many are kept.
KEPT = 30
#: Holds presets/clip_head/, the presets that are shipped.
_SHIPPED = str(Path(__file__).resolve().parent.parent)
#: Values of ClipHeadSettings that make up a preset.
_VALUES = ("prompt", "expression", "skin", "negative", "seed", "variation")


def read_prompts(folder: Path) -> list[str]:
    """The prompts that were used, the last one first; none where the file is missing or wrecked.

    folder: of this user's files.
    """
    try:
        stored = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [prompt for prompt in stored if isinstance(prompt, str)] if isinstance(stored, list) else []


def remember_prompt(prompt: str, folder: Path) -> None:
    """Put a prompt at the front of the list; nothing happens where that cannot be written.

    prompt: that was used.
    folder: as of `read_prompts`.
    """
    words = prompt.strip()
    if not words:
        return
    prompts = [words, *(other for other in read_prompts(folder) if other != words)][:KEPT]
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"{_FILE}.new"
        beside.write_text(json.dumps(prompts, ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(folder / _FILE)


class CLIP_HEAD_OT_use_prompt(bpy.types.Operator):
    """Put these words into the prompt"""

    bl_idname = "clip_head.use_prompt"
    bl_label = "Use Prompt"
    bl_options: ClassVar = {"REGISTER", "UNDO", "INTERNAL"}

    prompt: bpy.props.StringProperty(name="Prompt")  # type: ignore[valid-type]

    def execute(self, context: bpy.types.Context) -> set[str]:
        """The other words stay."""
        context.scene.clip_head.prompt = self.prompt
        return {"FINISHED"}


class CLIP_HEAD_MT_prompts(bpy.types.Menu):
    """The words that were used last"""

    bl_idname = "CLIP_HEAD_MT_prompts"
    bl_label = "Last Prompts"

    def draw(self, _context: bpy.types.Context) -> None:
        """One under the other, the last one first."""
        prompts = read_prompts(user_folder())
        if not prompts:
            self.layout.label(text="None yet")
        for prompt in prompts:
            self.layout.operator("clip_head.use_prompt", text=prompt, translate=False).prompt = prompt


class CLIP_HEAD_MT_presets(bpy.types.Menu):
    """Words for whole heads: those that are shipped, and your own"""

    bl_idname = "CLIP_HEAD_MT_presets"
    bl_label = "Presets"
    preset_subdir = "clip_head"
    preset_operator = "script.execute_preset"
    draw = bpy.types.Menu.draw_preset


class CLIP_HEAD_OT_add_preset(AddPresetBase, bpy.types.Operator):  # type: ignore[misc]
    """Keep all words, the seed and the variation as a preset, or remove one of yours"""

    bl_idname = "clip_head.add_preset"
    bl_label = "Add Preset"
    preset_menu = "CLIP_HEAD_MT_presets"
    preset_subdir = "clip_head"
    preset_defines: ClassVar = ["settings = bpy.context.scene.clip_head"]
    preset_values: ClassVar = [f"settings.{name}" for name in _VALUES]


_CLASSES = (CLIP_HEAD_OT_use_prompt, CLIP_HEAD_MT_prompts, CLIP_HEAD_MT_presets, CLIP_HEAD_OT_add_preset)


def register() -> None:
    """Register the menus, and where the shipped presets are."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.utils.register_preset_path(_SHIPPED)


def unregister() -> None:
    """Undo `register`."""
    bpy.utils.unregister_preset_path(_SHIPPED)
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
