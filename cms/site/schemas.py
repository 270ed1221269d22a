"""Shapes of the site's settings."""

import re
from datetime import datetime
from functools import cache
from typing import Annotated, Final, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from pydantic.config import JsonDict

from cms.core.fields import HttpUrl, Lang, ShortLine, Text
from cms.core.shapes import Input, View
from cms.site.documents import CheckCode, Level

Kind = Literal["article", "project", "page", "profile", "tag", "series"]
STORY: Final[JsonDict] = {
    "examples": [
        {
            "title": "Juri",
            "description": "Notes of a backend developer.",
            "url": "https://juri.example",
            "languages": ["id", "en"],
            "fallback_languages": ["en"],
            "time_zone": "Asia/Jakarta",
            "url_patterns": {"article": {"*": "/articles/{slug}"}},
            "revision": 2,
        }
    ]
}
LINK: Final[JsonDict] = {"examples": [{"label": "Articles", "url": "/articles"}]}
SOCIAL_LINK: Final[JsonDict] = {
    "examples": [{"kind": "github", "url": "https://github.com/rani", "label": "Code"}]
}
SEO: Final[JsonDict] = {
    "examples": [{"title_suffix": " · Juri", "description": "Notes of a backend developer."}]
}
MAIL_OR_HTTP = r"^(https?://|mailto:)[^\s<>\x22'`\\]+$"


@cache
def _zones() -> set[str]:
    """Asked for once: the library walks through hundreds of files, which holds everybody up."""
    return available_timezones()


def _known_zone(value: str) -> str:
    if value not in _zones():
        raise ValueError("must be an IANA time zone such as Asia/Jakarta")
    return value


def _safe_pattern(value: str) -> str:
    if "{slug}" not in value or re.sub(r"\{(slug|lang)\}", "", value).count("{"):
        raise ValueError("must hold {slug}, may hold {lang}, and no other braces")
    return value


def _distinct(value: list[str]) -> list[str]:
    if len(set(value)) != len(value):
        raise ValueError("must not name a language twice")
    return value


UrlPattern = Annotated[
    str,
    Field(min_length=7, max_length=200, pattern=r"^/[A-Za-z0-9/_{}.~-]*$"),
    AfterValidator(_safe_pattern),
]
# A frontend's own path, or somewhere else on the web.
Target = Annotated[
    str,
    Field(
        max_length=2000,
        pattern=r"^(/|/[^/\s<>\x22'`\\][^\s<>\x22'`\\]*|https?://[^\s<>\x22'`\\]+)$",
        examples=["/articles", "https://example.com/"],
    ),
]


class LinkInput(Input, json_schema_extra=LINK):
    label: ShortLine
    url: Target


class SocialLinkInput(Input, json_schema_extra=SOCIAL_LINK):
    kind: ShortLine
    url: Annotated[str, Field(max_length=2000, pattern=MAIL_OR_HTTP)]
    label: Annotated[str, Field(max_length=120)] = ""


class DefaultSeo(Input, json_schema_extra=SEO):
    title_suffix: Annotated[str, Field(max_length=120)] = ""
    description: Annotated[str, Field(max_length=300)] = ""


Color = Annotated[str, Field(pattern="^#[0-9a-f]{6}$", examples=["#9a5b1f"])]
COLORS: Final[JsonDict] = {
    "examples": [{"background": "#fbf7ef", "text": "#2b2118", "accent": "#9a5b1f"}]
}


class ColorsInput(Input, json_schema_extra=COLORS):
    """Of the pictures that are drawn for links without one."""

    background: Color = "#fbf7ef"
    text: Color = "#2b2118"
    accent: Color = "#9a5b1f"


class SiteInput(Input, json_schema_extra=STORY):
    title: ShortLine
    description: Text = ""
    languages: Annotated[
        list[Lang], Field(min_length=1, max_length=20), AfterValidator(_distinct)
    ] = Field(default=["en"], description="The first is the site's main language.")
    fallback_languages: Annotated[list[Lang], Field(max_length=20), AfterValidator(_distinct)] = (
        Field(
            default=[],
            description="What stands in, in this order, where an article lacks the language that a "
            "reader asks for with `fallback=true`.",
        )
    )
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    navigation: Annotated[list[LinkInput], Field(max_length=30)] = []
    social_links: Annotated[list[SocialLinkInput], Field(max_length=30)] = []
    seo: DefaultSeo = DefaultSeo()
    url_patterns: Annotated[
        dict[
            Kind,
            Annotated[
                dict[Annotated[str, Field(pattern=r"^(\*|[a-zA-Z-]{2,35})$")], UrlPattern],
                Field(max_length=21),  # as many as there may be languages, and any
            ],
        ],
        Field(description="Paths on the frontend by kind and language; `*` is any language."),
    ] = {}
    preview_url: HttpUrl | None = None
    colors: ColorsInput = Field(
        ColorsInput(), description="Of the pictures drawn for links that have none of their own."
    )
    checks: Annotated[
        dict[CheckCode, Level],
        Field(description="What the publish checks find: refused, told, or not looked at."),
    ] = {}


class LinkView(View, json_schema_extra=LINK):
    label: str
    url: str


class SocialLinkView(View, json_schema_extra=SOCIAL_LINK):
    kind: str
    url: str
    label: str


class ColorsView(View, json_schema_extra=COLORS):
    background: str
    text: str
    accent: str


class SiteView(View, json_schema_extra=STORY):
    title: str
    description: str
    url: Annotated[str, Field(description="Where the frontend is reached.")]
    languages: list[str]
    fallback_languages: list[str]
    time_zone: str
    navigation: list[LinkView]
    social_links: list[SocialLinkView]
    seo: DefaultSeo
    url_patterns: dict[str, dict[str, str]]
    preview_url: str | None
    colors: ColorsView


class SiteAdmin(SiteView):
    checks: dict[CheckCode, Level]
    revision: int
    updated_at: datetime
