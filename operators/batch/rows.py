"""The rows of a batch: each becomes a head, by the arguments that the command line would take for it."""

from __future__ import annotations

import argparse
import csv
import difflib
import hashlib
import io
import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO

from ...core.errors import ClipHeadError, RequestError
from ...core.request import slug

#: Columns that are no option of the command line.
_PROMPT, _NAME = "prompt", "name"
#: What a whole batch has, and not a single row.
_NOT_IN_ROWS = frozenset({"out", "overwrite", "models", "debug", "help"})
#: How cells of a table say yes and no to an option without a value.
_YES, _NO = frozenset({"true", "yes", "1", "x"}), frozenset({"false", "no", "0"})


@dataclass(frozen=True)
class Row:
    """One head that is asked for.

    number: of the row, from 1.
    arguments: the command line's, without those for the whole batch.
    prompt: the words; empty where the row has none.
    folder: the name of the head's own folder.
    digest: tells rows with other arguments apart.
    error: why the row cannot be made; None where it can.
    """

    number: int
    arguments: tuple[str, ...]
    prompt: str
    folder: str
    digest: str
    error: ClipHeadError | None = None


class RowParser(argparse.ArgumentParser):
    """The command line's parser for a row: it says what is wrong, and does not end the program."""

    def error(self, message: str) -> NoReturn:
        raise RequestError(f"{message[:1].upper()}{message[1:]}.", "See --help for what a row may say.")


def read_rows(source: str, stream: TextIO, parser: RowParser, defaults: tuple[str, ...]) -> list[Row]:
    """The rows of a file, in its order; those that make no sense with their error.

    source: a .csv, .jsonl or .txt file, or "-" for `stream`.
    stream: standard input.
    parser: of a single head's command line.
    defaults: arguments that hold for every row which does not say otherwise.
    Raises RequestError for a file that cannot be read, has no rows, or gives two heads one name.
    """
    text = stream.read() if source == "-" else _text_of(Path(source))
    ending = Path(source).suffix.lower() if source != "-" else (".jsonl" if text.lstrip()[:1] == "{" else ".txt")
    readers = {".csv": _from_csv, ".jsonl": _from_jsonl, ".txt": _from_text}
    if ending not in readers:
        raise RequestError(f"{source} ends in {ending or 'nothing'!r}.", "Give a .csv, .jsonl or .txt file, or - .")
    options = _options_of(parser)
    rows = [
        _row(number, cells, parser, options, defaults) for number, cells in enumerate(readers[ending](text), start=1)
    ]
    if not rows:
        raise RequestError(f"{source} has no rows.", "Write a line for each head.")
    _check_names(rows)
    return rows


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(f"{path} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from error
    except OSError as error:
        raise RequestError(f"{path} cannot be read ({error.strerror}).", "Name another file.") from error


#: What a row says: option -> value, or the arguments themselves, or why it cannot be read.
_Cells = dict[str, Any] | list[str] | RequestError


def _from_text(text: str) -> Iterator[_Cells]:
    """A prompt a line, and behind it options as on the command line; empty lines and those with # in front are none."""
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            prompt, dashes, options = line.strip().partition(" --")
            try:
                yield [*shlex.split(f"--{options}" if dashes else ""), "--", prompt.strip()]
            except ValueError as error:
                yield RequestError(f"The options of {prompt!r} cannot be read ({error}).", "Close the quotation mark.")


def _from_jsonl(text: str) -> Iterator[_Cells]:
    """An object a line: option -> value; or a prompt alone, in quotation marks."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            yield RequestError(f"Line {number} is no JSON ({error}).", 'Write {"prompt": "a man"}.')
            continue
        if isinstance(value, (dict, str)):
            yield {_PROMPT: value} if isinstance(value, str) else value
        else:
            yield RequestError(f"Line {number} is {line.strip()[:40]}.", 'Write an object: {"prompt": "a man"}.')


def _from_csv(text: str) -> Iterator[_Cells]:
    """A table whose first line names the options; an empty cell says nothing."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip() for name in next(table, [])]
    if _PROMPT not in header:
        raise RequestError(
            f"The table's first line is {first[:60]!r}.", "Let it name the columns, one of which is prompt."
        )
    for cells in table:
        if len(cells) > len(header):
            yield RequestError(
                f"{cells[0][:40]!r} has {len(cells)} cells, and the table {len(header)} columns.",
                "Put cells with a comma in quotation marks.",
            )
        elif any(cell.strip() for cell in cells):
            yield {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}


def _options_of(parser: argparse.ArgumentParser) -> dict[str, argparse.Action]:
    """The options that a row may have, by the name of a column."""
    return {
        flag.removeprefix("--"): action
        for action in parser._actions
        for flag in action.option_strings
        if flag.startswith("--") and action.dest not in _NOT_IN_ROWS
    }


def _row(
    number: int,
    cells: _Cells,
    parser: RowParser,
    options: dict[str, argparse.Action],
    defaults: tuple[str, ...],
) -> Row:
    """A row, read and parsed."""
    name, arguments = "", []
    try:
        if isinstance(cells, RequestError):
            raise cells
        if isinstance(cells, dict):
            name = _name_of(cells.get(_NAME))
            arguments = _arguments(cells, options)
        else:
            arguments = cells
        arguments = [*defaults, *arguments]
        parsed = parser.parse_args(arguments)
        for key in sorted(_NOT_IN_ROWS & vars(parsed).keys()):
            if getattr(parsed, key) != parser.get_default(key):
                raise RequestError(f"--{key} is for the whole batch.", "Give it on the command line, not in a row.")
    except ClipHeadError as error:
        prompt = str(cells.get(_PROMPT, "")) if isinstance(cells, dict) else "".join(arguments[-1:])
        return Row(number, tuple(arguments), prompt[:200], "", "", error)
    digest = hashlib.sha256(json.dumps(arguments).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    folder = name or f"{slug(parsed.prompt)}-{digest[:8]}"
    return Row(number, tuple(arguments), parsed.prompt, folder, digest)


def _name_of(name: Any) -> str:
    """The folder that a row asks for, or nothing. Raises RequestError for what is no name of one folder."""
    if name is None or name == "":
        return ""
    if not isinstance(name, str) or slug(name).casefold() != name.casefold():
        raise RequestError(f"The name {name!r} is no plain folder's name.", "Use letters, digits and single dashes.")
    return name


def _arguments(cells: dict[str, Any], options: dict[str, argparse.Action]) -> list[str]:
    """The arguments that say what the cells say."""
    prompt = cells.get(_PROMPT)
    if not isinstance(prompt, str) or not prompt.strip():
        raise RequestError("The row has no prompt.", "Describe a head in the column prompt.")
    arguments = []
    for key, value in cells.items():
        option = str(key).replace("_", "-")
        if key in (_PROMPT, _NAME) or value is None:
            continue
        if option not in options:
            close = difflib.get_close_matches(option, options, n=1)
            raise RequestError(
                f"A row has no option {key!r}.",
                f"Did you mean {close[0]}?" if close else f"There are {', '.join(sorted(options))}.",
            )
        arguments += _argument(option, value, options[option])
    # Behind the two dashes words may begin with a dash themselves.
    return [*arguments, "--", prompt]


def _argument(option: str, value: Any, action: argparse.Action) -> list[str]:
    """An option with its value, or with its several values, or with none."""
    if action.nargs == 0:
        said = str(value).strip().casefold()
        if said not in _YES | _NO:
            raise RequestError(f"{option} is {value!r}.", "Write yes or no.")
        return [f"--{option}"] if said in _YES else []
    values = value if isinstance(value, list) else [value]
    if any(not isinstance(entry, (str, int, float)) or isinstance(entry, bool) for entry in values):
        raise RequestError(f"{option} is {value!r}.", "Write a number, or words.")
    return [f"--{option}={entry}" for entry in values]


def _check_names(rows: list[Row]) -> None:
    """Raise RequestError where rows with other arguments would share a folder. Equal rows do: they are one head."""
    digests: dict[str, Row] = {}
    for row in rows:
        first = digests.setdefault(row.folder.casefold(), row)
        if row.error is None and first.digest != row.digest:
            raise RequestError(
                f"Rows {first.number} and {row.number} both have the name {row.folder!r}.", "Give each its own."
            )
