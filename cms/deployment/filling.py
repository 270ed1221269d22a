"""Templates beside this file, and how their `{names}` are filled in. Pure."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

TEMPLATES: Final = Path(__file__).parent / "templates"
# Nginx's own braces hold a blank or digits, Compose's variables are upper case.
NAME: Final = re.compile(r"\{([a-z][a-z_]*)\}")
# What may stand between quotes, in a path or an address of all three languages.
PLAIN: Final = re.compile(r"[A-Za-z0-9._~:/@\[\]+-]+")


class FillingRefused(Exception):
    """A value can't stand in a configuration; the message says which."""


def filled(template: str, values: Mapping[str, str]) -> str:
    """The text of a template; a name without a value is a mistake of ours (KeyError)."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    return NAME.sub(lambda found: values[found[1]], text)


def plain(what: str, value: str) -> str:
    """The value, if it has no letter that means something to who reads the file.

    Raises:
        FillingRefused: it has.
    """
    if not PLAIN.fullmatch(value):
        raise FillingRefused(f"{what} must hold letters, digits and ._~:/@+- alone: {value!r}")
    return value


def below(folder: str) -> list[str]:
    """The names of all templates in a folder."""
    return sorted(path.name for path in (TEMPLATES / folder).iterdir() if path.is_file())
