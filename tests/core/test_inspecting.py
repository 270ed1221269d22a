"""What a check sees of a text, and on which line."""

import pytest

from cms.core import inspecting, rendering
from cms.core.inspecting import Piece, inspect
from cms.core.markdown import TooDeep

TEXT = """\
# One

Some text
over two lines ![](/a.png)
and a [link](/articles/x
"title"), TODO.

```python
# TODO ![](/not.png) [no](/articles/no)
```

> quoted
> ![ ](b.png) `TODO`

- item
- [two](https://example.com) TK

| a | b |
|---|---|
| FIXME | ![](c.png) |

<p>
<img src="d.png"><a href="/articles/raw">x</a>
</p>

### Three <img src="e.png" alt=" ">

[ref]: /articles/ref
See [ref] and <https://auto.example>.
"""


def _seen(text: str, *what: str) -> list[tuple[int | None, str]]:
    return [(piece.line, piece.text) for piece in inspect(text) if piece.what in what]


def test_every_piece_is_found_on_its_line_and_none_in_code() -> None:
    assert _seen(TEXT, "image_without_alt") == [
        (4, "/a.png"),
        (13, "b.png"),
        (20, "c.png"),
        (23, "d.png"),
        (26, "e.png"),
    ]
    assert _seen(TEXT, "marker") == [(6, "TODO"), (16, "TK"), (20, "FIXME")]
    assert _seen(TEXT, "heading") == [(1, "One"), (26, 'Three <img src="e.png" alt=" ">')]
    assert _seen(TEXT, "link") == [
        (5, "/articles/x"),
        (16, "https://example.com"),
        (23, "/articles/raw"),
        (29, "/articles/ref"),
        (29, "https://auto.example"),
    ]


def test_anchors_are_those_of_the_rendered_text() -> None:
    assert _seen("## Getting started\n\n[x](#getting-started) [y](#gone)", "anchor", "link") == [
        (1, "h-getting-started"),
        (3, "#h-getting-started"),
        (3, "#gone"),
    ]


@pytest.mark.parametrize("word", ["todo", "TODOS", "mTK", "TKA", "Todo"])
def test_words_that_only_look_like_markers_are_none(word: str) -> None:
    assert _seen(f"a {word} b", "marker") == []


def test_an_image_with_a_text_a_comment_and_an_empty_text_are_fine() -> None:
    found = inspect("![x](/a.png) <img src='b' alt='y'> <!-- TODO -->")
    assert found == [Piece("image", 1, "/a.png"), Piece("image", 1, "b")]
    assert inspect("") == []


def test_a_text_of_many_pieces_is_cut() -> None:
    assert len(inspect("[a](b) " * (inspecting.MOST_PIECES + 5))) == inspecting.MOST_PIECES


def test_a_text_too_deep_is_refused() -> None:
    with pytest.raises(TooDeep):
        inspect("> " * 200 + "x")


async def test_the_worker_finds_the_same_off_the_event_loop() -> None:
    assert await rendering.inspect(TEXT) == inspect(TEXT)
    assert await rendering.inspect("TODO") == [Piece("marker", 1, "TODO")]
    with pytest.raises(TooDeep):
        await rendering.inspect("> " * 200 + "x")
