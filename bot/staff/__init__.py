"""Staff management in chat: invitations, members, account linking and confirmations."""
