# The program: everything that is on the screen.
include %D%/term/local.mk
include %D%/view/local.mk
include %D%/pane/local.mk
include %D%/command/local.mk
include %D%/screen/local.mk
ui_libui_a_SOURCES += \
	%D%/app.c \
	%D%/app.h \
	%D%/app_draw.c \
	%D%/app_input.c \
	%D%/events.c \
	%D%/loop.c \
	%D%/loop.h
