"""What stands in `deploy/` as an example, and the commands that print it.

`python -m tests.deploy.examples` writes it anew after a change of the templates.
"""

import os
import tempfile
from pathlib import Path

from click.testing import CliRunner, Result

from cms.cli import cms

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "CMS_PUBLIC_URL": "https://cms.example.com",
    "CMS_SITE_URL": "https://example.com",
    "CMS_MEDIA_STORAGE": "/srv/lontar/media",
}
ADMIN = "/opt/lontar/.venv/lib/python3.13/site-packages/cms/_admin"
COMMANDS = {
    "nginx": ("nginx", "--admin", ADMIN),
    "systemd": ("systemd", "--program", "/opt/lontar/.venv/bin/cms"),
    "": ("compose",),
}


def deploy(*arguments: str, **settings: str) -> Result:
    """What comes of a `cms deploy` command under these settings alone."""
    cleared = dict.fromkeys(name for name in os.environ if name.startswith("CMS_"))
    return CliRunner(env={**cleared, **settings}).invoke(cms, ["deploy", *arguments])


def printed(*arguments: str) -> str:
    """What it says for the example."""
    found = deploy(*arguments, **SETTINGS)
    assert found.exit_code == 0, found.output
    return found.stdout


def expected() -> dict[str, str]:
    """Every file of `deploy/` that a command prints."""
    found = {}
    for folder, arguments in COMMANDS.items():
        with tempfile.TemporaryDirectory() as to:
            printed(*arguments, "--to", to)
            for path in Path(to).rglob("*"):
                if path.is_file():
                    name = path.relative_to(to).as_posix()
                    found[str(Path("deploy", folder, name))] = path.read_text()
    return found


if __name__ == "__main__":
    for name, text in expected().items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(text)
