"""Changes that a source makes by itself: a worker looks, has the receipt noted, changes, and settles what it began."""
