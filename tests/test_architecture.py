"""The house's rules that no linter knows: who speaks to MongoDB, what a handler may answer."""

import ast
import inspect
import typing
from pathlib import Path
from typing import Any

import pytest
from beanie import Document
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from pydantic import BaseModel

from cms.accounts import schemas as accounts_schemas
from cms.articles import schemas as articles_schemas
from cms.contact import schemas as contact_schemas
from cms.core.shapes import Input, View
from cms.media import schemas as media_schemas
from cms.pages import schemas as pages_schemas
from cms.previews import schemas as previews_schemas
from cms.profiles import schemas as profiles_schemas
from cms.projects import schemas as projects_schemas
from cms.publishing import schemas as publishing_schemas
from cms.redirects import schemas as redirects_schemas
from cms.site import schemas as site_schemas
from cms.sync import schemas as sync_schemas
from cms.tags import schemas as tags_schemas
from cms.webhooks import schemas as webhooks_schemas

ROOT = Path(__file__).parents[1]
CMS = sorted((ROOT / "cms").rglob("*.py"))
SCHEMAS = [
    *(
        accounts_schemas,
        articles_schemas,
        media_schemas,
        pages_schemas,
        previews_schemas,
        profiles_schemas,
    ),
    *(projects_schemas, publishing_schemas, redirects_schemas, site_schemas, tags_schemas),
    *(sync_schemas, webhooks_schemas, contact_schemas),
]
# Who may name the driver beside `documents.py` files, and why.
SPEAKS_TO_MONGODB = {
    "cms/core/db.py": "makes the only client",
    "cms/core/migrating.py": "records migrations, holds their lock",
    "cms/core/problems.py": "names its errors to readers",
    "cms/core/writes.py": "hears of every write of this process",
    "cms/core/watching.py": "hears of every write elsewhere, for the cache",
    "cms/core/doctor.py": "asks for its version",
    "cms/terminal.py": "names its errors to the person at the terminal",
    "cms/cli.py": "names its errors to the person at the terminal",
    "cms/backup_commands.py": "is silent where another finding has named its error",
    "cms/publishing/relay.py": "waits for a database that is away",
}
DRIVERS = {"pymongo", "motor", "gridfs"}
QUERY_WORDS = {
    "find_one", "find_one_and_update", "aggregate", "insert_one", "insert_many", "update_one",
    "update_many", "delete_one", "delete_many", "replace_one", "bulk_write", "count_documents",
    "distinct", "get_pymongo_collection",
}  # fmt: skip


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _calls(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


@pytest.mark.parametrize("path", CMS, ids=_name)
def test_only_documents_speak_to_mongodb(path: Path) -> None:
    if path.name == "documents.py" or _name(path) in SPEAKS_TO_MONGODB:
        return
    drivers = {name for name in _imports(path) if name.split(".")[0] in DRIVERS}
    assert not drivers, f"{_name(path)} imports {drivers}: queries belong to documents.py"
    queries = _calls(path) & QUERY_WORDS
    assert not queries, f"{_name(path)} calls {queries}: queries belong to documents.py"


@pytest.mark.parametrize("path", CMS, ids=_name)
def test_only_app_and_cli_read_the_settings(path: Path) -> None:
    if _name(path) in {"cms/app.py", "cms/cli.py", "cms/config.py", "cms/terminal.py"}:
        return
    assert not {name for name in _imports(path) if name == "cms.config"}
    text = path.read_text(encoding="utf-8")
    if _name(path) != "cms/core/serving.py":  # hands the environment on to its children
        assert "os.environ" not in text
        assert "os.getenv" not in text


def test_tasks_are_ended_in_one_place() -> None:
    """Whoever cancels a task once and waits for it may wait for ever."""
    cancel = {_name(path) for path in CMS if "cancel" in _calls(path)}
    assert cancel == {"cms/core/ending.py"}


@pytest.mark.parametrize("path", [*CMS, *sorted((ROOT / "migrations").glob("*.py"))], ids=_name)
def test_every_module_has_a_sign_on_its_door_and_fits_a_screen_or_ten(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), f"{_name(path)} opens without a sentence"
    assert len(text.splitlines()) <= 400, f"{_name(path)} is longer than 400 lines"


def test_motor_is_imported_by_the_benchmark_alone() -> None:
    python = [*CMS, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    users = {
        _name(path)
        for path in python
        if any(name.split(".")[0] == "motor" for name in _imports(path))
    }
    assert users <= {"benchmarks/measured_client.py"}


def test_migrations_never_import_the_program() -> None:
    for path in (ROOT / "migrations").glob("*.py"):
        assert not {name for name in _imports(path) if name.split(".")[0] == "cms"}


def _handlers(app: Litestar) -> list[HTTPRouteHandler]:
    found = {
        id(handler): handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if isinstance(handler, HTTPRouteHandler)
    }
    return [item for item in found.values() if item.fn.__module__.startswith("cms.")]


def _mentions(annotation: Any) -> set[type]:
    """Every class inside an annotation, and inside the fields of the models among them."""
    seen: set[type] = set()
    todo = [annotation]
    while todo:
        item = todo.pop()
        todo.extend(typing.get_args(item))
        origin = typing.get_origin(item) or item
        if inspect.isclass(origin) and origin not in seen:
            seen.add(origin)
            if issubclass(origin, BaseModel):
                todo.extend(field.annotation for field in origin.model_fields.values())
    return seen


async def test_no_handler_answers_or_takes_a_document(served: Litestar) -> None:
    handlers = _handlers(served)
    assert len(handlers) > 25
    for handler in handlers:
        hints = typing.get_type_hints(handler.fn)
        for name, annotation in hints.items():
            documents = {item for item in _mentions(annotation) if issubclass(item, Document)}
            assert not documents, f"{handler.handler_name}: {name} is a Document {documents}"


@pytest.mark.parametrize("module", SCHEMAS, ids=lambda module: module.__name__)
def test_inputs_are_strict_and_closed_and_views_are_views(module: Any) -> None:
    models = [
        item
        for item in vars(module).values()
        if inspect.isclass(item)
        and issubclass(item, BaseModel)
        and item.__module__ == module.__name__
    ]
    assert models
    for model in models:
        assert model.model_config.get("extra") == "forbid", model
        if model.__name__.endswith("Input"):
            assert issubclass(model, Input)
            assert model.model_config.get("strict") is True
        elif issubclass(model, View) and model.__name__ != "DefaultSeo":
            assert model.model_config.get("strict") is None


# Fields that a view gets from elsewhere than its own projection.
JOINED = {
    "ArticleSummary": {"id", "cover", "authors", "tags", "series", "url", "html"},
    "ArticleView": {
        *("id", "cover", "authors", "tags", "series", "url", "json_ld", "translations"),
        *("previous", "next", "series_previous", "series_next", "related"),
    },
    "PageSummary": {"id", "url"},
    "SitePageView": {"id", "url", "translations"},
    "ProjectSummary": {"id", "cover", "gallery", "url"},
    "ProjectView": {"id", "cover", "gallery", "url", "og_image", "translations"},
    "ProfileSummary": {"avatar", "url"},
    "ProfileView": {"avatar", "url", "og_image", "json_ld"},
    "TagSummary": set(),
    "SeriesSummary": {"url"},
    "SeriesView": {"url"},
}


@pytest.mark.parametrize(
    "view",
    [
        articles_schemas.ArticleSummary,
        articles_schemas.ArticleView,
        pages_schemas.PageSummary,
        pages_schemas.SitePageView,
        projects_schemas.ProjectSummary,
        projects_schemas.ProjectView,
        profiles_schemas.ProfileSummary,
        profiles_schemas.ProfileView,
        tags_schemas.TagSummary,
        tags_schemas.SeriesSummary,
        tags_schemas.SeriesView,
    ],
)
def test_a_public_view_reads_exactly_its_own_fields(view: Any) -> None:
    # A projection may name parts of `live`, never all of it: that would hand out everything.
    assert set(view.PROJECTION) | JOINED[view.__name__] == set(view.model_fields)
    assert not {"live", "$live", "$working", "working"} & set(map(str, view.PROJECTION.values()))
    for source in view.PROJECTION.values():
        assert source == 1 or not str(source).startswith("$working")
