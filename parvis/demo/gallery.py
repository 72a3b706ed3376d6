"""The pictures of a scenario, drawn beside the story: a picture takes as long as ten acts, and another core."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypedDict

from django.core.files.base import ContentFile

from parvis.demo.drawings import Picture, draw
from parvis.demo.scenario import Event, Post, Scenario


class Shown(TypedDict, total=False):
    """What an act takes of a picture; nothing where there is none."""

    image: ContentFile[bytes]
    image_alt: str


class Gallery:
    """A picture for each event and post that asks for one; never twice the same."""

    def __init__(self, scenario: Scenario, studio: ThreadPoolExecutor) -> None:
        turns: Counter[str] = Counter()
        self._waiting: dict[str, Future[Picture]] = {}
        shown: tuple[Event | Post, ...] = (*scenario.events, *scenario.posts)
        for one in shown:
            if one.image:
                self._waiting[one.slug] = studio.submit(draw, one.image, turns[one.image])
                turns[one.image] += 1

    def shown(self, slug: str) -> Shown:
        """The picture of an event or a post, once it is drawn; asked for once."""
        if slug not in self._waiting:
            return {}
        picture = self._waiting.pop(slug).result()
        return {"image": picture.file, "image_alt": picture.alt}


@contextmanager
def open_gallery(scenario: Scenario) -> Iterator[Gallery]:
    """A gallery whose pictures are being drawn; what nobody came for is left blank."""
    studio = ThreadPoolExecutor(max_workers=2)
    try:
        yield Gallery(scenario, studio)
    finally:
        studio.shutdown(cancel_futures=True)
