"""Messages through HTTP: taken in once, caught without a word, read, marked, erased, told of."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from cms.app import CARRIERS, KINDS
from cms.config import Settings
from cms.contact import door, keeping
from cms.contact.trap import Trap
from cms.core import db
from cms.core.db import Database
from cms.core.outbound import Outbound
from cms.publishing import relay
from cms.webhooks.outbox import Sender
from cms.webhooks.secrets import Secrets
from tests import make
from tests.core.test_http import fields, is_problem
from tests.webhooks.receiving import receiving, verify

CONTACT = "/api/v1/contact"
INBOX = "/api/v1/admin/contact"
Row = dict[str, Any]
Letter = Callable[..., Row]


@pytest.fixture
def letter(settings: Settings) -> Letter:
    """A message as a person sends it, a minute after the form was fetched."""
    trap = Trap(settings.secret_key or "")

    def write(age: timedelta = timedelta(minutes=1), **changes: Any) -> Row:
        words = {"name": "Budi", "email": "Budi@Example.com", "message": "Would you\nspeak?"}
        return {"token": trap.issue(db.now() - age).token, **words, **changes}

    return write


async def _listed(owner: httpx.AsyncClient, query: str = "") -> list[Row]:
    answer = await owner.get(f"{INBOX}{query}")
    assert answer.status_code == 200, answer.text
    found: list[Row] = answer.json()["items"]
    return found


async def test_a_message_arrives_and_is_read_marked_and_deleted(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, letter: Letter, database: Database
) -> None:
    more = {"subject": "A talk", "lang": "en", "page": "/contact"}
    sent = await reader.post(CONTACT, json=letter(**more))
    assert sent.status_code == 202
    assert set(sent.json()) == {"received_at"}
    assert sent.headers["cache-control"] == "private, no-store"
    (message,) = await _listed(owner)
    at = sent.json()["received_at"]
    words = {"name": "Budi", "email": "budi@example.com", "message": "Would you\nspeak?", **more}
    marks = {"is_read": False, "is_spam": False, "caught_by": None, "revision": 1}
    assert message == {"id": message["id"], **words, **marks, "received_at": at, "updated_at": at}

    at = f"{INBOX}/{message['id']}"
    read = await owner.patch(at, json={"is_read": True}, headers=make.if_match(message))
    assert (read.json()["is_read"], read.headers["etag"]) == (True, '"2"')
    assert await _listed(owner, "?is_read=false&total=true") == []
    stale = await owner.patch(at, json={"is_spam": True}, headers=make.if_match(message))
    assert (stale.status_code, stale.json()["current"]["revision"]) == (412, 2)
    assert (await owner.delete(at, headers=make.if_match(read.json()))).status_code == 204
    is_problem(await owner.get(at), 404, "not_found")
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass
    assert "budi" not in str([row async for row in database["audit"].find()]).lower()


async def test_a_form_brings_one_message_however_often_it_is_sent(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, letter: Letter
) -> None:
    data = letter()
    sent = await asyncio.gather(*(reader.post(CONTACT, json=data) for _ in range(4)))
    again = await reader.post(CONTACT, json=data)
    assert {answer.status_code for answer in (*sent, again)} == {202}
    assert again.json()["received_at"] == (await _listed(owner))[0]["received_at"]
    is_problem(
        await reader.post(CONTACT, json={**data, "message": "Buy!"}), 409, "contact_token_used"
    )
    assert len(await _listed(owner)) == 1


@pytest.mark.parametrize("caught_by", ["honeypot", "too_fast"])
async def test_a_program_is_caught_told_the_same_and_told_of_to_nobody(
    owner: httpx.AsyncClient,
    reader: httpx.AsyncClient,
    letter: Letter,
    caught_by: str,
) -> None:
    data = letter(website="x") if caught_by == "honeypot" else letter(timedelta(seconds=2))
    plain = await reader.post(CONTACT, json=letter())
    caught = await reader.post(CONTACT, json=data)
    assert (caught.status_code, set(caught.json())) == (202, set(plain.json()))
    assert len(await _listed(owner)) == 1
    (message,) = await _listed(owner, "?folder=spam")
    assert (message["caught_by"], message["is_spam"]) == (caught_by, True)
    at = f"{INBOX}/{message['id']}"
    answer = await owner.patch(at, json={"is_spam": False}, headers=make.if_match(message))
    assert answer.status_code == 200  # a person whose browser filled in everything is not lost
    assert len(await _listed(owner)) == 2


async def test_the_form_says_from_when_to_when_its_token_is_good(
    reader: httpx.AsyncClient, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = (await reader.get(CONTACT)).json()
    ready, expires = (datetime.fromisoformat(form[name]) for name in ("ready_at", "expires_at"))
    assert timedelta(0) < ready - db.now() <= timedelta(seconds=3)
    data = {**letter(), "token": form["token"]}
    for moment, status in ((expires + timedelta(milliseconds=2), 422), (expires, 202)):
        monkeypatch.setattr(door, "now", lambda moment=moment: moment)
        assert (await reader.post(CONTACT, json=data)).status_code == status


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "lct_" + "A" * 56,
        Trap("another key" * 4).issue(db.now() - timedelta(hours=1)).token,
    ],
    ids=["none", "short", "forged", "by another key"],
)
async def test_a_token_that_is_none_of_ours_is_refused(
    reader: httpx.AsyncClient, letter: Letter, token: str
) -> None:
    refused = await reader.post(CONTACT, json=letter(token=token))
    assert (refused.status_code, fields(refused.json())) == (422, ["token"])


async def test_a_token_of_a_previous_key_or_changed_in_one_letter(settings: Settings) -> None:
    now = db.now()
    token = Trap("a key before this one, and longer").issue(now).token
    rotated = Trap("another", ("a key before this one, and longer",))
    assert rotated.read(token, now).is_early
    for at in range(len("lct_"), len(token)):
        other = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(Exception, match="none of ours"):
            rotated.read(other, now)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Budi\nBcc: all@example.com"}, "name"),
        ({"name": " "}, "name"),
        ({"email": "budi"}, "email"),
        ({"email": "budi@example.com\nBcc: x@example.com"}, "email"),
        ({"subject": "a\r\nb"}, "subject"),
        ({"message": " \n"}, "message"),
        ({"message": "\x1b[2J"}, "message"),
        ({"message": "x" * 10_001}, "message"),
        ({"page": "https://elsewhere.example/"}, "page"),
        ({"is_spam": False}, "is_spam"),
        ({"lang": "english"}, "lang"),
    ],
)
async def test_what_is_no_message_is_refused(
    reader: httpx.AsyncClient, letter: Letter, changes: Row, field: str
) -> None:
    refused = await reader.post(CONTACT, json=letter(**changes))
    assert (refused.status_code, fields(refused.json())) == (422, [field])


async def test_the_sixth_message_of_an_hour_is_refused_and_caught_ones_count(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, letter: Letter
) -> None:
    for number in range(5):
        trapped = {"website": "x"} if number % 2 else {}
        assert (await reader.post(CONTACT, json=letter(**trapped))).status_code == 202
    refused = await reader.post(CONTACT, json=letter())
    is_problem(refused, 429, "too_many_requests")
    assert int(refused.headers["retry-after"]) > 3000
    assert len(await _listed(owner)) + len(await _listed(owner, "?folder=spam")) == 5


async def test_a_flood_from_everywhere_is_refused_and_what_is_caught_does_not_shut_the_door(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, letter: Letter, database: Database
) -> None:
    # As if a hundred and fifty strangers had written: what each address may does not bear on it.
    async def forget_addresses() -> None:
        await database["throttles"].delete_many({"_id": {"$regex": "^contact(-day)?:"}})

    for _ in range(60):
        assert (await reader.post(CONTACT, json=letter(website="x"))).status_code == 202
        await forget_addresses()
    assert len(await _listed(owner, "?folder=spam&limit=100")) == 50
    for _ in range(100):
        assert (await reader.post(CONTACT, json=letter())).status_code == 202
        await forget_addresses()
    is_problem(await reader.post(CONTACT, json=letter()), 429, "too_many_requests")


async def test_all_that_somebody_sent_is_erased(
    owner: httpx.AsyncClient, database: Database
) -> None:
    for email in ("budi@example.com", "budi@example.com", "sari@example.com"):
        await make.message(email=email, name=email)
    erased = await owner.post(f"{INBOX}/erase", json={"email": " BUDI@example.com "})
    assert erased.json() == {"removed": 2}
    assert [message["email"] for message in await _listed(owner)] == ["sari@example.com"]
    for name in await database.list_collection_names():
        rows = [row async for row in database[name].find()]
        assert "budi" not in str(rows).lower(), name


async def test_messages_go_when_their_time_is_over(
    owner: httpx.AsyncClient, database: Database
) -> None:
    now = db.now()
    for days, is_spam in ((29, True), (31, True), (364, False), (366, False)):
        at = now - timedelta(days=days)
        await make.message(received_at=at, is_spam=is_spam, name=f"{days} days")
    assert await keeping.remove_old(now, keep_days=0) == 1
    assert await keeping.remove_old(now, keep_days=365) == 1
    left = await database["contact_messages"].find().sort("received_at", 1).to_list()
    assert [row["name"] for row in left] == ["364 days", "29 days"]


async def test_a_folder_full_of_spam_keeps_the_newest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_SPAM", 3)
    now = db.now()
    for minutes in range(5):
        at = now - timedelta(minutes=minutes)
        await make.message(received_at=at, is_spam=True, name=str(minutes))
    assert await keeping.remove_old(now, keep_days=365) == 2
    left = await database["contact_messages"].find().to_list()
    assert sorted(row["name"] for row in left) == ["0", "1", "2"]


async def test_a_webhook_that_asks_for_it_is_told_once_and_of_no_person(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, letter: Letter, settings: Settings
) -> None:
    secrets = Secrets(settings.secret_key or "")
    sender = Sender(Outbound(["127.0.0.1/32"]), secrets, db.now)
    async with receiving() as asked, receiving() as others:
        hooks = {}
        for receiver, kinds in ((asked, ["contact"]), (others, [])):
            data = {"name": "Told", "url": receiver.url, "kinds": kinds}
            made = await owner.post("/api/v1/admin/webhooks", json=data)
            hooks[receiver.port] = made.json()
        await reader.post(CONTACT, json=letter(lang="en", page="/contact"))
        await reader.post(CONTACT, json=letter(website="x"))
        await make.published(owner, slug="one")
        for _ in range(3):
            await sender.step()
            await asyncio.gather(*sender.under_way.values())
        await sender.stop()

    (message,) = await _listed(owner)
    ((headers, body),) = asked.seen
    assert verify(hooks[asked.port]["secret"], headers, body)
    (told,) = asked.bodies()
    assert told["type"] == "contact.received"
    named = {name: message[name] for name in ("id", "received_at", "lang", "page")}
    assert told["data"] == {**named, "received_at": told["timestamp"]}
    assert "budi" not in body.decode().lower()
    assert not [body for body in others.bodies() if body["type"] == "contact.received"]


async def test_a_killed_outbox_tells_the_same_delivery_again_and_no_second_one(
    owner: httpx.AsyncClient, settings: Settings, database: Database
) -> None:
    sender = Sender(Outbound([]), Secrets(settings.secret_key or ""), db.now)
    data = {"name": "Told", "url": "https://hooks.example.com/", "kinds": ["contact"]}
    assert (await owner.post("/api/v1/admin/webhooks", json=data)).status_code == 201
    await make.message()
    await sender.step()
    # Killed after the delivery was stored and before the message was marked.
    await database["contact_messages"].update_many({}, {"$set": {"is_told": False}})
    await sender.step()
    await sender.stop()
    assert await database["webhook_deliveries"].count_documents({}) == 1


async def test_readers_notice_nothing_of_a_message(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, letter: Letter
) -> None:
    await make.published(owner, slug="one")
    paths = ("/api/v1/articles", "/api/v1/sync", "/feed.xml", "/api/v1/search?q=speak")
    before = [await reader.get(path) for path in paths]
    assert (await reader.post(CONTACT, json=letter())).status_code == 202
    after = [await reader.get(path) for path in paths]
    assert [answer.content for answer in after] == [answer.content for answer in before]
    assert [answer.headers["etag"] for answer in after[:1]] == [before[0].headers["etag"]]


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [("https://juri.example", True), ("https://evil.example", False), ("null", False)],
)
async def test_a_browser_lets_the_sites_own_pages_write_and_no_other(
    reader: httpx.AsyncClient, letter: Letter, origin: str, is_let_in: bool
) -> None:
    asking = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    for path in (CONTACT, f"{CONTACT}/", "/api/v1//contact"):
        asked = await reader.options(path, headers=asking)
        assert asked.headers.get("access-control-allow-origin") == (origin if is_let_in else None)
        assert "POST" in asked.headers["access-control-allow-methods"]
        assert asked.headers["access-control-allow-headers"] == "Content-Type"
    for answer in (
        await reader.get(CONTACT, headers={"Origin": origin}),
        await reader.post(CONTACT, json=letter(), headers={"Origin": origin}),
        await reader.post(CONTACT, json={}, headers={"Origin": origin}),
    ):
        allowed = answer.headers.get("access-control-allow-origin")
        assert allowed == (origin if is_let_in else None)
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["vary"] == "Origin"


async def test_no_html_form_of_another_site_can_post(
    reader: httpx.AsyncClient, letter: Letter
) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = await reader.post(CONTACT, json=letter(), headers={"Content-Type": kind})
        assert answer.status_code == 415
