"""Files of an asset for other programs, by Blender's own exporters with the settings of asset_presets.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import addon_utils
import bpy

from ..core.errors import OutputError
from .asset_action import frame_range
from .asset_names import named_as
from .hair_export import hair_to_write
from .hair_usd import write_groom_attributes
from .head import head_object
from .raw_surface import RAW
from .rigify_follow import own_armature_moves

_TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("asset_presets.json").read_text(encoding="utf-8"))
#: Suffix of a file -> its exporter and the settings that every preset starts from.
_FORMATS: dict[str, Any] = _TABLE["formats"]
#: Name of a program -> the suffix of the files that it reads best, and its own settings.
PRESETS: dict[str, Any] = _TABLE["presets"]
#: Suffixes of other names for a format.
_ALIASES = {".usdc": ".usd", ".usda": ".usd"}


def export_asset(path: Path, collection: bpy.types.Collection, preset: str = "") -> int:
    """Write the asset of `collection` to `path`, with whatever action its head has.

    path: its suffix is the format's: .glb, .fbx, .usd (.usdc, .usda), .abc or .obj. Pictures go into the file,
        or beside it where the format has no place for them.
    collection: of `add_asset`, in the scene that is open. Strands of hair are written as hair_to_write says.
    preset: one of PRESETS, the program that will read it; empty for none in particular.

    Returns how many meshes the file holds.
    Raises OutputError for a format or preset that there is not, or where Blender cannot write.
    """
    suffix = path.suffix.lower()
    entry = _format(path, suffix)
    settings = entry["settings"] | _preset_settings(preset, suffix, path) | _timing(collection, suffix)
    if "addon" in entry:
        addon_utils.enable(entry["addon"])
    package, name = entry["operator"].split(".")
    operator = getattr(getattr(bpy.ops, package), name)
    try:
        known = operator.get_rna_type().properties.keys()
    except KeyError as error:  # some builds of Linux distributions have no USD or Alembic
        raise OutputError(
            f"This Blender was built without what writes {suffix} files.",
            "Choose another format, or take Blender from blender.org.",
        ) from error
    chosen = {key: set(value) if isinstance(value, list) else value for key, value in settings.items() if key in known}
    try:
        with (
            _without_raw_surface(collection),
            hair_to_write(collection, suffix) as whole,
            own_armature_moves(whole),
            _plain_names(whole),
            named_as(PRESETS[preset].get("names", "") if preset else "", whole),
            _performing(collection, whole),
        ):
            if suffix == ".obj":
                _write_pictures(path.parent, whole)
            meshes = sum(obj.type == "MESH" for obj in whole.objects)
            operator(filepath=str(path.absolute()), check_existing=False, collection=whole.name, **chosen)
        if not path.is_file():  # of some exporters that is the only sign
            raise OSError("Blender wrote none")
        if _ALIASES.get(suffix, suffix) == ".usd":
            _finish_usd(path, collection)
    except (OSError, RuntimeError) as error:
        raise OutputError(
            f"{path} cannot be written ({str(error).strip().splitlines()[-1]}).",
            "Choose a folder that may be written to, with room on its disk.",
        ) from error
    return meshes


def _format(path: Path, suffix: str) -> dict[str, Any]:
    """The entry of the format. Raises OutputError where there is none."""
    name = _ALIASES.get(suffix, suffix)
    if name not in _FORMATS:
        raise OutputError(
            f"{path} has the ending {suffix!r}, which is no format that assets are written in.",
            f"End its name with one of {', '.join((*_FORMATS, *_ALIASES))}.",
        )
    return dict(_FORMATS[name])


def _preset_settings(preset: str, suffix: str, path: Path) -> dict[str, Any]:
    """What the preset sets beside the format's own settings. Raises OutputError where it is unknown or unfit."""
    if not preset:
        return {}
    if preset not in PRESETS:
        raise OutputError(f"There is no preset {preset!r}.", f"Choose one of {', '.join(PRESETS)}.")
    wanted = PRESETS[preset]["suffix"]
    if suffix != wanted:
        raise OutputError(
            f"The preset {preset!r} writes {wanted} files, and {path} is none.", f"End its name with {wanted}."
        )
    return dict(PRESETS[preset]["settings"])


def _timing(collection: bpy.types.Collection, suffix: str) -> dict[str, Any]:
    """The exporter's settings of time: the frames of the head's action, or none where it stands still."""
    frames = frame_range(collection)
    moves = frames is not None
    first, last = frames or (bpy.context.scene.frame_current,) * 2
    if suffix == ".abc":
        return {"start": first, "end": last}
    return {"bake_anim": moves, "export_animations": moves} | ({} if suffix == ".obj" else {"export_animation": moves})


@contextmanager
def _without_raw_surface(collection: bpy.types.Collection) -> Iterator[None]:
    """Meanwhile leave the raw surface out of the collection, from which exporters take all that there is."""
    surfaces = [obj for obj in collection.objects if RAW in obj]
    for obj in surfaces:
        collection.objects.unlink(obj)
    try:
        yield
    finally:
        for obj in surfaces:
            collection.objects.link(obj)


@contextmanager
def _plain_names(collection: bpy.types.Collection) -> Iterator[None]:
    """Meanwhile call the armature, the parts and their materials as those of the first head in a file.

    Other programs go by these names: to Unreal an "Armature" is no bone, an "Armature.001" is one.
    """
    parts = [obj for obj in collection.objects if obj.type in ("ARMATURE", "MESH")]
    owners = [(bpy.data.objects, obj) for obj in parts]
    owners += [(bpy.data.meshes if obj.type == "MESH" else bpy.data.armatures, obj.data) for obj in parts]
    owners += [(bpy.data.materials, material) for material in _materials(collection)]
    before = []
    for kind, own in owners:
        plain = re.sub(r"\.\d{3,}$", "", own.name)
        other = kind.get(plain)
        if other != own:
            before += [(block, block.name) for block in (other, own) if block is not None]
            if other is not None:
                other.name = "clip_head meanwhile"
            own.name = plain
    try:
        yield
    finally:
        for block, name in reversed(before):
            block.name = name


@contextmanager
def _performing(collection: bpy.types.Collection, whole: bpy.types.Collection) -> Iterator[None]:
    """Meanwhile let the scene last as long as the head's action, and the other parts' keys have that action, too.

    collection: the asset's; whole: with all parts that are written.

    Exporters that sample every frame take the scene's; the glTF exporter leaves out what has drivers and no action.
    Where something has both, the driver counts.
    """
    frames, scene = frame_range(collection), bpy.context.scene
    if frames is None:
        yield
        return
    before = scene.frame_start, scene.frame_end, scene.frame_current
    source = head_object(collection).data.shape_keys.animation_data
    followers = [
        data
        for obj in whole.objects
        if obj.type == "MESH" and obj.data.shape_keys and (data := obj.data.shape_keys.animation_data)
        if data.action is None
    ]
    scene.frame_start, scene.frame_end = frames
    for data in followers:
        data.action = source.action
        if hasattr(source, "action_slot"):  # from Blender 4.4 on
            data.action_slot = source.action_slot
    try:
        yield
    finally:
        for data in followers:
            data.action = None
        scene.frame_start, scene.frame_end, current = before
        scene.frame_set(current)


def _write_pictures(folder: Path, collection: bpy.types.Collection) -> None:
    """Write the materials' packed pictures into the folder of an .obj, which is where it looks for them."""
    for image in _images(collection):
        if image.packed_file is not None:
            (folder / f"{image.name}.png").write_bytes(image.packed_file.data)


def _finish_usd(path: Path, collection: bpy.types.Collection) -> None:
    """Make of a USD file of Blender's what other programs expect."""
    if hasattr(bpy.utils, "expose_bundled_modules"):
        bpy.utils.expose_bundled_modules()  # Blender as a module hides USD's own from Python
    if find_spec("pxr") is None:  # builds of Linux distributions may lack it: the file stays as it is
        return
    _join_blend_shapes(path, [block.name for block in head_object(collection).data.shape_keys.key_blocks])
    write_groom_attributes(path, collection)


def _join_blend_shapes(path: Path, names: list[str]) -> None:
    """Let the keys of one name on several meshes of a USD file be moved by one weight of that name.

    Blender's exporter numbers them instead, and whoever wants ARKit's names finds no eyeBlinkLeft on the head.

    names: of all keys, in the order in which the file's weights shall stand.
    """
    from pxr import Usd  # Blender's own

    # USD allows letters, digits and underscores; keys of the artist's own may hold others.
    known = {re.sub(r"\W", "_", name): place for place, name in enumerate(names)}
    stage = Usd.Stage.Open(str(path))
    plain: dict[str, str] = {}
    for mesh in stage.Traverse():
        tokens, shapes = mesh.GetAttribute("skel:blendShapes"), mesh.GetRelationship("skel:blendShapeTargets")
        if tokens and tokens.Get() and shapes:
            own = [shape.name for shape in shapes.GetTargets()]
            plain |= dict(zip(tokens.Get(), own, strict=True))
            tokens.Set(own)
    for animation in stage.Traverse():
        if animation.GetTypeName() == "SkelAnimation" and (tokens := animation.GetAttribute("blendShapes")).Get():
            old = [plain.get(token, token) for token in tokens.Get()]
            order = sorted({old.index(name) for name in old}, key=lambda place: known.get(old[place], len(known)))
            tokens.Set([old[place] for place in order])
            weights = animation.GetAttribute("blendShapeWeights")
            for time in weights.GetTimeSamples() or [Usd.TimeCode.Default()]:
                values = weights.Get(time)
                weights.Set([values[place] for place in order], time)
    stage.Save()


def _materials(collection: bpy.types.Collection) -> list[bpy.types.Material]:
    """The materials in the collection, each once."""
    slots = (slot for obj in collection.objects for slot in obj.material_slots)
    return list(dict.fromkeys(slot.material for slot in slots if slot.material is not None))


def _images(collection: bpy.types.Collection) -> list[bpy.types.Image]:
    """The pictures of all materials in the collection, each once."""
    nodes = (node for material in _materials(collection) for node in material.node_tree.nodes)
    return list(dict.fromkeys(node.image for node in nodes if node.type == "TEX_IMAGE" and node.image is not None))
