"""MCP tools: selection by toolset, argument validation, the call, its result and its log entry."""
