"""What stands in `deploy/` as an example, and the commands that print it.

`python -m tests.deploy.examples` writes it anew after a change of the templates.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

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


def printed(*arguments: str, **changes: str) -> str:
    """What a `cms deploy` command says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CMS_")}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "cms", "deploy", *arguments],
            env={**kept, "CMS_DATA_DIR": folder, **SETTINGS, **changes},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


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
