"""How words are folded, cut and understood, and where snippets are taken from."""

import pytest

from cms.search import texts
from cms.search.snippets import LENGTH, marked, snippet
from cms.search.words import MAX_TERMS, fold, tokens, understand


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Déjà Vu", "deja vu"),
        ("Łódź ØRSTED Straße", "lodz orsted strasse"),
        ("I\u0307stanbul", "istanbul"),
        ("e\u0301cole école", "ecole ecole"),
        ("\uff21\uff30\uff29 ﬁle", "api file"),
        ("Jum'at don\u2019t", "jumat dont"),
        ("Йод", "иод"),
        ("الْكِتَابُ", "الكتاب"),
        ("שָׁלוֹם", "שלום"),
        ("한국어", "한국어"),
        ("が ｶﾞ", "が ガ"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_folding_drops_case_and_accents_and_keeps_letters(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apa itu API?", ["apa", "itu", "api"]),
        ("kata-kata user_id", ["kata", "kata", "user", "id"]),
        ("C++ dan C#, F#", ["c++", "dan", "c#", "f#"]),
        ("東京大学", ["東京", "京大", "大学", "学"]),
        ("Python入門", ["python", "入門", "門"]),
        ("हिन्दी भाषा।", ["हिन्दी", "भाषा"]),
        ("\U0001f334 \u202e -- $ne .* \0", ["ne"]),
        ("", []),
    ],
)
def test_a_text_becomes_tokens(text: str, expected: list[str]) -> None:
    assert list(tokens(text)) == expected


def test_a_query_is_words_without_those_that_say_nothing() -> None:
    assert [term.text for term in understand("Apa itu API yang baik").terms] == ["api", "baik"]
    assert [term.text for term in understand("apa itu").terms] == ["apa", "itu"]
    assert understand("!!! \U0001f334").terms == ()


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("bukunya", "buku"),
        ("makanan", "makan"),
        ("caching", "cach"),
        ("apis", "apis"),
        ("tests", "test"),
        ("class", "class"),
        ("bulan", "bulan"),
    ],
)
def test_endings_are_loosened_while_enough_is_left(word: str, stem: str) -> None:
    assert understand(word).terms[0].stem == stem


def test_a_query_has_a_bounded_number_of_terms() -> None:
    assert len(understand(" ".join(f"word{n}" for n in range(60))).terms) == MAX_TERMS
    assert len(understand("東" * 3 + "京大学入門日本語文章" * 19).terms) == MAX_TERMS


def test_a_snippet_is_the_text_itself_around_what_matches() -> None:
    text = "Awal. " + "lorem " * 200 + "Belajar <b>Café</b> & API di sini. " + "ipsum " * 200
    spans = snippet(text, understand("cafe api"))
    assert [span.text for span in spans if span.is_match] == ["Café", "API"]
    joined = "".join(span.text for span in spans).removeprefix("… ").removesuffix(" …")
    assert joined in text
    assert "<b>Café</b> & API" in joined
    assert len(joined) <= LENGTH


def test_a_snippet_without_a_match_is_the_opening() -> None:
    spans = snippet("Kalimat pertama. " + "kata " * 100, understand("tidakada"))
    assert spans[0].text.startswith("Kalimat pertama.")
    assert not any(span.is_match for span in spans)
    assert snippet("", understand("x")) == []


def test_scripts_without_spaces_are_marked_where_they_stand() -> None:
    spans = marked("私は東京大学へ行く", understand("東京"))
    assert [(span.text, span.is_match) for span in spans] == [
        ("私は", False),
        ("東京", True),
        ("大学へ行く", False),
    ]


def test_a_single_letter_stands_for_itself() -> None:
    spans = marked("C, cc and C++", understand("c"))
    assert [span.text for span in spans if span.is_match] == ["C", "C"]


def test_html_becomes_the_text_that_readers_see() -> None:
    shown = '<h2 id="h-a">A <em>b</em>c</h2><p>x &lt;y&gt;<br>z</p><pre><code>q = 1</code></pre>'
    assert texts.plain(shown) == "A bc x <y> z q = 1"
