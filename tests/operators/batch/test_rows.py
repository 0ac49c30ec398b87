"""Rows of a batch: what a table, lines of JSON and lines of text say, and what they say wrongly."""

import io
from pathlib import Path

import pytest

from clip_head.core.errors import RequestError
from clip_head.operators.batch.rows import Row, RowParser, read_rows
from clip_head.operators.command_line import add_head_arguments


def parser() -> RowParser:
    return add_head_arguments(RowParser(prog="./run"), "./run")


def rows_of(tmp_path: Path, name: str, text: str, *defaults: str) -> list[Row]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_rows(str(path), io.StringIO(), parser(), defaults)


def parsed(row: Row):
    assert row.error is None
    return parser().parse_args(list(row.arguments))


def test_text(tmp_path: Path) -> None:
    first, second = rows_of(
        tmp_path, "rows.txt", "# people\n\nan old man, laughing\n  a bob --seed 3 --skin 'gold dust'\n"
    )
    assert parsed(first).prompt == "an old man, laughing"
    assert parsed(second).prompt == "a bob" and parsed(second).seed == 3 and parsed(second).skin == "gold dust"


def test_table(tmp_path: Path) -> None:
    text = 'prompt;seed;texture_size;no-render;export;name\n"a man;\n old";7;256;yes;fbx;anna\na woman;;;no;;\n'
    first, second = rows_of(tmp_path, "rows.csv", "\ufeff" + text)
    options = parsed(first)
    assert (options.prompt, options.seed, options.texture_size) == ("a man;\n old", 7, 256)
    assert options.no_render and options.export == ["fbx"] and first.folder == "anna"
    assert parsed(second).seed is None and not parsed(second).no_render


def test_lines_of_json(tmp_path: Path) -> None:
    text = '{"prompt": "-- a man", "seed": 7, "export": ["fbx", "obj"], "no_render": true}\n"ein Mädchen"\n'
    first, second = rows_of(tmp_path, "rows.jsonl", text)
    assert parsed(first).prompt == "-- a man" and parsed(first).export == ["fbx", "obj"] and parsed(first).no_render
    assert parsed(second).prompt == "ein Mädchen"


def test_standard_input_is_text_or_json() -> None:
    assert read_rows("-", io.StringIO("a man\n"), parser(), ())[0].prompt == "a man"
    assert read_rows("-", io.StringIO('{"prompt": "a man"}\n'), parser(), ())[0].prompt == "a man"


def test_defaults_hold_unless_a_row_says_otherwise(tmp_path: Path) -> None:
    first, second = rows_of(tmp_path, "rows.txt", "a man\na woman --seed 2\n", "--seed", "5", "--no-render")
    assert parsed(first).seed == 5 and parsed(second).seed == 2 and parsed(second).no_render


def test_equal_rows_are_one_head_and_others_are_not(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "rows.txt", "a man\na man\na man --seed 1\n")
    assert rows[0].folder == rows[1].folder and rows[0].digest == rows[1].digest
    assert rows[2].folder != rows[0].folder
    assert [row.folder for row in rows_of(tmp_path, "other.txt", "a woman\na man\n")][1] == rows[0].folder


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('{"seed": 1}', "no prompt"),
        ('{"prompt": "a man", "sed": 1}', "seed"),
        ('{"prompt": "a man", "seed": "blue"}', "blue"),
        ('{"prompt": "a man", "seed": {"a": 1}}', "seed"),
        ('{"prompt": "a man", "no_render": "perhaps"}', "perhaps"),
        ('{"prompt": "a man", "out": "elsewhere"}', "out"),
        ('{"prompt": "a man", "name": "../../etc"}', "../../etc"),
        ('{"prompt": "a man"', "JSON"),
        ("[" * 100_000, "JSON"),
        ("17", "17"),
    ],
)
def test_a_wrong_row_says_why_and_leaves_the_others(tmp_path: Path, line: str, named: str) -> None:
    wrong, right = rows_of(tmp_path, "rows.jsonl", line + '\n{"prompt": "a woman"}\n')
    assert wrong.error is not None and named in str(wrong.error)
    assert right.error is None


@pytest.mark.parametrize("line", ["a man --skin 'open", "a man --out elsewhere", "a man --overwrite", "a man --seed"])
def test_a_wrong_line_of_text(tmp_path: Path, line: str) -> None:
    wrong, right = rows_of(tmp_path, "rows.txt", f"{line}\na woman\n")
    assert isinstance(wrong.error, RequestError) and right.error is None


def test_a_row_with_too_many_cells(tmp_path: Path) -> None:
    wrong, right = rows_of(tmp_path, "rows.csv", "prompt,seed\nan old man, laughing,3\na man,1\n")
    assert wrong.error is not None and "3 cells" in str(wrong.error) and right.error is None


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("rows.txt", "# nothing\n", "no rows"),
        ("rows.xlsx", "a man\n", ".xlsx"),
        ("rows.csv", "words,seed\na man,1\n", "prompt"),
        ("rows.csv", "prompt,name\na man,anna\na woman,Anna\n", "Anna"),
    ],
)
def test_a_wrong_file(tmp_path: Path, name: str, text: str, named: str) -> None:
    with pytest.raises(RequestError, match=named):
        rows_of(tmp_path, name, text)


def test_a_file_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"none\.txt"):
        read_rows(str(tmp_path / "none.txt"), io.StringIO(), parser(), ())
    (tmp_path / "rows.txt").write_bytes(b"ein M\xe4dchen\n")
    with pytest.raises(RequestError, match="UTF-8"):
        read_rows(str(tmp_path / "rows.txt"), io.StringIO(), parser(), ())
