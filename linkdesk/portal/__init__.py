"""The way to a Bitrix24 portal: address, client, and the reading of its answers."""
