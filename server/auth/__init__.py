"""Bearer authentication of HTTP callers and the OAuth scopes of tools."""
