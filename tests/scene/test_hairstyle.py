"""What hair a head wears, as a custom property."""

import json

import bpy
import pytest

from clip_head.core.errors import RequestError
from clip_head.core.types import Hairstyle
from clip_head.scene.hairstyle import HAIRSTYLE, read_hairstyle, write_hairstyle


@pytest.fixture
def obj(scene: bpy.types.Scene) -> bpy.types.Object:
    return bpy.data.objects.new("head", None)


@pytest.mark.parametrize(
    "style", [Hairstyle(), Hairstyle({"bob01": 0.7, "long01": 0.3}, {"full": 1.0}, length=-0.5, part=0.25)]
)
def test_it_is_read_as_it_was_written(style: Hairstyle, obj: bpy.types.Object) -> None:
    write_hairstyle(obj, style)
    assert read_hairstyle(obj) == style
    write_hairstyle(obj, None)
    assert HAIRSTYLE not in obj
    assert read_hairstyle(obj) is None, "as of heads of earlier versions"


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        json.dumps({"hair": ["bob01"]}),
        json.dumps({"hair": {"bob01": "much"}}),
        json.dumps({"length": 5}),
        json.dumps({"height": 0.5}),
        7,
    ],
)
def test_what_anybody_else_wrote_is_an_error_in_words(text: object, obj: bpy.types.Object) -> None:
    obj[HAIRSTYLE] = text
    with pytest.raises(RequestError, match="no hairstyle") as error:
        read_hairstyle(obj)
    assert "Remove it" in error.value.remedy


def test_what_is_null_counts_as_not_there(obj: bpy.types.Object) -> None:
    obj[HAIRSTYLE] = json.dumps({"hair": None, "part": None, "curl": 0.5})
    assert read_hairstyle(obj) == Hairstyle(curl=0.5)
