# SPDX-License-Identifier: GPL-3.0-or-later
"""How each mail reader is configured, started and driven.

A Reader is one program with a home of its own on one account.  To measure
another program, add a class here and to READERS.
"""

import os
import re
import shutil

import fixture

PASSWORD = "secret"


class Reader:
    name = ""
    binary = ""
    down, page_down, open, close = "j", "PgDn", "Enter", "q"
    quit = ("q",)
    top = ()                    # goes to the first row
    # A regex that holds exactly while a message's text is on the screen; near
    # the margin, since a list may show how texts begin.
    opened = r"^.{0,30}Marker [\w-]+\."
    # Height of the terminal where messages are opened: the text is in sight.
    open_rows = 24
    # A sleep of the program's own before it logs in, told apart.
    pause = 0.0
    # Does it keep headers on disk?  Else cold and warm are the same.
    caches = True

    def __init__(self, home, user, port, authority=None):
        self.home = home
        self.user = user
        self.port = port
        self.authority = authority      # TLS if set
        os.makedirs(home, exist_ok=True)

    @classmethod
    def installed(cls):
        return shutil.which(cls.binary) is not None

    def forget(self):
        """Throw everything stored away."""
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(self.home)

    def forget_bodies(self):
        """Throw away the texts of messages, where it keeps them."""

    def configure(self):
        """Write the configuration; what is stored stays."""

    def argv(self):
        return [self.binary]

    def environment(self):
        env = {name: value for name, value in os.environ.items()
               if not name.startswith(("XDG_", "MAIL"))}
        env.update(HOME=self.home, LC_ALL="C.UTF-8", MAILCAPS="/dev/null")
        return env

    def log_in(self, term):
        """Answer prompts, where there are any."""

    def row(self, marker):
        """A regex: the row with this subject is in the list."""
        return re.escape(marker)

    def _file(self, name, text, mode=0o600):
        path = os.path.join(self.home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as out:
            out.write(text)
        os.chmod(path, mode)
        return path


class Tercet(Reader):
    name = "tercet"
    top = ("g", "g")
    opened = r"^ {0,3}Marker [\w-]+\."
    # Too few for a second pane, which would show the text early.
    open_rows = 15
    offline = "90d"

    def __init__(self, *args, **keys):
        super().__init__(*args, **keys)
        self.tercet = None

    @classmethod
    def installed(cls):
        try:
            fixture.program()
        except FileNotFoundError:
            return False
        return True

    def forget_bodies(self):
        # They stand in one file with the rest.
        self.forget()
        self.configure()

    def configure(self):
        self.tercet = fixture.Tercet(self.home)
        scheme = "imaps" if self.authority else "imap+insecure"
        keys = {"tls_ca_file": self.authority} if self.authority else {}
        self.tercet.general(offline=self.offline)
        self.tercet.account("bench", "%s://%s@localhost:%d" % (
            scheme, self.user, self.port), PASSWORD, **keys)

    def argv(self):
        return self.tercet.argv()

    def environment(self):
        return self.tercet.environment()


class Mutt(Reader):
    name = binary = "mutt"
    close = "i"
    more = ""

    def configure(self):
        for name in ("headers", "bodies"):
            os.makedirs(os.path.join(self.home, name), exist_ok=True)
        scheme = "imaps" if self.authority else "imap"
        trust = ("set certificate_file=" + self.authority
                 if self.authority else "")
        self._file("muttrc", """\
set folder={scheme}://{user}@localhost:{port}/
set spoolfile=+INBOX
set imap_user={user} imap_pass={password}
set ssl_starttls=no ssl_force_tls=no
{trust}
set header_cache={home}/headers/ message_cachedir={home}/bodies/
set imap_condstore=yes imap_qresync=yes
set sort=reverse-date-received
set quit=yes move=no mark_old=no wait_key=no delete=yes
set mail_check=60 timeout=600 tmpdir={home}
ignore *
unignore from: to: cc: date: subject:
folder-hook . "exec first-entry"
{more}
""".format(scheme=scheme, user=self.user, port=self.port, trust=trust,
           password=PASSWORD, home=self.home, more=self.more))

    def argv(self):
        return [self.binary, "-n", "-F", os.path.join(self.home, "muttrc")]

    def forget_bodies(self):
        bodies = os.path.join(self.home, "bodies")
        shutil.rmtree(bodies, ignore_errors=True)
        os.makedirs(bodies)


class NeoMutt(Mutt):
    name = binary = "neomutt"
    more = "set imap_server_noise=no sidebar_visible=no"


class Alpine(Reader):
    name = binary = "alpine"
    down, page_down, close = "n", "Space", "<"
    caches = False

    def configure(self):
        self.pause = 0.0 if self.authority else 3.0
        for name in (".pine-passfile", ".addressbook", "mail/sent-mail",
                     "mail/saved-messages"):
            self._file(name, "")
        os.makedirs(os.path.join(self.home, ".alpine-smime/.pwd"),
                    exist_ok=True)
        how = "ssl/novalidate-cert" if self.authority else "notls"
        self._file(".pinerc", """\
personal-name=Bench
user-domain=example.org
inbox-path={{localhost:{port}/{how}/user={user}}}INBOX
sort-key=Arrival/Reverse
incoming-startup-rule=first
last-version-used=6.2641
feature-list=quit-without-confirm,expunge-without-confirm
""".format(port=self.port, how=how, user=self.user))

    def argv(self):
        return ["alpine", "-i", "-p", os.path.join(self.home, ".pinerc")]

    def log_in(self, term):
        term.wait_for("PASSWORD:", 30)
        term.press(*PASSWORD, "Enter", settle=False)
        term.wait_for("Preserve password", 60)
        term.press("N", settle=False)


class Aerc(Reader):
    name = binary = "aerc"

    def configure(self):
        scheme = "imaps" if self.authority else "imap+insecure"
        self._file(".config/aerc/accounts.conf", """\
[bench]
source = {scheme}://{user}:{password}@localhost:{port}
default = INBOX
from = Bench <bench@example.org>
cache-headers = true
""".format(scheme=scheme, user=self.user, password=PASSWORD,
           port=self.port))

    def environment(self):
        env = super().environment()
        if self.authority:
            env["SSL_CERT_FILE"] = self.authority
        return env


READERS = (Tercet, NeoMutt, Mutt, Alpine, Aerc)
