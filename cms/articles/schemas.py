"""Shapes of articles: what an author writes, what the admin sees, what readers get."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, Field
from pydantic.config import JsonDict

from cms.core.fields import HttpUrl, Lang, Line, Markdown, ShortLine, SlugInput, Text
from cms.core.paging import Listing, ListQuery, Slug
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView
from cms.profiles.schemas import AuthorRef
from cms.publishing.documents import Status
from cms.publishing.schemas import Revisioned
from cms.tags.schemas import TagRef

# One article for the examples of the documentation; each shape shows what it has of it.
STORY: Final[JsonDict] = {
    "examples": [
        {
            "title": "Apa itu backend developer?",
            "slug": "apa-itu-backend-developer",
            "lang": "id",
            "markdown": "## Tugasnya\n\nMenyimpan, menghitung, dan *menjaga* data.\n",
            "html": '<h2 id="h-tugasnya">Tugasnya</h2>\n'
            "<p>Menyimpan, menghitung, dan <em>menjaga</em> data.</p>\n",
            "excerpt": "Menyimpan, menghitung, dan menjaga data.",
            "derived_excerpt": "Menyimpan, menghitung, dan menjaga data.",
            "author_slugs": ["rani-wulandari"],
            "tag_slugs": ["backend", "karier"],
            "id": "674000000000000000000003",
            "revision": 7,
            "status": "published",
            "publish_at": "2026-03-14T02:00:00Z",
            "published_at": "2026-03-14T02:00:00Z",
            "word_count": 640,
            "reading_minutes": 4,
            "url": "https://juri.example/articles/apa-itu-backend-developer",
        }
    ]
}
SEO: Final[JsonDict] = {
    "examples": [{"title": "", "description": "Apa yang dikerjakan seorang backend developer."}]
}


def _distinct(value: list[str]) -> list[str]:
    return list(dict.fromkeys(value))


class SeoInput(Input, json_schema_extra=SEO):
    title: Annotated[str, Field(max_length=120)] = ""
    description: Annotated[str, Field(max_length=300)] = ""
    canonical_url: HttpUrl | None = None
    no_index: bool = False


class ArticleInput(Input, json_schema_extra=STORY):
    """What an author writes; only `title` is needed."""

    title: Line
    slug: SlugInput | None = Field(None, description="Made from the title when it is left out.")
    lang: Lang | None = Field(None, description="The site's main language when it is left out.")
    markdown: Markdown = Field("", description="Kept byte for byte.")
    excerpt: Text | None = Field(None, description="Made from the text when it is left out.")
    author_slugs: Annotated[
        list[ShortLine],
        Field(max_length=20, description="Slugs of profiles, in order."),
        AfterValidator(_distinct),
    ] = []
    tag_slugs: Annotated[
        list[ShortLine],
        Field(max_length=50, description="Slugs or names; a tag that is missing is made."),
        AfterValidator(_distinct),
    ] = []
    featured: bool = False
    seo: SeoInput = SeoInput()


class SeoView(View, json_schema_extra=SEO):
    title: str
    description: str
    canonical_url: str | None
    og_image: None = None
    no_index: bool


class TocEntry(View):
    id: Annotated[str, Field(examples=["h-tugasnya"])]
    level: Annotated[int, Field(examples=[2])]
    title: Annotated[str, Field(examples=["Tugasnya"])]
    children: list["TocEntry"] = []


class ArticleSummary(View, json_schema_extra=STORY):
    PROJECTION: ClassVar[Mapping[str, Any]] = {
        "slug": "$live.slug",
        "lang": "$live.lang",
        "title": "$live.title",
        "excerpt": "$live.summary",
        "featured": "$live.featured",
        "published_at": "$live.publish_at",
        "updated_at": "$live.updated_at",
        "word_count": "$live.word_count",
        "reading_minutes": "$live.reading_minutes",
    }
    id: str
    slug: str
    lang: str
    title: str
    excerpt: str
    cover: None = Field(None, description="A picture, once there is a media library.")
    authors: list[AuthorRef]
    tags: list[TagRef]
    series: None = Field(None, description="Its series, once there are series.")
    featured: bool
    published_at: datetime
    updated_at: datetime
    word_count: int
    reading_minutes: int
    url: str


class ArticleView(ArticleSummary):
    PROJECTION: ClassVar[Mapping[str, Any]] = {
        **ArticleSummary.PROJECTION,
        "html": "$live.html",
        "toc": "$live.toc",
        "seo": "$live.seo",
    }
    html: str
    toc: list[TocEntry]
    seo: SeoView


class ArticleList(Listing[ArticleSummary]):
    pass


class ArticleQuery(ListQuery):
    tag: Slug | None = Field(None, description="Slug of a tag.")
    author: Slug | None = Field(None, description="Slug of a profile.")
    lang: Annotated[str, Field(min_length=2, max_length=35)] | None = Field(
        None, description="Language tag."
    )
    q: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        None, description="Words of the text; the order stays. At most 1,000 matches are looked at."
    )
    sort: Literal["-published_at", "published_at"] = "-published_at"


class LiveView(View, json_schema_extra=STORY):
    """What readers see now, or will from `publish_at` on."""

    title: str
    slug: str
    lang: str
    markdown: str
    html: str
    excerpt: str
    author_slugs: list[str]
    tag_slugs: list[str]
    featured: bool
    seo: SeoView
    publish_at: datetime
    unpublish_at: datetime | None
    updated_at: datetime
    word_count: int
    reading_minutes: int


class ArticleAdmin(Revisioned, json_schema_extra=STORY):
    status: Status
    has_unpublished_changes: bool
    title: str
    slug: str
    lang: str
    markdown: str
    excerpt: str | None
    derived_excerpt: str
    author_slugs: list[str]
    tag_slugs: list[str]
    featured: bool
    seo: SeoView
    word_count: int
    reading_minutes: int
    publish_at: datetime | None
    unpublish_at: datetime | None
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    updated_by: EditorView
    trashed_at: datetime | None
    live: LiveView | None
    change_at: datetime | None = Field(
        None, description="When the scheduled change of what is live takes effect."
    )


class ArticleAdminSummary(View, json_schema_extra=STORY):
    """A row of the admin's list: no text."""

    id: str
    revision: int
    status: Status
    has_unpublished_changes: bool
    title: str
    slug: str
    lang: str
    author_slugs: list[str]
    tag_slugs: list[str]
    featured: bool
    word_count: int
    publish_at: datetime | None
    unpublish_at: datetime | None
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    updated_by: EditorView


class ArticleAdminList(Listing[ArticleAdminSummary]):
    pass


class RenderInput(Input, json_schema_extra=STORY):
    markdown: Markdown


class RenderView(View, json_schema_extra=STORY):
    """Exactly what publishing would make of the text; nothing is stored."""

    html: str
    toc: list[TocEntry]
    excerpt: str
    word_count: int
    reading_minutes: int
