"""Pages that gather what the modules below hold; they change nothing."""
