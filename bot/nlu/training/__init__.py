"""Fitting the weights that readings are ranked by: `make train`. It needs numpy and scipy; reading does not."""
