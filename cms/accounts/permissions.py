"""The one permission table: who may do what, and which scopes a token can carry."""

from collections.abc import Mapping, Sequence
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
    MEDIA_WRITE = "media:write"
    TAGS_WRITE = "tags:write"
    SITE_WRITE = "site:write"
    AUDIT_READ = "audit:read"
    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    WEBHOOKS_WRITE = "webhooks:write"
    CONTACT_READ = "contact:read"
    CONTACT_WRITE = "contact:write"


# People are let in and out by people: no token carries these.
SESSION_ONLY = frozenset({Permission.ACCOUNTS_WRITE})


def _rules() -> Mapping[Role, Mapping[Permission, Reach]]:
    contributor: dict[Permission, Reach] = {
        Permission.READ: "own",
        Permission.ARTICLES_WRITE: "own",
        Permission.MEDIA_WRITE: "own",
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
        Permission.MEDIA_WRITE: "any",
        Permission.TAGS_WRITE: "any",
    }
    admin: dict[Permission, Reach] = {
        **editor,
        Permission.ARTICLES_PURGE: "any",
        Permission.PROJECTS_PURGE: "any",
        Permission.PAGES_PURGE: "any",
        Permission.SITE_WRITE: "any",
        Permission.AUDIT_READ: "any",
        Permission.ACCOUNTS_READ: "any",
        Permission.ACCOUNTS_WRITE: "any",
        Permission.WEBHOOKS_WRITE: "any",
        Permission.CONTACT_READ: "any",
        Permission.CONTACT_WRITE: "any",
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


def outranks(one: Role, other: Role) -> bool:
    """Whether `one` stands above `other`; nobody stands above themselves."""
    order = list(Role)
    return order.index(one) < order.index(other)


def may_hand_out(giver: Role, role: Role) -> bool:
    """A role can be given by whoever has it or stands above it and keeps accounts at all."""
    return Permission.ACCOUNTS_WRITE in TABLE[giver] and not outranks(role, giver)


def may_manage(manager: Role, managed: Role) -> bool:
    """Owners keep everybody's account, admins those of whoever stands below them."""
    if Permission.ACCOUNTS_WRITE not in TABLE[manager]:
        return False
    return manager is Role.OWNER or outranks(manager, managed)


def as_markdown() -> str:
    """The table as `docs/permissions.md` prints it."""
    roles = list(Role)
    head = ["Permission", *roles]
    lines = [
        "# Who may do what",
        "",
        (
            "This page is printed from the table that the program itself reads"
            " (`cms account permissions`); a test compares the two."
        ),
        "",
        "`any`: of everybody's. `own`: of one's own. `-`: not at all.",
        "",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
    ]
    for permission in Permission:
        reaches = [TABLE[role].get(permission, "-") for role in roles]
        lines.append(f"| `{permission}` | " + " | ".join(reaches) + " |")
    handed = [(role, [item for item in roles if may_hand_out(role, item)]) for role in roles]
    managed = [(role, [item for item in roles if may_manage(role, item)]) for role in roles]
    lines += [
        "",
        "Each permission is also a scope of bearer tokens, which may do what both the scope and"
        " the role of their account allow, and nothing once the account is disabled. Only "
        + ", ".join(f"`{item}`" for item in sorted(SESSION_ONLY))
        + " is no scope: people are let in and out by people.",
        "",
        "## Who keeps whose account",
        "",
        *(f"- `{role}` invites: {_listed(found)}" for role, found in handed),
        *(f"- `{role}` disables, changes, resets: {_listed(found)}" for role, found in managed),
        "- Transfer of ownership and erasure of a person are the owner's alone.",
        (
            "- Nobody changes their own role or disables themselves, and the last owner can't be"
            " demoted, disabled or erased."
        ),
        "",
        (
            "These, and making tokens, changing the e-mail address and the second factor, ask for"
            " the password again when it was typed longer than ten minutes ago."
        ),
        "",
    ]
    return "\n".join(lines)


def _listed(roles: Sequence[Role]) -> str:
    return ", ".join(f"`{role}`" for role in roles) or "nobody"
