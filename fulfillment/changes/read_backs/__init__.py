"""Changes read back: an independent look at the source right after a change, and another some days later."""
