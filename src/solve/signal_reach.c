/*
 * Uniqueness within reach. One agent of two types moves and is seen; all it can change is what is believed
 * after each action a, by ρ(a) = log σ_0(a) - log σ_1(a). With D(a) = Q_0(a) - Q_1(a), a fixed point at scale t has
 *     ρ(a) = t λ D(a) - (the logarithms of Σ exp(t λ Q_0) less Σ exp(t λ Q_1)),  so that
 *     t λ (D(a) - max D) <= ρ(a) <= t λ (D(a) - min D).
 * Bounds on D, whatever is believed (signal_pieces.c), bound ρ: all fixed points at all scales up to 1 lie in that box.
 * In it the signs of slopes are asked, piece by piece, which tell of all scales at once (signal_degree.c). Where that
 * fails all solutions at scale 1 are isolated (signal_isolate.c): one there is enough.
 */
#include "solve/signal_reach.h"

#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/signal_degree.h"
#include "solve/signal_isolate.h"

static const double MARGIN = 1e-9; /* what rounding may do to ρ */

struct dt_signal_reach {
    dt_pieces pieces;
    dt_isolate *isolate;
    double *low, *high; /* [cells] ρ */
};

double dt_signal_reach_bytes(const dt_signal_size *size)
{
    return sizeof(dt_signal_reach) + dt_pieces_bytes(size) + dt_isolate_bytes(size) +
           16.0 * size->cells;
}

dt_signal_reach *dt_signal_reach_new(dt_arena *arena, const dt_signal_size *size)
{
    dt_signal_reach *reach = dt_new(arena, dt_signal_reach, 1);
    dt_pieces_new(&reach->pieces, arena, size);
    reach->isolate = dt_isolate_new(arena, size);
    reach->low = dt_new(arena, double, (size_t)size->cells);
    reach->high = dt_new(arena, double, (size_t)size->cells);
    return reach;
}

bool dt_signal_reach_take(dt_signal_reach *reach, const dt_signal_game *game, uint32_t base)
{
    return dt_pieces_take(&reach->pieces, game, base);
}

/* Bounds on ρ. */
static void find_box(const dt_signal_reach *reach, const double *pay)
{
    const dt_pieces *pieces = &reach->pieces;
    double least = INFINITY, most = -INFINITY;
    for (int a = 0; a < pieces->cells; a++) {
        const double paid = pieces->rationality * (pay[a] - pay[pieces->cells + a]);
        reach->low[a] = pieces->least[a] + paid;
        reach->high[a] = pieces->most[a] + paid;
        least = dt_lesser(least, reach->low[a]);
        most = dt_greater(most, reach->high[a]);
    }
    for (int a = 0; a < pieces->cells; a++) {
        reach->low[a] = dt_lesser(0, reach->low[a] - most) - MARGIN;
        reach->high[a] = dt_greater(0, reach->high[a] - least) + MARGIN;
    }
}

/* As dt_degree_upto, in that box. */
static double orient(const dt_signal_reach *reach, double ratio, double log_ratio)
{
    const dt_pieces *pieces = &reach->pieces;
    const double share = 1 / ratio;
    dt_degree degree;
    dt_degree_begin(&degree);
    for (int a = 0; a < pieces->cells; a++) {
        const double low = reach->low[a] + log_ratio, high = reach->high[a] + log_ratio;
        for (int i = pieces->first[a]; i < pieces->first[a + 1]; i++) {
            const dt_told_piece *p = &pieces->piece[i];
            if (!(p->log_to > low && p->log_from < high))
                continue;
            dt_degree_add(&degree, p->log_from > low ? p->from * share : exp(reach->low[a]),
                          p->log_to < high ? p->to * share : exp(reach->high[a]),
                          p->told[0] * share, p->told[1] * ratio);
        }
    }
    return dt_degree_upto(&degree);
}

double dt_signal_reach_upto(const dt_signal_reach *reach, double first, double second,
                            const double *pay, double *start)
{
    const double ratio = first / second;
    find_box(reach, pay);
    const double known = orient(reach, ratio, log(ratio));
    if (known < 1 &&
        dt_isolate_only(reach->isolate, &reach->pieces, ratio, pay, reach->low, reach->high, start))
        return 1;
    if (known == 1)
        memset(start, 0, 2 * (size_t)reach->pieces.cells * sizeof *start);
    return known;
}
