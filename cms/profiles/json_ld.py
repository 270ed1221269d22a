"""A public profile as schema.org JSON-LD: a `ProfilePage` about a `Person`."""

from typing import Any

from cms.core.json_ld import breadcrumbs, picture, said, shown

Row = dict[str, Any]


def profile_page(profile: Row, *, site_title: str, site_url: str) -> Row:
    """Of the fields of the public view; what the person left empty is left out."""
    url = profile["url"]
    current = [one for one in profile["experience"] if one["end"] is None]
    person = said(
        {
            "@type": "Person",
            "@id": f"{url}#person",
            "name": profile["name"],
            "url": url,
            "description": profile["headline"],
            "image": picture(dict(profile["avatar"]), url) if profile["avatar"] else None,
            "jobTitle": current[0]["role"] if current else "",
            "worksFor": [_organisation(one) for one in current],
            "alumniOf": [_organisation(one) for one in profile["education"]],
            "homeLocation": _place(profile["location"]),
            "knowsAbout": [skill["name"] for skill in profile["skills"]],
            "knowsLanguage": [one["language"] for one in profile.get("languages", [])],
            "award": [award["title"] for award in profile.get("awards", [])],
            "sameAs": [it["url"] for it in profile["links"] if it["url"].startswith("http")],
        }
    )
    return {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "@id": url,
        "url": url,
        "inLanguage": profile["lang"],
        "dateModified": shown(profile["updated_at"]),
        "mainEntity": person,
        "breadcrumb": breadcrumbs([(site_title, f"{site_url}/"), (profile["name"], url)]),
    }


def _organisation(one: Row) -> Row:
    fields = {"@type": "Organization", "name": one["organisation"], "url": one["url"]}
    return said(fields)


def _place(name: str) -> Row | None:
    return {"@type": "Place", "name": name} if name else None
