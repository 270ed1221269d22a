import re
from pathlib import Path

import pytest

from cms.core.markdown import (
    MAX_SOURCE_BYTES,
    Heading,
    Rendered,
    TooLarge,
    highlight_css,
    render,
)
from tests.core.safe_html import Elements, flaws

ROOT = Path(__file__).parents[2]
SEED = ROOT / "../shared/seed/apa-itu-backend-developer.txt"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("~~x~~", "<p><s>x</s></p>\n"),
        ("3. x\n4. y", '<ol start="3">\n<li>x</li>\n<li>y</li>\n</ol>\n'),
        ("[a](foo:bar)", "<p>[a](foo:bar)</p>\n"),
        ("1) x", "<ol>\n<li>x</li>\n</ol>\n"),
        ('"x" -- (c)...', '<p>"x" -- (c)...</p>\n'),
        ("a\r\nb\rc", "<p>a\nb\nc</p>\n"),
        ("a\x00b\x01c\ud800", "<p>a\ufffdb\ufffdc\ufffd</p>\n"),
        ("<p>&#1;&#xFFFE;</p>", "<p>\ufffd\ufffd</p>\n"),
        ("\ufeff# x", '<h1 id="h-x">x</h1>\n'),
        ("<!-- hidden -->", "\n"),
        ("", ""),
        ("a <kbd>Ctrl</kbd> <u>b", "<p>a <kbd>Ctrl</kbd> <u>b</u></p><u>\n</u>"),
        ("> [!TIP]\n> x", '<div class="admonition tip" role="note">\n<p>x</p>\n</div>\n'),
        ("::: note\nx\n:::", '<div class="admonition note" role="note">\n<p>x</p>\n</div>\n'),
        (
            "> ::: tip\n> ",
            '<blockquote>\n<div class="admonition tip" role="note">\n</div>\n</blockquote>\n',
        ),
        ("::: odd\nx\n:::", "<p>::: odd\nx\n:::</p>\n"),
        ("    <x>", '<pre tabindex="0"><code>&lt;x&gt;\n</code></pre>\n'),
        ("```nope\n<x>\n```", '<pre tabindex="0"><code>&lt;x&gt;\n</code></pre>\n'),
    ],
)
def test_the_dialect(source: str, expected: str) -> None:
    assert render(source).html == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("https://example.com/a?b=1", 'href="https://example.com/a?b=1" rel="noopener noreferrer"'),
        ("www.example.com", 'href="http://www.example.com" rel="noopener noreferrer"'),
        ("a@example.com", 'href="mailto:a@example.com">'),
        ("[a](//example.com)", 'href="//example.com" rel="noopener noreferrer"'),
        (r'<a href="/\example.com">a</a>', r'href="/\example.com" rel="noopener noreferrer"'),
        ("<a href='ht\ntps://example.com'>a</a>", 'href="https://example.com" rel="noopener'),
        ("<a title=' href=' href=//b>a</a>", 'href="//b" rel="noopener noreferrer"'),
        ("[a](/b)", 'href="/b">'),
        ("[a](b#c)", 'href="b#c">'),
        ("<a href=/b rel=nofollow>a</a>", 'href="/b">'),
    ],
)
def test_only_a_link_that_leaves_the_site_says_so(source: str, expected: str) -> None:
    assert expected in render(source).html


@pytest.mark.parametrize(
    "source", ["foo:bar", "xmpp:a@example.com", "javascript:alert(1)", "ftp://example.com"]
)
def test_a_bare_address_of_an_odd_scheme_stays_text(source: str) -> None:
    rendered = render(f"a {source} b")
    assert "href" not in rendered.html.replace("mailto:", "")
    assert rendered.excerpt == f"a {source} b"


def test_a_table_keeps_its_alignment_without_styles() -> None:
    table = render("| a | b |\n|:-:|--:|\n| 1 | 2 |").html
    assert '<th align="center">a</th>' in table
    assert '<td align="right">2</td>' in table
    assert "style" not in table


def test_an_admonition_takes_its_authors_title() -> None:
    page = render("::: warning Awas <b>\n*x*\n:::").html
    assert '<p class="admonition-title">Awas &lt;b&gt;</p>\n<p><em>x</em></p>' in page


def test_a_task_list_has_disabled_boxes_named_by_their_items() -> None:
    boxes = Elements(render("- [x] selesai\n- [ ] belum\n- lain").html).named("input")
    assert [(box["type"], box["aria-labelledby"], "checked" in box) for box in boxes] == [
        ("checkbox", "task-1", True),
        ("checkbox", "task-2", False),
    ]
    assert all("disabled" in box for box in boxes)


def test_a_box_in_raw_html_is_dropped() -> None:
    source = "a <input type=checkbox disabled class=task-list-item-checkbox> b"
    assert render(source).html == "<p>a  b</p>\n"


def test_code_is_highlighted_by_classes() -> None:
    assert render("```PY title='x'\nx = 1\n```").html.startswith(
        '<pre class="highlight" tabindex="0"><code class="language-python"><span class="n">x</span>'
    )


def test_an_image_keeps_its_size_and_loads_lazily() -> None:
    source = '<img src="/a.png" alt="b" title="c" width=10 height="9px">'
    assert render(source).html == (
        '<img src="/a.png" alt="b" title="c" width="10" loading="lazy" decoding="async">\n'
    )
    assert render("![a](mailto:b@example.com)").html == "<p></p>\n"


def test_footnotes_link_there_and_back_under_unique_ids() -> None:
    page = Elements(render("a[^x] b[^y] c[^x]\n\n[^y]: Y\n[^x]: X\n").html)
    ids = page.ids()
    assert ids == ["fnref-1", "fnref-2", "fnref-1-2", "fn-1", "fn-2"]
    targets = [link["href"] for link in page.named("a")]
    assert targets == ["#fn-1", "#fn-2", "#fn-1", "#fnref-1", "#fnref-1-2", "#fnref-2"]
    assert {link["role"] for link in page.named("a")} == {"doc-noteref", "doc-backlink"}
    assert page.named("section") == [{"class": "footnotes", "role": "doc-endnotes"}]


@pytest.mark.parametrize(
    ("titles", "ids"),
    [
        (["Apa itu?", "Apa itu?", "Apa itu"], ["h-apa-itu", "h-apa-itu-2", "h-apa-itu-3"]),
        (["a", "a-2", "a"], ["h-a", "h-a-2", "h-a-3"]),
        (["a-2", "a", "a"], ["h-a-2", "h-a", "h-a-3"]),
        (["", "!!!", "<br>"], ["h-section", "h-section-2", "h-section-3"]),
        (["Ünïcode 日本語"], ["h-unicode-ribenyu"]),
        (["`code` & *more*[^1]"], ["h-code-more"]),
        (["x" * 200], ["h-" + "x" * 80]),
        # What these name on `window` and `document` must stay what it is.
        (["location", "constructor", "__proto__"], ["h-location", "h-constructor", "h-proto"]),
        (["fn-1", "task-1"], ["h-fn-1", "h-task-1"]),
    ],
)
def test_headings_get_readable_unique_ids_that_shadow_nothing(
    titles: list[str], ids: list[str]
) -> None:
    source = "\n\n".join(f"# {title}" for title in titles) + "\n\n[^1]: x"
    headings = Elements(render(source).html).named("h1")
    assert [heading["id"] for heading in headings] == ids


def test_a_link_written_for_github_finds_its_heading() -> None:
    page = render("[a](#mulai) [b](#日本語) [c](#lain)\n\n# Mulai\n\n# 日本語").html
    assert [link["href"] for link in Elements(page).named("a")] == [
        "#h-mulai",
        "#h-ribenyu",
        "#lain",
    ]


def test_the_table_of_contents_nests_by_level() -> None:
    source = "## A\n\n#### B & *C*\n\n### D[^1]\n\n# E\n\n#\n\n> # F\n\n<h2>G</h2>\n\n[^1]: x"
    assert render(source).toc == (
        Heading("h-a", 2, "A", (Heading("h-b-c", 4, "B & C", ()), Heading("h-d", 3, "D", ()))),
        Heading("h-e", 1, "E", ()),
    )


@pytest.mark.parametrize(
    ("source", "excerpt"),
    [
        ("# Judul\n\nIsi *tebal* &amp; `kode`[^1].\n\n[^1]: x", "Isi tebal & kode."),
        ("![a](/b)\n\n> kutipan\n\n```\nkode\n```\n\n- butir\n\nIsi.", "Isi."),
        ("Halo.\n\nIni isinya.", "Halo. Ini isinya."),
        ("a\nb\\\nc<br>d", "a b c d"),
        ("- satu\n- dua", "satu dua"),
        ("# Judul saja", "Judul saja"),
        ("<script>x</script>&lt;b&gt;", "<b>"),
        ("", ""),
    ],
)
def test_the_excerpt_is_the_first_plain_text(source: str, excerpt: str) -> None:
    assert render(source).excerpt == excerpt


def test_a_long_excerpt_ends_at_a_word() -> None:
    excerpt = render("kata, " * 100).excerpt
    assert excerpt.endswith("kata\u2026")
    assert 190 < len(excerpt) <= 200


def test_a_long_excerpt_without_spaces_does_not_split_a_character() -> None:
    excerpt = render("か\u3099" * 150).excerpt
    assert len(excerpt) <= 200
    assert excerpt.endswith("\u3099\u2026")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Buku-buku itu don't cost 3.11 user_id", 6),
        ("**te**bal", 1),
        ("- satu\n- dua", 2),
        ("日本語 abc", 4),
        ("カタカナ。", 4),
        ("한국어 단어", 2),
        ("a `b c`\n\n```\nd e f\n```", 3),
        ("a[^1]\n\n[^1]: b", 2),
        ("![alt](/a)", 0),
        ("<style>a b</style>", 0),
    ],
)
def test_words_are_counted_as_a_reader_sees_them(source: str, words: int) -> None:
    assert render(source).word_count == words


@pytest.mark.parametrize(
    ("source", "minutes"),
    [("", 1), ("a " * 200, 1), ("a " * 201, 2), ("日" * 500, 1), ("日" * 501, 2)],
)
def test_reading_takes_200_words_or_500_characters_a_minute(source: str, minutes: int) -> None:
    assert render(source).reading_minutes == minutes


def test_the_source_may_have_256_kib_and_no_byte_more() -> None:
    assert isinstance(render("é" * (MAX_SOURCE_BYTES // 2)), Rendered)
    with pytest.raises(TooLarge, match="262146"):
        render("é" * (MAX_SOURCE_BYTES // 2 + 1))


def test_html_beyond_2_mib_is_refused() -> None:
    with pytest.raises(TooLarge, match="bytes of HTML"):
        render("```python\n" + "x+" * 120_000 + "\n```")


def test_the_stylesheet_touches_only_highlighted_code() -> None:
    css = highlight_css()
    assert "prefers-color-scheme: dark" in css
    selectors = [line for line in css.splitlines() if "{" in line and not line.startswith("@")]
    assert len(selectors) > 100
    assert all(line.startswith(".highlight") for line in selectors)


def test_the_seed_article_keeps_its_two_numbered_lists() -> None:
    if not SEED.exists():
        pytest.skip("the seed article stands beside the repository, not in it")
    source = re.sub(r"^\s+(?=\d+\. )", "", SEED.read_text(), flags=re.MULTILINE)
    page = Elements(render(source).html)
    assert page.children_of("ol") == [["li"] * 5, ["li"] * 7]
    assert flaws(render(source).html) == []
