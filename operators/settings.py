"""What the artist sets (on the scene, saved with it), what the panel shows (on the window manager), preferences."""

# mypy: disable-error-code="valid-type,misc"
# No postponed annotations here: Blender reads the properties from them while it registers the classes.

from pathlib import Path

import bpy

from ..core.client import Worker
from ..core.models import EMBEDDED
from ..core.request import SEEDS
from ..core.types import HeadRequest

#: The add-on's own package, by which Blender knows its preferences.
ADDON = __package__.rpartition(".")[0]

#: Quality -> cells of the extraction grid along the head's height, and pixels along one side of the texture.
QUALITIES = {"DRAFT": (128, 256), "NORMAL": (256, 512), "FINE": (384, 1024)}


class ClipHeadSettings(bpy.types.PropertyGroup):
    """The request, as the artist types it."""

    prompt: bpy.props.StringProperty(
        name="Prompt", description='The head in words, for example "an old man with a big nose, laughing"'
    )
    expression: bpy.props.StringProperty(
        name="Expression", description="Separate words for the expression; empty: the prompt says it too"
    )
    skin: bpy.props.StringProperty(
        name="Skin", description="Separate words for skin, make-up and hair colour; empty: the prompt says them too"
    )
    seed: bpy.props.IntProperty(
        name="Seed",
        description="Picks one person among those the words allow. Same words and seed, same head",
        min=SEEDS[0],
        max=SEEDS[1],
    )
    variation: bpy.props.FloatProperty(
        name="Variation",
        description="How far that person may be from the mean head of the words. 0: the mean head, whatever the seed",
        min=0.0,
        max=1.0,
        default=1.0,
        subtype="FACTOR",
    )
    quality: bpy.props.EnumProperty(
        name="Quality",
        description="Size of the texture, and of the raw surface's triangles",
        items=[
            ("DRAFT", "Draft", "A texture of 256 pixels, to try words and seeds"),
            ("NORMAL", "Normal", "A texture of 512 pixels: the balance for most work"),
            ("FINE", "Fine", "A texture of 1024 pixels; takes longer and more memory"),
        ],
        default="NORMAL",
    )

    surface: bpy.props.EnumProperty(
        name="Surface",
        description="What the head is made of",
        items=[
            ("ASSET", "Quads", "Clean quads with eyes, teeth and tongue, the 52 ARKit shape keys and an armature"),
            ("RAW", "Raw", "The surface as the neural model gives it, in triangles, with one shape key"),
        ],
        default="ASSET",
    )

    negative: bpy.props.StringProperty(
        name="Not", description='Words for what the skin must not show, for example "beard, wrinkles"'
    )
    new_expression: bpy.props.StringProperty(
        name="New Expression", description='The active head\'s new expression in words, for example "angry but crying"'
    )
    new_shape: bpy.props.StringProperty(
        name="New Shape",
        description='What is to change about the active head\'s shape, for example "a bigger nose", "older"',
    )
    shape_strength: bpy.props.FloatProperty(
        name="Strength",
        description="How far the words for the shape move it: 1 as they say, 0.5 half of it, 2 twice",
        min=-2.0,
        max=2.0,
        default=1.0,
        subtype="FACTOR",
    )
    new_hair: bpy.props.StringProperty(
        name="New Hair",
        description='What is to change about the active head\'s hair, beard or brows, for example "a long red plait", '
        '"messier", "no beard", "pink streaks"',
    )
    mix: bpy.props.FloatProperty(
        name="Mix",
        description="Where between the active head (0) and the other selected one (1) a new one lies",
        min=0.0,
        max=1.0,
        default=0.5,
        subtype="FACTOR",
    )
    look: bpy.props.StringProperty(
        name="Look", description='The new skin in words, for example "a man with joker makeup"'
    )
    strength: bpy.props.FloatProperty(
        name="Strength",
        description="How much of the skin changes. 0: nothing; 1: painted anew, without a look at the old one",
        min=0.0,
        max=1.0,
        default=1.0,
        subtype="FACTOR",
    )
    mask: bpy.props.PointerProperty(
        name="Mask",
        type=bpy.types.Image,
        description="An image in the head's UV: where it is white, the skin may change; where it is black, it stays. "
        "Empty: everywhere",
    )

    def request(self) -> HeadRequest:
        """These settings as the request that the pipeline serves."""
        resolution, texture_size = QUALITIES[self.quality]
        words = (self.prompt, self.expression, self.skin)
        return HeadRequest(
            *words, self.seed, resolution, texture_size, self.variation, self.negative, self.surface.lower()
        )


class ClipHeadStatus(bpy.types.PropertyGroup):
    """What the panel shows of the present job and of the last one."""

    running: bpy.props.BoolProperty(options={"SKIP_SAVE"})
    stage: bpy.props.StringProperty(options={"SKIP_SAVE"})
    fraction: bpy.props.FloatProperty(options={"SKIP_SAVE"})
    cause: bpy.props.StringProperty(options={"SKIP_SAVE"})
    remedy: bpy.props.StringProperty(options={"SKIP_SAVE"})
    installation: bpy.props.BoolProperty(
        options={"SKIP_SAVE"}, description="The error is about the installation, which the preferences can mend"
    )
    details: bpy.props.StringProperty(options={"SKIP_SAVE"}, description="Tracebacks and last words of the last error")
    result: bpy.props.StringProperty(options={"SKIP_SAVE"})
    models: bpy.props.StringProperty(options={"SKIP_SAVE"}, description="What Check Models has found, a line a model")


class ClipHeadPreferences(bpy.types.AddonPreferences):
    """Where the computing happens, for every file."""

    bl_idname = ADDON

    python: bpy.props.StringProperty(
        name="Python Environment",
        description="The Python that computes, such as .venv/bin/python made by ./run. "
        "Empty: Blender's own, with the libraries that the extension's zip brings. Set Up fills it in",
        subtype="FILE_PATH",
    )
    models: bpy.props.StringProperty(
        name="Models",
        description="Folder with text, mapping, nphm and texture models. Empty: those shipped with CLIP-Head",
        subtype="DIR_PATH",
    )
    idle_minutes: bpy.props.FloatProperty(
        name="Keep Ready (Minutes)",
        description="How long the models stay in memory after a head, so that the next one starts at once",
        default=10.0,
        min=0.1,
        soft_max=120.0,
    )

    def draw(self, context: bpy.types.Context) -> None:
        """The settings, each with what can be done about it, and what was found."""
        status = context.window_manager.clip_head_status
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "python")
        libraries = layout.row()
        libraries.operator("clip_head.check_libraries", icon="VIEWZOOM")
        libraries.operator("clip_head.set_up", icon="IMPORT")
        libraries.operator("clip_head.copy_report", icon="COPYDOWN")
        if status.running:
            row = layout.row()
            row.progress(factor=status.fraction, type="BAR", text=status.stage or "Starting")
            row.operator("clip_head.cancel", text="", icon="X")
        for text in (status.cause, status.remedy) if status.cause else (status.result,):
            if text and not status.running:
                layout.label(text=text, icon="ERROR" if status.cause else "INFO", translate=False)
        layout.separator()
        layout.prop(self, "models")
        layout.operator("clip_head.check_models", icon="VIEWZOOM")
        for line in status.models.splitlines():
            layout.label(text=line, translate=False)
        layout.separator()
        layout.prop(self, "idle_minutes")


def worker_from_preferences(context: bpy.types.Context) -> Worker:
    """A worker (not started yet) as the add-on's preferences describe it."""
    addon = context.preferences.addons.get(ADDON)
    if addon is None:  # registered by hand, without preferences
        return Worker()
    preferences = addon.preferences
    python = bpy.path.abspath(preferences.python)
    models = Path(bpy.path.abspath(preferences.models)) if preferences.models else EMBEDDED
    return Worker(python, models, preferences.idle_minutes * 60.0)


#: What is registered, in this order.
CLASSES = (ClipHeadSettings, ClipHeadStatus, ClipHeadPreferences)


def register() -> None:
    """Register the classes and hang them where the panel and the operators find them."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.clip_head = bpy.props.PointerProperty(type=ClipHeadSettings)
    bpy.types.WindowManager.clip_head_status = bpy.props.PointerProperty(type=ClipHeadStatus)


def unregister() -> None:
    """Undo `register`."""
    del bpy.types.WindowManager.clip_head_status
    del bpy.types.Scene.clip_head
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
