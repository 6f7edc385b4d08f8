src_libtercet_a_SOURCES += \
	%D%/account.h \
	%D%/config.h \
	%D%/secret.h
