"""What an address holds, page after page when an agenda is given so."""

import json
from dataclasses import replace

from parvis.agenda.imports.openagenda import listed
from parvis.outbound import Answer, fetch

MOST_PAGES = 8


def fetched(url: str, *, etag: str = "", modified: str = "") -> Answer:
    """The calendar at `url`; of OpenAgenda, which says where the next page begins, all pages. Raises Unreachable."""
    answer = fetch(url, etag=etag, modified=modified)
    if answer.body.lstrip()[:1] != b"{":
        return answer
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return answer
    events = listed(document.get("events")) if isinstance(document, dict) else []
    after = listed(document.get("after")) if events else []
    for _page in range(MOST_PAGES - 1):
        if not after:
            break
        following = "&".join(f"after[]={one}" for one in after[:6] if isinstance(one, int | str))
        try:
            more = json.loads(fetch(f"{url}{'&' if '?' in url else '?'}{following}").body)
        except (ValueError, RecursionError):
            break
        found = listed(more.get("events")) if isinstance(more, dict) else []
        events += found
        after = listed(more.get("after")) if found else []
    return replace(answer, body=json.dumps(document | {"events": events}).encode()) if events else answer
