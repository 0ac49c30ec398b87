"""An asset that is in the file, read as one of two that are mixed."""

from __future__ import annotations

from dataclasses import fields

import bpy

from ..core.errors import RequestError
from ..core.mixture import Mixture, Parent
from ..core.types import ModelCard
from .asset_keys import key_values
from .asset_materials import read_pictures
from .canvas import read_canvas, read_models, read_request
from .preview import asset_parts


def read_mixture(first: bpy.types.Object, second: bpy.types.Object, fraction: float) -> Mixture:
    """Two heads to be mixed, as they are now: codes, skins, pictures, sliders.

    first, second: heads of assets, in Object Mode.
    fraction: 0 for the first, 1 for the second.
    Raises RequestError for one without codes or skin, or whose properties are not as we made them.
    """
    ours, theirs = key_values(first), key_values(second)
    weights = {name: (1 - fraction) * ours[name] + fraction * theirs[name] for name in ours}
    return Mixture(_read_parent(first), _read_parent(second), fraction, weights)


def _read_parent(obj: bpy.types.Object) -> Parent:
    """The head of an asset. Raises RequestError as `read_mixture` does."""
    canvas = read_canvas(obj)
    if canvas.latents is None or canvas.edit is None:
        missing = "codes" if canvas.latents is None else "picture of its skin"
        raise RequestError(
            f"The head {obj.name!r} has no {missing}, so it cannot be mixed.", "Choose one that still has them."
        )
    names = [entry.name for entry in fields(ModelCard)]
    cards = tuple(ModelCard(**{name: card[name] for name in names}) for card in read_models(obj))
    pictures = read_pictures(asset_parts(obj))
    return Parent(
        read_request(obj), canvas.latents, canvas.edit.albedo, pictures, cards, canvas.skin_tone, canvas.hairstyle
    )
