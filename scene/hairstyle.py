"""What hair an asset wears, kept on its head's object: from it, words change a part and leave the rest."""

from __future__ import annotations

import json
from dataclasses import fields

import bpy

from ..core.errors import RequestError
from ..core.exchange import hairstyle_from_json, hairstyle_to_json
from ..core.foreign_files import parse_json
from ..core.schema import Each, Number, SchemaError, Table, Text
from ..core.types import Hairstyle

#: Custom property of a head's object: a Hairstyle as JSON.
HAIRSTYLE = "hairstyle"
#: What it may hold, for anybody may change it: weights of grooms, and degrees.
_WEIGHTS, _DEGREE = Each(Text(200), Number(0.0, 1.0)), Number(-1.0, 1.0)
_SCHEMA = Table(
    optional={entry.name: _WEIGHTS if entry.default_factory is dict else _DEGREE for entry in fields(Hairstyle)}
)


def write_hairstyle(obj: bpy.types.Object, hairstyle: Hairstyle | None) -> None:
    """Keep what hair a head wears.

    obj: the head.
    hairstyle: None where nobody knows.
    """
    if hairstyle is not None:
        obj[HAIRSTYLE] = json.dumps(hairstyle_to_json(hairstyle))
    elif HAIRSTYLE in obj:
        del obj[HAIRSTYLE]


def read_hairstyle(obj: bpy.types.Object) -> Hairstyle | None:
    """What hair a head wears; None where nobody knows, as of heads of earlier versions.

    obj: the head.
    Raises RequestError where the property is not as `write_hairstyle` left it.
    """
    text = obj.get(HAIRSTYLE)
    if text is None:
        return None
    try:
        values = parse_json(text.encode()) if isinstance(text, str) else text
        _SCHEMA.check(HAIRSTYLE, values)
    except (SchemaError, ValueError) as error:
        raise RequestError(
            f"The property {HAIRSTYLE!r} of {obj.name!r} is no hairstyle ({error}).",
            "Remove it under Object > Custom Properties: the hair is then read from the head's codes.",
        ) from error
    return hairstyle_from_json({name: value for name, value in values.items() if value is not None})
