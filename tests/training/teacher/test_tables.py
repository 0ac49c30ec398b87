"""Tables of data: what is missing or misspelt is named, and the tables agree with each other."""

import json
from pathlib import Path

import pytest

from clip_head.core.errors import ClipHeadError
from clip_head.training.teacher.beards import read_beards
from clip_head.training.teacher.expressions import read_expressions
from clip_head.training.teacher.hair_styles import HAIRLINES, STYLES, read_hair_styles
from clip_head.training.teacher.hair_volumes import VOLUMES
from clip_head.training.teacher.identities import BUMPS, SHAPES, read_shapes
from clip_head.training.teacher.tables import as_tuples, read_table
from clip_head.training.teacher.template import read_regions


def written(folder: Path, table: object) -> Path:
    path = folder / "table.json"
    path.write_text(json.dumps(table), encoding="utf-8")
    return path


def test_sections_are_read_and_others_are_named(tmp_path):
    path = written(tmp_path, {"one": [1], "two": {}})
    assert read_table(path, ("one", "two")) == {"one": [1], "two": {}}
    with pytest.raises(ClipHeadError, match=r"table.json.*missing keys \['three'\].*unknown keys \['two'\]"):
        read_table(path, ("one", "three"))


def test_lists_become_tuples_at_any_depth():
    assert as_tuples({"a": [[1, 2], "b", {"c": [3]}]}) == {"a": ((1, 2), "b", {"c": (3,)})}


@pytest.mark.parametrize(
    ("read", "table", "culprit"),
    [
        (read_expressions, {"happy": {"both_sides": {"mouthSmile": 1.0}, "jawOpen": 0.5}}, "jawOpen"),
        (read_hair_styles, {"styles": {"bob": {"phrases": [], "radius": 1}}, "hairlines": {}}, "radius"),
        (read_hair_styles, {"styles": {}, "hairlines": {"full": {}}}, "profile"),
        (read_shapes, {"shapes": {"jaw": {"more": []}}, "bumps": {}, "trends": {}}, "strength"),
        (read_beards, {"beards": {"goatee": ["goatee"]}, "area": []}, "stubble"),
        (read_regions, {"regions": {"nose": {"targets": []}}, "landmarks": {}}, "threshold"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, read, table, culprit):
    with pytest.raises(ClipHeadError, match=culprit):
        read(written(tmp_path, table))


def test_a_trend_of_no_shape_is_named(tmp_path):
    table = {"shapes": {}, "bumps": {}, "trends": {"age": {"wrinkles": 1.0}, "weight": {}, "gender": {}}}
    with pytest.raises(ClipHeadError, match="wrinkles"):
        read_shapes(written(tmp_path, table))


def test_both_sides_become_left_and_right(tmp_path):
    table = {"wink": {"both_sides": {"mouthSmile": 0.8}, "single": {"eyeBlinkLeft": 1.0}}}
    assert read_expressions(written(tmp_path, table)) == {
        "wink": {"mouthSmileLeft": 0.8, "mouthSmileRight": 0.8, "eyeBlinkLeft": 1.0}
    }


def test_the_tables_name_what_exists():
    own = {name for shape in SHAPES.values() for name in (*shape.more, *shape.less) if name.startswith("own/")}
    assert own == set(BUMPS)
    assert {recipe.hairline for recipe in STYLES.values()} == set(HAIRLINES)
    assert set(VOLUMES) <= set(STYLES)
