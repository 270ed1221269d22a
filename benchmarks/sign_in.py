"""Sign-in of known and unknown accounts, interleaved: do the medians tell them apart?

python benchmarks/sign_in.py [samples]      prints the table that is kept in results/sign_in.md

A real server (one worker) over the embedded MongoDB, one connection, the passwords always wrong.
The throttles are emptied between samples: what they refuse would be fast for everybody.
"""

import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
from pymongo import AsyncMongoClient

from cms.core import mongod

ROOT = Path(__file__).parents[1]
PORT = 18431
URL = f"http://127.0.0.1:{PORT}/api/v1/admin/session"
PASSWORD = "lontar daun palem dan tinta hitam"  # noqa: S105 - of this benchmark alone
KNOWN, UNKNOWN = "rani@example.com", "nobody@example.com"


async def measure(database_url: str, samples: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    mongo: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(database_url)
    throttles = mongo["lontar"]["throttles"]
    async with httpx.AsyncClient() as client:
        for number in range(samples + 5):
            # Who goes first changes: whatever the first leaves behind is shared fairly.
            for email in (KNOWN, UNKNOWN) if number % 2 else (UNKNOWN, KNOWN):
                await throttles.delete_many({})
                began = time.perf_counter()
                answer = await client.post(URL, json={"email": email, "password": "wrong"})
                took = time.perf_counter() - began
                assert answer.status_code == 401, answer.text
                if number >= 5:
                    found[email].append(took * 1000)
    await mongo.close()
    return found


def main() -> None:
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder, mongod.running(Path(folder)) as database_url:
        env = {
            **os.environ,
            "CMS_MONGODB_URL": database_url,
            "CMS_SECRET_KEY": "b" * 40,
            "CMS_PORT": str(PORT),
            "CMS_LOG_FORMAT": "json",
        }
        cms = [sys.executable, "-m", "cms"]
        owner = ["owner", "create", "--email", KNOWN, "--name", "Rani", "--password-stdin"]
        made = subprocess.run(
            [*cms, *owner], input=PASSWORD.encode(), env=env, cwd=ROOT, check=True
        )
        assert made.returncode == 0
        served = subprocess.Popen(
            [*cms, "serve"], env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait()
            found = asyncio.run(measure(database_url, samples))
        finally:
            served.terminate()
            served.wait(timeout=30)
    show(found, samples)


def wait() -> None:
    for _ in range(300):
        try:
            if httpx.get(f"http://127.0.0.1:{PORT}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not start")


def show(found: dict[str, list[float]], samples: int) -> None:
    medians = {email: statistics.median(values) for email, values in found.items()}
    apart = abs(medians[KNOWN] - medians[UNKNOWN]) / medians[KNOWN]
    print("# Sign-in: known and unknown accounts\n")
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, ", end="")
    print(f"{os.cpu_count()} cores, {samples} interleaved samples each, argon2id 64 MiB, t=3.\n")
    print("| account | median ms | 10 % | 90 % |\n|---|---|---|---|")
    for email, label in ((KNOWN, "known"), (UNKNOWN, "unknown")):
        deciles = statistics.quantiles(found[email], n=10)
        print(f"| {label} | {medians[email]:.1f} | {deciles[0]:.1f} | {deciles[8]:.1f} |")
    print(f"\nThe medians are {apart:.1%} apart; promise 19 allows 5 %.")


if __name__ == "__main__":
    main()
