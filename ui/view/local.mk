ui_libui_a_SOURCES += \
	%D%/id_map.c \
	%D%/id_map.h \
	%D%/list_private.h \
	%D%/list_window.c \
	%D%/marks.c \
	%D%/marks.h \
	%D%/overlay.c \
	%D%/overlay.h \
	%D%/people.c \
	%D%/people.h \
	%D%/unified.c \
	%D%/unified.h \
	%D%/view_folders.c \
	%D%/view_folders.h \
	%D%/view_list.c \
	%D%/view_list.h \
	%D%/view_viewer.c \
	%D%/view_viewer.h \
	%D%/view_status.c \
	%D%/view_status.h \
	%D%/viewer_describe.c \
	%D%/viewer_pieces.c \
	%D%/viewer_private.h \
	%D%/viewer_wrap.c \
	%D%/wrap.c \
	%D%/wrap.h
