"""Scripted conversations: `*.chat.yaml` files that say what a talk must come to, and their run.

`concierge test` runs them, and so does pytest through `bot.scripted.plugin`.
"""

SUFFIX = ".chat.yaml"
