"""Words as search compares them: folded, cut into tokens, queries made of terms. Pure.

There is no stemmer: the only Python one for Indonesian is no longer kept. Matching by prefix
finds most inflected forms, and a query's own endings are loosened (`bukunya` also finds `buku`).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAX_TERMS: Final = 8
MAX_TOKEN: Final = 40
LAST: Final = "\U0010ffff"  # nothing that starts with a token sorts behind the token and this

# Accents of Latin, Greek and Cyrillic, vowel points of Arabic and Hebrew. Not the signs of Indic
# scripts nor those of kana, which are letters to their readers.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)
_APOSTROPHES = re.compile("(?<=[^\\W_])['\u2019\u02bc](?=[^\\W_])")
# Letters that no normal form takes apart.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ħ": "h",
        "\u0131": "i",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
# Written without spaces: Thai, Lao, Tibetan, Burmese, Khmer, kana, Han.
CONTINUOUS: Final = (
    "\u0e00-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17d3\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Signs inside words of Indic scripts, which `\w` leaves out.
_SIGNS = "\u0900-\u0963\u0966-\u0dff"
_LETTER = f"[^\\W_{CONTINUOUS}]"
_TOKEN = re.compile(
    rf"(?P<continuous>[{CONTINUOUS}]+)|(?<![^\W_])[a-z](?:\+\+|#)(?!\w)"
    rf"|{_LETTER}+(?:[{_SIGNS}]+{_LETTER}*)*"
)

_STOP = """
    a an and are as at be but by for from has have how i in is it its of on or our so that the their
    this to was we what when which will with you your
    ada adalah agar akan anda apa atau bagi bahwa bisa dalam dan dapat dari dengan di hanya harus
    ia ini itu jika juga kami kita karena ke kepada lebih maka mereka oleh pada para saja saya
    sebagai secara seperti serta sudah telah tidak untuk yaitu yang
"""
STOP_WORDS: Final = frozenset(_STOP.split())
# Endings of Indonesian and English that a query may do without, longest first.
_ENDINGS = ("nya", "lah", "kah", "kan", "ing", "an", "es", "ed", "s")
_SHORTEST_STEM = 4


def fold(text: str) -> str:
    """Without case, accents and forms of presentation: `Çéviri` and `ceviri` are one."""
    if text.isascii():
        return _APOSTROPHES.sub("", text.lower())
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = _ACCENTS.sub("", apart).translate(_LETTERS)
    return _APOSTROPHES.sub("", unicodedata.normalize("NFC", bare).casefold())


class _Aligned(dict[int, str]):
    """Each character to the first of its fold, made as it is met."""

    def __missing__(self, code: int) -> str:
        if len(self) > 50_000:
            self.clear()
        folded = fold(chr(code))
        self[code] = folded[0] if folded else chr(code)
        return self[code]


_aligned = _Aligned()


def fold_aligned(text: str) -> str:
    """Folded character by character, so that places in it are places in the text."""
    return text.translate(_aligned)


def tokens(text: str) -> Iterator[str]:
    """The tokens of a text in order; scripts without spaces come as pairs and a last one."""
    for found in _TOKEN.finditer(fold(text)):
        run = found[0]
        if found["continuous"] is None:
            yield run[:MAX_TOKEN]
        else:
            yield from (run[place : place + 2] for place in range(len(run)))


def line(text: str) -> str:
    """The words of a text, folded, with one blank between them."""
    return " ".join(found[0] for found in _TOKEN.finditer(fold(text)))


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that every hit must hold: `text`, or more generously what begins with `stem`."""

    text: str
    stem: str
    is_prefix: bool


@dataclass(frozen=True, slots=True)
class Search:
    """A query as it is understood: its terms, the folded phrase, what to highlight."""

    terms: tuple[Term, ...]
    phrase: str
    marks: tuple[tuple[str, bool], ...]


def understand(query: str) -> Search:
    """Any text at all; what holds no word has no terms, and so no hits."""
    runs = [(found[0], found["continuous"] is not None) for found in _TOKEN.finditer(fold(query))]
    telling = [run for run in runs if run[0] not in STOP_WORDS] or runs
    terms: dict[str, Term] = {}
    marks: dict[tuple[str, bool], None] = {}
    for run, is_continuous in telling:
        made = _pairs(run) if is_continuous else [_word(run[:MAX_TOKEN])]
        terms.update({term.text: term for term in made})
        marks[(run, False) if is_continuous else (made[0].stem, made[0].is_prefix)] = None
    return Search(
        terms=tuple(terms.values())[:MAX_TERMS],
        phrase=" ".join(run for run, _ in runs),
        marks=tuple(marks)[:MAX_TERMS],
    )


def _pairs(run: str) -> list[Term]:
    if len(run) == 1:
        return [Term(run, run, is_prefix=True)]
    pairs = [run[place : place + 2] for place in range(len(run) - 1)]
    return [Term(pair, pair, is_prefix=False) for pair in pairs]


def _word(word: str) -> Term:
    # One letter begins half the dictionary: it stands for itself, as in "C".
    is_prefix = len(word) > 1 and word[-1] not in "+#"
    return Term(word, _stem(word) if is_prefix else word, is_prefix)


def _stem(word: str) -> str:
    if word.isascii() and not word.endswith("ss"):
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                return word.removesuffix(ending)
    return word
