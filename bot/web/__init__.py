"""The web chat: a Gradio page over the facade, drawn from values alone.

`page.build` makes it; everything else here turns values of a turn into escaped HTML.
"""
