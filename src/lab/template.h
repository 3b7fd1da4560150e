/*
 * The page without its data, as web/build has made it: HTML with the marks @TITLE@, @DATA@ and @MODEL@.
 */
#ifndef DT_LAB_TEMPLATE_H
#define DT_LAB_TEMPLATE_H

#include <stddef.h>

extern const char dt_template[];
/* 0 if the page could not be built. */
size_t dt_template_length(void);

#endif
