"""The HTTP face: sessions, messages, feedback, readiness, and the web page's place.

`app.create` makes the application from a `warmup.Warmup`; `server.serve` runs it.
"""
