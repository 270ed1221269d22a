"""The one permission table: who may do what, and which scopes a token can carry."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

Reach = Literal["own", "any"]


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    AUTHOR = "author"
    CONTRIBUTOR = "contributor"


class Permission(StrEnum):
    """Also the scopes of a bearer token, which may what its account and its scopes allow."""

    READ = "read"
    ARTICLES_WRITE = "articles:write"
    ARTICLES_PUBLISH = "articles:publish"
    ARTICLES_PURGE = "articles:purge"
    PROJECTS_WRITE = "projects:write"
    PROJECTS_PUBLISH = "projects:publish"
    PROJECTS_PURGE = "projects:purge"
    PAGES_WRITE = "pages:write"
    PAGES_PUBLISH = "pages:publish"
    PAGES_PURGE = "pages:purge"
    PROFILES_WRITE = "profiles:write"
    TAGS_WRITE = "tags:write"
    SITE_WRITE = "site:write"
    AUDIT_READ = "audit:read"
    WEBHOOKS_WRITE = "webhooks:write"


def _rules() -> Mapping[Role, Mapping[Permission, Reach]]:
    contributor: dict[Permission, Reach] = {
        Permission.READ: "own",
        Permission.ARTICLES_WRITE: "own",
    }
    author: dict[Permission, Reach] = {
        **contributor,
        Permission.ARTICLES_PUBLISH: "own",
        Permission.PROJECTS_WRITE: "own",
        Permission.PROJECTS_PUBLISH: "own",
        Permission.PROFILES_WRITE: "own",
    }
    editor: dict[Permission, Reach] = {
        Permission.READ: "any",
        Permission.ARTICLES_WRITE: "any",
        Permission.ARTICLES_PUBLISH: "any",
        Permission.PROJECTS_WRITE: "any",
        Permission.PROJECTS_PUBLISH: "any",
        Permission.PAGES_WRITE: "any",
        Permission.PAGES_PUBLISH: "any",
        Permission.PROFILES_WRITE: "any",
        Permission.TAGS_WRITE: "any",
    }
    admin: dict[Permission, Reach] = {
        **editor,
        Permission.ARTICLES_PURGE: "any",
        Permission.PROJECTS_PURGE: "any",
        Permission.PAGES_PURGE: "any",
        Permission.SITE_WRITE: "any",
        Permission.AUDIT_READ: "any",
        Permission.WEBHOOKS_WRITE: "any",
    }
    return {
        Role.OWNER: dict(admin),
        Role.ADMIN: admin,
        Role.EDITOR: editor,
        Role.AUTHOR: author,
        Role.CONTRIBUTOR: contributor,
    }


TABLE = _rules()


def implied(scopes: frozenset[Permission]) -> frozenset[Permission]:
    """Whoever may write may also look at what there is to write."""
    return scopes | {Permission.READ} if scopes else scopes
