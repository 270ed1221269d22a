"""Pictures a minute and peak memory of the library's worker, against Pillow doing the same.

    python benchmarks/pictures.py [rounds]

Makes a virtual environment with Pillow in a temporary folder (`pillow.requirements.in`), never in
the project's own. Both get the same pictures and make the same variants, one process a picture,
one thread; they take turns. Time is the CPU's, of the whole process, so that a busy machine changes
little; memory is the peak. Recorded runs stand in `benchmarks/results/pictures.md`.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import venv
from dataclasses import asdict
from pathlib import Path

import pyvips  # type: ignore[import-untyped]

from cms.core.render_worker import SIZE_BYTES
from cms.media import plan
from cms.media.processing import _ENVIRON, _START, VARY_SECONDS

HERE = Path(__file__).parent
PICTURES = {
    "12-megapixel JPEG": (4000, 3000, "image/jpeg"),
    "24-megapixel JPEG": (6000, 4000, "image/jpeg"),
    "12-megapixel PNG": (4000, 3000, "image/png"),
}


def picture(width: int, height: int, mime: str) -> bytes:
    """Soft shapes with some grain: neither a flat colour nor pure noise."""
    soft = pyvips.Image.perlin(width, height, cell_size=256, uchar=True, seed=1)
    other = pyvips.Image.perlin(width, height, cell_size=90, uchar=True, seed=2)
    grain = pyvips.Image.gaussnoise(width, height, mean=0, sigma=6, seed=3)
    planes = [soft + grain, other + grain, (soft + other) / 2 + grain]
    image = planes[0].bandjoin(planes[1:]).cast("uchar").copy(interpretation="srgb")
    if mime == "image/jpeg":
        return bytes(image.jpegsave_buffer(Q=90))
    return bytes(image.pngsave_buffer(compression=3))


def timed(command: list[str], stdin: bytes, environ: dict[str, str]) -> tuple[float, float]:
    """Seconds of CPU, and megabytes at the peak, of one process."""
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environ)
    assert child.stdin is not None
    child.stdin.write(stdin)
    child.stdin.close()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = status
    assert status == 0, command
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def framed(*messages: bytes) -> bytes:
    return b"".join(len(each).to_bytes(SIZE_BYTES) + each for each in messages)


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        pip = [str(folder / "venv" / "bin" / "pip"), "install", "-q", "-r"]
        subprocess.run([*pip, str(HERE / "pillow.requirements.in")], check=True)
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},")
        print(f"libvips {pyvips.version(0)}.{pyvips.version(1)}, {rounds} rounds\n")
        print(
            "| picture | variants | a minute of CPU | Pillow | ratio | peak MB | Pillow | ratio |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for title, (width, height, mime) in PICTURES.items():
            measure(folder, title, picture(width, height, mime), (width, height, mime), rounds)


def measure(
    folder: Path, title: str, data: bytes, shape: tuple[int, int, str], rounds: int
) -> None:
    width, height, mime = shape
    specs = plan.specs(width, height, mime, 1, plan.focus_of(0.5, 0.5))
    job = {"do": "vary", "mime": mime, "frames": 1, "seconds": VARY_SECONDS}
    sent = framed(json.dumps({**job, "specs": [asdict(spec) for spec in specs]}).encode(), data)
    (folder / "picture").write_bytes(data)
    whole = [
        {**asdict(spec), "height": spec.height or round(spec.width * height / width)}
        for spec in specs
    ]
    told = {"specs": whole, "widest": plan.WIDTHS[-1]}
    (folder / "specs").write_text(json.dumps(told), encoding="utf-8")
    ours = [sys.executable, "-P", "-c", _START, *sys.path]
    script = str(HERE / "pictures_pillow.py")
    theirs = [str(folder / "venv" / "bin" / "python"), script]
    theirs += [str(folder / "picture"), str(folder / "specs")]
    pairs = []
    for turn in range(rounds):
        runs = {}
        for who in ("ours", "theirs") if turn % 2 else ("theirs", "ours"):
            runs[who] = (
                timed(ours, sent, dict(_ENVIRON)) if who == "ours" else timed(theirs, b"", {})
            )
        pairs.append((runs["ours"], runs["theirs"]))
    speed = statistics.median(theirs[0] / ours[0] for ours, theirs in pairs)
    memory = statistics.median(ours[1] / theirs[1] for ours, theirs in pairs)
    mine = [statistics.median(ours[index] for ours, _ in pairs) for index in (0, 1)]
    his = [statistics.median(theirs[index] for _, theirs in pairs) for index in (0, 1)]
    print(
        f"| {title} | {len(specs)} | {60 / mine[0]:.0f} | {60 / his[0]:.0f} | {speed:.2f} "
        f"| {mine[1]:.0f} | {his[1]:.0f} | {memory:.2f} |"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
