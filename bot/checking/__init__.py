"""The checker: every claim of a sentence about an item is traced to its facts."""
