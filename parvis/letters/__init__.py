"""What is sent to whom by mail, once."""
