"""Every side effect of every act, on one page: journal verb -> the jobs it queues, in the same transaction."""

from datetime import timedelta

DECISION = ["parvis.letters.jobs.tell_decision"]
RULING = ["parvis.letters.rulings.tell_ruling"]

EFFECTS: dict[str, list[str]] = {
    "territory.imported": ["parvis.territory.jobs.draw_parts"],
    "publication.approved": DECISION,
    "publication.refused": DECISION,
    "publication.hidden": DECISION,
    "publication.restored": DECISION,
    "reply.approved": DECISION,
    "reply.refused": DECISION,
    "reply.hidden": DECISION,
    "reply.restored": DECISION,
    "message.refused": RULING,
    "message.hidden": RULING,
    "message.restored": RULING,
    "event.corrected": ["parvis.letters.events.tell_change"],
    "event.status_changed": ["parvis.letters.events.tell_change"],
    "event.cancelled": ["parvis.letters.events.tell_change"],
    "occurrence.nears": ["parvis.letters.events.remind"],
    "attendance.seated": ["parvis.letters.events.tell_seated"],
    "event.told": ["parvis.letters.events.tell_change"],
    "voice.hidden": ["parvis.letters.jobs.tell_profile_decision"],
    "voice.restored": ["parvis.letters.jobs.tell_profile_decision"],
    "territory.file_imported": ["parvis.people.jobs.settle_quartiers", "parvis.publications.jobs.spread_over"],
    "zone.moved": ["parvis.people.jobs.settle_quartiers"],
    "shape.laid": ["parvis.people.jobs.deliver_inside"],
    "publication.awaits_second": ["parvis.letters.jobs.tell_second"],
    "publication.sent_back": ["parvis.letters.jobs.tell_sent_back"],
    "publication.alerted": ["parvis.letters.jobs.tell_alert"],
    "reply.published": ["parvis.letters.jobs.tell_reply"],
    "report.received": ["parvis.moderation.jobs.confirm_report"],
    "report.closed": ["parvis.moderation.jobs.tell_report_decision"],
}

# What is only said: acts on these change nothing of who and what there is, as the élus of a place.
SAYINGS: frozenset[str] = frozenset({"publication", "reply", "event", "topic", "message"})

# Acts that change nothing of what a visitor sees: the pages kept in memory outlive them. In doubt, leave a verb out.
UNSEEN: frozenset[str] = frozenset(
    {
        "person.email_changed",
        "person.password_set",
        "person.place_added",
        "person.place_changed",
        "person.followed",
        "person.unfollowed",
        "person.muted",
        "person.unmuted",
        "person.saved",
        "person.unsaved",
        "person.draft_kept",
        "person.reacted",
        "person.voted",
        "person.calendar_made",
        "person.calendar_dropped",
        "person.going",
        "person.not_going",
        "subscription.muted",
        "subscription.unmuted",
        "shape.laid",
        "shape.told",
        "publication.composed",
        "publication.submitted",
        "publication.awaits_second",
        "draft.kept",
        "draft.dropped",
        "estimate.made",
        "estimate.repeated",
        "estimate.refused",
        "publication.refused",
        "message.submitted",
        "message.refused",
        "group.asked",
        "group.request_withdrawn",
        "group.invited",
        "group.invitation_declined",
        "reply.submitted",
        "reply.refused",
        "report.received",
        "report.closed",
        "event.told",
        "occurrence.nears",
        "attendance.seated",
    }
)

# What runs by the clock.
PERIODIC: dict[str, timedelta] = {
    "parvis.people.jobs.forget_sessions": timedelta(days=1),
    "parvis.people.jobs.purge_vault": timedelta(minutes=5),
    "parvis.publications.actions.purge_expired": timedelta(minutes=5),
    "parvis.agenda.jobs.set_past_aside": timedelta(hours=6),
    "parvis.agenda.jobs.unroll_series": timedelta(hours=1),
    "parvis.publications.jobs.forget_drafts": timedelta(days=1),
    "parvis.publications.jobs.forget_estimates": timedelta(days=1),
    "parvis.agenda.jobs.remind_of_tomorrow": timedelta(minutes=20),
    "parvis.agenda.jobs.forget_attendances": timedelta(hours=6),
    "parvis.moderation.jobs.purge_reports": timedelta(days=1),
    "parvis.letters.jobs.forget": timedelta(days=1),
    "parvis.groups.jobs.forget": timedelta(days=1),
}
