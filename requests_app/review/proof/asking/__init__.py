"""What staff change about the proof of a case: more of it, what is asked, how sensitive, a paper, the lesser answer."""
