"""Signing in to the portal: each employee lends Linkdesk their own rights."""
