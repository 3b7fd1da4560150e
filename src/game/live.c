/*
 * Liveness of choices: at each kind of place, which choices something later in the period reads.
 * The others are forgotten there, so that situations that differ in nothing else merge. What only a
 * stage's `when` reads is forgotten once the `when` is decided.
 */
#include "game/explorer.h"

void dt_explorer_mark_reads(dt_explorer *explorer, uint8_t *read, int64_t expression)
{
    if (expression == DT_NONE)
        return;
    const int *slot;
    int reads = dt_formula_reads(explorer->formulas, (uint32_t)expression, &slot);
    for (int i = 0; i < reads; i++)
        read[slot[i]] = 1;
}

static void mark_effects(dt_explorer *explorer, uint8_t *read, dt_effects effects)
{
    for (int i = 0; i < effects.count; i++) {
        const dt_effect *effect = &effects.at[i];
        if (effect->arms == 0)
            dt_explorer_mark_reads(explorer, read, effect->expression);
        for (int a = 0; a < effect->arms; a++) {
            dt_explorer_mark_reads(explorer, read, effect->arm[a].condition);
            mark_effects(explorer, read, effect->arm[a].body);
        }
    }
}

static void mark_orders(dt_explorer *explorer, uint8_t *read, const dt_orders *orders)
{
    for (int i = 0; i < orders->forbids; i++)
        dt_explorer_mark_reads(explorer, read, orders->forbid[i]);
    for (int i = 0; i < orders->forces; i++)
        dt_explorer_mark_reads(explorer, read, orders->force[i]);
}

void dt_explorer_mark_stage(dt_explorer *explorer, uint8_t *read, int s)
{
    const dt_stage *stage = &explorer->model->stage[s];
    mark_effects(explorer, read, stage->effects);
    for (int a = 0; a < stage->actions; a++) {
        dt_explorer_mark_reads(explorer, read, stage->action[a].guard);
        mark_effects(explorer, read, stage->action[a].effects);
        mark_orders(explorer, read, &explorer->rules->stage[s].orders[a]);
    }
}

/* What the orders of the rules beside these read at a stage. */
static void mark_beside(dt_explorer *explorer, uint8_t *read, int s)
{
    for (int a = 0; explorer->beside && a < explorer->model->stage[s].actions; a++)
        mark_orders(explorer, read, &explorer->beside->stage[s].orders[a]);
}

/* The fields of the variables and of the live choices of a kind. */
static void make_mask(dt_explorer *explorer, uint32_t kind)
{
    uint32_t *mask = explorer->live_mask + (size_t)kind * explorer->layout.words;
    const dt_indices *live = &explorer->live[kind];
    for (int v = 0; v < explorer->model->variables; v++)
        dt_key_mark(&explorer->layout.field[v], mask);
    for (size_t i = 0; i < live->count; i++)
        dt_key_mark(&explorer->layout.field[live->at[i]], mask);
}

void dt_explorer_find_live(dt_explorer *explorer)
{
    const dt_model *model = explorer->model;
    uint8_t *live = dt_new(explorer->arena, uint8_t, (size_t)model->slots);
    for (int t = 0; t < model->terms; t++)
        dt_explorer_mark_reads(explorer, live, model->term[t].payoff);
    for (int o = 0; o < model->outcomes; o++)
        dt_explorer_mark_reads(explorer, live, model->outcome[o].argument);
    for (int e = 0; e < model->ends; e++)
        dt_explorer_mark_reads(explorer, live, model->end[e]);
    for (int s = model->stages; s >= 0; s--) {
        if (s < model->stages) {
            dt_explorer_mark_stage(explorer, live, s);
            mark_beside(explorer, live, s);
        }
        if (s < model->stages && explorer->beside) /* whose roles may decide it otherwise */
            dt_explorer_mark_reads(explorer, live, model->stage[s].when);
        for (int i = model->variables; i < model->slots; i++) {
            if (live[i])
                dt_push(explorer->arena, &explorer->live[s], (uint32_t)i);
        }
        if (s < model->stages) /* read on arriving, by nodes before this stage */
            dt_explorer_mark_reads(explorer, live, model->stage[s].when);
    }
    for (uint32_t kind = 0; kind <= explorer->state_kind; kind++)
        make_mask(explorer, kind);
}
