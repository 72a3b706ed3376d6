"""The queue, reports and decisions; a face that nothing imports."""
