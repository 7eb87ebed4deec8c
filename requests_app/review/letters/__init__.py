"""The staff's pages of letters: those of a case, and the words of every kind of letter."""
