/*
 * What differs between the types of a stage with a secret while its effects are run: the numbers of a `with`
 * or `branch`, for each type as it would have them alone. A type that can't come so far, as the probability
 * of a draw is the constant 0 for it, isn't asked: its numbers may be wrong there. So a number is checked for
 * each type by itself, and as the value of the secret is put in, what is checked depends on parameters alone.
 * Without a secret there is one type.
 */
#include <assert.h>
#include <math.h>

#include "base/limits.h"
#include "game/effects.h"

static uint32_t make(dt_effects_engine *engine, dt_operator op, uint32_t a, uint32_t b)
{
    return dt_expression_make(engine->coefficient, op, a, b, 0);
}

uint32_t dt_draw_coefficient(dt_effects_engine *engine, uint32_t expression, dt_draws *draws,
                             size_t draw, uint32_t type)
{
    const uint32_t *key = dt_draw_view(engine, draws, draw);
    if (engine->secret == DT_NONE)
        return dt_formula_coefficient(engine->formulas, expression, key);
    const uint32_t rank = engine->at_once ? type : dt_draw_move(engine, draws, draw)[type];
    return dt_formula_coefficient_if(engine->formulas, expression, key, engine->secret,
                                     engine->model->variable[engine->secret].low + (int)rank);
}

uint32_t dt_effects_choose(dt_effects_engine *engine, const uint32_t *by_type)
{
    const int known =
        engine->secret == DT_NONE ? DT_DRAWN : engine->formulas->game->known[engine->secret];
    if (known != DT_DRAWN)
        return by_type[known - engine->model->variable[engine->secret].low];
    uint32_t chosen = by_type[engine->types - 1];
    for (uint32_t k = engine->types - 1; k-- > 0;) {
        if (by_type[k] == chosen)
            continue;
        const int value = engine->model->variable[engine->secret].low + (int)k;
        uint32_t is =
            dt_expression_make(engine->coefficient, DT_OP_SLOT, (uint32_t)engine->secret, 0, 0);
        is = make(engine, DT_OP_EQUAL, is, dt_expression_constant(engine->coefficient, value));
        chosen = dt_expression_make(engine->coefficient, DT_OP_SELECT, is, by_type[k], chosen);
    }
    return chosen;
}

static void add_check(dt_effects_engine *engine, dt_check_kind kind, uint32_t coefficient,
                      dt_place place, int type)
{
    while (engine->checked.count <= coefficient)
        dt_push(engine->arena, &engine->checked, 0);
    uint8_t bit = (uint8_t)(1 << kind);
    if (engine->checked.at[coefficient] & bit)
        return;
    engine->checked.at[coefficient] |= bit;
    const int value = type == DT_NONE ? 0 : engine->model->variable[engine->secret].low + type;
    dt_push(engine->arena, &engine->checks,
            (dt_check){kind, coefficient, place, engine->where,
                       type == DT_NONE ? DT_NONE : engine->secret, value});
}

/* Sees to it that a coefficient is what its kind says, for one type or, DT_NONE, for all: now if it is a
 * constant, in every world if not. */
static bool check_type(dt_effects_engine *engine, dt_check_kind kind, uint32_t coefficient,
                       dt_place place, int type)
{
    static const dt_code code[] = {DT_CONSTANT_PROBABILITY, DT_CONSTANT_SUM, DT_CONSTANT_REST};
    double value;
    if (!dt_expression_is_constant(engine->coefficient, coefficient, &value)) {
        add_check(engine, kind, coefficient, place, type);
        return true;
    }
    const double least = kind == DT_CHECK_PROBABILITY ? -DT_SLACK
                         : kind == DT_CHECK_SUM       ? 1 - DT_SLACK
                                                      : -INFINITY;
    if (value <= 1 + DT_SLACK && value >= least)
        return true;
    dt_effects_fault(engine, code[kind], place, dt_effects_number(engine, value), "", "");
    if (type != DT_NONE) {
        engine->fault.secret = engine->secret;
        engine->fault.value = engine->model->variable[engine->secret].low + type;
    }
    return false;
}

bool dt_effects_check(dt_effects_engine *engine, dt_check_kind kind, const uint32_t *coefficient,
                      const uint32_t *before, dt_place place)
{
    uint32_t first = 0;
    bool alike = true; /* it doesn't depend on the type */
    while (!dt_type_comes(engine, before, first))
        first++;
    for (uint32_t k = first; k < engine->types; k++)
        alike &= !dt_type_comes(engine, before, k) || coefficient[k] == coefficient[first];
    if (alike)
        return check_type(engine, kind, coefficient[first], place, DT_NONE);
    for (uint32_t k = first; k < engine->types; k++) {
        if (dt_type_comes(engine, before, k) &&
            !check_type(engine, kind, coefficient[k], place, (int)k))
            return false;
    }
    return true;
}

/* What is left for an else: 1 - sum, where a constant sum within the slack of 1 counts as 1. */
static uint32_t rest(dt_effects_engine *engine, uint32_t sum)
{
    double value;
    if (dt_expression_is_constant(engine->coefficient, sum, &value) && fabs(value - 1) <= DT_SLACK)
        return engine->zero;
    return make(engine, DT_OP_SUBTRACT, engine->one, sum);
}

bool dt_effects_find_arm(dt_effects_engine *engine, const dt_effect *effect, int i, dt_draws *draws,
                         size_t draw, uint32_t *sum)
{
    const dt_arm *arm = &effect->arm[i];
    const uint32_t *before = dt_draw_chances(engine, draws, draw);
    const uint32_t types = engine->types;
    dt_reserve(engine->arena, &engine->chance, types);
    uint32_t *p = engine->chance.at + engine->chance.count;
    engine->chance.count += types;
    bool clamped = true;
    for (uint32_t k = 0; k < types; k++) {
        p[k] = engine->zero;
        if (dt_type_comes(engine, before, k))
            p[k] = arm->condition == DT_NONE
                       ? rest(engine, sum[k])
                       : dt_draw_coefficient(engine, (uint32_t)arm->condition, draws, draw, k);
    }
    if (arm->condition != DT_NONE) {
        if (!dt_effects_check(engine, DT_CHECK_PROBABILITY, p, before, arm->place))
            return false;
    } else if (effect->arms > 2) {
        if (!dt_effects_check(engine, DT_CHECK_REST, sum, before, effect->place))
            return false;
    } else {
        clamped = false; /* in 0..1 already if one probability went before */
    }
    for (uint32_t k = 0; k < types; k++) {
        if (clamped)
            p[k] = make(engine, DT_OP_PROBABILITY, p[k], 0);
        sum[k] = make(engine, DT_OP_ADD, sum[k], p[k]);
    }
    return true;
}
