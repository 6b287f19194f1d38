"""Fixtures, fakes and environments that several test modules share."""
