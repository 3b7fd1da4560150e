/*
 * Compiling expressions to straight-line programs and remembering their results. The programs have
 * no jumps: both sides of a conditional are computed, which doubles allow, and the condition picks. What
 * others believe of a private variable is no part of a situation either: `belief(COND)` is a sum over the
 * variable's values, made when the formula is. Invariant: a remembered result is what running the program would give.
 */
#include "game/formula.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REMEMBERED = 4096 }; /* most results kept for one formula */

typedef struct step {
    dt_operator op;
    uint32_t a, b, c; /* earlier steps; of a leaf: its index; of a belief: a its coefficient */
    double value;     /* of a constant */
} step;

struct dt_formula {
    step *step; /* [steps] the last is the result */
    int steps;
    int *read;       /* [reads] slots */
    dt_field *field; /* [reads] where they are in a key */
    uint32_t *stride;
    int reads;
    bool is_private;      /* it reads a private variable */
    uint32_t results;     /* number of remembered results; 0: too many, none is kept */
    double *value;        /* [results] NAN: not yet known (a NAN result is worked out again) */
    uint32_t *remembered; /* [results] coefficient; UINT32_MAX: not yet known */
};

dt_formulas *dt_formulas_new(dt_arena *arena, const dt_game *game, const dt_key_layout *layout)
{
    dt_formulas *formulas = dt_new(arena, dt_formulas, 1);
    size_t count = game->model->expression.list.count;
    formulas->arena = arena;
    formulas->game = game;
    formulas->rules = game->rules;
    formulas->layout = layout;
    formulas->coefficient = game->coefficient;
    formulas->made = dt_new(arena, dt_formula *, count);
    formulas->mark = dt_new(arena, uint32_t, count);
    return formulas;
}

static int by_number(const void *x, const void *y)
{
    const int *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* The slots read, and the layout of the remembered results. */
static void find_reads(dt_formulas *formulas, dt_formula *f)
{
    const dt_model *model = formulas->rules->model;
    f->read = dt_new(formulas->arena, int, (size_t)f->steps);
    for (int i = 0; i < f->steps; i++) {
        if (f->step[i].op != DT_OP_SLOT)
            continue;
        if (dt_slot_is_private(model, (int)f->step[i].a))
            f->is_private = true;
        else
            f->read[f->reads++] = (int)f->step[i].a;
    }
    qsort(f->read, (size_t)f->reads, sizeof *f->read, by_number);
    f->field = dt_new(formulas->arena, dt_field, (size_t)f->reads);
    f->stride = dt_new(formulas->arena, uint32_t, (size_t)f->reads);
    uint64_t results = 1;
    for (int i = 0; i < f->reads && results <= REMEMBERED; i++) {
        f->field[i] = formulas->layout->field[f->read[i]];
        f->stride[i] = (uint32_t)results;
        results *= (uint64_t)dt_key_values(model, f->read[i]);
    }
    f->results = results <= REMEMBERED ? (uint32_t)results : 0;
}

static int by_index(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* The operands of an expression that are computed with it: a belief's condition is not. */
static int operands_of(dt_operator op)
{
    return op == DT_OP_BELIEF ? 0 : dt_operands[op];
}

/* The entries that `root` consists of, ascending, so that operands come first. */
static dt_indices find_parts(dt_formulas *formulas, uint32_t root)
{
    const dt_expression *all = formulas->rules->model->expression.list.at;
    dt_indices parts = {0};
    dt_push(formulas->arena, &parts, root);
    formulas->mark[root] = 1;
    for (size_t done = 0; done < parts.count; done++) {
        const dt_expression *e = &all[parts.at[done]];
        const uint32_t operand[3] = {e->a, e->b, e->c};
        for (int k = 0; k < operands_of(e->op); k++) {
            assert(operand[k] < parts.at[done]);
            if (!formulas->mark[operand[k]]) {
                formulas->mark[operand[k]] = 1;
                dt_push(formulas->arena, &parts, operand[k]);
            }
        }
    }
    qsort(parts.at, parts.count, sizeof *parts.at, by_index);
    for (size_t i = 0; i < parts.count; i++)
        formulas->mark[parts.at[i]] = 0;
    return parts;
}

static dt_formula *get(dt_formulas *formulas, uint32_t expression);
static uint32_t work_out(dt_formulas *formulas, const dt_formula *f, const uint32_t *key,
                         int variable, int value);

/* The coefficient of a belief: the sum over the values k of its private variable of cond_k times the share
 * of k, where cond_k is the condition if the value is k: 0 or 1, or a formula of parameters. Of a variable
 * that is known it is that of its value. */
static uint32_t believe(dt_formulas *formulas, const dt_expression *belief)
{
    const dt_model *model = formulas->rules->model;
    const int variable = (int)belief->b;
    const dt_variable *of = &model->variable[variable];
    const dt_formula *condition = get(formulas, belief->a);
    dt_coefficients *table = formulas->coefficient;
    const int secret = formulas->game->secret_of[variable], known = formulas->game->known[variable];
    uint32_t sum = dt_expression_constant(table, 0);
    assert(condition->reads == 0 && "a belief's condition reads its variable and parameters alone");
    if (known != DT_DRAWN)
        return work_out(formulas, condition, NULL, variable, known);
    for (int v = of->low; v <= of->high; v++) {
        const uint32_t holds = work_out(formulas, condition, NULL, variable, v);
        uint32_t share =
            dt_expression_make(table, DT_OP_SHARE, (uint32_t)secret, (uint32_t)(v - of->low), 0);
        share = dt_expression_make(table, DT_OP_MULTIPLY, holds, share, 0);
        sum = dt_expression_make(table, DT_OP_ADD, sum, share, 0);
    }
    return sum;
}

static dt_formula *compile(dt_formulas *formulas, uint32_t root)
{
    const dt_expression *all = formulas->rules->model->expression.list.at;
    dt_indices parts = find_parts(formulas, root);
    dt_formula *f = dt_new(formulas->arena, dt_formula, 1);
    f->step = dt_new(formulas->arena, step, parts.count);
    for (size_t i = 0; i < parts.count; i++) {
        const dt_expression *e = &all[parts.at[i]];
        f->step[i] = (step){e->op, e->a, e->b, e->c, e->value};
        if (e->op == DT_OP_BELIEF)
            f->step[i].a = believe(formulas, e); /* it may compile: marks aren't used yet */
    }
    for (size_t i = 0; i < parts.count; i++) {
        step *s = &f->step[f->steps++];
        uint32_t *operand[3] = {&s->a, &s->b, &s->c};
        for (int k = 0; k < operands_of(s->op); k++)
            *operand[k] = formulas->mark[*operand[k]];
        if (s->op == DT_OP_ROLE) {
            s->op = DT_OP_CONSTANT;
            s->value = formulas->rules->holder[s->a];
        }
        formulas->mark[parts.at[i]] = (uint32_t)i;
    }
    for (size_t i = 0; i < parts.count; i++)
        formulas->mark[parts.at[i]] = 0;
    dt_drop(formulas->arena, &parts);
    find_reads(formulas, f);
    if ((size_t)f->steps > formulas->room) {
        formulas->room = (size_t)f->steps * 2;
        formulas->value = dt_new(formulas->arena, double, formulas->room);
        formulas->index = dt_new(formulas->arena, uint32_t, formulas->room);
    }
    return f;
}

static dt_formula *get(dt_formulas *formulas, uint32_t expression)
{
    if (!formulas->made[expression])
        formulas->made[expression] = compile(formulas, expression);
    return formulas->made[expression];
}

static uint32_t result_of(const dt_formula *f, const uint32_t *key)
{
    uint32_t at = 0;
    for (int i = 0; i < f->reads; i++)
        at += dt_key_rank(&f->field[i], key) * f->stride[i];
    assert(at < f->results);
    return at;
}

/* Room for a formula's results, given back by dt_formulas_drop. */
static void *results_of(const dt_formulas *formulas, const dt_formula *f, size_t size)
{
    size_t room = 0;
    return dt_grow(formulas->arena, NULL, &room, 0, f->results, size);
}

double dt_formula_value(dt_formulas *formulas, uint32_t expression, const uint32_t *key)
{
    dt_formula *f = get(formulas, expression);
    uint32_t result = 0;
    if (f->results) {
        if (!f->value) {
            f->value = results_of(formulas, f, sizeof *f->value);
            for (uint32_t i = 0; i < f->results; i++)
                f->value[i] = NAN;
        }
        result = result_of(f, key);
        if (!isnan(f->value[result]))
            return f->value[result];
    }
    double *v = formulas->value;
    for (int i = 0; i < f->steps; i++) {
        const step *s = &f->step[i];
        assert(s->op != DT_OP_PARAMETER && s->op != DT_OP_NOW && "a guard reads neither");
        assert(s->op != DT_OP_BELIEF && !f->is_private && "nor what isn't public");
        if (s->op == DT_OP_CONSTANT)
            v[i] = s->value;
        else if (s->op == DT_OP_SLOT)
            v[i] = dt_key_get(&formulas->layout->field[s->a], key);
        else
            v[i] = dt_operate(s->op, v[s->a], v[s->b], v[s->c]);
    }
    if (f->results)
        f->value[result] = v[f->steps - 1];
    return v[f->steps - 1];
}

bool dt_formula_holds(dt_formulas *formulas, int64_t condition, const uint32_t *key, dt_place place)
{
    if (condition == DT_NONE)
        return true;
    const double value = dt_formula_value(formulas, (uint32_t)condition, key);
    if (isnan(value) && formulas->undefined.length == 0)
        formulas->undefined = place;
    return value != 0 && !isnan(value);
}

/* What a step that is a slot amounts to: its value, where it is known. */
static uint32_t slot_coefficient(const dt_formulas *formulas, uint32_t slot, const uint32_t *key,
                                 int variable, int value)
{
    if ((int)slot == variable)
        return dt_expression_constant(formulas->coefficient, value);
    if (dt_slot_is_private(formulas->rules->model, (int)slot) &&
        formulas->game->known[slot] != DT_DRAWN)
        return dt_expression_constant(formulas->coefficient, formulas->game->known[slot]);
    if (dt_slot_is_private(formulas->rules->model, (int)slot))
        return dt_expression_make(formulas->coefficient, DT_OP_SLOT, slot, 0, 0);
    return dt_expression_constant(formulas->coefficient,
                                  dt_key_get(&formulas->layout->field[slot], key));
}

/* The coefficient in a situation, with a value put in for a variable, or DT_NONE. */
static uint32_t work_out(dt_formulas *formulas, const dt_formula *f, const uint32_t *key,
                         int variable, int value)
{
    dt_coefficients *table = formulas->coefficient;
    uint32_t *v = formulas->index;
    for (int i = 0; i < f->steps; i++) {
        const step *s = &f->step[i];
        if (s->op == DT_OP_CONSTANT)
            v[i] = dt_expression_constant(table, s->value);
        else if (s->op == DT_OP_SLOT)
            v[i] = slot_coefficient(formulas, s->a, key, variable, value);
        else if (s->op == DT_OP_BELIEF)
            v[i] = s->a;
        else if (s->op == DT_OP_PARAMETER || s->op == DT_OP_NOW)
            v[i] = dt_expression_make(table, s->op, s->a, 0, 0);
        else
            v[i] = dt_expression_make(table, s->op, v[s->a], v[s->b], v[s->c]);
    }
    return v[f->steps - 1];
}

uint32_t dt_formula_coefficient(dt_formulas *formulas, uint32_t expression, const uint32_t *key)
{
    dt_formula *f = get(formulas, expression);
    uint32_t result = 0;
    if (f->results) {
        if (!f->remembered) {
            f->remembered = results_of(formulas, f, sizeof *f->remembered);
            memset(f->remembered, 0xff, f->results * sizeof *f->remembered);
        }
        result = result_of(f, key);
        if (f->remembered[result] != UINT32_MAX)
            return f->remembered[result];
    }
    const uint32_t coefficient = work_out(formulas, f, key, DT_NONE, 0);
    if (f->results)
        f->remembered[result] = coefficient;
    return coefficient;
}

uint32_t dt_formula_coefficient_if(dt_formulas *formulas, uint32_t expression, const uint32_t *key,
                                   int variable, int value)
{
    const dt_formula *f = get(formulas, expression);
    return f->is_private ? work_out(formulas, f, key, variable, value)
                         : dt_formula_coefficient(formulas, expression, key);
}

int dt_formula_reads(dt_formulas *formulas, uint32_t expression, const int **slot)
{
    const dt_formula *f = get(formulas, expression);
    *slot = f->read;
    return f->reads;
}

void dt_formulas_drop(dt_formulas *formulas)
{
    for (size_t i = 0; i < formulas->rules->model->expression.list.count; i++) {
        dt_formula *f = formulas->made[i];
        if (!f)
            continue;
        dt_give_back(formulas->arena, f->value);
        dt_give_back(formulas->arena, f->remembered);
        f->value = NULL;
        f->remembered = NULL;
    }
}
