/*
 * Sobol's sequence (1967) in the Gray code order of Antonov & Saleev (1979), from GSL, which has the
 * direction numbers of Bratley & Fox (1988) for 40 dimensions, with a random digital shift: every
 * coordinate's binary digits are added, without carry, to those of a random word, which makes each
 * point uniform and keeps how they lie to each other (L'Ecuyer & Lemieux 2002). GSL leaves out the
 * sequence's first point, the corner; here it is point 0, since without it no first 2^m points
 * are a net (Owen, "On dropping the first Sobol' point", 2020).
 *
 * Invariant: GSL's state stands after point `next - 1`, which is `point`. Its allocating functions, which end the
 * program when memory does, aren't called: the state lives in the arena.
 */
#include "study/sobol.h"

#include <assert.h>

#include <gsl/gsl_qrng.h>

enum { GSL_BITS = 30, BITS = 52 }; /* of a coordinate of GSL's, and of ours */

struct dt_sobol {
    gsl_qrng sequence;
    uint64_t next;         /* index of the point that comes next */
    const uint64_t *shift; /* [dimensions] BITS each */
    double *point;         /* [dimensions] the one before, unshifted */
};

dt_sobol *dt_sobol_new(dt_arena *arena, size_t dimensions, const uint64_t *shift)
{
    assert(dimensions >= 1 && dimensions <= DT_SOBOL_DIMENSIONS);
    dt_sobol *sobol = dt_new(arena, dt_sobol, 1);
    const size_t size = gsl_qrng_sobol->state_size((unsigned)dimensions);
    sobol->sequence = (gsl_qrng){gsl_qrng_sobol, (unsigned)dimensions, size, NULL};
    sobol->sequence.state = dt_take(arena, size, 1);
    uint64_t *bits = dt_new(arena, uint64_t, dimensions);
    for (size_t i = 0; i < dimensions; i++)
        bits[i] = shift[i] >> (64 - BITS);
    sobol->shift = bits;
    sobol->point = dt_new(arena, double, dimensions);
    gsl_qrng_init(&sobol->sequence);
    sobol->next = 1; /* after the corner */
    return sobol;
}

void dt_sobol_point(dt_sobol *sobol, uint64_t index, double *point)
{
    assert(index < UINT64_C(1) << GSL_BITS);
    const size_t dimensions = sobol->sequence.dimension;
    if (index + 1 < sobol->next) { /* back to the corner */
        gsl_qrng_init(&sobol->sequence);
        sobol->next = 1;
        for (size_t i = 0; i < dimensions; i++)
            sobol->point[i] = 0;
    }
    for (; sobol->next <= index; sobol->next++)
        gsl_qrng_get(&sobol->sequence, sobol->point);
    assert(sobol->next == index + 1);
    for (size_t i = 0; i < dimensions; i++) {
        const uint64_t digits = (uint64_t)(sobol->point[i] * 0x1p30) << (BITS - GSL_BITS);
        point[i] = (double)((digits ^ sobol->shift[i]) * 2 + 1) * 0x1p-53;
        assert(point[i] > 0 && point[i] < 1);
    }
}
