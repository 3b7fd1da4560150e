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
static size_t add_best(dt_refereeing *r, size_t variant, dt_text *text)
{
    size_t turned = 0;
    for (size_t o = 0; o < r->declared; o++) {
        if (!dt_model_headline(r->model, o))
            continue;
        const size_t before = dt_referee_best(r, r->number[DT_VARIANT_NOMINAL] + o, r->outcomes, o);
        const size_t after = dt_referee_best(r, r->number[variant] + o, r->outcomes, o);
        if (before == r->policies || after == r->policies || before == after)
            continue;
        dt_text_print(text, "%s%s by %s (it was %s)", turned++ ? ", " : "",
                      r->model->policy[after].is.name, r->model->outcome[o].is.name,
                      r->model->policy[before].is.name);
    }
    return turned;
}

/* The policies that were better than the first and are worse now, or the other way round. */
static size_t add_sides(dt_refereeing *r, size_t variant, dt_text *text)
{
    size_t turned = 0;
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
            if ((double)turned++ < dt_threshold_of(DT_THRESHOLD_NAMED))
                dt_text_print(text, "%s%s by %s (%.3g against %.3g, now %.3g against %.3g)",
                              turned > 1 ? ", " : "", r->model->policy[p].is.name,
                              r->model->outcome[o].is.name, was[1], was[0], is[1], is[0]);
        }
    }
    dt_text_print(text, "%s", dt_referee_more(r, turned));
    return turned;
}

static size_t add_expectations(dt_refereeing *r, size_t lookahead, dt_text *text)
{
    size_t turned = 0;
    for (size_t e = 0; e < r->answer->expectations; e++) {
        const dt_expected *expected = &r->answer->expected[e];
        if (expected->holds && expected->lookahead[lookahead] == 0)
            dt_text_print(text, "%s\"%s\"", turned++ ? ", " : "", expected->text);
    }
    return turned;
}

static void object_to(dt_refereeing *r, size_t lookahead)
{
    const size_t variant = DT_VARIANT_LOOKAHEAD + lookahead;
    const char *now = lookahead_text(r, r->lookahead[lookahead]);
    dt_text best = {.arena = r->arena}, sides = {.arena = r->arena}, fails = {.arena = r->arena};
    dt_text text = {.arena = r->arena};
    const size_t bests = add_best(r, variant, &best), pairs = add_sides(r, variant, &sides);
    const size_t failing = add_expectations(r, lookahead, &fails);
    if (bests + pairs + failing == 0)
        return;
    dt_text_print(&text, "With lookahead %s in place of %s", now,
                  lookahead_text(r, r->model->lookahead));
    if (bests)
        dt_text_print(&text, "%s the best policy is another: %s", "", dt_text_get(&best));
    if (pairs)
        dt_text_print(&text, "%s %s change sides with %s: %s", bests ? ";" : "",
                      pairs == 1 ? "one policy" : "policies", r->model->policy[0].is.name,
                      dt_text_get(&sides));
    if (failing)
        dt_text_print(&text, "%s %zu %s: %s", bests + pairs ? ";" : "", failing,
                      failing == 1 ? "expectation fails" : "expectations fail",
                      dt_text_get(&fails));
    dt_text_print(&text, ".");
    dt_object(r, "horizon", bests + pairs ? DT_GRAVE : DT_SERIOUS,
              (double)(bests + pairs + failing), &text,
              dt_referee_print(r, "detente run %s --lookahead %s", r->name, now));
}

/* With a lookahead that isn't solved under some policy nothing is said of that policy. */
static void object_to_unsolved(dt_refereeing *r, size_t lookahead)
{
    dt_text text = {.arena = r->arena}, names = {.arena = r->arena};
    size_t count = 0;
    for (size_t p = 0; p < r->policies; p++) {
        bool known = r->declared == 0;
        for (size_t o = 0; o < r->declared; o++)
            known |= !isnan(dt_referee_number(r, DT_VARIANT_LOOKAHEAD + lookahead, p, o));
        if (!known)
            dt_text_print(&names, "%s%s", count++ ? ", " : "", r->model->policy[p].is.name);
    }
    if (count == 0)
        return;
    const char *now = lookahead_text(r, r->lookahead[lookahead]);
    dt_text_print(&text, "With lookahead %s nothing can be said of %s, as it isn't solved.", now,
                  dt_text_get(&names));
    dt_object(r, "horizon", DT_MILD, (double)count, &text,
              dt_referee_print(r, "detente run %s --lookahead %s", r->name, now));
}

void dt_object_horizon(dt_refereeing *r)
{
    for (size_t l = 0; l < r->lookaheads; l++) {
        object_to(r, l);
        object_to_unsolved(r, l);
    }
}
