"""The stdio transport: handshake, line framing and the server loop."""
