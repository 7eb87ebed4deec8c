"""The kinds of source, one file each, named by its key."""
