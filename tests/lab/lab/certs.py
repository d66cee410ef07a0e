"""A throw-away public key infrastructure, made with the openssl program: good certificates and each way of being bad."""

from __future__ import annotations

import base64
import hashlib
import ssl
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from .missing import program

_CONFIG = """
[ca]
default_ca = d
[d]
dir = {folder}
new_certs_dir = {folder}
database = {folder}/index.txt
serial = {folder}/serial
default_md = sha256
policy = p
unique_subject = no
copy_extensions = copy
email_in_dn = no
[p]
commonName = supplied
[req]
distinguished_name = dn
prompt = no
[dn]
CN = placeholder
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[issuing]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = caIssuers;URI:http://pki.hosts.test/intermediate.crt
""" + "".join(f"""[leaf_of_{issuer}]
basicConstraints = CA:false
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = caIssuers;URI:http://pki.hosts.test/{published}
""" for issuer, published in (("intermediate", "intermediate.crt"), ("issuing", "issuing.p7c"), ("stranger", "stranger.crt")))

# name -> arguments of `openssl genpkey`; a key is shared by all certificates of its kind, which costs a test nothing.
_KEYS = {
    "root": ("EC", "ec_paramgen_curve:P-256"),
    "intermediate": ("EC", "ec_paramgen_curve:P-256"),
    "issuing": ("EC", "ec_paramgen_curve:P-256"),
    "stranger": ("EC", "ec_paramgen_curve:P-256"),
    "rsa": ("RSA", "rsa_keygen_bits:2048"),
    "rsa1024": ("RSA", "rsa_keygen_bits:1024"),
    "ec": ("EC", "ec_paramgen_curve:P-256"),
}


@dataclass(frozen=True)
class Leaf:
    """One server certificate to be made. Days count from now."""

    name: str
    starts: int = -30
    ends: int = 330
    key: str = "rsa"
    digest: str = "sha256"
    issuer: str = "intermediate"
    has_alt_name: bool = True
    also: tuple[str, ...] = ()
    chain: tuple[str, ...] = ("leaf", "intermediate")  # what the server sends, in that order


@dataclass(frozen=True)
class Pair:
    """PEM files for a server."""

    chain: Path
    key: Path


class Authority:
    """Issues into one folder. `root` is the only trust anchor that a client of the lab should have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime.now(timezone.utc)
        self._openssl_path = program("openssl")
        folder.mkdir(parents=True)
        self._config = folder / "openssl.cnf"
        self._config.write_text(_CONFIG.format(folder=folder))
        (folder / "index.txt").touch()
        (folder / "serial").write_text("1000\n")
        for name, (algorithm, parameter) in _KEYS.items():
            self._openssl("genpkey", "-algorithm", algorithm, "-pkeyopt", parameter, "-out", self._key(name))
        for name, subject in (("root", "Lab Root"), ("stranger", "Stranger Root")):
            self._self_signed(name, subject, name, "authority")
        self._sign("intermediate", "Lab Intermediate", ca="root", key="intermediate", days=(-365, 3650), extensions="authority")
        self._sign("issuing", "Lab Issuing", ca="intermediate", key="issuing", days=(-365, 3650), extensions="issuing")

    def published(self) -> Path:
        """A folder with the intermediates as their authority would publish them, at the addresses in what they issued."""
        folder = self.folder / "published"
        folder.mkdir()
        self._openssl("x509", "-in", self._crt("intermediate"), "-outform", "DER", "-out", folder / "intermediate.crt")
        self._openssl("crl2pkcs7", "-nocrl", "-certfile", self._crt("issuing"), "-outform", "DER", "-out", folder / "issuing.p7c")
        return folder

    @property
    def root(self) -> Path:
        return self._crt("root")

    def whole(self, pair: Pair, *, of_key: bool = True, depth: int = 0) -> bytes:
        """A certificate that the server sends, or its key alone, as TLSA records stand for it (RFC 6698 2.1)."""
        pem = pair.chain.read_text().split("-----END CERTIFICATE-----\n")[depth] + "-----END CERTIFICATE-----\n"
        if not of_key:
            return ssl.PEM_cert_to_DER_cert(pem)
        key = subprocess.run([self._openssl_path, "x509", "-pubkey", "-noout"], input=pem, check=True, capture_output=True, text=True).stdout
        return base64.b64decode("".join(key.splitlines()[1:-1]))

    def digest(self, pair: Pair, *, of_key: bool = True, depth: int = 0, algorithm: str = "sha256") -> str:
        return hashlib.new(algorithm, self.whole(pair, of_key=of_key, depth=depth)).hexdigest()

    def issue(self, label: str, leaf: Leaf) -> Pair:
        """Makes the certificate and the file that a server sends; `label` names the files."""
        names = ",".join(f"DNS:{name}" for name in (leaf.name, *leaf.also))
        if leaf.issuer == "self":
            self._self_signed(label, leaf.name, leaf.key, "leaf_of_intermediate", names)
        else:
            self._sign(label, leaf.name, ca=leaf.issuer, key=leaf.key, days=(leaf.starts, leaf.ends), extensions=f"leaf_of_{leaf.issuer}",
                       names=names if leaf.has_alt_name else "", digest=leaf.digest)
        chain = self.folder / f"{label}-chain.pem"
        chain.write_text("".join(self._crt(label if part == "leaf" else part).read_text() for part in leaf.chain))
        return Pair(chain, self._key(leaf.key))

    def ocsp_response(self, label: str, *, is_revoked: bool) -> Path:
        """What the intermediate says of that certificate, for a server to staple; good for a week."""
        response, ca = self.folder / f"{label}.ocsp", self._crt("intermediate")
        signer = ("-rsigner", ca, "-rkey", self._key("intermediate"))
        if is_revoked:
            self._openssl("ca", "-config", self._config, "-revoke", self._crt(label), "-cert", ca, "-keyfile", self._key("intermediate"))
        self._openssl("ocsp", "-index", self.folder / "index.txt", "-CA", ca, *signer, "-issuer", ca, "-cert", self._crt(label),
                      "-ndays", "7", "-respout", response)
        return response

    def _self_signed(self, label: str, subject: str, key: str, extensions: str, names: str = "") -> None:
        more = ["-addext", f"subjectAltName={names}"] if names else []
        self._openssl("req", "-x509", "-new", "-key", self._key(key), "-config", self._config, "-subj", f"/CN={subject}",
                      "-extensions", extensions, "-days", "3650", *more, "-out", self._crt(label))

    def _sign(self, label: str, subject: str, *, ca: str, key: str, days: tuple[int, int], extensions: str, names: str = "",
              digest: str = "sha256") -> None:
        request = self.folder / f"{label}.csr"
        more = ["-addext", f"subjectAltName={names}"] if names else []
        self._openssl("req", "-new", "-key", self._key(key), "-config", self._config, "-subj", f"/CN={subject}", *more,
                      "-out", request)
        starts, ends = ((self.now + timedelta(days=day)).strftime("%Y%m%d%H%M%SZ") for day in days)
        self._openssl("ca", "-batch", "-notext", "-config", self._config, "-extensions", extensions, "-md", digest,
                      "-startdate", starts, "-enddate", ends, "-cert", self._crt(ca), "-keyfile", self._key(ca),
                      "-in", request, "-out", self._crt(label))

    def _key(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def _crt(self, name: str) -> Path:
        return self.folder / f"{name}.crt"

    def _openssl(self, *arguments: str | Path) -> None:
        subprocess.run([self._openssl_path, *map(str, arguments)], check=True, capture_output=True)
