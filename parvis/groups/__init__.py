"""Groups of people who talk over time, and their discussions; a kind of organisation that knows nothing of agendas."""
