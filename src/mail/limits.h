/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much of a message is looked at: every limit on received mail, in one
 * list.  What lies beyond is cut or passed over, and `truncated` says so where
 * a person would miss something; nothing is refused.  Together they bound the
 * memory and, since all passes are linear, the time that any message can take.
 * Bytes, where nothing else is said.  mime/html_guard.h has those of HTML,
 * mail/paragraph.h those of the text that comes out.
 */
#ifndef TERCET_MAIL_LIMITS_H
#define TERCET_MAIL_LIMITS_H

enum {
	/* The part tree. */
	PARTS_MAX = 1000,           /* parts; further ones stay unseen */
	PARTS_DEPTH_MAX = 64,       /* levels; a deeper one is a leaf */
	BOUNDARY_LENGTH_MAX = 1000, /* a longer one never matches */
	INLINE_FILES_MAX = 100,     /* uuencoded, yEnc: files in one text */
	INLINE_NAME_MAX = 255,      /* of such a file */

	/* Headers. */
	WALK_HEADER_MAX = 1024 * 1024,         /* a part's header block */
	HEADER_FIELDS_MAX = 10000,             /* fields that are looked at */
	HEADER_NAME_MAX = 1000,                /* of a field, behind blanks */
	HEADER_BARE_CR_MAX = 16 * 1024 * 1024, /* copied to mend line ends */
	SUBJECT_LENGTH_MAX = 4096,
	INNER_SUBJECT_MAX = 4000,      /* of a message inside the message */
	TYPE_LENGTH_MAX = 127,         /* a longer one is no type */
	DESCRIPTION_LENGTH_MAX = 1024, /* Content-ID and -Description */

	/* Addresses and ids. */
	ADDRESS_TEXT_MAX = 1024 * 1024, /* one field's value */
	ADDRESS_TOKENS_MAX = 32, /* words in front of one; more run together */
	ADDRESSES_MAX = 2000,
	IDS_TEXT_MAX = 256 * 1024,         /* References and its kin */
	REFERENCES_MAX = 64,               /* kept: the first and the newest */
	MESSAGE_ID_LENGTH_MAX = 998,       /* longer ones are cut */
	LIST_FIELD_LENGTH_MAX = 16 * 1024, /* List-Unsubscribe and its kin */
	LIST_URLS_MAX = 8,                 /* of one of them */
	LIST_URL_LENGTH_MAX = 2000,        /* longer ones are passed over */

	/* Parameters. */
	PART_PARAMS_MAX = 64,
	PART_NAME_LENGTH_MAX = 1024, /* of a file, decoded */
	PARAM_NAME_MAX = 64,
	PARAM_PIECE_MAX = 999, /* highest number of RFC 2231's pieces */
	PARAM_COMMENT_MAX = 1000,
	CHARSET_NAME_MAX = 64, /* longer names are unknown ones */

	/* Text. */
	TEXT_PARTS_MAX = 32,                   /* parts shown together */
	TEXT_PART_BYTES_MAX = 4 * 1024 * 1024, /* of each, as encoded */
	TRANSFER_HELD_MAX = 256, /* a line of uuencode; base64's padding */

	/* Calendars. */
	MESSAGE_CALENDARS_MAX = 2,       /* of a message that are read */
	CALENDAR_BYTES_MAX = 512 * 1024, /* of each, decoded */
	CALENDAR_EVENTS_MAX = 10,        /* told; then how many more */
	CALENDAR_ATTENDEES_MAX = 25,     /* of each event */
	GUARD_OUTPUT_MAX = 256 * 1024,   /* what reaches libical */
	GUARD_LINE_MAX = 16 * 1024,      /* unfolded; a longer text is cut,
					    another line left out */
	GUARD_COMPONENTS_MAX = 100,
	GUARD_PROPERTIES_MAX = 300, /* of a component */
	GUARD_DEPTH_MAX = 4,
	GUARD_PARAMS_MAX = 20, /* of a property */

	/* Reports. */
	MESSAGE_REPORTS_MAX = 2,       /* parts of a message that are read */
	REPORT_BYTES_MAX = 256 * 1024, /* of each */
	REPORT_ENTRIES_MAX = 100,      /* recipients */
	REPORT_TEXT_MAX = 500,         /* of a reason, an address, an id */

	/* Authentication-Results. */
	AUTH_RESULTS_SERVERS_MAX = 8,
	AUTH_RESULTS_FIELDS_MAX = 32, /* of them that are read */
	AUTH_RESULTS_FIELD_MAX = 32 * 1024,
	AUTH_RESULTS_PER_FIELD_MAX = 50, /* results */
	AUTH_RESULTS_WORD_MAX = 512,     /* longer words are cut */
	AUTHENTICATION_PACKED_MAX = 16 * 1024,
	AUTHENTICATION_DOMAIN_MAX = 255,
};

#endif /* TERCET_MAIL_LIMITS_H */
