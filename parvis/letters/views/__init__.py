"""Pages of letters: the gazette of a commune, one’s own letters and their rhythm, the mail of the demonstration."""
