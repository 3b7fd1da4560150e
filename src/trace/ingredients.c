/*
 * The ingredients between two policies, found by comparing settings and changes. A number set, a role given, a start or a
 * team that both policies change, but differently, is one ingredient with two sides.
 */
#include <string.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "trace/levers.h"

static const dt_change *change_of(const dt_model *model, dt_own_change own)
{
    return &model->policy[own.policy].change[own.change];
}

static bool same_members(const dt_team *a, const dt_team *b)
{
    bool same = a->members == b->members;
    for (int m = 0; m < a->members && same; m++) {
        bool found = false;
        for (int k = 0; k < b->members; k++)
            found |= a->member[m] == b->member[k];
        same = found;
    }
    return same;
}

/* Whether two changes are about the same thing, and so exclude each other. */
static bool about_the_same(const dt_change *a, const dt_change *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case DT_CHANGE_TEAM:
        return same_members(&a->team, &b->team);
    case DT_CHANGE_SET:
        return a->set.parameter == b->set.parameter;
    case DT_CHANGE_ROLE:
    case DT_CHANGE_START:
        return a->what == b->what;
    case DT_CHANGE_FORBID:
    case DT_CHANGE_FORCE:
        break;
    }
    return false;
}

/* The change of another policy that is the same, or about the same; its index, or the number of changes. */
static size_t find_change(const dt_model *model, dt_own_change own, size_t policy, bool same)
{
    const size_t count = dt_model_changes(model, policy);
    for (size_t c = 0; c < count; c++) {
        const dt_own_change other = {policy, c};
        if (same ? dt_model_same_change(model, own, other)
                 : about_the_same(change_of(model, own), change_of(model, other)))
            return c;
    }
    return count;
}

/* A name that no ingredient has. */
static const char *unused(const dt_levers *levers, const char *name)
{
    dt_text text = {.arena = levers->arena};
    for (int number = 1;; number++) {
        text.bytes.count = 0;
        dt_text_print(&text, number == 1 ? "%s" : "%s %d", name, number);
        const char *wanted = dt_text_get(&text);
        bool taken = false;
        for (size_t i = 0; i < levers->ingredient.count; i++)
            taken |= strcmp(levers->ingredient.at[i].name, wanted) == 0;
        if (!taken)
            return dt_copy_text(levers->arena, wanted, strlen(wanted));
    }
}

static void add_levers(dt_levers *levers)
{
    const dt_model *model = levers->model;
    for (int l = 0; l < model->levers; l++) {
        dt_ingredient one = {.name = model->lever[l].is.name, .lever = l};
        size_t setting[2];
        for (int side = 0; side < 2; side++) {
            dt_text text = {.arena = levers->arena};
            setting[side] = model->policy[levers->policy[side]].setting[l];
            dt_text_print(&text, "%s=%s", one.name, model->lever[l].setting[setting[side]].is.name);
            one.text[side] = dt_text_get(&text);
        }
        if (setting[0] != setting[1])
            dt_push(levers->arena, &levers->ingredient, one);
    }
}

/* The changes of one kind that a policy makes of its own. */
static void add_own(dt_levers *levers, int side, dt_change_kind kind)
{
    const dt_model *model = levers->model;
    const size_t policy = levers->policy[side], other = levers->policy[1 - side];
    for (size_t c = 0; c < dt_model_changes(model, policy); c++) {
        const dt_own_change own = {policy, c};
        if (change_of(model, own)->kind != kind)
            continue;
        if (find_change(model, own, policy, true) < c)
            continue; /* written twice */
        const bool shared = find_change(model, own, other, true) < dt_model_changes(model, other);
        if (shared && side == 0)
            dt_push(levers->arena, &levers->shared, own);
        if (shared)
            continue;
        const size_t against = find_change(model, own, other, false);
        const bool both = against < dt_model_changes(model, other);
        if (both && side == 1)
            continue; /* it is there already */
        dt_ingredient one = {.name = unused(levers, dt_model_change(model, own)), .lever = DT_NONE};
        one.text[0] = one.text[1] = "";
        one.has[side] = true;
        one.side[side] = own;
        one.text[side] = dt_model_change_text(model, own);
        if (both) {
            one.has[1] = true;
            one.side[1] = (dt_own_change){other, against};
            one.text[1] = dt_model_change_text(model, one.side[1]);
        }
        dt_push(levers->arena, &levers->ingredient, one);
    }
}

typedef struct making {
    const dt_model *model;
    size_t from, to;
    const dt_options *options;
} making;

static dt_status make(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const making *asked = argument;
    static const dt_change_kind order[] = {DT_CHANGE_TEAM,  DT_CHANGE_SET,    DT_CHANGE_ROLE,
                                           DT_CHANGE_START, DT_CHANGE_FORBID, DT_CHANGE_FORCE};
    dt_levers *levers = *found = dt_new(arena, dt_levers, 1);
    levers->arena = arena;
    levers->model = asked->model;
    levers->policy[0] = asked->from;
    levers->policy[1] = asked->to;
    add_levers(levers);
    for (int side = 0; side < 2; side++) {
        for (size_t k = 0; k < sizeof order / sizeof order[0]; k++)
            add_own(levers, side, order[k]);
    }
    levers->setting = dt_new(arena, size_t, (size_t)asked->model->levers);
    levers->change = dt_new(arena, dt_own_change,
                            dt_model_changes(asked->model, asked->from) +
                                dt_model_changes(asked->model, asked->to));
    if (levers->ingredient.count <= DT_MOST_INGREDIENTS)
        return DT_OK;
    dt_diagnostics *diagnostics =
        dt_diagnostics_new(scratch, asked->options, &asked->model->source);
    dt_complain(diagnostics, DT_TOO_MANY_INGREDIENTS, (dt_place){0, 0}, levers->ingredient.count,
                asked->model->policy[asked->from].is.name, asked->model->policy[asked->to].is.name,
                DT_MOST_INGREDIENTS);
    dt_diagnostics_flush(diagnostics);
    return DT_INVALID;
}

dt_status dt_levers_new(const dt_model *model, size_t from, size_t to, const dt_options *options,
                        dt_levers **levers)
{
    if (levers)
        *levers = NULL;
    if (!model || !levers || from >= (size_t)model->policies || to >= (size_t)model->policies)
        return dt_refuse_call(
            options, "dt_levers_new",
            "no model, a policy that it hasn't got, or nowhere to put the levers");
    return dt_answer(options, make, &(making){model, from, to, options}, (void **)levers);
}

void dt_levers_free(dt_levers *levers)
{
    if (!levers)
        return;
    dt_mechanical_free(levers->mechanical);
    dt_game_free(levers->end[0]);
    dt_game_free(levers->end[1]);
    dt_arena_free(levers->arena);
}

size_t dt_levers_count(const dt_levers *levers)
{
    return levers ? levers->ingredient.count : 0;
}

const char *dt_levers_name(const dt_levers *levers, size_t ingredient)
{
    return ingredient < dt_levers_count(levers) ? levers->ingredient.at[ingredient].name : "";
}

const char *dt_levers_side(const dt_levers *levers, size_t ingredient, int side)
{
    const bool known = ingredient < dt_levers_count(levers) && (side == 0 || side == 1);
    return known ? levers->ingredient.at[ingredient].text[side] : "";
}
