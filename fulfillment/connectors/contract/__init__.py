"""The contract of a connector as pytest tests, for the kinds here and those of other packages; only tests import it."""
