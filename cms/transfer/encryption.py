"""Backups that only their key opens, in the format of age (age-encryption.org).

The server needs the public half alone: what it writes every night it can't read itself.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import BinaryIO, Final

import pyrage
from pyrage.x25519 import Identity, Recipient

from cms.core.errors import Invalid
from cms.transfer.schemas import ArchiveRefused

MAGIC: Final = b"age-encryption.org/v1\n"
SECRET: Final = "AGE-SECRET-KEY-1"  # noqa: S105 - how one begins


def new_key() -> tuple[str, str]:
    """A key pair: the secret half, to be kept off the server, and the public half."""
    identity = Identity.generate()
    return str(identity), str(identity.to_public())


def _recipient(text: str) -> Recipient:
    try:
        return Recipient.from_str(text)
    except pyrage.RecipientError:
        raise Invalid.of("recipient", f"{text[:80]} is no public key (age1…)") from None


def identities(text: str) -> list[Identity]:
    """The secret keys in a key file, as age-keygen writes it.

    Raises:
        ArchiveRefused: there is none.
    """
    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [Identity.from_str(line) for line in lines if line.startswith(SECRET)]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise ArchiveRefused(f"The key file holds no line that begins with {SECRET}.")
    return found


@contextmanager
def encrypting(file: BinaryIO, recipients: Sequence[str]) -> Iterator[BinaryIO]:
    """A file to write to, whose content arrives encrypted in `file`; as it is for nobody.

    Raises:
        Invalid: a recipient is no public key.
    """
    if not recipients:
        yield file
        return
    keys = [_recipient(text) for text in recipients]
    reading, writing = os.pipe()

    def work() -> None:
        with os.fdopen(reading, "rb") as source:
            pyrage.encrypt_io(source, file, keys)  # type: ignore[arg-type]  # any file will do

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        try:
            with os.fdopen(writing, "wb") as sink:
                yield sink
        except BrokenPipeError:
            done.result()  # says why it stopped reading
            raise
        done.result()


@contextmanager
def decrypting(file: BinaryIO, keys: Sequence[Identity]) -> Iterator[BinaryIO]:
    """The archive in the clear, whether it is encrypted or not.

    Raises:
        ArchiveRefused: it is encrypted, and none of the keys opens it, or it was changed.
    """
    is_encrypted = file.read(len(MAGIC)) == MAGIC
    file.seek(0)
    if not is_encrypted:
        yield file
        return
    if not keys:
        raise ArchiveRefused("The archive is encrypted: name the key file with --identity.")
    reading, writing = os.pipe()

    def work() -> None:
        with suppress(BrokenPipeError), os.fdopen(writing, "wb") as sink:
            pyrage.decrypt_io(file, sink, keys)  # type: ignore[arg-type]  # any file will do

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        try:
            with os.fdopen(reading, "rb") as source:
                yield source
        except ArchiveRefused as refusal:
            _check(done)  # what is cut off or damaged has its reason there
            raise refusal from None
        _check(done)


def _check(done: Future[None]) -> None:
    if isinstance(error := done.exception(), pyrage.DecryptError):
        raise ArchiveRefused(f"The archive can't be decrypted: {error}.") from None
