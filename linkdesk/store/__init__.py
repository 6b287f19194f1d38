"""What Linkdesk remembers: a database, loaded only where something has to be kept."""
