"""What can keep the embedded servers from running, in sentences."""


class CannotStart(Exception):
    """A server or process cannot start; the text says what a person can do about it."""
