/*
 * Comparisons, and the bare names that only a comparison gives a meaning: enumeration values,
 * actions of a choice, actors who may hold a role. Such a name is read beside something of its type
 * and nowhere else (docs/language.md, "Names"): what is beside it is found by `natural_type`, which looks
 * for the type that a side has on its own, through parentheses and `?:`. There the value wins over
 * any other meaning of the name.
 */
#include <assert.h>

#include "model/checker.h"

const dt_value dt_value_unknown = {.kind = DT_VALUE_WRONG, .index = DT_NONE};

static bool is_known(dt_value value)
{
    return value.kind != DT_VALUE_WRONG;
}

static bool is_countable(dt_value value)
{
    return value.kind != DT_VALUE_CHOICE && value.kind != DT_VALUE_ROLE;
}

static bool same_type(dt_value a, dt_value b)
{
    return a.kind == b.kind &&
           (a.kind == DT_VALUE_BOOL || a.kind == DT_VALUE_NUMBER || a.index == b.index);
}

/* ---- choices ---- */

/* "write 'envoy', as the stage does", if `owner` moves there by another name; else who moves. */
const char *dt_check_movers_hint(dt_checker *c, const dt_stage *stage, dt_owner owner)
{
    const dt_model *m = c->model;
    int actor = owner.is_role ? m->role[owner.index].actor : owner.index;
    for (int i = 0; i < stage->movers; i++) {
        dt_owner mover = stage->mover[i];
        int other = mover.is_role ? m->role[mover.index].actor : mover.index;
        if (other == actor)
            return dt_check_say(c, "stage '%s' writes '%s'", stage->is.name,
                                dt_owner_name(m, mover));
    }
    dt_text text = {.arena = c->arena};
    dt_text_print(&text, "its movers are");
    for (int i = 0; i < stage->movers; i++)
        dt_text_print(&text, "%s %s", i ? "," : "", dt_owner_name(m, stage->mover[i]));
    return dt_text_get(&text);
}

int dt_stage_mover(const dt_stage *stage, dt_owner owner)
{
    for (int i = 0; i < stage->movers; i++) {
        if (stage->mover[i].is_role == owner.is_role && stage->mover[i].index == owner.index)
            return i;
    }
    return DT_NONE;
}

/* The slot of `stage.MOVER`, or DT_NONE if there is none, which is told. */
int dt_check_choice(dt_checker *c, const dt_syntax *node)
{
    assert(node->kind == DT_SYNTAX_CHOICE && node->first);
    int index = dt_check_refer(c, node, DT_NAME_STAGE);
    dt_owner owner;
    if (!dt_check_owner(c, node->first, &owner) || index == DT_NONE)
        return DT_NONE;
    const dt_stage *stage = &c->model->stage[index];
    int mover = dt_stage_mover(stage, owner);
    if (mover != DT_NONE && !stage->hidden)
        return stage->first_choice + mover;
    if (mover != DT_NONE) {
        dt_complain_more(c->diagnostics, DT_HIDDEN_CHOICE, node->place,
                         "what it does to the private variable can be read by probabilities, "
                         "payments, payoffs and outcomes",
                         NULL, stage->is.name, dt_owner_name(c->model, owner));
        return DT_NONE;
    }
    if (c->broken || c->unknown_mover[index])
        return DT_NONE;
    if (stage->movers == 0)
        dt_complain(c->diagnostics, DT_NO_CHOICE, node->place, stage->is.name);
    else
        dt_complain_more(c->diagnostics, DT_NOT_A_MOVER, node->first->place,
                         dt_check_movers_hint(c, stage, owner), NULL,
                         dt_check_text(c, node->first->text), stage->is.name);
    return DT_NONE;
}

/* ---- what a side is on its own ---- */

/* The same without a word, for finding a type. */
static int silent_choice(const dt_checker *c, const dt_syntax *node)
{
    const dt_entry *stage = dt_names_find(c, DT_SPACE_SHARED, 0, node->text);
    const dt_entry *mover = dt_names_find(c, DT_SPACE_SHARED, 0, node->first->text);
    if (!stage || stage->kind != DT_NAME_STAGE || !mover)
        return DT_NONE;
    dt_owner owner = {mover->kind == DT_NAME_ROLE, mover->index};
    int found = dt_stage_mover(&c->model->stage[stage->index], owner);
    return found == DT_NONE ? DT_NONE : c->model->stage[stage->index].first_choice + found;
}

/* The enumeration, choice or role that an expression has on its own; unknown for all else. Without
 * `lets`, those aren't looked into. */
static dt_value natural_type(dt_checker *c, const dt_syntax *node, bool lets)
{
    if (node->kind == DT_SYNTAX_CHOICE) {
        int slot = silent_choice(c, node);
        return slot == DT_NONE ? dt_value_unknown : dt_value_of(DT_VALUE_CHOICE, slot, 0);
    }
    if (node->kind == DT_SYNTAX_CONDITIONAL) {
        const dt_syntax *yes = node->first->next;
        dt_value type = natural_type(c, yes, lets);
        return is_known(type) ? type : natural_type(c, yes->next, lets);
    }
    if (node->kind != DT_SYNTAX_NAME)
        return dt_value_unknown;
    const dt_entry *entry = dt_names_find(c, DT_SPACE_SHARED, 0, node->text);
    if (!entry || entry->twice)
        return dt_value_unknown;
    if (entry->kind == DT_NAME_ROLE)
        return dt_value_of(DT_VALUE_ROLE, entry->index, 0);
    dt_value value = dt_value_unknown;
    if (entry->kind == DT_NAME_STATE)
        value = dt_value_of_variable(c, entry->index);
    else if (entry->kind == DT_NAME_LET && lets)
        value = dt_check_let(c, entry->index);
    return value.kind == DT_VALUE_ENUM ? value : dt_value_unknown;
}

/* ---- bare names ---- */

/* The value that a bare name has beside something of type `wanted`. */
static bool find_literal(dt_checker *c, dt_slice name, dt_value wanted, int *value)
{
    const dt_model *m = c->model;
    const dt_entry *entry = NULL;
    switch (wanted.kind) {
    case DT_VALUE_ENUM:
        entry = dt_names_find(c, DT_SPACE_VALUES, (uint32_t)wanted.index, name);
        break;
    case DT_VALUE_ROLE:
        entry = dt_names_find(c, DT_SPACE_SHARED, 0, name);
        if (entry && entry->kind != DT_NAME_ACTOR)
            entry = NULL;
        break;
    case DT_VALUE_CHOICE: {
        *value = 0;
        if (dt_slice_is(name, "none"))
            return true;
        /* The mover's own action; else any mover's: that it took this one is never true. */
        int mover;
        const dt_stage *stage = &m->stage[dt_slot_stage(m, wanted.index, &mover)];
        entry = dt_names_find(c, DT_SPACE_ACTIONS, (uint32_t)wanted.index, name);
        for (int i = 0; i < stage->movers && !entry; i++)
            entry = dt_names_find(c, DT_SPACE_ACTIONS, (uint32_t)(stage->first_choice + i), name);
        *value = 1;
        break;
    }
    default:
        return false;
    }
    if (!entry)
        return false;
    *value = entry->index + (wanted.kind == DT_VALUE_CHOICE);
    return true;
}

/* Reads a bare name (for an action `yes` or `no` too) as a value of the type that is wanted; false if it isn't one and has another
 * meaning or none is wanted. A name without any meaning is told here. */
bool dt_check_literal(dt_checker *c, const dt_syntax *node, dt_value wanted, dt_value *value)
{
    bool answer = node->kind == DT_SYNTAX_YES || node->kind == DT_SYNTAX_NO;
    assert(answer || node->kind == DT_SYNTAX_NAME);
    if (!is_known(wanted))
        return false;
    int number;
    if (find_literal(c, node->text, wanted, &number)) {
        *value = dt_value_of(wanted.kind, wanted.index,
                             dt_expression_constant(&c->model->expression, number));
        value->literal = true;
        return true;
    }
    if (answer || dt_names_find(c, DT_SPACE_SHARED, 0, node->text))
        return false;
    *value = dt_value_wrong(c);
    if (c->broken)
        return true;
    if (wanted.kind == DT_VALUE_ROLE) {
        dt_check_refer(c, node, DT_NAME_ACTOR);
        return true;
    }
    const char *name = dt_check_text(c, node->text);
    if (wanted.kind == DT_VALUE_ENUM) {
        const char *hint = dt_names_nearest(c, DT_SPACE_VALUES, (uint32_t)wanted.index,
                                            1u << DT_NAME_VALUE, node->text);
        const dt_variable *variable = &c->model->variable[wanted.index];
        if (!hint)
            hint = dt_check_say(c, "expected %s", dt_check_domain_text(c, variable));
        dt_complain_more(c->diagnostics, DT_UNKNOWN_VALUE, node->place, hint, NULL, name,
                         variable->is.name);
        return true;
    }
    int mover;
    const dt_stage *stage = &c->model->stage[dt_slot_stage(c->model, wanted.index, &mover)];
    const char *hint = dt_names_nearest(c, DT_SPACE_ACTIONS, (uint32_t)wanted.index,
                                        1u << DT_NAME_ACTION, node->text);
    dt_complain_more(c->diagnostics, DT_UNKNOWN_ACTION, node->place, hint, NULL, name,
                     dt_owner_name(c->model, stage->mover[mover]), stage->is.name);
    return true;
}

/* Whether a side holds a bare name that would be a value of that type. */
static bool holds_literal(dt_checker *c, const dt_syntax *node, dt_value type)
{
    int value;
    if (node->kind == DT_SYNTAX_NAME)
        return find_literal(c, node->text, type, &value);
    return node->kind == DT_SYNTAX_CONDITIONAL && (holds_literal(c, node->first->next, type) ||
                                                   holds_literal(c, node->first->next->next, type));
}

/* What is wanted of each of two sides that stand beside each other: the type of the other. A side
 * whose type makes a value of the other side wants nothing itself. Lets are looked into last, as a
 * name that is such a value isn't read as the let of that name. */
static void find_wanted(dt_checker *c, const dt_syntax *const side[2], dt_value wanted[2])
{
    for (int lets = 0; lets <= 1; lets++) {
        dt_value type[2];
        for (int i = 0; i < 2; i++) {
            type[i] = natural_type(c, side[i], lets == 1);
            wanted[i] = dt_value_unknown;
            wanted[1 - i] = type[i];
            if (is_known(type[i]) && holds_literal(c, side[1 - i], type[i]))
                return;
        }
        wanted[0] = type[1];
        wanted[1] = type[0];
        if (is_known(type[0]) && is_known(type[1]))
            wanted[0] = wanted[1] = dt_value_unknown;
    }
}

/* A bare name that nothing gives a meaning to. */
static bool is_meaningless(const dt_checker *c, const dt_syntax *node, dt_value wanted)
{
    return node->kind == DT_SYNTAX_NAME && !is_known(wanted) &&
           !dt_names_find(c, DT_SPACE_SHARED, 0, node->text);
}

/* ---- comparisons ---- */

/* A choice with an action, a role with an actor. */
static bool comparable(dt_checker *c, const dt_syntax *node, dt_value a, dt_value b)
{
    bool equality = node->kind == DT_SYNTAX_EQUAL || node->kind == DT_SYNTAX_UNEQUAL;
    if (a.kind == DT_VALUE_CHOICE || b.kind == DT_VALUE_CHOICE) {
        if (equality && same_type(a, b) && a.literal != b.literal)
            return true;
        dt_complain(c->diagnostics, DT_COMPARED_CHOICE, node->place);
        return false;
    }
    if (a.kind == DT_VALUE_ROLE || b.kind == DT_VALUE_ROLE) {
        if (equality && same_type(a, b) && a.literal != b.literal)
            return true;
        dt_complain(c->diagnostics, DT_COMPARED_ROLE, node->place);
        return false;
    }
    bool mixed = (a.kind == DT_VALUE_ENUM && b.kind == DT_VALUE_BOOL) ||
                 (a.kind == DT_VALUE_BOOL && b.kind == DT_VALUE_ENUM);
    if (mixed || (a.kind == DT_VALUE_ENUM && b.kind == DT_VALUE_ENUM && a.index != b.index)) {
        dt_complain(c->diagnostics, DT_COMPARED_TYPES, node->place, dt_value_phrase(c, a),
                    dt_value_phrase(c, b));
        return false;
    }
    return true;
}

/* The operator of a comparison; > and >= are < and <= with the sides exchanged. */
dt_operator dt_check_comparison_operator(dt_syntax_kind kind, bool *exchanged)
{
    *exchanged = kind == DT_SYNTAX_GREATER || kind == DT_SYNTAX_AT_LEAST;
    switch (kind) {
    case DT_SYNTAX_EQUAL:
        return DT_OP_EQUAL;
    case DT_SYNTAX_UNEQUAL:
        return DT_OP_UNEQUAL;
    case DT_SYNTAX_LESS:
    case DT_SYNTAX_GREATER:
        return DT_OP_LESS;
    default:
        assert(kind == DT_SYNTAX_AT_MOST || kind == DT_SYNTAX_AT_LEAST);
        return DT_OP_AT_MOST;
    }
}

dt_value dt_check_comparison(dt_checker *c, dt_reads *reads, const dt_syntax *node)
{
    const dt_syntax *side[2] = {node->first, node->first->next};
    assert(side[0] && side[1] && !side[1]->next);
    dt_value wanted[2];
    find_wanted(c, side, wanted);
    /* A name that has no meaning because the other side is in error isn't told as well. */
    int first = is_meaningless(c, side[0], wanted[0]) && !is_meaningless(c, side[1], wanted[1]);
    dt_value value[2];
    value[first] = dt_check_value(c, reads, side[first], wanted[first]);
    value[1 - first] =
        !is_known(value[first]) && is_meaningless(c, side[1 - first], wanted[1 - first])
            ? dt_value_wrong(c)
            : dt_check_value(c, reads, side[1 - first], wanted[1 - first]);
    dt_value left = value[0], right = value[1];
    if (!is_known(left) || !is_known(right) || !comparable(c, node, left, right))
        return dt_value_wrong(c);
    bool exchanged;
    dt_operator op = dt_check_comparison_operator(node->kind, &exchanged);
    uint32_t a = exchanged ? right.expression : left.expression;
    uint32_t b = exchanged ? left.expression : right.expression;
    return dt_value_of(DT_VALUE_BOOL, DT_NONE,
                       dt_expression_make(&c->model->expression, op, a, b, 0));
}

/* c ? a : b. The two values stand beside each other, and both beside what the whole stands beside. */
dt_value dt_check_conditional(dt_checker *c, dt_reads *reads, const dt_syntax *node,
                              dt_value wanted)
{
    const dt_syntax *side[2] = {node->first->next, node->first->next->next};
    assert(node->kind == DT_SYNTAX_CONDITIONAL && side[1] && !side[1]->next);
    dt_value each[2] = {wanted, wanted};
    if (!is_known(wanted))
        find_wanted(c, side, each);
    dt_value condition;
    bool good = dt_check_is_condition(c, reads, node->first, &condition);
    dt_value yes = dt_check_value(c, reads, side[0], each[0]);
    dt_value no = dt_check_value(c, reads, side[1], each[1]);
    if (!good || !is_known(yes) || !is_known(no))
        return dt_value_wrong(c);
    bool literal = yes.literal && no.literal && same_type(yes, no);
    if (!literal && (!is_countable(yes) || !is_countable(no))) {
        dt_complain(c->diagnostics, DT_MIXED_VALUES, node->place, dt_value_phrase(c, yes),
                    dt_value_phrase(c, no));
        return dt_value_wrong(c);
    }
    dt_value value = same_type(yes, no) ? yes : dt_value_of(DT_VALUE_NUMBER, DT_NONE, 0);
    value.literal = literal;
    value.expression = dt_expression_make(&c->model->expression, DT_OP_SELECT, condition.expression,
                                          yes.expression, no.expression);
    return value;
}
