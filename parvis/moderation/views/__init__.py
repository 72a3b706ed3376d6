"""Pages of moderation: the queue and its decisions, reports from readers."""
