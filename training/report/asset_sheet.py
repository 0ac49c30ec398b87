"""Eight assets, each with its quads, with its parts in colours of their own, and as it is rendered, to look at.

    python -m training asset_sheet --out out/evaluation

Every head takes the way that everybody's heads take, worker and Blender included. A second call keeps the pictures
that exist.
"""

from __future__ import annotations

import argparse
from colorsys import hsv_to_rgb
from pathlib import Path

import bpy
from PIL import Image
from tqdm import tqdm

from clip_head.core.client import Worker
from clip_head.core.models import EMBEDDED
from clip_head.core.request import slug
from clip_head.core.types import Head, HeadRequest
from clip_head.scene import add_head, head_object, render_preview
from clip_head.scene.export import start_empty_file
from clip_head.scene.preview import asset_parts
from clip_head.training.report.prompts import PROMPTS_OF

#: Width and height of every picture, pixels, and how far heads are turned about the vertical, degrees.
SIZE, TURN = (300, 330), 25.0
#: Width of the lines along the quads' edges, metres, and their colour and that of clay.
LINE, INK, CLAY = 0.0005, (0.02, 0.02, 0.03), (0.55, 0.5, 0.47)
#: Ways to show a head.
WAYS = ("quads", "parts", "rendered")
PROMPTS = PROMPTS_OF["asset_sheet"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"))
    parser.add_argument("--texture-size", type=int, default=512)
    parser.add_argument("--fresh", action="store_true", help="make pictures that exist again")


def run(args: argparse.Namespace) -> None:
    """Make assets.jpg."""
    folder = args.out / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    files = [[folder / f"{slug(prompt)}-{way}.png" for prompt in PROMPTS] for way in WAYS]
    with Worker(models=args.models) as worker:
        for prompt, of_head in tqdm(list(zip(PROMPTS, zip(*files, strict=True), strict=True)), "assets", mininterval=5):
            if args.fresh or not all(file.is_file() for file in of_head):
                head = worker.run_job(HeadRequest(prompt, texture_size=args.texture_size))
                for way, file in zip(WAYS, of_head, strict=True):
                    picture_asset(head, way, file)
    sheet = Image.new("RGB", (SIZE[0] * len(PROMPTS), SIZE[1] * len(WAYS)))
    for row, row_of_files in enumerate(files):
        for column, file in enumerate(row_of_files):
            sheet.paste(Image.open(file), (column * SIZE[0], row * SIZE[1]))
    sheet.save(args.out / "assets.jpg", quality=90)


def picture_asset(head: Head, way: str, path: Path) -> None:
    """Render an asset in one of WAYS, in an empty Blender file: what is open is closed without saving.

    head: with an asset.
    way: how.
    path: the PNG file.
    """
    start_empty_file()
    obj = head_object(add_head(head, bpy.context.scene))
    parts = [obj, *asset_parts(obj)]
    for number, part in enumerate(parts):
        if way == "quads":
            _show_quads(part)
        elif way == "parts":
            hue = (0.08 + 0.618 * number) % 1.0  # the golden section: neighbours differ
            _use(part, _plain(part.name, hsv_to_rgb(hue, 0.15 if number == 0 else 0.65, 0.7)))
    render_preview(obj, path, SIZE, views=(TURN,))


def _show_quads(part: bpy.types.Object) -> None:
    """Clay, with dark lines along the edges of the part's polygons."""
    _use(part, _plain("Clay", CLAY))
    part.data.materials.append(_plain("Ink", INK))
    modifier = part.modifiers.new("Wireframe", "WIREFRAME")
    modifier.thickness, modifier.use_replace, modifier.offset = LINE, False, 1.0
    modifier.material_offset = len(part.data.materials) - 1


def _use(part: bpy.types.Object, material: bpy.types.Material) -> None:
    """Let all of a part show one material."""
    for slot in range(len(part.data.materials)):
        part.data.materials[slot] = material


def _plain(name: str, colour: tuple[float, float, float]) -> bpy.types.Material:
    """A new material of one colour (linear red, green, blue)."""
    material = bpy.data.materials.new(name)
    if material.node_tree is None:  # from Blender 5.0 on every material has nodes and the switch is deprecated
        material.use_nodes = True
    surface = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    surface.inputs["Base Color"].default_value = (*colour, 1.0)
    surface.inputs["Roughness"].default_value = 0.6
    return material
