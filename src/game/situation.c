/*
 * Situations: which values occur, and which stage comes next. The key of a place holds the state
 * variables and those choices that are live at its kind of place; the others read none.
 */
#include "game/explorer.h"

void dt_explorer_note(dt_explorer *explorer, const uint32_t *key)
{
    for (int v = 0; v < explorer->model->variables; v++) {
        size_t first = explorer->first_value[v];
        if (!dt_slot_is_private(explorer->model, v) && explorer->first_value[v + 1] > first)
            explorer->game->value_reached[first + dt_key_rank(&explorer->layout.field[v], key)] = 1;
    }
}

uint32_t dt_explorer_advance(dt_explorer *explorer, uint32_t stage, const uint32_t *key)
{
    for (uint32_t s = stage; s < explorer->leaf_kind; s++) {
        const dt_stage *stage = &explorer->model->stage[s];
        if (dt_formula_holds(explorer->formulas, stage->when, key, stage->is.place))
            return s;
    }
    return explorer->leaf_kind;
}
