"""A whole `cms serve` in a process group of its own, to be used, killed and started again."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from tests.make import PASSWORD
from tests.reliability.running import free_port, until

EMAIL = "rani@example.com"
NAME = "Rani Lestari"
PATIENCE = 90.0
PROVEN_SECONDS = 240.0


class Desk:
    """The server, its address, and what it printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "serve.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        folder = self.folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CMS_")}
        environ = {
            **kept,
            "CMS_DATA_DIR": str(folder / "data"),
            "CMS_PORT": str(self.port),
            "CMS_ARGON2_MEMORY_KIB": "19456",
            "CMS_ARGON2_TIME_COST": "2",
            "CMS_TRUSTED_PROXIES": "127.0.0.1",
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cms", "serve"],
                env=environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/health/ready", timeout=2).status_code == 200:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.stop()
        raise AssertionError(f"cms serve did not come up:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """As the kernel would: no word of warning to the parent, and its children follow."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"{self.url}/health/live", timeout=1)
                time.sleep(0.05)
                continue
            return

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def setup_link(self) -> str:
        found = re.findall(r"http://\S+/admin/setup#token=\S+", self.log.read_text())
        link: str = found[-1]
        return link

    def make_owner(self) -> None:
        token = self.setup_link.partition("token=")[2]
        data = {"token": token, "email": EMAIL, "name": NAME, "password": PASSWORD}
        answer = httpx.post(f"{self.url}/api/v1/admin/setup", json=data)
        assert answer.status_code == 201, answer.text


class Api:
    """The admin routes as another program of the same owner sees them."""

    def __init__(self, desk: Desk, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(base_url=desk.url, timeout=20)
        self._signed_in_at = -PROVEN_SECONDS

    @property
    def client(self) -> httpx.Client:
        """Signed in of late: what needs a password that was given in the last minutes is open."""
        if time.monotonic() - self._signed_in_at >= PROVEN_SECONDS:
            self._client.cookies.clear()
            data = {"email": EMAIL, "password": PASSWORD}
            answer = self._client.post("/api/v1/admin/session", json=data)
            assert answer.status_code == 201, answer.text
            self._client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            self._signed_in_at = time.monotonic()
        return self._client

    def article(self, **fields: Any) -> dict[str, Any]:
        answer = self.client.post("/api/v1/admin/articles", json=fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def get(self, ident: str) -> dict[str, Any]:
        answer = self.client.get(f"/api/v1/admin/articles/{ident}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def change(self, ident: str, **fields: Any) -> dict[str, Any]:
        headers = {"If-Match": f'"{self.get(ident)["revision"]}"'}
        url = f"/api/v1/admin/articles/{ident}"
        answer = self.client.patch(url, json=fields, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def _items(self, path: str) -> list[dict[str, Any]]:
        answer = self.client.get(f"/api/v1/admin/{path}")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    # A relay carries it there behind the write; a page that is opened before stays without it.
    def is_found(self, words: str, count: int = 1) -> None:
        until(lambda: len(self._items(f"articles?q={words}")) >= count)

    def is_logged(self, ident: str, count: int = 1) -> None:
        until(lambda: len(self._items(f"audit?item={ident}")) >= count)

    def published(self, **fields: Any) -> dict[str, Any]:
        found = self.article(**fields)
        headers = {"If-Match": f'"{found["revision"]}"'}
        url = f"/api/v1/admin/articles/{found['id']}/publish"
        answer = self.client.post(url, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def public(self, slug: str) -> httpx.Response:
        return self.client.get(f"/api/v1/articles/{slug}")
