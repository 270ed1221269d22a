"""Promise 6: whatever was done to an archive, it is refused before anything is changed."""

import hashlib
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import bson
import httpx
import pytest

from cms.core.db import Database
from cms.core.storage import Storage
from cms.transfer import sealing, verifying
from cms.transfer.archive import DOCUMENTS, HEADER, MANIFEST, MEDIA, SEAL, zstd
from cms.transfer.schemas import ArchiveRefused
from tests import make
from tests.transfer import archives
from tests.transfer.archives import Parts, packed, sealed

OTHER_KEY = "another key than ours, of forty characters....."
Named = Iterator[tuple[str, bytes]]


def flipped(data: bytes, at: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _bit_flips(data: bytes) -> Named:
    for share in range(12):
        yield f"a bit flipped after {share} twelfths", flipped(data, len(data) * share // 12)
    tar = zstd.decompress(data)
    for share in range(12):
        # As whoever packs it again would do: nothing but the digests can tell.
        yield (
            f"a bit flipped inside after {share}",
            zstd.compress(flipped(tar, len(tar) * share // 12)),
        )


def _cuts(data: bytes) -> Named:
    for left in (0, 1, 3, 20, len(data) // 3, len(data) // 2, len(data) - 1):
        yield f"cut off after {left} bytes", data[:left]
    tar = zstd.decompress(data)
    for left in (512, len(tar) // 2 // 512 * 512, len(tar) - 1024, len(tar) - 512):
        yield f"cut off inside after {left} bytes", zstd.compress(tar[:left])
    yield "something behind it", data + b"x"
    yield "another archive behind it", data + data
    yield "something behind its end", zstd.compress(tar + b"x" * 512)


def _link(name: str, kind: bytes, target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def _paths(parts: Parts) -> Named:
    key = next(name for name, _ in parts if name.startswith(MEDIA)).removeprefix(MEDIA)
    for name in (
        *("../../etc/passwd", "/etc/passwd", f"{MEDIA}../../../etc/cron.d/x", f"{MEDIA}{key}/../x"),
        *(f"{MEDIA}..\\..\\x", f"{DOCUMENTS}../x/00000001.bson", f"{DOCUMENTS}system.users/1.bson"),
        *(f"./{MEDIA}{key}", f"{MEDIA}{key}\n", f"{MEDIA}card-{'a' * 24}.png", "secret.key"),
    ):
        yield f"a member called {name!r}", sealed([*parts[:-2], (name, b"x"), *parts[-2:]])
    for kind, what in (
        (tarfile.SYMTYPE, "a symbolic link"),
        (tarfile.LNKTYPE, "a hard link"),
        (tarfile.CHRTYPE, "a device"),
        (tarfile.DIRTYPE, "a directory"),
        (tarfile.XHDTYPE, "an extended header"),
        (tarfile.GNUTYPE_LONGNAME, "a long name"),
    ):
        link = _link(f"{MEDIA}{key}", kind, "/etc/passwd")
        yield what, packed([*parts[:-2], link, *parts[-2:]])


def _bombs(parts: Parts) -> Named:
    def grows() -> bytes:
        file = io.BytesIO()
        with zstd.ZstdFile(file, "wb") as out:
            for number in range(6):
                info = tarfile.TarInfo(f"{DOCUMENTS}articles/{number:08}.bson")
                info.size, info.mode = 40 * 2**20, 0o600
                out.write(info.tobuf(tarfile.USTAR_FORMAT))
                out.write(bytes(info.size))
        return file.getvalue()

    yield "zeros without end", grows()
    info = tarfile.TarInfo(HEADER)
    info.size, info.mode = 7 * 2**30, 0o600
    yield "a member of 7 GiB", zstd.compress(info.tobuf(tarfile.USTAR_FORMAT) + bytes(1024))
    frame = struct.pack("<IBB", 0xFD2FB528, 0, (31 - 10) << 3)
    yield "a frame that wants 2 GiB to be unpacked", frame + b"\1\0\0"
    deep = b"[" * 100_000
    yield "a head nested without end", packed([(HEADER, deep), *parts[1:]])
    yield "a manifest nested without end", packed([*parts[:-2], (MANIFEST, deep), parts[-1]])
    nested = bson.encode({"_id": 1})
    for _ in range(2000):
        nested = struct.pack("<i", len(nested) + 8) + b"\x03a\0" + nested + b"\0"
    whole = struct.pack("<i", len(nested) + 8) + b"\x03a\0" + nested + b"\0"
    yield "a document nested without end", sealed(_with(parts, "articles", whole))


def _with(parts: Parts, collection: str, data: bytes) -> Parts:
    """A member more, where it belongs by its name."""
    name = f"{DOCUMENTS}{collection}/99999999.bson"
    body = sorted([*parts[1:-2], (name, data)])
    return [parts[0], *body, *parts[-2:]]


def _foreign(data: bytes, parts: Parts) -> Named:
    yield "random bytes", hashlib.shake_128(b"x").digest(4000)
    yield "text", b"not an archive at all\n" * 99
    yield "packed text", zstd.compress(b"not an archive at all\n" * 99)
    yield "a tar", zstd.decompress(data)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as out:
        out.writestr(HEADER, dict(parts)[HEADER])
    yield "a zip", zipped.getvalue()
    yield "another program's archive", packed([("dump/lontar/articles.bson", b"x")])
    yield "an empty archive", packed([])
    yield "another installation's archive", sealed(parts, OTHER_KEY)
    yield "an archive without a seal", packed(parts[:-1])
    yield "an archive with an empty seal", packed([*parts[:-1], (SEAL, b"")])


def _versions(parts: Parts) -> Named:
    head = dict(parts)[HEADER]

    def headed(old: bytes, new: bytes) -> bytes:
        assert old in head
        return sealed([(HEADER, head.replace(old, new)), *parts[1:]])

    last = head[head.rindex(b'{"number"') : head.rindex(b"]")]
    number = int(last.split(b":")[1].split(b",")[0])
    future = last.replace(b":%d," % number, b":%d," % (number + 1))
    yield "a format of the future", headed(b'"format":1', b'"format":2')
    yield "a schema of the future", headed(last, last + b"," + future)
    yield "a schema with gaps", headed(last, future)
    yield "a migration of somebody else", headed(b"0001_initial", b"0001_injected")
    digest = head.split(b'"checksum":"')[1][:64]
    yield "a migration that was changed", headed(digest, digest[::-1])
    yield "a head with a word too many", headed(b'"format":1', b'"format":1,"more":1')


def _contents(parts: Parts) -> Named:
    row = bson.encode({"_id": 1, "title": "x"})
    yield "a collection of sessions", sealed(_with(parts, "sessions", row))
    yield "migrations as documents", sealed(_with(parts, "migrations", row))
    yield "an id twice", sealed(_with(parts, "articles", row + row))
    yield "a document without an id", sealed(_with(parts, "articles", bson.encode({"a": 1})))
    yield "what is no document", sealed(_with(parts, "articles", b"\xff" * 40))
    yield "a document that is cut off", sealed(_with(parts, "articles", row[:-1]))
    yield "a media item that is none", sealed(_with(parts, "media", row))
    yield "documents that nobody counted", sealed(_with(parts, "articles", row))
    files = [(place, part) for place, part in enumerate(parts) if part[0].startswith(MEDIA)]
    (at, (name, data)), *_ = files
    yield "a file too few", sealed([*parts[:at], *parts[at + 1 :]])
    other = f"{MEDIA}{'f' * 24}-{'f' * 24}.jpg"
    yield "a file of nobody", sealed([*parts[:-2], (other, data), *parts[-2:]])
    page = b"<html><script>alert(1)</script></html>"
    picture = next(place for place, part in files if part[0].endswith(".jpg"))
    kept = parts[picture][0]
    yield (
        "a page that is called a picture",
        sealed([*parts[:picture], (kept, page), *parts[picture + 1 :]]),
    )
    yield "a file twice", sealed([*parts[:at], (name, data), *parts[at:]])
    yield "members in another order", sealed([parts[0], *reversed(parts[1:-2]), *parts[-2:]])
    yield "counts that are not so", sealed(parts, documents={"articles": 99})
    yield "a missing file that is there", sealed(parts, missing=[name.removeprefix(MEDIA)])


def tampered(data: bytes) -> dict[str, bytes]:
    """Archives that must not get in, each with what was done to it."""
    parts = archives.unpacked(data)
    kinds: list[Named] = [
        *(_bit_flips(data), _cuts(data), _paths(parts), _bombs(parts)),
        *(_foreign(data, parts), _versions(parts), _contents(parts)),
    ]
    return {what: bad for kind in kinds for what, bad in kind}


@pytest.fixture
async def good(
    owner: httpx.AsyncClient, database: Database, library: Storage, tmp_path: Path
) -> bytes:
    await archives.portfolio(owner)
    return await archives.made(database, archives.plan_for(library, tmp_path / "backups"))


async def test_no_tampered_archive_changes_anything(
    good: bytes, owner: httpx.AsyncClient, database: Database, library: Storage
) -> None:
    await make.article(owner, title="Written after the backup")
    before = await archives.everything(database, library)
    bad = tampered(good)
    assert len(bad) >= 50
    got_in = []
    for what, data in bad.items():
        try:
            await archives.restored(database, library, data)
        except ArchiveRefused:
            continue
        got_in.append(what)
    assert got_in == []
    assert await archives.everything(database, library) == before
    assert await database["locks"].count_documents({}) == 0


async def test_the_control_that_is_not_tampered_with_gets_in(
    good: bytes, owner: httpx.AsyncClient, database: Database, library: Storage
) -> None:
    # Taken apart and put together again, as the tampered ones are.
    again = sealed(archives.unpacked(good))
    await make.article(owner, title="Written after the backup")
    await archives.restored(database, library, again)
    assert (
        await database["articles"].find_one({"working.title": "Written after the backup"}) is None
    )
    await archives.restored(
        database, library, sealed(archives.unpacked(good), OTHER_KEY), takes_other_keys=True
    )


async def test_the_control_that_asks_for_no_seal_takes_a_strangers_archive(
    good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "fits", lambda *_: True)
    taken = {what for what, data in tampered(good).items() if _takes(data)}
    assert {"another installation's archive", "an archive with an empty seal"} <= taken


async def test_the_control_that_compares_no_digests_takes_flipped_bits(
    good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = archives.checked(good).manifest.members
    by_name = {item.name: item for item in told}
    monkeypatch.setattr(verifying, "_member", lambda name, _: by_name[name])
    flips = [(what, data) for what, data in tampered(good).items() if "inside after" in what]
    assert any(_takes(data) for what, data in flips if what.startswith("a bit"))


def _takes(data: bytes) -> bool:
    try:
        archives.checked(data)
    except ArchiveRefused:
        return False
    return True
