"""Recorded faces: Live Link Face's .csv and MediaPipe's .json, read as the strength of each ARKit action over time."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ..errors import RequestError
from ..foreign_files import check_regular_file, parse_json
from ..schema import shown
from ..types import Floats
from .arkit import arkit_actions

#: Longest file that is read, bytes: half an hour at 60 frames a second has 60 MB.
LARGEST_TAKE = 256 * 1024**2
#: Values beyond this, or below its negative, are no strength of an action but another unit or a damaged file.
_STRONGEST = 10.0
#: The 52 actions in ARKit's order.
_ARKIT = arkit_actions()
#: An action's name in any spelling of its capitals -> ARKit's.
_NAMES = {name.lower(): name for name in _ARKIT}
#: The column of a .csv that says how many values a line has.
_COUNT = "blendshapecount"
#: Remedies for a table and for frames.
_EXPORT_AGAIN = "Export the take from Live Link Face again, as its own .csv."
_FRAMES = 'Write a list of frames such as {"blendshapes": {"jawOpen": 0.5}}.'
#: Keys under which a frame of a .json holds its actions.
_SHAPES, _CATEGORIES = ("blendshapes", "faceBlendshapes"), "categories"


@dataclass(frozen=True)
class Take:
    """A recorded face.

    names: of the actions, those of the 52 that were recorded, in ARKit's order.
    frames (N, K): the strength of each, 0 where it rests, 1 where it is as strong as it gets; an actor's calibration
        may go a little beyond.
    """

    names: tuple[str, ...]
    frames: Floats


def read_take(path: Path) -> Take:
    """The recorded face in a .csv of Live Link Face or a .json of MediaPipe.

    Raises RequestError, which names the file, the line or frame, the value, and the remedy.
    """
    readers = {".csv": parse_csv, ".json": parse_frames}
    if path.suffix.lower() not in readers:
        raise RequestError(
            f"{path} has the ending {path.suffix!r}, which is no recorded face.",
            "Name a .csv of Live Link Face, or a .json of MediaPipe.",
        )
    try:
        check_regular_file(path, LARGEST_TAKE)
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise RequestError(f"{path} cannot be read ({reason}).", "Name another file.") from error
    return readers[path.suffix.lower()](content, str(path))


def parse_csv(content: bytes, name: str) -> Take:
    """Live Link Face's table: Timecode, BlendshapeCount, then a column for each action and for head and eyes' turns.

    A line on which the face was lost, whose BlendshapeCount is 0, repeats the frame before. What is no action is left
    out.

    content: of the file. name: the file, for errors.
    Raises RequestError.
    """
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RequestError(f"{name} is no table of text ({error}).", _EXPORT_AGAIN) from error
    lines = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    header = [cell.strip().lower() for cell in lines[0][1]] if lines else []
    columns = {_NAMES[title]: place for place, title in enumerate(header) if title in _NAMES}
    if not columns:
        _refuse_header(name, lines)
    names = tuple(action for action in _ARKIT if action in columns)
    count = header.index(_COUNT) if _COUNT in header else None
    frames: list[list[float]] = []
    for number, row in lines[1:]:
        if count is not None and len(row) > count and row[count].strip() == "0":
            frames.append(frames[-1] if frames else [0.0] * len(names))
            continue
        if len(row) != len(header):
            raise RequestError(
                f"{name}, line {number} has {len(row)} cells, but the first line names {len(header)}.", _EXPORT_AGAIN
            )
        frames.append([_number(row[columns[action]], f"{name}, line {number}, {action}") for action in names])
    return _take(names, frames, name)


def parse_frames(content: bytes, name: str) -> Take:
    """A list of frames, or an object with it as "frames". A frame has its actions in "blendshapes" (or, as MediaPipe
    itself calls them, "faceBlendshapes"), or is just these: an object of names and strengths, or a list "categories"
    of objects with "categoryName" and "score".

    What a frame leaves out rests. Names that are no action, such as "_neutral", are left out.

    content, name: as of `parse_csv`.
    Raises RequestError.
    """
    try:
        value = parse_json(content)
    except ValueError as error:
        raise RequestError(f"{name} is no JSON ({error}).", "Export it again.") from error
    listed = value.get("frames") if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise RequestError(f"{name} says {shown(value)}, which is no list of frames.", _FRAMES)
    frames = [_actions(frame, f"{name}, frame {number}") for number, frame in enumerate(listed, 1)]
    seen = {action for frame in frames for action in frame}
    names = tuple(action for action in _ARKIT if action in seen)
    if frames and not names:
        raise RequestError(f"{name} names none of ARKit's 52 actions.", _FRAMES)
    return _take(names, [[frame.get(action, 0.0) for action in names] for frame in frames], name)


def _actions(frame: Any, where: str) -> dict[str, float]:
    """ARKit's name -> strength, of one frame of a .json."""
    inner: Any = frame
    while True:  # MediaPipe wraps the actions of each of several faces; the first face counts
        key = next((key for key in (*_SHAPES, _CATEGORIES) if isinstance(inner, dict) and key in inner), None)
        if key is not None:
            inner = inner[key]
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict) and _CATEGORIES in inner[0]:
            inner = inner[0]
        else:
            break
    if isinstance(inner, list):
        for entry in inner:
            if not isinstance(entry, dict) or not isinstance(entry.get("categoryName"), str):
                raise RequestError(f"{where} says {shown(entry)}, which has no categoryName.", _FRAMES)
        inner = {entry["categoryName"]: entry.get("score") for entry in inner}
    if not isinstance(inner, dict):
        raise RequestError(f"{where} says {shown(inner)}, which holds no actions.", _FRAMES)
    return {
        _NAMES[key.lower()]: _number(value, f"{where}, {key}") for key, value in inner.items() if key.lower() in _NAMES
    }


def _number(value: Any, where: str) -> float:
    """A strength. Raises RequestError for what is no number, or none that a calibration could give."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not abs(number) <= _STRONGEST:
        raise RequestError(f"{where} says {shown(value)}, which is no strength.", "Write a number from 0 to 1.")
    return number


def _refuse_header(name: str, lines: list[tuple[int, list[str]]]) -> NoReturn:
    """Raise RequestError for a table whose first line names no action."""
    said = shown(",".join(lines[0][1])) if lines else "nothing"
    raise RequestError(
        f"{name} says {said} in its first line, which names none of ARKit's 52 actions.",
        "Its first line must begin with Timecode,BlendshapeCount,EyeBlinkLeft, as Live Link Face writes it.",
    )


def _take(names: tuple[str, ...], frames: list[list[float]], name: str) -> Take:
    """The take. Raises RequestError where it has no frame."""
    if not frames:
        raise RequestError(f"{name} holds no frame.", "Record the face again.")
    return Take(names, np.array(frames, np.float32).reshape(len(frames), len(names)))
