# The program: everything that is on the screen.
include %D%/term/local.mk
include %D%/view/local.mk
include %D%/pane/local.mk
include %D%/command/local.mk
include %D%/screen/local.mk
