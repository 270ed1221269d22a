"""The real article of the site this is made for: in through the admin, out of the public API."""

import re
from html.parser import HTMLParser

import httpx

from tests import make

BIO = "IT and software developer"


def as_markdown(text: str) -> tuple[str, str]:
    """(Markdown of the body, the bio): what the author would do by hand in the editor."""
    body, _, tail = text.partition("By ")
    lines = [line.strip().replace("\u00a0", " ") for line in body.strip().splitlines()]
    markdown = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    markdown = re.sub(r"(?m)^([^\d\n][^\n]*[:?])$", r"## \1", markdown)
    return markdown, tail.split("\n", 1)[1].strip()


class _Lists(HTMLParser):
    """Counts the items of each list."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ol", "ul"}:
            self.found.append((tag, 0))
        elif tag == "li":
            kind, items = self.found[-1]
            self.found[-1] = (kind, items + 1)


async def test_the_seed_article_keeps_its_two_lists_author_and_language(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, seed: str
) -> None:
    markdown, bio = as_markdown(seed)
    assert bio.startswith(BIO)
    await make.profile(owner, name="Juri Pebrianto", lang="en", bio_markdown=bio)
    made = await make.published(
        owner,
        title="Apa itu backend developer",
        lang="id",
        markdown=markdown,
        author_slugs=["juri-pebrianto"],
    )

    first = await reader.get(f"/api/v1/articles/{made['slug']}")
    found = first.json()
    lists = _Lists()
    lists.feed(found["html"])
    assert made["slug"] == "apa-itu-backend-developer"
    assert lists.found == [("ol", 5), ("ol", 7)]
    assert found["lang"] == "id"
    assert [author["name"] for author in found["authors"]] == ["Juri Pebrianto"]
    assert len(found["toc"]) == 2
    assert found["word_count"] > 300
    assert (await reader.get("/api/v1/articles", params={"lang": "id"})).json()["items"]

    author = (await reader.get("/api/v1/profiles/juri-pebrianto")).json()
    assert author["lang"] == "en"
    assert BIO in author["bio_html"]
    assert author["articles_count"] == 1

    again = await reader.get(
        f"/api/v1/articles/{made['slug']}", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304
