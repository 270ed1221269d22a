"""Leases on background work: one process of all does it, and loses it when it is gone."""
