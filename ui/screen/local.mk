ui_libui_a_SOURCES += \
	%D%/activity.c \
	%D%/activity.h \
	%D%/composer.c \
	%D%/composer.h \
	%D%/dump_docs.c \
	%D%/dump_docs.h \
	%D%/editor.c \
	%D%/editor.h \
	%D%/help.c \
	%D%/help.h \
	%D%/mailcap.c \
	%D%/mailcap.h \
	%D%/opener.c \
	%D%/opener.h \
	%D%/pager.c \
	%D%/pager.h \
	%D%/pipe.c \
	%D%/pipe.h \
	%D%/program.c \
	%D%/program.h \
	%D%/setup.c \
	%D%/setup.h
