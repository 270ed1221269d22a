"""Two CMS processes behind Nginx are restarted in turn under load, and nobody notices."""

import itertools
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from cms.core import mongod
from tests import make
from tests.deploy.conftest import needs_nginx
from tests.deploy.house import CMS, BehindCMS, Door, House
from tests.reliability.running import rounds

pytestmark = needs_nginx
SECONDS = rounds(0, 60)
READERS, WRITERS = 4, 2


class Load:
    """People who read and write all the time, each from an address of their own."""

    def __init__(self, house: House, token: str) -> None:
        self.house, self.headers = house, {"Authorization": f"Bearer {token}"}
        self.over = threading.Event()
        self.done = 0
        self.failed: list[str] = []
        self.threads = [
            *(threading.Thread(target=self.read, args=(number,)) for number in range(READERS)),
            *(threading.Thread(target=self.write, args=(number,)) for number in range(WRITERS)),
        ]

    def client(self, number: int) -> httpx.Client:
        door = Door(self.house, f"127.0.1.{number}")
        return httpx.Client(
            transport=door, base_url=f"https://{CMS}", headers=self.headers, timeout=60
        )

    def ask(
        self, client: httpx.Client, method: str, path: str, **more: object
    ) -> httpx.Response | None:
        try:
            answer = client.request(method, path, **more)  # type: ignore[arg-type]
        except httpx.TransportError as error:
            self.failed.append(f"{method} {path}: {error!r}")
            return None
        if answer.status_code >= 400 and answer.status_code != 429:
            self.failed.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
            return None
        self.done += 1
        return answer

    def read(self, number: int) -> None:
        with self.client(10 + number) as client:
            for path in itertools.cycle(("/api/v1/articles", "/api/v1/site", "/admin/")):
                if self.over.is_set():
                    return
                self.ask(client, "GET", path)
                time.sleep(0.02)

    def write(self, number: int) -> None:
        with self.client(50 + number) as client:
            for count in itertools.count():
                if self.over.is_set():
                    return
                made = self.ask(
                    client, "POST", "/api/v1/admin/articles", json={"title": f"{number} {count}"}
                )
                if made and made.status_code == 201:
                    found = made.json()
                    path = f"/api/v1/admin/articles/{found['id']}"
                    match = make.if_match(found)
                    self.ask(client, "PATCH", path, json={"title": "new"}, headers=match)
                time.sleep(0.05)

    def begin(self) -> None:
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(90)
            assert not thread.is_alive()


def test_a_rolling_restart_fails_no_request_and_a_careless_one_does(
    record_property: Callable[[str, object], None],
) -> None:
    with tempfile.TemporaryDirectory(prefix="roll", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with mongod.running(folder / "db") as url:
            more = {
                "CMS_MONGODB_URL": url,
                "CMS_SECRET_KEY": make.KEY,
                "CMS_DATA_DIR": str(folder / "data"),  # one host: they share what they know
            }
            one = BehindCMS(folder / "one", more)
            two = BehindCMS(folder / "two", more)
            with one, two:
                token = one.owner_token()
                house = House(folder / "nginx", [f"127.0.0.1:{cms.port}" for cms in (one, two)])
                house.start()
                try:
                    load = Load(house, token)
                    load.begin()
                    began = time.monotonic()
                    for cms in itertools.cycle((one, two)):
                        time.sleep(1.5)  # more than Nginx takes to ask a process again
                        cms.stop()
                        cms.start()
                        if cms is two and time.monotonic() - began > SECONDS:
                            break
                    time.sleep(1.5)
                    load.end()
                    assert load.failed == []
                    assert load.done > 50
                    record_property("requests", load.done)

                    careless = Load(house, token)
                    careless.begin()
                    time.sleep(1)
                    one.stop()
                    two.stop()
                    time.sleep(2)
                    careless.end()
                    assert careless.failed
                    one.start()
                    two.start()
                finally:
                    house.stop()
