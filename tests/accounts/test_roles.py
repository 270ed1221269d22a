"""Who may do what: every admin route by every role, and every verb of an article by whose it is.

The tables are written by hand and compared with the program; a route that stands in none of them
fails here, and so does a status that changed.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from cms.accounts.permissions import SESSION_ONLY, Permission, Role
from cms.core.db import Database
from tests import make
from tests.accounts import tables
from tests.accounts.signing import ADMIN, NO_HASH, bearer

ROLES = ["owner", "admin", "editor", "author", "contributor"]

# Status by role, in the order of ROLES. `{…}` is an id or slug that is there.
ROUTES = """
GET    /session                       200 200 200 200 200
DELETE /session                       204 204 204 204 204
GET    /tokens                        200 200 200 200 200
POST   /tokens                        403 403 403 403 403
DELETE /tokens/{token}                403 403 403 403 403
GET    /site                          200 200 200 200 200
PATCH  /site                          200 200 403 403 403
GET    /tags                          200 200 200 200 200
POST   /tags                          201 201 201 403 403
GET    /tags/{tag}                    200 200 200 200 200
PATCH  /tags/{tag}                    200 200 200 403 403
GET    /tags/{tag}/usage              200 200 200 403 403
POST   /tags/{tag}/merge              200 200 200 403 403
DELETE /tags/{tag}                    204 204 204 403 403
GET    /media                         200 200 200 200 200
POST   /media                         201 201 201 201 201
GET    /media/storage                 200 200 200 200 200
GET    /series                        200 200 200 200 200
POST   /series                        201 201 201 403 403
GET    /series/{tag}                  200 200 200 200 200
PATCH  /series/{tag}                  200 200 200 403 403
GET    /series/{tag}/usage            200 200 200 403 403
DELETE /series/{tag}                  204 204 204 403 403
GET    /profiles                      200 200 200 200 200
POST   /profiles                      201 201 201 403 403
GET    /profiles/{profile}            200 200 200 200 200
PATCH  /profiles/{profile}            200 200 200 403 403
POST   /profiles/{profile}/publish    200 200 200 403 403
POST   /profiles/{profile}/unpublish  200 200 200 403 403
GET    /profiles/{profile}/usage      200 200 200 403 403
DELETE /profiles/{profile}            204 204 204 403 403
POST   /profiles/import-resume        201 201 201 403 403
POST   /profiles/{profile}/import-resume                  200 200 200 403 403
GET    /profiles/{profile}/revisions                      200 200 200 200 200
GET    /profiles/{profile}/revisions/{number}             200 200 200 200 200
GET    /profiles/{profile}/revisions/{number}/diff        200 200 200 200 200
POST   /profiles/{profile}/revisions/{number}/restore     200 200 200 403 403
POST   /render                        200 200 200 200 200
GET    /articles                      200 200 200 200 200
POST   /articles                      201 201 201 201 201
POST   /articles/bulk                 200 200 200 200 200
GET    /projects                      200 200 200 200 200
POST   /projects                      201 201 201 201 403
POST   /projects/bulk                 200 200 200 200 200
GET    /pages                         200 200 200 200 200
POST   /pages                         201 201 201 403 403
POST   /pages/bulk                    200 200 200 200 200
GET    /audit                         200 200 403 403 403
GET    /redirects                     200 200 200 200 200
GET    /redirects/export              200 200 200 200 200
POST   /redirects                     201 201 403 403 403
GET    /redirects/{redirect}          200 200 200 200 200
PATCH  /redirects/{redirect}          200 200 403 403 403
DELETE /redirects/{redirect}          204 204 403 403 403
GET    /webhooks                      200 200 403 403 403
POST   /webhooks                      201 201 403 403 403
GET    /webhooks/{webhook}            200 200 403 403 403
PATCH  /webhooks/{webhook}            200 200 403 403 403
DELETE /webhooks/{webhook}            204 204 403 403 403
POST   /webhooks/{webhook}/test       202 202 403 403 403
POST   /webhooks/{webhook}/rotate-secret                  200 200 403 403 403
GET    /webhooks/{webhook}/deliveries                     200 200 403 403 403
POST   /webhooks/{webhook}/deliveries/{delivery}/redeliver  202 202 403 403 403
GET    /contact                       200 200 403 403 403
GET    /contact/{message}             200 200 403 403 403
PATCH  /contact/{message}             200 200 403 403 403
DELETE /contact/{message}             204 204 403 403 403
POST   /contact/erase                 200 200 403 403 403
"""

# An article in some state, one's own or another's; what is not one's to see is not there (404).
VERBS = """
own   draft     GET    /articles/{article}                200 200 200 200 200
own   draft     PATCH  /articles/{article}                200 200 200 200 200
own   draft     POST   /articles/{article}/publish        200 200 200 200 403
own   draft     DELETE /articles/{article}                200 200 200 200 200
own   draft     POST   /articles/{article}/purge          409 409 403 403 403
own   live      GET    /articles/{article}                200 200 200 200 200
own   live      PATCH  /articles/{article}                200 200 200 200 403
own   live      POST   /articles/{article}/publish        200 200 200 200 403
own   live      POST   /articles/{article}/unpublish      200 200 200 200 403
own   planned   POST   /articles/{article}/unschedule     200 200 200 200 403
own   live      POST   /articles/{article}/unschedule     409 409 409 409 403
own   live      POST   /articles/{article}/discard-draft  200 200 200 200 403
own   live      DELETE /articles/{article}                200 200 200 200 403
own   trashed   GET    /articles/{article}                200 200 200 200 200
own   trashed   POST   /articles/{article}/restore        200 200 200 200 200
own   trashed   POST   /articles/{article}/purge          204 204 403 403 403
other draft     GET    /articles/{article}                200 200 200 404 404
other draft     PATCH  /articles/{article}                200 200 200 404 404
other draft     POST   /articles/{article}/publish        200 200 200 404 404
other draft     DELETE /articles/{article}                200 200 200 404 404
other live      GET    /articles/{article}                200 200 200 404 404
other live      PATCH  /articles/{article}                200 200 200 404 404
other live      POST   /articles/{article}/unpublish      200 200 200 404 404
other planned   POST   /articles/{article}/unschedule     200 200 200 404 404
other live      POST   /articles/{article}/discard-draft  200 200 200 404 404
other live      DELETE /articles/{article}                200 200 200 404 404
other trashed   GET    /articles/{article}                200 200 200 404 404
other trashed   POST   /articles/{article}/restore        200 200 200 404 404
other trashed   POST   /articles/{article}/purge          204 204 403 404 404
own   draft     PATCH  /articles/{article}/autosave                    200 200 200 200 200
own   live      PATCH  /articles/{article}/autosave                    200 200 200 200 403
other draft     PATCH  /articles/{article}/autosave                    200 200 200 404 404
own   draft     POST   /articles/{article}/duplicate                   201 201 201 201 201
other live      POST   /articles/{article}/duplicate                   201 201 201 404 404
own   draft     GET    /articles/{article}/revisions                   200 200 200 200 200
other draft     GET    /articles/{article}/revisions                   200 200 200 404 404
own   draft     GET    /articles/{article}/revisions/{number}          200 200 200 200 200
other draft     GET    /articles/{article}/revisions/{number}          200 200 200 404 404
own   draft     GET    /articles/{article}/revisions/{number}/diff     200 200 200 200 200
other draft     GET    /articles/{article}/revisions/{number}/diff     200 200 200 404 404
own   draft     POST   /articles/{article}/revisions/{number}/restore  200 200 200 200 200
own   live      POST   /articles/{article}/revisions/{number}/restore  200 200 200 200 403
other draft     POST   /articles/{article}/revisions/{number}/restore  200 200 200 404 404
own   draft     GET    /articles/{article}/checks                      200 200 200 200 200
other draft     GET    /articles/{article}/checks                      200 200 200 404 404
own   draft     GET    /articles/{article}/preview-links               200 200 200 200 200
other draft     GET    /articles/{article}/preview-links               200 200 200 404 404
own   draft     POST   /articles/{article}/preview-links               201 201 201 201 201
own   live      POST   /articles/{article}/preview-links               201 201 201 201 201
own   trashed   POST   /articles/{article}/preview-links               409 409 409 409 409
other draft     POST   /articles/{article}/preview-links               201 201 201 404 404
own   draft     DELETE /articles/{article}/preview-links/{link}        204 204 204 204 204
other draft     DELETE /articles/{article}/preview-links/{link}        204 204 204 404 404
own   draft     POST   /articles/{article}/pull-images                 200 200 200 200 200
own   live      POST   /articles/{article}/pull-images                 200 200 200 200 403
own   trashed   POST   /articles/{article}/pull-images                 409 409 409 409 409
other draft     POST   /articles/{article}/pull-images                 200 200 200 404 404
own   draft     GET    /articles/{article}/translations                200 200 200 200 200
other draft     GET    /articles/{article}/translations                200 200 200 404 404
own   translation POST /articles/{article}/confirm-translation         200 200 200 200 200
own   draft     POST   /articles/{article}/confirm-translation         409 409 409 409 409
other translation POST /articles/{article}/confirm-translation         200 200 200 404 404
nobody draft    GET    /articles/{article}                200 200 200 404 404
nobody draft    PATCH  /articles/{article}                200 200 200 404 404
"""

# The same of projects, which authors have of their own, and of pages, which only editors write.
VERBS_OF_OTHERS = """
own   draft     GET    /projects/{project}/checks                       200 200 200 200 200
own   draft     GET    /projects/{project}/preview-links                200 200 200 200 200
own   draft     POST   /projects/{project}/preview-links                201 201 201 201 403
own   draft     DELETE /projects/{project}/preview-links/{link}         204 204 204 204 403
own   planned   POST   /projects/{project}/unschedule                   200 200 200 200 403
own   draft     POST   /projects/{project}/unschedule                   409 409 409 409 403
other draft     GET    /projects/{project}/checks                       200 200 200 404 404
other draft     GET    /projects/{project}/preview-links                200 200 200 404 404
other draft     POST   /projects/{project}/preview-links                201 201 201 404 404
other draft     DELETE /projects/{project}/preview-links/{link}         204 204 204 404 404
other planned   POST   /projects/{project}/unschedule                   200 200 200 404 404
own   draft     GET    /projects/{project}                              200 200 200 200 200
own   draft     PATCH  /projects/{project}                              200 200 200 200 403
own   draft     PATCH  /projects/{project}/autosave                     200 200 200 200 403
own   draft     POST   /projects/{project}/publish                      200 200 200 200 403
own   draft     DELETE /projects/{project}                              200 200 200 200 403
own   draft     POST   /projects/{project}/purge                        409 409 403 403 403
own   draft     POST   /projects/{project}/duplicate                    201 201 201 201 403
own   live      PATCH  /projects/{project}                              200 200 200 200 403
own   live      POST   /projects/{project}/unpublish                    200 200 200 200 403
own   live      POST   /projects/{project}/discard-draft                200 200 200 200 403
own   live      DELETE /projects/{project}                              200 200 200 200 403
own   trashed   POST   /projects/{project}/restore                      200 200 200 200 403
own   trashed   POST   /projects/{project}/purge                        204 204 403 403 403
own   draft     GET    /projects/{project}/revisions                    200 200 200 200 200
own   draft     GET    /projects/{project}/revisions/{number}           200 200 200 200 200
own   draft     GET    /projects/{project}/revisions/{number}/diff      200 200 200 200 200
own   draft     POST   /projects/{project}/revisions/{number}/restore   200 200 200 200 403
other draft     GET    /projects/{project}                              200 200 200 404 404
other draft     PATCH  /projects/{project}                              200 200 200 404 404
other draft     PATCH  /projects/{project}/autosave                     200 200 200 404 404
other draft     POST   /projects/{project}/publish                      200 200 200 404 404
other draft     DELETE /projects/{project}                              200 200 200 404 404
other live      POST   /projects/{project}/unpublish                    200 200 200 404 404
other live      POST   /projects/{project}/discard-draft                200 200 200 404 404
other live      POST   /projects/{project}/duplicate                    201 201 201 404 403
other trashed   POST   /projects/{project}/restore                      200 200 200 404 404
other trashed   POST   /projects/{project}/purge                        204 204 403 404 404
other draft     GET    /projects/{project}/revisions                    200 200 200 404 404
other draft     GET    /projects/{project}/revisions/{number}           200 200 200 404 404
other draft     GET    /projects/{project}/revisions/{number}/diff      200 200 200 404 404
other draft     POST   /projects/{project}/revisions/{number}/restore   200 200 200 404 404
own   draft     GET    /projects/{project}/translations                  200 200 200 200 200
other draft     GET    /projects/{project}/translations                  200 200 200 404 404
own   translation POST   /projects/{project}/confirm-translation           200 200 200 200 403
own   draft     POST   /projects/{project}/confirm-translation           409 409 409 409 403
other translation POST   /projects/{project}/confirm-translation           200 200 200 404 404
own   draft     GET    /pages/{page}/translations                        200 200 200 200 200
other draft     GET    /pages/{page}/translations                        200 200 200 404 404
own   translation POST   /pages/{page}/confirm-translation                 200 200 200 403 403
own   draft     POST   /pages/{page}/confirm-translation                 409 409 409 403 403
other translation POST   /pages/{page}/confirm-translation                 200 200 200 404 404
own   draft     GET    /pages/{page}/checks                             200 200 200 200 200
own   draft     GET    /pages/{page}/preview-links                      200 200 200 200 200
own   draft     POST   /pages/{page}/preview-links                      201 201 201 403 403
own   draft     DELETE /pages/{page}/preview-links/{link}               204 204 204 403 403
own   planned   POST   /pages/{page}/unschedule                         200 200 200 403 403
own   draft     POST   /pages/{page}/unschedule                         409 409 409 403 403
other draft     GET    /pages/{page}/checks                             200 200 200 404 404
other draft     GET    /pages/{page}/preview-links                      200 200 200 404 404
other draft     POST   /pages/{page}/preview-links                      201 201 201 404 404
other draft     DELETE /pages/{page}/preview-links/{link}               204 204 204 404 404
other planned   POST   /pages/{page}/unschedule                         200 200 200 404 404
own   item      GET    /media/{media}                                   200 200 200 200 200
own   item      PATCH  /media/{media}                                   200 200 200 200 200
own   item      POST   /media/{media}/replace                           200 200 200 200 200
own   item      GET    /media/{media}/usage                             200 200 200 200 200
own   item      DELETE /media/{media}                                   204 204 204 204 204
other item      GET    /media/{media}                                   200 200 200 404 404
other item      PATCH  /media/{media}                                   200 200 200 404 404
other item      POST   /media/{media}/replace                           200 200 200 404 404
other item      GET    /media/{media}/usage                             200 200 200 404 404
other item      DELETE /media/{media}                                   204 204 204 404 404
own   draft     GET    /pages/{page}                                    200 200 200 200 200
own   draft     PATCH  /pages/{page}                                    200 200 200 403 403
own   draft     PATCH  /pages/{page}/autosave                           200 200 200 403 403
own   draft     POST   /pages/{page}/publish                            200 200 200 403 403
own   draft     DELETE /pages/{page}                                    200 200 200 403 403
own   draft     POST   /pages/{page}/purge                              409 409 403 403 403
own   draft     POST   /pages/{page}/duplicate                          201 201 201 403 403
own   live      PATCH  /pages/{page}                                    200 200 200 403 403
own   live      POST   /pages/{page}/unpublish                          200 200 200 403 403
own   live      POST   /pages/{page}/discard-draft                      200 200 200 403 403
own   live      DELETE /pages/{page}                                    200 200 200 403 403
own   trashed   POST   /pages/{page}/restore                            200 200 200 403 403
own   trashed   POST   /pages/{page}/purge                              204 204 403 403 403
own   draft     GET    /pages/{page}/revisions                          200 200 200 200 200
own   draft     GET    /pages/{page}/revisions/{number}                 200 200 200 200 200
own   draft     GET    /pages/{page}/revisions/{number}/diff            200 200 200 200 200
own   draft     POST   /pages/{page}/revisions/{number}/restore         200 200 200 403 403
other draft     GET    /pages/{page}                                    200 200 200 404 404
other draft     PATCH  /pages/{page}                                    200 200 200 404 404
other draft     PATCH  /pages/{page}/autosave                           200 200 200 404 404
other draft     POST   /pages/{page}/publish                            200 200 200 404 404
other draft     DELETE /pages/{page}                                    200 200 200 404 404
other live      POST   /pages/{page}/unpublish                          200 200 200 404 404
other live      POST   /pages/{page}/discard-draft                      200 200 200 404 404
other live      POST   /pages/{page}/duplicate                          201 201 201 403 403
other trashed   POST   /pages/{page}/restore                            200 200 200 404 404
other trashed   POST   /pages/{page}/purge                              204 204 403 404 404
other draft     GET    /pages/{page}/revisions                          200 200 200 404 404
other draft     GET    /pages/{page}/revisions/{number}                 200 200 200 404 404
other draft     GET    /pages/{page}/revisions/{number}/diff            200 200 200 404 404
other draft     POST   /pages/{page}/revisions/{number}/restore         200 200 200 404 404
"""

# Which one scope each write needs; with `read` alone it is 403 and names it.
SCOPES = """
POST   /webhooks                           webhooks:write
PATCH  /webhooks/{webhook}                 webhooks:write
DELETE /webhooks/{webhook}                 webhooks:write
POST   /webhooks/{webhook}/test            webhooks:write
POST   /webhooks/{webhook}/rotate-secret   webhooks:write
POST   /webhooks/{webhook}/deliveries/{delivery}/redeliver  webhooks:write
PATCH  /contact/{message}                  contact:write
DELETE /contact/{message}                  contact:write
POST   /contact/erase                      contact:write
PATCH  /site                               site:write
POST   /tags                               tags:write
PATCH  /tags/{tag}                         tags:write
POST   /tags/{tag}/merge                   tags:write
DELETE /tags/{tag}                         tags:write
POST   /media                              media:write
PATCH  /media/{media}                      media:write
POST   /media/{media}/replace              media:write
DELETE /media/{media}                      media:write
POST   /series                             tags:write
PATCH  /series/{tag}                       tags:write
DELETE /series/{tag}                       tags:write
POST   /profiles                           profiles:write
PATCH  /profiles/{profile}                 profiles:write
POST   /profiles/{profile}/publish         profiles:write
POST   /profiles/{profile}/unpublish       profiles:write
DELETE /profiles/{profile}                 profiles:write
POST   /profiles/import-resume             profiles:write
POST   /profiles/{profile}/import-resume   profiles:write
POST   /profiles/{profile}/revisions/{number}/restore  profiles:write
POST   /articles                           articles:write
PATCH  /articles/{article}                 articles:write
PATCH  /articles/{article}/autosave        articles:write
POST   /articles/{article}/duplicate       articles:write
POST   /articles/{article}/confirm-translation  articles:write
POST   /articles/{article}/revisions/{number}/restore  articles:write
DELETE /articles/{article}                 articles:write
POST   /articles/{article}/discard-draft   articles:write
POST   /articles/{article}/restore         articles:write
POST   /articles/{article}/unschedule      articles:publish
POST   /articles/{article}/publish         articles:publish
POST   /articles/{article}/unpublish       articles:publish
POST   /articles/{article}/purge           articles:purge
POST   /articles/{article}/preview-links           articles:write
DELETE /articles/{article}/preview-links/{link}    articles:write
POST   /redirects                          site:write
PATCH  /redirects/{redirect}               site:write
DELETE /redirects/{redirect}               site:write
POST   /projects                                        projects:write
PATCH  /projects/{project}                              projects:write
PATCH  /projects/{project}/autosave                     projects:write
POST   /projects/{project}/duplicate                    projects:write
POST   /projects/{project}/revisions/{number}/restore   projects:write
DELETE /projects/{project}                              projects:write
POST   /projects/{project}/discard-draft                projects:write
POST   /projects/{project}/restore                      projects:write
POST   /projects/{project}/preview-links          projects:write
DELETE /projects/{project}/preview-links/{link}   projects:write
POST   /projects/{project}/confirm-translation         projects:write
POST   /projects/{project}/unschedule             projects:publish
POST   /projects/{project}/publish                      projects:publish
POST   /projects/{project}/unpublish                    projects:publish
POST   /projects/{project}/purge                        projects:purge
POST   /pages                                           pages:write
PATCH  /pages/{page}                                    pages:write
PATCH  /pages/{page}/autosave                           pages:write
POST   /pages/{page}/duplicate                          pages:write
POST   /pages/{page}/revisions/{number}/restore         pages:write
DELETE /pages/{page}                                    pages:write
POST   /pages/{page}/discard-draft                      pages:write
POST   /pages/{page}/restore                            pages:write
POST   /pages/{page}/preview-links          pages:write
DELETE /pages/{page}/preview-links/{link}   pages:write
POST   /pages/{page}/confirm-translation               pages:write
POST   /pages/{page}/unschedule             pages:publish
POST   /pages/{page}/publish                            pages:publish
POST   /pages/{page}/unpublish                          pages:publish
POST   /pages/{page}/purge                              pages:purge
"""

BODIES: dict[str, Any] = {
    "POST /tokens": {"name": "x", "scopes": ["read"]},
    "PATCH /site": {"title": "Mine"},
    "POST /tags": {"name": "Basis Data"},
    "PATCH /tags/{tag}": {"name": "Databases"},
    "POST /tags/{tag}/merge": {"into": "other"},
    "POST /series": {"title": "Mine"},
    "PATCH /series/{tag}": {"title": "Changed"},
    "POST /profiles": {"name": "Rani"},
    "POST /profiles/import-resume": {"basics": {"name": "Rani"}},
    "POST /profiles/{profile}/import-resume": {"basics": {"name": "Rani"}},
    "PATCH /profiles/{profile}": {"headline": "Writer"},
    "PATCH /media/{media}": {"credit": "Rani"},
    "POST /redirects": {"from_path": "/older", "to": "/new"},
    "PATCH /redirects/{redirect}": {"status": 302},
    "POST /webhooks": {"name": "Build", "url": "https://hooks.example.com/"},
    "PATCH /webhooks/{webhook}": {"name": "Deploy"},
    "PATCH /contact/{message}": {"is_read": True},
    "POST /contact/erase": {"email": "budi@example.com"},
    "POST /render": {"markdown": "*x*"},
    "POST /articles": {"title": "Mine"},
    "PATCH /articles/{article}": {"title": "Changed"},
    "PATCH /articles/{article}/autosave": {"title": "Changed"},
    "POST /projects": {"title": "Mine"},
    "PATCH /projects/{project}": {"title": "Changed"},
    "PATCH /projects/{project}/autosave": {"title": "Changed"},
    "POST /pages": {"title": "Mine"},
    "PATCH /pages/{page}": {"title": "Changed"},
    "PATCH /pages/{page}/autosave": {"title": "Changed"},
}
# Here every item is let through or not by itself: `tests/publishing/test_bulk.py`.
BULK = {f"POST /{kinds}/bulk" for kinds in ("articles", "projects", "pages")}
BODIES |= {name: {"verb": "trash", "items": [{"id": "a" * 24, "revision": 1}]} for name in BULK}
BODIES |= tables.BODIES
ROUTES += tables.BY_TOKEN
OPEN_DOORS = tables.OPEN_DOORS
_rows = tables.rows


@dataclass
class World:
    """What is there to be acted upon, made by the owner, and who tries."""

    owner: httpx.AsyncClient
    reader: httpx.AsyncClient
    database: Database
    there: dict[str, str] = field(default_factory=dict)
    revision: int = 1
    lent: tuple[str, dict[str, Any]] = ("", {})

    async def furnish(self, path: str = "") -> None:
        """Whatever any role may try itself on (there, or anywhere), and an untouched site."""
        self.revision = 1
        for name in ("tags", "series", "profiles", "site", "redirects", "webhooks"):
            await self.database[name].delete_many({})
        self.there["tag"] = "python"
        room = path.split("/")[1] if path else ""
        for name, furnish in (
            ("profiles", self._profile),
            ("tags", self._tags),
            ("redirects", self._redirect),
            ("webhooks", self._webhook),
            ("contact", self._message),
        ):
            if room in {"", name}:
                await furnish()
        if room in {"", "series"}:
            await make.series(self.owner, title="Python")

    async def _profile(self) -> None:
        self.there["profile"] = (await make.profile(self.owner, name="Sari"))["id"]

    async def _tags(self) -> None:
        for name in ("Python", "Other"):
            await self.owner.post(f"{ADMIN}/tags", json={"name": name})

    async def _redirect(self) -> None:
        data = {"from_path": "/old", "to": "/new"}
        redirect = await self.owner.post(f"{ADMIN}/redirects", json=data)
        self.there["redirect"] = redirect.json()["id"]

    async def _webhook(self) -> None:
        hook = await self.owner.post(f"{ADMIN}/webhooks", json=BODIES["POST /webhooks"])
        self.there["webhook"] = hook.json()["id"]
        sent = await self.owner.post(f"{ADMIN}/webhooks/{hook.json()['id']}/test")
        self.there["delivery"] = sent.json()["id"]
        await self.database["webhook_deliveries"].update_many({}, {"$set": {"state": "failed"}})

    async def _message(self) -> None:
        await self.database["contact_messages"].delete_many({})
        self.there["message"] = await make.message()

    async def item(self, path: str, state: str, owner_id: Any) -> None:
        """An article, a project or a page, by what the path is about."""
        kinds = path.split("/")[1]
        if kinds == "media":
            made = await make.media(self.owner)
            self.there["media"], self.revision = made["id"], made["revision"]
            self.lent = (kinds, {"ref": made["id"]})
            await self.hand_to(owner_id)
            return
        more = {}
        if state == "translation":
            source = await make.draft(self.owner, kinds, lang="id")
            more = {"translation_of": source["id"]}
        made = await make.draft(self.owner, kinds, markdown="Some *text*.\n", **more)
        if state in {"live", "planned"}:
            at = {"at": "2999-01-01T00:00:00Z"} if state == "planned" else None
            made = await make.verb(self.owner, made, "publish", at, kinds)
        if state == "trashed":
            at_it = f"{ADMIN}/{kinds}/{made['id']}"
            made = (await self.owner.delete(at_it, headers=make.if_match(made))).json()
        self.there[kinds[:-1]] = made["id"]
        self.revision = made["revision"]
        self.lent = (kinds, {"slugs": made["slug"]})
        await self.hand_to(owner_id)
        if state != "trashed" and "preview-links" in path:
            link = await self.owner.post(f"{ADMIN}/{kinds}/{made['id']}/preview-links")
            self.there["link"] = link.json()["id"]

    async def hand_to(self, owner_id: Any) -> None:
        """Make the last item somebody's own."""
        kinds, which = self.lent
        await self.database[kinds].update_one(which, {"$set": {"owner_id": owner_id}})

    async def send(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        data = BODIES.get(f"{method} {path}")
        revision = 0 if path == "/site" else self.revision
        files = {"file": ("a.txt", make.text(), "text/plain")} if method == "POST" else None
        sent: dict[str, Any] = {"json": data}
        if path in {"/media", "/media/{media}/replace"}:
            sent = {"files": files}
        for kind in re.findall(r"{([a-z]+)}", path.replace("{number}", "")):
            path = path.replace(f"{{{kind}}}", self.there.get(kind, "a" * 24))
        path = path.replace("{number}", "1") + ("?to=1" if path.endswith("/diff") else "")
        path += "?format=nginx" if path.endswith("/export") else ""
        headers = {"If-Match": f'"{revision}"', **headers}
        return await self.reader.request(method, ADMIN + path, headers=headers, **sent)


@pytest.fixture
def world(owner: httpx.AsyncClient, reader: httpx.AsyncClient, database: Database) -> World:
    owner.event_hooks = {"response": []}  # that answers are as told is shown through `reader`
    return World(owner, reader, database)


async def _acting(role: str, *scopes: Permission) -> tuple[Any, dict[str, str]]:
    account = await make.account(role=Role(role), password_hash=NO_HASH)
    return account.id, bearer(await make.token(account, *scopes))


async def test_every_admin_route_stands_in_the_tables(served: Litestar) -> None:
    said = {f"{row[0]} {row[1]}" for row in _rows(ROUTES)}
    said |= {f"{row[2]} {row[3]}" for row in _rows(VERBS + VERBS_OF_OTHERS)} | OPEN_DOORS
    names = {"token_id": "token", "slug": "tag", "profile_id": "profile"}
    names |= {"media_id": "media", "redirect_id": "redirect", "link_id": "link"}
    names |= {"account_id": "account"}
    names |= {"session_id": "session", "invitation_id": "invitation"}
    names |= {"webhook_id": "webhook", "delivery_id": "delivery", "message_id": "message"}
    found = set()
    for route in served.routes:
        if isinstance(route, HTTPRoute) and route.path_format.startswith(ADMIN):
            path = route.path_format.removeprefix(ADMIN)
            path = path.replace("{item_id}", f"{{{path.split('/')[1].removesuffix('s')}}}")
            for parameter, name in names.items():
                path = path.replace(f"{{{parameter}}}", f"{{{name}}}")
            found |= {f"{method} {path}" for method in route.methods if method != "OPTIONS"}
    assert found == said
    scoped = {f"{row[0]} {row[1]}" for row in _rows(SCOPES)}
    unscoped = {"DELETE /session", "POST /tokens", "DELETE /tokens/{token}", "POST /render"}
    unscoped |= {f"{row[0]} {row[1]}" for row in _rows(tables.BY_TOKEN) if row[0] != "GET"}
    unscoped.add("POST /articles/{article}/pull-images")  # two: `tests/media/test_pulling.py`
    assert scoped | unscoped | BULK | OPEN_DOORS == {name for name in said if name[:3] != "GET"}


@pytest.mark.parametrize("row", _rows(ROUTES), ids=" ".join)
async def test_a_route_lets_each_role_do_what_the_table_says(world: World, row: list[str]) -> None:
    method, path, *expected = row
    found, is_changed = [], True
    for role in ROLES:
        if is_changed:
            await world.furnish(path)
        me, headers = await _acting(role)
        world.there["account"] = str(me)
        answer = await world.send(method, path, headers)
        found.append(str(answer.status_code))
        is_changed = method != "GET" and answer.is_success
    assert found == expected


@pytest.mark.parametrize("row", _rows(VERBS + VERBS_OF_OTHERS), ids=" ".join)
async def test_a_verb_lets_each_role_do_what_the_table_says(world: World, row: list[str]) -> None:
    whose, state, method, path, *expected = row
    other = await make.account(password_hash=NO_HASH)
    found, is_changed = [], True
    for role in ROLES:
        me, headers = await _acting(role)
        owner_id = {"own": me, "other": other.id, "nobody": None}[whose]
        await (world.item(path, state, owner_id) if is_changed else world.hand_to(owner_id))
        answer = await world.send(method, path, headers)
        found.append(str(answer.status_code))
        is_changed = method != "GET" and answer.is_success
        assert answer.status_code < 400 or "Some *text*" not in answer.text
    assert found == expected


@pytest.mark.parametrize("row", _rows(SCOPES), ids=" ".join)
async def test_a_write_needs_its_scope_and_no_other(world: World, row: list[str]) -> None:
    method, path, scope = row
    state = {"restore": "trashed", "purge": "trashed", "unpublish": "live", "discard-draft": "live"}
    state |= {"confirm-translation": "translation", "unschedule": "planned"}
    await world.furnish(path)
    if path.split("/")[1] in {"articles", "projects", "pages", "media"}:
        verb = path.partition("}/")[2]
        await world.item(path, state.get(verb, "draft"), None)
    others = [item for item in set(Permission) - SESSION_ONLY if item.value != scope]

    refused = await world.send(method, path, (await _acting("owner", *others))[1])
    done = await world.send(method, path, (await _acting("owner", Permission(scope)))[1])

    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert scope in refused.json()["detail"]
    assert done.status_code < 300, done.text


async def test_without_credentials_every_admin_route_is_401(world: World) -> None:
    for method, path in sorted(
        {(row[-7], row[-6]) for row in _rows(ROUTES + VERBS + VERBS_OF_OTHERS)}
    ):
        answer = await world.send(method, path, {})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), path


async def test_a_list_shows_each_role_only_what_is_theirs_to_see(world: World) -> None:
    await world.item("/articles", "draft", None)
    for role, seen in zip(ROLES, [1, 1, 1, 0, 0], strict=True):
        _, headers = await _acting(role)
        found = await world.reader.get(f"{ADMIN}/articles?total=true", headers=headers)
        assert len(found.json()["items"]) == seen, role
        assert found.json()["page"]["total"] == seen, role


async def test_a_writing_scope_can_not_take_an_article_from_its_readers(world: World) -> None:
    await world.item("/articles", "live", None)
    _, headers = await _acting("owner", Permission.ARTICLES_WRITE)
    answer = await world.send("DELETE", "/articles/{article}", headers)
    assert answer.status_code == 403, answer.text
