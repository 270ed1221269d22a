"""Addresses that inputs take, and those that they don't."""

import pytest
from pydantic import TypeAdapter, ValidationError

from cms.core.fields import HttpUrl

READS: TypeAdapter[str] = TypeAdapter(HttpUrl)


@pytest.mark.parametrize(
    "url",
    ["https://example.com", "http://127.0.0.1:8080/a?b=c#d", "https://[2001:db8::1]/",
     "https://medium.example/@rani", "https://example.com?at=@", "https://contoh.例え/jalan"],
)  # fmt: skip
def test_an_address_of_the_web_is_taken(url: str) -> None:
    assert READS.validate_python(url) == url


@pytest.mark.parametrize(
    "url",
    ["https://rani:secret@hooks.example/", "https://token@hooks.example", "https://@example.com/",
     "https://a:b@c@example.com/", "https:///example.com", "https://", "https://?a=b",
     "javascript:alert(1)", "https://a b.example/", "https://example.com\\@evil.example/"],
)  # fmt: skip
def test_one_with_a_password_or_none_at_all_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        READS.validate_python(url)
