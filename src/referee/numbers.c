/*
 * Numbers moved one at a time through their whole range under every policy: those that do nothing anywhere, whatever the
 * documents argue about them, and those by which another policy becomes the best; of these, the ones that
 * nobody has measured.
 */
#include <math.h>

#include "referee/referee.h"

static double moved_to(const dt_refereeing *r, size_t policy, size_t index, int side,
                       size_t outcome)
{
    return r->moved[((policy * r->varied + index) * 2 + (size_t)side) * r->declared + outcome];
}

/* How far the policies are apart by an outcome in the nominal world; 0 if all are the same. */
static double spread_of(const dt_refereeing *r, size_t outcome)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t p = 0; p < r->policies; p++) {
        const double number = dt_referee_number(r, DT_VARIANT_NOMINAL, p, outcome);
        least = fmin(least, number);
        most = fmax(most, number);
    }
    return dt_better(most, least, most) ? most - least : 0;
}

/* The largest change of an outcome as a share of the spread; of an outcome by which all policies are the same, of its size. NaN
 * if it isn't known. */
static double change_of(const dt_refereeing *r, size_t policy, size_t index, size_t outcome)
{
    const double here = dt_referee_number(r, DT_VARIANT_NOMINAL, policy, outcome);
    const double spread = spread_of(r, outcome), size = spread > 0 ? spread : fabs(here);
    double most = 0;
    for (int side = 0; side < 2; side++) {
        const double there = moved_to(r, policy, index, side, outcome);
        if (isnan(there) || isnan(here))
            return NAN;
        if (dt_better(there, here, size))
            most = fmax(most, size > 0 ? fabs(there - here) / size : 1);
    }
    return most;
}

static void find_turns(const dt_refereeing *r, size_t index, dt_moved *moved)
{
    double *number = dt_new(r->arena, double, r->policies);
    for (size_t o = 0; o < r->declared; o++) {
        size_t best[3];
        if (!dt_model_headline(r->model, o) || r->model->outcome[o].direction == 0)
            continue;
        best[2] = dt_referee_best(r, r->number[DT_VARIANT_NOMINAL] + o, r->outcomes, o);
        for (int side = 0; side < 2; side++) {
            for (size_t p = 0; p < r->policies; p++)
                number[p] = moved_to(r, p, index, side, o);
            best[side] = dt_referee_best(r, number, 1, o);
            best[side] = best[side] == r->policies ? best[2] : best[side];
        }
        if (best[2] == r->policies || (best[0] == best[2] && best[1] == best[2]))
            continue;
        if (moved->turns++ == 0) {
            moved->outcome = o;
            moved->best = best[2];
            moved->best_low = best[0];
            moved->best_high = best[1];
        }
    }
}

static void list_numbers(dt_refereeing *r)
{
    dt_moved *moved = dt_new(r->arena, dt_moved, r->varied);
    for (size_t i = 0; i < r->varied; i++) {
        bool known = true;
        moved[i].parameter = r->vary[i];
        for (size_t o = 0; o < r->declared; o++) {
            for (size_t p = 0; p < r->policies && dt_model_headline(r->model, o); p++) {
                const double change = change_of(r, p, i, o);
                known &= !isnan(change);
                moved[i].most = fmax(moved[i].most, change);
                if (p == 0)
                    moved[i].first = fmax(moved[i].first, change);
            }
        }
        if (!known)
            moved[i].first = moved[i].most = (double)NAN;
        if (r->policies > 1)
            find_turns(r, i, &moved[i]);
    }
    r->answer->numbers = r->varied;
    r->answer->moved = moved;
}

static const char *name_of(const dt_refereeing *r, const dt_moved *moved)
{
    return dt_model_item(r->model, DT_PARAMETERS, moved->parameter);
}

/* Numbers that do nothing: anywhere, or under the first policy alone. */
static void object_to_inert(dt_refereeing *r, bool anywhere)
{
    const double inert = dt_threshold_of(DT_THRESHOLD_INERT);
    dt_name_list names = dt_names(r->arena, 0);
    dt_text text = {.arena = r->arena};
    const char *first = "";
    for (size_t i = 0; i < r->varied; i++) {
        const dt_moved *moved = &r->answer->moved[i];
        const bool nowhere = moved->most < inert;
        if (anywhere ? !nowhere : !(moved->first < inert) || nowhere)
            continue;
        first = names.count ? first : name_of(r, moved);
        dt_name_add(&names, "%s", name_of(r, moved));
    }
    const size_t count = names.count;
    if (count == 0)
        return;
    const double share = (double)count / (double)r->varied;
    if (anywhere)
        dt_text_print(&text,
                      "%zu of the %zu numbers do next to nothing under any policy, from one end of "
                      "their range to the other: %s. An argument about them is no argument in this "
                      "model.",
                      count, r->varied, dt_name_list_end(&names));
    else
        dt_text_print(&text,
                      "Under %s %zu more do next to nothing, and something only under other "
                      "policies: %s.",
                      r->model->policy[0].is.name, count, dt_name_list_end(&names));
    dt_object(r, "numbers", anywhere ? DT_SERIOUS : DT_MILD, share, &text,
              dt_referee_print(r, "detente study %s --design one-at-a-time --vary %s -o numbers.db",
                               r->name, first));
}

/* Numbers by which another policy becomes the best; with `unsourced` those of them that nobody has measured. */
static void object_to_turns(dt_refereeing *r, bool unsourced)
{
    const size_t explained = (size_t)dt_threshold_of(DT_THRESHOLD_NAMED);
    dt_name_list names = dt_names(r->arena, 0);
    dt_text text = {.arena = r->arena};
    const char *first = "";
    for (size_t i = 0; i < r->varied; i++) {
        const dt_moved *moved = &r->answer->moved[i];
        if (moved->turns == 0 || (unsourced && !dt_is_unsourced(r->model, moved->parameter)))
            continue;
        first = names.count ? first : name_of(r, moved);
        const bool low = moved->best_low != moved->best;
        if (names.count < explained)
            dt_name_add(&names, "%s (%s by %s when it is %s)", name_of(r, moved),
                        r->model->policy[low ? moved->best_low : moved->best_high].is.name,
                        r->model->outcome[moved->outcome].is.name, low ? "low" : "high");
        else
            dt_name_add(&names, "%s", name_of(r, moved));
    }
    const size_t count = names.count;
    if (count == 0)
        return;
    if (unsourced)
        dt_text_print(&text, "Which policy is best rests on %zu %s that %s: %s.", count,
                      count == 1 ? "number" : "numbers",
                      count == 1 ? "is somebody's judgement or has no source"
                                 : "are somebody's judgement or have no source",
                      dt_name_list_end(&names));
    else
        dt_text_print(&text,
                      "%zu of the %zu numbers, each moved alone within its range, %s another "
                      "policy the best by a headline outcome: %s.",
                      count, r->varied, count == 1 ? "makes" : "make", dt_name_list_end(&names));
    dt_object(r, unsourced ? "sources" : "numbers", DT_SERIOUS, (double)count, &text,
              dt_referee_print(r, "detente study %s --design one-at-a-time --vary %s -o numbers.db",
                               r->name, first));
}

void dt_object_numbers(dt_refereeing *r)
{
    list_numbers(r);
    object_to_turns(r, false);
    object_to_turns(r, true);
    object_to_inert(r, true);
    object_to_inert(r, false);
}
