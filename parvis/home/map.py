"""The map of the territory with what happens there this week."""

import re
from collections.abc import Mapping

from django.utils.safestring import SafeString, mark_safe

# A named commune, as the import draws it.
DOT = re.compile(r'<circle data-zone="(\w+)" cx="(-?\d+)" cy="(-?\d+)" r="6"/>')


def with_counts(svg: str, counts: Mapping[str, int]) -> SafeString:
    """`svg` with, on each named commune of `counts` (INSEE code -> events), how many events it has."""

    def number(dot: re.Match[str]) -> str:
        code, x, y = dot.groups()
        if code not in counts:
            return dot[0]
        return f'<circle cx="{x}" cy="{y}" r="15"/><text class="number" x="{x}" y="{int(y) + 7}">{counts[code]}</text>'

    return mark_safe(DOT.sub(number, svg))  # noqa: S308 - drawn by the import from its own figures
