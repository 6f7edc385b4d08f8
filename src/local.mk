# libtercet.a: everything but the screen.
include %D%/base/local.mk
include %D%/i18n/local.mk
include %D%/mail/local.mk
include %D%/mime/local.mk
include %D%/search/local.mk
include %D%/config/local.mk
include %D%/store/local.mk
include %D%/net/local.mk
include %D%/compose/local.mk
include %D%/sync/local.mk
include %D%/cli/local.mk
