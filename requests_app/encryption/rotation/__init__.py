"""Bring everything that is sealed under the active key, while the system works; a broken-off rotation goes on."""
