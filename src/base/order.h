/*
 * Orders for qsort: numbers, the least first.
 */
#ifndef DT_BASE_ORDER_H
#define DT_BASE_ORDER_H

#include <stdint.h>

static inline int dt_by_number32(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static inline int dt_by_number64(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

#endif
