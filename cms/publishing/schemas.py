"""Shapes that all published kinds share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic.config import JsonDict

from cms.core.fields import Lang, Line, Markdown, Moment, ShortLine, SlugInput
from cms.core.paging import ListQuery, Query
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView
from cms.publishing.rows import Status
from cms.publishing.windows import Planned

WHEN: Final[JsonDict] = {"examples": [{"at": "2026-03-14T02:00:00Z"}]}
PLANS: Final[JsonDict] = {"examples": [{"what": ["change"]}]}
ITEM: Final[JsonDict] = {"examples": [{"id": "674000000000000000000003", "revision": 7}]}
MANY: Final[JsonDict] = {"examples": [{"verb": "publish", "at": None}]}
REFUSED: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000003",
            "type": "/problems/not_trashed",
            "title": "Conflict",
            "status": 409,
            "detail": "Move it to the trash first.",
            "code": "not_trashed",
            "errors": [],
        }
    ]
}
FIELD: Final[JsonDict] = {
    "examples": [{"field": "slug", "message": "is taken", "code": "slug_taken"}]
}
FINDING: Final[JsonDict] = {
    "examples": [
        {
            "code": "missing_alt",
            "level": "warning",
            "field": "markdown",
            "message": "the image /palm.jpg has no alternative text",
            "line": 12,
        }
    ]
}
TRANSLATED: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000004",
            "revision": 7,
            "status": "published",
            "lang": "en",
            "title": "What is a backend developer?",
            "slug": "what-is-a-backend-developer",
            "url": "https://juri.example/articles/what-is-a-backend-developer",
        }
    ]
}
CHECKED: Final[JsonDict] = {"examples": [{"revision": 7, "can_publish": True}]}


class DiffQuery(Query):
    to: int = Field(ge=1, description="The revision to compare with.")


class FindingView(View, json_schema_extra=FINDING):
    """Something that the author may want to mend."""

    code: str
    level: Literal["error", "warning"]
    field: str
    message: str
    line: int | None = Field(description="From 1, where the field is a text of many lines.")


class ChecksView(View, json_schema_extra=CHECKED):
    """Errors first; `can_publish` is false while there is one."""

    OWN_REVISION: ClassVar[bool] = False
    revision: int
    can_publish: bool
    findings: list[FindingView]


class At(Input, json_schema_extra=WHEN):
    """When the verb takes effect; null or no body means now."""

    at: Moment | None = None


class UnscheduleInput(Input, json_schema_extra=PLANS):
    """What to call off: all that is planned when it is null or there is no body."""

    what: Annotated[list[Planned], Field(min_length=1, max_length=3)] | None = Field(
        None,
        description="A first publication (back to a draft), an end, a change of what is live.",
    )


class WrittenInput(Input):
    """What an author writes of every kind; only `title` is needed."""

    title: Line
    slug: SlugInput | None = Field(None, description="Made from the title when it is left out.")
    lang: Lang | None = Field(None, description="The site's main language when it is left out.")
    markdown: Markdown = Field("", description="Kept byte for byte.")
    translation_of: ShortLine | None = Field(
        None,
        description="Id or slug of the one that this translates; kept as the id of the group's "
        "source. A group has one member per language.",
    )


class LanguageQuery(ListQuery):
    lang: Annotated[str, Field(min_length=2, max_length=35)] | None = Field(
        None, description="Language tag."
    )
    fallback: bool = Field(
        False,
        description="Where something is not translated into `lang`, the first of the site's "
        "`fallback_languages` that it has.",
    )

    @model_validator(mode="after")
    def _falls_back_from_something(self) -> Self:
        if self.fallback and self.lang is None:
            raise ValueError("fallback needs a lang")
        return self


class Shown(View):
    """What readers get of every kind, and where its fields come from."""

    PROJECTION: ClassVar[Mapping[str, Any]] = {
        "slug": "$live.slug",
        "lang": "$live.lang",
        "title": "$live.title",
        "published_at": "$live.publish_at",
        "updated_at": "$live.updated_at",
    }
    id: str
    slug: str
    lang: str
    title: str
    published_at: datetime
    updated_at: datetime
    url: str


class TranslationRef(View, json_schema_extra=TRANSLATED):
    lang: str
    slug: str
    url: str


class Translated(View):
    """What every single read tells of its group."""

    translations: list[TranslationRef] = Field(
        description="Its public translations without itself: with its own `lang` and `url`, these "
        "are the page's hreflang alternates."
    )


class TranslationAdmin(View, json_schema_extra=TRANSLATED):
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


class AdminQuery(ListQuery):
    status: Status | None = Field(None, description="Everything but the trash when left out.")
    q: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        None, description="Words of the working copy. At most 1,000 matches are looked at."
    )


class Revisioned(View):
    id: str
    revision: int


class AdminSummary(Revisioned):
    """What a row of every admin list shows."""

    status: Status
    has_unpublished_changes: bool
    title: str
    slug: str
    lang: str
    translation_of: str | None
    publish_at: datetime | None
    unpublish_at: datetime | None
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    updated_by: EditorView


class LiveView(View):
    """What readers see now, or will from `publish_at` on."""

    title: str
    slug: str
    lang: str
    markdown: str
    html: str
    translation_of: str | None
    publish_at: datetime
    unpublish_at: datetime | None
    updated_at: datetime


class AdminView(AdminSummary):
    """What every working copy shows beside the fields that its author writes."""

    markdown: str
    trashed_at: datetime | None
    change_at: datetime | None = Field(
        None, description="When the scheduled change of what is live takes effect."
    )
    live: LiveView | None


BulkVerb = Literal["publish", "unpublish", "unschedule", "trash", "restore", "purge"]


class BulkItem(Input, json_schema_extra=ITEM):
    id: Annotated[str, Field(max_length=100)]
    revision: Annotated[int, Field(ge=0, lt=10**15, description="The revision that was seen.")]


class BulkInput(Input, json_schema_extra=MANY):
    verb: BulkVerb
    items: Annotated[list[BulkItem], Field(min_length=1, max_length=100)]
    at: Moment | None = Field(None, description="For `publish` and `unpublish`; null is now.")


class ItemFieldProblem(View, json_schema_extra=FIELD):
    field: str
    message: str
    code: str
    line: int | None = Field(
        None,
        description="Where in a text of many lines, from 1.",
        exclude_if=lambda value: value is None,
    )


class ItemProblem(View, json_schema_extra=REFUSED):
    """Why one item was refused; a single call would have answered this."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ItemFieldProblem]


class BulkResult(View, json_schema_extra=REFUSED):
    """`revision` is the one after the verb; null when the item is gone or was refused."""

    id: str
    status: int = Field(description="The status that a call for this item alone would have had.")
    code: str = Field(description="`ok`, or the code of the problem.")
    revision: int | None
    problem: ItemProblem | None


class BulkView(View):
    """One result per item, in the order of the request."""

    results: list[BulkResult]
