"""Contact sheets to look through: 48 prompts, and 23 expressions on two people, finished and rendered.

    python -m training contact_sheet --out out/evaluation

Every head takes the way that everybody's heads take, worker and Blender included. A second call keeps the pictures
that exist.
"""

from __future__ import annotations

import argparse
import textwrap
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw
from tqdm import tqdm

from clip_head.core.client import Worker
from clip_head.core.models import EMBEDDED
from clip_head.core.request import slug
from clip_head.core.types import HeadRequest
from clip_head.training.language.expressions import PHRASES

SIZE = (300, 330)
TURN = 22.0

PROMPTS = (
    "an old man with a big nose, laughing",
    "a young asian woman with a bob, smiling",
    "an african boy with an afro, surprised",
    "a toddler with big ears",
    "a granny with a grey bun, winking",
    "a boxer with a wide jaw and a buzz cut, angry",
    "an elf with pointed ears and long blond hair",
    "a caveman with a heavy brow and a full beard, furious",
    "a wizard with a long white beard",
    "a fat man with a double chin, laughing",
    "a gaunt old woman with hollow cheeks, sad",
    "a punk with a mohawk, sticking the tongue out",
    "a girl with pigtails and freckles, happy",
    "a bald man with a goatee, smirking",
    "a samurai with a topknot, serious",
    "a gangster with slicked back hair, contemptuous",
    "a young man with spiky hair, yawning",
    "a woman with long wavy red hair and full lips",
    "an indian man with a moustache",
    "face of a man smiling with joker makeup",
    "a middle-aged man with a receding hairline, worried",
    "a monk with hair only at the sides, sleeping",
    "a young african woman with braids, laughing",
    "a chinese grandfather with small eyes, happy",
    "a man with a hooked nose and a prominent chin",
    "a man with a small nose and a receding chin",
    "a woman with a long face and thin lips, disgusted",
    "a woman with a round face and chubby cheeks, kissing",
    "an alien with a long skull and big eyes",
    "a man with protruding ears and a thin neck",
    "a man with a thick neck and a crew cut, grimacing",
    "a teenage girl with a ponytail, pouting",
    "a young man with stubble and curly hair",
    "an old african woman with an afro, smiling",
    "an asian man with short black hair, surprised",
    "a scandinavian woman with blond braids, crying",
    "a man with a side part and a moustache, whistling",
    "a woman with upturned eyes and high cheekbones",
    "a man with droopy eyes and bags under the eyes, sad",
    "a witch with a very long hooked nose, laughing",
    "a man with a slightly big nose",
    "a man with a very big nose",
    "a child with a very small nose and round eyes, fearful",
    "an old man with white hair and a full beard, laughing",
    "a zombie, screaming",
    "a marble statue of a bearded man",
    "a young woman with smoky eyes and red lipstick",
    "a man with an upturned nose, puffing the cheeks",
)
PEOPLE = ("a young african woman with short hair", "an old caucasian man with a big nose")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--models", type=Path, default=EMBEDDED)
    parser.add_argument("--out", type=Path, default=Path("out/evaluation"))
    parser.add_argument("--resolution", type=int, default=192)
    parser.add_argument("--texture-size", type=int, default=512)
    parser.add_argument("--fresh", action="store_true", help="make pictures that exist again")


def run(args: argparse.Namespace) -> None:
    """Make prompts.jpg and expressions.jpg."""
    expressions = [(f"{who}, {name}", HeadRequest(who, name)) for who in PEOPLE for name in PHRASES]
    with Worker(models=args.models) as worker:
        write_sheet(args, worker, "prompts", [(prompt, HeadRequest(prompt)) for prompt in PROMPTS], 8)
        write_sheet(args, worker, "expressions", expressions, len(PHRASES))


def write_sheet(
    args: argparse.Namespace, worker: Worker, name: str, heads: list[tuple[str, HeadRequest]], columns: int
) -> None:
    """NAME.jpg: a picture of every head with its caption, row by row."""
    folder = args.out / name
    folder.mkdir(parents=True, exist_ok=True)
    tiles = []
    for caption, request in tqdm(heads, desc=name):
        path = folder / f"{slug(caption)}.png"
        if args.fresh or not path.is_file():
            request = replace(request, resolution=args.resolution, texture_size=args.texture_size)
            picture_of(worker, request, path)
        tiles.append(captioned(path, caption))
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * tiles[0].width, rows * tiles[0].height))
    for place, tile in enumerate(tiles):
        sheet.paste(tile, (place % columns * tile.width, place // columns * tile.height))
    sheet.save(args.out / f"{name}.jpg", quality=85)


def picture_of(worker: Worker, request: HeadRequest, path: Path) -> None:
    """Make the head and render it, slightly turned."""
    head = worker.run_job(request)
    # Imported here: Blender as a module takes a second to load.
    from clip_head.scene import picture_head

    picture_head(head, path, SIZE, (TURN,))


def captioned(path: Path, caption: str) -> Image.Image:
    """The picture with its caption below."""
    with Image.open(path) as picture:
        tile = Image.new("RGB", (SIZE[0], SIZE[1] + 2 * 14 + 4), "white")
        tile.paste(picture.convert("RGB"), (0, 0))
    for line, text in enumerate(textwrap.wrap(caption, 50)[:2]):
        ImageDraw.Draw(tile).text((4, SIZE[1] + 2 + 13 * line), text, fill="black")
    return tile
