"""Who did what, and proof that nobody changed it: actors, registered events, the hash-chained log and its verifier."""
