"""Tokens of German and of Romance languages in English: nearly their own order, adjectives before their nouns."""

from __future__ import annotations

from dataclasses import replace

from .book import NOUNS, UNKNOWN, Token
from .english import with_article

#: Kinds of tokens that a noun phrase is made of.
_PHRASE = (*NOUNS, "adjective", "mood", "degree")


def european_to_english(tokens: list[Token], code: str, adjectives_follow: bool) -> str:
    """The sentence, not yet tidied.

    tokens: of the whole text.
    code: of its language.
    adjectives_follow: whether adjectives stand behind their nouns.
    """
    tokens = tokens if adjectives_follow else _with_participles(tokens)
    said: list[str] = []
    #: Kind of what was said last, and of the last noun.
    last = noun = ""
    place = 0
    negated = False
    while place < len(tokens):
        token = tokens[place]
        if token.kind in _PHRASE:
            end = _phrase_end(tokens, place)
            run = tokens[place:end]
            moods = [t for t in _trailing_moods(run) if any(u.kind in NOUNS for u in run)]
            run = run[: len(run) - len(moods)]
            text = _phrase(run, adjectives_follow)
            if said and said[-1] in ("on", "under", "above", "at"):
                text = text.removeprefix("a ").removeprefix("an ")
                text = f"the {text}"
            alone = all(t.kind in ("mood", "degree") for t in run)
            said.append(_apposition(("not " if negated and alone else "") + text, last if alone else ""))
            last = "mood" if alone else _kind_of(run)
            noun = last if last in NOUNS else noun
            if moods:
                said.append(_apposition(" ".join(t.english for t in moods), last))
                last = "mood"
            negated, place = False, end
            continue
        place += 1
        if token.kind == "word":
            if token.english == "not":
                negated = True
                continue
            following = next((t for t in tokens[place:] if t.kind not in ("adjective", "degree")), None)
            said.append(_joining(token.english, noun, last, following))
            last = "word" if token.english not in ("", ",") else last
        elif token.kind == "expression":
            said.append(_apposition(("not " if negated else "") + token.english, last))
            last, negated = "expression", False
        elif token.kind == UNKNOWN and not token.text[0].isalnum():
            said.append(token.text)
            last = "mark"
        else:
            said.append(token.english)
            last = token.kind
    if negated and said:
        # French and German deny behind the verb.
        head, comma, rest = said[-1].rpartition(", ")
        said[-1] = f"{head}{comma}not {rest}"
    return " ".join(filter(None, said))


def _with_participles(tokens: list[Token]) -> list[Token]:
    """German: a participle before a noun is an adjective: "ein lächelnder Junge"."""
    following = [*tokens[1:], None]
    return [
        replace(token, kind="mood")
        if token.kind == "expression" and " " not in token.english and after and after.kind in ("adjective", "person")
        else token
        for token, after in zip(tokens, following, strict=True)
    ]


def _phrase_end(tokens: list[Token], start: int) -> int:
    """Where the run of adjectives and nouns from `start` on ends; a comma or "and" between adjectives is in it."""
    end = start
    while end < len(tokens):
        kind = tokens[end].kind
        if kind in _PHRASE:
            end += 1
            continue
        between = (kind == "word" and tokens[end].english == "and") or tokens[end].text == ","
        after = tokens[end + 1 : end + 3]
        if not between or end == start or not after or after[0].kind not in ("adjective", "degree"):
            break
        if tokens[end - 1].kind not in ("adjective",):
            break
        end += 1
    return end


def _trailing_moods(run: list[Token]) -> list[Token]:
    """Moods and their degrees at the end of a run, which are said of the noun before them."""
    count = 0
    while count < len(run) and run[-1 - count].kind in ("mood", "degree"):
        count += 1
    moods = run[len(run) - count :]
    return moods if any(token.kind == "mood" for token in moods) else []


def _phrase(run: list[Token], adjectives_follow: bool) -> str:
    """A run of adjectives and nouns, each noun with its adjectives before it."""
    nouns = [k for k, token in enumerate(run) if token.kind in NOUNS]
    # What may be an adjective is one beside another person: "un hombre viejo".
    persons = [k for k in nouns if run[k].kind == "person"]
    plain = [k for k in persons if "~" not in run[k].english]
    doubtful = [k for k in persons if "~" in run[k].english]
    described = doubtful if plain else doubtful[1:]
    nouns = [k for k in nouns if k not in described]
    # An adjective may be another one of a person: "une femme rousse" is red-haired, "une barbe rousse" red.
    of_part = bool(nouns) and run[nouns[-1]].kind != "person"
    words = [
        t.english.split("~")[-1 if k in described or (of_part and t.kind == "adjective") else 0]
        for k, t in enumerate(run)
    ]
    if not nouns:
        return " ".join(word for word, token in zip(words, run, strict=True) if token.text != ",")
    said, begin = [], 0
    for number, place in enumerate(nouns):
        final = number == len(nouns) - 1
        next_noun = len(run) if final else nouns[number + 1]
        end = next_noun if adjectives_follow or final else place + 1
        around = [*range(begin, place), *range(place + 1, end)]
        adjectives = [words[k] for k in around if run[k].kind in _PHRASE]
        said.append(with_article(" ".join([*_in_order(adjectives), words[place]])))
        begin = end
    return " ".join(said)


def _in_order(adjectives: list[str]) -> list[str]:
    """Adjectives as English likes them: ages first, ancestry last."""
    late = ("african", "asian", "caucasian", "latin american")
    return sorted(adjectives, key=lambda word: word in late)


def _kind_of(run: list[Token]) -> str:
    """The kind of a run: of its last noun, else of its last word."""
    return next((token.kind for token in reversed(run) if token.kind in NOUNS), run[-1].kind)


def _apposition(text: str, last: str) -> str:
    """Words for an expression, behind a comma where a noun stands before them."""
    return f", {text}" if last in (*NOUNS, "clause", "adjective", UNKNOWN) and text else text


def _joining(english: str, noun: str, last: str, following: Token | None) -> str:
    """A joining word in English. "de" and its like have their meaning from what they join: "of" in the book stands for
    them, "at" for "à"."""
    kind = "" if following is None else following.kind
    if english == "at" or (english == "of" and kind == "part" and noun == "person"):
        english = "with" if kind == "part" else ""
    if english == "and" and kind in ("mood", "expression"):
        return "" if last in ("mood", "expression", "word", "") else ","
    if english in ("with", "without") and last in ("mood", "expression"):
        return f", {english}"
    if english == "of":
        if kind in ("expression", "mood", "clause", "word", ""):
            return ""
        return "of"
    if english == "with" and kind in ("clause", "expression", "mood"):
        return ""
    return english
