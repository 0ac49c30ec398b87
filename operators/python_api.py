"""CLIP-Head for Python: a head is made, painted anew and written to files, in a script or in Blender's console.

    import clip_head
    head = clip_head.generate("an old man with a big nose, laughing", seed=3)
    clip_head.export(clip_head.edit(head, "joker makeup"), "joker.fbx")

The heads are plain data (core/types.py). What computes is a process of its own, as behind the panel; where several
heads are made, one `Worker` for all saves loading the models each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.client import Worker
from ..core.errors import OutputError
from ..core.request import check_edit, check_request
from ..core.types import Canvas, Edit, Floats, Head, HeadRequest, Progress, no_progress

if TYPE_CHECKING:
    import bpy


def generate(prompt: str, worker: Worker | None = None, progress: Progress = no_progress, **fields: Any) -> Head:
    """Make the head that the words describe.

    prompt: the words.
    worker: computes it, and stays; None: a process of its own, on the shipped models, that ends with this call.
    progress: is told the stages; what it raises ends the work.
    fields: of HeadRequest: expression, skin, seed, texture_size, variation, negative, surface, resolution.
    Raises ClipHeadError, whose `cause` and `remedy` are for people; TypeError for a field that there is not.
    """
    request = HeadRequest(prompt=prompt, **fields)
    check_request(request)
    with _working(worker) as used:
        return used.run_job(request, progress)


def edit(
    head: Head,
    words: str,
    strength: float = 1.0,
    mask: Floats | None = None,
    worker: Worker | None = None,
    progress: Progress = no_progress,
) -> Head:
    """Paint a head anew; its shape, expression, parts and UV stay.

    head: of `generate`.
    words: for the skin.
    strength: how much changes, 0 to 1.
    mask (S, S): 1 where it may change, in the head's UV, row 0 on top; None: everywhere.
    worker, progress, errors: as of `generate`.
    """
    request = replace(head.request, skin=words)
    check_request(request)
    hairstyle = head.asset.hairstyle if head.asset else None
    canvas = Canvas(head.mesh, head.latents, Edit(head.textures.albedo, strength, mask), head.skin_tone, hairstyle)
    check_edit(canvas.edit)
    with _working(worker) as used:
        painted = used.run_job(request, progress, canvas=canvas)
    images = head.part_images | painted.part_images
    return replace(head, request=request, textures=painted.textures, part_images=images, skin_tone=painted.skin_tone)


def export(head: Head, path: str | Path, preset: str = "", level: int = 0) -> Path:
    """Write a head to a file for other programs, or to a .blend; what is open in Blender stays as it is.

    head: of `generate` or `edit`.
    path: its ending is the format: .glb, .fbx, .usdc, .abc, .obj or .blend; a raw surface has .glb and .blend alone.
    preset: the program that will read it (scene/asset_presets.json); empty for none in particular.
    level: of detail, 0 the finest.
    Returns the path. Raises OutputError for another ending, or where nothing can be written.
    """
    # Imported here: Blender as a module takes a second to load.
    import bpy

    from ..scene import add_head, save_glb
    from ..scene.asset_export import export_asset

    path = Path(path)
    if not path.parent.is_dir():
        raise OutputError(f"There is no folder {path.parent}.", "Make it first, or name another.")
    with _only_for_now():
        collection = add_head(head, bpy.context.scene, level)
        if path.suffix.lower() == ".blend":
            bpy.data.libraries.write(str(path.absolute()), {collection}, fake_user=True)
        elif head.asset is not None:
            export_asset(path, collection, preset)
        elif path.suffix.lower() == ".glb":
            save_glb(path, collection)
        else:
            raise OutputError(f"A raw surface cannot be written as {path.name}.", "End its name with .glb or .blend.")
    return path


@contextmanager
def _working(worker: Worker | None) -> Iterator[Worker]:
    """The worker that is given, which stays, or one for now."""
    if worker is not None:
        yield worker
        return
    with Worker() as own:
        yield own


@contextmanager
def _only_for_now() -> Iterator[None]:
    """Afterwards remove from Blender's open file whatever came into it meanwhile."""
    import bpy

    before: set[bpy.types.ID] = set(bpy.data.user_map())
    active = bpy.context.view_layer.objects.active
    selected = [obj for obj in bpy.context.view_layer.objects if obj.select_get()]
    try:
        yield
    finally:
        bpy.data.batch_remove(set(bpy.data.user_map()) - before)
        bpy.context.view_layer.objects.active = active
        for obj in selected:
            obj.select_set(True)
