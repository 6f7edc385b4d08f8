src_libtercet_a_SOURCES +=
