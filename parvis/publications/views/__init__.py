"""Reading what is published, and publishing."""
