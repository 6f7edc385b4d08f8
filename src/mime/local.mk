src_libtercet_a_SOURCES +=
src_libtercet_a_SOURCES += %D%/mbox.c %D%/mbox.h
