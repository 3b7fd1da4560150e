/*
 * Running effects on all draws at once: each effect takes the list of draws so far to the list
 * after it, and draws that have become equal are merged, so that independent accidents one after
 * another don't multiply without need. Payments are added up as expectations straight away, since
 * values are linear in them. Invariant: the probabilities of the draws of a run sum to one in every
 * world that passes the checks recorded on the way.
 */
#include "game/effects.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/order.h"
#include "game/intern.h"

dt_effects_engine *dt_effects_engine_new(dt_arena *arena, dt_formulas *formulas,
                                         dt_coefficients *coefficient)
{
    dt_effects_engine *engine = dt_new(arena, dt_effects_engine, 1);
    engine->arena = arena;
    engine->model = formulas->rules->model;
    engine->formulas = formulas;
    engine->coefficient = coefficient;
    engine->zero = dt_expression_constant(coefficient, 0);
    engine->one = dt_expression_constant(coefficient, 1);
    engine->payment = dt_new(arena, uint32_t, (size_t)engine->model->terms);
    for (int t = 0; t < engine->model->terms; t++)
        engine->payment[t] = engine->zero;
    return engine;
}

static uint32_t make(dt_effects_engine *engine, dt_operator op, uint32_t a, uint32_t b)
{
    return dt_expression_make(engine->coefficient, op, a, b, 0);
}

static const char *number_text(dt_effects_engine *engine, double number)
{
    char text[32];
    dt_print_number(text, number);
    return dt_copy_text(engine->arena, text, strlen(text));
}

static bool fault(dt_effects_engine *engine, dt_code code, dt_place place, const char *first,
                  const char *second, const char *third)
{
    engine->fault = (dt_fault){code, place, first, second, third};
    return false;
}

static void add_check(dt_effects_engine *engine, dt_check_kind kind, uint32_t coefficient,
                      dt_place place)
{
    while (engine->checked.count <= coefficient)
        dt_push(engine->arena, &engine->checked, 0);
    uint8_t bit = (uint8_t)(1 << kind);
    if (engine->checked.at[coefficient] & bit)
        return;
    engine->checked.at[coefficient] |= bit;
    dt_push(engine->arena, &engine->checks, (dt_check){kind, coefficient, place, engine->where});
}

/* Sees to it that a coefficient is a probability: now if it is a constant, in every world if not. */
static bool check_probability(dt_effects_engine *engine, uint32_t coefficient, dt_place place)
{
    double value;
    if (!dt_expression_is_constant(engine->coefficient, coefficient, &value)) {
        add_check(engine, DT_CHECK_PROBABILITY, coefficient, place);
        return true;
    }
    if (value >= -DT_SLACK && value <= 1 + DT_SLACK)
        return true;
    return fault(engine, DT_CONSTANT_PROBABILITY, place, number_text(engine, value), "", "");
}

static bool check_sum(dt_effects_engine *engine, dt_check_kind kind, uint32_t sum, dt_place place)
{
    double value;
    if (!dt_expression_is_constant(engine->coefficient, sum, &value)) {
        add_check(engine, kind, sum, place);
        return true;
    }
    if (value <= 1 + DT_SLACK && (kind == DT_CHECK_REST || value >= 1 - DT_SLACK))
        return true;
    return fault(engine, kind == DT_CHECK_REST ? DT_CONSTANT_REST : DT_CONSTANT_SUM, place,
                 number_text(engine, value), "", "");
}

static uint32_t *content(dt_draws *draws, size_t draw)
{
    return draws->content.at + draw * draws->width;
}

static const dt_field *field_of(const dt_effects_engine *engine, int variable)
{
    return &engine->formulas->layout->field[variable];
}

/* The situation that effects of this draw see. */
static const uint32_t *view(const dt_effects_engine *engine, dt_draws *draws, size_t draw)
{
    return engine->at_once ? engine->base : content(draws, draw);
}

static bool push_draw(dt_effects_engine *engine, dt_draws *draws, uint32_t probability,
                      size_t copied, dt_place place)
{
    if (draws->probability.count >= 4 * DT_MAX_DRAWS)
        return fault(engine, DT_TOO_MANY_BRANCHES, place, number_text(engine, DT_MAX_DRAWS), "",
                     "");
    dt_push(engine->arena, &draws->probability, probability);
    dt_reserve(engine->arena, &draws->content, draws->width);
    dt_key_copy(draws->content.at + draws->content.count, content(draws, copied),
                (uint32_t)draws->width);
    draws->content.count += draws->width;
    return true;
}

static void truncate_draws(dt_draws *draws, size_t count)
{
    draws->probability.count = count;
    draws->content.count = count * draws->width;
}

/* The draw among first … kept-1 that equals `draw`, or `kept`. Many draws are looked up in a table
 * of places, into which a new one is entered. */
static size_t find_equal(dt_effects_engine *engine, dt_draws *draws, size_t first, size_t kept,
                         size_t draw, bool hashed)
{
    if (!hashed) {
        size_t same = first;
        while (same < kept &&
               !dt_keys_equal(content(draws, same), content(draws, draw), (uint32_t)draws->width))
            same++;
        return same;
    }
    size_t mask = engine->bucket.count - 1;
    size_t at = dt_hash_words(content(draws, draw), (uint32_t)draws->width);
    for (at &= mask; engine->bucket.at[at]; at = (at + 1) & mask) {
        size_t same = engine->bucket.at[at] - 1;
        if (dt_keys_equal(content(draws, same), content(draws, draw), (uint32_t)draws->width))
            return same;
    }
    engine->bucket.at[at] = (uint32_t)kept + 1;
    return kept;
}

/* Merges equal draws from `first` on, keeping the order of first appearance. */
static void merge(dt_effects_engine *engine, dt_draws *draws, size_t first)
{
    enum { FEW = 16 };
    size_t count = draws->probability.count, kept = first;
    bool hashed = count - first > FEW;
    if (hashed) {
        size_t buckets = 64;
        while (buckets < 2 * (count - first))
            buckets *= 2;
        engine->bucket.count = 0;
        dt_reserve(engine->arena, &engine->bucket, buckets);
        engine->bucket.count = buckets;
        memset(engine->bucket.at, 0, buckets * sizeof *engine->bucket.at);
    }
    for (size_t i = first; i < count; i++) {
        size_t same = find_equal(engine, draws, first, kept, i, hashed);
        if (same < kept) {
            draws->probability.at[same] =
                make(engine, DT_OP_ADD, draws->probability.at[same], draws->probability.at[i]);
            continue;
        }
        if (kept != i) {
            dt_key_copy(content(draws, kept), content(draws, i), (uint32_t)draws->width);
            draws->probability.at[kept] = draws->probability.at[i];
        }
        kept++;
    }
    truncate_draws(draws, kept);
}

static const char *domain_text(dt_effects_engine *engine, int variable)
{
    const dt_variable *v = &engine->model->variable[variable];
    dt_text text = {.arena = engine->arena};
    dt_slot_value_name(engine->model, variable, v->low, &text);
    dt_text_print(&text, "..");
    dt_slot_value_name(engine->model, variable, v->high, &text);
    return dt_text_get(&text);
}

/* The whole number that a value stands for, within the slack, in *whole. */
static bool whole_number(dt_effects_engine *engine, const dt_effect *effect, double value,
                         double *whole)
{
    *whole = nearbyint(value);
    if (isfinite(value) && fabs(value - *whole) <= DT_SLACK)
        return true;
    return fault(engine, DT_NOT_WHOLE, effect->place,
                 engine->model->variable[effect->target].is.name, number_text(engine, value), "");
}

static bool assign(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws, size_t draw)
{
    const dt_variable *v = &engine->model->variable[effect->target];
    double value =
        dt_formula_value(engine->formulas, effect->expression, view(engine, draws, draw));
    double whole;
    if (!whole_number(engine, effect, value, &whole))
        return false;
    if (whole < v->low || whole > v->high)
        return fault(engine, DT_OUTSIDE_DOMAIN, effect->place, v->is.name,
                     number_text(engine, whole), domain_text(engine, effect->target));
    if (engine->at_once)
        ((int32_t *)content(draws, draw))[effect->target] = (int32_t)whole;
    else
        dt_key_set(field_of(engine, effect->target), content(draws, draw), (int)whole);
    return true;
}

static bool add(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws, size_t draw)
{
    const dt_variable *v = &engine->model->variable[effect->target];
    double value =
        dt_formula_value(engine->formulas, effect->expression, view(engine, draws, draw));
    double whole;
    if (!whole_number(engine, effect, value, &whole))
        return false;
    if (engine->at_once) {
        int32_t *sum = (int32_t *)content(draws, draw) + engine->model->variables + effect->target;
        *sum = (int32_t)fmin(fmax(*sum + whole, -DT_MAX_INCREMENT), DT_MAX_INCREMENT);
    } else {
        const dt_field *field = field_of(engine, effect->target);
        double value_after = dt_key_get(field, content(draws, draw)) + whole;
        dt_key_set(field, content(draws, draw), (int)fmin(fmax(value_after, v->low), v->high));
    }
    return true;
}

static void pay(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws, size_t draw)
{
    uint32_t amount =
        dt_formula_coefficient(engine->formulas, effect->expression, view(engine, draws, draw));
    uint32_t expected = make(engine, DT_OP_MULTIPLY, draws->probability.at[draw], amount);
    uint32_t *payment = &engine->payment[effect->target];
    if (*payment == engine->zero && expected != engine->zero)
        dt_push(engine->arena, &engine->paid, (uint32_t)effect->target);
    *payment = make(engine, DT_OP_ADD, *payment, expected);
}

static bool run(dt_effects_engine *engine, dt_effects effects, dt_draws *draws, size_t first);

/* Appends a copy of a draw with another probability and runs `body` on it. */
static bool run_copy(dt_effects_engine *engine, const dt_effect *effect, dt_effects body,
                     dt_draws *draws, size_t draw, uint32_t probability)
{
    size_t copy = draws->probability.count;
    return push_draw(engine, draws, probability, draw, effect->place) &&
           run(engine, body, draws, copy);
}

/* What an `if` does in the situation of a draw. */
static dt_effects choose(const dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws,
                         size_t draw)
{
    const uint32_t *key = view(engine, draws, draw);
    for (int i = 0; i < effect->arms; i++) {
        int64_t condition = effect->arm[i].condition;
        if (dt_formula_holds(engine->formulas, condition, key, effect->place))
            return effect->arm[i].body;
    }
    return (dt_effects){0};
}

/* Whether an effect may make several draws of one. */
static bool splits(const dt_effect *effect)
{
    if (effect->kind == DT_WITH)
        return true;
    for (int i = 0; i < effect->arms; i++) {
        const dt_effects *body = &effect->arm[i].body;
        for (int k = 0; k < body->count; k++) {
            if (splits(&body->at[k]))
                return true;
        }
    }
    return false;
}

/* Runs an effect that doesn't split on one draw, in place. */
static bool run_in_place(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws,
                         size_t draw)
{
    if (effect->kind == DT_IF) {
        const dt_effects body = choose(engine, effect, draws, draw);
        for (int i = 0; i < body.count; i++) {
            if (!run_in_place(engine, &body.at[i], draws, draw))
                return false;
        }
        return true;
    }
    assert(effect->kind != DT_WITH);
    if (effect->kind == DT_PAY)
        pay(engine, effect, draws, draw);
    else
        return (effect->kind == DT_ASSIGN ? assign : add)(engine, effect, draws, draw);
    return true;
}

static bool run_if(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws, size_t draw)
{
    return run_copy(engine, effect, choose(engine, effect, draws, draw), draws, draw,
                    draws->probability.at[draw]);
}

/* What is left for an else: 1 - sum, where a constant sum within the slack of 1 counts as 1. */
static uint32_t rest(dt_effects_engine *engine, uint32_t sum)
{
    double value;
    if (dt_expression_is_constant(engine->coefficient, sum, &value) && fabs(value - 1) <= DT_SLACK)
        return engine->zero;
    return make(engine, DT_OP_SUBTRACT, engine->one, sum);
}

static bool run_with(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws,
                     size_t draw)
{
    uint32_t before = draws->probability.at[draw];
    uint32_t sum = engine->zero;
    const size_t first = engine->chance.count;
    for (int i = 0; i < effect->arms; i++) {
        const dt_arm *arm = &effect->arm[i];
        uint32_t p;
        if (arm->condition == DT_NONE) {
            p = rest(engine, sum); /* in 0..1 already if one probability went before */
            if (effect->arms > 2) {
                if (!check_sum(engine, DT_CHECK_REST, sum, effect->place))
                    return false;
                p = make(engine, DT_OP_PROBABILITY, p, 0);
            }
        } else {
            p = dt_formula_coefficient(engine->formulas, (uint32_t)arm->condition,
                                       view(engine, draws, draw));
            if (!check_probability(engine, p, arm->place))
                return false;
            p = make(engine, DT_OP_PROBABILITY, p, 0);
        }
        sum = make(engine, DT_OP_ADD, sum, p);
        dt_push(engine->arena, &engine->chance, p);
    }
    if (effect->exhaustive && !check_sum(engine, DT_CHECK_SUM, sum, effect->place))
        return false;
    bool fine = true;
    for (int i = 0; i < effect->arms && fine; i++) {
        uint32_t p = engine->chance.at[first + (size_t)i];
        if (effect->exhaustive) /* takes away what a sum within the slack of 1 lacks */
            p = make(engine, DT_OP_DIVIDE, p, sum);
        if (p != engine->zero)
            fine = run_copy(engine, effect, effect->arm[i].body, draws, draw,
                            make(engine, DT_OP_MULTIPLY, before, p));
    }
    engine->chance.count = first;
    return fine;
}

/* An effect with arms: each draw from `first` on is replaced by what the arms make of it. */
static bool run_arms(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws,
                     size_t first)
{
    size_t end = draws->probability.count;
    for (size_t draw = first; draw < end; draw++) {
        bool fine = effect->kind == DT_IF ? run_if(engine, effect, draws, draw)
                                          : run_with(engine, effect, draws, draw);
        if (!fine)
            return false;
    }
    size_t made = draws->probability.count - end;
    memmove(draws->probability.at + first, draws->probability.at + end, made * sizeof(uint32_t));
    memmove(content(draws, first), content(draws, end), made * draws->width * sizeof(uint32_t));
    truncate_draws(draws, first + made);
    merge(engine, draws, first);
    if (draws->probability.count - first > DT_MAX_DRAWS)
        return fault(engine, DT_TOO_MANY_BRANCHES, effect->place, number_text(engine, DT_MAX_DRAWS),
                     "", "");
    return true;
}

/* Takes the draws from `first` on through the effects; those before are left alone. */
static bool run(dt_effects_engine *engine, dt_effects effects, dt_draws *draws, size_t first)
{
    for (int i = 0; i < effects.count; i++) {
        const dt_effect *effect = &effects.at[i];
        if (splits(effect)) {
            if (!run_arms(engine, effect, draws, first))
                return false;
            continue;
        }
        for (size_t draw = first; draw < draws->probability.count; draw++) {
            if (!run_in_place(engine, effect, draws, draw))
                return false;
        }
        if (effect->kind == DT_IF)
            merge(engine, draws, first);
    }
    return true;
}

/* Moves what the run paid into *payments; the engine is ready for the next run. A term may stand in
 * `paid` twice, if its payments cancelled out in between. */
static void take_payments(dt_effects_engine *engine, dt_payments *payments)
{
    payments->term.count = payments->coefficient.count = 0;
    if (engine->paid.count > 1)
        qsort(engine->paid.at, engine->paid.count, sizeof *engine->paid.at, dt_by_number32);
    for (size_t i = 0; i < engine->paid.count; i++) {
        uint32_t term = engine->paid.at[i];
        if (engine->payment[term] == engine->zero)
            continue;
        dt_push(engine->arena, &payments->term, term);
        dt_push(engine->arena, &payments->coefficient, engine->payment[term]);
        engine->payment[term] = engine->zero;
    }
    engine->paid.count = 0;
}

bool dt_effects_run(dt_effects_engine *engine, dt_effects effects, const uint32_t *base,
                    bool at_once, dt_draws *draws, dt_payments *payments)
{
    size_t variables = (size_t)engine->model->variables;
    engine->base = base;
    engine->at_once = at_once;
    draws->width = at_once ? 2 * variables : engine->formulas->layout->words;
    draws->probability.count = draws->content.count = engine->chance.count = 0;
    dt_push(engine->arena, &draws->probability, engine->one);
    dt_reserve(engine->arena, &draws->content, draws->width + 1); /* it may be 0 */
    draws->content.count = draws->width;
    if (at_once) {
        int32_t *written = (int32_t *)draws->content.at;
        for (size_t i = 0; i < variables; i++) {
            written[i] = DT_UNASSIGNED;
            written[variables + i] = 0;
        }
    } else {
        dt_key_copy(draws->content.at, base, (uint32_t)draws->width);
    }
    if (!run(engine, effects, draws, 0))
        return false;
    merge(engine, draws, 0);
    take_payments(engine, payments);
    return true;
}
