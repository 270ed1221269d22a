"""Links that let someone without an account read one unpublished item, for a while."""
