"""The spine: what is said, by which voice, to whom, its life from draft to withdrawal, and how it reaches people."""
