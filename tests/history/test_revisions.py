"""Revisions: every field, who, when, why, from which door; and back again."""

from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from cms.core import db
from cms.history.service import words
from tests import make

ADMIN = "/api/v1/admin/articles"


async def _change(client: httpx.AsyncClient, thing: Any, path: str = "", **change: Any) -> Any:
    answer = await client.patch(
        f"{ADMIN}/{thing['id']}{path}", json=change, headers=make.if_match(thing)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _revisions(client: httpx.AsyncClient, thing: Any) -> list[Any]:
    found: list[Any] = (await client.get(f"{ADMIN}/{thing['id']}/revisions")).json()["items"]
    return found


async def test_every_change_is_kept_whole_with_who_when_and_from_where(
    owner: httpx.AsyncClient,
) -> None:
    made = await make.article(owner, title="One", markdown="First.", tag_slugs=["a"])
    changed = await _change(owner, made, markdown="Second.", featured=True)
    await make.verb(owner, changed, "publish")

    found = await _revisions(owner, made)
    assert [(item["number"], item["verb"]) for item in found] == [(2, "updated"), (1, "created")]
    assert found[0]["door"] == "token"
    assert found[0]["by"]["name"].startswith("Person")
    first = (await owner.get(f"{ADMIN}/{made['id']}/revisions/1")).json()["content"]
    for name in ("title", "slug", "lang", "markdown", "excerpt", "author_slugs", "tag_slugs"):
        assert first[name] == made[name]
    assert (first["featured"], first["seo"]["title"]) == (False, "")
    assert (await owner.get(f"{ADMIN}/{made['id']}/revisions/9")).status_code == 404


async def test_a_burst_of_autosaves_becomes_one_revision(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    made = await make.article(owner)
    for letter in "abcdefg":
        made = await _change(owner, made, "/autosave", markdown=f"typed {letter}")
    assert made["revision"] == 8
    found = await _revisions(owner, made)
    assert [(item["number"], item["verb"]) for item in found] == [(8, "autosaved"), (1, "created")]
    made = await _change(owner, made, markdown="saved by hand")
    made = await _change(owner, made, "/autosave", markdown="typed on")
    numbers = [item["number"] for item in await _revisions(owner, made)]
    assert numbers == [10, 9, 8, 1]


async def test_restoring_a_revision_is_a_revision(owner: httpx.AsyncClient) -> None:
    made = await make.article(owner, title="One", markdown="First.", tag_slugs=["a"])
    changed = await _change(owner, made, markdown="Second.", tag_slugs=["b"], title="Two")
    answer = await owner.post(
        f"{ADMIN}/{made['id']}/revisions/1/restore", headers=make.if_match(changed)
    )
    back = answer.json()
    assert (back["title"], back["markdown"], back["tag_slugs"]) == ("One", "First.", ["a"])
    assert back["revision"] == 3
    newest = (await _revisions(owner, made))[0]
    assert (newest["verb"], newest["why"]) == ("revision_restored", "revision 1")
    stale = await owner.post(
        f"{ADMIN}/{made['id']}/revisions/1/restore", headers=make.if_match(changed)
    )
    assert stale.status_code == 412
    missing = await owner.post(
        f"{ADMIN}/{made['id']}/revisions/99/restore", headers=make.if_match(back)
    )
    assert missing.status_code == 404


async def test_a_difference_tells_words_apart_in_texts_and_values_elsewhere(
    owner: httpx.AsyncClient,
) -> None:
    made = await make.article(owner, title="One", markdown="The quick brown fox.\n\nStays.\n")
    await _change(owner, made, title="Two", markdown="The slow brown fox.\n\nStays.\n")
    found = (await owner.get(f"{ADMIN}/{made['id']}/revisions/1/diff?to=2")).json()
    fields = {item["field"]: item for item in found["fields"]}
    assert (fields["title"]["before"], fields["title"]["after"]) == ("One", "Two")
    assert fields["markdown"]["words"] == [
        {"op": "equal", "text": "The "},
        {"op": "delete", "text": "quick"},
        {"op": "insert", "text": "slow"},
        {"op": "equal", "text": " brown fox.\n\nStays.\n"},
    ]
    unknown = await owner.get(f"{ADMIN}/{made['id']}/revisions/1/diff")
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["field"] == "to"


@given(st.text(alphabet="ab \n\r\t", max_size=60), st.text(alphabet="ab \n\r\t", max_size=60))
def test_a_difference_gives_both_texts_back(before: str, after: str) -> None:
    spans = words(before, after)
    assert "".join(span.text for span in spans if span.op != "insert") == before
    assert "".join(span.text for span in spans if span.op != "delete") == after


async def test_a_duplicate_is_a_draft_of_ones_own(owner: httpx.AsyncClient) -> None:
    made = await make.published(owner, title="One", markdown="Text.", tag_slugs=["a"])
    answer = await owner.post(f"{ADMIN}/{made['id']}/duplicate")
    copy = answer.json()
    assert answer.status_code == 201
    assert (copy["status"], copy["slug"], copy["revision"]) == ("draft", "one-2", 1)
    assert (copy["markdown"], copy["tag_slugs"]) == ("Text.", ["a"])


async def test_purging_forgets_the_contents_and_keeps_that_it_happened(
    owner: httpx.AsyncClient, database: db.Database
) -> None:
    made = await make.article(owner, title="Personal", markdown="private words")
    await _revisions(owner, made)
    trashed = await owner.request("DELETE", f"{ADMIN}/{made['id']}", headers=make.if_match(made))
    answer = await owner.post(f"{ADMIN}/{made['id']}/purge", headers=make.if_match(trashed.json()))
    assert answer.status_code == 204
    for name in await database.list_collection_names():
        for row in await database[name].find({}).to_list():
            assert "private words" not in str(row), name
            assert "Personal" not in str(row), name
    audit = (await owner.get(f"/api/v1/admin/audit?item={made['id']}")).json()["items"]
    assert [item["verb"] for item in audit] == ["purged", "trashed", "created"]


async def test_the_audit_log_tells_before_and_after(owner: httpx.AsyncClient) -> None:
    made = await make.article(owner, title="One", markdown="long text")
    await _change(owner, made, title="Two", markdown="longer text")
    await _revisions(owner, made)  # reading the history moves what is pending
    newest = (await owner.get("/api/v1/admin/audit")).json()["items"][0]
    assert (newest["kind"], newest["verb"], newest["item_id"]) == ("article", "updated", made["id"])
    changes = {item["field"]: (item["before"], item["after"]) for item in newest["changes"]}
    assert changes == {"title": ("One", "Two"), "markdown": (None, None)}


async def test_only_admins_read_the_audit_log(
    reader: httpx.AsyncClient, database: db.Database
) -> None:
    for role, status in (("owner", 200), ("admin", 200), ("editor", 403), ("author", 403)):
        secret = await make.token(await make.account(role=role))
        answer = await reader.get(
            "/api/v1/admin/audit", headers={"Authorization": f"Bearer {secret}"}
        )
        assert answer.status_code == status


def test_a_word_that_is_put_before_a_full_stop_is_the_only_change() -> None:
    spans = words("Empat lima enam.", "Empat lima enam tujuh.")
    assert [(span.op, span.text) for span in spans] == [
        ("equal", "Empat lima enam"),
        ("insert", " tujuh"),
        ("equal", "."),
    ]
