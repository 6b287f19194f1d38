"""An OAuth 2.1 authorization server for MCP clients: employees let a program in by signing in to their portal."""
