"""Shapes of articles: what an author writes, what the admin sees, what readers get."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, Field, create_model, model_validator
from pydantic.config import JsonDict

from cms.core.fields import HttpUrl, Lang, Line, Markdown, ShortLine, SlugInput, Text
from cms.core.paging import Listing, ListQuery, Slug
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView
from cms.media.schemas import ImageView, MediaId, PulledImage
from cms.profiles.schemas import AuthorRef
from cms.publishing.rows import Status
from cms.publishing.schemas import AdminQuery, Revisioned
from cms.tags.schemas import SeriesPlace, TagRef, TagSlug

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
            "translation_of": None,
            "json_ld": {"@context": "https://schema.org", "@type": "BlogPosting"},
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


PLACE: Final[JsonDict] = {"examples": [{"slug": "karier", "position": 1}]}


class PlaceInput(Input, json_schema_extra=PLACE):
    slug: ShortLine = Field(description="Slug of a series, old ones too.")
    position: Annotated[int, Field(ge=1, le=10_000, examples=[1])]


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
        Field(
            max_length=50,
            description="Slugs or names; a tag that is missing is made. Readers never see one "
            "that starts with `#`.",
        ),
        AfterValidator(_distinct),
    ] = []
    series: PlaceInput | None = None
    featured: bool = False
    cover_id: MediaId | None = Field(None, description="A picture of the media library.")
    seo: SeoInput = SeoInput()
    translation_of: ShortLine | None = Field(
        None,
        description="Id or slug of the article that this one translates; kept as the id of the "
        "group's source. A group has one article per language.",
    )


class SeoView(View, json_schema_extra=SEO):
    title: str
    description: str
    canonical_url: str | None
    og_image: ImageView | None = Field(
        None,
        description="What other sites show of a link: the cover, cut to 1200 by 630, or one drawn.",
    )
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
    cover: ImageView | None = Field(description="Its variants are cut to 16:9.")
    authors: list[AuthorRef]
    tags: list[TagRef]
    series: SeriesPlace | None
    featured: bool
    published_at: datetime
    updated_at: datetime
    word_count: int
    reading_minutes: int
    url: str
    html: str | None = Field(
        None, exclude_if=lambda value: value is None, description="With `include=html`."
    )


class ArticleRef(View, json_schema_extra=STORY):
    """Just enough to link to an article."""

    slug: str
    lang: str
    title: str
    url: str


class TranslationRef(View, json_schema_extra=STORY):
    lang: str
    slug: str
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
    json_ld: dict[str, Any] = Field(
        description="A schema.org `BlogPosting`. Escape `<` before writing it into a `<script>`."
    )
    translations: list[TranslationRef] = Field(
        description="Its public translations without itself: with its own `lang` and `url`, these "
        "are the page's hreflang alternates."
    )
    previous: ArticleRef | None = Field(description="The next older one in this language.")
    next: ArticleRef | None = Field(description="The next newer one in this language.")
    series_previous: ArticleRef | None = Field(description="Before it in its series.")
    series_next: ArticleRef | None = Field(description="Behind it in its series.")
    related: list[ArticleSummary] = Field(
        description="At most four of this language: most shared tags and the same series first, "
        "then the newest."
    )


ArticlePart = create_model(
    "ArticlePart",
    __base__=View,
    __module__=__name__,
    __doc__="A summary narrowed by `fields`: what was asked for, and nothing else.",
    **{
        # A factory, since a default would be told as one.
        name: (field.annotation, Field(default_factory=lambda: None, description=field.description))
        for name, field in ArticleSummary.model_fields.items()
    },
)  # type: ignore[call-overload]  # its overloads know no fields from a comprehension
ArticlePart.model_config["json_schema_serialization_defaults_required"] = False
ArticlePart.model_rebuild(force=True)


class ArticleList(Listing[ArticleSummary | ArticlePart]):
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
    series: Slug | None = Field(None, description="Slug of a series.")
    year: int | None = Field(
        None, ge=1970, le=2999, description="Year of publication in the site's time zone."
    )
    featured: bool | None = None
    fallback: bool = Field(
        False,
        description="With `lang`: where an article lacks that language, its translation in the "
        "first of the site's `fallback_languages` that it has.",
    )
    sort: Literal["-published_at", "published_at", "position"] = Field(
        "-published_at", description="`position` is the order of a `series`."
    )
    fields: Annotated[str, Field(max_length=500)] | None = Field(
        None, description="Only these fields, separated by commas.", examples=["slug,title"]
    )
    include: Literal["html"] | None = Field(
        None, description="`html` adds the body, of at most 25 articles at a time."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> "ArticleQuery":
        if self.sort == "position" and self.series is None:
            raise ValueError("sort=position needs a series")
        if self.fallback and self.lang is None:
            raise ValueError("fallback needs a lang")
        if self.include and self.limit > 25:
            raise ValueError("include=html takes a limit of 25 at most")
        return self


class ArticleAdminQuery(AdminQuery):
    """Filters look at working copies."""

    tag: TagSlug | None = Field(None, description="Slug of a tag, internal ones too.")
    author: Slug | None = Field(None, description="Slug of a profile.")
    lang: Annotated[str, Field(min_length=2, max_length=35)] | None = None
    series: Slug | None = Field(None, description="Slug of a series.")
    featured: bool | None = None
    sort: Literal["-updated_at", "updated_at", "-created_at", "created_at", "title", "-title"] = (
        "-updated_at"
    )


class PlaceView(View, json_schema_extra=PLACE):
    slug: str
    position: int


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
    series: PlaceView | None
    featured: bool
    cover_id: str | None
    seo: SeoView
    translation_of: str | None
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
    series: PlaceView | None
    featured: bool
    cover_id: str | None
    seo: SeoView
    translation_of: str | None
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
    series: PlaceView | None
    featured: bool
    cover_id: str | None
    translation_of: str | None
    word_count: int
    publish_at: datetime | None
    unpublish_at: datetime | None
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    updated_by: EditorView


class ArticleAdminList(Listing[ArticleAdminSummary]):
    pass


class TranslationAdmin(View, json_schema_extra=STORY):
    """A member of a group of translations; `is_outdated`: its source says more by now."""

    id: str
    revision: int
    status: Status
    lang: str
    title: str
    slug: str
    is_source: bool
    is_outdated: bool
    updated_at: datetime
    published_at: datetime | None


class TranslationList(View):
    items: list[TranslationAdmin]


class PulledView(View):
    """The article as it is now, and what became of each picture that was not ours."""

    article: ArticleAdmin
    results: list[PulledImage]


class RenderInput(Input, json_schema_extra=STORY):
    markdown: Markdown


class RenderView(View, json_schema_extra=STORY):
    """Exactly what publishing would make of the text; nothing is stored."""

    html: str
    toc: list[TocEntry]
    excerpt: str
    word_count: int
    reading_minutes: int
