"""Plans that wait for a person: model, service, runner and JSON codec."""
