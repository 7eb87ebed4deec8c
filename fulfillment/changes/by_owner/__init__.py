"""Changes by whoever answers for a source: the same personal link, the instruction, ticks and a receipt."""
