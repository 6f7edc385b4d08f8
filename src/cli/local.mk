src_libtercet_a_SOURCES += \
	%D%/cli.h
