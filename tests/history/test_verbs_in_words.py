"""Every verb that the audit log can hold has words in the admin, in both of its languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "admin_ui" / "src" / "features" / "audit" / "texts.ts"
# Verbs of a request, not of the log.
BULK = {"publish", "unpublish", "unschedule", "trash", "restore", "purge"}


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _places(trees: list[ast.Module]) -> dict[str, int]:
    """Where a call takes a verb: functions by their parameters, classes by their fields."""
    found = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [argument.arg for argument in node.args.args]
        elif isinstance(node, ast.ClassDef):
            fields = [part for part in node.body if isinstance(part, ast.AnnAssign)]
            names = [part.target.id for part in fields if isinstance(part.target, ast.Name)]
        else:
            continue
        if "verb" in names:
            found[node.name] = names.index("verb")
    return found


def _named(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def written_verbs() -> set[str]:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "cms").rglob("*.py")]
    places = _places(trees)
    found: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Assign):
            if any(isinstance(name, ast.Name) and name.id == "verb" for name in node.targets):
                found.update(_constants(node.value))
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "verb":
                    found.update(_constants(keyword.value))
            place = places.get(_named(node))
            if place is not None and len(node.args) > place:
                found.update(_constants(node.args[place]))
    return found - BULK


def test_every_verb_of_the_log_has_words_in_both_languages() -> None:
    verbs = written_verbs()
    # What finds them finds each way in which they are written.
    assert {"autosaved", "published", "resume_imported", "signed_in", "invited", "merged"} <= verbs
    said = re.findall(r"^ +verb_(\w+):", WORDS.read_text("utf-8"), re.MULTILINE)
    half = len(said) // 2
    for words in (said[:half], said[half:]):
        assert set(words) >= verbs
    # No words for what nobody writes.
    assert set(said) <= verbs
