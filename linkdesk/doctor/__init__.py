"""`linkdesk doctor`: what is set, what answers, and what to do about the rest."""
