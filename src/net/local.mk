src_libtercet_a_SOURCES += \
	%D%/auth.c %D%/auth.h \
	%D%/imap.c %D%/imap.h %D%/imap_private.h \
	%D%/imap_append.c \
	%D%/imap_change.c %D%/imap_change.h \
	%D%/imap_change_parse.c \
	%D%/imap_command.c \
	%D%/imap_dispatch.c \
	%D%/imap_fetch.c \
	%D%/imap_fetch_parse.c \
	%D%/imap_folders.c \
	%D%/imap_login.c \
	%D%/imap_name.c %D%/imap_name.h \
	%D%/imap_parse.c %D%/imap_parse.h \
	%D%/imap_search.c \
	%D%/imap_select.c \
	%D%/imap_store.c \
	%D%/imap_structure.c %D%/imap_structure.h \
	%D%/imap_token.c %D%/imap_token.h \
	%D%/route.c %D%/route.h
src_libtercet_a_SOURCES += \
	%D%/imap_watch.c \
	%D%/deflate.c %D%/deflate.h \
	%D%/dial.c %D%/dial.h \
	%D%/endpoint.c %D%/endpoint.h \
	%D%/frame.c %D%/frame.h %D%/frame_private.h \
	%D%/frame_response.c \
	%D%/frame_scan.c %D%/frame_scan.h \
	%D%/resolve.c %D%/resolve.h \
	%D%/smtp.c %D%/smtp.h %D%/smtp_private.h \
	%D%/smtp_login.c \
	%D%/smtp_reply.c \
	%D%/smtp_send.c \
	%D%/stream.c %D%/stream.h \
	%D%/tls.c %D%/tls.h \
	%D%/tls_pin.c \
	%D%/trace.c %D%/trace.h \
	%D%/wire.c %D%/wire.h %D%/wire_private.h \
	%D%/wire_io.c
