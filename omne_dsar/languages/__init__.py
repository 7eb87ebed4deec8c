"""Our own words in the languages we write to people in: gathered from the source, translated, compiled."""
