/*
 * Evaluating the coefficient table for one world: one pass, as operands come first.
 */
#include "game/coefficient.h"

#include <assert.h>

void dt_coefficients_evaluate(const dt_coefficients *table, const double *parameter, double *values)
{
    for (size_t i = 0; i < table->list.count; i++) {
        const dt_expression *e = &table->list.at[i];
        assert(e->op != DT_OP_SLOT && e->op != DT_OP_ROLE);
        if (e->op == DT_OP_CONSTANT)
            values[i] = e->value;
        else if (e->op == DT_OP_PARAMETER)
            values[i] = parameter[e->a];
        else
            values[i] = dt_operate(e->op, values[e->a], values[e->b], values[e->c]);
    }
}
