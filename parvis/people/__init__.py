"""Who speaks: accounts, voices, memberships, mandates, roles, places of life, audiences and subscriptions."""
