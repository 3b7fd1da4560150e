/*
 * The lead of the best policy over another is taken to be linear between neighbouring points: from
 * d >= 0 to d' < 0 it is used up after the part d / (d - d') of the way. Of several that pass within a
 * step the first counts. Between the values of a list there is nothing to interpolate.
 */
#include "robust/one_at_a_time.h"

#include <assert.h>
#include <math.h>

#include "robust/ranking.h"

dt_line dt_line_of(dt_arena *arena, const dt_study_data *data, size_t i, double **u)
{
    const size_t points = data->points, parameter = data->vary[i];
    assert(data->design == DT_DESIGN_ONE_AT_A_TIME && data->worlds == 1 + data->varied * points);
    size_t *world = dt_new(arena, size_t, points + 1);
    double *x = dt_new(arena, double, points + 1);
    const double nominal = data->held[parameter];
    size_t count = 0, at = points + 1;
    for (size_t j = 0; j < points; j++) {
        const size_t w = 1 + i * points + j;
        const double number = data->parameter[w * data->parameters + parameter];
        if (!(number > (count ? x[count - 1] : -INFINITY)))
            continue; /* a number that isn't there, or a second time */
        if (at > points && nominal <= number) {
            at = count;
            world[count] = 0; /* the nominal world */
            x[count++] = nominal;
            if (nominal == number)
                continue; /* the design has this point itself */
        }
        world[count] = w;
        x[count++] = number;
    }
    if (at > points) {
        at = count;
        world[count] = 0;
        x[count++] = nominal;
    }
    *u = dt_take(arena, data->policies, count * sizeof **u);
    const bool listed = dt_model_parameter(data->model, parameter).values > 0;
    const dt_line line = {count, at, world, x, *u, listed};
    return line;
}

dt_swing dt_line_swing(const dt_line *line, size_t policy)
{
    assert(line->points > 0 && line->nominal < line->points);
    const double *u = line->u + policy * line->points;
    const size_t last = line->points - 1;
    dt_swing swing = {line->x[0], line->x[last], u[0], u[last], INFINITY, -INFINITY};
    for (size_t j = 0; j < line->points; j++) {
        if (isnan(u[j]))
            continue;
        swing.least = fmin(swing.least, u[j]);
        swing.most = fmax(swing.most, u[j]);
    }
    if (dt_better(swing.most, swing.least, fmax(fabs(swing.least), fabs(swing.most))) == 0)
        swing.most = swing.least; /* rounding is no swing */
    return swing;
}

/* The part of the step from point j to point k after which `policy` passes `best`; above 1: it doesn't. */
static double passes(const dt_line *line, size_t best, size_t policy, size_t j, size_t k)
{
    const double *a = line->u + best * line->points, *b = line->u + policy * line->points;
    if (dt_better(b[k], a[k], fmax(fabs(a[j]), fabs(b[j]))) <= 0)
        return INFINITY;
    const double before = a[j] - b[j], after = a[k] - b[k];
    assert(after < 0);
    return before > 0 ? before / (before - after) : 0;
}

double dt_line_flip(const dt_line *line, size_t policies, size_t best, int direction,
                    size_t *follows)
{
    assert(direction == 1 || direction == -1);
    *follows = best;
    const size_t end = direction > 0 ? line->points - 1 : 0;
    for (size_t j = line->nominal; j != end; j = direction > 0 ? j + 1 : j - 1) {
        const size_t k = direction > 0 ? j + 1 : j - 1;
        double least = INFINITY;
        for (size_t p = 0; p < policies; p++) {
            if (isnan(line->u[p * line->points + k]))
                return NAN;
            const double part = p == best ? (double)INFINITY : passes(line, best, p, j, k);
            if (part < least) {
                least = part;
                *follows = p;
            }
        }
        if (least > 1)
            continue;
        for (size_t p = 0; line->listed && p < policies; p++) {
            if (line->u[p * line->points + k] > line->u[*follows * line->points + k])
                *follows = p;
        }
        return line->listed ? line->x[k] : line->x[j] + least * (line->x[k] - line->x[j]);
    }
    return NAN;
}
