src_libtercet_a_SOURCES += \
	%D%/array.h \
	%D%/ascii.c %D%/ascii.h \
	%D%/attr.h \
	%D%/banned.h \
	%D%/bug.c %D%/bug.h \
	%D%/clock.c %D%/clock.h \
	%D%/error.c %D%/error.h \
	%D%/file.c %D%/file.h \
	%D%/gettext.h \
	%D%/hash.c %D%/hash.h \
	%D%/id_set.c %D%/id_set.h \
	%D%/log.c %D%/log.h \
	%D%/map.c %D%/map.h \
	%D%/mem.c %D%/mem.h \
	%D%/queue.c %D%/queue.h \
	%D%/refcount.h \
	%D%/slice.h \
	%D%/spawn.c %D%/spawn.h \
	%D%/strbuf.c %D%/strbuf.h \
	%D%/thread.c %D%/thread.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/xdg.c %D%/xdg.h
