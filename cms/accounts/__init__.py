"""People who sign in: sessions, tokens, roles, permissions."""
