"""Portfolio projects."""
