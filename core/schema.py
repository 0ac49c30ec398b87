"""Types and ranges for what others wrote: descriptions of models, properties of Blender's objects.

A table names the entries; checking a value against it says which entry is wrong, what it says and what it may say.
"""

from __future__ import annotations

import re
import reprlib
import unicodedata
from dataclasses import dataclass, field
from math import prod
from typing import Any, Protocol

from .foreign_files import lies_inside


class SchemaError(ValueError):
    """A description does not fit its table.

    cause: what it says, to follow the name of the file.
    remedy: what to write instead.
    """

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy


class Type(Protocol):
    """What an entry may be."""

    @property
    def allowed(self) -> str:
        """In words, to follow "Write"."""

    def check(self, name: str, value: Any) -> None:
        """Raise SchemaError, naming the entry and its value, unless the value is allowed."""


def shown(value: Any) -> str:
    """A value in a line, whatever its size and depth."""
    short = reprlib.Repr()
    short.maxstring = short.maxother = 80
    return short.repr(value)


def _misfit(kind: Type, name: str, value: Any) -> SchemaError:
    return SchemaError(f"says {shown(value)} for {name!r}.", f"Write {kind.allowed}.")


@dataclass(frozen=True)
class Number:
    """A number within a range; NaN is in none."""

    low: float
    high: float

    @property
    def allowed(self) -> str:
        return f"a number from {self.low:g} to {self.high:g}"

    def check(self, name: str, value: Any) -> None:
        if type(value) not in (int, float) or not self.low <= value <= self.high:
            raise _misfit(self, name, value)


@dataclass(frozen=True)
class Whole:
    """A whole number within a range."""

    low: int
    high: int

    @property
    def allowed(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def check(self, name: str, value: Any) -> None:
        if type(value) is not int or not self.low <= value <= self.high:
            raise _misfit(self, name, value)


@dataclass(frozen=True)
class Text:
    """Words without control characters. pattern: what the whole of them must match."""

    longest: int = 2000
    least: int = 0
    pattern: str = r"(?s:.*)"
    meaning: str = "words"

    @property
    def allowed(self) -> str:
        return f"{self.meaning}, at most {self.longest} characters"

    def check(self, name: str, value: Any) -> None:
        fits = isinstance(value, str) and self.least <= len(value.strip()) and len(value) <= self.longest
        if not fits or not re.fullmatch(self.pattern, value) or _has_control_characters(value):
            raise _misfit(self, name, value)


@dataclass(frozen=True)
class Template:
    """A sentence with one place for words, for str.format: any other brace could ask for gigabytes of padding."""

    longest: int = 500

    @property
    def allowed(self) -> str:
        return 'a sentence with one {} where the words go, such as "a face, {}", and no other brace'

    def check(self, name: str, value: Any) -> None:
        Text(self.longest).check(name, value)
        if value.count("{}") != 1 or re.search(r"[{}]", value.replace("{}", "")):
            raise _misfit(self, name, value)


@dataclass(frozen=True)
class Inside:
    """The name of a file in the model's folder, or beneath it."""

    allowed: str = "the name of a file inside the model's folder, without '..'"

    def check(self, name: str, value: Any) -> None:
        if not isinstance(value, str) or not lies_inside(value) or _has_control_characters(value):
            raise _misfit(self, name, value)


@dataclass(frozen=True)
class Choice:
    """One of a few values."""

    options: tuple[str | bool, ...]

    @property
    def allowed(self) -> str:
        return "one of " + ", ".join(shown(option) for option in self.options)

    def check(self, name: str, value: Any) -> None:
        if not any(type(value) is type(option) and value == option for option in self.options):
            raise _misfit(self, name, value)


@dataclass(frozen=True)
class ListOf:
    """A list of `least` to `most` values of one type."""

    entry: Type
    most: int
    least: int = 0

    @property
    def allowed(self) -> str:
        return f"a list of {self.least} to {self.most} entries, each {self.entry.allowed}"

    def check(self, name: str, value: Any) -> None:
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            raise _misfit(self, name, value)
        for place, entry in enumerate(value):
            self.entry.check(f"{name}[{place}]", entry)


@dataclass(frozen=True)
class Tuple:
    """A list with a type of its own for each place."""

    entries: tuple[Type, ...]

    @property
    def allowed(self) -> str:
        return "a list of " + ", ".join(entry.allowed for entry in self.entries)

    def check(self, name: str, value: Any) -> None:
        if not isinstance(value, list) or len(value) != len(self.entries):
            raise _misfit(self, name, value)
        for place, (kind, entry) in enumerate(zip(self.entries, value, strict=True)):
            kind.check(f"{name}[{place}]", entry)


@dataclass(frozen=True)
class Grid:
    """The numbers of nodes of a grid along x, y and z. most: nodes of the whole grid, 4 bytes each in memory."""

    most: int = 2**27

    @property
    def allowed(self) -> str:
        return f"three whole numbers from 1 to 2048, of which the product is at most {self.most}"

    def check(self, name: str, value: Any) -> None:
        ListOf(Whole(1, 2048), 3, 3).check(name, value)
        if prod(value) > self.most:
            raise _misfit(self, name, value)


@dataclass(frozen=True)
class Either:
    """A value of any of some types."""

    types: tuple[Type, ...]

    @property
    def allowed(self) -> str:
        return ", or ".join(kind.allowed for kind in self.types)

    def check(self, name: str, value: Any) -> None:
        """The first type that is of the value's own shape (an object, a list) says what is wrong."""
        shapes: dict[type, type] = {dict: Table, list: ListOf}
        shape = shapes.get(type(value))
        same = [kind for kind in self.types if (type(kind) is shape if shape else type(kind) not in (Table, ListOf))]
        if not same:
            raise _misfit(self, name, value)
        same[0].check(name, value)


@dataclass(frozen=True)
class Each:
    """An object of any names, each of one type, with values of one type."""

    key: Type
    value: Type
    allowed: str = "an object"

    def check(self, name: str, value: Any) -> None:
        if not isinstance(value, dict):
            raise _misfit(self, name, value)
        for key, entry in value.items():
            self.key.check(f"name in {name}", key)
            self.value.check(f"{name}[{shown(key)}]", entry)


@dataclass(frozen=True)
class Anything:
    """An object that nothing is read from."""

    allowed: str = "an object"

    def check(self, name: str, value: Any) -> None:
        if not isinstance(value, dict):
            raise _misfit(self, name, value)


@dataclass(frozen=True)
class Table:
    """An object of known names. closed: whether others are refused, since they would have no effect."""

    required: dict[str, Type] = field(default_factory=dict)
    optional: dict[str, Type] = field(default_factory=dict)
    closed: bool = True

    @property
    def allowed(self) -> str:
        return f"an object with {', '.join(self.required | self.optional) or 'nothing in it'}"

    def check(self, name: str, value: Any) -> None:
        """name: of the entry that the object is the value of; empty for a whole description."""
        if not isinstance(value, dict):
            raise _misfit(self, name, value)
        inner = f"{name}." if name else ""
        known = self.required | self.optional
        for entry in value if self.closed else ():
            if entry not in known:
                raise SchemaError(
                    f"says {shown(inner + entry)}, which means nothing here.", f"Known are {', '.join(known)}."
                )
        for entry, kind in self.required.items():
            if value.get(entry) is None:
                raise SchemaError(f"lacks {inner + entry!r}.", f"Write {kind.allowed}.")
        for entry, kind in known.items():
            if value.get(entry) is not None:
                kind.check(inner + entry, value[entry])


def _has_control_characters(words: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" for c in words)
