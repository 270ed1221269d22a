"""What happened: revisions, the audit log, and the ordered events that others follow."""
