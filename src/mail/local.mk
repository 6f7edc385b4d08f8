src_libtercet_a_SOURCES += \
	%D%/address.c %D%/address.h \
	%D%/authentication.c %D%/authentication.h \
	%D%/card.c %D%/card.h \
	%D%/card_time.c %D%/card_time.h \
	%D%/date.c %D%/date.h \
	%D%/envelope.c %D%/envelope.h \
	%D%/flags.c %D%/flags.h \
	%D%/limits.h \
	%D%/paragraph.c %D%/paragraph.h \
	%D%/part.c %D%/part.h \
	%D%/report.c %D%/report.h \
	%D%/role.c %D%/role.h \
	%D%/subject.c \
	%D%/table.c %D%/table.h \
	%D%/uidset.c %D%/uidset.h
