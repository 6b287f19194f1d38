"""The Bitrix24 REST client: credentials, throttling, batching, retries and decoding of responses."""
