"""Bodies in, answers out: strict JSON, problem documents, If-Match, ETag and 304."""

import json
from typing import Any

import httpx
import pytest

from cms.core.errors import FAMILY
from cms.core.http import MAX_JSON_BYTES
from tests import make

ARTICLES = "/api/v1/admin/articles"
PUBLIC = "/api/v1/articles"
SESSION = "/api/v1/admin/session"
JSON = {"Content-Type": "application/json"}
KEYS = ["type", "title", "status", "detail", "code", "errors", "instance"]
# What an answer must never tell: traces, class paths, file names, the database's words.
INSIDE = [
    "Traceback", "cms.", "site-packages", ".py", "litestar", "pydantic", "pymongo", "mongo",
    "bson", "E11000", "msgspec", "ValidationError", "Exception", "<class", "object at 0x",
]  # fmt: skip


def is_problem(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem document, once it is shown to be one and to tell nothing of the inside."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    assert [key for key in found if key not in {"current", "location"}] == KEYS
    assert found["status"] == status
    assert found["type"] == f"/problems/{found['code']}"
    assert found["instance"] == answer.headers["x-request-id"]
    assert found["title"]
    assert found["detail"]
    for item in found["errors"]:
        assert sorted(item) == ["code", "field", "message"]
        assert all(item.values())
    for word in INSIDE:
        assert word not in answer.text, word
    assert code in {None, found["code"]}
    return found


def fields(problem: dict[str, Any]) -> list[str]:
    return [item["field"] for item in problem["errors"]]


async def test_each_status_is_a_problem_document(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.published(owner, title="One", slug="one")
    path = f"{ARTICLES}/{made['id']}"
    renamed = await owner.patch(path, json={"slug": "uno"}, headers=make.if_match(made))
    moved = await make.verb(owner, renamed.json(), "publish")
    stale, gone = {"If-Match": '"1"'}, f"{ARTICLES}/{'a' * 24}"

    is_problem(await reader.get(f"{PUBLIC}?nope=1"), 400, "unknown_parameter")
    is_problem(await reader.get(ARTICLES), 401, "unauthenticated")
    is_problem(
        await owner.post("/api/v1/admin/tokens", json={"name": "x", "scopes": ["read"]}), 403
    )
    is_problem(await owner.get(gone), 404, "not_found")
    is_problem(await reader.get("/nowhere"), 404, "not_found")
    is_problem(await reader.post(PUBLIC), 405, "method_not_allowed")
    taken = is_problem(await owner.post(ARTICLES, json={"title": "x", "slug": "uno"}), 409)
    assert fields(taken) == ["slug"]
    is_problem(await owner.patch(path, json={}, headers=stale), 412, "stale_revision")
    is_problem(await owner.post(ARTICLES, content=b"{}", headers={"Content-Type": "a/b"}), 415)
    assert fields(is_problem(await owner.post(ARTICLES, json={}), 422)) == ["title"]
    is_problem(await owner.patch(path, json={}), 428, "if_match_required")
    redirect = is_problem(await reader.get(f"{PUBLIC}/one"), 308, "moved")
    assert redirect["location"] == f"{PUBLIC}/{moved['slug']}"


BODIES: dict[str, tuple[bytes, int]] = {
    "malformed UTF-8": (b'{"title": "\xff\xfe"}', 400),
    "overlong UTF-8": (b'{"title": "\xc0\xaf"}', 400),
    "UTF-8 surrogate": (b'{"title": "\xed\xa0\x80"}', 400),
    "lone surrogate": (b'{"title": "\\ud800"}', 400),
    "lone surrogate as key": (b'{"\\udfff": 1, "title": "x"}', 400),
    "100,000 deep": (b"[" * 100_000 + b"]" * 100_000, 400),
    "100,000 deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
    "33 deep": (b'{"title": ' + b"[" * 32 + b"]" * 32 + b"}", 400),
    "32 deep": (b'{"title": ' + b"[" * 31 + b"]" * 31 + b"}", 422),
    "too many values": (b"[" + b"[]," * 60_000 + b"[]]", 400),
    "NUL": (b'{"title": "a\\u0000b"}', 422),
    "NUL as byte": (b'{"title": "a\x00b"}', 400),
    "NUL as key": (b'{"\\u0000": 1, "title": "x"}', 422),
    "huge integer": (b'{"title": ' + b"9" * 1_000_000 + b"}", 400),
    "big integer": (b'{"title": ' + b"9" * 4000 + b"}", 422),
    "NaN": (b'{"title": NaN}', 400),
    "Infinity": (b'{"title": -Infinity}', 400),
    "1e999": (b'{"title": 1e999}', 422),
    "empty": (b"", 422),
    "blank": (b"  \n", 400),
    "null": (b"null", 422),
    "array": (b"[]", 422),
    "array of the right thing": (b'[{"title": "x"}]', 422),
    "string": (b'"title"', 422),
    "number": (b"7", 422),
    "BOM": (b'\xef\xbb\xbf{"title": "x"}', 400),
    "UTF-16": ('{"title": "x"}'.encode("utf-16"), 400),
    "two documents": (b'{"title": "x"}{"title": "y"}', 400),
    "trailing comma": (b'{"title": "x",}', 400),
    "comment": (b'{"title": "x"} // no', 400),
    "single quotes": (b"{'title': 'x'}", 400),
    "JSON5 key": (b'{title: "x"}', 400),
    "form": (b"title=x", 400),
    "XML": (b"<title>x</title>", 400),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_that_is_not_sane_json_is_refused(
    owner: httpx.AsyncClient, database: Any, name: str
) -> None:
    body, status = BODIES[name]
    is_problem(await owner.post(ARTICLES, content=body, headers=JSON), status)
    made = await make.article(owner)
    changed = await owner.patch(
        f"{ARTICLES}/{made['id']}", content=body, headers={**JSON, **make.if_match(made)}
    )
    is_problem(changed, status)
    assert await database["articles"].count_documents({}) == 1


async def test_of_a_key_that_stands_twice_the_last_one_counts_everywhere(
    owner: httpx.AsyncClient,
) -> None:
    body = b'{"title": "First", "title": "Second"}'
    made = (await owner.post(ARTICLES, content=body, headers=JSON)).json()
    assert made["title"] == "Second"
    body = b'{"title": "Third", "title": "Fourth"}'
    headers = {**JSON, **make.if_match(made)}
    changed = await owner.patch(f"{ARTICLES}/{made['id']}", content=body, headers=headers)
    assert changed.json()["title"] == "Fourth"


async def test_a_body_over_two_megabytes_is_413(owner: httpx.AsyncClient) -> None:
    body = b'{"title": "' + b"x" * 3_000_000 + b'"}'
    is_problem(await owner.post(ARTICLES, content=body, headers=JSON), 413, "too_large")


async def test_a_body_of_unknown_length_is_counted(owner: httpx.AsyncClient) -> None:
    async def chunks() -> Any:
        yield b'{"title": "'
        for _ in range(MAX_JSON_BYTES // 65536 + 1):
            yield b"x" * 65536
        yield b'"}'

    is_problem(await owner.post(ARTICLES, content=chunks(), headers=JSON), 413, "too_large")


async def test_strangers_may_send_no_more_than_a_sign_in(reader: httpx.AsyncClient) -> None:
    data = {"email": "a@example.com", "password": "x" * 20_000}
    is_problem(await reader.post(SESSION, json=data), 413, "too_large")


@pytest.mark.parametrize("length", ["99999999999", "abc", "-1", "1.5", "0x10", "٣".encode()])
async def test_a_lie_about_the_length_is_no_crash(
    owner: httpx.AsyncClient, length: str | bytes
) -> None:
    sent = length if isinstance(length, bytes) else length.encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", sent)]
    answer = await owner.post(ARTICLES, content=b'{"title": "x"}', headers=headers)
    assert answer.status_code in {201, 400, 413, 415}


@pytest.mark.parametrize(
    "kind",
    [
        "", "text/plain", "text/json", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x", "application/json; charset=latin-1",
        "application/json;charset=utf-16", 'application/json; charset="utf-7"', "application/jsonp",
        "application/json, text/plain", "text/plain; application/json", "application/problem+json",
        "application/x-msgpack", "*/*", "\xe9",
    ],
)  # fmt: skip
async def test_any_type_but_json_in_utf_8_is_415(owner: httpx.AsyncClient, kind: str) -> None:
    headers = [(b"content-type", kind.encode("latin-1"))]
    answer = await owner.post(ARTICLES, content=b'{"title": "x"}', headers=headers)
    is_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "kind",
    [
        "application/json", "Application/JSON", "application/json; charset=utf-8",
        'application/json;charset="UTF8"', "application/merge-patch+json",
    ],
)  # fmt: skip
async def test_json_may_be_called_what_it_is(owner: httpx.AsyncClient, kind: str) -> None:
    headers = {"Content-Type": kind}
    assert (await owner.post(ARTICLES, content=b'{"title":"x"}', headers=headers)).is_success


async def test_unknown_fields_are_named_with_their_path(owner: httpx.AsyncClient) -> None:
    data = {"title": "x", "evil": 1, "seo": {"evil": {"deep": 1}, "title": 7}}
    found = is_problem(await owner.post(ARTICLES, json=data), 422)
    assert sorted(fields(found)) == ["evil", "seo.evil", "seo.title"]
    assert "seo.evil" in found["detail"]


async def test_a_flood_of_wrong_fields_does_not_come_back_multiplied(
    owner: httpx.AsyncClient,
) -> None:
    data = {f"evil{number}": 1 for number in range(10_000)} | {"k" * 1_000_000: 1}
    answer = await owner.post(ARTICLES, json=data)
    assert len(is_problem(answer, 422)["errors"]) == 50
    assert len(answer.content) < 20_000


@pytest.mark.parametrize("header", ['"1"', 'W/"1"', ' "1" ', '"01"'])
async def test_if_match_takes_one_revision_strong_or_weakened(
    owner: httpx.AsyncClient, header: str
) -> None:
    made = await make.article(owner)
    path = f"{ARTICLES}/{made['id']}"
    answer = await owner.patch(path, json={"title": "x"}, headers={"If-Match": header})
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    assert answer.headers["etag"] == '"2"'


@pytest.mark.parametrize(
    "header",
    ["", "*", "1", '""', '"x"', '"-1"', '"1", "2"', '"1" x', '"9999999999999999"', 'w/"1"'],
)
async def test_if_match_that_names_no_revision_is_400(
    owner: httpx.AsyncClient, header: str
) -> None:
    made = await make.article(owner)
    answer = await owner.patch(
        f"{ARTICLES}/{made['id']}", json={"title": "x"}, headers={"If-Match": header}
    )
    is_problem(answer, 400, "bad_if_match")


async def test_a_stale_save_gets_the_full_current_representation(owner: httpx.AsyncClient) -> None:
    made = await make.article(owner, title="Mine")
    path = f"{ARTICLES}/{made['id']}"
    await owner.patch(path, json={"title": "Theirs"}, headers=make.if_match(made))

    answer = await owner.patch(path, json={"title": "Mine again"}, headers=make.if_match(made))

    current = (await owner.get(path)).json()
    assert is_problem(answer, 412)["current"] == current
    assert (current["title"], current["revision"]) == ("Theirs", 2)


@pytest.mark.parametrize(
    ("method", "tail"),
    [("PATCH", ""), ("DELETE", ""), ("POST", "/publish"), ("POST", "/purge"), ("POST", "/restore")],
)
async def test_every_write_of_what_carries_a_revision_asks_for_it(
    owner: httpx.AsyncClient, method: str, tail: str
) -> None:
    made = await make.article(owner)
    path = f"{ARTICLES}/{made['id']}{tail}"
    data = {"title": "x"} if method == "PATCH" else None
    is_problem(await owner.request(method, path, json=data), 428)
    stale = await owner.request(method, path, json=data, headers={"If-Match": '"9"'})
    assert "current" in is_problem(stale, 412)


@pytest.mark.parametrize("known", ["{}", "W/{}", '"x", {}', '"x",W/{} , "y"', "*"])
async def test_a_reader_who_has_it_gets_304_without_a_body(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, known: str
) -> None:
    await make.published(owner, slug="one")
    for path in (PUBLIC, f"{PUBLIC}/one", f"{PUBLIC}/one.md", "/api/v1/site", "/api/v1/tags"):
        first = await reader.get(path)
        assert first.headers["etag"].startswith('"')
        headers = {"If-None-Match": known.format(first.headers["etag"])}

        second = await reader.get(path, headers=headers)

        assert (second.status_code, second.content) == (304, b""), path
        for name in ("etag", "cache-control", "access-control-allow-origin"):
            assert second.headers[name] == first.headers[name]
        assert "max-age" in second.headers["cache-control"]


@pytest.mark.parametrize("known", ['"x"', 'W/"x"', "", "x", "{}x", '"*"'])
async def test_a_reader_who_has_something_else_gets_it_all(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, known: str
) -> None:
    await make.published(owner, slug="one")
    etag = (await reader.get(f"{PUBLIC}/one")).headers["etag"]
    answer = await reader.get(f"{PUBLIC}/one", headers={"If-None-Match": known.format(etag)})
    assert answer.status_code == 200


async def test_a_change_is_a_new_etag(owner: httpx.AsyncClient, reader: httpx.AsyncClient) -> None:
    made = await make.published(owner, slug="one")
    etag = (await reader.get(f"{PUBLIC}/one")).headers["etag"]
    path = f"{ARTICLES}/{made['id']}"
    edited = await owner.patch(path, json={"markdown": "New"}, headers=make.if_match(made))
    headers = {"If-None-Match": etag}
    assert (await reader.get(f"{PUBLIC}/one", headers=headers)).status_code == 304  # a draft
    await make.verb(owner, edited.json(), "publish")
    assert (await reader.get(f"{PUBLIC}/one", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("{}", 304),
        ("Fri, 31 Dec 2100 23:59:59 GMT", 304),
        ("Fri, 31 Dec 9999 23:59:59 -2300", 304),
        ("Mon, 01 Jan 2024 00:00:00 GMT", 200),
        ("Mon, 01 Jan 0001 00:00:00 +2300", 200),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999", 200),
        ("Mon, 01 Jan 99999 00:00:00 GMT", 200),
        ("yesterday", 200),
        ("", 200),
    ],
)
async def test_if_modified_since_is_read_as_a_date_or_not_at_all(
    owner: httpx.AsyncClient, uncached: httpx.AsyncClient, since: str, status: int
) -> None:
    await make.published(owner, slug="one")
    modified = (await uncached.get(f"{PUBLIC}/one.md")).headers["last-modified"]
    headers = {"If-Modified-Since": since.format(modified)}
    assert (await uncached.get(f"{PUBLIC}/one.md", headers=headers)).status_code == status
    both = {**headers, "If-None-Match": '"x"'}  # beside an ETag the date counts for nothing
    assert (await uncached.get(f"{PUBLIC}/one.md", headers=both)).status_code == 200


async def test_admin_answers_are_never_stored(owner: httpx.AsyncClient) -> None:
    await make.article(owner)
    for path in (ARTICLES, SESSION, "/api/v1/admin/site", "/api/v1/admin/tags"):
        assert (await owner.get(path)).headers["cache-control"] == "private, no-store"


async def test_a_verb_takes_null_for_no_body(owner: httpx.AsyncClient) -> None:
    made = await make.article(owner)
    headers = {**JSON, **make.if_match(made)}
    path = f"{ARTICLES}/{made['id']}/publish"
    answer = await owner.post(path, content=b" null\n", headers=headers)
    assert (answer.status_code, answer.json()["status"]) == (200, "published")


async def test_a_patch_merges_objects_replaces_lists_and_clears_by_null(
    owner: httpx.AsyncClient,
) -> None:
    seo = {"title": "T", "description": "D"}
    made = await make.article(owner, seo=seo, tag_slugs=["a", "b"], excerpt="E")
    change = {"seo": {"title": "U"}, "tag_slugs": ["c"], "excerpt": None}
    headers = {"Content-Type": "application/merge-patch+json", **make.if_match(made)}
    answer = await owner.patch(
        f"{ARTICLES}/{made['id']}", content=json.dumps(change), headers=headers
    )
    found = answer.json()
    assert (found["seo"]["title"], found["seo"]["description"]) == ("U", "D")
    assert (found["tag_slugs"], found["excerpt"]) == (["c"], None)


def test_every_refusal_of_the_family_has_its_own_status_and_code() -> None:
    assert len({kind.status for kind in FAMILY}) == len(FAMILY)
    assert len({kind.default_code for kind in FAMILY}) == len(FAMILY)
