"""What each field of each input must not take; a field that stands in none of these fails."""

from typing import Any

from pydantic import BaseModel

from cms.articles.schemas import ArticleInput, PlaceInput, SeoInput
from cms.media.schemas import FocalPointInput, MediaInput
from cms.pages.schemas import PageInput, PageSeoInput
from cms.profiles.schemas import (
    AwardInput,
    CertificateInput,
    EducationInput,
    ExperienceInput,
    ProfileInput,
    ProfileLinkInput,
    PublicationInput,
    SkillInput,
    SpokenLanguageInput,
    TalkInput,
    VolunteerInput,
)
from cms.projects.schemas import ProjectInput, ProjectLinkInput
from cms.site.schemas import ColorsInput, DefaultSeo, LinkInput, SiteInput, SocialLinkInput

OPERATOR = {"$ne": ""}
TEXT = [1, 1.5, True, [], ["a"], {}, OPERATOR, {"$regex": ".*"}, [OPERATOR]]
WORD = [*TEXT, "\0", "a\0b"]
FLAG = [1, 0, "true", "false", "", [], {}, OPERATOR]
NUMBER = ["2014", 2014.5, True, [], {}, OPERATOR, 10**30, -1]
LINES = ["a", 1, True, {}, OPERATOR, [1], [None], [[]], [{}], [OPERATOR], ["a"] * 51, ["x" * 501]]
TEXTS = ["a", 1, True, {}, OPERATOR, [1], [None], [[]], [{}], [OPERATOR], ["\0"], ["a"] * 101]
OBJECT = [1, True, "a", [], [[]], ["title"]]
OBJECTS = ["a", 1, True, {}, OPERATOR, [1], ["a"], [None], [[]], [OPERATOR], [{}] * 101]
URL = [
    *TEXT,
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "https://",
    "https://a b",
]

PATTERNS = [
    {"evil": {}},
    {"article": 1},
    {"article": {"*": 1}},
    {"article": {"*": "/"}},
    {"article": {"*": "/{evil}"}},
    {"article": {"$ne": "/{slug}"}},
]

DATE = [*TEXT, "", "yesterday", "2014-13", "2014-1", "20140", "0000", "2014-01-32"]
DAY = [*DATE, "2014", "2014-02"]
TITLE = [*WORD, "", " ", "a\nb", "x" * 301]
COLOR = [
    *WORD, "", "red", "#fff", "9a5b1f", "#9A5B1F", "#9a5b1g", "#9a5b1f\n", "#9a5b1fff",
    "#9a5b1f;}", 'url("//evil.example")', "#\u0669\u0669\u0669\u0669\u0669\u0669",
]  # fmt: skip
SLUG = [*WORD, "", "A", "a b", "a/b", "../a", "a.b", "-a", "\u00e9", "x" * 201]
LANG = [*WORD, "", "english", "EN", "e", "en-us"]
IDENT = [*WORD, "", "x", "a" * 23, "A" * 24, "a" * 25, "0" * 24]
LANGUAGES = [1, True, "a", [], {"english": "x"}, {"en": 1}, {"en": OPERATOR}, {"$ne": "x"}]
LONG = [*WORD, "x" * (256 * 1024 + 1)]
SOURCE = [*WORD, "", "nobody", "0" * 24]
SEO = {"title": TEXT, "description": TEXT, "canonical_url": URL, "no_index": FLAG}
# Every field of every input with what it must not take; nested ones by their path.
INPUTS: dict[str, tuple[type[BaseModel], dict[str, list[Any]]]] = {
    "articles": (
        ArticleInput,
        {
            "title": TITLE,
            "slug": SLUG,
            "lang": LANG,
            "markdown": LONG,
            "excerpt": [*WORD, "x" * 2001],
            "author_slugs": [*TEXTS, ["nobody"]],
            "tag_slugs": [*TEXTS, ["!!!"]],
            "series": [*OBJECT, {"slug": "nowhere", "position": 1}],
            "translation_of": SOURCE,
            "featured": FLAG,
            "cover_id": IDENT,
            "seo": OBJECT,
        },
    ),
    "media": (
        MediaInput,
        {
            "name": [*WORD, "", " ", "x" * 121],
            "alt": [*LANGUAGES, {"en": "x" * 2001}],
            "caption": [*LANGUAGES, {"en": "x" * 2001}],
            "credit": [*TEXT, "x" * 301],
            "focal_point": OBJECT,
            "tags": [*TEXTS, ["x" * 61]],
        },
    ),
    "profiles": (
        ProfileInput,
        {
            "name": [*WORD, "", " ", "x" * 121],
            "slug": [*WORD, "", "A", "a.b"],
            "headline": [*TEXT, "x" * 301],
            "bio_markdown": [*WORD, "x" * (64 * 1024 + 1)],
            "lang": [*WORD, "", "english"],
            "location": [*TEXT, "x" * 121],
            "since": [*NUMBER, 1899, 2201],
            "avatar_id": IDENT,
            "links": OBJECTS,
            "skills": OBJECTS,
            "experience": OBJECTS,
            "education": OBJECTS,
            "volunteer": OBJECTS,
            "certificates": OBJECTS,
            "talks": OBJECTS,
            "publications": OBJECTS,
            "awards": OBJECTS,
            "languages": OBJECTS,
            "account_id": [*TEXT, "", "x", "a" * 23, "A" * 24, "a" * 25],
        },
    ),
    "pages": (
        PageInput,
        {
            "title": TITLE,
            "slug": SLUG,
            "lang": LANG,
            "markdown": LONG,
            "translation_of": SOURCE,
            "seo": OBJECT,
        },
    ),
    "projects": (
        ProjectInput,
        {
            "title": TITLE,
            "slug": SLUG,
            "lang": LANG,
            "summary": [*WORD, "x" * 2001],
            "markdown": LONG,
            "translation_of": SOURCE,
            "role": [*TEXT, "x" * 121],
            "project_status": [*TEXT, "", "published"],
            "started_on": DAY,
            "ended_on": DAY,
            "technologies": TEXTS,
            "links": OBJECTS,
            "featured": FLAG,
            "cover_id": IDENT,
            "gallery_ids": [*TEXTS, ["0" * 24], ["x"]],
            "position": [*NUMBER, 10**7],
        },
    ),
    "site": (
        SiteInput,
        {
            "title": [*WORD, "", "x" * 121],
            "description": [*WORD, "x" * 2001],
            "languages": [*TEXTS, [], ["en", "en"], ["english"]],
            "fallback_languages": [*TEXTS, ["en", "en"], ["english"]],
            "time_zone": [*WORD, "", "Mars/Olympus", "../../etc/passwd"],
            "navigation": OBJECTS,
            "social_links": OBJECTS,
            "seo": OBJECT,
            "url_patterns": [*OBJECT, *PATTERNS],
            "preview_url": URL,
            "colors": OBJECT,
            "checks": [*OBJECT, {"evil": "error"}, {"missing_alt": "loud"}, {"$ne": ""}],
        },
    ),
}
NESTED: dict[str, tuple[str, type[BaseModel], dict[str, Any], dict[str, list[Any]]]] = {
    # path: (resource, model, a good one, its fields)
    "seo": ("articles", SeoInput, {}, SEO),
    "series": (
        "articles",
        PlaceInput,
        {"slug": "karier", "position": 1},
        {"slug": [*WORD, ""], "position": NUMBER},
    ),
    "focal_point": (
        "media",
        FocalPointInput,
        {},
        {name: ["0.5", True, [], {}, OPERATOR, -0.1, 1.1, 10**30] for name in ("x", "y")},
    ),
    "links.0": (
        "profiles",
        ProfileLinkInput,
        {"url": "https://a.example"},
        {"kind": [*TEXT, "evil"], "url": URL, "label": TEXT},
    ),
    "skills.0": (
        "profiles",
        SkillInput,
        {"name": "Python"},
        {"name": [*WORD, ""], "level": TEXT, "keywords": TEXTS},
    ),
    "experience.0": (
        "profiles",
        ExperienceInput,
        {"organisation": "A", "role": "B", "start": "2014"},
        {
            "organisation": WORD,
            "role": WORD,
            "start": DATE,
            "end": DATE,
            "summary": WORD,
            "url": URL,
            "highlights": LINES,
        },
    ),
    "education.0": (
        "profiles",
        EducationInput,
        {"organisation": "A", "start": "2014"},
        {
            "organisation": WORD,
            "area": TEXT,
            "degree": TEXT,
            "start": DATE,
            "end": DATE,
            "url": URL,
            "score": TEXT,
            "courses": LINES,
        },
    ),
    "volunteer.0": (
        "profiles",
        VolunteerInput,
        {"organisation": "A"},
        {
            "organisation": WORD,
            "role": TEXT,
            "start": DATE,
            "end": DATE,
            "summary": WORD,
            "url": URL,
            "highlights": LINES,
        },
    ),
    "certificates.0": (
        "profiles",
        CertificateInput,
        {"name": "A"},
        {"name": WORD, "issuer": TEXT, "date": DATE, "url": URL},
    ),
    "talks.0": (
        "profiles",
        TalkInput,
        {"title": "A"},
        {"title": WORD, "event": TEXT, "date": DATE, "url": URL, "summary": WORD},
    ),
    "publications.0": (
        "profiles",
        PublicationInput,
        {"name": "A"},
        {"name": WORD, "publisher": TEXT, "date": DATE, "url": URL, "summary": WORD},
    ),
    "awards.0": (
        "profiles",
        AwardInput,
        {"title": "A"},
        {"title": WORD, "awarder": TEXT, "date": DATE, "summary": WORD},
    ),
    "languages.0": (
        "profiles",
        SpokenLanguageInput,
        {"language": "A"},
        {"language": WORD, "fluency": TEXT},
    ),
    "links.0 ": (
        "projects",
        ProjectLinkInput,
        {"url": "https://a.example"},
        {"kind": [*TEXT, "evil"], "url": URL},
    ),
    " seo": ("pages", PageSeoInput, {}, SEO),
    "navigation.0": (
        "site",
        LinkInput,
        {"label": "Home", "url": "/"},
        {"label": WORD, "url": [*URL, "", "a", "/\\evil.example"]},
    ),
    "social_links.0": (
        "site",
        SocialLinkInput,
        {"kind": "github", "url": "https://a.example"},
        {"kind": WORD, "url": URL, "label": TEXT},
    ),
    "colors": ("site", ColorsInput, {}, {"background": COLOR, "text": COLOR, "accent": COLOR}),
    "seo ": ("site", DefaultSeo, {}, {"title_suffix": TEXT, "description": TEXT}),
}
NEEDED: dict[str, dict[str, Any]] = {
    "articles": {"title": "T"},
    "pages": {"title": "T"},
    "projects": {"title": "T"},
    "profiles": {"name": "N"},
    "site": {},
}
