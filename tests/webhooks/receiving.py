"""A real receiver on this machine, which answers as a test wants and verifies by the standard."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

Row = dict[str, Any]


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """What a receiver of now gets from the published library, which looks at the time as well."""
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


def verify(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """The same by the specification's algorithm, for messages of a clock that tests set."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [part.partition(",") for part in headers["webhook-signature"].split(" ")]
    return any(
        version == "v1" and hmac.compare_digest(value, expected) for version, _, value in given
    )


@dataclass
class Receiver:
    """`answers` are given one by one, the last one from then on; None hangs up."""

    port: int = 0
    answers: list[int | None] = field(default_factory=lambda: [204])
    headers: str = ""
    slow: float = 0.0
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def bodies(self) -> list[Row]:
        return [json.loads(body) for _, body in self.seen]

    def changes(self, item_id: str | None = None) -> list[Row]:
        """Every change that arrived, messages that came twice counted once."""
        messages = {headers["webhook-id"]: json.loads(body) for headers, body in self.seen}
        found = [change for body in messages.values() for change in body["data"]["changes"]]
        return [change for change in found if item_id in {None, change["id"]}]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
            headers = {name.lower(): value for name, _, value in lines}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.seen.append((headers, body))
            await asyncio.sleep(self.slow)
            status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if status is not None:
                more = f"content-length: 0\r\nconnection: close\r\n{self.headers}"
                writer.write(f"HTTP/1.1 {status} X\r\n{more}\r\n".encode())
                await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving(port: int = 0) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", port)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
