"""Shapes of webhooks and of what was sent to them."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, Field
from pydantic.config import JsonDict

from cms.core.fields import HttpUrl, ShortLine
from cms.core.paging import Listing, ListQuery
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView

Kind = Literal[
    "article", "project", "page", "profile", "tag", "series", "site", "redirect", "contact"
]
State = Literal["collecting", "waiting", "delivered", "failed"]
STORY: Final[JsonDict] = {
    "examples": [
        {
            "name": "Build the site",
            "url": "https://api.example.com/hooks/build",
            "kinds": ["article"],
            "id": "674000000000000000000010",
            "revision": 1,
            "is_enabled": True,
            "secret": "whsec_bG9udGFyIGRhdW4gcGFsZW0gZGFuIHRpbnRhIA==",  # nosec B105
            "created_at": "2026-03-14T02:00:00Z",
            "updated_at": "2026-03-14T02:00:00Z",
        }
    ]
}
SECRET: Final[JsonDict] = {"examples": [{"created_at": "2026-03-14T02:00:00Z"}]}
DELIVERY: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000011",
            "state": "delivered",
            "type": "content.changed",
            "message_id": "msg_674000000000000000000011",
            "changes_count": 1,
            "attempts_count": 1,
            "created_at": "2026-03-14T02:00:00Z",
        }
    ]
}
ATTEMPT: Final[JsonDict] = {
    "examples": [{"at": "2026-03-14T02:00:01Z", "status": 500, "error": "answered 500", "ms": 12}]
}
ROTATION: Final[JsonDict] = {"examples": [{"keep_old_hours": 24}]}


def _distinct(value: list[Kind]) -> list[Kind]:
    return list(dict.fromkeys(value))


class WebhookInput(Input, json_schema_extra=STORY):
    name: ShortLine
    url: HttpUrl = Field(description="An https address; answers other than 2xx are tried again.")
    kinds: Annotated[list[Kind], Field(max_length=10), AfterValidator(_distinct)] = Field(
        default=[],
        description=(
            "Of which kinds of things it is told; none named is all that readers see: `contact`, a"
            " message that came in, has to be named."
        ),
    )
    is_enabled: bool = True


class RotateInput(Input, json_schema_extra=ROTATION):
    keep_old_hours: Annotated[int, Field(ge=0, le=168)] = Field(
        24, description="How long the old secret signs beside the new one."
    )


class SecretView(View, json_schema_extra=SECRET):
    created_at: datetime
    expires_at: datetime | None = Field(description="Null for the one that stays.")


class WebhookAdmin(View, json_schema_extra=STORY):
    id: str
    revision: int
    name: str
    url: str
    kinds: list[Kind]
    is_enabled: bool
    disabled_because: str | None = Field(description="Why it was disabled, if not by a person.")
    failing_since: datetime | None
    secrets: list[SecretView] = Field(description="Those that sign now: at most two.")
    created_at: datetime
    updated_at: datetime
    updated_by: EditorView


class WebhookMade(WebhookAdmin):
    """The only answer that ever holds `secret`."""

    secret: str


class WebhookList(Listing[WebhookAdmin]):
    pass


class AttemptView(View, json_schema_extra=ATTEMPT):
    at: datetime
    status: int | None
    error: str | None
    ms: int


class DeliveryView(View, json_schema_extra=DELIVERY):
    """`due_at` is when it is tried next; `attempts` are the last twenty."""

    OWN_REVISION: ClassVar[bool] = False
    id: str
    state: State
    type: str
    message_id: str
    changes_count: int
    payload: dict[str, Any] | None
    attempts_count: int
    attempts: list[AttemptView]
    created_at: datetime
    due_at: datetime | None
    finished_at: datetime | None


class DeliveryList(Listing[DeliveryView]):
    pass


class DeliveryQuery(ListQuery):
    state: State | None = Field(None, description="Only those in this state.")
