"""Candidates and taste in, an order with its reasons out; and how taste is learned.

Imports nothing of ours but `retrieval.types`; only the command-line entry points
`ranking.train` and `ranking.evaluate` also take `retrieval.embedding`, to embed item texts.
"""
