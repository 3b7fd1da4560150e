/*
 * What the rules and ranges of a model do that its author may not have meant: ends that are a prize because nothing is paid
 * any more, numbers that leave their domain within the declared ranges, and policies that aren't solved.
 */
#include <math.h>

#include "referee/referee.h"

void dt_object_unsolved(dt_refereeing *r)
{
    dt_name_list names = dt_referee_unsolved(r, DT_VARIANT_NOMINAL);
    dt_text text = {.arena = r->arena};
    if (names.count == 0)
        return;
    dt_text_print(&text, "The nominal world isn't solved under %s, so nothing is said of %s.",
                  dt_name_list_end(&names), names.count == 1 ? "it" : "them");
    dt_object(r, "unsolved", DT_GRAVE, (double)names.count, &text,
              dt_referee_print(r, "detente run %s", r->name));
}

/* Each end and actor once, with the policies. */
static void object_to_prizes(dt_refereeing *r)
{
    const size_t most = (size_t)r->model->ends * (size_t)r->model->actors;
    for (size_t k = 0; k < most; k++) {
        const size_t end = k / (size_t)r->model->actors, actor = k % (size_t)r->model->actors;
        dt_name_list names = dt_names(r->arena, 0);
        dt_text text = {.arena = r->arena};
        double future = 0;
        for (size_t p = 0; p < r->policies; p++) {
            if (isnan(r->prize[p * most + k]))
                continue;
            dt_name_add(&names, "%s", r->model->policy[p].is.name);
            future = fmin(future, r->prize[p * most + k]);
        }
        if (names.count == 0)
            continue;
        dt_text_print(&text,
                      "The end %s is a relief to %s, who escapes by it what is worth %.3g, more "
                      "than it pays for it: under %s.",
                      r->model->end_list[end].name, dt_model_item(r->model, DT_ACTORS, actor),
                      future, dt_name_list_end(&names));
        dt_object(r, "ends", DT_SERIOUS, future, &text,
                  dt_referee_print(r, "detente check %s", r->name));
    }
}

static dt_status object_to_ranges(dt_refereeing *r)
{
    dt_game **games = dt_new(r->arena, dt_game *, r->policies);
    dt_options quiet = *r->options;
    dt_safety safety = {0};
    dt_status status = DT_OK;
    quiet.report = NULL;
    for (size_t p = 0; p < r->policies && status == DT_OK; p++)
        status = dt_game_explore_ranges(r->model, p, r->world, r->held, &quiet, &games[p]);
    if (status == DT_OK)
        status = dt_games_check_ranges(games, r->policies, r->world, r->held, &quiet, &safety);
    for (size_t p = 0; p < r->policies; p++)
        dt_game_free(games[p]);
    if (status != DT_OK || safety.found == 0)
        return status;
    dt_text text = {.arena = r->arena};
    dt_text_print(
        &text,
        "The declared ranges allow worlds that can't be: %llu of %llu numbers leave their "
        "domain in some of them, and %llu of %llu worlds drawn are lost.",
        (unsigned long long)safety.found, (unsigned long long)safety.numbers,
        (unsigned long long)safety.lost, (unsigned long long)safety.drawn);
    dt_object(r, "ranges", safety.lost > 0 ? DT_SERIOUS : DT_MILD, (double)safety.found, &text,
              dt_referee_print(r, "detente check %s", r->name));
    return DT_OK;
}

dt_status dt_object_rules(dt_refereeing *r)
{
    object_to_prizes(r);
    return object_to_ranges(r);
}
