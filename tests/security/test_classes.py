"""The list of attacks is complete, and every test that it names is there."""

import ast
import json
import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CLASSES = 25


def rows() -> list[tuple[str, list[str], list[str]]]:
    """(class, its attacks, its controls), as the README tells them."""
    found = []
    for line in (HERE / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and "`test_" in line:
            name, attacks, controls = cells
            found.append(
                (name, re.findall(r"`([^`]+)`", attacks), re.findall(r"`([^`]+)`", controls))
            )
    return found


def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def test_every_class_has_an_attack_and_a_control() -> None:
    assert len(rows()) == CLASSES
    assert len({name for name, _, _ in rows()}) == CLASSES
    for name, attacks, controls in rows():
        assert attacks, name
        assert controls, name


def test_every_test_that_is_named_is_there() -> None:
    for name, attacks, controls in rows():
        for ident in attacks + controls:
            file, _, function = ident.partition("::")
            assert (HERE / file).is_file(), f"{name}: {file}"
            assert not function or function in functions_in(HERE / file), f"{name}: {ident}"
            assert (
                function or len([item for item in functions_in(HERE / file) if "test_" in item]) > 1
            )


def test_the_gate_runs_the_linters() -> None:
    """What no test can show: no `eval`, no shell, no guessable secret, no key in the repository."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    gate = makefile[makefile.index("\ncheck:") :].partition("\n\n")[0]
    for tool in ("ruff check", "mypy", "lint-imports", "bandit", "$(SEMGREP) --test",
                 "$(SEMGREP) scan", "detect-secrets-hook"):  # fmt: skip
        assert tool in gate, tool
    assert "make check" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    rules = (ROOT / "deploy/semgrep/rules.yaml").read_text(encoding="utf-8")
    fixtures = (ROOT / "deploy/semgrep/rules.py").read_text(encoding="utf-8")
    named = re.findall(r"- id: ([a-z-]+)", rules)
    assert {"request-shaped-query", "guessable-secret", "unescaped-text-in-regex"} <= set(named)
    for rule in named:
        assert f"ruleid: {rule}" in fixtures
        assert f"ok: {rule}" in fixtures


def test_every_lock_has_hashes() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text(encoding="utf-8")
        pinned = re.findall(r"^[a-z0-9_.-]+==[^ ]+", text, re.MULTILINE | re.IGNORECASE)
        assert pinned
        assert len(re.findall(r"--hash=sha256:", text)) >= len(pinned), lock.name
    for folder in ("admin_ui", "sdk", "examples/portfolio-react", "tests/security/recheck"):
        packages = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))
        for name, item in packages["packages"].items():
            is_ours = not name or item.get("link") or name == "../../sdk"
            assert is_ours or "integrity" in item or item.get("inBundle"), name
