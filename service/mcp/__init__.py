"""The MCP tools, for agents."""
