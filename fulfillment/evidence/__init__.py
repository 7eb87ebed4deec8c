"""The evidence pack of a request: everything that counsel needs, in one signed file, and how it is checked."""
