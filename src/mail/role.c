/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/role.h"

#include "base/array.h"

static const char *const role_names[] = {
	[ROLE_NONE] = "",
	[ROLE_INBOX] = "inbox",
	[ROLE_ARCHIVE] = "archive",
	[ROLE_DRAFTS] = "drafts",
	[ROLE_SENT] = "sent",
	[ROLE_JUNK] = "junk",
	[ROLE_TRASH] = "trash",
	[ROLE_ALL] = "all",
	[ROLE_FLAGGED] = "flagged",
	[ROLE_IMPORTANT] = "important",
	[ROLE_OUTBOX] = "outbox",
	[ROLE_SNOOZED] = "snoozed",
};

_Static_assert(ARRAY_LEN(role_names) == ROLES, "a name for each role");

static const unsigned char role_ranks[ROLES] = {
	[ROLE_INBOX] = 0,
	[ROLE_FLAGGED] = 1,
	[ROLE_IMPORTANT] = 2,
	[ROLE_SNOOZED] = 3,
	[ROLE_DRAFTS] = 4,
	[ROLE_OUTBOX] = 5,
	[ROLE_SENT] = 6,
	[ROLE_ARCHIVE] = 7,
	[ROLE_ALL] = 8,
	[ROLE_JUNK] = 9,
	[ROLE_TRASH] = 10,
	[ROLE_NONE] = 11,
};

struct word {
	const char *word;
	enum folder_role role;
};

/* RFC 6154, RFC 8457, RFC 9051; Gmail's XLIST had names of its own. */
static const struct word attributes[] = {
	{ "\\Inbox", ROLE_INBOX },
	{ "\\Archive", ROLE_ARCHIVE },
	{ "\\Drafts", ROLE_DRAFTS },
	{ "\\Sent", ROLE_SENT },
	{ "\\Junk", ROLE_JUNK },
	{ "\\Spam", ROLE_JUNK },
	{ "\\Trash", ROLE_TRASH },
	{ "\\All", ROLE_ALL },
	{ "\\AllMail", ROLE_ALL },
	{ "\\Flagged", ROLE_FLAGGED },
	{ "\\Starred", ROLE_FLAGGED },
	{ "\\Important", ROLE_IMPORTANT },
	{ "\\Snoozed", ROLE_SNOOZED },
};

/* What servers and programs call these folders, in their languages. */
static const struct word guesses[] = {
	{ "INBOX", ROLE_INBOX },
	{ "Archive", ROLE_ARCHIVE },
	{ "Archives", ROLE_ARCHIVE },
	{ "Archiv", ROLE_ARCHIVE },
	{ "Archivo", ROLE_ARCHIVE },
	{ "Archief", ROLE_ARCHIVE },
	{ "Archivio", ROLE_ARCHIVE },
	{ "Arkiv", ROLE_ARCHIVE },
	{ "Arquivo", ROLE_ARCHIVE },
	{ "Drafts", ROLE_DRAFTS },
	{ "Draft", ROLE_DRAFTS },
	{ "Entwürfe", ROLE_DRAFTS },
	{ "Brouillons", ROLE_DRAFTS },
	{ "Borradores", ROLE_DRAFTS },
	{ "Bozze", ROLE_DRAFTS },
	{ "Concepten", ROLE_DRAFTS },
	{ "Rascunhos", ROLE_DRAFTS },
	{ "Utkast", ROLE_DRAFTS },
	{ "Kladder", ROLE_DRAFTS },
	{ "Luonnokset", ROLE_DRAFTS },
	{ "Szkice", ROLE_DRAFTS },
	{ "Kopie robocze", ROLE_DRAFTS },
	{ "Koncepty", ROLE_DRAFTS },
	{ "Taslaklar", ROLE_DRAFTS },
	{ "Черновики", ROLE_DRAFTS },
	{ "Чернетки", ROLE_DRAFTS },
	{ "草稿", ROLE_DRAFTS },
	{ "草稿箱", ROLE_DRAFTS },
	{ "下書き", ROLE_DRAFTS },
	{ "임시보관함", ROLE_DRAFTS },
	{ "Sent", ROLE_SENT },
	{ "Sent Items", ROLE_SENT },
	{ "Sent Mail", ROLE_SENT },
	{ "Sent Messages", ROLE_SENT },
	{ "Sent-Mail", ROLE_SENT },
	{ "Gesendet", ROLE_SENT },
	{ "Gesendete Elemente", ROLE_SENT },
	{ "Gesendete Objekte", ROLE_SENT },
	{ "Envoyés", ROLE_SENT },
	{ "Messages envoyés", ROLE_SENT },
	{ "Éléments envoyés", ROLE_SENT },
	{ "Enviados", ROLE_SENT },
	{ "Elementos enviados", ROLE_SENT },
	{ "Itens enviados", ROLE_SENT },
	{ "Inviata", ROLE_SENT },
	{ "Posta inviata", ROLE_SENT },
	{ "Verzonden", ROLE_SENT },
	{ "Verzonden items", ROLE_SENT },
	{ "Skickat", ROLE_SENT },
	{ "Sendt", ROLE_SENT },
	{ "Sendt post", ROLE_SENT },
	{ "Lähetetyt", ROLE_SENT },
	{ "Wysłane", ROLE_SENT },
	{ "Odeslané", ROLE_SENT },
	{ "Odeslaná pošta", ROLE_SENT },
	{ "Gönderilmiş Öğeler", ROLE_SENT },
	{ "Отправленные", ROLE_SENT },
	{ "Надіслані", ROLE_SENT },
	{ "已发送", ROLE_SENT },
	{ "已发送邮件", ROLE_SENT },
	{ "寄件備份", ROLE_SENT },
	{ "送信済み", ROLE_SENT },
	{ "보낸편지함", ROLE_SENT },
	{ "Junk", ROLE_JUNK },
	{ "Spam", ROLE_JUNK },
	{ "Junk E-mail", ROLE_JUNK },
	{ "Junk Email", ROLE_JUNK },
	{ "Junk Mail", ROLE_JUNK },
	{ "Bulk Mail", ROLE_JUNK },
	{ "Spamverdacht", ROLE_JUNK },
	{ "Unerwünscht", ROLE_JUNK },
	{ "Indésirables", ROLE_JUNK },
	{ "Courrier indésirable", ROLE_JUNK },
	{ "Correo no deseado", ROLE_JUNK },
	{ "Posta indesiderata", ROLE_JUNK },
	{ "Lixo eletrônico", ROLE_JUNK },
	{ "Ongewenste e-mail", ROLE_JUNK },
	{ "Skräppost", ROLE_JUNK },
	{ "Спам", ROLE_JUNK },
	{ "垃圾邮件", ROLE_JUNK },
	{ "垃圾郵件", ROLE_JUNK },
	{ "迷惑メール", ROLE_JUNK },
	{ "스팸메일함", ROLE_JUNK },
	{ "Trash", ROLE_TRASH },
	{ "Deleted Items", ROLE_TRASH },
	{ "Deleted Messages", ROLE_TRASH },
	{ "Deleted", ROLE_TRASH },
	{ "Bin", ROLE_TRASH },
	{ "Papierkorb", ROLE_TRASH },
	{ "Gelöscht", ROLE_TRASH },
	{ "Gelöschte Elemente", ROLE_TRASH },
	{ "Gelöschte Objekte", ROLE_TRASH },
	{ "Corbeille", ROLE_TRASH },
	{ "Éléments supprimés", ROLE_TRASH },
	{ "Papelera", ROLE_TRASH },
	{ "Elementos eliminados", ROLE_TRASH },
	{ "Cestino", ROLE_TRASH },
	{ "Posta eliminata", ROLE_TRASH },
	{ "Lixeira", ROLE_TRASH },
	{ "Itens excluídos", ROLE_TRASH },
	{ "Prullenbak", ROLE_TRASH },
	{ "Verwijderde items", ROLE_TRASH },
	{ "Papperskorgen", ROLE_TRASH },
	{ "Papirkurv", ROLE_TRASH },
	{ "Roskakori", ROLE_TRASH },
	{ "Kosz", ROLE_TRASH },
	{ "Koš", ROLE_TRASH },
	{ "Çöp Kutusu", ROLE_TRASH },
	{ "Корзина", ROLE_TRASH },
	{ "Удаленные", ROLE_TRASH },
	{ "Кошик", ROLE_TRASH },
	{ "已删除", ROLE_TRASH },
	{ "已删除邮件", ROLE_TRASH },
	{ "垃圾桶", ROLE_TRASH },
	{ "ゴミ箱", ROLE_TRASH },
	{ "휴지통", ROLE_TRASH },
	{ "All Mail", ROLE_ALL },
	{ "Alle Nachrichten", ROLE_ALL },
	{ "Tous les messages", ROLE_ALL },
	{ "Starred", ROLE_FLAGGED },
	{ "Flagged", ROLE_FLAGGED },
	{ "Important", ROLE_IMPORTANT },
	{ "Outbox", ROLE_OUTBOX },
	{ "Postausgang", ROLE_OUTBOX },
	{ "Snoozed", ROLE_SNOOZED },
};

static enum folder_role
find(const struct word *words, size_t n, struct slice word)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_eq_nocase(slice_str(words[i].word), word))
			return words[i].role;
	}
	return ROLE_NONE;
}

const char *
role_name(enum folder_role role)
{
	return role_names[role];
}

enum folder_role
role_from_name(struct slice name)
{
	for (int i = ROLE_NONE + 1; i < ROLES; i++) {
		if (slice_eq(slice_str(role_names[i]), name))
			return (enum folder_role)i;
	}
	return ROLE_NONE;
}

enum folder_role
role_from_attribute(struct slice attribute)
{
	return find(attributes, ARRAY_LEN(attributes), attribute);
}

enum folder_role
role_guess(struct slice name)
{
	return find(guesses, ARRAY_LEN(guesses), name);
}

int
role_rank(enum folder_role role)
{
	return role_ranks[role];
}
