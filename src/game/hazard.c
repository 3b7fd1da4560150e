/*
 * Finding what can be wrong in a world, and proving that it can't be. Two proofs are tried. Intervals
 * (model/interval.h) over the coefficient table: quick, and blind to a parameter that occurs twice, so
 * that p + (1 - p) may seem to reach 2. Then, of probabilities and their sums, the corners: a polynomial
 * that is linear in each parameter takes its extremes at corners of the box of their ranges, so that it
 * is enough to look there; rounding is far below the slack that probabilities have. What depends on private
 * variables, which probabilities and their sums as they stand in checks don't, is a hazard of each type of
 * its own; it is proved for all at once over the variables' domains, or for that type, with beliefs from 0
 * to 1 either way.
 */
#include "game/hazard.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/order.h"
#include "game/dated.h"
#include "game/secret.h"

/* ---- what can be wrong ------------------------------------------------------------------------- */

static void add(dt_arena *arena, const dt_game *game, dt_hazards *list, dt_hazard hazard)
{
    double value;
    if (dt_expression_is_constant(game->coefficient, hazard.coefficient, &value) &&
        dt_hazard_holds(&hazard, value))
        return;
    const bool dated = dt_game_is_dated(game, hazard.coefficient);
    hazard.since = !dated       ? 0
                   : hazard.row ? game->row_since[hazard.row]
                                : dt_game_since(game, hazard.where);
    hazard.beyond = !dated ? 1 : hazard.kind == DT_HAZARD_OUTCOME ? game->horizon : game->periods;
    dt_push(arena, list, hazard);
}

static void add_checks(dt_arena *arena, const dt_game *game, dt_hazards *list)
{
    for (uint32_t i = 0; i < game->checks; i++) {
        const dt_check *check = &game->check[i];
        if (check->kind == DT_CHECK_KNOWN)
            continue; /* worlds in which it isn't known aren't those that the game is for */
        dt_hazard hazard = {.kind = DT_HAZARD_PROBABILITY,
                            .coefficient = check->coefficient,
                            .least = -DT_SLACK,
                            .most = 1 + DT_SLACK,
                            .place = check->place,
                            .item = DT_NONE,
                            .where = check->where,
                            .type = DT_NOWHERE};
        if (check->kind == DT_CHECK_SUM) {
            hazard.kind = DT_HAZARD_SUM;
            hazard.least = 1 - DT_SLACK;
        } else if (check->kind == DT_CHECK_REST) {
            hazard.kind = DT_HAZARD_REST;
            hazard.least = -DBL_MAX;
        }
        add(arena, game, list, hazard);
    }
}

static void add_actors(dt_arena *arena, const dt_game *game, dt_hazards *list)
{
    for (int i = 0; i < game->model->actors; i++) {
        const dt_actor *actor = &game->model->actor[i];
        add(arena, game, list,
            (dt_hazard){DT_HAZARD_DISCOUNT, game->discount[i], 0,
                        game->forever ? nextafter(1, 0) : 1, actor->discount_place, i, DT_NOWHERE,
                        DT_NOWHERE, 0, 0, 1});
        add(arena, game, list,
            (dt_hazard){DT_HAZARD_RATIONALITY, game->rationality[game->rules->actor_agent[i]], 0,
                        DBL_MAX, actor->rationality_place, i, DT_NOWHERE, DT_NOWHERE, 0, 0, 1});
    }
}

/* Where the first payment to a term stands among effects; of length 0 if it is not there. */
static dt_place find_payment(dt_effects effects, int term)
{
    for (int i = 0; i < effects.count; i++) {
        const dt_effect *effect = &effects.at[i];
        if (effect->kind == DT_PAY && effect->target == term)
            return effect->place;
        for (int k = 0; k < effect->arms; k++) {
            const dt_place place = find_payment(effect->arm[k].body, term);
            if (place.length)
                return place;
        }
    }
    return (dt_place){0, 0};
}

static dt_place place_of_term(const dt_model *model, int term)
{
    dt_place place = {0, 0};
    if (model->term[term].payoff != DT_NONE)
        place = model->term[term].payoff_place;
    for (int s = 0; s < model->stages && place.length == 0; s++) {
        const dt_stage *stage = &model->stage[s];
        place = find_payment(stage->effects, term);
        for (int a = 0; a < stage->actions && place.length == 0; a++)
            place = find_payment(stage->action[a].effects, term);
    }
    return place;
}

/* Of a coefficient that reads `now` and stands in several rows, the first period of them all counts. */
static void begin_earlier(const dt_game *game, uint32_t coefficient, uint32_t row, dt_hazards *list)
{
    for (size_t i = 0; i < list->count && dt_game_is_dated(game, coefficient); i++) {
        dt_hazard *hazard = &list->at[i];
        if (hazard->row && hazard->coefficient == coefficient &&
            game->row_since[row] < hazard->since)
            hazard->since = game->row_since[row];
    }
}

/* A hazard of each type in which what the coefficient depends on differs; of variables that it doesn't read
 * the lowest value stands for all. */
static void add_types(dt_arena *arena, const dt_game *game, dt_hazards *list, dt_hazard hazard)
{
    bool reads[DT_MAX_ACTORS] = {false};
    dt_coefficient_secrets(game, hazard.coefficient, reads);
    for (uint32_t type = 0; type < game->types; type++) {
        bool counts = true, any = false;
        for (uint32_t i = 0; i < game->privates; i++) {
            counts &= reads[i] || dt_type_rank(game, type, i) == 0;
            any |= reads[i];
        }
        hazard.type = any ? type : DT_NOWHERE;
        if (counts)
            add(arena, game, list, hazard);
    }
}

/* What a row's entries must be: finite numbers. Each coefficient counts once in a column. */
static void add_row(dt_arena *arena, const dt_game *game, uint32_t row, bool *known,
                    dt_hazards *list)
{
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
        const uint32_t coefficient = game->row_coefficient[e], column = game->row_column[e];
        if (known[coefficient]) {
            begin_earlier(game, coefficient, row, list);
            continue;
        }
        known[coefficient] = true;
        dt_hazard hazard = {.kind = DT_HAZARD_PAYMENT,
                            .coefficient = coefficient,
                            .least = -DBL_MAX,
                            .most = DBL_MAX,
                            .item = DT_NONE,
                            .where = DT_NOWHERE,
                            .row = row};
        if (game->row_pays[row]) {
            hazard.place = place_of_term(game->model, (int)column);
        } else {
            hazard.kind = DT_HAZARD_OUTCOME;
            hazard.place = game->model->outcome[column].is.place;
            hazard.item = (int)column;
        }
        add_types(arena, game, list, hazard);
    }
}

/* Payments wherever they are made, arguments of outcomes within the horizon. */
static void add_rows(dt_arena *arena, const dt_game *game, dt_hazards *list)
{
    bool *known = dt_new(arena, bool, game->coefficient->list.count);
    bool *looked_at = dt_new(arena, bool, game->rows);
    for (uint32_t row = 0; row < game->rows; row++) {
        if (game->row_pays[row])
            add_row(arena, game, row, known, list);
    }
    const uint32_t leaves = dt_game_count(game, game->stages, game->horizon - 1);
    for (uint32_t l = 0; l < leaves; l++) {
        const uint32_t row[2] = {game->leaf_outcome[l], game->leaf_standing[l]};
        for (int k = 0; k < 2; k++) {
            if (!looked_at[row[k]])
                add_row(arena, game, row[k], known, list);
            looked_at[row[k]] = true;
        }
    }
}

dt_hazards dt_hazards_of(dt_arena *arena, const dt_game *game)
{
    dt_hazards list = {0};
    add_checks(arena, game, &list);
    add_actors(arena, game, &list);
    add_rows(arena, game, &list);
    return list;
}

uint32_t dt_hazard_place(const dt_game *game, const dt_hazard *hazard)
{
    return hazard->row ? dt_game_row_place(game, hazard->row) : hazard->where;
}

/* ---- cones ------------------------------------------------------------------------------------- */

dt_cone dt_cone_of(dt_prover *prover, const dt_hazard *hazard)
{
    dt_arena *arena = prover->arena;
    bool *mark = prover->mark;
    const uint32_t coefficient = hazard->coefficient;
    dt_cone cone = {.type = hazard->type};
    dt_push(arena, &cone.entry, coefficient);
    mark[coefficient] = true;
    for (size_t done = 0; done < cone.entry.count; done++) {
        const dt_expression *e = &prover->table->list.at[cone.entry.at[done]];
        const uint32_t operand[3] = {e->a, e->b, e->c};
        if (e->op == DT_OP_PARAMETER)
            dt_push(arena, &cone.parameter, e->a); /* each has one entry in the table */
        for (int k = 0; k < dt_operands[e->op]; k++) {
            if (!mark[operand[k]])
                dt_push(arena, &cone.entry, operand[k]);
            mark[operand[k]] = true;
        }
    }
    qsort(cone.entry.at, cone.entry.count, sizeof *cone.entry.at, dt_by_number32);
    if (cone.parameter.count)
        qsort(cone.parameter.at, cone.parameter.count, sizeof *cone.parameter.at, dt_by_number32);
    for (size_t i = 0; i < cone.entry.count; i++)
        mark[cone.entry.at[i]] = false;
    assert(cone.entry.at[cone.entry.count - 1] == coefficient && "operands stand before");
    return cone;
}

/* What a private variable, or the share of one of its values, amounts to for a type. */
static double secret_value(const dt_game *game, const dt_expression *e, uint32_t type)
{
    if (e->op == DT_OP_SHARE)
        return dt_type_rank(game, type, e->a) == e->b;
    const uint32_t i = (uint32_t)game->secret_of[e->a];
    return game->model->variable[e->a].low + (double)dt_type_rank(game, type, i);
}

double dt_cone_evaluate(const dt_game *game, const dt_cone *cone, const double *parameter,
                        uint32_t period, double *value)
{
    const dt_coefficients *table = game->coefficient;
    uint32_t last = 0;
    for (size_t i = 0; i < cone->entry.count; i++) {
        last = cone->entry.at[i];
        const dt_expression *e = &table->list.at[last];
        value[last] = e->op == DT_OP_CONSTANT    ? e->value
                      : e->op == DT_OP_NOW       ? period + 1.0
                      : e->op == DT_OP_PARAMETER ? parameter[e->a]
                      : e->op == DT_OP_SLOT || e->op == DT_OP_SHARE
                          ? secret_value(game, e, cone->type)
                          : dt_operate(e->op, value[e->a], value[e->b], value[e->c]);
    }
    return value[last];
}

/* ---- proofs ------------------------------------------------------------------------------------ */

/* Between what a private variable, or the share of one of its values, lies: for a type the variable is known. */
static dt_interval bound_secret(const dt_game *game, const dt_expression *e, uint32_t type)
{
    if (e->op == DT_OP_SHARE)
        return (dt_interval){0, 1, false};
    if (type != DT_NOWHERE)
        return dt_interval_point(secret_value(game, e, type));
    const dt_variable *v = &game->model->variable[e->a];
    return (dt_interval){v->low, v->high, false};
}

/* The bounds of an entry, for a type or for all, into `bound`, which has those of its operands. */
static void bound_coefficient(const dt_prover *prover, size_t i, uint32_t type, dt_interval *bound)
{
    const dt_expression *e = &prover->table->list.at[i];
    if (e->op == DT_OP_CONSTANT)
        bound[i] = isnan(e->value) ? (dt_interval){-INFINITY, INFINITY, true}
                                   : dt_interval_point(e->value);
    else if (e->op == DT_OP_NOW)
        bound[i] = dt_interval_point(prover->period + 1.0);
    else if (e->op == DT_OP_PARAMETER)
        bound[i] = prover->parameter[e->a];
    else if (e->op == DT_OP_SLOT || e->op == DT_OP_SHARE)
        bound[i] = bound_secret(prover->game, e, type);
    else if (e->op == DT_OP_MULTIPLY && e->a == e->b)
        bound[i] = dt_interval_square(bound[e->a]);
    else
        bound[i] = dt_interval_operate(e->op, bound[e->a], bound[e->b], bound[e->c]);
}

void dt_prover_turn(dt_prover *prover, uint32_t period)
{
    prover->period = period;
    for (uint32_t i = 0; i < prover->game->dated; i++)
        bound_coefficient(prover, prover->game->dated_coefficient[i], DT_NOWHERE, prover->bound);
}

dt_prover *dt_prover_new(dt_arena *arena, const dt_game *game, const dt_interval *parameter)
{
    const dt_coefficients *table = game->coefficient;
    const size_t count = table->list.count;
    dt_prover *prover = dt_new(arena, dt_prover, 1);
    *prover = (dt_prover){.arena = arena,
                          .game = game,
                          .table = table,
                          .parameter = parameter,
                          .bound = dt_new(arena, dt_interval, count),
                          .typed = dt_new(arena, dt_interval, game->privates ? count : 0),
                          .value = dt_new(arena, double, count),
                          .on = dt_new(arena, uint32_t, count),
                          .mark = dt_new(arena, bool, count),
                          .world = dt_new(arena, double, (size_t)game->model->params)};
    for (size_t i = 0; i < count; i++)
        bound_coefficient(prover, i, DT_NOWHERE, prover->bound);
    return prover;
}

enum { MOST_CORNERED = 12 }; /* parameters whose corners are all looked at */

/* Whether an entry is linear in each of the parameters (by their bits) on which it depends, given
 * that its operands are; *on: the parameters. */
static bool is_multilinear(const dt_expression *e, const uint32_t *on_operand,
                           const dt_interval *bound, uint32_t *on)
{
    const uint32_t a = dt_operands[e->op] > 0 ? on_operand[e->a] : 0,
                   b = dt_operands[e->op] > 1 ? on_operand[e->b] : 0,
                   c = dt_operands[e->op] > 2 ? on_operand[e->c] : 0;
    *on = a | b | c;
    switch (e->op) {
    case DT_OP_NEGATE:
    case DT_OP_ADD:
    case DT_OP_SUBTRACT:
        return true;
    case DT_OP_MULTIPLY:
        return (a & b) == 0;
    case DT_OP_DIVIDE:
        return b == 0;
    case DT_OP_PROBABILITY: /* it takes nothing away */
        return *on == 0 || (bound[e->a].low >= 0 && bound[e->a].high <= 1 && !bound[e->a].nan);
    default:
        return *on == 0;
    }
}

/* Whether a cone is such a polynomial, of numbers so small that rounding is, too. */
static bool is_polynomial(dt_prover *prover, const dt_cone *cone)
{
    const double LARGEST = 1000;
    uint32_t next = 1;
    for (size_t i = 0; i < cone->entry.count; i++) {
        const uint32_t index = cone->entry.at[i];
        const dt_expression *e = &prover->table->list.at[index];
        const dt_interval *bound = &prover->bound[index];
        if (bound->nan || bound->low < -LARGEST || bound->high > LARGEST)
            return false;
        if (e->op != DT_OP_PARAMETER) {
            if (!is_multilinear(e, prover->on, prover->bound, &prover->on[index]))
                return false;
        } else if (bound->low < bound->high) {
            prover->on[index] = next;
            next <<= 1;
        } else {
            prover->on[index] = 0;
        }
    }
    return true;
}

static bool encloses(const dt_hazard *hazard, const dt_interval *range)
{
    return !range->nan && range->low >= hazard->least && range->high <= hazard->most;
}

bool dt_prover_proves(dt_prover *prover, const dt_hazard *hazard, const dt_cone *cone)
{
    if (encloses(hazard, &prover->bound[hazard->coefficient]))
        return true;
    for (size_t i = 0; hazard->type != DT_NOWHERE && i < cone->entry.count; i++)
        bound_coefficient(prover, cone->entry.at[i], hazard->type, prover->typed);
    if (hazard->type != DT_NOWHERE && encloses(hazard, &prover->typed[hazard->coefficient]))
        return true;
    if (hazard->kind > DT_HAZARD_REST)
        return false;
    uint32_t vary[MOST_CORNERED];
    size_t varied = 0;
    for (size_t i = 0; i < cone->parameter.count; i++) {
        const uint32_t p = cone->parameter.at[i];
        prover->world[p] = prover->parameter[p].low;
        if (prover->parameter[p].low == prover->parameter[p].high)
            continue;
        if (varied == MOST_CORNERED)
            return false;
        vary[varied++] = p;
    }
    assert(hazard->type == DT_NOWHERE && "checks are of one type each");
    if (varied == 0 || !is_polynomial(prover, cone))
        return false;
    const double spare = DT_SLACK / 2;
    bool fine = true;
    for (uint32_t corner = 0; corner < 1u << varied && fine; corner++) {
        for (size_t i = 0; i < varied; i++) {
            const dt_interval *side = &prover->parameter[vary[i]];
            prover->world[vary[i]] = corner >> i & 1 ? side->high : side->low;
        }
        const double v =
            dt_cone_evaluate(prover->game, cone, prover->world, prover->period, prover->value);
        fine = v >= hazard->least + spare && v <= hazard->most - spare;
    }
    return fine;
}
