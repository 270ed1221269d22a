"""Anonymous reads of author profiles; one query each."""

from datetime import datetime
from typing import Any

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from pydantic_core import to_json

from cms.core.db import now
from cms.core.errors import Moved, NotFound
from cms.core.http import Answer, CMSRequest, fresh, fresh_bytes
from cms.core.paging import ListQuery
from cms.core.queries import links, query
from cms.media import cards, showing
from cms.media.cards import Card
from cms.profiles.documents import BY_NAME, Profile
from cms.profiles.json_ld import profile_page
from cms.profiles.resume import Resume, exported
from cms.profiles.schemas import ProfileList, ProfileSummary, ProfileView
from cms.site.documents import SiteContent, split_site

Row = dict[str, Any]


def _fields(row: Row, projection: Row, site: SiteContent, base: str) -> Any:
    # A profile that was saved before a field existed lacks it: the view has its default.
    fields = {name: row[name] for name in projection if name in row}
    pictures, lang = showing.by_ref(row), row["lang"]
    if "bio_html" in fields:
        fields["bio_html"] = showing.filled(fields["bio_html"], pictures, lang)
    fields["avatar"] = showing.image(pictures, row.get("avatar_id"), lang, "avatar")
    return {**fields, "url": site.url(base, "profile", row["lang"], row["slug"])}


@get(
    "/",
    summary="Author profiles",
    dependencies={"params": Provide(query(ListQuery), sync_to_thread=False)},
)
async def list_profiles(
    request: CMSRequest, params: NamedDependency[ListQuery], site_url: NamedDependency[str]
) -> Answer[ProfileList]:
    """By name, each with the number of its public articles."""
    found = await Profile.list_public(params, now(), ProfileSummary.PROJECTION)
    rows, site = split_site(found)
    rows, page = BY_NAME.page(rows, params)
    items = [
        ProfileSummary(**_fields(row, ProfileSummary.PROJECTION, site, site_url)) for row in rows
    ]
    view = ProfileList(items=items, page=page)
    keys = ("profiles", "articles", "media", "site")
    return fresh(request, view, keys=keys, headers=links(request, params, page))


@get("/{slug:str}", summary="One author profile")
async def get_profile(
    request: CMSRequest, slug: FromPath[str], site_url: NamedDependency[str]
) -> Answer[ProfileView]:
    """A former slug answers 308 with the present one."""
    row, site = await _find(slug, now())
    fields = _fields(row, ProfileView.PROJECTION, site, site_url)
    fields["og_image"] = showing.card_image(card_of(row, site), "profile", row["slug"])
    page = profile_page(fields, site_title=site.title, site_url=site_url)
    keys = [f"profile:{row['slug']}", "site"]
    return fresh(request, ProfileView(**fields, json_ld=page), keys=keys)


async def _find(slug: str, moment: datetime) -> tuple[Row, SiteContent]:
    rows, site = split_site(await Profile.find_public(slug, moment, ProfileView.PROJECTION))
    if not rows:
        raise NotFound
    if rows[0]["slug"] != slug:
        raise Moved(f"/api/v1/profiles/{rows[0]['slug']}")
    return rows[0], site


def card_of(row: Row, site: SiteContent) -> Card:
    """What is drawn for a profile."""
    return cards.made_of(row["name"], row["headline"], site.card(), row["lang"])


async def find_card(slug: str, moment: datetime) -> tuple[str, Card]:
    """The present slug and card of a public profile.

    Raises:
        NotFound, Moved: see `get_profile`.
    """
    row, site = await _find(slug, moment)
    return row["slug"], card_of(row, site)


@get("/{slug:str}/resume.json", summary="One author's JSON Resume")
async def get_resume(request: CMSRequest, slug: FromPath[str]) -> Answer[Resume]:
    """By the JSON Resume schema v1; a former slug answers 308 with the present one."""
    row = await Profile.find_resume(slug)
    if row is None:
        raise NotFound
    if row["slug"] != slug:
        raise Moved(f"/api/v1/profiles/{row['slug']}/resume.json")
    body = to_json(exported(row["content"], row["updated_at"]))
    keys = [f"profile:{row['slug']}", "site"]
    return fresh_bytes(request, body, "application/json", row["updated_at"], keys=keys)


router = Router(
    "/profiles", route_handlers=[list_profiles, get_profile, get_resume], tags=["profiles"]
)
