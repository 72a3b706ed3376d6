"""The one door to other sites (R-SEC-12): nothing else in Parvis asks anything of the web, and a test sees to it."""

from parvis.outbound.asking import MOST_BYTES, Answer, Unreachable, checked, fetch

__all__ = ["MOST_BYTES", "Answer", "Unreachable", "checked", "fetch"]
