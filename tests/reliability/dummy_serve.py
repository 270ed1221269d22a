"""`cms serve` for the dummy app: PORT [DATA_DIR]; it prints a line of JSON when it serves."""

import importlib
import json
import os
import sys
import time
from pathlib import Path

from cms.core import mongod
from cms.core.serving import serve

HEAVY = ("litestar", "beanie", "pymongo", "granian")


def _prepare(url: str) -> None:
    importlib.import_module("pymongo")  # as heavy as migrations are
    _say({"url": url})
    match os.environ.get("DUMMY"):
        case "unprepared":
            raise SystemExit("the database is newer than this program")
        case "preparing":
            time.sleep(60)


def _ready() -> None:
    _say({"heavy": [name for name in HEAVY if name in sys.modules]})


def _say(fact: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(fact) + "\n")
    sys.stdout.flush()


def _fork_slowly() -> None:
    """Workers say that they are there, and take a while before anything of ours runs in them."""
    workers = vars(importlib.import_module("granian.server.mp"))
    configure = workers["configure_logging"]

    def slowly(*args: object) -> None:
        _say({"forked": os.getpid()})
        time.sleep(1)
        configure(*args)

    workers["configure_logging"] = slowly


if __name__ == "__main__":
    if os.environ.get("DUMMY") == "forking":
        _fork_slowly()
    mongod.LEFTOVER_DEADLINE = float(os.environ.get("LEFTOVER_DEADLINE", mongod.LEFTOVER_DEADLINE))
    sys.exit(
        serve(
            app="tests.reliability.dummy_app:create_app",
            host="127.0.0.1",
            port=int(sys.argv[1]),
            workers=2,
            environ={"CMS_MONGODB_URL": os.environ.get("CMS_MONGODB_URL", "")},
            data_dir=Path(sys.argv[2]) if len(sys.argv) > 2 else None,
            prepare=_prepare,
            ready=_ready,
        )
    )
