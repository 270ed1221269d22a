"""Pictures that a text holds as data or points at elsewhere come home, through the guard alone."""

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest
from beanie import PydanticObjectId
from litestar import Litestar

from cms.accounts.actor import COMMAND_LINE
from cms.accounts.permissions import Permission
from cms.articles.service import ARTICLES
from cms.core import db
from cms.core.db import Database
from cms.core.outbound import Outbound
from cms.media.library import Library
from cms.publishing import pulling
from cms.publishing.pulling import Door
from cms.publishing.service import Seen
from tests import make
from tests.accounts.signing import bearer
from tests.media import samples
from tests.security.outside import NAME, PUBLIC, Names, Server, World, certificate, serving

ARTICLES_AT = "/api/v1/admin/articles"


def _data(picture: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def _answer(picture: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {len(picture)}\r\n\r\n"
    return head.encode() + picture


async def test_pasted_pictures_come_home_and_inner_addresses_are_not_asked(
    owner: httpx.AsyncClient, database: Database
) -> None:
    good, bad = _data(samples.png()), _data(b"<html>")
    inner = "https://169.254.169.254/latest.png"
    text = f'![a]({good}) ![b](<{bad}>) <img src="{good}" alt="c"> ![d]({inner}) ![e](/a.png)'
    made = await make.article(owner, markdown=text)
    answer = await owner.post(
        f"{ARTICLES_AT}/{made['id']}/pull-images", headers=make.if_match(made)
    )
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [(each["status"], each["source"][:22]) for each in results] == [
        (201, "data:image/png;base64,"),
        (422, "data:image/png;base64,"),
        (422, "https://169.254.169.25"),
    ]
    assert results[2]["problem"]["code"] in {"address_refused", "bad_url"}
    ref = results[0]["media_id"]
    expected = text.replace(good, f"/media/{ref}")
    assert answer.json()["article"]["markdown"] == expected
    assert answer.json()["article"]["revision"] == made["revision"] + 1
    stale = await owner.post(f"{ARTICLES_AT}/{made['id']}/pull-images", headers=make.if_match(made))
    assert stale.status_code == 412


async def test_outside_pictures_come_home_through_the_guard(
    owner: httpx.AsyncClient, served: Litestar, tmp_path: Path
) -> None:
    library: Library = served.state["library"]
    inside, trusting = certificate(tmp_path)
    url = f"https://{NAME}/a%20b.png?x=1&y=2"
    text = f"![a]({url}) [![b]({url})]({url}) ![c]({url}&z) and {url}"
    made = await make.article(owner, markdown=text)
    async with serving(Server(_answer(samples.png())), inside) as server:
        guard = Outbound(resolve=Names([PUBLIC]), backend=World(server.port), tls=trusting)
        seen = Seen(PydanticObjectId(made["id"]), made["revision"])
        door = Door(library, guard)
        article, results = await pulling.pull(ARTICLES, COMMAND_LINE, seen, door, db.now())
    assert [result.status for result in results] == [201, 201]
    assert results[0].media_id == results[1].media_id  # the same bytes
    home = f"/media/{results[0].media_id}"
    markdown = article.working.markdown
    assert markdown == f"![a]({home}) [![b]({home})]({home}) ![c]({home}) and {home}"


async def test_bringing_home_needs_both_scopes(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.article(owner)
    account = await make.account()
    both = (Permission.ARTICLES_WRITE, Permission.MEDIA_WRITE)
    for scopes, status in ((both, 200), (both[:1], 403), (both[1:], 403)):
        headers: dict[str, Any] = bearer(await make.token(account, *scopes))
        path = f"{ARTICLES_AT}/{made['id']}/pull-images"
        answer = await reader.post(path, headers={**headers, **make.if_match(made)})
        assert answer.status_code == status, scopes


@pytest.mark.parametrize("status", [404, 302, 500])
async def test_an_answer_that_is_no_picture_leaves_the_text_alone(
    owner: httpx.AsyncClient, served: Litestar, tmp_path: Path, status: int
) -> None:
    inside, trusting = certificate(tmp_path)
    made = await make.article(owner, markdown=f"![a](https://{NAME}/a.png)")
    words = f"HTTP/1.1 {status} X\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"
    async with serving(Server(words.encode()), inside) as server:
        guard = Outbound(resolve=Names([PUBLIC]), backend=World(server.port), tls=trusting)
        seen = Seen(PydanticObjectId(made["id"]), made["revision"])
        door = Door(served.state["library"], guard)
        article, results = await pulling.pull(ARTICLES, COMMAND_LINE, seen, door, db.now())
    assert [result.status for result in results] == [422]
    assert article.revision == made["revision"]
