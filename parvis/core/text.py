"""What people write, made safe, searchable and typographically French."""

import re
import unicodedata

import nh3
from markdown_it import MarkdownIt

NBSP, NNBSP = "\u00a0", "\u202f"
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h3", "h4", "code", "hr"}
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).disable("image")


def clean(text: str) -> str:
    """Text as we keep it: NFC, no control or bidi-override character, Unix line ends (F-27)."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        c for c in text if c in "\n\t" or (unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"} and c not in BIDI)
    )


SEPARATORS = re.compile(r"[^a-z0-9]+")
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def render(markdown: str) -> str:
    """Safe HTML of a Markdown text. Titles become h3 and h4; images and raw HTML are not taken."""
    html = re.sub(r"<(/?)h[12356]>", r"<\1h3>", _markdown.render(markdown))
    return sanitise(html)


def sanitise(html: str) -> str:
    """HTML with our tags only, links to the web and mail only; run on write and again on render (R-SEC)."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow ugc noopener",
    )


def plain(html: str) -> str:
    """The words of an HTML fragment on one line."""
    text = re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:a|code|em|strong)\b[^>]*>", "", html))
    for entity, char in {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": NBSP}.items():
        text = text.replace(entity, char)
    return re.sub(r"[ \n\t]+", " ", text).strip()


def number(words: str) -> int:
    """The number of a row that an address or a form says, 0 for anything else: databases fail on one too large."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 16 else 0


def fold(text: str) -> str:
    """Lower case, no accent, œ and æ opened, every separator one space: what a search compares."""
    text = text.lower()
    # A country has a million names, most of them plain.
    if not text.isascii():
        opened = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae"))
        text = "".join(c for c in opened if not unicodedata.combining(c))
    return SEPARATORS.sub(" ", text).strip()


def typo(text: str) -> str:
    """French spaces before high punctuation and inside quotes, ’ for a straight apostrophe. Plain text only."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r"(?<=\d) (?=(?:h|min|km|ans)\b|[€%])|(?<=\d[ \u00a0]h) (?=\d\d\b)", NBSP, text)
    text = re.sub(r"(?<=\d) (?=\d{3}\b)", NNBSP, text)
    text = re.sub(r"(?<=\S)[ \u00a0\u202f]([;?!])", NNBSP + r"\1", text)
    text = re.sub(r"(?<=\S)[ \u202f]:(?=\s|$)", NBSP + ":", text)
    return re.sub(r"«[ \u202f]?(?=\S)", "«" + NBSP, re.sub(r"(?<=\S)[ \u202f]»", NBSP + "»", text))
