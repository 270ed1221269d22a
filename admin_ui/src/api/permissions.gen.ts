// This file is auto-generated from docs/permissions.md

export const permissions = {
  "read": {
    "owner": "any",
    "admin": "any",
    "editor": "any",
    "author": "own",
    "contributor": "own"
  },
  "articles:write": {
    "owner": "any",
    "admin": "any",
    "editor": "any",
    "author": "own",
    "contributor": "own"
  },
  "articles:publish": {
    "owner": "any",
    "admin": "any",
    "editor": "any",
    "author": "own",
    "contributor": null
  },
  "articles:purge": {
    "owner": "any",
    "admin": "any",
    "editor": null,
    "author": null,
    "contributor": null
  },
  "projects:write": {
    "owner": "any",
    "admin": "any",
    "editor": "any",
    "author": "own",
    "contributor": null
  },
  "projects:publish": {
    "owner": "any",
    "admin": "any",
    "editor": "any",
    "author": "own",
    "contributor": null
  },
  "projects:purge": {
    "owner": "any",
    "admin": "any",
    "editor": null,
    "author": null,
    "contributor": null
  },
  "pages:write": {
    "owner": "any",
    "admin": "any",
    "editor": "any",
    "author": null,
    "contributor": null
  },
  "pages:publish": {
    "owner": "any",
    "admin": "any",
    "editor": "any",
    "author": null,
    "contributor": null
  },
  "pages:purge": {
    "owner": "any",
    "admin": "any",
    "editor": null,
    "author": null,
    "contributor": null
  },
  "profiles:write": {
    "owner": "any",
    "admin": "any",
    "editor": "any",
    "author": "own",
    "contributor": null
  },
  "media:write": {
    "owner": "any",
    "admin": "any",
    "editor": "any",
    "author": "own",
    "contributor": "own"
  },
  "tags:write": {
    "owner": "any",
    "admin": "any",
    "editor": "any",
    "author": null,
    "contributor": null
  },
  "site:write": {
    "owner": "any",
    "admin": "any",
    "editor": null,
    "author": null,
    "contributor": null
  },
  "audit:read": {
    "owner": "any",
    "admin": "any",
    "editor": null,
    "author": null,
    "contributor": null
  },
  "accounts:read": {
    "owner": "any",
    "admin": "any",
    "editor": null,
    "author": null,
    "contributor": null
  },
  "accounts:write": {
    "owner": "any",
    "admin": "any",
    "editor": null,
    "author": null,
    "contributor": null
  },
  "webhooks:write": {
    "owner": "any",
    "admin": "any",
    "editor": null,
    "author": null,
    "contributor": null
  },
  "contact:read": {
    "owner": "any",
    "admin": "any",
    "editor": null,
    "author": null,
    "contributor": null
  },
  "contact:write": {
    "owner": "any",
    "admin": "any",
    "editor": null,
    "author": null,
    "contributor": null
  }
} as const;
