"""The kinds of kept things of this app, one file each."""
