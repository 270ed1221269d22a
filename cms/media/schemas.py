"""Shapes of the media library: what people write, what the admin sees, what readers get."""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field
from pydantic.config import JsonDict

from cms.core.fields import Lang, ShortLine, Text
from cms.core.paging import Listing, ListQuery, Query
from cms.core.shapes import Input, View
from cms.history.schemas import EditorView

KEY = "674000000000000000000009-3f2a9c0d5e6b7a8190ab12cd"
MediaId = Annotated[str, Field(pattern="^[0-9a-f]{24}$", examples=["674000000000000000000009"])]
Tag = Annotated[ShortLine, Field(max_length=60)]
MAX_LANGS: Final = 20
STORY: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000009",
            "revision": 3,
            "name": "palm.jpg",
            "url": f"https://cms.example/media/{KEY}.jpg",
            "stable_url": "https://cms.example/media/674000000000000000000009",
            "alt": {"en": "A palm leaf with writing"},
            "caption": {"en": "Found in Bali."},
            "credit": "Rani Wulandari",
            "tags": ["palm"],
            "width": 4000,
            "height": 3000,
            "mime": "image/jpeg",
            "size": 1344331,
            "thumbhash": "3/cJNZqAd4dweHeIiHh3eICACPh3",
            "dominant_color": "#e6967e",
            "state": "ready",
            "failures": [],
        }
    ]
}
IMAGE: Final[JsonDict] = {
    "examples": [
        {
            "id": "674000000000000000000009",
            "url": f"https://cms.example/media/{KEY}.jpg",
            "alt": "A palm leaf with writing",
            "width": 4000,
            "height": 3000,
            "mime": "image/jpeg",
            "thumbhash": "3/cJNZqAd4dweHeIiHh3eICACPh3",
            "dominant_color": "#e6967e",
        }
    ]
}
VARIANT: Final[JsonDict] = {
    "examples": [
        {
            "url": f"https://cms.example/media/{KEY}.avif",
            "width": 960,
            "height": 720,
            "mime": "image/avif",
            "size": 28110,
            "crop": "",
        }
    ]
}
POINT: Final[JsonDict] = {"examples": [{"x": 0.5, "y": 0.5}]}
RESULT: Final[JsonDict] = {
    "examples": [{"name": "palm.jpg", "status": 201, "code": "ok", "is_duplicate": False}]
}
USER: Final[JsonDict] = {
    "examples": [
        {"kind": "article", "id": "674000000000000000000003", "title": "Apa itu backend developer?"}
    ]
}
PULLED: Final[JsonDict] = {
    "examples": [{"source": "https://example.com/palm.jpg", "status": 201, "code": "ok"}]
}
ROOM: Final[JsonDict] = {
    "examples": [
        {
            "storage": "disk",
            "items": 12,
            "used_bytes": 48210033,
            "quota_bytes": 5368709120,
            "free_bytes": 82678120448,
            "is_low": False,
        }
    ]
}


def _distinct(value: list[str]) -> list[str]:
    return list(dict.fromkeys(each.casefold() for each in value))


class FocalPointInput(Input, json_schema_extra=POINT):
    x: Annotated[float, Field(ge=0, le=1)] = 0.5
    y: Annotated[float, Field(ge=0, le=1)] = 0.5


Texts = Annotated[dict[Lang, Text], Field(max_length=MAX_LANGS)]


class MediaInput(Input, json_schema_extra=STORY):
    """What people write of an item."""

    name: Annotated[ShortLine, Field(max_length=255)]
    alt: Texts = Field({}, description="What a reader who can't see it is told, by language.")
    caption: Texts = Field({}, description="By language.")
    credit: Annotated[str, Field(max_length=300)] = ""
    focal_point: FocalPointInput = Field(
        FocalPointInput(), description="What crops keep in view: shares of width and height."
    )
    tags: Annotated[list[Tag], Field(max_length=50), AfterValidator(_distinct)] = Field(
        [], description="Of the library alone; capitals make no difference."
    )


class FocalPointView(View, json_schema_extra=POINT):
    x: float
    y: float


class VariantView(View, json_schema_extra=VARIANT):
    url: str
    width: int
    height: int
    mime: str


class ImageView(View, json_schema_extra=IMAGE):
    """A picture as content shows it; a cover's variants are cut to 16:9, an avatar's to 1:1."""

    id: str
    url: str
    alt: str
    width: int | None
    height: int | None
    mime: str
    thumbhash: str | None = Field(description="A ThumbHash in base64; null for drawings.")
    dominant_color: str | None
    focal_point: FocalPointView
    variants: list[VariantView] = Field(description="Smallest first; empty until they are made.")


class MediaVariantView(VariantView):
    size: int
    crop: Literal["", "cover", "avatar", "og"]


class ProgressView(View):
    done: int
    total: int


class MediaAdmin(View, json_schema_extra=STORY):
    id: str
    revision: int
    name: str
    url: str = Field(description="The file itself; its address changes with its bytes.")
    stable_url: str = Field(description="Leads to whatever the file is; for Markdown.")
    mime: str
    size: int
    width: int | None
    height: int | None
    frames: int
    thumbhash: str | None
    dominant_color: str | None
    alt: dict[str, str]
    caption: dict[str, str]
    credit: str
    focal_point: FocalPointView
    tags: list[str]
    state: Literal["ready", "processing", "failed"] = Field(
        description="Of the variants; `failed`: some could not be made, the others serve."
    )
    progress: ProgressView
    failures: list[str]
    variants: list[MediaVariantView]
    total_bytes: int
    created_at: datetime
    updated_at: datetime
    updated_by: EditorView


class MediaList(Listing[MediaAdmin]):
    pass


class MediaQuery(ListQuery):
    q: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        None, description="Beginnings of words of name, texts, credit and tags."
    )
    kind: Literal["image", "document"] | None = None
    tag: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    state: Literal["ready", "processing", "failed"] | None = None
    sort: Literal["-created_at", "created_at", "name", "-name"] = "-created_at"


class FileFieldProblem(View):
    field: str = Field(examples=["file"])
    message: str = Field(examples=["the file is empty"])
    code: str = Field(examples=["empty_file"])


class FileProblem(View):
    """Why one file was refused; alone it would have been answered with this."""

    type: str = Field(examples=["/problems/invalid"])
    title: str = Field(examples=["Invalid input"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["file: the file is empty"])
    code: str = Field(examples=["invalid"])
    errors: list[FileFieldProblem]


class UploadResult(View, json_schema_extra=RESULT):
    """`is_duplicate`: these very bytes were there already, and this is the item made of them."""

    name: str
    status: int
    code: str = Field(description="`ok`, or the code of the problem.")
    is_duplicate: bool
    media: MediaAdmin | None
    problem: FileProblem | None


class UploadView(View):
    """One result per file, in the order of the form."""

    results: list[UploadResult]


class MediaUser(View, json_schema_extra=USER):
    kind: str
    id: str
    title: str


class MediaUsage(View):
    """How many refer to it, how many of them readers see now, and the first few."""

    count: int = Field(examples=[2])
    published: int = Field(examples=[1])
    examples: list[MediaUser]


class DeleteMediaQuery(Query):
    replace_with: MediaId | None = Field(
        None, description="Id of the item that takes its place everywhere."
    )
    force: bool = Field(False, description="Take it out of whatever refers to it.")


class RoomView(View, json_schema_extra=ROOM):
    """What the library takes and may take; zero is no quota, null a storage that does not say."""

    OWN_REVISION: ClassVar[bool] = False
    storage: Literal["disk", "s3"]
    items: int
    waiting: int
    failed: int
    used_bytes: int
    quota_bytes: int
    free_bytes: int | None
    is_low: bool = Field(description="Little room is left on the disk, or of the quota.")


class PulledImage(View, json_schema_extra=PULLED):
    """`source` is the address as it stood in the text, a data address only by its beginning."""

    source: str
    status: int
    code: str = Field(description="`ok`, or the code of the problem.")
    media_id: str | None
    problem: FileProblem | None
