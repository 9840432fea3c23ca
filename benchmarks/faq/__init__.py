"""How well service questions are told from recommendation talk, and answered."""
