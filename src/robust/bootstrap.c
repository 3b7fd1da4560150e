/*
 * The paired bootstrap of the measures. The points are sorted once by each policy's utility and by
 * its regret; the extremes of a resample are then the first that was drawn at all, and its ninth
 * decile of regret is where a tenth of the drawn ones has gone by. Only the mean takes a pass over
 * all points. The maximum over policies that regret is measured against doesn't change when points
 * are drawn, as it is taken at each point.
 */
#include "robust/bootstrap.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "robust/ranking.h"
#include "robust/resample.h"

struct dt_bootstrap {
    size_t policies, points;
    double *regret;     /* [policies][points] */
    size_t *by_utility; /* [policies][points] ascending */
    size_t *by_regret;  /* [policies][points] ascending */
    uint32_t *times;    /* [points] */
    double *score;      /* [policies] */
    double *found;      /* [policies][DT_MEASURES] of one resample */
};

dt_bootstrap *dt_bootstrap_new(dt_arena *arena, size_t policies, size_t points)
{
    dt_bootstrap *room = dt_new(arena, dt_bootstrap, 1);
    room->policies = policies;
    room->points = points;
    room->regret = dt_take(arena, policies, points * sizeof(double));
    room->by_utility = dt_take(arena, policies, points * sizeof(size_t));
    room->by_regret = dt_take(arena, policies, points * sizeof(size_t));
    room->times = dt_new(arena, uint32_t, points);
    room->score = dt_new(arena, double, policies);
    room->found = dt_new(arena, double, policies *DT_MEASURES);
    return room;
}

static void sort_points(dt_bootstrap *room, const double *u)
{
    const size_t points = room->points;
    for (size_t n = 0; n < points; n++) {
        double best = -INFINITY;
        for (size_t p = 0; p < room->policies; p++)
            best = fmax(best, u[p * points + n]);
        for (size_t p = 0; p < room->policies; p++)
            room->regret[p * points + n] = best - u[p * points + n];
    }
    for (size_t p = 0; p < room->policies; p++) {
        gsl_sort_index(room->by_utility + p * points, u + p * points, 1, points);
        gsl_sort_index(room->by_regret + p * points, room->regret + p * points, 1, points);
    }
}

/* The type-7 quantile .9 of a resample. */
static double ninth_decile(const dt_bootstrap *room, const double *number, const size_t *order)
{
    const size_t points = room->points;
    const double at = 0.9 * (double)(points - 1);
    const size_t low = (size_t)at, high = low + 1 < points ? low + 1 : low;
    size_t left = points; /* drawn at or below order[i] */
    double upper = NAN;
    for (size_t i = points; i-- > 0;) {
        const uint32_t times = room->times[order[i]];
        assert(times <= left);
        if (high < left && high >= left - times)
            upper = number[order[i]];
        if (low < left && low >= left - times)
            return number[order[i]] + (at - (double)low) * (upper - number[order[i]]);
        left -= times;
    }
    assert(!"some point holds the quantile");
    return NAN;
}

static void measure(dt_bootstrap *room, const double *u, double optimism)
{
    const size_t points = room->points;
    for (size_t p = 0; p < room->policies; p++) {
        const double *mine = u + p * points, *regret = room->regret + p * points;
        const size_t *up = room->by_utility + p * points, *lost = room->by_regret + p * points;
        double sum = 0, *found = room->found + p * DT_MEASURES;
        for (size_t n = 0; n < points; n++)
            sum += room->times[n] * mine[n];
        size_t least = 0, most = points - 1, last = points - 1;
        while (room->times[up[least]] == 0)
            least++;
        while (room->times[up[most]] == 0)
            most--;
        while (room->times[lost[last]] == 0)
            last--;
        assert(least <= most);
        found[DT_MEASURE_MEAN] = sum / (double)points;
        found[DT_MEASURE_WORST] = mine[up[least]];
        found[DT_MEASURE_HURWICZ] = optimism * mine[up[most]] + (1 - optimism) * mine[up[least]];
        found[DT_MEASURE_REGRET] = regret[lost[last]];
        found[DT_MEASURE_REGRET_P90] = ninth_decile(room, regret, lost);
    }
}

/* Adds one to the count of each policy that is first by a measure. */
static void count_first(dt_bootstrap *room, dt_measure m, double size, double *chosen)
{
    double best = -INFINITY;
    for (size_t p = 0; p < room->policies; p++) {
        room->score[p] = dt_measure_sense(m) * room->found[p * DT_MEASURES + m];
        best = fmax(best, room->score[p]);
    }
    for (size_t p = 0; p < room->policies; p++)
        chosen[p * DT_MEASURES + m] += dt_better(best, room->score[p], size) == 0;
}

void dt_bootstrap_run(dt_bootstrap *room, const double *u, double optimism, uint64_t seed,
                      size_t resamples, double *mean, double *chosen)
{
    assert(resamples > 0 && room->points > 0);
    const double size = dt_size_of(u, room->policies * room->points);
    sort_points(room, u);
    memset(chosen, 0, room->policies * DT_MEASURES * sizeof *chosen);
    for (size_t b = 0; b < resamples; b++) {
        dt_resample(seed, DT_FOR_BOOTSTRAP, b, room->points, room->times);
        measure(room, u, optimism);
        for (size_t p = 0; p < room->policies; p++)
            mean[p * resamples + b] = room->found[p * DT_MEASURES + DT_MEASURE_MEAN];
        for (int m = 0; m < DT_MEASURES; m++)
            count_first(room, (dt_measure)m, size, chosen);
    }
    for (size_t i = 0; i < room->policies * DT_MEASURES; i++)
        chosen[i] /= (double)resamples;
}
