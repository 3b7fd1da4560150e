/*
 * Who depends on whom, read off the expressions: an actor on what its payoff, discount and rationality read, a
 * stage on its movers and on all that its guards and effects read, a variable on the stages that write it, and
 * on its prior, an outcome on what it counts. A choice that is read later stands for its stage. What reaches an
 * outcome is found against the arrows. Invariant: a part is drawn only if a path leads from it to an
 * outcome that was asked for.
 */
#include "lab/causes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/reads.h"

typedef struct finding {
    dt_causes *causes;
    const dt_model *model;
    dt_reads *reads;
    const int *holder; /* [roles] */
    uint8_t *leads;    /* [parts] to the part at hand, already noted */
    dt_arena *arena;
    dt_list(dt_cause) cause;
} finding;

const char *dt_part_word(dt_part_kind kind)
{
    static const char *const word[] = {"number", "actor", "stage", "variable", "outcome"};
    return word[kind];
}

dt_part_kind dt_part_kind_of(const dt_causes *causes, int part)
{
    int kind = 0;
    while (part >= causes->first[kind + 1])
        kind++;
    assert(kind < DT_PARTS);
    return (dt_part_kind)kind;
}

const dt_named *dt_part_named(const dt_causes *causes, int part)
{
    const dt_model *model = causes->model;
    const dt_part_kind kind = dt_part_kind_of(causes, part);
    const int at = part - causes->first[kind];
    switch (kind) {
    case DT_PART_NUMBER:
        return &model->param[at].is;
    case DT_PART_ACTOR:
        return &model->actor[at].is;
    case DT_PART_STAGE:
        return &model->stage[at].is;
    case DT_PART_VARIABLE:
        return &model->variable[at].is;
    default:
        return &model->outcome[at].is;
    }
}

static int part_of(const finding *f, dt_part_kind kind, int at)
{
    return f->causes->first[kind] + at;
}

static void lead(finding *f, int from, int to)
{
    if (f->leads[from] || from == to)
        return;
    f->leads[from] = 1;
    dt_push(f->arena, &f->cause, ((dt_cause){from, to}));
}

/* All that is marked as read leads to a part, of which nothing else is to be noted; marks are taken away. */
static void lead_marked(finding *f, int to)
{
    dt_reads_find(f->reads);
    for (int i = 0; i < f->model->params; i++) {
        if (f->reads->param[i])
            lead(f, part_of(f, DT_PART_NUMBER, i), to);
    }
    for (int s = 0; s < f->model->slots; s++) {
        int mover;
        if (!f->reads->slot[s])
            continue;
        lead(f,
             s < f->model->variables
                 ? part_of(f, DT_PART_VARIABLE, s)
                 : part_of(f, DT_PART_STAGE, dt_slot_stage(f->model, s, &mover)),
             to);
    }
    dt_reads_forget(f->reads);
    memset(f->leads, 0, (size_t)f->causes->first[DT_PARTS]);
}

static int actor_of(const finding *f, dt_owner owner)
{
    return owner.is_role ? f->holder[owner.index] : owner.index;
}

static void find_actors(finding *f)
{
    for (int a = 0; a < f->model->actors; a++) {
        for (int t = 0; t < f->model->terms; t++) {
            if (actor_of(f, f->model->term[t].owner) == a)
                dt_reads_add(f->reads, f->model->term[t].payoff);
        }
        dt_reads_add(f->reads, f->model->actor[a].discount);
        dt_reads_add(f->reads, f->model->actor[a].rationality);
        lead_marked(f, part_of(f, DT_PART_ACTOR, a));
    }
}

static void find_stages(finding *f)
{
    for (int s = 0; s < f->model->stages; s++) {
        const dt_stage *stage = &f->model->stage[s];
        const int part = part_of(f, DT_PART_STAGE, s);
        dt_reads_add_written(f->reads, stage->effects);
        for (int a = 0; a < stage->actions; a++)
            dt_reads_add_written(f->reads, stage->action[a].effects);
        for (int v = 0; v < f->model->variables; v++) {
            if (f->reads->slot[v])
                dt_push(f->arena, &f->cause, ((dt_cause){part, part_of(f, DT_PART_VARIABLE, v)}));
        }
        dt_reads_forget(f->reads);
        for (int m = 0; m < stage->movers; m++)
            lead(f, part_of(f, DT_PART_ACTOR, actor_of(f, stage->mover[m])), part);
        dt_reads_add(f->reads, stage->when);
        dt_reads_add_effects(f->reads, stage->effects);
        for (int a = 0; a < stage->actions; a++) {
            dt_reads_add(f->reads, stage->action[a].guard);
            dt_reads_add_effects(f->reads, stage->action[a].effects);
        }
        lead_marked(f, part);
    }
}

static void find_others(finding *f)
{
    for (int v = 0; v < f->model->variables; v++) {
        const dt_variable *variable = &f->model->variable[v];
        for (int k = 0; variable->chance && k <= variable->high - variable->low; k++)
            dt_reads_add(f->reads, variable->chance[k]);
        if (variable->chance)
            lead_marked(f, part_of(f, DT_PART_VARIABLE, v));
    }
    for (int o = 0; o < f->model->declared_outcomes; o++) {
        dt_reads_add(f->reads, f->model->outcome[o].argument);
        lead_marked(f, part_of(f, DT_PART_OUTCOME, o));
    }
}

/* Whatever leads to something drawn is drawn. */
static void draw(const finding *f, int outcome)
{
    dt_causes *causes = f->causes;
    for (int o = 0; o < f->model->declared_outcomes; o++)
        causes->drawn[part_of(f, DT_PART_OUTCOME, o)] = outcome == DT_NONE || outcome == o;
    for (bool more = true; more;) {
        more = false;
        for (size_t c = 0; c < f->cause.count; c++) {
            const dt_cause *cause = &f->cause.at[c];
            if (causes->drawn[cause->to] && !causes->drawn[cause->from])
                causes->drawn[cause->from] = more = true;
        }
    }
}

static int in_order(const void *x, const void *y)
{
    const dt_cause *a = x, *b = y;
    return a->from != b->from ? a->from - b->from : a->to - b->to;
}

dt_causes *dt_causes_make(dt_arena *arena, const dt_model *model, int policy, int outcome)
{
    dt_causes *causes = dt_new(arena, dt_causes, 1);
    const int count[DT_PARTS] = {model->params, model->actors, model->stages, model->variables,
                                 model->declared_outcomes};
    causes->model = model;
    for (int kind = 0; kind < DT_PARTS; kind++)
        causes->first[kind + 1] = causes->first[kind] + count[kind];
    const size_t parts = (size_t)causes->first[DT_PARTS];
    finding f = {.causes = causes,
                 .model = model,
                 .reads = dt_reads_new(arena, model),
                 .holder = model->policy[policy].regime.holder,
                 .leads = dt_new(arena, uint8_t, parts),
                 .arena = arena};
    causes->drawn = dt_new(arena, uint8_t, parts);
    find_actors(&f);
    find_stages(&f);
    find_others(&f);
    draw(&f, outcome);
    causes->cause = dt_new(arena, dt_cause, f.cause.count);
    for (size_t c = 0; c < f.cause.count; c++) {
        if (causes->drawn[f.cause.at[c].from] && causes->drawn[f.cause.at[c].to])
            causes->cause[causes->causes++] = f.cause.at[c];
    }
    if (causes->causes > 0)
        qsort(causes->cause, causes->causes, sizeof *causes->cause, in_order);
    return causes;
}
