"""The closed list of HTML that may leave a text, whatever went in.

`nh3` parses as a browser does and drops what isn't listed; its filter reads each value left. Ids,
and the task lists' boxes, are ours alone: they come sealed (see `dialect`), an author's go.
"""

import re
from collections.abc import Callable, Mapping

import nh3
from pygments.token import STANDARD_TYPES

from cms.core.addresses import SCHEMES, canonical, is_allowed, leaves_the_site

SECTIONS = {"blockquote", "details", "div", "hr", "p", "pre", "section", "summary"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
FIGURES = {"figcaption", "figure", "img"}
LISTS = {"dd", "dl", "dt", "input", "li", "ol", "ul"}
TABLES = {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
PHRASES = {
    *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd"),
    *("mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup"),
    *("time", "u", "var", "wbr"),
}
TAGS = SECTIONS | HEADINGS | FIGURES | LISTS | TABLES | PHRASES
# What these hold is not prose; every other unknown tag leaves its text behind.
DROPPED_WHOLE = {
    *("applet", "audio", "canvas", "embed", "frame", "frameset", "iframe", "math", "noembed"),
    *("noframes", "noscript", "object", "plaintext", "script", "select", "style", "svg"),
    *("template", "textarea", "title", "video", "xmp"),
}
CLASSES = {
    *("highlight", "contains-task-list", "task-list-item", "footnotes", "footnote-ref"),
    *("footnote-backref", "admonition", "admonition-title"),
    *("note", "tip", "important", "warning", "caution"),
    *filter(None, STANDARD_TYPES.values()),
}


def _one_of(*values: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, values)))


_NUMBER = re.compile(r"\d{1,5}")
_COUNT = re.compile(r"-?\d{1,9}")
_TEXT = re.compile(r".*", re.DOTALL)
_EMPTY = re.compile("")
ANY_TAG = "*"
ATTRIBUTES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    ANY_TAG: {
        "dir": _one_of("ltr", "rtl", "auto"),
        "lang": re.compile(r"[A-Za-z0-9-]{1,35}"),
        "role": _one_of("note", "doc-noteref", "doc-backlink", "doc-endnotes"),
    },
    "a": {"title": _TEXT},
    "abbr": {"title": _TEXT},
    "details": {"open": _TEXT},
    "img": {"alt": _TEXT, "title": _TEXT, "width": _NUMBER, "height": _NUMBER},
    "input": {"checked": _EMPTY, "type": _one_of("checkbox")},
    "li": {"value": _COUNT},
    "ol": {"start": _COUNT, "reversed": _TEXT, "type": _one_of("1", "a", "A", "i", "I")},
    "pre": {"tabindex": _one_of("0")},
    "td": {
        "align": _one_of("left", "center", "right"),
        "colspan": _NUMBER,
        "rowspan": _NUMBER,
    },
    "th": {
        "align": _one_of("left", "center", "right"),
        "colspan": _NUMBER,
        "rowspan": _NUMBER,
        "scope": _one_of("col", "row", "colgroup", "rowgroup"),
    },
    "time": {"datetime": re.compile(r"[0-9TZPWDHMS:.,+ -]{1,40}")},
}
ADDRESSES: Mapping[tuple[str, str], Callable[[str], bool]] = {
    ("a", "href"): is_allowed,
    ("img", "src"): lambda url: is_allowed(url) and not url.lower().startswith("mailto:"),
}
# Ours alone: without the seal they go.
SEALED: Mapping[str, frozenset[str]] = {
    ANY_TAG: frozenset({"id"}),
    "input": frozenset({"class", "aria-labelledby"}),
}
LANGUAGE_CLASS = re.compile(r"language-[a-z0-9+#._-]{1,40}")

# What the Unicode and XML 1.0 standards keep out of a text: feeds must be able to carry it.
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REPLACEMENT = "\ufffd"

# nh3 escapes every `<` and `>` of texts and values, so in its answer each `<` opens a tag.
_FINISHED = re.compile(r"<(a|img|input)\b([^<>]*)>")
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


def clean(html: str, seal: str) -> str:
    """The allowed part of `html`, with what each link, image and box must carry."""
    safe = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes=_listed(),
        attribute_filter=_Filter(seal),
        link_rel=None,
        url_schemes=SCHEMES,
    )
    # A seal that an author's unclosed quote swallowed is text by now.
    return NOT_TEXT.sub(REPLACEMENT, _FINISHED.sub(_finish, safe).replace(seal, ""))


def _listed() -> dict[str, set[str]]:
    listed = {tag: set(rules) for tag, rules in ATTRIBUTES.items()}
    listed[ANY_TAG].add("class")
    for tag, names in SEALED.items():
        listed.setdefault(tag, set()).update(names)
    for tag, name in ADDRESSES:
        listed[tag].add(name)
    return listed


class _Filter:
    """What becomes of one attribute: its value, a better one, or None when it goes."""

    def __init__(self, seal: str) -> None:
        self._seal = seal

    def __call__(self, tag: str, name: str, value: str) -> str | None:
        if name in SEALED[ANY_TAG] or name in SEALED.get(tag, ()):
            return value.removeprefix(self._seal) if value.startswith(self._seal) else None
        if name == "class":
            return " ".join(filter(_is_class, value.split())) or None
        if (tag, name) in ADDRESSES:
            address = canonical(value)
            return address if ADDRESSES[tag, name](address) else None
        rule = ATTRIBUTES.get(tag, {}).get(name) or ATTRIBUTES[ANY_TAG].get(name)
        return value if rule is not None and rule.fullmatch(value) else None


def _is_class(name: str) -> bool:
    return name in CLASSES or LANGUAGE_CLASS.fullmatch(name) is not None


def _finish(tag: re.Match[str]) -> str:
    name, attributes = tag[1], tag[2]
    values = dict(_ATTRIBUTE.findall(attributes))
    if name == "a":
        # The author vouches for a link, so no `nofollow`; where it leads learns nothing of us.
        away = leaves_the_site(values.get("href", ""))
        return f'<a{attributes} rel="noopener noreferrer">' if away else tag[0]
    if name == "img":
        return f'<img{attributes} loading="lazy" decoding="async">' if "src" in values else ""
    return f"<input{attributes} disabled>" if "class" in values else ""
