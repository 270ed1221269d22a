"""Redirects as the configuration of who serves the site. Pure.

Paths and targets are percent-encoded ASCII without blanks, quotes, braces or backslashes already
(`paths`); what is left are the characters that mean something in one format.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote, unquote

from cms.redirects.everything import Rule
from cms.redirects.schemas import Format

GONE = 410


def nginx(rules: Sequence[Rule]) -> str:
    """One exact `location` for each spelling of a path; to be included in a `server` block."""
    lines = ["# Redirects of this site; include it in the server block."]
    for rule in rules:
        # Nginx compares with the decoded path.
        path = unquote(rule.from_path)
        lines += [
            f"location = {_nginx_quoted(spelled)} {{ {_nginx_return(rule)} }}"
            for spelled in ((path,) if path == "/" else (path, f"{path}/"))
        ]
    return "\n".join(lines) + "\n"


def _nginx_return(rule: Rule) -> str:
    if rule.to is None:
        return f"return {rule.status};"
    # A `$` would begin a variable, and nothing escapes it.
    target = rule.to.replace("$", "%24").replace('"', "%22").replace("\\", "%5C")
    keeps_query = not {"?", "#"} & set(target)
    return f'return {rule.status} "{target}{"$is_args$args" if keeps_query else ""}";'


def _nginx_quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def next_js(rules: Sequence[Rule]) -> str:
    """JSON: `redirects` for next.config.js; Next can't say 410, so `gone` is for its middleware."""
    moved = [
        {
            "source": _without_patterns(rule.from_path),
            "destination": _without_patterns_in_target(rule.to),
            "statusCode": rule.status,
        }
        for rule in rules
        if rule.to is not None
    ]
    gone = [rule.from_path for rule in rules if rule.to is None]
    return json.dumps({"redirects": moved, "gone": gone}, indent=2, ensure_ascii=True) + "\n"


def _without_patterns(path: str) -> str:
    # path-to-regexp reads all of these; percent-encoded they are only themselves.
    return "".join(quote(char, safe="") if char in "():*+?{}!" else char for char in path)


def _without_patterns_in_target(target: str) -> str:
    scheme, slashes, rest = target.partition("://") if "://" in target[:8] else ("", "", target)
    host, slash, path = rest.partition("/") if scheme else ("", "", rest)
    before, mark, tail = path.partition("?")
    tail = tail.replace(":", "%3A").replace("(", "%28").replace(")", "%29").replace("*", "%2A")
    return scheme + slashes + host + slash + _without_patterns(before) + mark + tail


def netlify(rules: Sequence[Rule]) -> str:
    """A `_redirects` file; Netlify can't say 410, so these are comments."""
    lines = ["# Redirects of this site, for the file _redirects."]
    for rule in rules:
        path = rule.from_path.replace("*", "%2A").replace(":", "%3A")
        if rule.to is None:
            lines.append(f"# gone: {path}")
        else:
            host_end = rule.to.find("/", 8) if rule.to.startswith("https://") else 0
            host, rest = rule.to[:host_end], rule.to[host_end:]
            target = host + rest.replace(":", "%3A").replace("*", "%2A")
            lines.append(f"{path} {target} {rule.status}!")
    return "\n".join(lines) + "\n"


FORMATS: Mapping[Format, Callable[[Sequence[Rule]], str]] = {
    "nginx": nginx,
    "next": next_js,
    "netlify": netlify,
}
MEDIA_TYPES: Mapping[Format, str] = {
    "nginx": "text/plain",
    "next": "application/json",
    "netlify": "text/plain",
}
