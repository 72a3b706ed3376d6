"""Parts of every address."""


class NumberConverter:
    """The number of a row: no longer than a database holds, which would fail rather than find nothing."""

    regex = "[0-9]{1,15}"

    def to_python(self, value: str) -> int:
        """As a number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """As it is written."""
        return str(value)
