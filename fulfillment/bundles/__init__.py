"""The answer as files: one sealed zip, built in one stream, signed, released, fetched, forgotten.

To add an export format, write `formats/<name>.py` with a class derived from `base.ExportFormat` and one value
`FORMAT`; or name it in the entry point group `omne_dsar.export_formats`. Its parts are then in every bundle,
in the manifest, and run through the contract tests.
"""
