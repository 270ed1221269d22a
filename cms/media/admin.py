"""Routes that manage the library."""

from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from cms.accounts.actor import Actor
from cms.core import multiparts
from cms.core.db import now
from cms.core.http import TAKES_FILES, Answer, CMSRequest
from cms.core.queries import links, object_id, query
from cms.core.shapes import Patch
from cms.core.uploads import MAX_FILE_BYTES
from cms.media import reading, service, uploading
from cms.media.library import Library
from cms.media.schemas import (
    DeleteMediaQuery,
    MediaAdmin,
    MediaInput,
    MediaList,
    MediaQuery,
    MediaUsage,
    RoomView,
    UploadView,
)


@get(
    "/",
    summary="The media library",
    dependencies={"params": Provide(query(MediaQuery), sync_to_thread=False)},
)
async def list_media(
    request: CMSRequest, actor: NamedDependency[Actor], params: NamedDependency[MediaQuery]
) -> Answer[MediaList]:
    """Newest first unless sorted otherwise; authors see their own."""
    found, page, _ = await reading.list_all(actor, params)
    view = MediaList(items=[reading.show(item) for item in found], page=page)
    return Answer.of(view, headers=links(request, params, page))


@post(
    "/",
    summary="Upload files",
    opt={TAKES_FILES: True},
    guards=[multiparts.multipart_only],
    request_max_body_size=multiparts.MAX_BODY_BYTES,
)
async def upload_media(
    request: CMSRequest, actor: NamedDependency[Actor], library: NamedDependency[Library]
) -> Answer[UploadView]:
    """Up to ten in parts called `file`, each with its own result; one alone is refused as such.

    Bytes that are there already are answered with the item made of them, so that a retry is safe.
    """
    files = multiparts.files(request)
    return Answer.of(await uploading.take_all(actor, library, files, now()), status=201)


@get("/storage", summary="What the library takes")
async def get_media_storage(
    actor: NamedDependency[Actor], library: NamedDependency[Library]
) -> Answer[RoomView]:
    """Used, allowed and free; `is_low` before an upload is refused."""
    return Answer.of(await reading.room(actor, library))


@get("/{media_id:str}", summary="One media item")
async def get_media(actor: NamedDependency[Actor], media_id: FromPath[str]) -> Answer[MediaAdmin]:
    item = await reading.get(actor, object_id(media_id))
    return Answer.of(reading.show(item), revision=item.revision)


@patch("/{media_id:str}", summary="Describe a media item")
async def update_media(
    actor: NamedDependency[Actor],
    media_id: FromPath[str],
    revision: NamedDependency[int],
    data: JSONBody[Patch[MediaInput]],
) -> Answer[MediaAdmin]:
    """Texts by language, credit, tags; another focal point has the crops made anew."""
    item = await service.update(actor, object_id(media_id), revision, data, now())
    return Answer.of(reading.show(item), revision=item.revision)


@delete(
    "/{media_id:str}",
    summary="Delete a media item",
    status_code=204,
    dependencies={"params": Provide(query(DeleteMediaQuery), sync_to_thread=False)},
)
async def delete_media(
    actor: NamedDependency[Actor],
    library: NamedDependency[Library],
    media_id: FromPath[str],
    revision: NamedDependency[int],
    params: NamedDependency[DeleteMediaQuery],
) -> None:
    """Refused with `in_use` and what would break, unless told what to do."""
    await service.delete(actor, library, object_id(media_id), revision, params, now=now())


@post(
    "/{media_id:str}/replace",
    summary="Replace the file",
    status_code=200,
    opt={TAKES_FILES: True},
    guards=[multiparts.multipart_only],
    request_max_body_size=MAX_FILE_BYTES + 16 * 1024,
)
async def replace_media(
    request: CMSRequest,
    actor: NamedDependency[Actor],
    library: NamedDependency[Library],
    media_id: FromPath[str],
    revision: NamedDependency[int],
) -> Answer[MediaAdmin]:
    """Other bytes under the same id: whatever refers to it shows them at once."""
    part = await multiparts.only_file(request)
    item = await service.replace(actor, library, object_id(media_id), revision, part, now=now())
    return Answer.of(reading.show(item), revision=item.revision)


@get("/{media_id:str}/usage", summary="Where a media item is used")
async def get_media_usage(
    actor: NamedDependency[Actor], media_id: FromPath[str]
) -> Answer[MediaUsage]:
    return Answer.of(await reading.usage(actor, object_id(media_id), now()))


router = Router(
    "/media",
    route_handlers=[
        list_media,
        upload_media,
        get_media_storage,
        get_media,
        update_media,
        delete_media,
        replace_media,
        get_media_usage,
    ],
    tags=["media"],
)
