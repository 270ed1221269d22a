"""JSON Resume v1 out of a profile and into one, and what of it a profile can't give back."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, get_args

from pydantic import ConfigDict, Field, model_validator

from cms.core.fields import HttpUrl, Lang, Line, Markdown, ShortLine, Text
from cms.core.shapes import Input
from cms.profiles.schemas import Highlights, LinkKind, Month, Optional120, Unkept

Row = dict[str, Any]
SCHEMA: Final = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
VERSION: Final = "v1.0.0"
# How resumes name a network, by our kind of link.
NETWORKS: Final[Mapping[str, str]] = {
    **{kind: kind.capitalize() for kind in get_args(LinkKind)},
    "github": "GitHub",
    "gitlab": "GitLab",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
}
KINDS: Final = {name.lower(): kind for kind, name in NETWORKS.items()} | {"twitter": "x"}
EMAIL: Final = r"^[^\s@?%<>\x22'`\\]+@[^\s@?%<>\x22'`\\]+$"
HTTP: Final = r"https?://[^\s/?#<>\x22'`\\][^\s<>\x22'`\\]*"
MOST_REPORTED: Final = 100
MOST_BYTES: Final = 2 * 1024 * 1024
EXAMPLE: Final[Row] = {
    "basics": {"name": "Rani Wulandari", "label": "Backend developer"},
    "work": [{"name": "Toko Contoh", "position": "Engineer", "startDate": "2018-03"}],
}
# Of the file itself, not of the person.
OF_THE_FILE: Final = {"$schema", "meta.version", "meta.canonical", "meta.lastModified"}


class Part(Input):
    """Unlike our own inputs, a resume may hold what we don't know: it is reported instead."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, value: Any) -> Any:
        """Resumes leave fields blank or null where they mean that there is nothing."""
        if isinstance(value, dict):
            return {name: item for name, item in value.items() if item not in (None, "")}
        return value


class ResumeLocation(Part):
    city: Optional120 | None = None
    region: Optional120 | None = None
    countryCode: Annotated[str, Field(max_length=10)] | None = None  # noqa: N815


class ResumeNetwork(Part):
    network: Optional120 | None = None
    username: Optional120 | None = None
    url: Annotated[str, Field(max_length=2000, pattern=r"^(https?://|mailto:)[^\s<>\x22'`\\]+$")]


class ResumeBasics(Part):
    name: ShortLine | None = None
    label: Annotated[str, Field(max_length=300)] | None = None
    email: Annotated[str, Field(max_length=300, pattern=EMAIL)] | None = None
    url: HttpUrl | None = None
    summary: Annotated[Markdown, Field(max_length=64 * 1024)] | None = None
    location: ResumeLocation | None = None
    profiles: Annotated[list[ResumeNetwork], Field(max_length=30)] | None = None


class Dated(Part):
    startDate: Month | None = None  # noqa: N815
    endDate: Month | None = None  # noqa: N815
    url: HttpUrl | None = None


class ResumeWork(Dated):
    name: ShortLine
    position: ShortLine
    startDate: Month  # noqa: N815
    summary: Text | None = None
    highlights: Highlights | None = None


class ResumeVolunteer(Dated):
    organization: ShortLine
    position: Optional120 | None = None
    summary: Text | None = None
    highlights: Highlights | None = None


class ResumeEducation(Dated):
    institution: ShortLine
    area: Optional120 | None = None
    studyType: Optional120 | None = None  # noqa: N815
    startDate: Month  # noqa: N815
    score: Optional120 | None = None
    courses: Highlights | None = None


class ResumeAward(Part):
    title: Line
    date: Month | None = None
    awarder: Optional120 | None = None
    summary: Text | None = None


class ResumeCertificate(Part):
    name: Line
    date: Month | None = None
    url: HttpUrl | None = None
    issuer: Optional120 | None = None


class ResumePublication(Part):
    name: Line
    publisher: Optional120 | None = None
    releaseDate: Month | None = None  # noqa: N815
    url: HttpUrl | None = None
    summary: Text | None = None


class ResumeSkill(Part):
    name: ShortLine
    level: Optional120 | None = None
    keywords: Annotated[list[ShortLine], Field(max_length=50)] | None = None


class ResumeLanguage(Part):
    language: ShortLine
    fluency: Optional120 | None = None


class ResumeProject(Part):
    """Only talks are kept: projects are published on their own."""

    name: Line
    description: Text | None = None
    startDate: Month | None = None  # noqa: N815
    url: HttpUrl | None = None
    entity: Optional120 | None = None
    type: Annotated[str, Field(max_length=120)] | None = None


class ResumeLontar(Part):
    lang: Lang | None = None
    since: Annotated[int, Field(ge=1900, le=2200)] | None = None


class ResumeMeta(Part):
    lontar: ResumeLontar | None = None


class Resume(Part):
    """A resume by the JSON Resume schema v1; every section may be missing."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    basics: ResumeBasics | None = None
    work: Annotated[list[ResumeWork], Field(max_length=100)] | None = None
    volunteer: Annotated[list[ResumeVolunteer], Field(max_length=100)] | None = None
    education: Annotated[list[ResumeEducation], Field(max_length=100)] | None = None
    awards: Annotated[list[ResumeAward], Field(max_length=100)] | None = None
    certificates: Annotated[list[ResumeCertificate], Field(max_length=100)] | None = None
    publications: Annotated[list[ResumePublication], Field(max_length=200)] | None = None
    skills: Annotated[list[ResumeSkill], Field(max_length=100)] | None = None
    languages: Annotated[list[ResumeLanguage], Field(max_length=50)] | None = None
    projects: Annotated[list[ResumeProject], Field(max_length=200)] | None = None
    meta: ResumeMeta | None = None


# Each section by its name in a profile and in a resume, and their fields likewise.
SECTIONS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "experience": ("work", {
        "organisation": "name", "role": "position", "url": "url", "start": "startDate",
        "end": "endDate", "summary": "summary", "highlights": "highlights",
    }),
    "volunteer": ("volunteer", {
        "organisation": "organization", "role": "position", "url": "url", "start": "startDate",
        "end": "endDate", "summary": "summary", "highlights": "highlights",
    }),
    "education": ("education", {
        "organisation": "institution", "url": "url", "area": "area", "degree": "studyType",
        "start": "startDate", "end": "endDate", "score": "score", "courses": "courses",
    }),
    "awards": ("awards", {
        "title": "title", "date": "date", "awarder": "awarder", "summary": "summary",
    }),
    "certificates": ("certificates", {
        "name": "name", "date": "date", "url": "url", "issuer": "issuer",
    }),
    "publications": ("publications", {
        "name": "name", "publisher": "publisher", "date": "releaseDate", "url": "url",
        "summary": "summary",
    }),
    "skills": ("skills", {"name": "name", "level": "level", "keywords": "keywords"}),
    "languages": ("languages", {"language": "language", "fluency": "fluency"}),
    "talks": ("projects", {
        "title": "name", "event": "entity", "date": "startDate", "url": "url",
        "summary": "description",
    }),
}  # fmt: skip


def exported(content: Mapping[str, Any], updated_at: datetime | None = None) -> Row:
    """The resume of a profile's content, without blanks: its schema knows no null."""
    modified = updated_at.strftime("%Y-%m-%dT%H:%M:%SZ") if updated_at else None
    found: Row = {"$schema": SCHEMA, "basics": _basics(content)}
    for ours, (theirs, fields) in SECTIONS.items():
        kind = {"type": "talk"} if ours == "talks" else {}
        items = [
            _said({**{fields[name]: item.get(name) for name in fields}, **kind})
            for item in content.get(ours, [])
        ]
        if items:
            found[theirs] = items
    own = _said({"lang": content["lang"], "since": content["since"]})
    return {**found, "meta": _said({"version": VERSION, "lastModified": modified, "lontar": own})}


def _said(fields: Mapping[str, Any]) -> Row:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _basics(content: Mapping[str, Any]) -> Row:
    links = list(content["links"])
    websites = [link["url"] for link in links if link["kind"] == "website"]
    website = next((url for url in websites if re.fullmatch(HTTP, url)), None)
    if website is not None and _is_told_by_basics(links, "website", website):
        links.pop(0)
    addresses = [link["url"].removeprefix("mailto:") for link in links if link["kind"] == "email"]
    email = next((text for text in addresses if re.fullmatch(EMAIL, text)), None)
    if email is not None and _is_told_by_basics(links, "email", f"mailto:{email}"):
        links.pop(0)
    return _said(
        {
            "name": content["name"],
            "label": content["headline"],
            "email": email,
            "url": website,
            "summary": content["bio_markdown"],
            "location": _said({"city": content["location"]}),
            "profiles": [_network(link) for link in links],
        }
    )


def _is_told_by_basics(links: Sequence[Row], kind: str, url: str) -> bool:
    """Whether `basics` alone says what the first link does; `_links` then puts it back there."""
    first = links[0]
    is_plain = (first["kind"], first["label"], first["url"]) == (kind, "", url)
    return is_plain and url not in [link["url"] for link in links[1:]]


def _network(link: Row) -> Row:
    kind, label = link["kind"], link["label"]
    if kind == "other" and label and label.strip().lower() not in KINDS:
        return {"network": label, "url": link["url"]}
    named = NETWORKS[kind] if kind != "other" or label else None
    return _said({"network": named, "username": label, "url": link["url"]})


def changes_of(resume: Resume) -> Row:
    """What the resume says, as a patch for a profile; a section that it lacks is left alone."""
    basics = resume.basics or ResumeBasics()
    own = (resume.meta.lontar if resume.meta else None) or ResumeLontar()
    told = {
        "name": basics.name,
        "headline": basics.label,
        "bio_markdown": basics.summary,
        "location": _place(basics.location),
        "lang": own.lang,
        "since": own.since,
    }
    changes: Row = {name: value for name, value in told.items() if value is not None}
    if basics.url or basics.email or basics.profiles is not None:
        changes["links"] = _links(basics)
    for ours, (theirs, fields) in SECTIONS.items():
        items = getattr(resume, theirs)
        if ours == "talks":
            items = [item for item in items or [] if _is_talk(item)] or None
        if items is not None:
            changes[ours] = [
                _said({name: getattr(item, field, None) for name, field in fields.items()})
                for item in items
            ]
    return changes


def _is_talk(project: ResumeProject) -> bool:
    return (project.type or "").strip().lower() in {"talk", "presentation"}


def _place(location: ResumeLocation | None) -> str | None:
    if location is None:
        return None
    parts = (location.city, location.region, location.countryCode)
    return ", ".join(part for part in parts if part)[:120] or None


def _links(basics: ResumeBasics) -> list[Row]:
    links = [_link(item) for item in basics.profiles or []]
    there = {link["url"] for link in links}
    if basics.email and f"mailto:{basics.email}" not in there:
        links.insert(0, {"kind": "email", "url": f"mailto:{basics.email}", "label": ""})
    if basics.url and basics.url not in there:
        links.insert(0, {"kind": "website", "url": basics.url, "label": ""})
    return links


def _link(item: ResumeNetwork) -> Row:
    name, label = item.network or "", item.username or ""
    kind = KINDS.get(name.strip().lower())
    if kind is None:
        kind = "other"
        label = f"{name}: {label}"[:120] if name and label else name or label
    return {"kind": kind, "url": item.url, "label": label}


def unkept(resume: Resume, content: Mapping[str, Any]) -> tuple[list[Unkept], int]:
    """Every part of the resume that the profile would not give back, and how many there are.

    It is found by exporting the profile again, so nothing that the import forgets can stay
    unsaid.
    """
    given = resume.model_dump(mode="json", exclude_unset=True)
    lost = list(_lost(given, exported(content), ""))
    return [Unkept(field=field, reason=reason) for field, reason in lost[:MOST_REPORTED]], len(lost)


def _lost(given: Any, kept: Any, path: str) -> Iterator[tuple[str, Any]]:
    if given in (None, "", [], {}) or given == kept or path in OF_THE_FILE:
        return
    if isinstance(given, dict) and (isinstance(kept, dict) or not path or path == "meta"):
        inside = kept if isinstance(kept, dict) else {}
        for name, value in given.items():
            yield from _lost(value, inside.get(name), f"{path}.{name}".lstrip(".")[:200])
    elif isinstance(given, list) and isinstance(kept, list):
        pair = _by_place if path != "projects" else _by_name
        for index, (value, other) in enumerate(pair(given, kept)):
            yield from _lost(value, other, f"{path}.{index}")
    else:
        yield path, "not_kept" if kept is None else "changed"


Pairing = Callable[[list[Any], list[Any]], list[tuple[Any, Any]]]


def _by_place(given: list[Any], kept: list[Any]) -> list[tuple[Any, Any]]:
    return [(value, kept[n] if n < len(kept) else None) for n, value in enumerate(given)]


def _by_name(given: list[Any], kept: list[Any]) -> list[tuple[Any, Any]]:
    """Talks stand among other projects: each is compared with the next one that was kept."""
    left = list(kept)
    talks = {"talk", "presentation"}
    return [
        (
            value,
            left.pop(0) if left and str(value.get("type", "")).strip().lower() in talks else None,
        )
        for value in given
    ]
