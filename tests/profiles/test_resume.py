"""JSON Resume out and in: valid by its published schema, nothing dropped without a word."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]
from pydantic_core import to_json

from cms.config import Settings
from cms.core.shapes import read_input
from cms.history.documents import Event
from cms.profiles.documents import ProfileContent
from cms.profiles.resume import NETWORKS, Resume, changes_of, exported, unkept
from cms.profiles.schemas import ProfileInput
from tests import make
from tests.profiles.test_profiles import WHOLE

ADMIN = "/api/v1/admin/profiles"
DATA = Path(__file__).parents[1] / "data" / "jsonresume"
VALIDATOR = Draft7Validator(
    json.loads((DATA / "schema.json").read_text(encoding="utf-8")), format_checker=FormatChecker()
)
EXAMPLES = sorted(DATA.glob("*.resume.json"))


def _example(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


async def test_a_profile_is_a_valid_resume(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    await make.profile(owner, **WHOLE)
    answer = await reader.get("/api/v1/profiles/rani-wulandari/resume.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert "public" in answer.headers["cache-control"]
    found = answer.json()
    VALIDATOR.validate(found)
    assert found["basics"]["name"] == "Rani Wulandari"
    assert found["work"][0]["highlights"] == ["Settled 3 million payments"]
    assert found["projects"][0]["type"] == "talk"
    again = await reader.get(
        "/api/v1/profiles/rani-wulandari/resume.json",
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304


async def test_a_hidden_profile_has_no_resume_and_a_former_slug_leads_on(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    made = await make.profile(owner, name="Before")
    made = (
        await owner.patch(
            f"{ADMIN}/{made['id']}", json={"slug": "after"}, headers=make.if_match(made)
        )
    ).json()
    moved = await reader.get("/api/v1/profiles/before/resume.json")
    assert moved.status_code == 308
    assert moved.headers["location"] == "/api/v1/profiles/after/resume.json"
    await owner.post(f"{ADMIN}/{made['id']}/unpublish", headers=make.if_match(made))
    for slug in ("before", "after", "nobody"):
        assert (await reader.get(f"/api/v1/profiles/{slug}/resume.json")).status_code == 404


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
async def test_the_published_examples_come_in_and_every_loss_is_named(
    path: Path, owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    given_ = _example(path)
    answer = await owner.post(f"{ADMIN}/import-resume?slug=me", json=given_)
    assert answer.status_code == 201, answer.text
    view = answer.json()
    assert view["profile"]["slug"] == "me"
    assert view["unkept_total"] == len(view["unkept"])
    back = (await reader.get("/api/v1/profiles/me/resume.json")).json()
    VALIDATOR.validate(back)
    told = {item["field"] for item in view["unkept"]}
    for place, value in _leaves(given_):
        if value == "" or place.startswith(("$schema", "meta.")):
            continue
        is_told = any(place == field or place.startswith(f"{field}.") for field in told)
        assert is_told or value in [leaf for _, leaf in _leaves(back)], place
    assert "basics.location.region" in told
    if "phone" in given_["basics"]:
        assert "basics.phone" in told


def _leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    pairs = (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list)
        else None
    )  # fmt: skip
    if pairs is None:
        return [(path, value)]
    return [leaf for name, item in pairs for leaf in _leaves(item, f"{path}.{name}".lstrip("."))]


async def test_a_resume_into_a_profile_leaves_what_it_does_not_speak_of(
    owner: httpx.AsyncClient,
) -> None:
    made = await make.profile(owner, **WHOLE)
    resume = {"basics": {"label": "CTO"}, "awards": [], "skills": [{"name": "Go"}]}
    address = f"{ADMIN}/{made['id']}/import-resume"
    answer = await owner.post(address, json=resume, headers=make.if_match(made))
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    found = answer.json()["profile"]
    assert (found["headline"], found["awards"]) == ("CTO", [])
    assert found["skills"] == [{"name": "Go", "level": "", "keywords": []}]
    for name in ("name", "slug", "since", "talks", "experience", "links"):
        assert found[name] == made[name]
    assert answer.json()["unkept"] == []
    stale = await owner.post(address, json=resume, headers=make.if_match(made))
    assert stale.status_code == 412
    assert stale.json()["current"]["headline"] == "CTO"
    assert (await owner.post(address, json=resume)).status_code == 428


@pytest.mark.parametrize(
    ("resume", "field"),
    [
        ({}, "basics.name"),
        ({"basics": {"name": ""}}, "basics.name"),
        ({"basics": {"name": 7}}, "basics.name"),
        ({"basics": {"name": "two\nlines"}}, "basics.name"),
        ({"basics": {"name": "x" * 121}}, "basics.name"),
        ({"basics": []}, "basics"),
        ({"basics": {"name": "x", "email": "not one"}}, "basics.email"),
        ({"basics": {"name": "x", "url": "javascript:alert(1)"}}, "basics.url"),
        (
            {"basics": {"name": "x", "profiles": [{"url": "data:text/html,x"}]}},
            "basics.profiles.0.url",
        ),
        ({"basics": {"name": "x"}, "work": {"name": "y"}}, "work"),
        ({"basics": {"name": "x"}, "work": [{"name": "y", "position": "z"}]}, "work.0.startDate"),
        (
            {"basics": {"name": "x"}, "education": [{"institution": "y", "startDate": "soon"}]},
            "education.0.startDate",
        ),
        ({"basics": {"name": "x"}, "skills": [{"name": "y"}] * 101}, "skills"),
        ({"basics": {"name": "x"}, "awards": [None]}, "awards.0"),
        ({"basics": {"name": "x"}, "projects": [{"name": 3, "type": "talk"}]}, "projects.0.name"),
        ({"basics": {"name": "x", "summary": "\0"}}, "basics.summary"),
        ({"basics": {"name": "x"}, "meta": {"lontar": {"since": 1}}}, "meta.lontar.since"),
        ({"basics": {"name": "x"}, "meta": {"lontar": {"lang": "klingon"}}}, "meta.lontar.lang"),
    ],
)
async def test_a_bad_resume_is_refused_by_its_own_names(
    resume: Any, field: str, owner: httpx.AsyncClient
) -> None:
    answer = await owner.post(f"{ADMIN}/import-resume", json=resume)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field
    assert (await owner.get(ADMIN)).json()["items"] == []


@pytest.mark.parametrize("body", [[], 7, "x", None])
async def test_what_is_no_resume_at_all_is_refused(body: Any, owner: httpx.AsyncClient) -> None:
    answer = await owner.post(f"{ADMIN}/import-resume", json=body)
    assert answer.status_code in {400, 422}


async def test_unknown_parts_are_told_and_not_stored(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    resume = {
        "basics": {"name": "Rani", "phone": "0812", "x-secret": {"a": [1, {"b": "hush"}]}},
        "projects": [{"name": "App"}, {"name": "Talk", "type": "Presentation"}],
        "references": [{"name": "Someone", "reference": "private words"}],
        "$where": "1",
        "a.b": {"$gt": ""},
        "__proto__": {"x": 1},
    }
    view = (await owner.post(f"{ADMIN}/import-resume", json=resume)).json()
    told = {item["field"]: item["reason"] for item in view["unkept"]}
    assert told == {
        "basics.phone": "not_kept",
        "basics.x-secret": "not_kept",
        "projects.0": "not_kept",
        "projects.1.type": "changed",
        "references": "not_kept",
        "$where": "not_kept",
        "a.b": "not_kept",
        "__proto__": "not_kept",
    }
    text = (await reader.get("/api/v1/profiles/rani/resume.json")).text
    for word in ("0812", "hush", "private words"):
        assert word not in text


async def test_a_flood_of_unknown_parts_is_counted_not_repeated(owner: httpx.AsyncClient) -> None:
    resume = {"basics": {"name": "Rani"}, **{f"x{n}": "y" for n in range(5000)}}
    view = (await owner.post(f"{ADMIN}/import-resume", json=resume)).json()
    assert (len(view["unkept"]), view["unkept_total"]) == (100, 5000)


async def test_a_taken_slug_and_a_wrong_role_are_refused(
    owner: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    await make.profile(owner, name="Rani")
    resume = {"basics": {"name": "Rani"}}
    taken = await owner.post(f"{ADMIN}/import-resume?slug=rani", json=resume)
    assert taken.status_code == 409
    assert taken.json()["errors"][0]["field"] == "slug"
    bad = await owner.post(f"{ADMIN}/import-resume?slug=No+Slug", json=resume)
    assert bad.status_code == 422
    assert (await owner.post(f"{ADMIN}/import-resume?x=1", json=resume)).status_code == 400
    secret = await make.token(await make.account(role="author"))
    bearer = {"Authorization": f"Bearer {secret}"}
    answer = await browser.post(f"{ADMIN}/import-resume", json=resume, headers=bearer)
    assert answer.status_code == 403
    assert len(await Event.after(0, 10)) == 0


LINE = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20)
SHORT = LINE.filter(lambda text: text.strip())
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
LABEL = st.text(max_size=12) | st.sampled_from(
    ["", "GitHub", " github ", "Other", "Twitter", "x", "Website", "Email", " "]
)
MONTH = st.dates().filter(lambda day: 1000 <= day.year < 3000).map(
    lambda day: day.isoformat()
) | st.sampled_from(["2014", "2014-03", "1999-12"])
URL = st.sampled_from(
    ["https://a.example/", "http://b.example/x?y#z", "https://c.example/%20", "https://é.example"]
)
MAIL = st.sampled_from(["mailto:a@x.example", "mailto:b@x.example", "mailto:c@x.example?subject=1"])
LINK = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([*NETWORKS, "website", "email", "other"]),
        "url": URL | MAIL,
        "label": LABEL,
    }
)


def _items(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.lists(st.fixed_dictionaries(required, optional=optional), max_size=2)


PLACE = {"summary": TEXT, "url": URL, "highlights": st.lists(TEXT, max_size=2)}
PROFILES = st.fixed_dictionaries(
    {"name": SHORT},
    optional={
        "headline": TEXT,
        "bio_markdown": TEXT,
        "lang": st.sampled_from(["en", "id", "zh-Hant-TW"]),
        "location": LABEL,
        "since": st.integers(1900, 2200),
        "links": st.lists(LINK, max_size=4),
        "skills": _items({"name": SHORT}, {"level": LABEL, "keywords": st.lists(SHORT)}),
        "experience": _items(
            {"organisation": SHORT, "role": SHORT, "start": MONTH}, {"end": MONTH, **PLACE}
        ),
        "education": _items(
            {"organisation": SHORT, "start": MONTH},
            {"area": LABEL, "degree": LABEL, "end": MONTH, "url": URL, "score": LABEL,
             "courses": st.lists(TEXT, max_size=2)},
        ),
        "volunteer": _items(
            {"organisation": SHORT}, {"role": LABEL, "start": MONTH, "end": MONTH, **PLACE}
        ),
        "certificates": _items({"name": SHORT}, {"issuer": LABEL, "date": MONTH, "url": URL}),
        "talks": _items(
            {"title": SHORT}, {"event": LABEL, "date": MONTH, "url": URL, "summary": TEXT}
        ),
        "publications": _items(
            {"name": SHORT}, {"publisher": LABEL, "date": MONTH, "url": URL, "summary": TEXT}
        ),
        "awards": _items({"title": SHORT}, {"awarder": LABEL, "date": MONTH, "summary": TEXT}),
        "languages": _items({"language": SHORT}, {"fluency": LABEL}),
    },
)  # fmt: skip


@given(PROFILES)
@settings(deadline=None, max_examples=2000 if os.environ.get("LONTAR_PROVE") else 150)
def test_out_and_in_again_changes_nothing_and_is_always_valid(given_: Any) -> None:
    before = read_input(ProfileInput, to_json(given_))
    content = ProfileContent.model_validate(before.model_dump(exclude={"slug", "account_id"}))
    document = exported(content.model_dump())
    VALIDATOR.validate(json.loads(to_json(document)))
    resume = read_input(Resume, to_json(document))
    after = read_input(ProfileInput, to_json(changes_of(resume)))
    assert after == before
    assert unkept(resume, content.model_dump()) == ([], 0)


def test_the_control_a_forgotten_field_is_found() -> None:
    resume = read_input(Resume, to_json(_example(DATA / "senior-engineer.resume.json")))
    content = ProfileInput.model_validate(changes_of(resume), strict=False).model_dump()
    fields = [item.field for item in unkept(resume, content)[0]]
    content["certificates"][0]["issuer"] = ""
    del content["awards"][0]
    found = [item.field for item in unkept(resume, content)[0]]
    assert set(found) > set(fields)
    assert "certificates.0.issuer" in found
    assert any(field.startswith("awards.") for field in found)


async def _cms(
    settings_: Settings, url: str, folder: Path, *arguments: str, stdin: bytes = b""
) -> tuple[int, str, str]:
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CMS_")},
        "CMS_MONGODB_URL": url,
        "CMS_DATABASE": settings_.database,
        "CMS_DATA_DIR": str(folder),
        "CMS_SECRET_KEY": settings_.secret_key or "",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cms", *arguments, env=environ,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate(stdin)
    return process.returncode or 0, out.decode(), err.decode()


async def test_the_command_makes_a_profile_then_updates_it_and_names_what_it_refuses(
    settings: Settings, database_url: str, tmp_path: Path, owner: httpx.AsyncClient
) -> None:
    sample = DATA / "sample.resume.json"

    async def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        return await _cms(settings, database_url, tmp_path, *arguments, stdin=stdin)

    code, out, err = await run("import", "resume", str(sample), "--slug", "richard")
    assert (code, "richard (revision 1)" in out) == (0, True), err
    assert "not kept: basics.phone" in err
    code, out, _ = await run(
        "import", "resume", "-", "--slug", "richard", "--json",
        stdin=b'{"basics": {"label": "Founder"}}',
    )  # fmt: skip
    view = json.loads(out)
    assert (code, view["profile"]["revision"], view["profile"]["headline"]) == (0, 2, "Founder")
    assert view["profile"]["name"] == "Richard Hendriks"
    for bad, word in ((b'{"work": 1}', "work"), (b"{", "body"), (b"\xff", "body")):
        code, _, err = await run("import", "resume", "-", stdin=bad)
        assert (code, word in err, "Traceback" in err) == (1, True, False)
    audit = (await owner.get(f"/api/v1/admin/profiles/{view['profile']['id']}/revisions")).json()
    assert [(item["verb"], item["door"]) for item in audit["items"]] == [
        ("resume_imported", "cli"),
        ("created", "cli"),
    ]


async def test_a_resume_sent_again_makes_one_profile(owner: httpx.AsyncClient) -> None:
    path, key = "/api/v1/admin/profiles/import-resume", {"Idempotency-Key": "once"}
    resume = {"basics": {"name": "Rani", "label": "Developer"}}
    answers = [await owner.post(path, json=resume, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    other = await owner.post(path, json={"basics": {"name": "Sari"}}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    found = (await owner.get("/api/v1/admin/profiles")).json()["items"]
    assert [item["name"] for item in found] == ["Rani"]
