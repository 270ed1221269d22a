"""Tests; they mirror cms/."""
