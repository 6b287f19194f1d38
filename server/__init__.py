"""The MCP face of Linkdesk."""
