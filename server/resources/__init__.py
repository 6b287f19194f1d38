"""MCP resources, prompts and completion."""
