/*
 * The table of limits.def, asked line by line.
 */
#include "base/limits.h"

#include <stddef.h>

#include "detente.h"

const char *dt_limit_text(size_t index, int *most)
{
    static const struct {
        int most;
        const char *what;
    } table[] = {
#define LIMIT(id, most, what) {most, what},
#include "base/limits.def"
#undef LIMIT
    };
    if (index >= DT_LIMITS || !most)
        return NULL;
    *most = table[index].most;
    return table[index].what;
}
