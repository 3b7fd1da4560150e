/*
 * The horizon: players who look farther ahead. Which policy is then best by a headline outcome, which policies change sides
 * with the first one, and which expectations fail: a conclusion that a number of periods decides is about that number.
 */
#include <math.h>

#include "referee/referee.h"

static const char *lookahead_text(dt_refereeing *r, int lookahead)
{
    dt_text text = {.arena = r->arena};
    if (lookahead == DT_FOREVER)
        dt_text_print(&text, "forever");
    else
        dt_text_print(&text, "%d", lookahead);
    return dt_text_get(&text);
}

/* The best policies that change, and how. */
static dt_name_list list_best(dt_refereeing *r, size_t variant)
{
    dt_name_list turned = dt_names(r->arena, 0);
    for (size_t o = 0; o < r->declared; o++) {
        if (!dt_model_headline(r->model, o))
            continue;
        const size_t before = dt_referee_best(r, r->number[DT_VARIANT_NOMINAL] + o, r->outcomes, o);
        const size_t after = dt_referee_best(r, r->number[variant] + o, r->outcomes, o);
        if (before == r->policies || after == r->policies || before == after)
            continue;
        dt_name_add(&turned, "%s by %s (it was %s)", r->model->policy[after].is.name,
                    r->model->outcome[o].is.name, r->model->policy[before].is.name);
    }
    return turned;
}

/* The policies that were better than the first and are worse now, or the other way round. */
static dt_name_list list_sides(dt_refereeing *r, size_t variant)
{
    dt_name_list turned = dt_names(r->arena, (size_t)dt_threshold_of(DT_THRESHOLD_NAMED));
    for (size_t o = 0; o < r->declared; o++) {
        const int direction = r->model->outcome[o].direction;
        for (size_t p = 1; p < r->policies && direction && dt_model_headline(r->model, o); p++) {
            const double was[2] = {dt_referee_number(r, DT_VARIANT_NOMINAL, 0, o),
                                   dt_referee_number(r, DT_VARIANT_NOMINAL, p, o)};
            const double is[2] = {dt_referee_number(r, variant, 0, o),
                                  dt_referee_number(r, variant, p, o)};
            const double size =
                fmax(fmax(fabs(was[0]), fabs(was[1])), fmax(fabs(is[0]), fabs(is[1])));
            if (isnan(size) || isnan(is[0]) || isnan(is[1]) ||
                dt_better(was[1], was[0], size) * dt_better(is[1], is[0], size) >= 0)
                continue;
            dt_name_add(&turned, "%s by %s (%.3g against %.3g, now %.3g against %.3g)",
                        r->model->policy[p].is.name, r->model->outcome[o].is.name, was[1], was[0],
                        is[1], is[0]);
        }
    }
    return turned;
}

static dt_name_list list_expectations(dt_refereeing *r, size_t lookahead)
{
    dt_name_list turned = dt_names(r->arena, 0);
    for (size_t e = 0; e < r->answer->expectations; e++) {
        const dt_expected *expected = &r->answer->expected[e];
        if (expected->holds && expected->lookahead[lookahead] == 0)
            dt_name_add(&turned, "\"%s\"", expected->text);
    }
    return turned;
}

static void object_to(dt_refereeing *r, size_t lookahead)
{
    const size_t variant = DT_VARIANT_LOOKAHEAD + lookahead;
    const char *now = lookahead_text(r, r->lookahead[lookahead]);
    dt_name_list best = list_best(r, variant), sides = list_sides(r, variant);
    dt_name_list fails = list_expectations(r, lookahead);
    const size_t bests = best.count, pairs = sides.count, failing = fails.count;
    dt_text text = {.arena = r->arena};
    if (bests + pairs + failing == 0)
        return;
    dt_text_print(&text, "With lookahead %s in place of %s", now,
                  lookahead_text(r, r->model->lookahead));
    if (bests)
        dt_text_print(&text, "%s the best policy is another: %s", "", dt_name_list_end(&best));
    if (pairs)
        dt_text_print(&text, "%s %s change sides with %s: %s", bests ? ";" : "",
                      pairs == 1 ? "one policy" : "policies", r->model->policy[0].is.name,
                      dt_name_list_end(&sides));
    if (failing)
        dt_text_print(&text, "%s %zu %s: %s", bests + pairs ? ";" : "", failing,
                      failing == 1 ? "expectation fails" : "expectations fail",
                      dt_name_list_end(&fails));
    dt_text_print(&text, ".");
    dt_object(r, "horizon", bests + pairs ? DT_GRAVE : DT_SERIOUS,
              (double)(bests + pairs + failing), &text,
              dt_referee_print(r, "detente run %s --lookahead %s", r->name, now));
}

/* With a lookahead that isn't solved under some policy nothing is said of that policy. */
static void object_to_unsolved(dt_refereeing *r, size_t lookahead)
{
    dt_text text = {.arena = r->arena};
    dt_name_list names = dt_referee_unsolved(r, DT_VARIANT_LOOKAHEAD + lookahead);
    if (names.count == 0)
        return;
    const char *now = lookahead_text(r, r->lookahead[lookahead]);
    dt_text_print(&text, "With lookahead %s nothing can be said of %s, as it isn't solved.", now,
                  dt_name_list_end(&names));
    dt_object(r, "horizon", DT_MILD, (double)names.count, &text,
              dt_referee_print(r, "detente run %s --lookahead %s", r->name, now));
}

void dt_object_horizon(dt_refereeing *r)
{
    for (size_t l = 0; l < r->lookaheads; l++) {
        object_to(r, l);
        object_to_unsolved(r, l);
    }
}
