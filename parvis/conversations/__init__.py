"""Private messages: between people, to an association, an élu or a service; read by those two sides and nobody else."""
