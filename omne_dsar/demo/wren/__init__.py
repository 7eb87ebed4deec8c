"""Wren Notes, another company: to it people of the demo move their information.

It takes what docs/portability-push.md describes, checks who sends, counts what arrives, and signs a receipt.
"""
