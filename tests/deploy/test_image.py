"""The image: what stands in the Dockerfile, and, at full counts, a build of it that serves."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.deploy.database import KeyedMongo, settings
from tests.deploy.house import CMS, SITE
from tests.reliability.running import EMAIL, PASSWORD, free_port, rounds

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
GUARD = 60.0
UNFIT = {"gcc", "g++", "cc", "make", "node", "npm", "mongod", "uv", "pip", "pip3"}

builds = pytest.mark.skipif(
    rounds(0, 1) == 0
    or os.geteuid() != 0
    or not (shutil.which("buildah") and shutil.which("mmdebstrap")),
    reason="the image is built by LONTAR_PROVE=1, as root, with buildah and mmdebstrap",
)


def hadolint(text: str) -> list[str]:
    """What the linter of Dockerfiles says, by the names of its rules."""
    program = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [program, "--no-color", "--format", "json", "-"],
        input=text,
        capture_output=True,
        text=True,
        timeout=GUARD,
        check=False,
    )
    return [found["code"] for found in json.loads(done.stdout)]


def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    assert hadolint(DOCKERFILE) == []


def test_the_linter_notices_what_is_bad() -> None:
    assert "DL3002" in hadolint(f"{DOCKERFILE}\nUSER root\n")
    assert "DL3042" in hadolint("FROM python:3.13-slim\nRUN pip install lontar\n")


def test_the_image_runs_without_root_and_takes_nothing_without_a_hash() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.*)$", last, re.MULTILINE) == ["10001:10001"]
    assert "STOPSIGNAL SIGTERM" in last
    assert "HEALTHCHECK" in last
    assert "pip install" not in last
    installs = re.findall(r"(?:pip|uv pip) install .*", DOCKERFILE)
    assert len(installs) == 4
    for line in installs:
        # The tools that build the wheel, whose versions and hashes are those of development, and
        # the wheel that was just built.
        assert "--require-hashes" in line or "requirements/dev.txt" in line or "*.whl" in line


def test_what_goes_into_the_build_is_named_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    named = {line[1:].rstrip("/") for line in lines if line.startswith("!")}
    copied = set()
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        copied |= {word.rstrip("/") for word in line.split()[:-1]}
    assert copied == named


@pytest.fixture(scope="module")
def image() -> Iterator[Path]:
    """The root file system that the Dockerfile makes."""
    with tempfile.TemporaryDirectory(prefix="image") as folder:
        script = str(ROOT / "deploy" / "image-check.sh")
        try:
            done = subprocess.run(
                [script, "make", folder],
                stdout=subprocess.PIPE,
                text=True,
                timeout=1800,
                check=True,
            )
            yield Path(done.stdout.strip())
        finally:
            subprocess.run([script, "clean", folder], timeout=300, check=True)


@builds
def test_the_image_holds_no_compiler_no_node_and_no_mongodb(image: Path) -> None:
    found = {path.name for path in image.rglob("bin/*")} & UNFIT
    assert found == set()
    packages = image / "opt" / "lontar" / "lib"
    assert not list(packages.rglob("fiftyone*"))
    assert list(packages.rglob("cms/_admin/index.html"))
    assert not list(packages.rglob("*.pem.key"))


@builds
def test_the_image_serves_read_only_and_without_root(image: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="smoke", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        for place in ("data", "media"):
            (folder / place).mkdir()
            os.chown(folder / place, 10001, 10001)
        with KeyedMongo(folder) as mongo:
            port = free_port()
            environ = {
                **settings(mongo, Path("/data")),
                "PATH": "/opt/lontar/bin:/usr/bin:/bin:/usr/sbin:/sbin",
                "CMS_MEDIA_STORAGE": "/media",
                "CMS_PUBLIC_URL": f"https://{CMS}",
                "CMS_SITE_URL": f"https://{SITE}",
                "CMS_PORT": str(port),
            }
            # What the engine does by `read_only`, `tmpfs`, `volumes`, `user` and `cap_drop`.
            inside = (
                f"mount --bind {image} {image} && mount -o remount,bind,ro {image}"
                f" && mount -t tmpfs tmpfs {image}/tmp && mount -t proc proc {image}/proc"
                f" && mount --bind {folder}/data {image}/data"
                f" && mount --bind {folder}/media {image}/media"
                f" && exec chroot {image} setpriv --reuid 10001 --regid 10001 --clear-groups"
                ' --bounding-set=-all --no-new-privs "$@"'
            )
            entered = ["unshare", "--mount", "sh", "-ec", inside, "sh"]
            owner = [
                "cms",
                "owner",
                "create",
                "--email",
                EMAIL,
                "--name",
                "Rani",
                "--password-stdin",
            ]
            with (folder / "serve.log").open("wb") as log:
                command = [*entered, "cms", "serve"]
                serving = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
            try:
                deadline = time.monotonic() + GUARD
                health = f"http://127.0.0.1:{port}/health/ready"
                while not _answers(health):
                    assert serving.poll() is None, (folder / "serve.log").read_text()
                    assert time.monotonic() < deadline, (folder / "serve.log").read_text()
                    time.sleep(0.2)
                subprocess.run([*entered, *owner], env=environ, input=PASSWORD.encode(), check=True)
                _use(f"http://127.0.0.1:{port}")
                status = Path(f"/proc/{serving.pid}/status").read_text()
                assert re.search(r"^Uid:\s+10001\s+10001", status, re.MULTILINE)
                assert re.search(r"^CapBnd:\s+0+$", status, re.MULTILINE)
                refused = subprocess.run(
                    [*entered, "python", "-c", "open('/opt/lontar/x', 'w')"],
                    env=environ,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert "Read-only file system" in refused.stderr
            finally:
                serving.terminate()
                code = serving.wait(GUARD)
            assert code == 0


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _use(url: str) -> None:
    """Sign in, upload a picture, publish; read it as anybody would."""
    with httpx.Client(base_url=url, timeout=30) as client:
        data = {"email": EMAIL, "password": PASSWORD}
        session = client.post("/api/v1/admin/session", json=data)
        assert session.status_code == 201, session.text
        cookie = session.headers["set-cookie"]
        assert "__Host-lontar=" in cookie
        assert "Secure" in cookie
        client.headers["Cookie"] = cookie.partition(";")[0]
        client.headers["X-CSRF-Token"] = session.json()["csrf_token"]
        drawn = (ROOT / "docs" / "screenshots" / "phone-list.png").read_bytes()
        picture = client.post("/api/v1/admin/media", files={"file": ("list.png", drawn)})
        assert picture.status_code in {200, 201}, picture.text
        draft = client.post("/api/v1/admin/articles", json={"title": "Daun"}).json()
        published = client.post(
            f"/api/v1/admin/articles/{draft['id']}/publish",
            headers={"If-Match": f'"{draft["revision"]}"'},
        )
        assert published.status_code == 200, published.text
        assert client.get("/api/v1/articles/daun").status_code == 200
        assert client.get("/admin/").status_code == 200
