"""Webhooks through HTTP, with a real receiver: signed, in order, coalesced, until it arrives."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from cms.app import CARRIERS, KINDS, create_litestar, wrapped
from cms.config import Settings
from cms.core import db, ending
from cms.core.outbound import Outbound
from cms.leases.documents import Lease
from cms.publishing import relay
from cms.webhooks import documents, messages, outbox
from cms.webhooks.outbox import Sender
from cms.webhooks.secrets import Secrets
from tests import make
from tests.core.test_http import fields, is_problem
from tests.webhooks.receiving import Receiver, receiving, verified, verify

ADMIN = "/api/v1/admin"
HOOKS = f"{ADMIN}/webhooks"
HOUR = timedelta(hours=1)
OTHER_KEY = "another key, forty characters long......"
Row = dict[str, Any]


@dataclass
class Post:
    """The outbox with a clock of its own, so that nobody waits."""

    sender: Sender
    moments: list[datetime] = field(default_factory=lambda: [db.now()])

    async def passes(self, *deltas: timedelta) -> None:
        """Time passes; after each step what is due is sent and waited for."""
        while await relay.step(KINDS, db.now(), CARRIERS):
            pass
        for delta in deltas or (timedelta(), timedelta(seconds=6)):
            self.moments[0] += delta
            for _ in range(6):
                await self.sender.step()
                await asyncio.gather(*self.sender.under_way.values())


@pytest.fixture
async def post(database: db.Database, settings: Settings) -> AsyncIterator[Post]:
    secrets = Secrets(settings.secret_key or "")
    moments = [db.now()]
    sender = Sender(Outbound(["127.0.0.1/32"]), secrets, lambda: moments[0])
    yield Post(sender, moments)
    await sender.stop()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


async def _hook(owner: httpx.AsyncClient, receiver: Receiver, **changes: Any) -> Row:
    data = {"name": "Build", "url": receiver.url, **changes}
    answer = await owner.post(HOOKS, json=data)
    assert answer.status_code == 201, answer.text
    found: Row = answer.json()
    return found


async def _deliveries(owner: httpx.AsyncClient, hook: Row, query: str = "") -> list[Row]:
    answer = await owner.get(f"{HOOKS}/{hook['id']}/deliveries{query}")
    found: list[Row] = answer.json()["items"]
    return found


async def _edit(owner: httpx.AsyncClient, article: Row, **changes: Any) -> Row:
    at = f"{ADMIN}/articles/{article['id']}"
    answer = await owner.patch(at, json=changes, headers=make.if_match(article))
    return await make.verb(owner, answer.json(), "publish")


async def test_a_publication_arrives_signed_and_says_what_is_wrong_now(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    hook = await _hook(owner, receiver)
    made = await make.published(owner, slug="one", tag_slugs=["API", "#desk"])
    await post.passes()
    ((headers, body),) = receiver.seen
    assert verified(hook["secret"], headers, body)
    assert not verified(hook["secret"], headers, body + b" ")
    assert not verified(hook["secret"], {**headers, "webhook-id": "msg_other"}, body)
    assert headers["content-type"] == "application/json"
    (said,) = receiver.bodies()
    assert said["type"] == "content.changed"
    (change,) = said["data"]["changes"]
    assert (change["kind"], change["id"], change["type"]) == ("article", made["id"], "published")
    assert {"/articles/one", "/tags/api", "/feed.xml", "/sitemap.xml"} <= set(said["data"]["paths"])
    assert {f"article:{made['id']}", "articles", "tag:api"} <= set(said["data"]["cache_tags"])
    assert b"null" not in body
    assert b"desk" not in body
    (delivery,) = await _deliveries(owner, hook)
    assert (delivery["state"], delivery["attempts"][0]["status"]) == ("delivered", 204)
    assert delivery["payload"] == said
    assert f"msg_{delivery['id']}" == headers["webhook-id"] == delivery["message_id"]


async def test_a_burst_is_one_message_and_one_entry_per_item(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    await _hook(owner, receiver)
    one = await make.published(owner, slug="one")
    one = await _edit(owner, one, slug="uno")
    one = await _edit(owner, one, slug="eins")
    two = await make.published(owner, slug="two")
    await make.verb(owner, two, "unpublish")
    await post.passes()
    (said,) = receiver.bodies()
    first, second = said["data"]["changes"]
    assert (first["type"], first["slug"], first["old_slug"]) == ("published", "eins", "one")
    assert {"/articles/one", "/articles/uno", "/articles/eins"} <= set(first["paths"])
    assert (second["type"], second["id"]) == ("unpublished", two["id"])


async def test_a_burst_that_does_not_end_is_told_all_the_same(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    await _hook(owner, receiver)
    for number in range(12):
        await make.published(owner, slug=f"a{number}")
        await post.passes(timedelta(milliseconds=600))
    assert receiver.seen
    assert len(receiver.seen) < 4


async def test_a_message_holds_no_more_than_so_many_changes(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "MOST_CHANGES", 2)
    await _hook(owner, receiver)
    idents = [(await make.published(owner))["id"] for _ in range(5)]
    await post.passes()
    sizes = sorted(len(said["data"]["changes"]) for said in receiver.bodies())
    assert sizes == [1, 2, 2]
    assert {change["id"] for change in receiver.changes()} == set(idents)


@pytest.mark.parametrize("trouble", [500, 404, 301, 302, 429, None])
async def test_whatever_goes_wrong_is_tried_again_until_it_works(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post, trouble: int | None
) -> None:
    hook = await _hook(owner, receiver)
    receiver.answers = [trouble, trouble, 200]
    receiver.headers = "location: http://127.0.0.1:1/elsewhere\r\n" if trouble else ""
    await make.published(owner, slug="one")
    await post.passes(timedelta(), timedelta(seconds=6))
    assert len(receiver.seen) == 1
    (waiting,) = await _deliveries(owner, hook, "?state=waiting")
    assert waiting["attempts_count"] == 1
    assert (await owner.get(f"{HOOKS}/{hook['id']}")).json()["failing_since"] is not None
    await post.passes(timedelta(seconds=7), timedelta(seconds=40), HOUR)
    assert len(receiver.seen) == 3
    ids = {headers["webhook-id"] for headers, _ in receiver.seen}
    assert len(ids) == len({body for _, body in receiver.seen}) == 1
    assert all(verify(hook["secret"], *one) for one in receiver.seen)
    (done,) = await _deliveries(owner, hook, "?state=delivered")
    assert [one["status"] for one in done["attempts"]] == [trouble, trouble, 200]
    assert (await owner.get(f"{HOOKS}/{hook['id']}")).json()["failing_since"] is None


async def test_nobody_there_is_told_when_somebody_is(owner: httpx.AsyncClient, post: Post) -> None:
    async with receiving() as gone:
        hook = await _hook(owner, gone)
    made = await make.published(owner, slug="one")
    await post.passes()
    (waiting,) = await _deliveries(owner, hook)
    assert (waiting["state"], waiting["attempts"][0]["error"]) == (
        "waiting",
        "could not be reached",
    )
    async with receiving(gone.port) as back:
        await post.passes(HOUR)
        assert [change["id"] for change in back.changes()] == [made["id"]]


async def test_changes_of_one_item_arrive_in_order_while_others_go_ahead(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    await _hook(owner, receiver)
    receiver.answers = [500, 500, 200]
    one = await make.published(owner, slug="one")
    await post.passes()
    one = await _edit(owner, one, slug="uno")
    await post.passes(timedelta(seconds=1), timedelta(seconds=1))  # the first still waits
    assert [change["slug"] for change in receiver.changes()] == ["one"]
    await _edit(owner, one, slug="eins")
    receiver.answers = [200]
    other = await make.published(owner, slug="other")
    await post.passes(timedelta(seconds=1), timedelta(seconds=1))
    slugs = [change["slug"] for change in receiver.changes()]
    assert "other" in slugs
    assert other["id"] in {change["id"] for change in receiver.changes()}
    await post.passes(HOUR, HOUR)
    mine = [change["slug"] for change in receiver.changes(one["id"])]
    assert mine == ["one", "eins"]
    numbers = [change["number"] for change in receiver.changes(one["id"])]
    assert numbers == sorted(numbers)


async def test_after_three_days_it_is_given_up_and_can_be_sent_again(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    hook = await _hook(owner, receiver)
    receiver.answers = [500]
    await make.published(owner, slug="one")
    await post.passes(*[timedelta(), *[4.9 * HOUR] * 20])
    (failed,) = await _deliveries(owner, hook)
    assert failed["state"] == "failed"
    assert failed["finished_at"] is not None
    began = datetime.fromisoformat(failed["created_at"])
    assert post.moments[0] - began > messages.PATIENCE
    last = datetime.fromisoformat(failed["attempts"][-1]["at"])
    assert last - began > messages.PATIENCE - 8 * HOUR
    count = len(receiver.seen)
    at = f"{HOOKS}/{hook['id']}/deliveries/{failed['id']}/redeliver"
    receiver.answers = [200]
    assert (await owner.post(at)).status_code == 202
    assert is_problem(await owner.post(at), 409)["code"] == "delivery_under_way"
    await post.passes()
    assert len(receiver.seen) == count + 1
    assert receiver.seen[-1][0]["webhook-id"] == failed["message_id"]
    assert (await _deliveries(owner, hook))[0]["state"] == "delivered"


async def test_a_receiver_that_is_gone_for_good_is_not_asked_again(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    hook = await _hook(owner, receiver)
    receiver.answers = [410]
    await make.published(owner)
    await post.passes()
    now_is = (await owner.get(f"{HOOKS}/{hook['id']}")).json()
    assert (now_is["is_enabled"], now_is["disabled_because"]) == (
        False,
        "the receiver answered 410",
    )
    await make.published(owner)
    await post.passes(HOUR)
    assert len(receiver.seen) == 1
    refused = await owner.post(f"{HOOKS}/{hook['id']}/test")
    assert is_problem(refused, 409)["code"] == "webhook_disabled"


async def test_retry_after_is_heeded_and_waits_differ() -> None:
    waits = [messages.delay(1) for _ in range(50)]
    assert len(set(waits)) > 10
    assert all(timedelta(seconds=4) <= wait <= timedelta(seconds=6) for wait in waits)
    assert messages.delay(1, "60") >= timedelta(seconds=60)
    assert messages.delay(1, "999999") <= messages.MOST_ASKED
    assert messages.delay(1, "soon") <= timedelta(seconds=6)
    assert messages.delay(99) >= 3 * HOUR


async def test_two_secrets_sign_until_the_old_one_ends(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post, database: db.Database
) -> None:
    hook = await _hook(owner, receiver)
    at = f"{HOOKS}/{hook['id']}"
    answer = await owner.post(
        f"{at}/rotate-secret", json={"keep_old_hours": 2}, headers=make.if_match(hook)
    )
    new = answer.json()
    assert new["secret"] != hook["secret"]
    assert len(new["secrets"]) == 2
    await make.published(owner)
    await post.passes()
    assert verified(hook["secret"], *receiver.seen[0])
    assert verified(new["secret"], *receiver.seen[0])
    await make.published(owner)
    await post.passes(3 * HOUR, HOUR)
    assert not verified(new["secret"], *receiver.seen[1])  # its clock is hours ahead
    assert not verify(hook["secret"], *receiver.seen[1])
    assert verify(new["secret"], *receiver.seen[1])
    again = await owner.post(
        f"{at}/rotate-secret", json={"keep_old_hours": 0}, headers=make.if_match(new)
    )
    assert len(again.json()["secrets"]) == 1
    stored = str(await database["webhooks"].find({}).to_list())
    stored += str(await database["audit"].find({}).to_list())
    stored += (await owner.get(at)).text + (await owner.get(HOOKS)).text
    for made in (hook, new, again.json()):
        assert made["secret"].removeprefix("whsec_") not in stored


async def test_another_secret_key_is_noticed_before_anything_is_signed_with_it(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    hook = await _hook(owner, receiver)
    post.sender.secrets = Secrets(OTHER_KEY)
    await make.published(owner)
    await post.passes()
    assert receiver.seen == []
    (waiting,) = await _deliveries(owner, hook)
    assert "rotate the secret" in waiting["attempts"][0]["error"]


async def test_a_previous_secret_key_signs_on_until_the_secret_is_rotated(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post, settings: Settings
) -> None:
    hook = await _hook(owner, receiver)
    before = settings.secret_key or ""
    changed = replace(settings, secret_key=OTHER_KEY, secret_key_previous=(before,))
    post.sender.secrets = Secrets(OTHER_KEY, (before,))
    await make.published(owner)
    await post.passes()
    assert verified(hook["secret"], *receiver.seen[0])

    app = wrapped(create_litestar(changed, "mongodb://127.0.0.1", background=False), changed)
    transport = httpx.ASGITransport(app=app)
    at = f"{HOOKS}/{hook['id']}/rotate-secret"
    headers = {**owner.headers, **make.if_match(hook)}
    async with httpx.AsyncClient(transport=transport, base_url=owner.base_url) as renewed:
        answer = await renewed.post(at, json={"keep_old_hours": 2}, headers=headers)
    assert answer.status_code == 200, answer.text
    await make.published(owner)
    await post.passes()
    assert verified(hook["secret"], *receiver.seen[1])  # derived from the key before
    assert verified(answer.json()["secret"], *receiver.seen[1])

    post.sender.secrets = Secrets(before)
    await make.published(owner)
    await post.passes()
    assert len(receiver.seen) == 2


async def test_a_test_message_is_tried_once(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    hook = await _hook(owner, receiver)
    receiver.answers = [500]
    for _ in range(2):
        assert (await owner.post(f"{HOOKS}/{hook['id']}/test")).status_code == 202
    await post.passes(timedelta(seconds=1), HOUR)
    assert [said["type"] for said in receiver.bodies()] == ["webhook.test"] * 2
    assert verify(hook["secret"], *receiver.seen[0])
    assert {one["state"] for one in await _deliveries(owner, hook)} == {"failed"}


async def test_it_is_told_of_what_it_asked_for_and_of_nothing_before(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    await make.published(owner, slug="before")
    await post.passes()
    await _hook(owner, receiver, kinds=["page"])
    await make.published(owner, slug="article")
    page = await make.live(owner, "pages", slug="uses")
    await make.article(owner, slug="draft")
    await post.passes()
    assert [change["id"] for change in receiver.changes()] == [page["id"]]


async def test_the_guard_is_asked_for_every_message(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    hook = await _hook(owner, receiver)
    post.sender.outbound = Outbound()
    await make.published(owner)
    await post.passes()
    assert receiver.seen == []
    (waiting,) = await _deliveries(owner, hook)
    assert waiting["attempts"][0]["status"] is None
    assert waiting["attempts"][0]["error"]


async def test_a_kill_between_send_and_mark_sends_again_and_loses_nothing(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _hook(owner, receiver)
    made = await make.published(owner, slug="one")

    async def killed(*_: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(documents.Delivery, "mark", killed)
        while await relay.step(KINDS, db.now(), CARRIERS):
            pass
        for seconds in (0, 2):
            post.moments[0] += timedelta(seconds=seconds)
            await post.sender.step()
            await asyncio.gather(*post.sender.under_way.values(), return_exceptions=True)
    assert len(receiver.seen) == 1
    await post.passes()
    assert [headers["webhook-id"] for headers, _ in receiver.seen] == [
        receiver.seen[0][0]["webhook-id"]
    ] * 2
    assert [change["id"] for change in receiver.changes()] == [made["id"]]


async def _steps(post: Post) -> None:
    for _ in range(2):
        await post.sender.step()
        post.moments[0] += timedelta(seconds=9)


@pytest.mark.parametrize("victim", ["reached", "add", "join", "seal"])
async def test_a_kill_while_events_are_handed_over_tells_each_once(
    owner: httpx.AsyncClient,
    receiver: Receiver,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    victim: str,
) -> None:
    await _hook(owner, receiver)
    idents = [(await make.published(owner, slug=f"a{number}"))["id"] for number in range(3)]
    while await relay.step(KINDS, db.now(), CARRIERS):
        pass
    owner_of = documents.Outbox if victim == "reached" else documents.Delivery
    done = getattr(owner_of, victim)

    async def killed(*given: Any) -> Any:
        if victim != "reached":
            await done(*given)  # it was written, and then
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(owner_of, victim, killed)
        with pytest.raises(RuntimeError):
            await _steps(post)
    await post.passes()
    told = [change["id"] for change in receiver.changes()]
    assert sorted(told) == sorted(idents)


async def test_the_log_is_thinned(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_KEPT", 2)
    hook = await _hook(owner, receiver)
    for number in range(4):
        await make.published(owner, slug=f"a{number}")
        await post.passes()
    assert len(receiver.seen) == 4
    assert len(await _deliveries(owner, hook)) == 2


async def test_one_that_is_deleted_is_told_nothing_more(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post, database: db.Database
) -> None:
    hook = await _hook(owner, receiver)
    await make.published(owner)
    await post.passes(timedelta())
    gone = await owner.delete(f"{HOOKS}/{hook['id']}", headers=make.if_match(hook))
    assert gone.status_code == 204
    await post.passes(HOUR)
    assert receiver.seen == []
    assert await database["webhook_deliveries"].count_documents({}) == 0
    await post.passes()
    verbs = [row["verb"] async for row in database["audit"].find({"kind": "webhook"})]
    assert sorted(verbs) == ["created", "deleted"]


async def test_a_change_needs_the_revision_and_is_noted_without_the_address(
    owner: httpx.AsyncClient, receiver: Receiver, post: Post, database: db.Database
) -> None:
    hook = await _hook(owner, receiver)
    at = f"{HOOKS}/{hook['id']}"
    change = {"url": "https://hooks.example.com/build/s3cr3t", "kinds": ["page", "page"]}
    for headers, status in (({}, 428), ({"If-Match": '"9"'}, 412)):
        assert (await owner.patch(at, json=change, headers=headers)).status_code == status
    answer = await owner.patch(at, json=change, headers=make.if_match(hook))
    assert (answer.json()["url"], answer.json()["kinds"]) == (change["url"], ["page"])
    assert (await owner.delete(at, headers=make.if_match(hook))).status_code == 412
    stale = await owner.post(f"{at}/rotate-secret", headers=make.if_match(hook))
    assert is_problem(stale, 412)["code"] == "stale_revision"
    await post.passes(timedelta())
    audit = str(await database["audit"].find({"kind": "webhook"}).to_list())
    assert "hooks.example.com" in audit
    assert "s3cr3t" not in audit


GOOD = {"name": "Build", "url": "https://hooks.example.com/"}
BAD: list[tuple[str, Any]] = [
    *(("name", value) for value in ("", " ", "a\nb", "x" * 121, 1, None)),
    *(("url", value) for value in ("", "ftp://a.example", "//a.example", "https://a b", 1, "x")),
    *(("kinds", value) for value in ("article", ["evil"], [1], ["article"] * 11, {"$ne": ""})),
    *(("is_enabled", value) for value in (1, "true", None)),
    *((name, "x") for name in ("secret", "id", "revision", "secrets", "failing_since", "$set")),
]


async def test_a_webhook_takes_nothing_but_what_it_is(owner: httpx.AsyncClient) -> None:
    for name, value in BAD:
        answer = await owner.post(HOOKS, json={**GOOD, name: value})
        named = fields(is_problem(answer, 422))
        assert [one for one in named if one == name or one.startswith(f"{name}.")], (name, value)


async def test_a_rotation_takes_hours(owner: httpx.AsyncClient) -> None:
    made = (await owner.post(HOOKS, json=GOOD)).json()
    at = f"{HOOKS}/{made['id']}/rotate-secret"
    for hours in (-1, 169, "1", True, None, 1.5):
        data = {"keep_old_hours": hours}
        answer = await owner.post(at, json=data, headers=make.if_match(made))
        assert fields(is_problem(answer, 422)) == ["keep_old_hours"]


async def test_what_is_not_there_is_404_and_too_many_are_refused(
    owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (await owner.post(HOOKS, json=GOOD)).json()
    for path in (
        f"{HOOKS}/{'a' * 24}/test",
        f"{HOOKS}/{made['id']}/deliveries/{'a' * 24}/redeliver",
        f"{HOOKS}/x/test",
    ):
        assert (await owner.post(path)).status_code == 404
    assert (await owner.get(f"{HOOKS}/{'a' * 24}/deliveries")).status_code == 404
    monkeypatch.setattr("cms.webhooks.service.MOST", 1)
    assert is_problem(await owner.post(HOOKS, json=GOOD), 409)["code"] == "too_many_webhooks"


async def test_only_one_process_sends(database: db.Database, post: Post) -> None:
    assert await Lease.hold(outbox.NAME, "one", db.now(), outbox.LEASE)
    steps: list[int] = []

    class Counted(Sender):
        async def step(self) -> None:
            steps.append(1)

    counted = Counted(post.sender.outbound, post.sender.secrets, db.now)
    task = asyncio.create_task(outbox.run(counted, pause=0.01))
    await asyncio.sleep(0.1)
    assert steps == []
    await Lease.let_go(outbox.NAME, "one")
    for _ in range(100):
        await asyncio.sleep(0.02)
        if steps:
            break
    await ending.end([task])
    assert steps
