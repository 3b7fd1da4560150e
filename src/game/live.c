/*
 * Liveness of choices: at each kind of place, which choices something later in the period reads.
 * The others are forgotten there, so that situations that differ in nothing else merge. What only a
 * stage's `when` reads is forgotten once the `when` is decided.
 */
#include "game/explore.h"

/* Marks in `live` every choice that an expression reads. */
static void mark_reads(dt_explorer *explorer, uint8_t *live, int64_t expression)
{
    if (expression == DT_NONE)
        return;
    const int *slot;
    int reads = dt_formula_reads(explorer->formulas, (uint32_t)expression, &slot);
    for (int i = 0; i < reads; i++)
        live[slot[i]] = 1;
}

static void mark_effects(dt_explorer *explorer, uint8_t *live, dt_effects effects)
{
    for (int i = 0; i < effects.count; i++) {
        const dt_effect *effect = &effects.at[i];
        if (effect->arms == 0)
            mark_reads(explorer, live, effect->expression);
        for (int a = 0; a < effect->arms; a++) {
            mark_reads(explorer, live, effect->arm[a].condition);
            mark_effects(explorer, live, effect->arm[a].body);
        }
    }
}

/* Marks what a stage's nodes read: guards, what the policy forbids and forces there, effects. */
static void mark_stage(dt_explorer *explorer, uint8_t *live, int s)
{
    const dt_stage *stage = &explorer->model->stage[s];
    mark_effects(explorer, live, stage->effects);
    for (int a = 0; a < stage->actions; a++) {
        const dt_orders *orders = &explorer->rules->stage[s].orders[a];
        mark_reads(explorer, live, stage->action[a].guard);
        mark_effects(explorer, live, stage->action[a].effects);
        for (int i = 0; i < orders->forbids; i++)
            mark_reads(explorer, live, orders->forbid[i]);
        for (int i = 0; i < orders->forces; i++)
            mark_reads(explorer, live, orders->force[i]);
    }
}

void dt_explorer_find_live(dt_explorer *explorer)
{
    const dt_model *model = explorer->model;
    uint8_t *live = dt_new(explorer->arena, uint8_t, (size_t)model->slots);
    for (int t = 0; t < model->terms; t++)
        mark_reads(explorer, live, model->term[t].payoff);
    for (int o = 0; o < model->outcomes; o++)
        mark_reads(explorer, live, model->outcome[o].argument);
    for (int e = 0; e < model->ends; e++)
        mark_reads(explorer, live, model->end[e]);
    for (int s = model->stages; s >= 0; s--) {
        if (s < model->stages)
            mark_stage(explorer, live, s);
        for (int i = model->variables; i < model->slots; i++) {
            if (live[i])
                dt_push(explorer->arena, &explorer->live[s], (uint32_t)i);
        }
        if (s < model->stages) /* read on arriving, by nodes before this stage */
            mark_reads(explorer, live, model->stage[s].when);
    }
}
