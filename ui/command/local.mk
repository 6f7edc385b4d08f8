ui_libui_a_SOURCES +=
