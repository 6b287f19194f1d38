"""Ask a person for approval: in the client by elicitation, or in Telegram."""
