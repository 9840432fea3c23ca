"""Catalogue files → typed items and facets → a Chroma index → candidates for a query.

Nothing of ours is imported here: this package knows no dialogue, taste or language model.
"""
