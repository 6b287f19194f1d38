"""HTTPS for the loopback interface, by an authority made for the purpose: many SDKs refuse plain http.

Needs `trustme`, which comes with the extra `sandbox-tls`.
"""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme


def loopback_context(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make an authority that vouches for this machine alone; give what a server needs, and the authority's PEM file."""
    authority = trustme.CA(organization_name="Linkdesk sandbox")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own = folder / "server.pem"
    authority.issue_cert("127.0.0.1", "localhost").private_key_and_cert_chain_pem.write_to_path(own)
    context.load_cert_chain(own)
    own.unlink()
    file = folder / "linkdesk-sandbox-ca.pem"
    authority.cert_pem.write_to_path(file)
    return context, file
