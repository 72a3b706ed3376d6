"""What is new to someone: who it is told to, what the page and the badge say, and what they chose to be told."""
