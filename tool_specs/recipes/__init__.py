"""Recipes: tools that are more than one REST call."""
