"""The example portfolio as it stands on the web: built from a real CMS, served by a real Nginx."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.conftest import FLAGS, browser_path
from tests.reliability.running import GUARD, RunningCMS, free_port

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "portfolio-react"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
BUILD_GUARD = 240.0  # against a hang, on a machine that has other things to do


def _missing() -> str | None:
    if browser_path() is None:
        return "no Chromium: install one, or name it in CMS_BROWSER"
    if not Path(NGINX).is_file():
        return "no Nginx: install one"
    if not (EXAMPLE / "node_modules" / ".stamp").is_file():
        return "the example is not installed: sh deploy/tools.sh portfolio"
    return None if sys.platform == "linux" else "starts servers by Linux' means"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    if missing := _missing():
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=missing))


@dataclass(frozen=True)
class Portfolio:
    """The site's address, the CMS behind it, and who may write there."""

    url: str
    cms: RunningCMS
    token: str

    def owner(self) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.AsyncClient(base_url=self.cms.url, headers=headers, timeout=30)


class PortfolioCMS(RunningCMS):
    """A CMS that knows where its site is."""

    def __init__(self, data_dir: Path, site_url: str) -> None:
        super().__init__(data_dir)
        self._environ |= {"CMS_SITE_URL": site_url, "CMS_PUBLIC_URL": site_url}

    def fill(self) -> None:
        """With the demo, whose pictures take a while to draw on a busy machine."""
        subprocess.run(
            [sys.executable, "-m", "cms", "demo"],
            env=self._environ,
            capture_output=True,
            timeout=BUILD_GUARD,
            check=True,
        )


@pytest.fixture(scope="session")
def portfolio() -> Iterator[Portfolio]:
    with tempfile.TemporaryDirectory(prefix="site", ignore_cleanup_errors=True) as folder:
        port = free_port()
        site_url = f"http://127.0.0.1:{port}"
        with PortfolioCMS(Path(folder, "data"), site_url) as cms:
            token = cms.owner_token()
            cms.fill()
            built = EXAMPLE / ".react-router" / f"tested-{port}"
            try:
                _build(cms, built)
                with _served(Path(folder), built, port, cms.port):
                    yield Portfolio(site_url, cms, token)
            finally:
                shutil.rmtree(built, ignore_errors=True)


def _build(cms: RunningCMS, target: Path) -> None:
    """As its README says, but not where somebody's own build stands."""
    done = subprocess.run(
        [sys.executable, ROOT / "deploy" / "node.py", EXAMPLE.relative_to(ROOT), "run", "build"],
        env={**os.environ, "LONTAR_API": cms.url, "LONTAR_BUILT": str(target.relative_to(EXAMPLE))},
        capture_output=True,
        text=True,
        timeout=BUILD_GUARD,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@contextlib.contextmanager
def _served(folder: Path, built: Path, port: int, cms_port: int) -> Iterator[None]:
    """The example's own configuration, with the places of this machine in it."""
    site = (EXAMPLE / "nginx.conf").read_text(encoding="utf-8")
    for line, changed in {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{cms_port};",
        "server_name example.com;": "server_name 127.0.0.1;",
        "root /srv/portfolio;": f"root {built}/client;",
    }.items():
        assert site.count(line) == 1
        site = site.replace(line, changed)
    places = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;"
        "events { worker_connections 256; }\n"
        f"http {{ include /etc/nginx/mime.types; access_log off; {places}\n{site} }}\n",
        encoding="utf-8",
    )
    with subprocess.Popen([NGINX, "-p", folder, "-c", config]) as web:
        deadline = time.monotonic() + GUARD
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/", timeout=5)
            except httpx.TransportError:
                assert web.poll() is None, (folder / "error.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                break
        try:
            yield
        finally:
            web.terminate()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield launched
        await launched.close()
