/*
 * The value of a condition, from its leaves up. The checker bounds the depth of its tree. Numbers that are
 * the same but for rounding must not decide a comparison where nothing tells two policies apart, so
 * comparisons can be made with some slack.
 */
#include "trace/condition.h"

#include <math.h>

bool dt_condition_is_range(const dt_condition *condition)
{
    const dt_condition *const *operand = condition->operand;
    return condition->op == DT_OP_AND && operand[0]->op == DT_OP_AT_MOST &&
           operand[1]->op == DT_OP_AT_MOST && operand[0]->operand[1] == operand[1]->operand[0];
}

double dt_condition_evaluate(const dt_condition *condition, int policy, double slack,
                             dt_look_up *look_up, void *context)
{
    double value[3] = {0};
    if (condition->op == DT_OP_CONSTANT)
        return condition->value;
    if (condition->op == DT_OP_SLOT)
        return look_up(context, condition->outcome,
                       condition->policy == DT_NONE ? policy : condition->policy);
    if (dt_condition_is_range(condition)) {
        const dt_condition *const part[3] = {condition->operand[0]->operand[0],
                                             condition->operand[0]->operand[1],
                                             condition->operand[1]->operand[1]};
        for (int i = 0; i < 3; i++)
            value[i] = dt_condition_evaluate(part[i], policy, slack, look_up, context);
        return value[0] <= value[1] + slack && value[1] <= value[2] + slack;
    }
    for (int i = 0; i < dt_operands[condition->op]; i++)
        value[i] = dt_condition_evaluate(condition->operand[i], policy, slack, look_up, context);
    if (condition->op == DT_OP_LESS && slack > 0)
        return value[0] < value[1] - slack;
    if (condition->op == DT_OP_AT_MOST && slack > 0)
        return value[0] <= value[1] + slack;
    if ((condition->op == DT_OP_EQUAL || condition->op == DT_OP_UNEQUAL) && slack > 0)
        return (fabs(value[0] - value[1]) <= slack) == (condition->op == DT_OP_EQUAL);
    return dt_operate(condition->op, value[0], value[1], value[2]);
}
