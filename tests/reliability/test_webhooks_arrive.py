"""Promise 12 with a real installation: whoever is killed, everything arrives, signed, in order."""

import asyncio
import itertools
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.reliability.running import EMAIL, GUARD, RunningCMS, rounds
from tests.webhooks.receiving import Receiver, receiving, verified

ADMIN = "/api/v1/admin"
SCOPES = ("articles:write", "articles:publish", "webhooks:write")
VICTIMS = ("worker", "cms")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to find its victims")


async def _publish(client: httpx.AsyncClient, slug: str, count: int) -> str | None:
    """Publish an article under one slug after another; its id once all was acknowledged."""
    try:
        data = {"title": slug, "slug": f"{slug}-0", "markdown": "a"}
        made = (await client.post(f"{ADMIN}/articles", json=data)).json()
        at = f"{ADMIN}/articles/{made['id']}"
        for number in range(count):
            if number:
                change = {"slug": f"{slug}-{number}"}
                made = (await client.patch(at, json=change, headers=_seen(made))).json()
            answer = await client.post(f"{at}/publish", headers=_seen(made))
            if answer.status_code != 200:
                return None
            made = answer.json()
            await asyncio.sleep(0.4)
    except (httpx.TransportError, KeyError):
        return None
    return str(made["id"])


def _seen(made: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{made["revision"]}"'}


def _arrived(receiver: Receiver, ident: str, slug: str) -> bool:
    return any(change["slug"] == slug for change in receiver.changes(ident))


async def test_everything_arrives_in_order_whoever_is_killed(tmp_path: Path) -> None:
    acknowledged: dict[str, str] = {}
    async with receiving() as receiver:
        receiver.slow = 0.3  # so that kills fall between sending and marking
        receiver.answers = [204, 500, 204]
        with RunningCMS(tmp_path / "data") as cms:
            cms._environ["CMS_OUTBOUND_ALLOW"] = "127.0.0.1/32"
            cms.stop()
            cms.start()
            cms.owner_token()
            scopes = [word for scope in SCOPES for word in ("--scope", scope)]
            token = cms.run("token", "create", "--email", EMAIL, "--name", "all", *scopes)
            headers = {"Authorization": f"Bearer {token}"}
            async with httpx.AsyncClient(base_url=cms.url, headers=headers, timeout=20) as client:
                data = {"name": "Build", "url": receiver.url}
                hook = (await client.post(f"{ADMIN}/webhooks", json=data)).json()
                names = itertools.count()
                for who in VICTIMS * rounds(1, 10):
                    slugs = [f"a{next(names)}" for _ in range(2)]
                    work = asyncio.gather(*(_publish(client, slug, 5) for slug in slugs))
                    before = len(receiver.seen)
                    for _ in range(200):
                        await asyncio.sleep(0.02)
                        if len(receiver.seen) > before:
                            break
                    await asyncio.to_thread(cms.kill, who)  # it was sent, and not marked
                    for slug, ident in zip(slugs, await work, strict=True):
                        if ident is not None:
                            acknowledged[ident] = f"{slug}-4"
                    await asyncio.to_thread(cms.wait_ready)
                ident = await _publish(client, "last", 2)
                assert ident is not None
                acknowledged[ident] = "last-1"
                for _ in range(round(GUARD * rounds(2, 10))):
                    if all(_arrived(receiver, *one) for one in acknowledged.items()):
                        break
                    await asyncio.sleep(1)
    missing = [one for one in acknowledged.items() if not _arrived(receiver, *one)]
    assert missing == [], [headers["webhook-id"] for headers, _ in receiver.seen]
    for ident in {change["id"] for change in receiver.changes()}:
        numbers = [change["number"] for change in receiver.changes(ident)]
        assert numbers == sorted(set(numbers)), ident
    assert all(verified(hook["secret"], headers, body) for headers, body in receiver.seen)
