ui_libui_a_SOURCES += \
	%D%/color.c \
	%D%/glyph.c \
	%D%/glyph.h \
	%D%/hyperlink.c \
	%D%/hyperlink.h \
	%D%/input.c \
	%D%/input.h \
	%D%/key.c \
	%D%/key.h \
	%D%/plain.c \
	%D%/plain.h \
	%D%/private.h \
	%D%/screen.c \
	%D%/screen.h \
	%D%/screen_curses.c \
	%D%/screen_links.c \
	%D%/screen_memory.c \
	%D%/symbol.c \
	%D%/symbol.h \
	%D%/term.c \
	%D%/term.h \
	%D%/theme.c \
	%D%/theme.h
