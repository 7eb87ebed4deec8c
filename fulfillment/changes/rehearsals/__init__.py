"""The look beforehand at a deletion: what each source would do, before a second person approves it."""
