/*
 * The worlds drawn: expectations that can hardly fail, as they hold in nearly all of them, and nominal differences from the
 * first policy that are unlike those of the worlds: outside their own 5-95 % band, or with a sign that few have.
 */
#include <math.h>

#include "referee/referee.h"

/* Fewer worlds have no band. */
static bool are_enough(size_t worlds)
{
    return (double)worlds >= dt_threshold_of(DT_THRESHOLD_BAND_WORLDS);
}

void dt_object_easy(dt_refereeing *r)
{
    const double easy = dt_threshold_of(DT_THRESHOLD_EASY);
    dt_name_list names = dt_names(r->arena, (size_t)dt_threshold_of(DT_THRESHOLD_QUOTED));
    dt_text text = {.arena = r->arena};
    size_t looked = 0;
    for (size_t e = 0; e < r->answer->expectations; e++) {
        const dt_expected *expected = &r->answer->expected[e];
        looked += !isnan(expected->worlds);
        if (expected->worlds > easy && expected->holds)
            dt_name_add(&names, "\"%s\"", expected->text);
    }
    const size_t count = names.count;
    if (count == 0 || !are_enough(r->worlds))
        return;
    const double share = (double)count / (double)looked;
    dt_text_print(&text,
                  "%zu of %zu expectations can hardly fail, as they hold in more than %g %% of %zu "
                  "worlds drawn from the declared ranges: %s.",
                  count, looked, 100 * easy, r->worlds, dt_name_list_end(&names));
    dt_object(r, "easy", share > dt_threshold_of(DT_THRESHOLD_EASY_SHARE) ? DT_GRAVE : DT_SERIOUS,
              share, &text, dt_referee_print(r, "detente run %s --worlds %zu", r->name, r->worlds));
}

/* A policy less the first, by an outcome: nominal, and in the worlds where both are known. */
static void judge(dt_refereeing *r, size_t policy, size_t outcome, double *space,
                  dt_name_list *outside, dt_name_list *opposed)
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
    const double band = dt_threshold_of(DT_THRESHOLD_BAND), ends[] = {band, 1 - band};
    double at[2];
    dt_quantiles_of(space, count, space, ends, 2, at);
    const double low = at[0], high = at[1];
    const char *name = r->model->policy[policy].is.name;
    const char *of = r->model->outcome[outcome].is.name;
    const double size = fmax(fabs(low), fabs(high));
    if (dt_better(low, nominal, size) > 0 || dt_better(nominal, high, size) > 0)
        dt_name_add(outside, "%s by %s (%+.3g, band %+.3g to %+.3g)", name, of, nominal, low, high);
    const double share = (double)same / (double)count;
    const double base = fabs(dt_referee_number(r, DT_VARIANT_NOMINAL, 0, outcome));
    if (share < dt_threshold_of(DT_THRESHOLD_OPPOSED) && fabs(nominal) > 1e-9 * base)
        dt_name_add(opposed, "%s by %s (%+.3g, the same sign in %.0f %% of worlds)", name, of,
                    nominal, 100 * share);
}

void dt_object_worlds(dt_refereeing *r)
{
    double *space = dt_new(r->arena, double, r->worlds);
    const size_t named = (size_t)dt_threshold_of(DT_THRESHOLD_NAMED);
    dt_name_list outside = dt_names(r->arena, named), opposed = dt_names(r->arena, named);
    const double band = dt_threshold_of(DT_THRESHOLD_BAND);
    for (size_t o = 0; o < r->declared; o++) {
        for (size_t p = 1; p < r->policies && dt_model_headline(r->model, o); p++)
            judge(r, p, o, space, &outside, &opposed);
    }
    if (opposed.count) {
        dt_text text = {.arena = r->arena};
        dt_text_print(&text,
                      "Compared with %s, the nominal world says the opposite of most of %zu worlds "
                      "drawn: %s.",
                      r->model->policy[0].is.name, r->worlds, dt_name_list_end(&opposed));
        dt_object(r, "worlds", DT_GRAVE, (double)opposed.count, &text,
                  dt_referee_print(r, "detente run %s --worlds %zu", r->name, r->worlds));
    }
    if (outside.count) {
        dt_text text = {.arena = r->arena};
        dt_text_print(
            &text,
            "Compared with %s, the nominal world lies outside the %g to %g %% band of %zu "
            "worlds drawn: %s.",
            r->model->policy[0].is.name, 100 * band, 100 - 100 * band, r->worlds,
            dt_name_list_end(&outside));
        dt_object(r, "worlds", DT_SERIOUS, (double)outside.count, &text,
                  dt_referee_print(r, "detente run %s --worlds %zu", r->name, r->worlds));
    }
}
