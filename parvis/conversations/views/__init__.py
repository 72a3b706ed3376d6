"""Pages of private messages, by what one does there."""
