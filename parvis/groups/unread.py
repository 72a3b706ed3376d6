"""How many messages one has not read, topic by topic: counted to MOST, whatever their number."""

from collections.abc import Sequence

from django.db import connection

from parvis.groups.models import Topic
from parvis.people.models import Person

# A badge then says « 99+ ».
MOST = 100
# An index range of MOST rows for each topic; where one has read nothing yet, there is nothing new to tell.
STATEMENT = """
SELECT r.topic_id, (
  SELECT COUNT(*) FROM (
    SELECT 1 FROM groups_message m
    WHERE m.topic_id = r.topic_id AND m.state = 'online' AND m.position > r.position LIMIT {most}
  ) AS later
)
FROM groups_reading r WHERE r.person_id = %s AND r.topic_id IN ({topics})
"""


def unread(person: Person, topics: Sequence[Topic]) -> dict[int, int]:
    """The number of messages after where one stopped, by topic; those one never opened are left out."""
    if not topics:
        return {}
    marks = ", ".join(["%s"] * len(topics))
    with connection.cursor() as cursor:
        statement = STATEMENT.format(most=MOST, topics=marks)
        cursor.execute(statement, [person.pk, *(topic.pk for topic in topics)])
        return {number: count for number, count in cursor.fetchall() if count}
