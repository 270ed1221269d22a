"""The example portfolio as it lies in the package: Markdown with TOML before it, and plain TOML."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

FENCE = "+++"


@dataclass(frozen=True, slots=True)
class Text:
    """One example: its front matter and its Markdown."""

    matter: dict[str, Any]
    markdown: str

    @property
    def slug(self) -> str:
        slug: str = self.matter["slug"]
        return slug

    def fields(self, *but: str) -> dict[str, Any]:
        """What an input takes of it."""
        kept = {name: value for name, value in self.matter.items() if name not in but}
        return {**kept, "markdown": self.markdown}


def read_texts(folder: str) -> list[Text]:
    """Articles, projects or pages, in the order of their files."""
    return [_text(content) for content in _files(folder)]


def _text(content: str) -> Text:
    _, matter, markdown = content.split(FENCE, 2)
    return Text(tomllib.loads(matter), markdown.lstrip("\n"))


def read_profiles() -> list[dict[str, Any]]:
    return [tomllib.loads(content) for content in _files("profiles")]


def read_list(name: str) -> list[dict[str, Any]]:
    """The tables of `series.toml` or `redirects.toml`."""
    found: list[dict[str, Any]] = tomllib.loads(_file(f"{name}.toml"))[name]
    return found


def read_site() -> dict[str, Any]:
    return tomllib.loads(_file("site.toml"))


def _files(folder: str) -> Iterator[str]:
    place = resources.files("cms.demo") / "portfolio" / folder
    for item in sorted(place.iterdir(), key=lambda item: item.name):
        yield item.read_text(encoding="utf-8")


def _file(name: str) -> str:
    return (resources.files("cms.demo") / "portfolio" / name).read_text(encoding="utf-8")
