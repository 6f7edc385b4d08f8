/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiler attributes under names that say what they are for. */
#ifndef TERCET_BASE_ATTR_H
#define TERCET_BASE_ATTR_H

#define MUST_CHECK           __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, va) __attribute__((format(printf, fmt, va)))
#define NORETURN             __attribute__((noreturn))
#define CLEANUP(fn)          __attribute__((cleanup(fn)))
#define UNUSED               __attribute__((unused))
#define NONNULL_RETURN       __attribute__((returns_nonnull))

#endif /* TERCET_BASE_ATTR_H */
