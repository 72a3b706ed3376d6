"""The product's settings, with one more address: the constant page that the bench compares all others with."""

from parvis.settings import *  # noqa: F403

ROOT_URLCONF = "bench.constant.urls"
