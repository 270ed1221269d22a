"""Redirects: what the owner wrote, and where former slugs lead, for whoever serves the site."""
