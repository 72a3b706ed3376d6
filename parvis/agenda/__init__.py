"""Events: when and where they happen, the pages and feeds that list them."""
