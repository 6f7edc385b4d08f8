/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/ascii.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/utf8.h"

enum {
	DIGEST_SIZE = TLS_DIGEST_SIZE,
	NAME_MAX_BYTES = 200, /* of one name in a sentence */
	NAMES_SHOWN = 3,
	NAMES_MAX_BYTES = 1024,
	BUFFER_SIZE = 64 * 1024,
	/* Not one of OpenSSL's own: the pinned key did not match. */
	WRONG_PIN = -1,
};

struct tls {
	SSL_CTX *ctx;
	SSL *ssl;
	char *server; /* "host:port", for sentences */
	bool pinned;
	unsigned char pin[DIGEST_SIZE];
	int verify_error; /* X509_V_ERR_*, WRONG_PIN, or X509_V_OK */
	bool has_certificate;
	struct tls_certificate certificate;
};

/* Bytes from a certificate as text for people: UTF-8, inert and short. */
static char *
inert_text(const char *bytes, size_t len)
{
	struct strbuf text;
	size_t keep;

	strbuf_init(&text, NAME_MAX_BYTES * 3);
	utf8_repair(
		slice_make(bytes, len < NAME_MAX_BYTES ? len : NAME_MAX_BYTES),
		&text);
	keep = utf8_cut(strbuf_slice(&text), NAME_MAX_BYTES);
	strbuf_cut(&text, keep);
	for (size_t i = 0; i < text.len; i++) {
		if (ascii_is_control(text.data[i]))
			text.data[i] = '?';
	}
	return strbuf_take(&text);
}

/* NULL for an empty name. */
static char *
distinguished_name(X509_NAME *name)
{
	unsigned long flags =
		XN_FLAG_ONELINE & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
	BIO *bio;
	char *bytes;
	char *text = NULL;
	long len;

	if (!name || X509_NAME_entry_count(name) == 0)
		return NULL;
	bio = BIO_new(BIO_s_mem());
	if (bio && X509_NAME_print_ex(bio, name, 0, flags) >= 0) {
		len = BIO_get_mem_data(bio, &bytes);
		if (len > 0)
			text = inert_text(bytes, (size_t)len);
	}
	BIO_free(bio);
	return text;
}

static char *
general_name_text(const GENERAL_NAME *name)
{
	char address[INET6_ADDRSTRLEN];
	const ASN1_OCTET_STRING *ip;
	int len;

	if (name->type == GEN_DNS)
		return inert_text(
			(const char *)ASN1_STRING_get0_data(name->d.dNSName),
			(size_t)ASN1_STRING_length(name->d.dNSName));
	if (name->type != GEN_IPADD)
		return NULL;
	ip = name->d.iPAddress;
	len = ASN1_STRING_length(ip);
	if ((len != 4 && len != 16) ||
		!inet_ntop(len == 4 ? AF_INET : AF_INET6,
			ASN1_STRING_get0_data(ip), address, sizeof(address)))
		return NULL;
	return xstrdup(address);
}

/* One attribute of a name; NULL when it has none. */
static char *
name_part(X509_NAME *name, int nid)
{
	int at = X509_NAME_get_index_by_NID(name, nid, -1);
	unsigned char *bytes = NULL;
	char *text;
	int len;

	if (at < 0)
		return NULL;
	len = ASN1_STRING_to_UTF8(&bytes,
		X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (len < 0)
		return NULL;
	text = inert_text((const char *)bytes, (size_t)len);
	OPENSSL_free(bytes);
	return text;
}

/* An issuer in short: its common name, else its organisation. */
static char *
authority_name(X509_NAME *name)
{
	char *text = name_part(name, NID_commonName);

	return text ? text : name_part(name, NID_organizationName);
}

/* Whom the certificate is for: "a.example, b.example and 3 more". */
static char *
host_names(X509 *x)
{
	GENERAL_NAMES *names =
		X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	int n = names ? sk_GENERAL_NAME_num(names) : 0;
	struct strbuf list;
	int shown = 0;
	unsigned more = 0;

	strbuf_init(&list, NAMES_MAX_BYTES);
	for (int i = 0; i < n; i++) {
		char *name CLEANUP(freep) =
			general_name_text(sk_GENERAL_NAME_value(names, i));

		if (!name)
			continue;
		if (shown == NAMES_SHOWN) {
			more++;
			continue;
		}
		strbuf_addf(&list, shown++ > 0 ? ", %s" : "%s", name);
	}
	GENERAL_NAMES_free(names);
	if (shown == 0) {
		strbuf_clear(&list);
		/* As certificates were before they had alternative names. */
		return name_part(X509_get_subject_name(x), NID_commonName);
	}
	if (more > 0) {
		/* TRANSLATORS: behind a list of host names. */
		strbuf_addf(
			&list, P_(" and %u more", " and %u more", more), more);
	}
	return strbuf_take(&list);
}

static int64_t
asn1_seconds(const ASN1_TIME *t)
{
	struct tm tm;

	return t && ASN1_TIME_to_tm(t, &tm) ? (int64_t)timegm(&tm) : 0;
}

static bool
key_digest(X509 *x, unsigned char digest[DIGEST_SIZE])
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	unsigned n = 0;
	bool ok;

	if (len <= 0)
		return false;
	ok = EVP_Digest(der, (size_t)len, digest, &n, EVP_sha256(), NULL) &&
	     n == DIGEST_SIZE;
	OPENSSL_free(der);
	return ok;
}

static void
certificate_clear(struct tls_certificate *certificate)
{
	free(certificate->subject);
	free(certificate->issuer);
	free(certificate->authority);
	free(certificate->names);
	free(certificate->pin);
	free(certificate->reason);
	*certificate = (struct tls_certificate){ 0 };
}

static void
certificate_read(struct tls_certificate *certificate, X509 *x)
{
	unsigned char digest[DIGEST_SIZE];
	struct strbuf pin;

	certificate_clear(certificate);
	certificate->subject = distinguished_name(X509_get_subject_name(x));
	certificate->issuer = distinguished_name(X509_get_issuer_name(x));
	certificate->authority = authority_name(X509_get_issuer_name(x));
	certificate->names = host_names(x);
	certificate->not_before = asn1_seconds(X509_get0_notBefore(x));
	certificate->not_after = asn1_seconds(X509_get0_notAfter(x));
	certificate->self_signed = X509_NAME_cmp(X509_get_subject_name(x),
					   X509_get_issuer_name(x)) == 0;
	if (!key_digest(x, digest))
		return;
	strbuf_init(&pin, 128);
	strbuf_add_str(&pin, "sha256:");
	for (int i = 0; i < DIGEST_SIZE; i++)
		strbuf_addf(&pin, "%02x", digest[i]);
	certificate->pin = strbuf_take(&pin);
}

/* OpenSSL's hook in place of its own verification: looks, then decides. */
static int
verify_certificate(X509_STORE_CTX *store, void *arg)
{
	struct tls *tls = arg;
	X509 *leaf = X509_STORE_CTX_get0_cert(store);
	unsigned char digest[DIGEST_SIZE];
	bool good;

	if (!leaf) {
		tls->verify_error = X509_V_ERR_UNSPECIFIED;
		return 0;
	}
	certificate_read(&tls->certificate, leaf);
	tls->has_certificate = true;
	if (tls->pinned) {
		good = key_digest(leaf, digest) &&
		       CRYPTO_memcmp(digest, tls->pin, DIGEST_SIZE) == 0;
		tls->verify_error = good ? X509_V_OK : WRONG_PIN;
		X509_STORE_CTX_set_error(store,
			good ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
	} else {
		good = X509_verify_cert(store) == 1;
		tls->verify_error = X509_STORE_CTX_get_error(store);
	}
	tls->certificate.trusted = good;
	return good;
}

static bool
is_address(const char *host)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, host, bytes) == 1 ||
	       inet_pton(AF_INET6, host, bytes) == 1;
}

static SSL_CTX *
new_context(struct tls *tls, const char *ca_file, struct error *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	ASSERT(ctx);
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(
		ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				      SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_default_read_buffer_len(ctx, BUFFER_SIZE);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, verify_certificate, tls);
	if (tls->pinned)
		return ctx;
	if (ca_file ? SSL_CTX_load_verify_locations(ctx, ca_file, NULL) == 1
		    : SSL_CTX_set_default_verify_paths(ctx) == 1)
		return ctx;
	error_set(err, ERR_INVALID, _("No certificates can be read from %s"),
		ca_file ? ca_file : X509_get_default_cert_dir());
	error_detail(err, "%s", ERR_error_string(ERR_peek_last_error(), NULL));
	SSL_CTX_free(ctx);
	return NULL;
}

/* Which name or address the certificate must be for; and SNI. */
static bool
expect_host(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	size_t len = strlen(host);
	char *name CLEANUP(freep) = NULL;

	if (is_address(host))
		return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1;
	if (len > 1 && host[len - 1] == '.')
		len--;
	name = xmemdup0(host, len);
	X509_VERIFY_PARAM_set_hostflags(
		param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(param, name, 0) == 1 &&
	       SSL_set_tlsext_host_name(ssl, name) == 1;
}

bool
tls_new(const struct endpoint *endpoint, int fd, struct tls **ret_tls,
	struct error *err)
{
	struct tls *tls;

	ERR_clear_error();
	tls = xnew(struct tls);
	tls->server =
		xasprintf(strchr(endpoint->host, ':') ? "[%s]:%u" : "%s:%u",
			endpoint->host, endpoint->port);
	tls->verify_error = X509_V_OK;
	tls->pinned = endpoint->pin != NULL;
	if (tls->pinned && !tls_pin_parse(endpoint->pin, tls->pin)) {
		tls_free(tls);
		return error_set(err, ERR_INVALID,
			_("A pin is \"sha256:\" and 64 hexadecimal digits, or 32 bytes in base64"));
	}
	tls->ctx = new_context(tls, endpoint->ca_file, err);
	if (!tls->ctx) {
		tls_free(tls);
		return false;
	}
	tls->ssl = SSL_new(tls->ctx);
	ASSERT(tls->ssl);
	if (!expect_host(tls->ssl, endpoint->host) ||
		SSL_set_fd(tls->ssl, fd) != 1) {
		tls_free(tls);
		return error_set(err, ERR_INVALID,
			_("%s is no host name TLS can check"), endpoint->host);
	}
	*ret_tls = tls;
	return true;
}

void
tls_free(struct tls *tls)
{
	if (!tls)
		return;
	SSL_free(tls->ssl);
	SSL_CTX_free(tls->ctx);
	certificate_clear(&tls->certificate);
	free(tls->server);
	free(tls);
	ERR_clear_error();
}

static void
day_text(int64_t seconds, char *text, size_t cap)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || strftime(text, cap, "%Y-%m-%d", &tm) == 0)
		snprintf(text, cap, "?");
}

/* Why the certificate was refused, as a sentence. */
static void
explain_certificate(const struct tls *tls, struct error *err)
{
	const struct tls_certificate *c = &tls->certificate;
	const char *names = c->names ? c->names : _("nobody in particular");
	const char *issuer =
		c->authority ? c->authority : _("somebody unnamed");
	const char *server = tls->server;
	char day[32];

	switch (tls->verify_error) {
	case WRONG_PIN:
		error_set(err, ERR_UNTRUSTED,
			_("The key of %s is not the pinned one"), server);
		break;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		day_text(c->not_after, day, sizeof(day));
		error_set(err, ERR_UNTRUSTED,
			_("The certificate of %s expired on %s"), server, day);
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		day_text(c->not_before, day, sizeof(day));
		error_set(err, ERR_UNTRUSTED,
			_("The certificate of %s is valid only from %s; or this machine's clock is wrong"),
			server, day);
		break;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		error_set(err, ERR_UNTRUSTED,
			_("The certificate of %s is for %s, not for this host"),
			server, names);
		break;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		error_set(err, ERR_UNTRUSTED,
			_("The certificate of %s is signed by itself: nobody vouches for it"),
			server);
		break;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		error_set(err, ERR_UNTRUSTED,
			_("The certificate of %s was issued by %s, which is not trusted here"),
			server, issuer);
		break;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_CA_MD_TOO_WEAK:
		error_set(err, ERR_UNTRUSTED,
			_("The certificate of %s is too weak: its key is too short or its signature outdated"),
			server);
		break;
	default:
		error_set(err, ERR_UNTRUSTED,
			_("The certificate of %s cannot be trusted: %s"),
			server,
			X509_verify_cert_error_string(tls->verify_error));
		break;
	}
}

static void
certificate_fault(struct tls *tls, struct error *err)
{
	struct tls_certificate *c = &tls->certificate;
	char from[32];
	char until[32];

	explain_certificate(tls, err);
	day_text(c->not_before, from, sizeof(from));
	day_text(c->not_after, until, sizeof(until));
	error_detail(err,
		"subject \"%s\", issuer \"%s\", names \"%s\", valid %s to %s, key %s",
		c->subject ? c->subject : "", c->issuer ? c->issuer : "",
		c->names ? c->names : "", from, until, c->pin ? c->pin : "?");
	str_replace(&c->reason, err->text);
}

/* An error out of OpenSSL's queue, as a sentence. */
static void
explain_failure(struct tls *tls, bool in_handshake, struct error *err)
{
	unsigned long code = ERR_peek_error();
	const char *why = ERR_reason_error_string(code);
	int reason =
		ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;

	if (in_handshake && tls->verify_error != X509_V_OK) {
		certificate_fault(tls, err);
		return;
	}
	switch (in_handshake ? reason : 0) {
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_VERSION_TOO_LOW:
	case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
		error_set(err, ERR_UNTRUSTED,
			_("%s offers only TLS older than 1.2"), tls->server);
		break;
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_PACKET_LENGTH_TOO_LONG:
	case SSL_R_UNEXPECTED_MESSAGE:
	case SSL_R_BAD_RECORD_TYPE:
		error_set(err, ERR_UNTRUSTED, _("%s does not speak TLS here"),
			tls->server);
		error_because(err, CAUSE_NO_TLS);
		break;
	case 0:
		error_set(err, ERR_PROTOCOL,
			_("The encryption of the connection to %s broke"),
			tls->server);
		break;
	default:
		error_set(err, ERR_OFFLINE,
			_("%s and tercet found no way to encrypt: %s"),
			tls->server, why ? why : "?");
		break;
	}
	error_detail(err, "OpenSSL: %s", why ? why : "unknown error");
}

static bool
is_cut_short(void)
{
#ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING
	unsigned long code = ERR_peek_error();

	return ERR_GET_LIB(code) == ERR_LIB_SSL &&
	       ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
#else
	return false;
#endif
}

/* What a call of OpenSSL that returned `ret` means. */
static enum tls_result
judge(struct tls *tls, int ret, bool in_handshake, struct error *err)
{
	int errnum = errno;

	switch (SSL_get_error(tls->ssl, ret)) {
	case SSL_ERROR_NONE:
		return TLS_DONE;
	case SSL_ERROR_WANT_READ:
		return TLS_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return TLS_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_EOF;
	case SSL_ERROR_SYSCALL:
		if (errnum == 0)
			return TLS_EOF;
		error_set_errno(err, ERR_OFFLINE, errnum,
			_("The connection to %s broke"), tls->server);
		return TLS_FAILED;
	default:
		if (is_cut_short())
			return TLS_EOF;
		explain_failure(tls, in_handshake, err);
		return TLS_FAILED;
	}
}

/* What every call of OpenSSL begins with: its errors are global. */
static void
forget_errors(void)
{
	ERR_clear_error();
	errno = 0;
}

enum tls_result
tls_handshake(struct tls *tls, struct error *err)
{
	forget_errors();
	return judge(tls, SSL_connect(tls->ssl), true, err);
}

enum tls_result
tls_read(struct tls *tls, void *buf, size_t cap, size_t *ret_n,
	struct error *err)
{
	forget_errors();
	return judge(tls, SSL_read_ex(tls->ssl, buf, cap, ret_n), false, err);
}

enum tls_result
tls_write(struct tls *tls, const void *buf, size_t len, size_t *ret_n,
	struct error *err)
{
	forget_errors();
	return judge(tls, SSL_write_ex(tls->ssl, buf, len, ret_n), false, err);
}

bool
tls_has_pending(const struct tls *tls)
{
	return SSL_has_pending(tls->ssl) == 1;
}

void
tls_shutdown(struct tls *tls)
{
	ERR_clear_error();
	if (SSL_is_init_finished(tls->ssl))
		SSL_shutdown(tls->ssl);
	ERR_clear_error();
}

const struct tls_certificate *
tls_certificate(const struct tls *tls)
{
	return tls->has_certificate ? &tls->certificate : NULL;
}

const char *
tls_version(const struct tls *tls)
{
	return SSL_is_init_finished(tls->ssl) ? SSL_get_version(tls->ssl)
					      : NULL;
}
