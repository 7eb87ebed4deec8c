"""The export formats: one module each, with a value `FORMAT`."""
