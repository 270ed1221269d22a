"""The inbox of the site: what readers write to its owner, with no third party in between."""
