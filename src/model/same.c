/*
 * Whether two conditions are the same: whether they hold in the same situations, however they are written. Both are evaluated over
 * all values of what they read: state variables, choices, and who holds which role. That is done for small conditions; of others
 * only those are the same that are one expression once constants are folded. Nothing is allocated.
 */
#include <math.h>

#include "model/model.h"

enum { MOST_CASES = 4096, MOST_PARTS = 256 };

/* Two conditions and all that they are made of, each part once and after its operands. */
typedef struct comparing {
    const dt_model *model;
    int count;
    uint32_t part[MOST_PARTS];
    double value[MOST_PARTS];
    bool small; /* few enough parts, and none that isn't read in a guard */
} comparing;

static int find(const comparing *c, uint32_t expression)
{
    int i = 0;
    while (i < c->count && c->part[i] != expression)
        i++;
    return i;
}

static void collect(comparing *c, uint32_t expression)
{
    const dt_expression *e = &c->model->expression.list.at[expression];
    const uint32_t operand[] = {e->a, e->b, e->c};
    if (!c->small || find(c, expression) < c->count)
        return;
    for (int i = 0; i < dt_operands[e->op]; i++)
        collect(c, operand[i]);
    c->small &= c->count < MOST_PARTS && e->op != DT_OP_PARAMETER && e->op != DT_OP_NOW &&
                e->op != DT_OP_BELIEF;
    if (c->small)
        c->part[c->count++] = expression;
}

/* How many values a part can have by itself; 1 of what is computed. */
static int values_of(const dt_model *model, const dt_expression *e)
{
    if (e->op == DT_OP_ROLE)
        return model->actors;
    if (e->op != DT_OP_SLOT)
        return 1;
    if ((int)e->a < model->variables)
        return dt_slot_values(model, (int)e->a);
    int mover, values = 1; /* none, and what that mover of the stage can do */
    const dt_stage *stage = &model->stage[dt_slot_stage(model, (int)e->a, &mover)];
    for (int i = 0; i < stage->actions; i++)
        values += stage->action[i].mover == mover;
    return values;
}

/* The nth of them. */
static double value_of(const dt_model *model, const dt_expression *e, int n)
{
    if (e->op != DT_OP_SLOT || (int)e->a < model->variables)
        return e->op == DT_OP_SLOT ? dt_slot_low(model, (int)e->a) + n : e->value + n;
    int mover, action = -1;
    const dt_stage *stage = &model->stage[dt_slot_stage(model, (int)e->a, &mover)];
    while (n > 0)
        n -= stage->action[++action].mover == mover;
    return 1 + action;
}

/* Evaluates all parts in one case, counted with the last part's values varying slowest. */
static void evaluate(comparing *c, int number)
{
    for (int i = 0; i < c->count; i++) {
        const dt_expression *e = &c->model->expression.list.at[c->part[i]];
        const uint32_t operand[] = {e->a, e->b, e->c};
        const int values = values_of(c->model, e), operands = dt_operands[e->op];
        double given[3] = {0};
        for (int k = 0; k < operands; k++)
            given[k] = c->value[find(c, operand[k])];
        c->value[i] = operands ? dt_operate(e->op, given[0], given[1], given[2])
                               : value_of(c->model, e, number % values);
        number /= values;
    }
}

/* Of a condition that may be none: which holds always. */
static bool holds(const comparing *c, int64_t condition)
{
    const double value = condition == DT_NONE ? 1 : c->value[find(c, (uint32_t)condition)];
    return value != 0; /* an error, NaN, ends play whichever it is */
}

bool dt_same_condition(const dt_model *model, int64_t a, int64_t b)
{
    comparing c = {.model = model, .small = true};
    int64_t cases = 1;
    if (a == b)
        return true;
    if (a != DT_NONE)
        collect(&c, (uint32_t)a);
    if (b != DT_NONE)
        collect(&c, (uint32_t)b);
    for (int i = 0; i < c.count && cases <= MOST_CASES; i++)
        cases *= values_of(model, &model->expression.list.at[c.part[i]]);
    bool same = c.small && cases <= MOST_CASES;
    for (int number = 0; same && number < cases; number++) {
        evaluate(&c, number);
        same = holds(&c, a) == holds(&c, b);
    }
    return same;
}
