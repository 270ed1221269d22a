"""Groups of translations of any published kind."""
