"""What may be asked for: the request is checked before any work starts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from .errors import RequestError

if TYPE_CHECKING:
    from .types import Edit, HeadRequest

#: Greatest number of characters in one field of words. The text tower reads far fewer; more is a mistake, such as a
#: pasted file.
LONGEST_WORDS = 2000
#: Least and greatest number of cells of the extraction grid along the head's height: with fewer no head is
#: recognisable, with more memory runs out.
RESOLUTIONS = (32, 1024)
#: Least and greatest number of pixels along one side of the texture.
TEXTURE_SIZES = (64, 8192)
#: The two surfaces of a head.
SURFACES = ("asset", "raw")
#: Least and greatest seed: what Blender's integer properties hold.
SEEDS = (0, 2**31 - 1)
#: Longest folder's name that is made of words, bytes; a longer one is cut there and followed by a digest. File systems
#: allow 143 to 255.
_LONGEST_SLUG = 60


def check_request(request: HeadRequest) -> None:
    """Raise RequestError, naming the field, its value and what is allowed, unless the request can be served."""
    if not request.prompt.strip():
        raise RequestError(
            "The prompt is empty.", 'Describe a head, for example "an old man with a big nose, laughing".'
        )
    _check_words("prompt", request.prompt)
    _check_words("expression", request.expression)
    _check_words("skin", request.skin)
    _check_words("negative prompt", request.negative)
    _check_number("seed", request.seed, SEEDS)
    _check_number("resolution", request.resolution, RESOLUTIONS)
    _check_number("texture size", request.texture_size, TEXTURE_SIZES)
    if request.surface not in SURFACES:
        raise RequestError(f"The surface is {request.surface!r}.", f"Choose {' or '.join(map(repr, SURFACES))}.")
    if not 0.0 <= request.variation <= 1.0:
        raise RequestError(
            f"The variation is {request.variation}.",
            "Choose a number from 0 (the mean head of the words) to 1 (anybody whom they describe).",
        )


def check_edit(edit: Edit | None) -> None:
    """Raise RequestError unless the strength is from 0 to 1 and the mask, where there is one, not black everywhere."""
    if edit is None:
        return
    if not 0.0 <= edit.strength <= 1.0:
        raise RequestError(
            f"The strength is {edit.strength}.", "Choose a number from 0 (nothing changes) to 1 (a new painting)."
        )
    if edit.mask is not None and not (edit.mask > 0).any():
        raise RequestError(
            "The mask is black everywhere: nothing may change.", "Paint white, in the head's UV, what is to be new."
        )


def slug(text: str) -> str:
    """A folder name that reads like the text: letters and digits of any script, joined by dashes."""
    name = re.sub(r"[^\w]+", "-", text.casefold()).strip("-_")
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
    if not name:
        return f"head-{digest}"
    if len(name.encode("utf-8")) <= _LONGEST_SLUG:
        return name
    cut = name.encode("utf-8")[:_LONGEST_SLUG].decode("utf-8", errors="ignore").strip("-_")
    return f"{cut}-{digest}"


def _check_words(field: str, text: str) -> None:
    """Raise RequestError for a field of words that is too long or holds control characters."""
    if len(text) > LONGEST_WORDS:
        raise RequestError(
            f"The {field} has {len(text)} characters, more than the {LONGEST_WORDS} that are read.",
            "Shorten it to a sentence or two that describe the head.",
        )
    for place, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r":
            raise RequestError(
                f"The {field} contains a control character (U+{ord(character):04X}, at place {place + 1}).",
                "Type the words again instead of pasting them.",
            )


def _check_number(field: str, value: int, allowed: tuple[int, int]) -> None:
    """Raise RequestError for a number that is less than the first, or greater than the second, of those allowed."""
    low, high = allowed
    if not low <= value <= high:
        raise RequestError(f"The {field} is {value}.", f"Choose a whole number from {low} to {high}.")
