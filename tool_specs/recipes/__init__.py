"""Recipes: tools that make more than one REST call."""
