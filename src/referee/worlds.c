/*
 * The worlds drawn: expectations that can hardly fail, as they hold in nearly all of them, and nominal differences from the
 * first policy that are unlike those of the worlds: outside their own 5-95 % band, or with a sign that few have.
 */
#include <math.h>
#include <stdlib.h>

#include "referee/referee.h"

/* Fewer worlds have no band. */
static bool are_enough(size_t worlds)
{
    return (double)worlds >= dt_threshold_of(DT_THRESHOLD_BAND_WORLDS);
}

void dt_object_easy(dt_refereeing *r)
{
    const double easy = dt_threshold_of(DT_THRESHOLD_EASY);
    const size_t quoted = (size_t)dt_threshold_of(DT_THRESHOLD_QUOTED);
    dt_text names = {.arena = r->arena}, text = {.arena = r->arena};
    size_t count = 0, looked = 0;
    for (size_t e = 0; e < r->answer->expectations; e++) {
        const dt_expected *expected = &r->answer->expected[e];
        looked += !isnan(expected->worlds);
        if (!(expected->worlds > easy) || !expected->holds)
            continue;
        if (count++ < quoted)
            dt_text_print(&names, "%s\"%s\"", count > 1 ? ", " : "", expected->text);
    }
    if (count == 0 || !are_enough(r->worlds))
        return;
    const double share = (double)count / (double)looked;
    dt_text_print(&text,
                  "%zu of %zu expectations can hardly fail, as they hold in more than %g %% of %zu "
                  "worlds drawn from the declared ranges: %s",
                  count, looked, 100 * easy, r->worlds, dt_text_get(&names));
    if (count > quoted)
        dt_text_print(&text, " and %zu more", count - quoted);
    dt_text_print(&text, ".");
    dt_object(r, "easy", share > dt_threshold_of(DT_THRESHOLD_EASY_SHARE) ? DT_GRAVE : DT_SERIOUS,
              share, &text, dt_referee_print(r, "detente run %s --worlds %zu", r->name, r->worlds));
}

static int by_size(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* Quantile of sorted numbers, linear between them (Hyndman & Fan 1996, type 7). */
static double quantile(const double *sorted, size_t count, double share)
{
    const double at = share * (double)(count - 1);
    const size_t low = (size_t)at;
    return low + 1 < count ? sorted[low] + (at - (double)low) * (sorted[low + 1] - sorted[low])
                           : sorted[low];
}

/* A policy less the first, by an outcome: nominal, and in the worlds where both are known. */
static void judge(dt_refereeing *r, size_t policy, size_t outcome, double *space, dt_text *outside,
                  size_t *outsides, dt_text *against, size_t *opposed)
{
    const double nominal = dt_referee_number(r, DT_VARIANT_NOMINAL, policy, outcome) -
                           dt_referee_number(r, DT_VARIANT_NOMINAL, 0, outcome);
    const double *x = r->drawn + (policy * r->outcomes + outcome) * r->worlds;
    const double *y = r->drawn + outcome * r->worlds;
    size_t count = 0, same = 0;
    for (size_t w = 0; w < r->worlds; w++) {
        if (isnan(x[w]) || isnan(y[w]))
            continue;
        space[count++] = x[w] - y[w];
        same += dt_better(x[w], y[w], fabs(x[w])) == (nominal > 0) - (nominal < 0);
    }
    if (!are_enough(count) || isnan(nominal))
        return;
    qsort(space, count, sizeof *space, by_size);
    const double band = dt_threshold_of(DT_THRESHOLD_BAND);
    const double low = quantile(space, count, band), high = quantile(space, count, 1 - band);
    const char *name = r->model->policy[policy].is.name;
    const char *of = r->model->outcome[outcome].is.name;
    const double size = fmax(fabs(low), fabs(high));
    if (dt_better(low, nominal, size) > 0 || dt_better(nominal, high, size) > 0)
        if ((double)(*outsides)++ < dt_threshold_of(DT_THRESHOLD_NAMED))
            dt_text_print(outside, "%s%s by %s (%+.3g, band %+.3g to %+.3g)",
                          *outsides > 1 ? ", " : "", name, of, nominal, low, high);
    const double share = (double)same / (double)count;
    const double base = fabs(dt_referee_number(r, DT_VARIANT_NOMINAL, 0, outcome));
    if (share < dt_threshold_of(DT_THRESHOLD_OPPOSED) && fabs(nominal) > 1e-9 * base)
        if ((double)(*opposed)++ < dt_threshold_of(DT_THRESHOLD_NAMED))
            dt_text_print(against, "%s%s by %s (%+.3g, the same sign in %.0f %% of worlds)",
                          *opposed > 1 ? ", " : "", name, of, nominal, 100 * share);
}

void dt_object_worlds(dt_refereeing *r)
{
    double *space = dt_new(r->arena, double, r->worlds);
    dt_text outside = {.arena = r->arena}, against = {.arena = r->arena};
    const double band = dt_threshold_of(DT_THRESHOLD_BAND);
    size_t outsides = 0, opposed = 0;
    for (size_t o = 0; o < r->declared; o++) {
        for (size_t p = 1; p < r->policies && dt_model_headline(r->model, o); p++)
            judge(r, p, o, space, &outside, &outsides, &against, &opposed);
    }
    if (opposed) {
        dt_text text = {.arena = r->arena};
        dt_text_print(&text,
                      "Compared with %s, the nominal world says the opposite of most of %zu worlds "
                      "drawn: %s%s.",
                      r->model->policy[0].is.name, r->worlds, dt_text_get(&against),
                      dt_referee_more(r, opposed));
        dt_object(r, "worlds", DT_GRAVE, (double)opposed, &text,
                  dt_referee_print(r, "detente run %s --worlds %zu", r->name, r->worlds));
    }
    if (outsides) {
        dt_text text = {.arena = r->arena};
        dt_text_print(
            &text,
            "Compared with %s, the nominal world lies outside the %g to %g %% band of %zu "
            "worlds drawn: %s%s.",
            r->model->policy[0].is.name, 100 * band, 100 - 100 * band, r->worlds,
            dt_text_get(&outside), dt_referee_more(r, outsides));
        dt_object(r, "worlds", DT_SERIOUS, (double)outsides, &text,
                  dt_referee_print(r, "detente run %s --worlds %zu", r->name, r->worlds));
    }
}
