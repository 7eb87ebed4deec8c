"""Is it really them: mailed codes and links, counted and confirmed."""
