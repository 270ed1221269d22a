"""The same variants of one picture by Pillow; run by `pictures.py` in an environment of its own.

    python pictures_pillow.py picture specs.json

Decodes once, as the worker does, scales with Lanczos, and writes each file to memory.
"""

import json
import sys
from io import BytesIO

from PIL import Image, ImageOps

FORMATS = {
    "image/jpeg": ("JPEG", {"quality": 80, "optimize": True, "progressive": True}),
    "image/webp": ("WEBP", {"quality": 78, "method": 2}),
    "image/avif": ("AVIF", {"quality": 60, "speed": 7, "max_threads": 1}),
    "image/png": ("PNG", {"compress_level": 6}),
}


def main(path: str, specs: list[dict[str, object]], widest: int) -> int:
    Image.MAX_IMAGE_PIXELS = None
    image = Image.open(path)
    image.draft("RGB", (widest, widest))  # JPEGs decode at a half where that is enough
    image = ImageOps.exif_transpose(image).convert("RGB")
    if image.width > widest:
        height = round(image.height * widest / image.width)
        image = image.resize((widest, height), Image.Resampling.LANCZOS)
    total = 0
    for spec in specs:
        size = (int(spec["width"]), int(spec["height"]))
        made = (
            ImageOps.fit(image, size)
            if spec["crop"]
            else image.resize(size, Image.Resampling.LANCZOS)
        )
        kind, options = FORMATS[str(spec["mime"])]
        written = BytesIO()
        made.save(written, kind, **options)
        total += written.tell()
    return total


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:  # noqa: PTH123 - it knows nothing of ours
        told = json.load(file)
    print(main(sys.argv[1], told["specs"], told["widest"]))
