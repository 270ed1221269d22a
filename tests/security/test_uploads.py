"""What pretends to be a picture is refused by every way in; the whole list is in `tests/media`."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from cms.core.db import Database
from cms.core.storage import Storage
from cms.media import sniffing
from cms.media.library import Library
from tests import make
from tests.media import samples
from tests.media.conftest import ADMIN, stored, upload
from tests.media.test_bad_files import BAD

WAYS = ["upload", "replace", "pull"]
TRAPS = [
    *("PNG bomb of 13312 by 13312", "GIF of 400 frames", "HTML as PNG", "a zip as a picture"),
    *("JPEG with PHP behind", "SVG with a script", "SVG with entities", "JPEG cut in half"),
]


@pytest.fixture
async def library(
    served: Litestar, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Library]:
    """The application's own library, on a folder of this test."""
    found: Library = served.state["library"]
    before = found.storage
    object.__setattr__(found, "storage", Storage(str(tmp_path / "media")))
    yield found
    object.__setattr__(found, "storage", before)


async def _send(owner: httpx.AsyncClient, way: str, data: bytes, name: str) -> httpx.Response:
    if way == "upload":
        return await upload(owner, data, name)
    if way == "replace":
        there = (await upload(owner, samples.png(), "there.png")).json()["results"][0]["media"]
        return await owner.post(
            f"{ADMIN}/{there['id']}/replace",
            files={"file": (name, data, "application/octet-stream")},
            headers={"If-Match": f'"{there["revision"]}"'},
        )
    kind = "svg+xml" if name.endswith(".svg") else name.rpartition(".")[2]
    picture = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    article = await make.article(owner, markdown=f"![a picture]({picture})\n")
    return await owner.post(
        f"/api/v1/admin/articles/{article['id']}/pull-images",
        headers={"If-Match": f'"{article["revision"]}"'},
    )


@pytest.mark.parametrize("way", WAYS)
async def test_no_way_in_takes_a_trap(owner: httpx.AsyncClient, library: Library, way: str) -> None:
    for what in TRAPS:
        data, name, _ = BAD[what]
        answer = await _send(owner, way, data, name)
        if way == "pull":  # told for each picture; the text stays as it was
            found = [result["status"] for result in answer.json()["results"]]
            assert all(status in {413, 422} for status in found), (what, answer.text)
        else:
            assert answer.status_code in {413, 422}, (what, answer.text)
        # What was there to be replaced is there still, once: the same bytes are the same item.
        assert len(await stored(library)) == (1 if way == "replace" else 0), what


async def test_control_a_door_that_believes_the_name_takes_them(
    owner: httpx.AsyncClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    believed = sniffing.sniff(samples.PDF, "a.pdf", "application/pdf")

    def believe(*_: object) -> sniffing.Sniffed:
        return believed

    monkeypatch.setattr(sniffing, "sniff", believe)
    answer = await upload(owner, BAD["HTML as PNG"][0], "a.pdf")
    assert answer.status_code == 201, answer.text
    assert len(await stored(library)) == 1
