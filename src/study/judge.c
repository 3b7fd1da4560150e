/*
 * One world judged: each of its numbers that can be wrong is looked at, and of the worst case found so
 * far the world is kept, so that it can be shown.
 *
 * Invariant: a world is judged here as dt_world_check judges it, so a study loses what is counted here.
 */
#include "study/judge.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "game/dated.h"
#include "model/calendar.h"

enum { LONGEST_SHOWN = 60 };

/* ---- judging a world --------------------------------------------------------------------------- */

static double excess_of(const dt_hazard *hazard, double value)
{
    return isnan(value) ? INFINITY : fmax(value - hazard->most, hazard->least - value);
}

bool dt_judge_number(const dt_judge *j, dt_judged *g, size_t h, const double *world)
{
    const dt_hazard *hazard = &g->hazard.at[h];
    dt_judgement *f = &g->found[h];
    bool wrong = false;
    for (uint32_t t = hazard->since; t < hazard->beyond; t++) {
        const double value = dt_cone_evaluate(g->game, &f->cone, world, t, g->value);
        if (dt_hazard_holds(hazard, value))
            continue;
        wrong = true;
        const double excess = excess_of(hazard, value);
        if (!(excess > f->excess))
            continue;
        f->excess = excess;
        f->value = value;
        f->period = t;
        if (!f->world)
            f->world = dt_new(j->arena, double, (size_t)j->model->params);
        memcpy(f->world, world, (size_t)j->model->params * sizeof *world);
    }
    return wrong;
}

bool dt_judge_world(const dt_judge *j, const double *world)
{
    bool wrong = false;
    for (size_t c = 0; c < j->count; c++) {
        dt_judged *g = &j->of[c];
        if (j->model->params)
            memcpy(g->world, world, (size_t)j->model->params * sizeof *world);
        dt_game_settings(g->game, g->world);
        for (size_t h = 0; h < g->hazard.count; h++) {
            if (g->found[h].proved || !dt_judge_number(j, g, h, g->world))
                continue;
            g->found[h].wrong++;
            wrong = true;
        }
    }
    return wrong;
}

/* ---- proving ----------------------------------------------------------------------------------- */

static void prove(const dt_judge *j, dt_judged *g, const dt_interval *range)
{
    dt_interval *parameter = dt_new(j->arena, dt_interval, (size_t)j->model->params);
    if (j->model->params)
        memcpy(parameter, range, (size_t)j->model->params * sizeof *range);
    const dt_regime *in = g->game->rules->regime;
    for (int s = 0; s < in->sets; s++)
        parameter[in->set[s].parameter] = dt_interval_point(in->set[s].value);
    dt_prover *prover = dt_prover_new(j->arena, g->game, parameter);
    for (size_t h = 0; h < g->hazard.count; h++) {
        g->found[h].cone = dt_cone_of(prover, &g->hazard.at[h]);
        g->found[h].proved = true;
    }
    const uint32_t periods = g->game->dated ? g->game->periods : 1;
    for (uint32_t t = 0; t < periods; t++) {
        dt_prover_turn(prover, t);
        for (size_t h = 0; h < g->hazard.count; h++) {
            const dt_hazard *hazard = &g->hazard.at[h];
            if (g->found[h].proved && t >= hazard->since && t < hazard->beyond)
                g->found[h].proved = dt_prover_proves(prover, hazard, &g->found[h].cone);
        }
    }
}

dt_judge *dt_judge_new(dt_arena *arena, dt_game *const *games, size_t count,
                       const dt_interval *range)
{
    assert(count >= 1);
    dt_judge *j = dt_new(arena, dt_judge, 1);
    *j = (dt_judge){arena, games[0]->model, dt_new(arena, dt_judged, count), count};
    for (size_t c = 0; c < count; c++) {
        dt_judged *g = &j->of[c];
        g->game = games[c];
        g->hazard = dt_hazards_of(arena, g->game);
        g->found = dt_new(arena, dt_judgement, g->hazard.count);
        g->value = dt_new(arena, double, g->game->coefficient->list.count);
        g->world = dt_new(arena, double, (size_t)j->model->params);
        prove(j, g, range);
    }
    return j;
}

/* ---- saying it --------------------------------------------------------------------------------- */

static void print_value(dt_text *text, double value)
{
    dt_text_print(text, isnan(value) ? "not a number" : isinf(value) ? "infinite" : "%.4g", value);
}

/* The text at a place, one line of it and not too much. */
static void print_source(const dt_judge *j, dt_place place, dt_text *text)
{
    const char *at = j->model->source.text + place.offset;
    const size_t line = strcspn(at, "\n");
    const size_t length = place.length < line ? place.length : line;
    dt_text_print(text, length > LONGEST_SHOWN ? "'%.*s...'" : "'%.*s'",
                  (int)(length > LONGEST_SHOWN ? LONGEST_SHOWN : length), at);
}

/* Why a number isn't finite: the innermost operation whose operands are. */
static void print_cause(const dt_judged *g, const dt_judgement *f, dt_text *text)
{
    const dt_coefficients *table = g->game->coefficient;
    dt_cone_evaluate(g->game, &f->cone, f->world, f->period, g->value);
    uint32_t at = f->cone.entry.at[f->cone.entry.count - 1];
    const dt_expression *e = &table->list.at[at];
    for (bool deeper = true; deeper;) {
        const uint32_t operand[3] = {e->a, e->b, e->c};
        deeper = false;
        for (int k = e->op == DT_OP_SELECT; k < dt_operands[e->op] && !deeper; k++) {
            const bool passed = e->op == DT_OP_SELECT && (g->value[e->a] != 0) != (k == 1);
            deeper = !passed && !isfinite(g->value[operand[k]]);
            e = deeper ? &table->list.at[operand[k]] : e;
        }
    }
    if (e->op == DT_OP_LOG || e->op == DT_OP_SQRT || e->op == DT_OP_EXP)
        dt_text_print(text, ": the %s of %.4g",
                      e->op == DT_OP_LOG    ? "logarithm"
                      : e->op == DT_OP_SQRT ? "root"
                                            : "exponential",
                      g->value[e->a]);
    else if (e->op == DT_OP_POWER)
        dt_text_print(text, ": %.4g to the power of %.4g", g->value[e->a], g->value[e->b]);
    else if ((e->op == DT_OP_DIVIDE || e->op == DT_OP_MODULO) && g->value[e->b] == 0)
        dt_text_print(text, ": a %s by 0", e->op == DT_OP_DIVIDE ? "division" : "remainder");
}

/* The parameters that the number depends on, where it was found: " with a = 1, b = 2". */
static void print_world(const dt_judge *j, dt_judged *g, size_t h, dt_text *text)
{
    enum { NAMED = 4 };
    dt_judgement *f = &g->found[h];
    size_t named = 0;
    for (size_t i = 0; i < f->cone.parameter.count; i++) {
        const uint32_t p = f->cone.parameter.at[i];
        const double there = f->world[p];
        f->world[p] = j->model->param[p].value; /* one that makes no difference isn't named */
        const double without = dt_cone_evaluate(g->game, &f->cone, f->world, f->period, g->value);
        if (without == f->value || (isnan(without) && isnan(f->value)))
            continue;
        f->world[p] = there;
        if (named < NAMED)
            dt_text_print(text, "%s%s = %.4g", named ? ", " : " with ", j->model->param[p].is.name,
                          there);
        named++;
    }
    if (named > NAMED)
        dt_text_print(text, ", ...");
    if (dt_game_is_dated(g->game, g->hazard.at[h].coefficient)) {
        dt_text_print(text, " in ");
        dt_period_print(j->model, (int64_t)f->period + 1, text);
    }
}

/* "the probability 'stray * 30' is 1.8 with stray = 0.06, outside 0..1" */
void dt_judge_print(const dt_judge *j, dt_judged *g, size_t h, dt_text *text)
{
    const dt_hazard *hazard = &g->hazard.at[h];
    const dt_judgement *f = &g->found[h];
    const char *rule = "";
    switch (hazard->kind) {
    case DT_HAZARD_PROBABILITY:
        dt_text_print(text, hazard->where == DT_NOWHERE ? "the chance at the start of a value of "
                                                        : "the probability ");
        print_source(j, hazard->place, text);
        rule = ", outside 0..1";
        break;
    case DT_HAZARD_SUM:
        dt_text_print(text, hazard->where == DT_NOWHERE
                                ? "the sum of the chances at the start"
                                : "the sum of the probabilities of this branch");
        rule = ", not 1";
        break;
    case DT_HAZARD_REST:
        dt_text_print(text, "the sum of the probabilities before this else");
        rule = ", more than 1";
        break;
    case DT_HAZARD_DISCOUNT:
        dt_text_print(text, "the discount of %s", j->model->actor[hazard->item].is.name);
        rule = f->value == 1 ? "; with lookahead forever it must be below 1" : ", outside 0..1";
        break;
    case DT_HAZARD_RATIONALITY:
        dt_text_print(text, "the rationality of %s", j->model->actor[hazard->item].is.name);
        rule = "; it must be a number from 0 up";
        break;
    case DT_HAZARD_PAYMENT:
        dt_text_print(text, "the payoff ");
        print_source(j, hazard->place, text);
        break;
    case DT_HAZARD_OUTCOME:
        dt_text_print(text, "the argument of outcome '%s'",
                      j->model->outcome[hazard->item].is.name);
        break;
    }
    dt_text_print(text, " is ");
    print_value(text, f->value);
    print_world(j, g, h, text);
    dt_text_print(text, "%s", rule);
    if (!isfinite(f->value))
        print_cause(g, f, text);
}
