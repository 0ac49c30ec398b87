"""The sidebar tab CLIP-Head of the 3D view: words, seed, quality, progress, errors, what was made last."""

from __future__ import annotations

import textwrap
from typing import ClassVar

import bpy

from ..operators.gallery import Gallery
from ..operators.history import heads_of_file

#: The add-on's own package, by which Blender finds its preferences.
_ADDON = __package__.rpartition(".")[0]

#: What the artist reads for each of core.types.STAGES.
_STAGES = {
    "models": "Loading the models",
    "words": "Reading the words",
    "geometry": "Shaping the head",
    "unwrap": "Unwrapping it",
    "maps": "Drawing the maps",
    "texture": "Painting the skin",
}


class CLIP_HEAD_PT_sidebar(bpy.types.Panel):
    """Words become a head."""

    bl_idname = "CLIP_HEAD_PT_sidebar"
    bl_label = "CLIP-Head"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "CLIP-Head"
    bl_options: ClassVar = {"HEADER_LAYOUT_EXPAND"}

    def draw_header_preset(self, _context: bpy.types.Context) -> None:
        """Presets of all words, in the panel's header as everywhere in Blender."""
        row = self.layout.row(align=True)
        row.menu("CLIP_HEAD_MT_presets", text="", icon="PRESET")
        row.operator("clip_head.add_preset", text="", icon="ADD")

    def draw(self, context: bpy.types.Context) -> None:
        """Fields, the button or the progress, then the last error or result."""
        layout = self.layout
        settings = context.scene.clip_head
        status = context.window_manager.clip_head_status

        fields = layout.column()
        fields.enabled = not status.running
        prompt = fields.row(align=True)
        prompt.prop(settings, "prompt", text="", placeholder="an old man with a big nose, laughing")
        prompt.menu("CLIP_HEAD_MT_prompts", text="", icon="DOWNARROW_HLT")
        fields.prop(settings, "expression", text="", icon="MONKEY", placeholder="Expression, if apart")
        fields.prop(settings, "skin", text="", icon="TEXTURE", placeholder="Skin, if apart")
        fields.prop(settings, "negative", text="", icon="REMOVE", placeholder="Not on the skin")
        seed = fields.row(align=True)
        seed.prop(settings, "seed")
        seed.operator("clip_head.new_seed", text="", icon="FILE_REFRESH")
        fields.prop(settings, "variation", slider=True)
        fields.row().prop(settings, "quality", expand=True)
        fields.row().prop(settings, "surface", expand=True)

        if status.running:
            layout.progress(factor=status.fraction, type="BAR", text=_stage_text(status.stage))
            layout.operator("clip_head.cancel", icon="X")
        else:
            button = layout.row()
            button.scale_y = 1.5
            button.operator("clip_head.generate", icon="USER")
            layout.operator("clip_head.show_variations", icon="IMGDISPLAY")
            _draw_variations(layout)

        if status.cause:
            _draw_error(layout, context, status)
        elif status.result and not status.running:
            box = layout.box()
            _draw_text(box, context, status.result)
            # A head is small in most scenes, and may stand inside something: from the sidebar to the view beside it.
            box.operator_context = "INVOKE_REGION_WIN"
            box.operator("view3d.view_selected", text="Look at It", icon="ZOOM_SELECTED")


class CLIP_HEAD_PT_skin(bpy.types.Panel):
    """Another skin on the active head, whoever made its shape."""

    bl_idname = "CLIP_HEAD_PT_skin"
    bl_label = "Skin of the Active Head"
    bl_parent_id = CLIP_HEAD_PT_sidebar.bl_idname
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "CLIP-Head"

    def draw(self, context: bpy.types.Context) -> None:
        """The words, then what there is to do with a head of ours and with the artist's own."""
        layout = self.layout
        settings = context.scene.clip_head
        fields = layout.column()
        fields.enabled = not context.window_manager.clip_head_status.running
        fields.prop(settings, "look", text="", placeholder="a man with joker makeup")
        fields.prop(settings, "negative", text="", icon="REMOVE", placeholder="Not on the skin")
        fields.prop(settings, "strength", slider=True)
        mask = fields.row(align=True)
        mask.prop(settings, "mask")
        mask.operator("clip_head.paint_mask", text="", icon="BRUSH_DATA")
        fields.operator("clip_head.new_skin", icon="BRUSHES_ALL")
        fields.operator("clip_head.texture_this", icon="MOD_UVPROJECT")


class CLIP_HEAD_PT_asset(bpy.types.Panel):
    """Files and movement of the active head, where it is an asset."""

    bl_idname = "CLIP_HEAD_PT_asset"
    bl_label = "Asset of the Active Head"
    bl_parent_id = CLIP_HEAD_PT_sidebar.bl_idname
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "CLIP-Head"

    def draw(self, context: bpy.types.Context) -> None:
        """Words for its expression, then a button for each; grey where no asset is active."""
        column = self.layout.column()
        column.enabled = not context.window_manager.clip_head_status.running
        column.prop(context.scene.clip_head, "new_expression", text="", placeholder="angry but crying")
        column.operator("clip_head.change_expression", icon="MONKEY")
        library = column.column()
        library.enabled = bpy.ops.clip_head.apply_pose.poll()
        # Its pictures are loaded here, when an artist first opens the panel.
        library.template_icon_view(context.scene, "clip_head_pose", show_labels=True, scale=5.0, scale_popup=4.0)
        column.operator_menu_enum("clip_head.apply_pose", "pose", icon="ARMATURE_DATA")
        column.operator("clip_head.mark_poses", icon="ASSET_MANAGER")
        column.separator()
        shape = column.row(align=True)
        shape.prop(context.scene.clip_head, "new_shape", text="", placeholder="a bigger nose")
        shape.prop(context.scene.clip_head, "shape_strength", text="", slider=True)
        column.operator("clip_head.change_shape", icon="MOD_SIMPLEDEFORM")
        column.separator()
        column.operator("clip_head.reroll", icon="FILE_REFRESH")
        mix = column.row(align=True)
        mix.prop(context.scene.clip_head, "mix", slider=True)
        mix.operator("clip_head.mix", text="Mix", icon="MOD_VERTEX_WEIGHT")
        column.operator("clip_head.add_raw_surface", icon="MESH_DATA")
        column.separator()
        column.operator("clip_head.add_rigify_face", icon="OUTLINER_OB_ARMATURE")
        sculpt = column.row(align=True)
        sculpt.operator("clip_head.add_sculpt_detail", icon="MOD_MULTIRES")
        sculpt.operator("clip_head.bake_sculpt_maps", text="", icon="RENDER_STILL")
        column.separator()
        column.prop(context.scene.clip_head, "new_hair", text="", placeholder="a long red plait")
        column.operator("clip_head.change_hair", icon="OUTLINER_OB_CURVES")
        column.row(align=True).operator_enum("clip_head.show_hair", "shown")
        column.separator()
        column.operator("clip_head.mark_head", icon="ASSET_MANAGER")
        column.operator("clip_head.export", icon="EXPORT")
        column.operator("clip_head.import_performance", icon="IMPORT")
        column.operator("clip_head.demonstration", icon="PLAY")


class CLIP_HEAD_PT_history(bpy.types.Panel):
    """The heads of this file, with what can be done with each."""

    bl_idname = "CLIP_HEAD_PT_history"
    bl_label = "Heads in This File"
    bl_parent_id = CLIP_HEAD_PT_sidebar.bl_idname
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "CLIP-Head"
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        """A row for each: a button that selects it, its words back into the panel, and away with it."""
        column = self.layout.column(align=True)
        column.enabled = not context.window_manager.clip_head_status.running
        heads = heads_of_file()
        if not heads:
            column.label(text="None yet")
        for collection in heads:
            row = column.row(align=True)
            row.operator("clip_head.select_head", text=collection.name, translate=False).collection = collection.name
            row.operator("clip_head.restore_words", text="", icon="LOOP_BACK").collection = collection.name
            row.operator("clip_head.remove_head", text="", icon="TRASH").collection = collection.name


def _draw_variations(layout: bpy.types.UILayout) -> None:
    """The pictures of the last variations in rows of four, each above a button that makes its head."""
    if Gallery.shown is None:
        return
    grid = layout.grid_flow(row_major=True, columns=4, even_columns=True, align=True)
    for seed, icon in zip(Gallery.shown.seeds, Gallery.icons, strict=True):
        cell = grid.column(align=True)
        cell.template_icon(icon, scale=3.5)
        cell.operator("clip_head.make_variation", text=str(seed), translate=False).seed = seed


def _stage_text(stage: str) -> str:
    """What the progress bar says; a stage that is none of _STAGES is a text of its own."""
    if stage not in _STAGES:
        return stage or "Starting"
    return f"{list(_STAGES).index(stage) + 1}/{len(_STAGES)}  {_STAGES[stage]}"


def _draw_error(layout: bpy.types.UILayout, context: bpy.types.Context, status: bpy.types.PropertyGroup) -> None:
    """The last error: its cause and remedy, and where the preferences can mend it, a button that opens them."""
    box = layout.box()
    row = box.row()
    row.alert = True
    row.label(text="No head was made", icon="ERROR")
    _draw_text(box, context, status.cause)
    _draw_text(box, context, status.remedy)
    if status.installation:
        box.operator("preferences.addon_show", text="Open Preferences", icon="PREFERENCES").module = _ADDON
        box.operator("clip_head.set_up", icon="IMPORT")
    box.operator("clip_head.copy_report", icon="COPYDOWN")


def _draw_text(layout: bpy.types.UILayout, context: bpy.types.Context, text: str) -> None:
    """Whole sentences in a narrow panel: one label for each line that fits."""
    # About the mean width of a letter in Blender's own font, pixels.
    letter = 6.5 * context.preferences.system.ui_scale
    lines = layout.column(align=True)
    lines.scale_y = 0.8
    for line in textwrap.wrap(text, max(16, int((context.region.width - 50) / letter))):
        lines.label(text=line, translate=False)


#: What is registered, in this order: parents before their children.
CLASSES = (CLIP_HEAD_PT_sidebar, CLIP_HEAD_PT_skin, CLIP_HEAD_PT_asset, CLIP_HEAD_PT_history)


def register() -> None:
    """Register the panels."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Undo `register`."""
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
