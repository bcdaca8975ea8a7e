"""Errors that a person can act on: what is wrong, where, and what to do."""

from __future__ import annotations


class SocialvolymError(Exception):
    """Something that a person must put right before the run can go on; the message says what and where."""
