"""Every shell command of these guides runs as it stands there, or says why it can't.

A block of `sh` is marked behind the language: `run=NAME` (all blocks of a name on a page are one
script) or `norun=REASON`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.reliability.running import GUARD, RunningCMS

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide"
PAGES = (
    *("architecture", "backup", "consuming", "operations", "publishing", "quick-start"),
    *("replica-set", "security", "upgrading"),
)
BLOCK = re.compile(
    r"^( *)```(sh|bash|shell|console)\b([^\n]*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the embedded mongod")


@dataclass(frozen=True)
class Block:
    page: str
    mark: str
    script: str


def _blocks(text: str, page: str = "") -> list[Block]:
    found = []
    for indent, _, mark, body in BLOCK.findall(text):
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        found.append(Block(page, mark.strip(), "\n".join(lines)))
    return found


ALL = [
    block for page in PAGES for block in _blocks((GUIDE / f"{page}.md").read_text("utf-8"), page)
]
SCRIPTS = sorted({(block.page, block.mark) for block in ALL if block.mark.startswith("run=")})


def _fault(block: Block) -> str:
    kind, _, why = block.mark.partition("=")
    return "" if kind in {"run", "norun"} and why.strip() else f"{block.page}: {block.script}"


def test_every_command_is_run_or_says_why_not() -> None:
    assert len(ALL) > 15
    assert [fault for fault in map(_fault, ALL) if fault] == []


def test_the_control_without_a_mark_is_noticed() -> None:
    (block,) = _blocks("```sh\nrm -rf /\n```\n", "a page")
    assert _fault(block)


FILE = re.compile(r"^```python file=(\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningCMS, Path]]:
    """A CMS that serves an example portfolio, and its data directory."""
    folder = tmp_path_factory.mktemp("guides") / "data"
    with RunningCMS(folder) as cms:
        cms.owner_token()
        cms.run("demo")
        yield cms, folder


@pytest.mark.parametrize(("page", "mark"), SCRIPTS, ids=lambda value: value)
def test_the_commands_of_a_guide_run(page: str, mark: str, site: tuple[RunningCMS, Path]) -> None:
    cms, folder = site
    for name, source in FILE.findall((GUIDE / f"{page}.md").read_text("utf-8")):
        (folder / name).write_text(source)
    blocks = [block.script for block in ALL if (block.page, block.mark) == (page, mark)]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=folder,
        env={
            **cms._environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "EMAIL": "rani@example.com",
            "CMS": cms.url,
        },
        capture_output=True,
        text=True,
        timeout=6 * GUARD,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
