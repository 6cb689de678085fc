"""A certificate authority of the test's own, and what it signs; made once with openssl, for tests only."""

import ssl
import subprocess
import tempfile
import warnings
from functools import lru_cache
from pathlib import Path

_EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


@lru_cache
def folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="certificates-"))


def _openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, cwd=folder(), capture_output=True)


@lru_cache
def authority() -> Path:
    """The certificate to trust, for `[email] ca_file`."""
    _openssl("req", "-x509", *_EC, "-days", "2", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem")
    return folder() / "ca.pem"


@lru_cache
def server_context(kind: str = "good") -> ssl.SSLContext:
    """What a server shows: good, expired, another (name), alone (signed by itself), old (TLS 1.1 at most)."""
    authority()
    key, certificate = f"{kind}.key", f"{kind}.pem"
    name = "DNS:other.example" if kind == "another" else "DNS:localhost,IP:127.0.0.1"
    if kind == "alone":
        _openssl("req", "-x509", *_EC, "-subj", "/CN=localhost", "-addext", f"subjectAltName={name}", "-keyout", key,
                 "-out", certificate)  # fmt: skip
    else:
        (folder() / f"{kind}.ext").write_text(f"subjectAltName={name}\n")
        _openssl("req", *_EC, "-subj", "/CN=localhost", "-keyout", key, "-out", f"{kind}.csr")
        _openssl("x509", "-req", "-in", f"{kind}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                 "-days", "-1" if kind == "expired" else "2", "-extfile", f"{kind}.ext", "-out", certificate)  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder() / certificate, folder() / key)
    if kind == "old":
        with warnings.catch_warnings(action="ignore"):
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context
