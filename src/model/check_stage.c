/*
 * Stages: who moves in which order, with which actions, and when. It is done in two rounds. First
 * movers and actions are named and every choice gets its slot; then, when all names are known,
 * guards and effects are checked, each in the place of its stage within the period.
 */
#include <assert.h>

#include "model/checker.h"

/* ---- first round ---- */

static void check_movers(dt_checker *c, const dt_syntax *movers, dt_stage *stage)
{
    int count = 0;
    for (const dt_syntax *n = movers->first; n; n = n->next)
        count++;
    if (count > DT_MAX_MOVERS)
        dt_check_too_many(c, movers->place, DT_LIMIT_MOVERS);
    dt_owner *mover = dt_new(c->arena, dt_owner, (size_t)count);
    stage->mover = mover;
    for (const dt_syntax *n = movers->first; n && stage->movers < DT_MAX_MOVERS; n = n->next) {
        dt_owner owner;
        if (!dt_check_owner(c, n, &owner)) {
            c->unknown_mover[stage - c->model->stage] = true;
            continue;
        }
        if (dt_stage_mover(stage, owner) != DT_NONE)
            dt_complain(c->diagnostics, DT_REPEATED, n->place, dt_check_text(c, n->text));
        else
            mover[stage->movers++] = owner;
    }
}

/* The mover of an action, as an index into the stage's movers. */
static int check_mover(dt_checker *c, const dt_syntax *name, const dt_stage *stage, bool whole)
{
    dt_owner owner;
    if (!dt_check_owner(c, name, &owner))
        return DT_NONE;
    int mover = dt_stage_mover(stage, owner);
    if (mover == DT_NONE && whole)
        dt_complain_more(c->diagnostics, DT_NOT_A_MOVER, name->place,
                         dt_check_movers_hint(c, stage, owner), NULL, dt_check_text(c, name->text),
                         stage->is.name);
    return mover;
}

static void name_action(dt_checker *c, const dt_syntax *node, int index, dt_action *action,
                        int number)
{
    const dt_stage *stage = &c->model->stage[index];
    if (dt_slice_is(node->text, "none"))
        dt_complain(c->diagnostics, DT_ACTION_NONE, dt_name_place(node));
    uint32_t slot = (uint32_t)(stage->first_choice + action->mover);
    uint32_t owner = dt_owner_code(stage->mover[action->mover]);
    if (!dt_names_add(c, DT_SPACE_ACTIONS, slot, node->text, dt_name_place(node), DT_NAME_ACTION,
                      number))
        return;
    if (!dt_names_find(c, DT_SPACE_MOVES, owner, node->text))
        dt_names_add(c, DT_SPACE_MOVES, owner, node->text, dt_name_place(node), DT_NAME_ACTION,
                     index);
}

static void check_actions(dt_checker *c, const dt_syntax *node, int index, bool whole)
{
    dt_stage *stage = &c->model->stage[index];
    int count = 0;
    for (const dt_syntax *n = node->first; n; n = n->next)
        count += n->kind == DT_SYNTAX_ACTION;
    if (count > DT_MAX_ACTIONS)
        dt_check_too_many(c, stage->is.place, DT_LIMIT_ACTIONS);
    dt_action *action = dt_new(c->arena, dt_action, (size_t)count);
    bool acts[DT_MAX_MOVERS] = {false};
    stage->action = c->action[index] = action;
    for (const dt_syntax *n = node->first; n; n = n->next) {
        if (n->kind != DT_SYNTAX_ACTION || stage->actions == DT_MAX_ACTIONS)
            continue;
        int mover = check_mover(c, dt_syntax_child(n, DT_SYNTAX_NAME, 0), stage, whole);
        dt_action *next = &action[stage->actions];
        assert(stage->actions < count);
        *next = (dt_action){
            .is = dt_check_named(c, n), .mover = mover, .guard = DT_NONE, .guard_text = ""};
        if (mover == DT_NONE) {
            next->mover = 0; /* in error, and kept so that what it does is checked as well */
        } else {
            acts[mover] = true;
            name_action(c, n, index, next, stage->actions);
        }
        stage->actions++;
    }
    for (int i = 0; i < stage->movers && whole; i++) {
        if (!acts[i])
            dt_complain(c->diagnostics, DT_NO_ACTIONS, stage->is.place,
                        dt_owner_name(c->model, stage->mover[i]), stage->is.name);
    }
}

void dt_check_stages(dt_checker *c)
{
    dt_model *m = c->model;
    int index = 0;
    m->slots = m->variables;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind != DT_SYNTAX_STAGE)
            continue;
        dt_stage *stage = &m->stage[index];
        *stage = (dt_stage){.is = dt_check_named(c, node),
                            .first_choice = m->slots,
                            .when = DT_NONE,
                            .when_text = "",
                            .secret = DT_NONE};
        const dt_syntax *movers = dt_syntax_child(node, DT_SYNTAX_MOVERS, 0);
        if (movers && movers->first) {
            size_t before = dt_diagnostics_errors(c->diagnostics);
            check_movers(c, movers, stage);
            m->slots += stage->movers;
            bool whole = !c->broken && dt_diagnostics_errors(c->diagnostics) == before;
            if (stage->movers > 0)
                check_actions(c, node, index, whole);
        }
        dt_check_hidden(c, node, stage);
        for (int i = 0; i < stage->movers; i++)
            dt_check_engage(c, stage->mover[i]);
        index++;
    }
    assert(index == m->stages);
}

/* ---- second round ---- */

static void check_action_body(dt_checker *c, const dt_syntax *node, int index, dt_action *action)
{
    const dt_syntax *guard = dt_syntax_child(node, DT_SYNTAX_IF, 0);
    if (guard) {
        action->guard = dt_check_condition(c, guard->first, dt_context_guard("a guard", index));
        action->guard_text = dt_check_written(c, guard->first->place);
    }
    action->effects =
        dt_check_effects(c, dt_syntax_child(node, DT_SYNTAX_EFFECTS, 0), index, action);
}

static void check_body(dt_checker *c, const dt_syntax *node, int index)
{
    dt_stage *stage = &c->model->stage[index];
    const dt_syntax *when = dt_syntax_child(node, DT_SYNTAX_WHEN, 0);
    if (when) {
        stage->when =
            dt_check_condition(c, when->first, dt_context_guard("the condition of a stage", index));
        stage->when_text = dt_check_written(c, when->first->place);
    }
    if (stage->movers == 0) {
        stage->effects =
            dt_check_effects(c, dt_syntax_child(node, DT_SYNTAX_EFFECTS, 0), index, NULL);
        return;
    }
    /* The actions of the model are the first of those of the syntax. */
    dt_action *action = c->action[index];
    int k = 0;
    for (const dt_syntax *n = node->first; n && k < stage->actions; n = n->next) {
        if (n->kind == DT_SYNTAX_ACTION)
            check_action_body(c, n, index, &action[k++]);
    }
    assert(k == stage->actions);
    dt_check_writes_end(c);
}

void dt_check_stage_bodies(dt_checker *c)
{
    int index = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind == DT_SYNTAX_STAGE)
            check_body(c, node, index++);
    }
    assert(index == c->model->stages);
}
