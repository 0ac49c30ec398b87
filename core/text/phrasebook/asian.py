"""Tokens of Japanese and Chinese in English: what is said before a noun goes behind it, beginning with the person."""

from __future__ import annotations

from dataclasses import dataclass, field

from .book import NOUNS, UNKNOWN, Token
from .english import with_article

#: Marks that end a clause.
_BREAKS = frozenset("、，,。.；;！!？?\n")


@dataclass
class _Sentence:
    """What was read so far.

    person: noun phrase of who it is about, without article.
    parts: noun phrases, with what stands before each ("with", "without").
    expressions, rest: in their order.
    adjectives, behind: said before a noun that is still to come, and what will stand behind it.
    open: whether an adjective may still be said of the last part.
    """

    person: str = ""
    parts: list[str] = field(default_factory=list)
    expressions: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    adjectives: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    moods: list[str] = field(default_factory=list)
    last: str = ""
    open: bool = False
    denied: bool = False
    compared: str = ""


def asian_to_english(tokens: list[Token], code: str) -> str:
    """The sentence, not yet tidied.

    tokens: of the whole text.
    code: "ja" or "zh".
    """
    sentence = _Sentence()
    for place, token in enumerate(tokens):
        _read(sentence, token, tokens[place + 1 : place + 4], code)
    return _written(sentence)


def _read(s: _Sentence, token: Token, following: list[Token], code: str) -> None:
    """Take one token into the sentence. following: the next ones."""
    if token.text in _BREAKS:
        _close(s)
    elif token.kind == "word":
        _read_word(s, token.english, following)
    elif token.kind in ("adjective", "degree"):
        if s.open and token.kind == "adjective" and not (code == "zh" and _modifies(following)):
            _describe(s, " ".join([*s.adjectives, token.english]))
            s.adjectives = []
        else:
            s.adjectives.append(token.english)
            s.last = token.kind
    elif token.kind == "clause":
        if token.english.startswith(("with", "without", "who", "whose", "on ")):
            s.rest.insert(0, token.english)
        elif s.open and not (code == "zh" and _modifies(following)):
            _describe_behind(s, token.english)
        else:
            s.behind.append(token.english)
    elif token.kind in ("expression", "mood"):
        degree = [word for word in s.adjectives[-1:] if s.last == "degree"]
        s.adjectives = s.adjectives[: len(s.adjectives) - len(degree)]
        s.expressions.append(" ".join([*(["not"] if s.denied else []), *degree, token.english]))
        s.denied = False
        s.last = token.kind
    elif token.kind in NOUNS:
        _read_noun(s, token, following, code)
    elif token.kind == UNKNOWN and token.text.strip():
        s.rest.append(token.text.strip())


def _modifies(following: list[Token]) -> bool:
    """Whether what was just said in Chinese is said of the noun behind it: 的 tells."""
    kinds = [token.kind for token in following if token.kind not in ("adjective", "degree")]
    return bool(following) and following[0].english == "'s" and kinds[1:2] == ["part"]


def _read_word(s: _Sentence, english: str, following: list[Token]) -> None:
    if english in ("not", "without"):
        s.denied = True
    elif english == "-less":  # said behind its noun
        if s.parts:
            s.parts[-1] = _without(s.parts[-1])
        s.open = False
    elif english in ("like", "from"):  # Chinese, before the noun
        s.compared = english
    elif english == "-like":  # Japanese, behind the noun
        _compare_last(s, "like")
    elif english in ("-from", "-under"):
        _compare_last(s, english.removeprefix("-"))
    elif english == "topic":
        s.open = s.last == "part"
    elif english == "and":
        s.open = False


def _read_noun(s: _Sentence, token: Token, following: list[Token], code: str) -> None:
    words, alternative = token.english.split("~")[0], token.english.split("~")[-1]
    if s.compared:
        comparison = f"{s.compared} {with_article(' '.join([*s.adjectives, words]))}"
        s.adjectives, s.compared = [], ""
        if s.open and not _leads_to_noun(following):
            _describe_behind(s, comparison)
        else:
            s.behind.append(comparison)
        s.last = "comparison"
        return
    phrase = " ".join([*s.adjectives, words, *s.behind])
    s.adjectives, s.behind = [], []
    if token.kind == "person":
        if s.person and alternative != words:
            s.person = f"{alternative} {s.person}"
        elif s.person and _same(s.person, phrase):
            pass
        else:
            s.person = f"{s.person} {phrase}".strip() if not s.rest else phrase
        s.open = False
    else:
        phrase = with_article(phrase)
        s.parts.append(f"without {phrase}" if s.denied else f"with {phrase}")
        s.denied = False
        s.open = code == "zh"
    s.last = token.kind


def _same(person: str, phrase: str) -> bool:
    """Whether one of two names for a person says what the other does: "woman" beside "old woman"."""
    return phrase in person.split(" ") or person == phrase


def _leads_to_noun(following: list[Token]) -> bool:
    """Whether a comparison goes on to the part that it is made for: 像鹰一样的鼻子, but not 鼻子像鹰的男人."""
    for token in following:
        if token.kind in NOUNS:
            return token.kind != "person"
        if token.kind not in ("adjective", "degree", "word") or token.english == "like":
            return False
    return False


def _compare_last(s: _Sentence, preposition: str) -> None:
    """Put the noun said last behind the noun that comes, or the part it was said of: "like a hawk"."""
    if s.last == "person" and s.person:
        compared, s.person = with_article(s.person), ""
    elif s.parts and s.last in ("part", "thing"):
        compared = s.parts.pop().removeprefix("with ")
    elif s.rest:
        compared = s.rest.pop()
    else:
        return
    s.behind.append(f"{preposition} {compared}")
    s.last = "comparison"


def _describe(s: _Sentence, adjective: str) -> None:
    """Say an adjective of the last part: "with a nose" becomes "with a big nose"."""
    before, _, phrase = s.parts[-1].partition(" ")
    phrase = phrase.removeprefix("a ").removeprefix("an ")
    s.parts[-1] = f"{before} {with_article(f'{adjective} {phrase}')}"


def _describe_behind(s: _Sentence, words: str) -> None:
    s.parts[-1] = f"{s.parts[-1]} {words}"


def _without(part: str) -> str:
    return part if part.startswith("without ") else f"without {part.removeprefix('with ')}"


def _close(s: _Sentence) -> None:
    """End a clause: what waits for a noun is said of the last one there was."""
    if s.behind and s.parts:
        _describe_behind(s, " ".join(s.behind))
        s.behind = []
    elif s.behind and s.person:
        s.person = f"{s.person} {' '.join(s.behind)}"
        s.behind = []
    if s.adjectives and s.open and s.parts:
        _describe(s, " ".join(s.adjectives))
        s.adjectives = []
    elif s.adjectives and s.person:
        s.person = f"{' '.join(s.adjectives)} {s.person}"
        s.adjectives = []
    s.open = s.denied = False
    s.compared = ""


def _written(s: _Sentence) -> str:
    _close(s)
    parts = list(s.parts)
    if not s.person and parts and parts[0].startswith("with "):
        parts[0] = parts[0].removeprefix("with ")
    again = [
        f"and {part.removeprefix('with ')}" if number and part.startswith("with ") and number == len(parts) - 1
        else f", {part.removeprefix('with ')}" if number and part.startswith("with ")
        else part
        for number, part in enumerate(parts)
    ]  # fmt: skip
    who = with_article(s.person) if s.person else ""
    first = " ".join(filter(None, [who, *[r for r in s.rest if " " in r], *again]))
    others = [r for r in s.rest if " " not in r]
    return ", ".join(filter(None, [first, " ".join(s.adjectives), " ".join(s.behind), *s.expressions, *others]))
