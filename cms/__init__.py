"""Lontar: the CMS backend for people who run their own portfolio site."""

__version__ = "0.1.0"
