"""Zones of France: names, codes, containment, geometry, town halls, and how they are imported."""
