"""The words for the LLM: prompt templates, one file each, and their loader."""
