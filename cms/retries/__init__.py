"""A creation that is sent again makes nothing twice: the Idempotency-Key."""
