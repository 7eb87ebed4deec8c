"""Omne Desk, the help desk: a web service of its own that the product reaches over HTTP and in no other way.

It behaves as such services do: tokens, pages, a limit per minute, slow answers and, now and then, an error.
Nothing of Django or of the product is loaded in its process.
"""
