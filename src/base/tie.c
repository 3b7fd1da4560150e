/*
 * Ties: the one rule by which two numbers are called the same, wherever policies are ranked, points
 * counted or an outcome is called constant. It is relative: an outcome in small units, such as a
 * probability of 10^-10, is judged as the same outcome in large ones.
 */
#include <assert.h>
#include <math.h>

#include "detente.h"

/* Solutions are good to about the first; the second is some thousand units in the last place. */
static const double OF_LARGER = 1e-9, OF_SIZE = 1e-12;

int dt_better(double a, double b, double size)
{
    assert(!(size < 0));
    if (isnan(a) || isnan(b))
        return isnan(b) ? !isnan(a) : -1;
    const bool finite = isfinite(a) && isfinite(b);
    const double cancelled = isfinite(size) ? OF_SIZE * size : 0;
    const double slack = finite ? fmax(OF_LARGER * fmax(fabs(a), fabs(b)), cancelled) : 0;
    return (a - slack > b) - (b - slack > a);
}
