"""Letters out over SMTP, sent beside the request so that nobody can time what was sent."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

TIMEOUT: Final = 15.0
MOST_WAITING: Final = 200
PORTS: Final = {"smtp": 587, "smtps": 465}
LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
log = structlog.get_logger("cms.mail")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail of plain text."""

    to: str
    subject: str
    text: str


@dataclass(slots=True)
class Postman:
    """Takes letters to the SMTP server at `url`; without one there is no mail.

    The server is the operator's own setting and often on this very machine, so the guard for
    addresses that others name does not stand before it. Off loopback nothing goes without TLS.
    """

    url: str | None = field(default=None, repr=False)
    sender: str = ""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False, repr=False)

    @property
    def is_there(self) -> bool:
        return self.url is not None

    def post(self, letter: Letter) -> None:
        """Send it soon."""
        self.beside(self.send(letter))

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what ends in a letter after the answer, however long it takes.

        What can't be sent is told to the log, without what stands in it.
        """
        if len(self._tasks) >= MOST_WAITING:
            log.error("mail_dropped", reason="too many wait")
            work.close()
            return
        task = asyncio.create_task(_told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait until what was posted has left."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def send(self, letter: Letter) -> None:
        """Send it now.

        Raises:
            aiosmtplib.SMTPException: the server does not take it.
            OSError: it is not there.
        """
        async with self.server() as server:
            await server.send_message(self._message(letter))

    def server(self) -> aiosmtplib.SMTP:
        """The server, not connected yet."""
        assert self.url is not None  # noqa: S101 - the caller asks `is_there`
        parts = urlsplit(self.url)
        is_near = parts.hostname in LOOPBACK
        return aiosmtplib.SMTP(
            hostname=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            # None: TLS where the server offers it; True: refused without.
            start_tls=False if parts.scheme == "smtps" else None if is_near else True,
            validate_certs=not is_near,
            timeout=TIMEOUT,
        )

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = make_msgid(domain=parseaddr(self.sender)[1].rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message


async def _told(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - nobody waits for it; an address may stand in it
        log.error("mail_not_sent", error=type(error).__name__)  # noqa: TRY400
