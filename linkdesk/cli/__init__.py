"""The `linkdesk` console script: one module per subcommand."""
