src_libtercet_a_SOURCES += \
	%D%/account.c %D%/account.h \
	%D%/config.c %D%/config.h \
	%D%/draft.c %D%/draft.h \
	%D%/edit.c \
	%D%/option.c %D%/option.h \
	%D%/options.c \
	%D%/parse.c %D%/parse.h \
	%D%/scan.c %D%/scan.h \
	%D%/secret.c %D%/secret.h \
	%D%/url.c %D%/url.h
