"""The official conformance suite against our own server stack."""
