/*
 * Marks of what is read. An expression's operands stand before it in the table, so one pass from back
 * to front reaches all that the marked ones depend on. Effects nest; the list of blocks that wait takes
 * the place of recursion.
 */
#include "model/reads.h"

#include <assert.h>
#include <string.h>

dt_reads *dt_reads_new(dt_arena *arena, const dt_model *model)
{
    dt_reads *reads = dt_new(arena, dt_reads, 1);
    *reads = (dt_reads){
        .model = model,
        .scratch = arena,
        .slot = dt_new(arena, uint8_t, (size_t)model->slots),
        .param = dt_new(arena, uint8_t, (size_t)model->params),
        .expression = dt_new(arena, uint8_t, model->expression.list.count),
    };
    return reads;
}

void dt_reads_forget(dt_reads *reads)
{
    memset(reads->slot, 0, (size_t)reads->model->slots);
    memset(reads->param, 0, (size_t)reads->model->params);
    memset(reads->expression, 0, reads->model->expression.list.count);
}

void dt_reads_add(dt_reads *reads, int64_t expression)
{
    if (expression != DT_NONE)
        reads->expression[expression] = 1;
}

static void walk(dt_reads *reads, dt_effects effects, bool written)
{
    dt_list(dt_effects) waiting = {0};
    dt_push(reads->scratch, &waiting, effects);
    while (waiting.count != 0) {
        const dt_effects block = waiting.at[--waiting.count];
        for (int e = 0; e < block.count; e++) {
            const dt_effect *effect = &block.at[e];
            const bool writes = effect->kind == DT_ASSIGN || effect->kind == DT_ADD;
            if (writes && written)
                reads->slot[effect->target] = 1;
            if (!written && (writes || effect->kind == DT_PAY))
                dt_reads_add(reads, effect->expression);
            for (int a = 0; a < effect->arms; a++) {
                if (!written)
                    dt_reads_add(reads, effect->arm[a].condition);
                dt_push(reads->scratch, &waiting, effect->arm[a].body);
            }
        }
    }
    dt_drop(reads->scratch, &waiting);
}

void dt_reads_add_effects(dt_reads *reads, dt_effects effects)
{
    walk(reads, effects, false);
}

void dt_reads_add_written(dt_reads *reads, dt_effects effects)
{
    walk(reads, effects, true);
}

void dt_reads_find(dt_reads *reads)
{
    const dt_expressions *table = &reads->model->expression;
    for (size_t i = table->list.count; i-- > 0;) {
        const dt_expression *e = &table->list.at[i];
        if (!reads->expression[i])
            continue;
        if (e->op == DT_OP_SLOT)
            reads->slot[e->a] = 1;
        if (e->op == DT_OP_PARAMETER)
            reads->param[e->a] = 1;
        const uint32_t operand[] = {e->a, e->b, e->c};
        for (int k = 0; k < dt_operands[e->op]; k++) {
            assert(operand[k] < i);
            reads->expression[operand[k]] = 1;
        }
    }
}
