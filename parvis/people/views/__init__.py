"""Pages of accounts, places, organisations and their administration."""
