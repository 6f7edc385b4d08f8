# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for the servers of the tests, made with openssl(1).

One authority signs most of them; the test programs trust it through
tls-ca-file.  Keys are elliptic, so that making all of them takes a blink.
"""

import base64
import os
import subprocess

HOST = "localhost"

# name: (common name, subjectAltName, validity as openssl ca wants it)
NOW = ("20200101000000Z", "20491231235959Z")
PAST = ("20200101000000Z", "20200201000000Z")
SIGNED = {
    "good": (HOST, "DNS:localhost,IP:127.0.0.1", NOW),
    "wrong-host": ("mail.elsewhere.example", "DNS:mail.elsewhere.example", NOW),
    "expired": (HOST, "DNS:localhost,IP:127.0.0.1", PAST),
}
VARIANTS = tuple(SIGNED) + ("self-signed",)

CA_CONFIG = """\
[ca]
default_ca = tests
[tests]
database = index
serial = serial
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = anything
rand_serial = yes
unique_subject = no
[anything]
commonName = supplied
"""


def _openssl(directory, *args):
    done = subprocess.run(
        ("openssl",) + args, cwd=directory, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    if done.returncode != 0:
        raise RuntimeError("openssl %s: %s" % (
            args[0], done.stdout.decode("utf-8", "replace")))
    return done.stdout.decode()


def _new_key(name):
    return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-keyout", name)


def _sign(directory, name, common_name, alt_names, validity):
    with open(os.path.join(directory, name + ".ext"), "w") as out:
        out.write("subjectAltName=%s\nextendedKeyUsage=serverAuth\n"
                  "basicConstraints=CA:FALSE\n" % alt_names)
    _openssl(directory, "req", *_new_key(name + ".key"),
             "-out", name + ".csr", "-subj", "/CN=" + common_name)
    _openssl(directory, "ca", "-batch", "-notext", "-config", "ca.cnf",
             "-in", name + ".csr", "-out", name + ".pem",
             "-extfile", name + ".ext",
             "-startdate", validity[0], "-enddate", validity[1])


def make(directory):
    """Make the authority and every variant once; return the CA's file."""
    authority = os.path.join(directory, "ca.pem")
    if os.path.exists(os.path.join(directory, "complete")):
        return authority
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, "ca.cnf"), "w") as out:
        out.write(CA_CONFIG)
    open(os.path.join(directory, "index"), "w").close()
    _openssl(directory, "req", "-x509", *_new_key("ca.key"), "-out", "ca.pem",
             "-days", "3650", "-subj", "/CN=tercet test authority")
    for name, (common_name, alt_names, validity) in SIGNED.items():
        _sign(directory, name, common_name, alt_names, validity)
    _openssl(directory, "req", "-x509", *_new_key("self-signed.key"),
             "-out", "self-signed.pem", "-days", "3650",
             "-subj", "/CN=" + HOST,
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    open(os.path.join(directory, "complete"), "w").close()
    return authority


def paths(directory, variant):
    """The certificate and key files of a variant."""
    return (os.path.join(directory, variant + ".pem"),
            os.path.join(directory, variant + ".key"))


def spki_pin(directory, variant):
    """The tls-pin value of a variant: sha256 over its public key."""
    certificate, _ = paths(directory, variant)
    public = _openssl(directory, "x509", "-in", certificate,
                      "-noout", "-pubkey")
    der = subprocess.run(
        ("openssl", "pkey", "-pubin", "-outform", "DER"),
        input=public.encode(), stdout=subprocess.PIPE, check=True,
        timeout=60).stdout
    digest = subprocess.run(
        ("openssl", "dgst", "-sha256", "-binary"),
        input=der, stdout=subprocess.PIPE, check=True, timeout=60).stdout
    return "sha256:" + base64.b64encode(digest).decode()
