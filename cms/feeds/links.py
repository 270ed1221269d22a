"""llms.txt (llmstxt.org) and robots.txt: what there is, as plain links."""

import re
from collections.abc import Iterable, Sequence

SPECIAL = re.compile(r"([\\\[\]<>`*_])")


def llms(
    title: str, description: str, source: str, sections: Sequence[tuple[str, Iterable[str]]]
) -> bytes:
    """`source` says where the Markdown of an article is found."""
    parts = [f"# {_line(title)}"]
    if description:
        parts.append(f"> {_line(description)}")
    parts.append(source)
    for name, links in sections:
        if listed := "\n".join(links):
            parts.append(f"## {name}\n\n{listed}")
    return ("\n\n".join(parts) + "\n").encode()


def link(title: str, url: str, about: str = "") -> str:
    return f"- [{_line(title)}]({url})" + (f": {_line(about)}" if about else "")


def robots(site_url: str) -> bytes:
    return f"User-agent: *\nAllow: /\n\nSitemap: {site_url}/sitemap.xml\n".encode()


def _line(text: str) -> str:
    """Free text as one line that is no Markdown."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
