"""English noun phrases: articles and what ends in a plural."""

from __future__ import annotations

import re

#: Nouns that take no article, besides those in the plural.
_WITHOUT_ARTICLE = frozenset(
    ("hair", "skin", "makeup", "stubble", "acne", "eyeshadow", "eyeliner", "lipstick", "hunger", "thunder", "frizz",
     "fat", "teeth", "sandpaper", "bones", "eyebrows", "prowess", "paint", "senegal", "finland", "iceland", "beijing",
     "portugal", "africa", "asia", "japan", "china", "india", "cyrano", "gandalf", "einstein", "dumbo", "jolie", "leno",
     "fields", "hendrix", "longstocking", "spock")
)  # fmt: skip
#: Beginnings of phrases that have all they need.
_COMPLETE = re.compile(r"(?:an?|the|no|without|with|two|half|one|mr\.|face of) |(?:hardly|no)\b")


def with_article(words: str) -> str:
    """A noun phrase with "a" or "an" before it where English asks for one.

    words: lower case, such as "big nose"; an adjective that stands alone stays alone.
    """
    # What follows the noun does not count: "nose that never ends".
    noun = re.split(r" (?:of|under|with|that|who|whose|like|between|on|from|in) ", words)[0].split(" ")[-1]
    plural = noun.endswith("s") and not noun.endswith("ss") and noun not in ("prowess",)
    plural = plural or noun in ("two", "slits")
    if not words or _COMPLETE.match(words) or noun in _WITHOUT_ARTICLE or plural:
        return words
    return f"{'an' if re.match(r'[aeiou8]|1[18]-', words) and not re.match(r'euro|uni|one', words) else 'a'} {words}"


def tidied(text: str) -> str:
    """A sentence without joining words that join nothing, and with its blanks and commas in order."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s+([,.;:!?)])", r"\1", text)
    text = re.sub(r"\b(with|without|of|like|from|in|on) (?=(?:with|without|that|whose|who)\b)", "", text)
    text = re.sub(r"\b(with|and|of|like) (?=\1\b)", "", text)
    text = re.sub(r"(?:\s*\b(?:and|with|of|like|but))+\s*(?=[,.;]|$)", "", text)
    text = re.sub(r"(?:[,;]\s*)+(?=[,;])", "", text)
    text = re.sub(r"^(?:[\s,;]|and\b|of\b)+", "", text)
    text = re.sub(r",(?=\S)", ", ", text)
    return text.strip(" ,;")
