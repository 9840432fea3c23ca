"""Catalogues by name, and what is made for each once."""
