"""Changing files: each is written anew beside the old one, and takes its place only when all are ready."""
