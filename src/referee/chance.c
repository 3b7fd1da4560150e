/*
 * What holds by chance alone: the same game in which everybody tosses coins. An expectation that holds there says nothing
 * about strategy, and neither does a ranking of policies that is the same there: it follows from what is forced, forbidden and
 * left to chance.
 */
#include <math.h>

#include "referee/referee.h"

static void object_to_expectations(dt_refereeing *r)
{
    const dt_refereed *answer = r->answer;
    size_t held = 0;
    dt_name_list names = dt_names(r->arena, (size_t)dt_threshold_of(DT_THRESHOLD_QUOTED));
    dt_text text = {.arena = r->arena};
    for (size_t e = 0; e < answer->expectations; e++) {
        const dt_expected *expected = &answer->expected[e];
        held += expected->holds;
        if (expected->holds && expected->by_chance)
            dt_name_add(&names, "\"%s\"", expected->text);
    }
    const size_t chance = names.count;
    if (chance == 0)
        return;
    const double share = (double)chance / (double)held;
    dt_text_print(&text,
                  "%zu of the %zu expectations that hold would hold as well if everybody tossed "
                  "coins, so they test neither strategy nor payoffs: %s.",
                  chance, held, dt_name_list_end(&names));
    dt_object(r, "chance",
              share > dt_threshold_of(DT_THRESHOLD_CHANCE_HELD) ? DT_GRAVE : DT_SERIOUS, share,
              &text, dt_referee_print(r, "detente check %s --precision 0", r->name));
}

static void object_to_rankings(dt_refereeing *r)
{
    const double from = dt_threshold_of(DT_THRESHOLD_CHANCE_RANKED);
    dt_name_list same = dt_names(r->arena, 0), others = dt_names(r->arena, 0);
    size_t ranked = 0;
    bool headline = false;
    double most = -1;
    for (size_t o = 0; o < r->declared; o++) {
        const double rank = r->answer->by_chance[o];
        if (isnan(rank) || r->model->outcome[o].direction == 0)
            continue;
        const char *name = r->model->outcome[o].is.name;
        ranked++;
        most = fmax(most, rank);
        if (rank >= from) {
            dt_name_add(&same, "%s (%.2f)", name, rank);
            headline |= dt_model_headline(r->model, o);
        } else if (rank < 0) {
            dt_name_add(&others, "%s (%.2f)", name, rank);
        }
    }
    if (same.count == 0)
        return;
    const bool by_luck = r->policies < 3; /* two are in one order or the other */
    dt_text all = {.arena = r->arena};
    dt_text_print(&all,
                  "By %zu of %zu outcomes the ranking of the %zu policies is nearly the same when "
                  "everybody tosses coins: %s. What decides it is what policies force and forbid, "
                  "and chance; nobody's reasoning does.",
                  same.count, ranked, r->policies, dt_name_list_end(&same));
    if (others.count)
        dt_text_print(&all, " Strategy turns the ranking by %s.", dt_name_list_end(&others));
    dt_object(r, "chance", headline && !by_luck ? DT_GRAVE : DT_SERIOUS, most, &all,
              dt_referee_print(r, "detente run %s --full --precision 0", r->name));
}

void dt_object_chance(dt_refereeing *r)
{
    object_to_expectations(r);
    object_to_rankings(r);
}
