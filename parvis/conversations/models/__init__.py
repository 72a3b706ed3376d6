"""Conversations of two sides, what is said in them, and what was decided on it."""

from parvis.conversations.models.conversations import Closing, Conversation, Place, Side
from parvis.conversations.models.lines import Draft, File, Line, Receipt, Ruling

__all__ = ["Closing", "Conversation", "Draft", "File", "Line", "Place", "Receipt", "Ruling", "Side"]
