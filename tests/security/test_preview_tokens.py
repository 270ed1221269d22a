"""Preview tokens: no replay after their end or elsewhere, and no say in how they are checked."""

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest

from cms.config import Settings
from cms.core import db
from cms.core.db import Database
from cms.core.signing import PREFIX, RANDOM_BYTES, Signer
from tests import make
from tests.security import weak

ARTICLES = "/api/v1/admin/articles"
SLUG = "soon"


@pytest.fixture
async def draft(owner: httpx.AsyncClient) -> dict[str, Any]:
    return await make.article(owner, slug=SLUG, title="Soon")


async def _link(owner: httpx.AsyncClient, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await owner.post(f"{ARTICLES}/{made['id']}/preview-links")).json()
    return found


async def _shows(reader: httpx.AsyncClient, token: str, slug: str = SLUG) -> bool:
    reader.event_hooks = {"response": []}
    answer = await reader.get(f"/api/v1/articles/{slug}", params={"preview": token})
    assert answer.status_code in {200, 404}, answer.text
    return answer.status_code == 200


async def test_a_token_is_worth_nothing_after_its_end_or_elsewhere(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, draft: dict[str, Any], database: Database
) -> None:
    other = await make.article(owner, slug="other")
    link = await _link(owner, draft)
    token = link["token"]
    assert await _shows(reader, token)  # the control: it does open something
    assert not await _shows(reader, token, "other")
    for kinds in ("pages", "projects"):
        made = await make.draft(owner, kinds, slug=SLUG)
        answer = await reader.get(f"/api/v1/{kinds}/{SLUG}", params={"preview": token})
        assert answer.status_code in {400, 404}, made
    for way in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"lontar={token}"}):
        assert (await reader.get(ARTICLES, headers=way)).status_code == 401

    stored = database["preview_links"]
    assert await stored.count_documents({}) == 1
    await stored.update_one({}, {"$set": {"expires_at": db.now()}})
    assert not await _shows(reader, token)

    link = await _link(owner, draft)
    assert (await owner.delete(f"{ARTICLES}/{draft['id']}/preview-links/{link['id']}")).is_success
    assert not await _shows(reader, link["token"])

    link = await _link(owner, draft)
    gone = await owner.request("DELETE", f"{ARTICLES}/{draft['id']}", headers=make.if_match(draft))
    assert gone.is_success
    assert not await _shows(reader, link["token"])
    assert other["id"] != draft["id"]


async def test_what_is_stored_is_not_what_opens(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, draft: dict[str, Any], database: Database
) -> None:
    link = await _link(owner, draft)
    row = await database["preview_links"].find_one({})
    assert row is not None
    assert link["token"] not in str(row)
    for value in row.values():
        for sent in (str(value), f"{PREFIX}{value}"):
            assert not await _shows(reader, sent)


def forgeries(token: str, key: str) -> list[str]:
    """Tokens that say themselves how they are signed, or are signed with what is known or empty."""
    packed = base64.urlsafe_b64decode(token.removeprefix(PREFIX))
    random, signature = packed[:RANDOM_BYTES], packed[RANDOM_BYTES:]
    body = _pack(json.dumps({"slug": SLUG, "preview": True, "exp": 9999999999}).encode())
    jwts = []
    for algorithm in ("none", "None", "nOnE", "HS256", "RS256", "HS512", ""):
        head = _pack(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
        signed = hmac.new(b"", f"{head}.{body}".encode(), hashlib.sha256).digest()
        jwts += [f"{head}.{body}.", f"{head}.{body}.{_pack(signed)}"]
    whole = [
        random + bytes(len(signature)),
        random + hmac.new(b"", b"preview:" + random, hashlib.sha256).digest()[:16],
        random + hashlib.sha256(b"preview:" + random).digest()[:16],
        random + hashlib.md5(random, usedforsecurity=False).digest(),
        bytes(len(packed)),
        signature + random,
        bytes([packed[0] ^ 1]) + packed[1:],
        packed[:-1] + bytes([packed[-1] ^ 1]),
    ]
    malleable = [f"{token}=", f"{token}==", f" {token}", f"{token}\n", token.upper(), token + "A",
                 token[:-1], token.replace(PREFIX, ""), token.replace(PREFIX, "ltr_"),
                 PREFIX + token, token.replace("-", "+").replace("_", "/")]  # fmt: skip
    elsewhere = [Signer("another installation's secret, long", "preview").issue(),
                 Signer(key, "session").issue(), Signer(key, "").issue(),
                 Signer(key, "preview").issue()]  # fmt: skip
    packed_ones = [PREFIX + base64.urlsafe_b64encode(item).decode() for item in whole]
    return [item for item in jwts + packed_ones + malleable + elsewhere if item != token]


def _pack(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


async def test_no_forgery_opens_it(
    owner: httpx.AsyncClient,
    reader: httpx.AsyncClient,
    draft: dict[str, Any],
    settings: Settings,
) -> None:
    assert settings.secret_key
    token = (await _link(owner, draft))["token"]
    tried = forgeries(token, settings.secret_key)
    assert len(tried) > 30
    assert [item for item in tried if await _shows(reader, item)] == []
    assert await _shows(reader, token)


def test_a_token_that_says_how_it_is_signed_opens_to_anyone() -> None:
    opens = weak.token_by_its_own_word("a secret nobody knows", SLUG)
    tried = forgeries(Signer("k" * 32, "preview").issue(), "k" * 32)
    assert len([item for item in tried if opens(item)]) >= 3
