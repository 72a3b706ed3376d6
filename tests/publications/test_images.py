"""Pictures: what comes in is checked before it is decoded; what is kept holds pixels only (R-SEC-8)."""

import io
import struct
import time
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from parvis.publications import images
from parvis.publications.images import ImageRefused, reencode

GPS = 0x8825
ORIENTATION = 0x0112


def upload(image: Image.Image, kind: str = "JPEG", **options: object) -> SimpleUploadedFile:
    """A picture as a browser sends it, under the name its owner gave it."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return SimpleUploadedFile(f"Maison de Paul.{kind.lower()}", buffer.getvalue())


def kept(sent: SimpleUploadedFile) -> Image.Image:
    """The picture we would keep."""
    return Image.open(io.BytesIO(reencode(sent).read()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_four_formats_become_one_and_lose_their_name(kind: str) -> None:
    file = reencode(upload(Image.new("RGB", (60, 40), "red"), kind))
    assert file.name == "image.webp"
    picture = Image.open(io.BytesIO(file.read()))
    assert (picture.format, picture.size) == ("WEBP", (60, 40))


def test_place_date_and_camera_are_dropped_and_the_picture_stands_upright() -> None:
    source = Image.new("RGB", (60, 40), "red")
    source.paste("blue", (0, 0, 60, 10))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x0110] = "Appareil de Paul"
    exif.get_ifd(GPS)[2] = (49.0, 25.0, 0.0)
    sent = upload(source, "JPEG", exif=exif, comment=b"secret-comment", icc_profile=b"secret-profile")
    assert b"Appareil de Paul" in sent.read()
    picture = kept(sent)
    assert picture.size == (40, 60)
    # Turned clockwise, the top is on the right.
    assert min(picture.convert("RGB").getchannel("B").crop((36, 28, 40, 32)).tobytes()) > 150
    assert not picture.getexif()
    raw = reencode(sent).read()
    for trace in (b"Paul", b"secret", b"EXIF", b"XMP ", b"ICCP"):
        assert trace not in raw


def test_transparency_stays() -> None:
    picture = kept(upload(Image.new("RGBA", (10, 10), (255, 0, 0, 0)), "PNG"))
    assert picture.mode == "RGBA"


def test_a_large_one_is_made_smaller() -> None:
    assert kept(upload(Image.new("RGB", (4000, 3000), "red"))).size == (1600, 1200)


def test_a_palette_or_cmyk_picture_is_taken() -> None:
    assert kept(upload(Image.new("P", (10, 10)), "PNG")).size == (10, 10)
    assert kept(upload(Image.new("CMYK", (10, 10)))).size == (10, 10)
    assert kept(upload(Image.new("I;16", (10, 10)), "PNG")).size == (10, 10)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    began = time.process_time()
    with pytest.raises(ImageRefused, match="40 millions"):
        reencode(SimpleUploadedFile("bomb.png", bomb(9_000, 9_000)))
    for side in (20_000, 60_000):
        with pytest.raises(ImageRefused, match=r"JPEG, PNG|40 millions"):
            reencode(SimpleUploadedFile("bomb.png", bomb(side, side)))
    assert time.process_time() - began < 0.5


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(ImageRefused, match="8 Mo"):
        reencode(SimpleUploadedFile("big.jpg", b"\xff" * (images.MAX_BYTES + 1)))
    with pytest.raises(ImageRefused):
        reencode(SimpleUploadedFile("empty.jpg", b""))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animated_one_is_refused(kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    with pytest.raises(ImageRefused, match="animée"):
        reencode(upload(frames[0], kind, save_all=True, append_images=frames[1:], duration=100))


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"GIF89a",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"just words",
        b"\x00" * 5_000,
    ],
)
def test_what_is_no_picture_is_refused_in_french(content: bytes) -> None:
    with pytest.raises(ImageRefused, match=r"JPEG, PNG|abîmée"):
        reencode(SimpleUploadedFile("photo.jpg", content))


def test_a_tiff_under_another_name_is_refused() -> None:
    tiff = upload(Image.new("RGB", (10, 10)), "TIFF")
    with pytest.raises(ImageRefused, match="JPEG, PNG"):
        reencode(SimpleUploadedFile("photo.jpg", tiff.read()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_file_cut_short_anywhere_never_crashes(kind: str) -> None:
    whole = upload(Image.effect_noise((120, 90), 60).convert("RGB"), kind).read()
    for length in range(1, len(whole), max(1, len(whole) // 60)):
        try:
            reencode(SimpleUploadedFile("cut.jpg", whole[:length]))
        except ImageRefused:
            continue


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it is `width` by `height`."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
