"""The oracle of the security tests: what HTML may leave us, written down a second time."""

import re
from html.parser import HTMLParser

TAGS = re.compile(
    r"a|abbr|b|bdi|bdo|blockquote|br|caption|cite|code|dd|del|details|dfn|div|dl|dt|em|figcaption|"
    r"figure|h[1-6]|hr|i|img|input|ins|kbd|li|mark|ol|p|pre|q|rp|rt|ruby|s|samp|section|small|"
    r"span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|tr|u|ul|var|wbr"
)
VOID = {"br", "hr", "img", "input", "wbr"}
ADDRESS = r"(?:https?:|mailto:|(?![a-z][a-z0-9+.-]*:)).*"
ANYWHERE = {
    "class": r"(?:(?:[a-z][a-z0-9]{0,2}|language-[a-z0-9+#._-]+|highlight|contains-task-list|"
    r"task-list-item|footnotes|footnote-ref|footnote-backref|admonition|admonition-title|note|tip|"
    r"important|warning|caution)(?: |$))+",
    "dir": r"ltr|rtl|auto",
    "id": r"(?:h|fn|fnref|task)-[a-z0-9-]+",
    "lang": r"[A-Za-z0-9-]+",
    "role": r"note|doc-noteref|doc-backlink|doc-endnotes",
}
SPAN = {"colspan": r"\d+", "rowspan": r"\d+", "align": r"left|center|right", "scope": r"[a-z]+"}
OWN = {
    "a": {"href": ADDRESS, "title": ".*", "rel": "noopener noreferrer"},
    "abbr": {"title": ".*"},
    "details": {"open": ""},
    "img": {
        "src": rf"(?!mailto:){ADDRESS}",
        "alt": ".*",
        "title": ".*",
        "width": r"\d+",
        "height": r"\d+",
        "loading": "lazy",
        "decoding": "async",
    },
    "input": {
        "aria-labelledby": r"task-\d+",
        "checked": "",
        "class": "task-list-item-checkbox",
        "disabled": "",
        "type": "checkbox",
    },
    "li": {"value": r"-?\d+"},
    "ol": {"start": r"-?\d+", "reversed": "", "type": "[1aAiI]"},
    "pre": {"tabindex": "0"},
    "td": SPAN,
    "th": SPAN,
    "time": {"datetime": r"[0-9A-Z:.,+ -]+"},
}
# Our own markup always comes with these.
REQUIRED = {
    "img": {"src", "loading", "decoding"},
    "input": {"type", "disabled", "class", "aria-labelledby"},
}
ADDRESSES = {"href", "src"}


class Elements(HTMLParser):
    """The elements of a page in order, and what about them must not be there."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.flaws: list[str] = []
        self._all: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[tuple[str, list[str]]] = [("", [])]
        self.feed(page)
        self.close()
        if len(self._open) > 1:
            self.flaws.append(f"left open: {self._open}")
        ids = self.ids()
        if len(ids) != len(set(ids)):
            self.flaws.append(f"an id twice: {ids}")

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes, _ in self._all if name == tag]

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes, _ in self._all if "id" in attributes]

    def children_of(self, tag: str) -> list[list[str]]:
        return [children for name, _, children in self._all if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        children: list[str] = []
        self._open[-1][1].append(tag)
        self._all.append((tag, attributes, children))
        if tag not in VOID:
            self._open.append((tag, children))
        self._judge(tag, attributes, given=len(attrs))

    def _judge(self, tag: str, attributes: dict[str, str], given: int) -> None:
        if not TAGS.fullmatch(tag):
            self.flaws.append(f"<{tag}>")
        if given != len(attributes) or not REQUIRED.get(tag, set()) <= attributes.keys():
            self.flaws.append(f"<{tag} {attributes}>: one twice, or one missing")
        for name, value in attributes.items():
            allowed = OWN.get(tag, {}).get(name, ANYWHERE.get(name))
            read = value
            if name in ADDRESSES:
                # As a browser reads it: WHATWG URL, basic parser, steps 1 to 3.
                read = re.sub("[\t\n\r]", "", value.strip("".join(map(chr, range(0x21)))))
            if allowed is None or not re.fullmatch(allowed, read, re.DOTALL | re.IGNORECASE):
                self.flaws.append(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1][0] == tag:
            self._open.pop()
        else:
            self.flaws.append(f"</{tag}> out of place")

    def handle_data(self, data: str) -> None:
        if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", data):
            self.flaws.append(f"not text: {data!r}")

    def handle_comment(self, data: str) -> None:
        self.flaws.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.flaws.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.flaws.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.flaws.append(f"<![{data}]>")


def flaws(page: str) -> list[str]:
    return Elements(page).flaws
