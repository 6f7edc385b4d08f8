src_libtercet_a_SOURCES += \
	%D%/build.c %D%/build.h \
	%D%/check.c %D%/check.h \
	%D%/domain.c %D%/domain.h \
	%D%/draft.c %D%/draft.h \
	%D%/encode.c %D%/encode.h \
	%D%/field.c %D%/field.h \
	%D%/flow.c %D%/flow.h \
	%D%/later.c %D%/later.h \
	%D%/media.c %D%/media.h \
	%D%/mailto.c %D%/mailto.h \
	%D%/quote.c %D%/quote.h \
	%D%/raw.c %D%/raw.h \
	%D%/reply.c %D%/reply.h \
	%D%/recipients.c %D%/recipients.h \
	%D%/stamp.c %D%/stamp.h
