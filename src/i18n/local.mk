src_libtercet_a_SOURCES += \
	%D%/fold.c %D%/fold.h \
	%D%/format.c %D%/format.h \
	%D%/i18n.c %D%/i18n.h \
	%D%/idna.c %D%/idna.h \
	%D%/width.c %D%/width.h
