"""Shapes of articles: what an author writes, what the admin sees, what readers get."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, Field, create_model, model_validator
from pydantic.config import JsonDict

from cms.core.fields import HttpUrl, Markdown, ShortLine, Text
from cms.core.paging import Listing, Slug
from cms.core.shapes import Input, View
from cms.media.schemas import ImageView, MediaId, PulledImage
from cms.profiles.schemas import AuthorRef
from cms.publishing.schemas import (
    AdminQuery,
    AdminSummary,
    AdminView,
    LanguageQuery,
    LiveView,
    Shown,
    Translated,
    WrittenInput,
)
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


class ArticleInput(WrittenInput, json_schema_extra=STORY):
    """What an author writes; only `title` is needed."""

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


class ArticleSummary(Shown, json_schema_extra=STORY):
    PROJECTION: ClassVar[Mapping[str, Any]] = {
        **Shown.PROJECTION,
        "excerpt": "$live.summary",
        "featured": "$live.featured",
        "word_count": "$live.word_count",
        "reading_minutes": "$live.reading_minutes",
    }
    excerpt: str
    cover: ImageView | None = Field(description="Its variants are cut to 16:9.")
    authors: list[AuthorRef]
    tags: list[TagRef]
    series: SeriesPlace | None
    featured: bool
    word_count: int
    reading_minutes: int
    html: str | None = Field(
        None, exclude_if=lambda value: value is None, description="With `include=html`."
    )


class ArticleRef(View, json_schema_extra=STORY):
    """Just enough to link to an article."""

    slug: str
    lang: str
    title: str
    url: str


class ArticleView(ArticleSummary, Translated):
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
    previous: ArticleRef | None = Field(description="The next older one in this language.")
    next: ArticleRef | None = Field(description="The next newer one in this language.")
    series_previous: ArticleRef | None = Field(description="Before it in its series.")
    series_next: ArticleRef | None = Field(description="Behind it in its series.")
    related: list[ArticleSummary] = Field(
        description="At most four of this language: most shared tags and the same series first, "
        "then those whose words are most alike, then the newest."
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


class ArticleQuery(LanguageQuery):
    tag: Slug | None = Field(None, description="Slug of a tag.")
    author: Slug | None = Field(None, description="Slug of a profile.")
    q: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        None, description="Words of the text; the order stays. At most 1,000 matches are looked at."
    )
    series: Slug | None = Field(None, description="Slug of a series.")
    year: int | None = Field(
        None, ge=1970, le=2999, description="Year of publication in the site's time zone."
    )
    featured: bool | None = None
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


class LiveArticleView(LiveView, json_schema_extra=STORY):
    excerpt: str
    author_slugs: list[str]
    tag_slugs: list[str]
    series: PlaceView | None
    featured: bool
    cover_id: str | None
    seo: SeoView
    word_count: int
    reading_minutes: int


class ArticleAdminSummary(AdminSummary, json_schema_extra=STORY):
    """A row of the admin's list: no text."""

    author_slugs: list[str]
    tag_slugs: list[str]
    series: PlaceView | None
    featured: bool
    cover_id: str | None
    word_count: int


class ArticleAdmin(AdminView, json_schema_extra=STORY):
    excerpt: str | None
    derived_excerpt: str
    author_slugs: list[str]
    tag_slugs: list[str]
    series: PlaceView | None
    featured: bool
    cover_id: str | None
    seo: SeoView
    word_count: int
    reading_minutes: int
    live: LiveArticleView | None


class ArticleAdminList(Listing[ArticleAdminSummary]):
    pass


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
