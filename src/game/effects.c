/*
 * Running effects on all draws at once: each effect takes the list of draws so far to the list
 * after it, and draws that have become equal are merged, so that independent accidents one after
 * another don't multiply without need. Payments are added up as expectations straight away, since
 * values are linear in them. Invariant: the probabilities of the draws of a run sum to one, for every
 * type, in every world that passes the checks recorded on the way.
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
    engine->secret = DT_NONE;
    engine->types = engine->most_types = 1;
    for (int i = 0; i < engine->model->privates; i++) {
        const uint32_t values =
            (uint32_t)dt_slot_values(engine->model, engine->model->private_variable[i]);
        engine->most_types = values > engine->most_types ? values : engine->most_types;
    }
    engine->product = dt_new(arena, uint32_t, engine->most_types);
    const size_t payments = (size_t)engine->model->terms * engine->most_types;
    engine->payment = dt_new(arena, uint32_t, payments);
    for (size_t i = 0; i < payments; i++)
        engine->payment[i] = engine->zero;
    return engine;
}

void dt_effects_begin(dt_effects_engine *engine, int secret)
{
    engine->secret = secret;
    engine->types = secret == DT_NONE ? 1 : (uint32_t)dt_slot_values(engine->model, secret);
    assert(engine->types <= engine->most_types);
}

static uint32_t make(dt_effects_engine *engine, dt_operator op, uint32_t a, uint32_t b)
{
    return dt_expression_make(engine->coefficient, op, a, b, 0);
}

const char *dt_effects_number(dt_effects_engine *engine, double number)
{
    char text[32];
    dt_print_number(text, number);
    return dt_copy_text(engine->arena, text, strlen(text));
}

bool dt_effects_fault(dt_effects_engine *engine, dt_code code, dt_place place, const char *first,
                      const char *second, const char *third)
{
    engine->fault = (dt_fault){code, place, first, second, third, DT_NONE, 0};
    return false;
}

static const dt_field *field_of(const dt_effects_engine *engine, int variable)
{
    return &engine->formulas->layout->field[variable];
}

static bool push_draw(dt_effects_engine *engine, dt_draws *draws, const uint32_t *probability,
                      size_t copied, dt_place place)
{
    if (draws->count >= 4 * DT_MAX_DRAWS)
        return dt_effects_fault(engine, DT_TOO_MANY_BRANCHES, place,
                                dt_effects_number(engine, DT_MAX_DRAWS), "", "");
    for (uint32_t k = 0; k < engine->types; k++)
        dt_push(engine->arena, &draws->probability, probability[k]);
    draws->count++;
    dt_reserve(engine->arena, &draws->content, draws->width);
    dt_key_copy(draws->content.at + draws->content.count, dt_draw_content(draws, copied),
                (uint32_t)draws->width);
    draws->content.count += draws->width;
    return true;
}

static void truncate_draws(const dt_effects_engine *engine, dt_draws *draws, size_t count)
{
    draws->count = count;
    draws->probability.count = count * engine->types;
    draws->content.count = count * draws->width;
}

/* The draw among first … kept-1 that equals `draw`, or `kept`. Many draws are looked up in a table
 * of places, into which a new one is entered. */
static size_t find_equal(dt_effects_engine *engine, dt_draws *draws, size_t first, size_t kept,
                         size_t draw, bool hashed)
{
    if (!hashed) {
        size_t same = first;
        while (same < kept && !dt_keys_equal(dt_draw_content(draws, same),
                                             dt_draw_content(draws, draw), (uint32_t)draws->width))
            same++;
        return same;
    }
    size_t mask = engine->bucket.count - 1;
    size_t at = dt_hash_words(dt_draw_content(draws, draw), (uint32_t)draws->width);
    for (at &= mask; engine->bucket.at[at]; at = (at + 1) & mask) {
        size_t same = engine->bucket.at[at] - 1;
        if (dt_keys_equal(dt_draw_content(draws, same), dt_draw_content(draws, draw),
                          (uint32_t)draws->width))
            return same;
    }
    engine->bucket.at[at] = (uint32_t)kept + 1;
    return kept;
}

/* Merges equal draws from `first` on, keeping the order of first appearance. */
static void merge(dt_effects_engine *engine, dt_draws *draws, size_t first)
{
    enum { FEW = 16 };
    size_t count = draws->count, kept = first;
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
        const uint32_t *probability = dt_draw_chances(engine, draws, i);
        if (same < kept) {
            uint32_t *sum = dt_draw_chances(engine, draws, same);
            for (uint32_t k = 0; k < engine->types; k++)
                sum[k] = make(engine, DT_OP_ADD, sum[k], probability[k]);
            continue;
        }
        if (kept != i) {
            dt_key_copy(dt_draw_content(draws, kept), dt_draw_content(draws, i),
                        (uint32_t)draws->width);
            dt_key_copy(dt_draw_chances(engine, draws, kept), probability, engine->types);
        }
        kept++;
    }
    truncate_draws(engine, draws, kept);
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
    return dt_effects_fault(engine, DT_NOT_WHOLE, effect->place,
                            engine->model->variable[effect->target].is.name,
                            dt_effects_number(engine, value), "");
}

static bool assign(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws, size_t draw)
{
    const dt_variable *v = &engine->model->variable[effect->target];
    double value =
        dt_formula_value(engine->formulas, effect->expression, dt_draw_view(engine, draws, draw));
    double whole;
    if (!whole_number(engine, effect, value, &whole))
        return false;
    if (whole < v->low || whole > v->high)
        return dt_effects_fault(engine, DT_OUTSIDE_DOMAIN, effect->place, v->is.name,
                                dt_effects_number(engine, whole),
                                domain_text(engine, effect->target));
    if (engine->at_once) {
        ((int32_t *)dt_draw_content(draws, draw))[effect->target] = (int32_t)whole;
    } else if (effect->target == engine->secret) {
        for (uint32_t k = 0; k < engine->types; k++)
            dt_draw_move(engine, draws, draw)[k] = (uint32_t)((int)whole - v->low);
    } else {
        dt_key_set(field_of(engine, effect->target), dt_draw_content(draws, draw), (int)whole);
    }
    return true;
}

static bool add(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws, size_t draw)
{
    const dt_variable *v = &engine->model->variable[effect->target];
    double value =
        dt_formula_value(engine->formulas, effect->expression, dt_draw_view(engine, draws, draw));
    double whole;
    if (!whole_number(engine, effect, value, &whole))
        return false;
    if (engine->at_once) {
        int32_t *sum =
            (int32_t *)dt_draw_content(draws, draw) + engine->model->variables + effect->target;
        *sum = (int32_t)fmin(fmax(*sum + whole, -DT_MAX_INCREMENT), DT_MAX_INCREMENT);
    } else if (effect->target == engine->secret) {
        uint32_t *rank = dt_draw_move(engine, draws, draw);
        for (uint32_t k = 0; k < engine->types; k++)
            rank[k] = (uint32_t)fmin(fmax(rank[k] + whole, 0), engine->types - 1.0);
    } else {
        const dt_field *field = field_of(engine, effect->target);
        double value_after = dt_key_get(field, dt_draw_content(draws, draw)) + whole;
        dt_key_set(field, dt_draw_content(draws, draw),
                   (int)fmin(fmax(value_after, v->low), v->high));
    }
    return true;
}

/* Whether a payment [types] is anything but 0. */
static bool is_paid(const dt_effects_engine *engine, const uint32_t *payment)
{
    for (uint32_t k = 0; k < engine->types; k++) {
        if (payment[k] != engine->zero)
            return true;
    }
    return false;
}

static void pay(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws, size_t draw)
{
    uint32_t *payment = &engine->payment[(size_t)effect->target * engine->most_types];
    const bool listed = is_paid(engine, payment);
    for (uint32_t k = 0; k < engine->types; k++) {
        const uint32_t probability = dt_draw_chances(engine, draws, draw)[k];
        if (!dt_type_comes(engine, dt_draw_chances(engine, draws, draw), k))
            continue;
        const uint32_t amount = dt_draw_coefficient(engine, effect->expression, draws, draw, k);
        const uint32_t expected = make(engine, DT_OP_MULTIPLY, probability, amount);
        payment[k] = make(engine, DT_OP_ADD, payment[k], expected);
    }
    if (!listed && is_paid(engine, payment))
        dt_push(engine->arena, &engine->paid, (uint32_t)effect->target);
}

static bool run(dt_effects_engine *engine, dt_effects effects, dt_draws *draws, size_t first);

/* Appends a copy of a draw with another probability and runs `body` on it. */
static bool run_copy(dt_effects_engine *engine, const dt_effect *effect, dt_effects body,
                     dt_draws *draws, size_t draw, const uint32_t *probability)
{
    size_t copy = draws->count;
    return push_draw(engine, draws, probability, draw, effect->place) &&
           run(engine, body, draws, copy);
}

/* What an `if` does in the situation of a draw. */
static dt_effects choose(const dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws,
                         size_t draw)
{
    const uint32_t *key = dt_draw_view(engine, draws, draw);
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
    dt_key_copy(engine->product, dt_draw_chances(engine, draws, draw), engine->types);
    return run_copy(engine, effect, choose(engine, effect, draws, draw), draws, draw,
                    engine->product);
}

static bool run_with(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws,
                     size_t draw)
{
    const uint32_t types = engine->types;
    const size_t at_sum = engine->chance.count;
    for (uint32_t k = 0; k < types; k++)
        dt_push(engine->arena, &engine->chance, engine->zero);
    bool fine = true;
    for (int i = 0; i < effect->arms && fine; i++) {
        dt_reserve(engine->arena, &engine->chance, types); /* so that the sums don't move */
        fine = dt_effects_find_arm(engine, effect, i, draws, draw, engine->chance.at + at_sum);
    }
    if (fine && effect->exhaustive)
        fine = dt_effects_check(engine, DT_CHECK_SUM, engine->chance.at + at_sum,
                                dt_draw_chances(engine, draws, draw), effect->place);
    for (int i = 0; i < effect->arms && fine; i++) {
        bool any = false;
        for (uint32_t k = 0; k < types; k++) {
            const uint32_t *sum = engine->chance.at + at_sum;
            const uint32_t before = dt_draw_chances(engine, draws, draw)[k];
            uint32_t p = sum[((size_t)i + 1) * types + k];
            if (effect->exhaustive &&
                p != engine->zero) /* takes away what a sum within the slack of 1 lacks */
                p = make(engine, DT_OP_DIVIDE, p, sum[k]);
            engine->product[k] = p == engine->zero ? p : make(engine, DT_OP_MULTIPLY, before, p);
            any |= p != engine->zero;
        }
        if (any)
            fine = run_copy(engine, effect, effect->arm[i].body, draws, draw, engine->product);
    }
    engine->chance.count = at_sum;
    return fine;
}

/* An effect with arms: each draw from `first` on is replaced by what the arms make of it. */
static bool run_arms(dt_effects_engine *engine, const dt_effect *effect, dt_draws *draws,
                     size_t first)
{
    size_t end = draws->count;
    for (size_t draw = first; draw < end; draw++) {
        bool fine = effect->kind == DT_IF ? run_if(engine, effect, draws, draw)
                                          : run_with(engine, effect, draws, draw);
        if (!fine)
            return false;
    }
    size_t made = draws->count - end;
    memmove(dt_draw_chances(engine, draws, first), dt_draw_chances(engine, draws, end),
            made * engine->types * sizeof(uint32_t));
    memmove(dt_draw_content(draws, first), dt_draw_content(draws, end),
            made * draws->width * sizeof(uint32_t));
    truncate_draws(engine, draws, first + made);
    merge(engine, draws, first);
    if (draws->count - first > DT_MAX_DRAWS)
        return dt_effects_fault(engine, DT_TOO_MANY_BRANCHES, effect->place,
                                dt_effects_number(engine, DT_MAX_DRAWS), "", "");
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
        for (size_t draw = first; draw < draws->count; draw++) {
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
        uint32_t *payment = &engine->payment[(size_t)term * engine->most_types];
        if (!is_paid(engine, payment))
            continue;
        dt_push(engine->arena, &payments->term, term);
        dt_push(engine->arena, &payments->coefficient, dt_effects_choose(engine, payment));
        for (uint32_t k = 0; k < engine->types; k++)
            payment[k] = engine->zero;
    }
    engine->paid.count = 0;
}

bool dt_effects_run(dt_effects_engine *engine, dt_effects effects, const uint32_t *base,
                    bool at_once, dt_draws *draws, dt_payments *payments)
{
    size_t variables = (size_t)engine->model->variables;
    engine->base = base;
    engine->at_once = at_once;
    const uint32_t words = engine->formulas->layout->words;
    draws->width = at_once                     ? 2 * variables
                   : engine->secret == DT_NONE ? words
                                               : words + engine->types;
    draws->probability.count = draws->content.count = engine->chance.count = 0;
    draws->count = 1;
    for (uint32_t k = 0; k < engine->types; k++)
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
        dt_key_copy(draws->content.at, base, words);
        for (uint32_t k = 0; words + k < draws->width; k++)
            draws->content.at[words + k] = k;
    }
    if (!run(engine, effects, draws, 0))
        return false;
    merge(engine, draws, 0);
    take_payments(engine, payments);
    return true;
}
