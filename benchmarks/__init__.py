"""Ratios, recorded with the machine and the versions; none of them runs in `make test`."""
