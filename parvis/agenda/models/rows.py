"""The columns that a row of an agenda is made of: a page reads forty of them from eight tables."""

JOINED_IN_ROWS = ("occurrence__event__commune", "occurrence__event__publication__voice")
SAID_IN_ROWS = (
    *("starts_at", "ends_at", "category"),
    *(f"occurrence__{name}" for name in ("all_day", "status", "venue", "event")),
    *(f"occurrence__event__{name}" for name in ("category", "venue", "mode", "is_free", "price", "status")),
    *(f"occurrence__event__{name}" for name in ("publication", "commune__name")),
    *(f"occurrence__event__publication__{name}" for name in ("kind", "title", "slug", "version", "voice__kind")),
    *(
        f"occurrence__event__publication__voice__{name}"
        for name in ("name", "slug", "gender", "verified_at", "is_fictional", "version")
    ),
)

# And where it is, for a map: the place of the directory, else the commune alone; not what is at someone's home.
JOINED_ON_MAP = (*JOINED_IN_ROWS, "occurrence__event__held_at")
SAID_ON_MAP = (
    *(*SAID_IN_ROWS, "occurrence__event__home_address"),
    *(f"occurrence__event__commune__{name}" for name in ("lon", "lat")),
    *(f"occurrence__event__held_at__{name}" for name in ("name", "lon", "lat")),
)
