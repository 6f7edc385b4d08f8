src_libtercet_a_SOURCES += \
	%D%/deflate.h \
	%D%/endpoint.c %D%/endpoint.h \
	%D%/frame.h \
	%D%/route.c %D%/route.h \
	%D%/tls.h \
	%D%/trace.h \
	%D%/wire.h
