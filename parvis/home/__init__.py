"""Pages that gather: home, places, directory, profiles, search, help."""
