"""A reading, linked to the catalogue: values, people, amounts, items."""
