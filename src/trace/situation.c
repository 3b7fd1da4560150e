/*
 * From what is wanted to a node of the graph. Where that leaves something open, the forward pass says which
 * of the fitting situations is the likeliest.
 */
#include "trace/situation.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "game/secret.h"
#include "model/calendar.h"
#include "trace/believed.h"
#include "trace/reach.h"

static const dt_place nowhere = {0, 0};

static bool fits(const dt_model *model, const int *slot, const int *wanted)
{
    for (int s = 0; s < model->slots; s++) {
        if (wanted[s] != DT_ANY && wanted[s] != slot[s])
            return false;
    }
    return true;
}

/* The likeliest node of a stage in period t that fits, or DT_NOWHERE. */
static uint32_t likeliest(const dt_reach *reach, uint32_t stage, uint32_t t, const int *wanted,
                          int *slot)
{
    const dt_game *game = reach->game;
    uint32_t best = DT_NOWHERE;
    uint32_t first = game->stage_first[stage];
    uint32_t count = dt_game_count(game, stage, t);
    for (uint32_t n = first; n < first + count; n++) {
        if (best != DT_NOWHERE && reach->mass[n] <= reach->mass[best])
            continue;
        dt_game_unpack(game, n, slot);
        if (!wanted || fits(game->model, slot, wanted))
            best = n;
    }
    return best;
}

/* The node meant in period t, which `reach` has gone to: the likeliest of a stage, or with stage
 * DT_NONE of the first stage that has one which is reached; or DT_NOWHERE. */
static uint32_t find_node(const dt_reach *reach, int stage, uint32_t t, const int *wanted,
                          int *slot)
{
    const dt_game *game = reach->game;
    if (stage != DT_NONE)
        return likeliest(reach, (uint32_t)stage, t, wanted, slot);
    for (uint32_t s = 0; s < game->stages; s++) {
        uint32_t node =
            game->model->stage[s].movers == 0 ? DT_NOWHERE : likeliest(reach, s, t, wanted, slot);
        if (node != DT_NOWHERE && reach->mass[node] > 0)
            return node;
    }
    return DT_NOWHERE;
}

/* ---- why nothing fits -------------------------------------------------------------------------- */

typedef struct misfit {
    dt_arena *arena;
    const dt_solution *solution;
    const dt_options *options;
    const int *wanted;
    int stage; /* or DT_NONE */
    uint32_t t;
    int *slot; /* [slots] work space */
} misfit;

/* The last period before t, and the first after it, in which a situation fits; or DT_NOWHERE. */
static void find_periods(const misfit *m, uint32_t *before, uint32_t *after)
{
    const dt_reach reach = dt_reach_new(m->arena, m->solution);
    const uint32_t horizon = m->solution->game->horizon;
    *before = *after = DT_NOWHERE;
    for (uint32_t t = 0; t < horizon && *after == DT_NOWHERE; t++) {
        dt_progress(m->arena, m->options, "following play", (double)t / horizon);
        dt_reach_to(&reach, t);
        if (t != m->t && find_node(&reach, m->stage, t, m->wanted, m->slot) != DT_NOWHERE)
            *(t < m->t ? before : after) = t;
    }
}

/* Whether some decision of the stage, whatever the period, has all that is wanted of two slots. */
static bool occurs(const misfit *m, int one, int other)
{
    const dt_game *game = m->solution->game;
    for (uint32_t n = 0; n < game->nodes; n++) {
        const uint32_t stage = dt_game_stage(game, n);
        if (m->stage != DT_NONE ? stage != (uint32_t)m->stage
                                : game->model->stage[stage].movers == 0)
            continue;
        dt_game_unpack(game, n, m->slot);
        if (m->slot[one] == m->wanted[one] && m->slot[other] == m->wanted[other])
            return true;
    }
    return false;
}

static void say_wanted(const misfit *m, int slot, dt_text *hint)
{
    const dt_model *model = m->solution->game->model;
    dt_slot_name(model, slot, hint);
    dt_text_print(hint, "=");
    dt_slot_value_name(model, slot, m->wanted[slot], hint);
}

/* Says which cell of the description, or which two, no period can bring about. */
static void say_cause(const misfit *m, dt_text *hint)
{
    const dt_model *model = m->solution->game->model;
    for (int apart = 0; apart <= 1; apart++) {
        for (int a = 0; a < model->slots; a++) {
            for (int b = apart ? a + 1 : a; b < (apart ? model->slots : a + 1); b++) {
                if (m->wanted[a] == DT_ANY || m->wanted[b] == DT_ANY || occurs(m, a, b))
                    continue;
                say_wanted(m, a, hint);
                if (apart) {
                    dt_text_print(hint, " and ");
                    say_wanted(m, b, hint);
                }
                dt_text_print(hint, apart ? " never occur together there" : " never occurs there");
                if (a >= model->variables || b >= model->variables)
                    dt_text_print(hint, ": a choice that nothing later reads is forgotten");
                return;
            }
        }
    }
    dt_text_print(hint, m->stage == DT_NONE
                            ? "play never comes to such a decision; --stage looks at what is "
                              "possible, however unlikely"
                            : "any two of these occur together there, but not all of them");
}

/* Says that nothing fits; when something would, or what makes it impossible; and what there is. */
static void complain_nowhere(const misfit *m, const dt_reach *reach, dt_diagnostics *diagnostics)
{
    const dt_game *game = m->solution->game;
    dt_text hint = {.arena = m->arena}, what = {.arena = m->arena}, period = {.arena = m->arena};
    if (m->stage != DT_NONE)
        dt_text_print(&what, "stage '%s'", game->model->stage[m->stage].is.name);
    else
        dt_text_print(&what, "any stage");
    uint32_t before, after;
    find_periods(m, &before, &after);
    const uint32_t there = m->stage == DT_NONE
                               ? DT_NOWHERE
                               : likeliest(reach, (uint32_t)m->stage, m->t, NULL, m->slot);
    if (after != DT_NOWHERE || before != DT_NOWHERE) {
        dt_text_print(&hint, "%s possible in ",
                      after == DT_NOWHERE    ? "last"
                      : before == DT_NOWHERE ? "first"
                                             : "next");
        dt_period_print(game->model, (int64_t)(after != DT_NOWHERE ? after : before) + 1, &hint);
    } else if (m->stage != DT_NONE &&
               game->stage_first[m->stage] == game->stage_first[m->stage + 1]) {
        dt_text_print(&hint, "that stage is never played");
    } else {
        say_cause(m, &hint);
    }
    if (there != DT_NOWHERE) {
        dt_text_print(&hint, "; the likeliest situation in that period is ");
        dt_game_describe(game, there, &hint);
    } else if (m->stage != DT_NONE) {
        dt_text_print(&hint, "; that stage isn't played in that period");
    }
    dt_period_print(game->model, (int64_t)m->t + 1, &period);
    dt_complain_more(diagnostics, DT_EXPLAIN_NOWHERE, nowhere, dt_text_get(&hint), NULL,
                     dt_text_get(&what), dt_text_get(&period));
}

/* ---- finding ----------------------------------------------------------------------------------- */

/* What is wanted of the private variables that are secrets. */
static const double *wanted_of_secrets(dt_arena *arena, const dt_game *game,
                                       const dt_wanted_situation *wanted)
{
    const dt_model *model = game->model;
    double *belief = dt_new(arena, double, game->secret_first[game->privates]);
    const double *from = wanted->belief;
    for (int i = 0; i < model->privates; i++) {
        const int v = model->private_variable[i], values = dt_slot_values(model, v);
        for (int k = 0; k < values; k++, from++) {
            if (game->secret_of[v] != DT_NONE)
                belief[game->secret_first[game->secret_of[v]] + (size_t)k] = *from;
        }
    }
    return belief;
}

bool dt_situation_find(dt_arena *arena, const dt_solution *solution,
                       const dt_wanted_situation *wanted, const char *stage, uint32_t t,
                       dt_diagnostics *diagnostics, const dt_options *options, dt_situation *found)
{
    const dt_game *game = solution->game;
    assert(t < game->horizon);
    int chosen = stage ? dt_asked_stage(arena, game->model, stage, diagnostics) : DT_NONE;
    if (stage && chosen < 0)
        return false;
    const dt_reach reach = dt_reach_new(arena, solution);
    for (uint32_t period = 0; period < t; period++) {
        dt_progress(arena, options, "following play", (double)period / t);
        dt_reach_to(&reach, period);
    }
    dt_reach_to(&reach, t);
    int *slot = dt_new(arena, int, (size_t)game->model->slots);
    uint32_t node = find_node(&reach, chosen, t, wanted->slot, slot);
    if (node == DT_NOWHERE) {
        const misfit m = {arena, solution, options, wanted->slot, chosen, t, slot};
        complain_nowhere(&m, &reach, diagnostics);
        return false;
    }
    assert(node < game->nodes && game->menu[game->node_menu[node]].agents > 0);
    *found =
        (dt_situation){.node = node, .reached = reach.mass[node], .believed = reach.mass[node]};
    if (solution->private) {
        double *asked = dt_new(arena, double, game->secret_first[game->privates]);
        found->point = dt_believed_find(reach.chain, node, wanted_of_secrets(arena, game, wanted),
                                        asked, &found->believed);
        found->asked = asked;
    }
    return true;
}
