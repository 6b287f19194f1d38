"""Sign-in to the portal with OAuth, so that each employee works with their own rights."""
