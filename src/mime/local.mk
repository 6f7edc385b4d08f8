src_libtercet_a_SOURCES += \
	%D%/address.c %D%/address.h \
	%D%/base64.c %D%/base64.h \
	%D%/charset.c %D%/charset.h \
	%D%/charset_name.c %D%/charset_name.h \
	%D%/charset_tables.c %D%/charset_tables.h \
	%D%/content.c %D%/content.h \
	%D%/encoded_word.c %D%/encoded_word.h \
	%D%/envelope.c %D%/envelope.h \
	%D%/header.c %D%/header.h \
	%D%/mbox.c %D%/mbox.h \
	%D%/param.c %D%/param.h \
	%D%/transfer.c %D%/transfer.h \
	%D%/walk.c %D%/walk.h
