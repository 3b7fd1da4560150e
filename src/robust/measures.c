/*
 * The classical rules for decisions under ignorance (Luce & Raiffa 1957, ch. 13; Milnor 1954; Savage
 * 1951 for regret; Hurwicz 1951), and the ninth decile of regret, which one odd world can't move
 * (McPhail et al. 2018). With u_p(n) the utility of policy p at point n and r_p(n) = max_q u_q(n) -
 * u_p(n) >= 0 its regret:
 *
 *     mean      (1/N) Σ u_p(n)
 *     worst     min u_p(n)
 *     hurwicz   α max u_p(n) + (1 - α) min u_p(n)
 *     regret    max r_p(n)
 *     regret90  the quantile .9 of r_p(n), of Hyndman & Fan's type 7
 */
#include "robust/measures.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

const char *dt_measure_name(dt_measure measure)
{
    static const char *const name[] = {"mean", "worst", "hurwicz", "regret", "regret_p90"};
    return (unsigned)measure < DT_MEASURES ? name[measure] : "";
}

int dt_measure_sense(dt_measure measure)
{
    return measure == DT_MEASURE_REGRET || measure == DT_MEASURE_REGRET_P90 ? -1 : 1;
}

dt_measuring dt_measuring_new(dt_arena *arena, size_t points)
{
    return (dt_measuring){dt_new(arena, double, points), dt_new(arena, double, points)};
}

void dt_measure_policies(const dt_measuring *room, const double *u, size_t policies, size_t points,
                         double optimism, double *measure)
{
    assert(points > 0 && policies > 0 && optimism >= 0 && optimism <= 1);
    for (size_t n = 0; n < points; n++) {
        room->best[n] = -INFINITY;
        for (size_t p = 0; p < policies; p++)
            room->best[n] = fmax(room->best[n], u[p * points + n]);
    }
    for (size_t p = 0; p < policies; p++) {
        const double *mine = u + p * points;
        double least, most, *found = measure + p * DT_MEASURES;
        gsl_stats_minmax(&least, &most, mine, 1, points);
        for (size_t n = 0; n < points; n++)
            room->sorted[n] = room->best[n] - mine[n];
        gsl_sort(room->sorted, 1, points);
        assert(room->sorted[0] >= 0);
        found[DT_MEASURE_MEAN] = gsl_stats_mean(mine, 1, points);
        found[DT_MEASURE_WORST] = least;
        found[DT_MEASURE_HURWICZ] = optimism * most + (1 - optimism) * least;
        found[DT_MEASURE_REGRET] = room->sorted[points - 1];
        found[DT_MEASURE_REGRET_P90] =
            gsl_stats_quantile_from_sorted_data(room->sorted, 1, points, 0.9);
    }
}
