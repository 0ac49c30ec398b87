"""A head as an asset of Blender's Asset Browser: its collection, which is appended or linked whole."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

import bpy

from ..core.errors import OutputError
from .pose_actions import TAG

#: The file, beside a .blend or in a library's folder, in which Blender keeps the catalogues of assets.
CATALOGUES = "blender_assets.cats.txt"
#: Our catalogue's path in it, and its identity: the same in every library, so that several become one.
CATALOGUE_PATH = "CLIP-Head/Heads"
CATALOGUE = str(uuid.uuid5(uuid.NAMESPACE_URL, "clip-head/heads"))
#: How a new file of catalogues begins, as Blender writes it.
_BEGIN = "# This is an Asset Catalog Definition file for Blender.\n\nVERSION 1\n\n"
#: Words of a prompt that are no tags.
_NO_TAGS = frozenset(("a", "an", "the", "with", "and", "of", "in", "on", "his", "her", "who", "is", "no", "not"))
#: How many words become tags at most.
_MOST_TAGS = 12


def mark_head(collection: bpy.types.Collection) -> None:
    """Mark a head as an asset, with its words as description and tags, its licences, and its catalogue.

    One that is marked already is brought up to date.

    collection: of `add_asset`.
    Raises OutputError where the catalogue cannot be written beside the saved file.
    """
    collection.asset_mark()
    facts = collection.asset_data
    prompt = str(collection.get("prompt", collection.name))
    facts.description = prompt
    facts.license = licences_of(collection)
    for tag in [tag for tag in facts.tags if tag.name != TAG]:
        facts.tags.remove(tag)
    for word in (TAG, *tags_of(prompt)):
        facts.tags.new(word, skip_if_exists=True)
    if bpy.data.filepath:
        add_catalogue(Path(bpy.data.filepath).parent)
    facts.catalog_id = CATALOGUE
    if not bpy.app.background:
        collection.asset_generate_preview()


def tags_of(prompt: str) -> list[str]:
    """The words by which a head is looked for.

    prompt: its words, in any language.
    """
    words = re.findall(r"[^\W\d_]+", prompt.lower())
    return [word for word in dict.fromkeys(words) if word not in _NO_TAGS][:_MOST_TAGS]


def licences_of(collection: bpy.types.Collection) -> str:
    """The licences of all models that made a head, each once.

    collection: of `add_asset`; without its property "models" there are none.
    """
    try:
        cards = json.loads(str(collection.get("models", "[]")))
        return "; ".join(dict.fromkeys(str(card["licence"]) for card in cards))
    except (ValueError, TypeError, KeyError):  # the artist's own text in that property
        return ""


def add_catalogue(folder: Path) -> None:
    """Write our catalogue into the folder's file of catalogues, unless it is there.

    folder: of a saved file, or of a library.
    Raises OutputError where that cannot be written.
    """
    path = folder / CATALOGUES
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else _BEGIN
        if CATALOGUE in text:
            return
        line = f"{CATALOGUE}:{CATALOGUE_PATH}:{CATALOGUE_PATH.replace('/', '-')}\n"
        temporary = path.with_name(f"{CATALOGUES}.new")
        temporary.write_text(text + ("" if text.endswith("\n") else "\n") + line, encoding="utf-8")
        temporary.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(
            f"The catalogue of assets in {folder} cannot be written ({error}).",
            "Save the file where you may write; the head is marked as an asset without a catalogue.",
        ) from error
