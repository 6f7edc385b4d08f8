/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS against servers with every kind of certificate, made here, each in a
 * thread at the other end of a socket pair.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "net/frame.h"
#include "net/wire.h"

#include "net_peer.h"
#include "tap.h"

enum { DAY = 24 * 60 * 60, MS = 1000, BULK = 8 * 1024 * 1024 };

static EVP_PKEY *ca_key;
static X509 *ca;
static char ca_file[] = "/tmp/tercet-ca-XXXXXX";

struct recipe {
	const char *cn;
	const char *names; /* subjectAltName, or NULL */
	int from_days;
	int to_days;
	enum { BY_CA, BY_ITSELF, BY_STRANGER } signer;
	bool weak;
};

static void
add_extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	if (!extension || !X509_add_ext(x, extension, -1))
		abort();
	X509_EXTENSION_free(extension);
}

static X509 *
make_certificate(const struct recipe *recipe, EVP_PKEY *key, X509 *issuer,
	EVP_PKEY *issuer_key, bool is_ca)
{
	static long serial = 1;
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
	X509_gmtime_adj(X509_getm_notBefore(x), (long)recipe->from_days * DAY);
	X509_gmtime_adj(X509_getm_notAfter(x), (long)recipe->to_days * DAY);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		(const unsigned char *)recipe->cn, -1, -1, 0);
	X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : name);
	X509_set_pubkey(x, key);
	if (is_ca)
		add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
	if (recipe->names)
		add_extension(x, NID_subject_alt_name, recipe->names);
	if (!X509_sign(x, issuer_key ? issuer_key : key, EVP_sha256()))
		abort();
	return x;
}

static void
make_ca(void)
{
	static const struct recipe recipe = { "Tercet Test CA", NULL, -1, 10,
		BY_ITSELF, false };
	FILE *file;
	int fd = mkstemp(ca_file);

	ca_key = EVP_EC_gen("P-256");
	ca = make_certificate(&recipe, ca_key, NULL, NULL, true);
	file = fdopen(fd, "w");
	if (!file || !PEM_write_X509(file, ca))
		abort();
	fclose(file);
}

/* --- servers ----------------------------------------------------------- */

enum behaviour {
	ECHO,      /* TLS, a greeting, then what it hears */
	HOLD,      /* TLS, then nothing */
	SEND_BULK, /* TLS, then BULK bytes, then reads as many */
	NO_TLS,    /* a greeting in the clear */
	CLOSE_AT_ONCE,
	STALL,
	INJECT_LATE, /* more in the clear where TLS should begin */
};

struct server {
	SSL_CTX *ctx;
	int fd;
	int client_fd;
	enum behaviour behaviour;
	struct thread *thread;
	size_t received;
};

static SSL_CTX *
server_context(const struct recipe *recipe, bool old)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = recipe->weak ? EVP_RSA_gen(1024) : EVP_EC_gen("P-256");
	EVP_PKEY *stranger_key = EVP_EC_gen("P-256");
	static const struct recipe stranger = { "Stranger\x1b[31m", NULL, -1,
		10, BY_ITSELF, false };
	X509 *strange_ca =
		make_certificate(&stranger, stranger_key, NULL, NULL, true);
	X509 *x = NULL;

	switch (recipe->signer) {
	case BY_CA:
		x = make_certificate(recipe, key, ca, ca_key, false);
		break;
	case BY_ITSELF:
		x = make_certificate(recipe, key, NULL, NULL, false);
		break;
	case BY_STRANGER:
		x = make_certificate(
			recipe, key, strange_ca, stranger_key, false);
		break;
	}
	SSL_CTX_set_security_level(ctx, 0);
	if (old) {
		SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
		SSL_CTX_set_max_proto_version(ctx, TLS1_1_VERSION);
	}
	if (SSL_CTX_use_certificate(ctx, x) != 1 ||
		SSL_CTX_use_PrivateKey(ctx, key) != 1)
		abort();
	X509_free(x);
	X509_free(strange_ca);
	EVP_PKEY_free(key);
	EVP_PKEY_free(stranger_key);
	return ctx;
}

static void
bulk(struct server *server, SSL *ssl)
{
	char *bytes CLEANUP(freep) = xmalloc(BULK);
	int n;

	for (size_t i = 0; i < BULK; i++)
		bytes[i] = (char)(i % 251);
	if (SSL_write(ssl, bytes, BULK) != BULK)
		return;
	while (server->received < BULK && (n = SSL_read(ssl, bytes, BULK)) > 0)
		server->received += (size_t)n;
}

static void
speak_tls(struct server *server)
{
	SSL *ssl = SSL_new(server->ctx);
	char bytes[1000];
	int n;

	SSL_set_fd(ssl, server->fd);
	if (SSL_accept(ssl) == 1) {
		if (server->behaviour == ECHO)
			SSL_write(ssl, "* OK hi\r\n", 9);
		if (server->behaviour == SEND_BULK)
			bulk(server, ssl);
		while ((n = SSL_read(ssl, bytes, sizeof(bytes))) > 0 &&
			server->behaviour == ECHO)
			SSL_write(ssl, bytes, n);
		SSL_shutdown(ssl);
	}
	SSL_free(ssl);
}

static void
server_run(void *arg)
{
	struct server *server = arg;

	switch (server->behaviour) {
	case ECHO:
	case HOLD:
	case SEND_BULK:
		speak_tls(server);
		break;
	case NO_TLS:
		send_all(server->fd, "* OK in the clear\r\n", 19);
		read_to_end(server->fd);
		break;
	case INJECT_LATE:
		usleep(50 * MS);
		send_all(server->fd, "* CAPABILITY X\r\n", 16);
		read_to_end(server->fd);
		break;
	case STALL:
		read_to_end(server->fd);
		break;
	case CLOSE_AT_ONCE:
		break;
	}
	shutdown(server->fd, SHUT_RDWR);
}

static void
server_start(struct server *server, SSL_CTX *ctx, enum behaviour behaviour)
{
	struct error err = ERROR_INIT;
	int fds[2];

	*server = (struct server){ .ctx = ctx, .behaviour = behaviour };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		abort();
	server->fd = fds[0];
	server->client_fd = fds[1];
	if (!thread_start("tls", server_run, server, &server->thread, &err))
		abort();
}

/* The client's end belongs to its wire. */
static void
server_stop(struct server *server)
{
	shutdown(server->fd, SHUT_RDWR);
	thread_join(server->thread);
	close(server->fd);
	SSL_CTX_free(server->ctx);
}

/* --- certificates ------------------------------------------------------ */

#define GOOD_NAME "DNS:imap.example.net"

enum pin { NO_PIN, RIGHT_PIN, RIGHT_PIN_BASE64, WRONG_PIN };

static const struct {
	const char *name;
	struct recipe recipe;
	const char *host;
	bool with_ca;
	enum pin pin;
	const char *want; /* of the sentence; NULL: trusted */
} certificates[] = {
	{ "right", { "x", GOOD_NAME, -1, 10, BY_CA, false }, "imap.example.net",
		true, NO_PIN, NULL },
	{ "right, name with a final dot",
		{ "x", GOOD_NAME, -1, 10, BY_CA, false }, "imap.example.net.",
		true, NO_PIN, NULL },
	{ "right, in capitals", { "x", GOOD_NAME, -1, 10, BY_CA, false },
		"IMAP.Example.NET", true, NO_PIN, NULL },
	{ "right, by a wildcard",
		{ "x", "DNS:*.example.net", -1, 10, BY_CA, false },
		"imap.example.net", true, NO_PIN, NULL },
	{ "common name only",
		{ "imap.example.net", NULL, -1, 10, BY_CA, false },
		"imap.example.net", true, NO_PIN, NULL },
	{ "right address", { "x", "IP:192.0.2.7", -1, 10, BY_CA, false },
		"192.0.2.7", true, NO_PIN, NULL },
	{ "right IPv6 address", { "x", "IP:2001:db8::7", -1, 10, BY_CA, false },
		"2001:db8::7", true, NO_PIN, NULL },
	{ "its issuer is not the system's",
		{ "x", GOOD_NAME, -1, 10, BY_CA, false }, "imap.example.net",
		false, NO_PIN,
		"was issued by Tercet Test CA, which is not trusted" },
	{ "a strange issuer", { "x", GOOD_NAME, -1, 10, BY_STRANGER, false },
		"imap.example.net", true, NO_PIN, "which is not trusted" },
	{ "another name", { "x", "DNS:other.example", -1, 10, BY_CA, false },
		"imap.example.net", true, NO_PIN,
		"of imap.example.net:993 is for other.example, not for this "
		"host" },
	{ "other names",
		{ "x", "DNS:a.b,DNS:c.d,IP:192.0.2.1,DNS:e.f,DNS:g.h", -1, 10,
			BY_CA, false },
		"imap.example.net", true, NO_PIN,
		"is for a.b, c.d, 192.0.2.1 and 2 more, not" },
	{ "a wildcard too deep",
		{ "x", "DNS:*.example.net", -1, 10, BY_CA, false },
		"a.imap.example.net", true, NO_PIN, "not for this host" },
	{ "half a wildcard",
		{ "x", "DNS:im*.example.net", -1, 10, BY_CA, false },
		"imap.example.net", true, NO_PIN, "not for this host" },
	{ "another address", { "x", "IP:192.0.2.8", -1, 10, BY_CA, false },
		"192.0.2.7", true, NO_PIN, "is for 192.0.2.8, not" },
	{ "an address as a name",
		{ "192.0.2.7", "DNS:192.0.2.7", -1, 10, BY_CA, false },
		"192.0.2.7", true, NO_PIN, "not for this host" },
	{ "expired", { "x", GOOD_NAME, -10, -1, BY_CA, false },
		"imap.example.net", true, NO_PIN, "expired on 20" },
	{ "not yet valid", { "x", GOOD_NAME, 2, 10, BY_CA, false },
		"imap.example.net", true, NO_PIN, "is valid only from 20" },
	{ "self-signed", { "x", GOOD_NAME, -1, 10, BY_ITSELF, false },
		"imap.example.net", true, NO_PIN, "is signed by itself" },
	{ "weak", { "x", GOOD_NAME, -1, 10, BY_CA, true }, "imap.example.net",
		true, NO_PIN, "is too weak" },
	{ "self-signed, pinned",
		{ "x", "DNS:other.example", -1, 10, BY_ITSELF, false },
		"imap.example.net", false, RIGHT_PIN, NULL },
	{ "expired, pinned in base64",
		{ "x", GOOD_NAME, -10, -1, BY_STRANGER, false },
		"imap.example.net", false, RIGHT_PIN_BASE64, NULL },
	{ "right, but another one is pinned",
		{ "x", GOOD_NAME, -1, 10, BY_CA, false }, "imap.example.net",
		true, WRONG_PIN,
		"The key of imap.example.net:993 is not the pinned one" },
};

/* The pin of a server's key, as a user would write it. */
static char *
make_pin(SSL_CTX *ctx, enum pin kind)
{
	unsigned char digest[32];
	unsigned char text[100];
	unsigned n = 0;
	unsigned char *der = NULL;
	EVP_PKEY *key = X509_get0_pubkey(SSL_CTX_get0_certificate(ctx));
	int len = i2d_PUBKEY(key, &der);
	struct strbuf pin;

	if (kind == NO_PIN)
		return (OPENSSL_free(der), NULL);
	EVP_Digest(der, (size_t)len, digest, &n, EVP_sha256(), NULL);
	OPENSSL_free(der);
	if (kind == WRONG_PIN)
		digest[31] ^= 1;
	strbuf_init(&pin, 200);
	strbuf_add_str(&pin, "sha256:");
	if (kind == RIGHT_PIN_BASE64) {
		EVP_EncodeBlock(text, digest, sizeof(digest));
		strbuf_add_str(&pin, (char *)text);
	} else {
		for (unsigned i = 0; i < n; i++)
			strbuf_addf(&pin, "%02X", digest[i]);
	}
	return strbuf_take(&pin);
}

/* Connects to `server`, at once or by STARTTLS. */
static struct wire *
client_open(struct server *server, const struct endpoint *endpoint,
	bool *ret_good, struct error *err)
{
	struct wire *wire = wire_new(endpoint, NULL, TRACE_NONE);

	*ret_good = wire_adopt(wire, server->client_fd, err);
	if (*ret_good && endpoint->security == SECURITY_STARTTLS)
		*ret_good = wire_start_tls(wire, NULL, err);
	return wire;
}

static bool
hear_greeting(struct wire *wire)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct slice line;

	return wire_read_line(wire, 100, &line, &err) &&
	       slice_eq(line, SLICE("* OK hi")) &&
	       wire_write(wire, SLICE("ping\r\n"), &err) &&
	       wire_read_line(wire, 100, &line, &err) &&
	       slice_eq(line, SLICE("ping"));
}

static void
check_certificate(size_t i, enum security security)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	SSL_CTX *ctx = server_context(&certificates[i].recipe, false);
	char *pin CLEANUP(freep) = make_pin(ctx, certificates[i].pin);
	struct endpoint endpoint = {
		.host = (char *)certificates[i].host,
		.port = 993,
		.security = security,
		.ca_file = certificates[i].with_ca ? ca_file : NULL,
		.pin = pin,
	};
	struct server server;
	struct wire *wire;
	const struct tls_certificate *c;
	bool good;
	bool as_wanted;

	server_start(&server, ctx, ECHO);
	wire = client_open(&server, &endpoint, &good, &err);
	c = wire_certificate(wire);
	if (certificates[i].want)
		as_wanted = !good && err.kind == ERR_UNTRUSTED &&
			    strstr(err.text, certificates[i].want) && c &&
			    !c->trusted && c->reason &&
			    strcmp(c->reason, err.text) == 0 &&
			    !wire_is_encrypted(wire) && err.detail &&
			    strstr(err.detail, c->pin) &&
			    !strchr(err.detail, '\x1b');
	else
		as_wanted = good && c && c->trusted &&
			    wire_is_encrypted(wire) && hear_greeting(wire);
	ok(as_wanted, "%s, %s: %s", certificates[i].name,
		security == SECURITY_TLS ? "TLS" : "STARTTLS",
		good ? "trusted" : err.text);
	if (!as_wanted && err.detail)
		printf("# %s\n", err.detail);
	wire_free(wire);
	server_stop(&server);
}

static const struct recipe good_recipe = { "x", GOOD_NAME, -1, 10, BY_CA,
	false };

static struct endpoint
good_endpoint(enum security security)
{
	return (struct endpoint){ .host = (char *)"imap.example.net",
		.port = 993,
		.security = security,
		.ca_file = ca_file };
}

static void
test_servers(void)
{
	static const struct {
		const char *name;
		enum behaviour behaviour;
		bool old;
		enum error_kind kind;
		const char *want;
	} cases[] = {
		{ "TLS 1.1", ECHO, true, ERR_UNTRUSTED,
			"imap.example.net:993 offers only TLS older than "
			"1.2" },
		{ "no TLS", NO_TLS, false, ERR_UNTRUSTED,
			"imap.example.net:993 does not speak TLS here" },
		{ "more words in the clear", INJECT_LATE, false, ERR_UNTRUSTED,
			"imap.example.net:993 does not speak TLS here" },
		{ "gone", CLOSE_AT_ONCE, false, ERR_OFFLINE, "" },
		{ "silence", STALL, false, ERR_OFFLINE,
			"imap.example.net did not answer in time" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct endpoint endpoint = good_endpoint(SECURITY_TLS);
		struct server server;
		struct wire *wire;
		bool good;

		server_start(&server,
			server_context(&good_recipe, cases[i].old),
			cases[i].behaviour);
		wire = wire_new(&endpoint, NULL, TRACE_NONE);
		wire_set_connect_timeout(wire, 1);
		good = wire_adopt(wire, server.client_fd, &err);
		ok(!good && err.kind == cases[i].kind &&
				strncmp(err.text, cases[i].want,
					strlen(cases[i].want)) == 0,
			"%s: %s", cases[i].name, good ? "-" : err.text);
		wire_free(wire);
		server_stop(&server);
	}
}

static void
test_settings(void)
{
	static const struct {
		const char *ca_file;
		const char *pin;
	} cases[] = {
		{ "/nonexistent/ca.pem", NULL },
		{ "/dev/null", NULL },
		{ NULL, "sha256:" },
		{ NULL, "sha256:zz" },
		{ NULL, "md5:00" },
		{ NULL, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct endpoint endpoint = good_endpoint(SECURITY_TLS);
		struct server server;
		struct wire *wire;
		bool good;

		endpoint.ca_file = (char *)cases[i].ca_file;
		endpoint.pin = (char *)cases[i].pin;
		server_start(
			&server, server_context(&good_recipe, false), ECHO);
		wire = client_open(&server, &endpoint, &good, &err);
		ok(!good && err.kind == ERR_INVALID, "unusable: %s",
			good ? "-" : err.text);
		wire_free(wire);
		server_stop(&server);
	}
}

static void
test_pins(void)
{
	static const struct {
		const char *pin;
		bool good;
	} cases[] = {
		{ "sha256:"
		  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c"
		  "1d1e1f",
			true },
		{ "SHA256:00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:"
		  "11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F",
			true },
		{ "sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", true },
		{ "sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", true },
		{ "sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=",
			false },
		{ "sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8==",
			false },
		{ "sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh", false },
		{ "sha256:0001", false },
		{ "sha256:", false },
		{ "sha25", false },
		{ "", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned char digest[TLS_DIGEST_SIZE] = { 0 };
		bool good = tls_pin_parse(cases[i].pin, digest);

		for (size_t k = 0; good && k < sizeof(digest); k++)
			good = digest[k] == k;
		ok(good == cases[i].good, "pin \"%s\"", cases[i].pin);
	}
}

static void
test_starttls_injection(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct endpoint endpoint = good_endpoint(SECURITY_STARTTLS);
	struct server server;
	struct wire *wire;

	server_start(&server, server_context(&good_recipe, false), ECHO);
	wire = wire_new(&endpoint, NULL, TRACE_NONE);
	if (!wire_adopt(wire, server.client_fd, &err))
		abort();
	send_all(server.fd, "* CAPABILITY X\r\n", 16);
	ok(wire_fill(wire, &err) && !wire_start_tls(wire, NULL, &err) &&
			err.kind == ERR_UNTRUSTED && !wire_is_encrypted(wire),
		"bytes read before the handshake are refused");
	wire_free(wire);
	server_stop(&server);
}

static void
test_bulk(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct endpoint endpoint = good_endpoint(SECURITY_TLS);
	struct server server;
	struct wire *wire;
	struct slice got;
	char *bytes CLEANUP(freep) = xcalloc(1, BULK);
	bool good;

	server_start(&server, server_context(&good_recipe, false), SEND_BULK);
	wire = client_open(&server, &endpoint, &good, &err);
	/* It writes all of its own before it reads any of ours. */
	good = good && wire_write(wire, slice_make(bytes, BULK), &err);
	while (good && wire_peek(wire).len < BULK)
		good = wire_fill(wire, &err);
	got = wire_peek(wire);
	for (size_t i = 0; good && i < BULK; i++)
		good = got.data[i] == (char)(i % 251);
	wire_free(wire);
	server_stop(&server);
	ok(good && server.received == BULK, "much both ways at the same time");
}

/* Session tickets come after the handshake and are no news. */
static void
test_wait(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct endpoint endpoint = good_endpoint(SECURITY_TLS);
	struct server server;
	struct wire *wire;
	enum wire_event event;
	bool good;

	server_start(&server, server_context(&good_recipe, false), HOLD);
	wire = client_open(&server, &endpoint, &good, &err);
	ok(good &&
			wire_wait(wire, -1, clock_mono_us() + 100 * MS, &event,
				&err) &&
			event == WIRE_TIMEOUT,
		"nothing but tickets");
	wire_free(wire);
	server_stop(&server);

	server_start(&server, server_context(&good_recipe, false), ECHO);
	wire = client_open(&server, &endpoint, &good, &err);
	ok(good && wire_wait(wire, -1, -1, &event, &err) &&
			event == WIRE_DATA && hear_greeting(wire),
		"a greeting is news");
	shutdown(server.fd, SHUT_RDWR);
	ok(wire_wait(wire, -1, -1, &event, &err) && event == WIRE_DATA &&
			!wire_fill(wire, &err) && err.kind == ERR_OFFLINE,
		"so is the end, without a goodbye");
	wire_free(wire);
	server_stop(&server);
}

static void
test_cancel(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct endpoint endpoint = good_endpoint(SECURITY_TLS);
	struct server server;
	struct cancel cancel;
	struct bomb bomb;
	struct wire *wire;
	int64_t start;
	int64_t took;
	bool failed;

	cancel_init(&cancel);
	server_start(&server, server_context(&good_recipe, false), HOLD);
	wire = wire_new(&endpoint, &cancel, TRACE_NONE);
	if (!wire_adopt(wire, server.client_fd, &err))
		abort();
	bomb_start(&bomb, &cancel, 50);
	start = clock_mono_us();
	failed = !wire_fill(wire, &err);
	took = (clock_mono_us() - start) / MS;
	ok(failed && err.kind == ERR_CANCELLED && took < 2500,
		"reading is cancelled after %d ms", (int)took);
	thread_join(bomb.thread);
	wire_free(wire);
	server_stop(&server);
	cancel_destroy(&cancel);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	make_ca();
	for (size_t i = 0; i < ARRAY_LEN(certificates); i++) {
		check_certificate(i, SECURITY_TLS);
		check_certificate(i, SECURITY_STARTTLS);
	}
	test_servers();
	test_settings();
	test_pins();
	test_starttls_injection();
	test_bulk();
	test_wait();
	test_cancel();
	unlink(ca_file);
	X509_free(ca);
	EVP_PKEY_free(ca_key);
	return tap_done();
}
