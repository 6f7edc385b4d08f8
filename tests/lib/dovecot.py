# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Dovecot 2.3 for tests: own directory, free loopback ports.

    with Dovecot(users={"ann": "secret"}) as server:
        server.add_messages("ann", "INBOX", [raw, raw])
        ... server.port("imaps") ...

It runs in the foreground as a child of the test, which therefore can reap
it; it is told to end when the test dies.  Started by root, it runs as a
system user without rights (`run_as`); otherwise as whoever starts it.
Nothing outside its directory is touched.
"""

import atexit
import grp
import os
import pwd
import random
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time

import certs

SERVICES = ("imap", "imaps", "pop3", "pop3s", "lmtp")

# What servers announce that are not Dovecot at its best.  A modest one has
# nothing newer than RFC 3501 but what everybody has had for twenty years;
# "condstore" knows modification sequences but cannot tell what vanished.
CAPABILITIES = {
    "full": "",
    "condstore": "IMAP4rev1 LITERAL+ IDLE NAMESPACE ID CHILDREN ENABLE "
                 "CONDSTORE UIDPLUS MOVE UNSELECT SPECIAL-USE",
    "modest": "IMAP4rev1 LITERAL+ IDLE NAMESPACE ID CHILDREN",
}

CONFIG = """\
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
listen = 127.0.0.1
protocols = imap pop3{lmtp_protocol}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
default_vsz_limit = 4G
default_process_limit = 200
first_valid_uid = 1
disable_plaintext_auth = no
login_greeting = Dovecot for tests ready.
auth_mechanisms = {mechanisms}
ssl = {ssl}
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = {location}
mail_fsync = never
mail_max_userip_connections = 1000
mail_plugins = {mail_plugins}
{capability}
{extra}
namespace inbox {{
  inbox = yes
  separator = {separator}
{mailboxes}
}}
passdb {{
  driver = passwd-file
  args = {base}/passwd
}}
userdb {{
  driver = passwd-file
  args = {base}/passwd
  default_fields = uid={user} gid={group}
}}
service anvil {{
  chroot =
{anvil}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
protocol imap {{
  mail_plugins = $mail_plugins {imap_plugins}
  imap_metadata = no
  imap_idle_notify_interval = 2 mins
}}
{lmtp_service}
"""

LMTP_SERVICE = """\
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""

# Dovecot slows down whoever guesses passwords; tests guess a lot.
FAST_FAILURE = "auth_failure_delay = 0"
FAST_FAILURE_ANVIL = """\
  unix_listener anvil-auth-penalty {
    mode = 0
  }"""

MAILBOX = """\
  mailbox {name} {{
    auto = subscribe
{special}  }}"""

SPECIAL_FOLDERS = ("Drafts", "Sent", "Junk", "Trash", "Archive")

LOCATIONS = {
    "maildir": "maildir:~/Maildir",
    "mdbox": "mdbox:~/mdbox",
    "sdbox": "sdbox:~/sdbox",
}

# A server that has seen these headers before answers from its index, as
# one that is in use does.
CACHED_FIELDS = """\
mail_always_cache_fields = flags date.received size.virtual size.physical \
imap.envelope imap.bodystructure imap.body mime.parts hdr.date hdr.from \
hdr.sender hdr.reply-to hdr.to hdr.cc hdr.bcc hdr.subject hdr.message-id \
hdr.in-reply-to hdr.references hdr.content-type hdr.list-id hdr.list-post \
hdr.list-unsubscribe hdr.x-label hdr.x-priority hdr.priority \
hdr.importance hdr.newsgroups hdr.lines hdr.content-description \
hdr.list-subscribe hdr.delivered-to hdr.received hdr.x-original-to \
hdr.resent-date hdr.resent-from hdr.resent-to hdr.followup-to \
hdr.auto-submitted hdr.authentication-results hdr.content-language
mail_cache_max_size = 1G
mdbox_rotate_size = 64M
"""


class DovecotError(Exception):
    """Dovecot is missing, did not start, or refused a command."""


def available():
    return binary() is not None


def binary():
    for path in ("/usr/sbin/dovecot", shutil.which("dovecot")):
        if path and os.access(path, os.X_OK):
            return path
    return None


def short_temporary_directory(prefix):
    """A new directory with a path short enough for Unix sockets."""
    parent = tempfile.gettempdir()
    if len(parent) > 40:
        parent = "/tmp"
    return tempfile.mkdtemp(prefix=prefix, dir=parent)


def port_range():
    """Ports that no outgoing connection is given while a server is down."""
    try:
        with open("/proc/sys/net/ipv4/ip_local_port_range") as limits:
            first = int(limits.read().split()[0])
    except (OSError, ValueError):
        first = 32768
    return (10000, first) if first > 12000 else (40000, 65000)


def free_ports(count):
    """Ports nobody listens on.  Others may still take one: retry then."""
    sockets = []
    try:
        while len(sockets) < count:
            one = socket.socket()
            try:
                one.bind(("127.0.0.1", random.randrange(*port_range())))
                sockets.append(one)
            except OSError:
                one.close()
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class Dovecot:
    """One private server.  Options:

    users         {name: password}
    storage       maildir, mdbox or sdbox
    kind          one of CAPABILITIES: what it announces.  It still does
                  what it does not announce; a proxy shows who asks for it
    special_use   say which folders are for drafts, sent mail and so on
    compress      offer COMPRESS=DEFLATE
    plugins       more of Dovecot's own: acl, quota
    mechanisms    SASL mechanisms, as Dovecot spells them
    tls           False: neither STARTTLS nor implicit TLS
    certificate   one of certs.VARIANTS
    separator     of the folder hierarchy
    directory     keep everything there, for the next time as well
    run_as        the user root becomes
    """

    def __init__(self, users=None, storage="maildir", kind="full",
                 special_use=True, compress=False, mechanisms=("plain", "login"), tls=True,
                 certificate="good", separator="/", directory=None,
                 run_as="mail", cached_fields=False, extra="", plugins=()):
        self.users = dict(users or {"ann": "secret"})
        self.storage = storage
        self.kind = kind
        self.special_use = special_use and kind != "modest"
        self.compress = compress
        self.plugins = list(plugins) + (["zlib"] if compress else [])
        self.mechanisms = tuple(mechanisms)
        self.tls = tls
        self.certificate = certificate
        self.separator = separator
        self.extra = extra + (CACHED_FIELDS if cached_fields else "")
        self.keep = directory is not None
        self.directory = directory or short_temporary_directory("tercet-dc.")
        self.has_lmtp = os.path.exists("/usr/lib/dovecot/lmtp")
        self.process = None
        self.ports = {}
        self._choose_user(run_as)
        self._prepare()
        atexit.register(self.close)

    # -- life ----------------------------------------------------------

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *unused):
        self.close()

    def start(self):
        """Start and wait until it answers; ports stay as they were."""
        if self.running():
            return
        if binary() is None:
            raise DovecotError("dovecot is not installed")
        stays = bool(self.ports)
        for attempt in range(5):
            if not stays:
                self.ports = dict(zip(SERVICES, free_ports(len(SERVICES))))
            self._write_config()
            self.process = subprocess.Popen(
                self._as_user(binary(), "-F", "-c", self._config_file()),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, start_new_session=True,
                cwd=self.directory)
            if self._wait_until_up():
                return
            complaint = self.process.stderr.read().decode("utf-8", "replace")
            self.stop()
            time.sleep(0.2 * attempt)
        raise DovecotError("dovecot does not start: %s\n%s" % (
            complaint, self.log()[-2000:]))

    def stop(self):
        """End it and every process of its own, and wait for that."""
        if self.process is None:
            return
        self._end(signal.SIGTERM, 10)

    def kill(self):
        """Pull the plug: nothing gets to say goodbye."""
        if self.process is None:
            return
        self._end(signal.SIGKILL, 10)

    def restart(self):
        self.stop()
        self.start()

    def reload(self):
        self._write_config()
        self.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)

    def close(self):
        self.stop()
        if not self.keep:
            shutil.rmtree(self.directory, ignore_errors=True)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def use_certificate(self, variant):
        """Take another certificate; a running server is restarted."""
        self.certificate = variant
        if self.running():
            self.restart()

    # -- facts ---------------------------------------------------------

    def port(self, service):
        return self.ports[service]

    @property
    def authority(self):
        return os.path.join(self.directory, "tls", "ca.pem")

    def pin(self):
        return certs.spki_pin(os.path.join(self.directory, "tls"),
                              self.certificate)

    def log(self):
        try:
            with open(os.path.join(self.directory, "log"),
                      encoding="utf-8", errors="replace") as log:
                return log.read()
        except OSError:
            return ""

    def pids_of(self, name):
        """Process ids of this server whose command is `name`."""
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit() and self._owns(int(entry)):
                try:
                    with open("/proc/%s/comm" % entry) as comm:
                        if comm.read().strip() == name:
                            found.append(int(entry))
                except OSError:
                    pass
        return found

    def drop_connections(self):
        """Kill the processes that serve logged-in IMAP clients."""
        for pid in self.pids_of("imap"):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    # -- mail ----------------------------------------------------------

    def doveadm(self, *args, stdin=None, check=True, timeout=600):
        """Run doveadm against this server; its output as text."""
        done = subprocess.run(
            self._as_user("doveadm", "-c", self._config_file(), *args),
            input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=self.directory, timeout=timeout)
        if check and done.returncode != 0:
            raise DovecotError("doveadm %s: %s" % (
                " ".join(args), done.stderr.decode("utf-8", "replace")))
        return done.stdout.decode("utf-8", "replace")

    def deliver(self, user, raw):
        """New mail arrives, as it does: through LMTP into the INBOX."""
        if not self.has_lmtp:
            self.doveadm("save", "-u", user, "-m", "INBOX", stdin=raw)
            return
        with smtplib.LMTP("127.0.0.1", self.port("lmtp"), timeout=30) as lmtp:
            lmtp.sendmail("sender@example.org", [user], raw)

    def add_messages(self, user, folder, messages):
        """Put many messages into a folder at once.

        `messages` are bytes, or (bytes, flags, epoch seconds) with flags in
        Maildir letters, oldest first.
        """
        source = tempfile.mkdtemp(prefix="in.", dir=self.directory)
        try:
            write_maildir(source, messages)
            self.give(source)
            self.import_mail(user, "maildir:" + source, folder)
        finally:
            shutil.rmtree(source, ignore_errors=True)

    def import_mail(self, user, location, folder="INBOX"):
        """Import all mail of a Dovecot mail location's INBOX."""
        if folder != "INBOX":
            self.doveadm("mailbox", "create", "-s", "-u", user, folder,
                         check=False)
            before = self.count(user, "INBOX")
            if before != 0:
                raise DovecotError("fill INBOX last: import passes it by")
        self.doveadm("import", "-u", user, location, "", "ALL",
                     timeout=3600)
        if folder != "INBOX":
            self.doveadm("move", "-u", user, folder, "mailbox", "INBOX",
                         "ALL")

    def count(self, user, folder="INBOX"):
        out = self.doveadm("-f", "tab", "mailbox", "status", "-u", user,
                           "messages", folder)
        return int(out.strip().splitlines()[-1].split("\t")[-1])

    def statuses(self, user):
        """{folder: (messages, unseen)} as the server counts them."""
        out = self.doveadm("-f", "tab", "mailbox", "status", "-u", user,
                           "messages unseen", "*")
        rows = [line.split("\t") for line in out.splitlines()[1:]]
        return {name: (int(total), int(unseen))
                for name, total, unseen in rows}

    def set_uidvalidity(self, user, folder, value):
        self.doveadm("mailbox", "update", "-u", user,
                     "--uid-validity", str(value), folder)

    # -- inside --------------------------------------------------------

    def _choose_user(self, run_as):
        if os.getuid() == 0:
            entry = pwd.getpwnam(run_as)
        else:
            entry = pwd.getpwuid(os.getuid())
        self.user = entry.pw_name
        self.uid = entry.pw_uid
        self.gid = entry.pw_gid
        self.group = grp.getgrgid(entry.pw_gid).gr_name

    def _as_user(self, *argv):
        command = ["setpriv", "--pdeathsig", "TERM"]
        if os.getuid() == 0:
            command += ["--reuid", str(self.uid), "--regid", str(self.gid),
                        "--clear-groups"]
        return command + ["env", "HOME=" + self.directory] + list(argv)

    def _prepare(self):
        os.makedirs(self.directory, exist_ok=True)
        os.chmod(self.directory, 0o755)
        for name in ("run", "state", "mail"):
            os.makedirs(os.path.join(self.directory, name), exist_ok=True)
        certs.make(os.path.join(self.directory, "tls"))
        with open(os.path.join(self.directory, "passwd"), "w") as out:
            for name, password in self.users.items():
                out.write("%s:{PLAIN}%s::::%s\n" % (
                    name, password, self.home(name)))
        for name in ("", "run", "state", "mail", "tls", "passwd"):
            self.give(os.path.join(self.directory, name),
                       deep=name in ("tls", "passwd"))

    def home(self, user):
        return os.path.join(self.directory, "mail", user)

    def give(self, path, deep=True):
        """Make the user that Dovecot runs as the owner."""
        if os.getuid() != 0:
            return
        os.chown(path, self.uid, self.gid)
        if deep:
            for top, directories, files in os.walk(path):
                for name in directories + files:
                    os.chown(os.path.join(top, name), self.uid, self.gid)

    def _config_file(self):
        return os.path.join(self.directory, "dovecot.conf")

    def _mailboxes(self):
        boxes = []
        for name in SPECIAL_FOLDERS:
            special = ("    special_use = \\%s\n" % name
                       if self.special_use else "")
            boxes.append(MAILBOX.format(name=name, special=special))
        return "\n".join(boxes)

    def _write_config(self):
        certificate, key = certs.paths(
            os.path.join(self.directory, "tls"), self.certificate)
        capability = CAPABILITIES[self.kind]
        if capability:
            capability = "imap_capability = " + capability
        text = CONFIG.format(
            base=self.directory, user=self.user, group=self.group,
            mechanisms=" ".join(self.mechanisms),
            ssl="yes" if self.tls else "no",
            certificate=certificate, key=key,
            location=LOCATIONS[self.storage],
            mail_plugins=" ".join(self.plugins),
            imap_plugins=" ".join("imap_" + name for name in self.plugins),
            capability=capability, extra=FAST_FAILURE + "\n" + self.extra,
            anvil=FAST_FAILURE_ANVIL, separator=self.separator,
            mailboxes=self._mailboxes(),
            lmtp_protocol=" lmtp" if self.has_lmtp else "",
            lmtp_service=LMTP_SERVICE.format(**self.ports)
            if self.has_lmtp else "",
            **{name: self.ports[name] for name in
               ("imap", "imaps", "pop3", "pop3s")})
        with open(self._config_file(), "w") as out:
            out.write(text)
        self.give(self._config_file(), deep=False)

    def _wait_until_up(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                return False
            if self._greets():
                return True
            time.sleep(0.05)
        return False

    def _greets(self):
        try:
            with socket.create_connection(
                    ("127.0.0.1", self.port("imap")), 5) as probe:
                return b"OK" in probe.recv(4096)
        except OSError:
            return False

    def _owns(self, pid):
        """Is this a living process of this server (by its session)?"""
        try:
            if os.getsid(pid) != self.process.pid:
                return False
            with open("/proc/%d/stat" % pid) as stat:
                return stat.read().rpartition(") ")[2][0] not in "ZX"
        except (OSError, AttributeError):
            return False

    def _members(self):
        return [int(entry) for entry in os.listdir("/proc")
                if entry.isdigit() and self._owns(int(entry))]

    def _end(self, how, patience):
        members = self._members()
        if how == signal.SIGKILL:
            for pid in members:
                _signal(pid, signal.SIGKILL)
        else:
            self.process.send_signal(how)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        deadline = time.monotonic() + 5
        while self._members() and time.monotonic() < deadline:
            time.sleep(0.02)
        for pid in self._members():
            _signal(pid, signal.SIGKILL)
        self.process.stderr.close()
        self.process = None


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def write_maildir(directory, messages):
    """Write messages as a Maildir, keeping their order and dates."""
    for name in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(directory, name), exist_ok=True)
    for number, message in enumerate(messages):
        raw, flags, when = message, "", 1600000000 + number
        if isinstance(message, tuple):
            raw, flags, when = message
        path = os.path.join(directory, "cur", "%d.M%06dP1.test:2,%s" % (
            when, number % 1000000, "".join(sorted(flags))))
        with open(path, "wb") as out:
            out.write(raw)
        os.utime(path, (when, when))
