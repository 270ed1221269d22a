"""Every command in the guides of deployment is run, or says why it can't be."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = ("self-hosting.md", "scaling.md")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXCUSE = re.compile(r"# not run here: needs \S.*\n")
# What a block may lack here: these are tried by the tests of the images and units.
NEEDS_ROOT = ("apt-get", "systemctl", "docker", "certbot", "/etc/")
GUARD = 240


def blocks(guide: str) -> list[str]:
    text = (ROOT / "docs" / "guide" / guide).read_text()
    return [body for language, body in BLOCK.findall(text) if language == "sh"]


@pytest.mark.parametrize("guide", GUIDES)
def test_only_what_cannot_be_run_here_is_excused(guide: str) -> None:
    text = (ROOT / "docs" / "guide" / guide).read_text()
    assert {language for language, _ in BLOCK.findall(text)} == {"sh"}
    for block in blocks(guide):
        is_excused = EXCUSE.match(block) is not None
        assert is_excused == any(word in block for word in NEEDS_ROOT), block


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_of_the_guide_does_what_it_should(guide: str) -> None:
    runs = [block for block in blocks(guide) if not EXCUSE.match(block)]
    assert runs
    with tempfile.TemporaryDirectory(prefix="guide", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        script = "set -eu\n" + "\n".join(f"cd {folder}\n{block}" for block in runs)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("CMS_")}
        done = subprocess.run(
            ["sh", "-c", script],
            cwd=folder,
            env={**kept, "CMS_DATA_DIR": str(folder / "data")},
            capture_output=True,
            text=True,
            timeout=GUARD,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made = {path.relative_to(folder).as_posix() for path in folder.glob("*/**/*.conf")}
        if guide == "self-hosting.md":
            assert {"nginx/conf.d/lontar.conf", "nginx/lontar/redirects.conf"} <= made
            secrets = (folder / "compose-files" / ".env").read_text()
            assert len(re.findall(r"^[A-Z_]+=[0-9a-f]{64}$", secrets, re.MULTILINE)) == 3
            assert (folder / "compose-files" / ".env").stat().st_mode & 0o077 == 0
        else:
            text = (folder / "nginx-two" / "conf.d" / "lontar.conf").read_text()
            assert text.count("server 127.0.0.1:800") == 2


def test_a_commented_excuse_alone_does_not_hide_a_command() -> None:
    assert EXCUSE.match("# not run here: needs root\nls\n")
    assert not EXCUSE.match("# not run here\nls\n")
    assert not EXCUSE.match("ls\n# not run here: needs root\n")
