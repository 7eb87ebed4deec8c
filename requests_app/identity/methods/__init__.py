"""The ways to prove who one is: a file for each, named by its key, holding one `METHOD`.

To add one: write `requests_app/identity/methods/<key>.py` with a class that fulfils `identity.base.Method` (or bring it
in a package of your own by the entry point group `omne_dsar.identity_methods`). Pages, sealing, deletion, audit and the
staff's comparison are there already.
"""
