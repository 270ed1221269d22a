"""Slugs are transliterated from any script, and never hold anything but letters and digits."""

import re
from itertools import islice

import pytest

from cms.core.slugs import MAX_LENGTH, PATTERN, candidates, slugify


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Apa itu backend developer?", "apa-itu-backend-developer"),
        ("Jum'at & Sabtu", "jumat-sabtu"),
        ("Ćevapi: straße, Øl, fiancée", "cevapi-strasse-ol-fiancee"),
        ("Привет, мир", "privet-mir"),
        ("Щедрий вечір", "shchedriy-vechir"),
        ("東京", "dong-jing"),
        ("数据库 API", "shu-ju-ku-api"),
        ("한국어", "han-gug-eo"),
        ("C++ 20.04", "c-20-04"),
        ("🌴", "palm-tree"),
        ("???", "untitled"),
        ("", "untitled"),
    ],
)
def test_a_title_of_any_script_becomes_a_slug(title: str, slug: str) -> None:
    assert slugify(title) == slug
    assert re.fullmatch(PATTERN, slug)


def test_a_long_title_is_cut_between_words() -> None:
    slug = slugify("word " * 100)
    assert len(slug) <= MAX_LENGTH
    assert set(slug.split("-")) == {"word"}
    assert len(slugify("x" * 500)) == MAX_LENGTH


def test_the_next_free_ones_stay_within_the_length() -> None:
    found = list(islice(candidates("x" * MAX_LENGTH), 12))
    assert found[1].endswith("-2")
    assert found[11].endswith("-12")
    assert {len(slug) for slug in found} == {MAX_LENGTH}
