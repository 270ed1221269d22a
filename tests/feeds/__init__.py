"""Feeds, sitemaps and what stands beside them."""
