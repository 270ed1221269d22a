"""Redirects, through HTTP and in the formats of web servers."""
