"""Parvis: the social network that a French territory offers to those who live in it."""

__version__ = "0.1.0"
