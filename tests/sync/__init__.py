"""Followers of `/api/v1/sync`."""
