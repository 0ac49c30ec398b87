"""Results that are asked for again with every head: all assets lie in one UV, and what follows of it is found once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import wraps
from hashlib import blake2b
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import numpy as np

#: Largest result that is kept, bytes: those of textures of 1024 texels are, larger ones would fill the memory.
LARGEST = 1 << 25

P = ParamSpec("P")
R = TypeVar("R")


def remembered(count: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator that keeps the last results of a function of arrays and of what can be hashed.

    Arrays count by their content. A kept result is shared by all who ask for it, so its arrays are read-only.

    count: of results that are kept.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        kept: OrderedDict[tuple[Any, ...], R] = OrderedDict()
        lock = Lock()

        @wraps(function)
        def asked(*arguments: P.args, **named: P.kwargs) -> R:
            key = (*map(_content, arguments), *((name, _content(value)) for name, value in sorted(named.items())))
            with lock:
                if key in kept:
                    kept.move_to_end(key)
                    return kept[key]
            result = function(*arguments, **named)
            arrays = list(_arrays(result))
            if sum(array.nbytes for array in arrays) <= LARGEST:
                for array in arrays:
                    array.flags.writeable = False
                with lock:
                    kept[key] = result
                    while len(kept) > count:
                        kept.popitem(last=False)
            return result

        return asked

    return decorate


def _content(argument: object) -> object:
    """What tells an argument from others: of an array its type, shape and a digest of its values."""
    if not isinstance(argument, np.ndarray):
        return argument
    return argument.dtype.str, argument.shape, blake2b(np.ascontiguousarray(argument).data, digest_size=16).digest()


def _arrays(result: object) -> Iterator[np.ndarray]:
    """The arrays in a result, which may be in tuples and dataclasses."""
    if isinstance(result, np.ndarray):
        yield result
    elif isinstance(result, tuple):
        for each in result:
            yield from _arrays(each)
    elif is_dataclass(result):
        for field in fields(result):
            yield from _arrays(getattr(result, field.name))
