"""Author profiles: public people, with or without an account."""
