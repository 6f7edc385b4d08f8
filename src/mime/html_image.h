/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures: none is loaded, and what stands for one is its alternative text. */
#ifndef TERCET_MIME_HTML_IMAGE_H
#define TERCET_MIME_HTML_IMAGE_H

#include <stdbool.h>

#include "mime/html_attributes.h"
#include "mime/html_flow.h"

/* Counts a picture and says what stands for it; true when a reader would see
 * it, and nothing was said. */
bool html_image_add(struct html_flow *flow,
	const struct html_attributes *attributes,
	const struct html_style *style);

#endif /* TERCET_MIME_HTML_IMAGE_H */
