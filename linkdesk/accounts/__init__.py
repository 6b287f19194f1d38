"""Staff, portal accounts and Telegram accounts: models and the protocols of their stores."""
