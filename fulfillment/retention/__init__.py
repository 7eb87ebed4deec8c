"""What this app keeps for a request, and its end: a kind of kept thing per file of `kinds/`, and the holds it knows."""
