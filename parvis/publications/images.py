"""Pictures that people send: checked before they are decoded, decoded once, written anew without metadata (R-SEC-8)."""

import io
import secrets
import warnings
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES = 8_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600


class ImageRefused(ValidationError):
    """A picture that cannot be taken; the message, in French, says why."""


def reencode(upload: UploadedFile[bytes]) -> ContentFile[bytes]:
    """The picture as we keep it: WebP, upright, 1600 pixels at most. Raises ImageRefused.

    Size, format and number of pixels are read from the header, so that a bomb is refused before it is decoded.
    An animated one is refused rather than frozen without a word.
    """
    if not upload.size or upload.size > MAX_BYTES:
        raise ImageRefused(_("Cette image dépasse 8 Mo : réduisez-la puis choisissez-la de nouveau."))
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _written(upload.file or upload)
    except ImageRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageRefused(_("Choisissez une image JPEG, PNG, WebP ou GIF.")) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError, MemoryError) as error:
        # What Pillow raises on a file cut short or forged.
        raise ImageRefused(_("Cette image est abîmée : choisissez-en une autre.")) from error


def new_name() -> str:
    """The name of a picture about to be kept: one that nobody guesses, since it shows what is not yet public."""
    return f"{secrets.token_urlsafe(16)}.webp"


def _written(source: IO[bytes]) -> ContentFile[bytes]:
    """Decode `source` within limits and encode it again."""
    with Image.open(source, formats=FORMATS) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise ImageRefused(_("Cette image a plus de 40 millions de pixels : réduisez-la."))
        if getattr(image, "n_frames", 1) > 1:
            raise ImageRefused(_("Cette image est animée : choisissez une image fixe."))
        # A JPEG is decoded at a smaller scale straight away.
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))
        upright = ImageOps.exif_transpose(image)
        picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    # A new image holds pixels only: no place, no date, no camera, no thumbnail.
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    kept = io.BytesIO()
    bare.save(kept, "WEBP", quality=82, method=4)
    return ContentFile(kept.getvalue(), name="image.webp")
