"""Pictures for the demo, drawn here: soft bands of colour, one for each article and person."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import pyvips  # type: ignore[import-untyped]

from cms.accounts.actor import COMMAND_LINE
from cms.articles.documents import Article
from cms.articles.service import ARTICLES
from cms.core.shapes import Patch
from cms.core.uploads import Part
from cms.demo import service
from cms.media import service as media
from cms.media.library import Library
from cms.profiles import service as profiles
from cms.profiles.documents import Profile
from cms.publishing import verbs
from cms.publishing.service import Seen

COVERS: Final = 6
COVER, AVATAR = (1280, 720), (512, 512)


async def fill(library: Library, now: datetime, progress: Callable[[str], None]) -> str:
    """As `service.fill`, with pictures where it wrote something and nothing has one."""
    was_empty = not await Article.any_exists()
    said = await service.fill(now, progress)
    if was_empty:
        progress("drawing pictures")
        await _hang(library, now)
    return said


async def _hang(library: Library, now: datetime) -> None:
    hung = 0
    async for article in Article.working_copies(None):
        if article.live is None or article.working.cover_id or hung == COVERS:
            continue
        hung += 1
        ref = await _drawn(library, article.working.slug, COVER, now)
        seen = Seen(article.item_id, article.revision)
        patch: Patch[Any] = Patch({"cover_id": ref})
        changed = await verbs.update(ARTICLES, COMMAND_LINE, seen, patch, now)
        seen = Seen(changed.item_id, changed.revision)
        await verbs.publish(ARTICLES, COMMAND_LINE, seen, None, now)
    async for person in Profile.find_all():
        ref = await _drawn(library, person.slug, AVATAR, now)
        face: Patch[Any] = Patch({"avatar_id": ref})
        await profiles.update(COMMAND_LINE, person.item_id, person.revision, face, now)


async def _drawn(library: Library, name: str, size: tuple[int, int], now: datetime) -> str:
    part = Part(f"{name}.jpg", "image/jpeg", draw(name, *size))
    item, _ = await media.upload(COMMAND_LINE, library, part, now, {"en": "Bands of colour"})
    return item.ref


def draw(name: str, width: int, height: int) -> bytes:
    """The same picture for the same name: two colours, and waves between them."""
    seed = hashlib.blake2b(name.encode(), digest_size=8).digest()
    at = pyvips.Image.xyz(width, height)
    waves = (at[0] * (1 + seed[6] % 4) + at[1] * (1 + seed[7] % 5)) * (360 / width)
    share = (waves.sin() + 1) * 0.3 + at[1] * (0.4 / height)
    planes = [share * (seed[band] - seed[band + 3]) + seed[band + 3] for band in range(3)]
    joined = planes[0].bandjoin(planes[1:]).cast("uchar").copy(interpretation="srgb")
    return bytes(joined.jpegsave_buffer(Q=85))
