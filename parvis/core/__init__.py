"""The journal, the queue, idempotent forms, safe text and the design system; knows no other module."""
