"""Decide what an actor may do: role policy, allow lists, API tokens and their hashing."""
