"""A picture goes in once and comes out in every size, without what it should not tell."""

import asyncio
import os
import re
from typing import Any

import httpx
import pytest
import pyvips  # type: ignore[import-untyped]

from cms.core.db import Database
from cms.media.library import Library
from tests import make
from tests.media import samples
from tests.media.conftest import ADMIN, item, make_all, stored, upload

Row = dict[str, Any]
PROVING = os.environ.get("LONTAR_PROVE") == "1"
# Marks of metadata in any of the formats, and what the sample camera left.
METADATA = re.compile(rb"Exif\0\0|http://ns.adobe|Canary|ICC_PROFILE|EXIF|XMP |8BIM|tEXt|eXIf|iCCP")


def key(url: str) -> str:
    return url.rpartition("/media/")[2]


async def test_a_photograph_with_gps_comes_out_in_every_size_and_tells_nothing(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, library: Library
) -> None:
    if (
        library.storage.kind == "s3" and not PROVING
    ):  # where it is kept makes no difference to its size
        pytest.skip("seen on disk")
    sent = samples.with_gps()
    assert METADATA.search(sent)
    made = await item(owner, sent)
    assert (made["state"], made["width"], made["height"]) == ("processing", 4000, 3000)
    assert made["thumbhash"]
    assert re.fullmatch("#[0-9a-f]{6}", made["dominant_color"])

    await make_all(library)
    made = (await owner.get(f"{ADMIN}/{made['id']}")).json()

    assert (made["state"], made["failures"]) == ("ready", [])
    assert made["progress"]["done"] == made["progress"]["total"] == len(made["variants"])
    whole = [each for each in made["variants"] if not each["crop"]]
    assert {each["mime"] for each in whole} == {"image/avif", "image/webp", "image/jpeg"}
    widths = [320, 480, 640, 960, 1280, 1920, 2400]
    assert sorted({each["width"] for each in whole}) == widths
    assert all(each["height"] == each["width"] * 3 // 4 for each in whole)
    crops = {(each["crop"], each["width"], each["height"]) for each in made["variants"]}
    assert {("cover", 1280, 720), ("avatar", 256, 256), ("og", 1200, 630)} <= crops
    for url in [made["url"], *(each["url"] for each in made["variants"])]:
        file = await reader.get(f"/media/{key(url)}")
        assert file.status_code == 200
        assert not METADATA.search(file.content), url
        loaded = pyvips.Image.new_from_buffer(file.content, "")
        assert not [name for name in loaded.get_fields() if "exif" in name or "icc" in name]


async def test_a_picture_is_kept_the_way_up_that_its_camera_was_held(
    owner: httpx.AsyncClient, library: Library
) -> None:
    made = await item(owner, samples.with_gps(80, 60, orientation=6))
    assert (made["width"], made["height"]) == (60, 80)


@pytest.mark.parametrize(
    ("data", "name", "mime"),
    [
        (samples.png(bands=4), "a.png", "image/png"),
        (samples.webp(), "a.webp", "image/webp"),
        (samples.avif(), "a.avif", "image/avif"),
        (samples.moving(1), "a.gif", "image/gif"),
        (samples.moving(4), "b.gif", "image/gif"),
        (samples.moving(4, kind="webp"), "b.webp", "image/webp"),
        (samples.SVG, "a.svg", "image/svg+xml"),
        (samples.PDF, "a.pdf", "application/pdf"),
        (samples.zip_file(), "a.zip", "application/zip"),
        (b"a,b\n1,2\n", "a.csv", "text/csv"),
    ],
)
async def test_every_type_is_taken_and_served_as_what_it_is(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, library: Library, *,
    data: bytes, name: str, mime: str,
) -> None:  # fmt: skip
    if library.storage.kind == "s3" and not PROVING and name not in {"a.png", "a.pdf", "b.gif"}:
        pytest.skip("on S3 at full counts")
    made = await item(owner, data, name)
    await make_all(library)
    made = (await owner.get(f"{ADMIN}/{made['id']}")).json()
    assert (made["mime"], made["state"], made["failures"]) == (mime, "ready", [])
    file = await reader.get(f"/media/{key(made['url'])}")

    assert file.headers["content-type"].partition(";")[0] == mime
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in file.headers["content-security-policy"]
    assert "sandbox" in file.headers["content-security-policy"]
    assert "immutable" in file.headers["cache-control"]
    shown = "inline" if mime.startswith("image/") else "attachment"
    assert file.headers["content-disposition"].startswith(shown)
    if name.startswith("b."):
        assert made["frames"] == 4
        assert {each["mime"] for each in made["variants"] if not each["crop"]} == {"image/webp"}


async def test_the_same_bytes_are_the_same_item(owner: httpx.AsyncClient, library: Library) -> None:
    data = samples.jpeg()
    first, again = await item(owner, data), await upload(owner, data, "other.jpg")
    assert again.status_code == 201
    assert again.json()["results"][0]["is_duplicate"] is True
    assert again.json()["results"][0]["media"]["id"] == first["id"]
    assert len(await stored(library)) == 1

    at_once = await asyncio.gather(*(upload(owner, samples.png()) for _ in range(3)))
    wrong = [each.status_code for each in at_once]
    assert wrong == [422] * 3  # it is called .jpg
    at_once = await asyncio.gather(*(upload(owner, samples.png(), "a.png") for _ in range(3)))
    assert len({each.json()["results"][0]["media"]["id"] for each in at_once}) == 1
    assert len(await stored(library)) == 2


async def test_several_files_have_a_result_each(owner: httpx.AsyncClient, library: Library) -> None:
    files = [
        ("file", ("a.jpg", samples.jpeg(), "image/jpeg")),
        ("file", ("b.png", b"<html>", "image/png")),
        ("file", ("c.png", samples.png(), "image/png")),
    ]
    answer = await owner.post(ADMIN, files=files)
    results = answer.json()["results"]
    assert [each["status"] for each in results] == [201, 422, 201]
    assert results[1]["problem"]["errors"][0]["code"] == "unknown_type"
    assert len(await stored(library)) == 2


async def test_a_file_is_served_in_parts_and_not_twice(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, library: Library
) -> None:
    made = await item(owner, samples.jpeg(400, 300))
    path = f"/media/{key(made['url'])}"
    whole = await reader.get(path)
    size = len(whole.content)
    for asked, status, found in (
        ("bytes=0-9", 206, whole.content[:10]),
        ("bytes=10-", 206, whole.content[10:]),
        ("bytes=-5", 206, whole.content[-5:]),
        (f"bytes=0-{size + 99}", 206, whole.content),
        ("bytes=0-1,3-4", 200, whole.content),
        ("lines=1-2", 200, whole.content),
    ):
        answer = await reader.get(path, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (status, found), asked
        assert answer.headers["content-length"] == str(len(found))
    outside = await reader.get(path, headers={"Range": f"bytes={size}-"})
    assert (outside.status_code, outside.headers["content-range"]) == (416, f"bytes */{size}")
    stale = await reader.get(path, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert stale.status_code == 200
    known = await reader.get(path, headers={"If-None-Match": whole.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    head = await reader.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(size)
    for gone in ("x", "a" * 24, f"{'a' * 24}-{'b' * 24}.jpg", f"{made['id']}-nonsense", "..%2fx"):
        assert (await reader.get(f"/media/{gone}")).status_code == 404, gone


async def test_replacing_keeps_every_address_and_removes_the_old_bytes(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, library: Library
) -> None:
    made = await item(owner, samples.jpeg(400, 300))
    await make_all(library)
    made = (await owner.get(f"{ADMIN}/{made['id']}")).json()
    old = [made["url"], *(each["url"] for each in made["variants"])]
    article = await make.published(owner, cover_id=made["id"], markdown=f"![Palm]({old[0]})")
    read = f"/api/v1/articles/{article['slug']}"
    before = (await reader.get(read)).json()

    part = {"file": ("b.png", samples.png(500, 300), "image/png")}
    replaced = await owner.post(
        f"{ADMIN}/{made['id']}/replace", files=part, headers=make.if_match(made)
    )
    assert replaced.status_code == 200, replaced.text
    await make_all(library)
    after = (await reader.get(read)).json()

    assert replaced.json()["mime"] == "image/png"
    assert after["cover"]["id"] == before["cover"]["id"]
    assert after["cover"]["url"] != before["cover"]["url"]
    assert 'width="500"' in after["html"]
    for url in old:  # a page that was built yesterday still shows something
        file = await reader.get(f"/media/{key(url)}")
        assert file.status_code == 200
        assert "immutable" not in file.headers["cache-control"]
    now_is = (await owner.get(f"{ADMIN}/{made['id']}")).json()
    named = sorted(key(each) for each in [now_is["url"], *(v["url"] for v in now_is["variants"])])
    assert await stored(library) == named
    other = {"file": ("b.pdf", samples.PDF, "application/pdf")}
    refused = await owner.post(
        f"{ADMIN}/{made['id']}/replace", files=other, headers=make.if_match(now_is)
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "other_kind")


async def test_another_focal_point_has_the_crops_made_anew(
    owner: httpx.AsyncClient, library: Library
) -> None:
    made = await item(owner, samples.jpeg(400, 900))
    await make_all(library)
    before = (await owner.get(f"{ADMIN}/{made['id']}")).json()
    patch = {"focal_point": {"x": 0.5, "y": 1}}
    answer = await owner.patch(f"{ADMIN}/{made['id']}", json=patch, headers=make.if_match(before))
    assert answer.json()["state"] == "processing"
    await make_all(library)
    after = (await owner.get(f"{ADMIN}/{made['id']}")).json()

    def urls(found: Row, *, crops: bool) -> set[str]:
        return {each["url"] for each in found["variants"] if bool(each["crop"]) is crops}

    assert urls(before, crops=False) == urls(after, crops=False)
    assert not urls(before, crops=True) & urls(after, crops=True)
    assert len(await stored(library)) == 1 + len(after["variants"])


async def test_what_people_write_is_searched_filtered_and_guarded(
    owner: httpx.AsyncClient, library: Library
) -> None:
    made = await item(owner, samples.jpeg(), "daun.jpg")
    await item(owner, samples.PDF, "cv.pdf")
    at, data = f"{ADMIN}/{made['id']}", {"alt": {"id": "Daun lontar"}, "tags": ["Palem", "palem"]}
    done = await owner.patch(at, json=data, headers=make.if_match(made))
    assert done.json()["tags"] == ["palem"]
    assert (await owner.patch(at, json=data, headers=make.if_match(made))).status_code == 412
    assert (await owner.patch(at, json=data)).status_code == 428
    for query, names in (
        ("q=LONTar", ["daun.jpg"]), ("q=palem dau", ["daun.jpg"]), ("q=nothing", []),
        ("kind=document", ["cv.pdf"]), ("kind=image", ["daun.jpg"]), ("tag=PALEM", ["daun.jpg"]),
        ("sort=name", ["cv.pdf", "daun.jpg"]), ("limit=1", ["cv.pdf"]),
        ("state=ready&sort=name", ["cv.pdf"]), ("state=failed", []),
    ):  # fmt: skip
        found = (await owner.get(f"{ADMIN}?{query}&total=true")).json()
        assert [each["name"] for each in found["items"]] == names, query
    first = (await owner.get(f"{ADMIN}?limit=1")).json()
    second = await owner.get(f"{ADMIN}?limit=1&cursor={first['page']['next']}")
    assert [each["name"] for each in second.json()["items"]] == ["daun.jpg"]
    for wrong in (
        {"alt": {"english": "x"}}, {"alt": {"en": 1}}, {"focal_point": {"x": 1.1}}, {"url": "x"},
        {"name": ""}, {"tags": ["x" * 61]}, {"credit": "x" * 301}, {"caption": {"en": "x" * 2001}},
    ):  # fmt: skip
        answer = await owner.patch(at, json=wrong, headers=make.if_match(done.json()))
        assert answer.status_code == 422, wrong


async def test_deleting_says_what_would_break_and_can_replace_it_everywhere(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, library: Library, database: Database
) -> None:
    made, other = await item(owner, samples.jpeg()), await item(owner, samples.png(), "b.png")
    at = f"{ADMIN}/{made['id']}"
    text = f"![]({made['stable_url']}) and ![x](/media/{made['id']})"
    article = await make.published(owner, cover_id=made["id"], markdown=text)
    project = await make.live(
        owner, "projects", gallery_ids=[made["id"], other["id"]], cover_id=made["id"]
    )
    await make.profile(owner, avatar_id=made["id"], bio_markdown=f"![x](/media/{made['id']})")
    await make.draft(owner, "pages", markdown=text)

    refused = await owner.delete(at, headers=make.if_match(made))
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert (refused.json()["usage"]["count"], refused.json()["usage"]["published"]) == (4, 3)
    assert (await owner.get(f"{at}/usage")).json() == refused.json()["usage"]
    unknown = await owner.delete(f"{at}?replace_with={'a' * 24}", headers=make.if_match(made))
    assert unknown.status_code == 422
    done = await owner.delete(f"{at}?replace_with={other['id']}", headers=make.if_match(made))
    assert done.status_code == 204, done.text

    shown = (await reader.get(f"/api/v1/articles/{article['slug']}")).json()
    assert shown["cover"]["id"] == other["id"]
    assert shown["html"].count(f"/media/{other['id']}-") >= 2
    assert made["id"] not in shown["html"]
    listed = (await reader.get(f"/api/v1/projects/{project['slug']}")).json()
    assert [each["id"] for each in listed["gallery"]] == [other["id"]]
    person = (await reader.get("/api/v1/profiles")).json()["items"][0]
    assert person["avatar"]["id"] == other["id"]
    assert len(await stored(library)) == 1
    edited = await owner.patch(
        f"/api/v1/admin/articles/{article['id']}", json={"title": "T"},
        headers={"If-Match": f'"{article["revision"] + 1}"'},
    )  # fmt: skip
    assert edited.status_code == 200, edited.text


async def test_a_picture_that_was_forced_out_leaves_its_words(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, library: Library
) -> None:
    made = await item(owner, samples.jpeg())
    text = f"Look: ![A <palm>](/media/{made['id']}) there."
    article = await make.published(owner, cover_id=made["id"], markdown=text)
    gone = await owner.delete(f"{ADMIN}/{made['id']}?force=true", headers=make.if_match(made))
    assert gone.status_code == 204
    shown = (await reader.get(f"/api/v1/articles/{article['slug']}")).json()
    assert shown["cover"] is None
    assert shown["html"] == "<p>Look: A &lt;palm&gt; there.</p>\n"
    assert (await reader.get(f"/media/{made['id']}")).status_code == 404


async def test_a_quota_is_kept_and_a_warning_comes_before(
    owner: httpx.AsyncClient, library: Library
) -> None:
    object.__setattr__(library, "quota_bytes", len(samples.PDF) + 2)
    await item(owner, samples.PDF, "a.pdf")
    room = (await owner.get(f"{ADMIN}/storage")).json()
    assert (room["used_bytes"], room["items"], room["is_low"]) == (len(samples.PDF), 1, True)
    refused = await upload(owner, b"more text", "a.txt")
    assert (refused.status_code, refused.json()["code"]) == (409, "quota_exceeded")
    assert len(await stored(library)) == 1


async def test_what_was_done_stands_in_the_audit_log(
    owner: httpx.AsyncClient, library: Library, database: Database
) -> None:
    made = await item(owner, samples.PDF, "cv.pdf")
    row = await database["media"].find_one({"ref": made["id"]})
    assert row is not None
    assert [entry["verb"] for entry in row["pending"]] == ["uploaded"]
    assert row["pending"][0]["content"] is None
