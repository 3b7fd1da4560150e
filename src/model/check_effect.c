/*
 * Effects: what an action or chance writes and pays, and with which probabilities. Where several
 * move at once, no variable may be assigned by one mover and written by another (docs/language.md,
 * "Effects"): which movers write what is kept as bits while a stage is checked.
 */
#include <assert.h>

#include "model/checker.h"

/* Where effects stand: a stage's index, and the action, or NULL in a chance stage. */
typedef struct dt_spot {
    int stage;
    const dt_action *action;
} dt_spot;

static dt_effects check_body(dt_checker *c, const dt_syntax *node, const dt_spot *spot);

/* ---- writing ---- */

static void note_write(dt_checker *c, const dt_syntax *node, const dt_spot *spot, int variable)
{
    const dt_stage *stage = &c->model->stage[spot->stage];
    const dt_variable *v = &c->model->variable[variable];
    dt_check_secret_write(c, spot->stage, variable, dt_name_place(node));
    if (!spot->action || stage->movers < 2)
        return;
    assert(spot->action->mover < DT_MAX_MOVERS);
    unsigned mover = 1u << spot->action->mover;
    unsigned told = 1u << DT_MAX_MOVERS;
    unsigned *assigned = &c->assigned_by[variable], *written = &c->written_by[variable];
    if (*written == 0)
        dt_push(c->arena, &c->written, (uint32_t)variable);
    *written |= mover;
    if (node->kind == DT_SYNTAX_ASSIGN)
        *assigned |= mover;
    unsigned movers = *written & ~told;
    bool clash = *assigned != 0 && (movers & (movers - 1)) != 0;
    if (clash && !(*written & told)) {
        *written |= told;
        dt_complain(c->diagnostics, DT_WRITTEN_TWICE, dt_name_place(node), v->is.name,
                    stage->is.name);
    }
}

/* Forgets who wrote what, at the end of a stage. */
void dt_check_writes_end(dt_checker *c)
{
    for (size_t i = 0; i < c->written.count; i++)
        c->assigned_by[c->written.at[i]] = c->written_by[c->written.at[i]] = 0;
    c->written.count = 0;
}

static bool assignable(const dt_variable *v, dt_value type, dt_value value)
{
    switch (v->type) {
    case DT_TYPE_BOOL:
        return value.kind == DT_VALUE_BOOL || value.kind == DT_VALUE_NUMBER;
    case DT_TYPE_ENUM:
        return value.kind == DT_VALUE_NUMBER ||
               (value.kind == DT_VALUE_ENUM && value.index == type.index);
    case DT_TYPE_RANGE:
        return true;
    }
    return false;
}

static bool check_write(dt_checker *c, const dt_syntax *node, const dt_spot *spot,
                        dt_effect *effect)
{
    int variable = dt_check_refer(c, node, DT_NAME_STATE);
    const dt_syntax *right = node->first;
    dt_context context = dt_context_guard("an assignment", spot->stage);
    if (variable == DT_NONE) { /* what is assigned is checked all the same, if that can be */
        if (node->kind != DT_SYNTAX_ASSIGN)
            dt_check_number(c, right, context);
        return false;
    }
    const dt_variable *v = &c->model->variable[variable];
    note_write(c, node, spot, variable);
    effect->kind = node->kind == DT_SYNTAX_ASSIGN ? DT_ASSIGN : DT_ADD;
    effect->target = variable;
    effect->place = right->place;
    if (node->kind == DT_SYNTAX_ASSIGN) {
        dt_value type = dt_value_of_variable(c, variable);
        dt_value wanted = type.kind == DT_VALUE_ENUM ? type : dt_value_unknown;
        dt_value value = dt_check_wanted(c, right, context, wanted);
        if (value.kind != DT_VALUE_WRONG && !assignable(v, type, value))
            dt_complain(c->diagnostics, DT_ASSIGNED_TYPE, right->place, v->is.name,
                        dt_value_phrase(c, type), dt_value_phrase(c, value));
        effect->expression = value.expression;
        return true;
    }
    effect->expression = dt_check_number(c, right, context);
    if (node->kind == DT_SYNTAX_SUBTRACT)
        effect->expression =
            dt_expression_make(&c->model->expression, DT_OP_NEGATE, effect->expression, 0, 0);
    return true;
}

/* ---- paying ---- */

/* The term of an owner with a name, made if it is new. */
int dt_check_term(dt_checker *c, dt_owner owner, dt_named is)
{
    uint32_t code = dt_owner_code(owner);
    dt_slice name = dt_slice_of(is.name);
    const dt_entry *entry = dt_names_find(c, DT_SPACE_TERMS, code, name);
    if (entry)
        return entry->index;
    int index = (int)c->terms.count;
    if (index == DT_MAX_TERMS)
        dt_check_too_many(c, is.place, DT_LIMIT_TERMS);
    if (index >= DT_MAX_TERMS)
        return 0;
    dt_names_add(c, DT_SPACE_TERMS, code, name, is.place, DT_NAME_TERM, index);
    dt_push(c->arena, &c->terms,
            (dt_term){.is = is, .owner = owner, .payoff = DT_NONE, .stage = DT_NONE});
    return index;
}

/* The name of a payment without a label. */
static const char *payment_name(dt_checker *c, const dt_spot *spot)
{
    const dt_stage *stage = &c->model->stage[spot->stage];
    if (!spot->action)
        return stage->is.name;
    return dt_check_say(c, "%s.%s.%s", stage->is.name,
                        dt_owner_name(c->model, stage->mover[spot->action->mover]),
                        spot->action->is.name);
}

static bool check_pay(dt_checker *c, const dt_syntax *node, const dt_spot *spot, dt_effect *effect)
{
    dt_owner owner;
    bool good = dt_check_owner(c, node, &owner);
    uint32_t amount = dt_check_number(c, node->first, dt_context_number("a payment", spot->stage));
    if (!good)
        return false;
    const dt_syntax *label = dt_syntax_child(node, DT_SYNTAX_STRING, 0);
    bool named = label && label->text.length > 0;
    dt_named is = {named ? dt_copy_text(c->arena, label->text.at, label->text.length)
                         : payment_name(c, spot),
                   "", named ? label->place : node->place};
    dt_check_engage(c, owner);
    const size_t terms = c->terms.count;
    const int index = dt_check_term(c, owner, is);
    *effect = (dt_effect){
        .kind = DT_PAY, .target = index, .expression = amount, .place = node->first->place};
    if (c->terms.count != terms)
        c->terms.at[index].payoff_place = node->first->place;
    if (named && c->terms.count != 0) {
        c->terms.at[index].stage = DT_NONE;
    } else if (c->terms.count != terms) {
        c->terms.at[index].stage = spot->stage;
        c->terms.at[index].action = spot->action;
    }
    return true;
}

/* ---- forks ---- */

static dt_arm check_arm(dt_checker *c, const dt_syntax *condition, const dt_syntax *body,
                        bool guard, const dt_spot *spot)
{
    dt_arm arm = {.condition = DT_NONE};
    if (condition && guard) {
        arm.place = condition->place;
        arm.condition = dt_check_condition(c, condition, dt_context_guard("a guard", spot->stage));
    } else if (condition) {
        dt_reads reads;
        arm.place = condition->place;
        arm.condition =
            dt_check_reading(c, condition, dt_context_number("a probability", spot->stage), &reads);
        dt_check_secret_read(c, spot->stage, &reads.secret);
        dt_check_secret_read(c, spot->stage, &reads.secret2);
    } else if (body) {
        arm.place = body->place;
    }
    if (body)
        arm.body = check_body(c, body, spot);
    return arm;
}

/* `if` and `with`, maybe with an `else`. */
static void check_fork(dt_checker *c, const dt_syntax *node, const dt_spot *spot, dt_effect *effect)
{
    bool guard = node->kind == DT_SYNTAX_IF_EFFECT;
    const dt_syntax *condition = node->first;
    const dt_syntax *body = dt_syntax_child(node, DT_SYNTAX_EFFECTS, 0);
    assert(condition && body && condition != body);
    const dt_syntax *otherwise = dt_syntax_child(node, DT_SYNTAX_EFFECTS, 1);
    dt_arm *arm = dt_new(c->arena, dt_arm, 2);
    arm[0] = check_arm(c, condition, body, guard, spot);
    arm[1] = check_arm(c, NULL, otherwise, guard, spot);
    *effect = (dt_effect){.kind = guard ? DT_IF : DT_WITH,
                          .target = DT_NONE,
                          .place = guard ? condition->place : node->place,
                          .arm = arm,
                          .arms = guard && !otherwise ? 1 : 2};
}

static void check_branch(dt_checker *c, const dt_syntax *node, const dt_spot *spot,
                         dt_effect *effect)
{
    int arms = 0;
    for (const dt_syntax *n = node->first; n; n = n->next)
        arms++;
    dt_arm *arm = dt_new(c->arena, dt_arm, (size_t)arms);
    bool exhaustive = true;
    int k = 0;
    for (const dt_syntax *n = node->first; n; n = n->next) {
        assert(n->kind == DT_SYNTAX_ARM && n->first);
        bool otherwise = n->first->kind == DT_SYNTAX_EFFECTS;
        if (otherwise && n->next)
            dt_complain(c->diagnostics, DT_ELSE_NOT_LAST, n->place);
        if (otherwise)
            exhaustive = false;
        arm[k++] = otherwise ? check_arm(c, NULL, n->first, false, spot)
                             : check_arm(c, n->first, n->first->next, false, spot);
    }
    assert(k == arms);
    if (arms == 0 && !c->broken)
        dt_complain(c->diagnostics, DT_EMPTY_BRANCH, node->place);
    *effect = (dt_effect){.kind = DT_WITH,
                          .target = DT_NONE,
                          .place = node->place,
                          .exhaustive = exhaustive,
                          .arm = arm,
                          .arms = arms};
}

/* ---- the whole ---- */

static bool check_effect(dt_checker *c, const dt_syntax *node, const dt_spot *spot,
                         dt_effect *effect)
{
    switch (node->kind) {
    case DT_SYNTAX_ASSIGN:
    case DT_SYNTAX_ADD:
    case DT_SYNTAX_SUBTRACT:
        return check_write(c, node, spot, effect);
    case DT_SYNTAX_PAY:
        return check_pay(c, node, spot, effect);
    case DT_SYNTAX_IF_EFFECT:
    case DT_SYNTAX_WITH_EFFECT:
        check_fork(c, node, spot, effect);
        return true;
    default:
        assert(node->kind == DT_SYNTAX_BRANCH);
        check_branch(c, node, spot, effect);
        return true;
    }
}

static dt_effects check_body(dt_checker *c, const dt_syntax *node, const dt_spot *spot)
{
    int count = 0;
    for (const dt_syntax *n = node->first; n; n = n->next)
        count++;
    dt_effect *effect = dt_new(c->arena, dt_effect, (size_t)count);
    dt_effects effects = {effect, 0};
    for (const dt_syntax *n = node->first; n; n = n->next) {
        effect[effects.count] = (dt_effect){.target = DT_NONE};
        if (check_effect(c, n, spot, &effect[effects.count]))
            effects.count++;
    }
    assert(effects.count <= count);
    return effects;
}

/* The effects of an action, or of a chance stage if `action` is NULL. `node` may be NULL: none. */
dt_effects dt_check_effects(dt_checker *c, const dt_syntax *node, int stage,
                            const dt_action *action)
{
    dt_spot spot = {stage, action};
    return node ? check_body(c, node, &spot) : (dt_effects){NULL, 0};
}
