src_libtercet_a_SOURCES += \
	%D%/auth.c %D%/auth.h \
	%D%/imap.h \
	%D%/imap_fetch_parse.c \
	%D%/imap_name.c %D%/imap_name.h \
	%D%/imap_parse.c %D%/imap_parse.h \
	%D%/imap_structure.c %D%/imap_structure.h \
	%D%/imap_token.c %D%/imap_token.h \
	%D%/deflate.h \
	%D%/endpoint.c %D%/endpoint.h \
	%D%/frame.h \
	%D%/route.c %D%/route.h \
	%D%/tls.h \
	%D%/trace.h \
	%D%/wire.h
