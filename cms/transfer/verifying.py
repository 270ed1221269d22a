"""Reads a backup from end to end, before anything is changed for it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pyrage.x25519 import Identity

from cms.core.migrating import Migration
from cms.media.sniffing import type_of
from cms.transfer import documents, encryption, sealing
from cms.transfer.archive import DOCUMENTS, HEADER, MANIFEST, MEDIA, SEAL, members
from cms.transfer.schemas import FORMAT, ArchiveRefused, Header, Manifest, Member

T = TypeVar("T", bound=BaseModel)
OTHER_KEY: Final = (
    "The seal does not fit CMS_SECRET_KEY: another installation made this archive, or somebody "
    "changed it. If you know where it comes from, say --other-key; second factors and the secrets "
    "of webhooks in it can't be read then."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a backup was found to be. `is_ours` says that the seal fits this installation."""

    header: Header
    manifest: Manifest
    is_ours: bool
    migrations: Sequence[Migration]

    @property
    def files(self) -> list[Member]:
        return [item for item in self.manifest.members if item.name.startswith(MEDIA)]

    @property
    def file_bytes(self) -> int:
        return sum(item.size for item in self.files)

    def as_dict(self) -> dict[str, Any]:
        return {
            "made_at": self.header.made_at.isoformat(),
            "made_by": self.header.made_by,
            "migrations": len(self.header.migrations),
            "documents": self.manifest.documents,
            "files": len(self.files),
            "file_bytes": self.file_bytes,
            "missing": self.manifest.missing,
            "has_media": self.header.has_media,
            "is_ours": self.is_ours,
        }


@dataclass(slots=True)
class _Seen:
    """What was read so far."""

    members: list[Member] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    ids: set[bytes] = field(default_factory=set)
    named: dict[str, str | None] = field(default_factory=dict)


def check(
    file: BinaryIO,
    *,
    known: Sequence[Migration],
    secret_keys: Sequence[str],
    identities: Sequence[Identity] = (),
    takes_other_keys: bool = False,
) -> Checked:
    """Everything about an archive that can be known without a database.

    Raises:
        ArchiveRefused: it is not whole, not as it was made, not ours, or from a newer release.
    """
    with encryption.decrypting(file, identities) as source:
        found = members(source)
        head = _next(found, HEADER)
        header = _read(Header, head)
        if header.format != FORMAT:
            raise ArchiveRefused(
                f"The archive has format {header.format}, this program reads {FORMAT}: "
                "use the release that made it."
            )
        migrations = _migrations(header, known)
        seen = _Seen()
        seen.members.append(_member(HEADER, head))
        raw = _contents(found, seen, has_media=header.has_media)
        manifest = _read(Manifest, raw)
        seal = _next(found, SEAL)
        if next(found, None) is not None:
            raise ArchiveRefused("There is something behind the seal of the archive.")
    if manifest.members != seen.members or manifest.documents != _counted(manifest, seen):
        raise ArchiveRefused("The archive holds other than what its manifest says.")
    if sorted([*manifest.missing, *_files(manifest)]) != sorted(_expected(header, seen)):
        raise ArchiveRefused("The archive lacks files that its library names.")
    is_ours = sealing.fits(seal, raw, secret_keys)
    if not is_ours and not takes_other_keys:
        raise ArchiveRefused(OTHER_KEY, code="other_key")
    return Checked(header=header, manifest=manifest, is_ours=is_ours, migrations=migrations)


def contents(
    file: BinaryIO, checked: Checked, identities: Sequence[Identity] = ()
) -> Iterator[tuple[str, bytes]]:
    """The documents and files of an archive that was checked, each of them looked at again."""
    expected = {item.name: item.sha256 for item in checked.manifest.members}
    with encryption.decrypting(file, identities) as source:
        for name, data in members(source):
            if name in expected and hashlib.sha256(data).hexdigest() != expected[name]:
                raise ArchiveRefused(f"{name} changed since it was checked.")
            if name.startswith((DOCUMENTS, MEDIA)):
                if name not in expected:
                    raise ArchiveRefused(f"{name} was not there when the archive was checked.")
                yield name, data


def _contents(found: Iterator[tuple[str, bytes]], seen: _Seen, *, has_media: bool) -> bytes:
    """Look at documents and files up to the manifest, which is returned."""
    last = ""
    for name, data in found:
        if name == MANIFEST:
            return data
        # Documents come before files, each in order: so nothing can be there twice.
        if name <= last or not name.startswith((DOCUMENTS, MEDIA)):
            raise ArchiveRefused(f"{name} has no business where it stands in the archive.")
        last = name
        seen.members.append(_member(name, data))
        if name.startswith(MEDIA):
            if not has_media:
                raise ArchiveRefused("The archive says that it has no files, and has some.")
            _file(name.removeprefix(MEDIA), data, seen)
        else:
            _documents(name.split("/")[1], data, seen)
    raise ArchiveRefused("The archive is cut off.")


def _documents(collection: str, data: bytes, seen: _Seen) -> None:
    if collection in documents.PASSING or collection == documents.MIGRATIONS:
        raise ArchiveRefused(f"{collection} is nothing that a backup holds.")
    for raw in documents.split(data):
        row = documents.decode(raw)
        ident = hashlib.blake2b(f"{collection}:{row['_id']!r}".encode(), digest_size=16).digest()
        if ident in seen.ids:
            raise ArchiveRefused(f"{collection} holds an id twice.")
        seen.ids.add(ident)
        seen.counts[collection] = seen.counts.get(collection, 0) + 1
        if collection == "media":
            seen.named.update(_types(row))


def _types(item: dict[str, Any]) -> dict[str, str | None]:
    """The files of a media item with what each is said to be."""
    try:
        found = {item["file"]["key"]: item["file"]["mime"]}
        return found | {each["key"]: each["mime"] for each in item.get("variants") or []}
    except (KeyError, TypeError, AttributeError):
        raise ArchiveRefused("The archive holds a media item that is none.") from None


def _file(name: str, data: bytes, seen: _Seen) -> None:
    """A file comes in only as what the library says it is."""
    if name not in seen.named:
        raise ArchiveRefused(f"{name} belongs to no item of the library.")
    if type_of(data, name) != seen.named[name]:
        raise ArchiveRefused(f"{name} is no {seen.named[name]}.")


def _files(manifest: Manifest) -> set[str]:
    names = [item.name for item in manifest.members]
    return {name.removeprefix(MEDIA) for name in names if name.startswith(MEDIA)}


def _expected(header: Header, seen: _Seen) -> Iterable[str]:
    """The files that have to be there, or to be told missing."""
    return seen.named if header.has_media else ()


def _counted(manifest: Manifest, seen: _Seen) -> dict[str, int]:
    """What was counted; collections without a document leave no member."""
    return {name: seen.counts.get(name, 0) for name in {*manifest.documents, *seen.counts}}


def _migrations(header: Header, known: Sequence[Migration]) -> Sequence[Migration]:
    """The migrations of the database that was backed up, as this program has them."""
    numbers = [item.number for item in header.migrations]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ArchiveRefused("The archive is of a database that was half migrated.")
    if len(numbers) > len(known):
        name = header.migrations[-1].name
        raise ArchiveRefused(
            f"The archive is newer than this program: it has migration {name}. "
            f"Install Lontar {header.made_by} or a later release."
        )
    ours = known[: len(numbers)]
    for item, mine in zip(header.migrations, ours, strict=True):
        if (item.name, item.checksum) != (mine.name, mine.checksum):
            raise ArchiveRefused(f"Migration {item.name} of the archive is not the released one.")
    return ours


def _member(name: str, data: bytes) -> Member:
    return Member(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def _next(found: Iterator[tuple[str, bytes]], name: str) -> bytes:
    got = next(found, ("", b""))
    if got[0] != name:
        raise ArchiveRefused(f"The archive has no {name} where it belongs: no backup of Lontar.")
    return got[1]


def _read(shape: type[T], raw: bytes) -> T:
    try:
        return shape.model_validate_json(raw)
    except ValidationError:
        raise ArchiveRefused("The archive describes itself in a way that can't be read.") from None
