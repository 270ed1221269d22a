"""The Markdown we speak: GitHub's, with footnotes, admonitions and highlighted code.

Every id and class that only we may hand out leaves here behind a seal, a string the author can't
know; `sanitise` takes the seal off and drops whatever came without one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

import pygments
from anyascii import anyascii
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.gfm import gfm_plugin
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_all_lexers, get_lexer_by_name

from cms.core.addresses import is_allowed

MAX_NESTING = 100
ADMONITIONS = frozenset({"note", "tip", "important", "warning", "caution"})

# Anchors are `h-` and a slug. An element's id becomes a property of `window`, so a heading
# "Location" or "Constructor" must not be called that, nor "Main content" what the frontend's own
# skip link is called. No script asks for a name with a hyphen, no footnote id starts with `h-`,
# and unlike GitHub's `user-content-` it stays readable and works without JavaScript. A link
# written for GitHub (`#getting-started`) is pointed at ours.
ANCHOR = "h-"
SLUG_LENGTH = 80

_FORMATTER = HtmlFormatter(nowrap=True)


def to_html(source: str, seal: str) -> str:
    """HTML still to be sanitised; nesting past the limit raises RecursionError."""
    # The container plugin reads one character past an unfinished last line.
    html: str = _parser().render(f"{source}\n", {"seal": seal})
    return html


def parse(source: str) -> list[Token]:
    """The tokens that `to_html` renders, with anchors that no seal marks."""
    return _parser().parse(f"{source}\n", {"seal": ""})


@cache
def _parser() -> MarkdownIt:
    # The typographer stays off: quotes and dashes are the author's.
    markdown = MarkdownIt(
        "commonmark", {"maxNesting": MAX_NESTING, "html": True, "highlight": _highlight}
    )
    markdown.use(gfm_plugin)
    markdown.use(container_plugin, "admonition", validate=_is_admonition, render=_admonition)
    # The autolink plugin eats the scheme of `xmpp:` when the address is refused afterwards, so it
    # is let through here; the sanitiser leaves the text without the link. Setting the attribute is
    # how markdown-it documents it.
    markdown.validateLink = lambda url: is_allowed(url) or url.startswith("xmpp:")  # type: ignore[method-assign]
    markdown.core.ruler.after("block", "depth", _refuse_depth)
    markdown.core.ruler.push("anchors", _anchors)
    markdown.core.ruler.push("attributes", _attributes)
    rules: dict[str, Callable[..., str]] = {
        "code_block": _code_block,
        "list_item_open": _list_item_open,
        "footnote_ref": _footnote_ref,
        "footnote_block_open": _footnote_block_open,
        "footnote_block_close": _footnote_block_close,
        "footnote_open": _footnote_open,
        "footnote_anchor": _footnote_anchor,
    }
    for name, rule in rules.items():
        markdown.add_render_rule(name, rule)
    return markdown


def _refuse_depth(state: StateCore) -> None:
    # At its limit markdown-it drops the text in silence: someone's words. Refuse instead.
    if any(token.nesting == 1 and token.level >= MAX_NESTING - 1 for token in state.tokens):
        raise RecursionError


def _anchors(state: StateCore) -> None:
    """Give each heading its id, then point the author's fragment links at them."""
    seal: str = state.env["seal"]
    free = _Anchors()
    for opening, content in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "heading_open":
            opening.attrSet("id", seal + free.take(slug(_plain(content.children or ()))))
    for link in _links(state.tokens):
        href = str(link.attrGet("href"))
        if href.startswith("#") and (anchor := ANCHOR + slug(unquote(href))) in free.taken:
            link.attrSet("href", f"#{anchor}")


class _Anchors:
    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._next: dict[str, int] = {}

    def take(self, name: str) -> str:
        # Remember where the count stands: 20,000 equal headings must not cost 20,000 squared.
        number = self._next.get(name, 1)
        anchor = f"{ANCHOR}{name}" if number == 1 else f"{ANCHOR}{name}-{number}"
        while anchor in self.taken:
            number += 1
            anchor = f"{ANCHOR}{name}-{number}"
        self._next[name] = number + 1
        self.taken.add(anchor)
        return anchor


def slug(title: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", anyascii(title).lower()).strip("-")
    return words[:SLUG_LENGTH].rstrip("-") or "section"


def _plain(tokens: Iterable[Token]) -> str:
    return "".join(t.content for t in tokens if t.type in {"text", "code_inline"})


def _links(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                yield child


def _attributes(state: StateCore) -> None:
    """Say in attributes what markdown-it says in inline styles and English words."""
    kept: list[Token] = []
    in_title = False
    for token in state.tokens:
        if token.type in {"th_open", "td_open"} and "style" in token.attrs:
            # `align`, as the GFM specification prints it: it works in feed readers too.
            token.attrs = {"align": str(token.attrs["style"]).removeprefix("text-align:")}
        elif token.type == "alert_open":
            token.attrs = _admonition_attributes(token.info.lower())
        in_title = in_title or token.type == "alert_title_open"
        if not in_title:
            # An alert's title is an English word whatever the article's language is: the
            # stylesheet names the kind, from the class.
            kept.append(token)
        in_title = in_title and token.type != "alert_title_close"
    state.tokens = kept


def _admonition_attributes(kind: str) -> dict[str, str | int | float]:
    return {"class": f"admonition {kind}", "role": "note"}


def _is_admonition(info: str, _markup: str) -> bool:
    return info.split(maxsplit=1)[:1] != [] and info.split(maxsplit=1)[0].lower() in ADMONITIONS


def _admonition(_: Any, tokens: Sequence[Token], index: int, *_more: Any) -> str:
    if tokens[index].nesting == -1:
        return "</div>\n"
    kind, _space, title = tokens[index].info.strip().partition(" ")
    opening = f'<div class="admonition {kind.lower()}" role="note">\n'
    return opening + (f'<p class="admonition-title">{escapeHtml(title)}</p>\n' if title else "")


@cache
def _languages() -> frozenset[str]:
    # Asked first: Pygments answers an unknown name by scanning every installed package.
    return frozenset(
        alias for _name, aliases, *_ in get_all_lexers(plugins=False) for alias in aliases
    )


def _highlight(code: str, language: str, _attributes: str) -> str:
    if language.lower() not in _languages():
        return _preformatted(code)
    # A new lexer for each block: some keep state, and the same text must give the same bytes.
    lexer = get_lexer_by_name(language.lower(), stripnl=False)
    marked_up = pygments.highlight(code, lexer, _FORMATTER)
    opening = f'<pre class="highlight" tabindex="0"><code class="language-{lexer.aliases[0]}">'
    return f"{opening}{marked_up}</code></pre>"


def _preformatted(code: str) -> str:
    # tabindex: a block wider than the screen has to scroll by keyboard as well.
    return f'<pre tabindex="0"><code>{escapeHtml(code)}</code></pre>'


def _code_block(_: Any, tokens: Sequence[Token], index: int, *_more: Any) -> str:
    return _preformatted(tokens[index].content) + "\n"


def _list_item_open(
    renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: dict[str, Any]
) -> str:
    token, seal = tokens[index], env["seal"]
    if "checked" not in token.meta:
        return str(renderer.renderToken(tokens, index, options, env))
    # The item names its own box, in whatever language it is written.
    env["tasks"] = number = env.get("tasks", 0) + 1
    token.attrSet("id", f"{seal}task-{number}")
    opening = renderer.renderToken(tokens, index, options, env)
    checked = ' checked=""' if token.meta["checked"] else ""
    return (
        f'{opening}<input class="{seal}task-list-item-checkbox" type="checkbox"{checked} '
        f'aria-labelledby="{seal}task-{number}"> '
    )


def _footnote_ref(
    _: Any, tokens: Sequence[Token], index: int, _options: Any, env: dict[str, Any]
) -> str:
    number, reference = _footnote(tokens[index])
    return (
        f'<sup class="footnote-ref"><a href="#fn-{number}" id="{env["seal"]}{reference}" '
        f'role="doc-noteref">{number}</a></sup>'
    )


def _footnote_block_open(*_: Any) -> str:
    return '<section class="footnotes" role="doc-endnotes">\n<ol>\n'


def _footnote_block_close(*_: Any) -> str:
    return "</ol>\n</section>\n"


def _footnote_open(
    _: Any, tokens: Sequence[Token], index: int, _options: Any, env: dict[str, Any]
) -> str:
    return f'<li id="{env["seal"]}fn-{tokens[index].meta["id"] + 1}">'


def _footnote_anchor(_: Any, tokens: Sequence[Token], index: int, *_more: Any) -> str:
    _number, reference = _footnote(tokens[index])
    again = tokens[index].meta["subId"] + 1
    which = f"<sup>{again}</sup>" if again > 1 else ""
    # The selector after the arrow keeps iOS from drawing an emoji.
    return (
        f' <a href="#{reference}" class="footnote-backref" role="doc-backlink">'
        f"\N{LEFTWARDS ARROW WITH HOOK}\N{VARIATION SELECTOR-15}{which}</a>"
    )


def _footnote(token: Token) -> tuple[int, str]:
    number, again = token.meta["id"] + 1, token.meta["subId"] + 1
    return number, f"fnref-{number}" if again == 1 else f"fnref-{number}-{again}"
