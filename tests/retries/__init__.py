"""Creations that are sent again."""
