/*
 * Private variables: what holds of them beyond the expressions that read them. Their rules make
 * beliefs a thing that can be computed (docs/private.md): an actor has one private variable at most,
 * so that what it knows is one number; a stage involves one at most, so that beliefs about different
 * variables stay independent; a hidden stage touches nothing that anybody else sees. What may read
 * one where is the context's affair (check_expression.c).
 */
#include <assert.h>

#include "model/checker.h"

/* ---- declarations ---- */

void dt_check_privates(dt_checker *c)
{
    dt_model *m = c->model;
    int *list = dt_new(c->arena, int, (size_t)m->variables);
    m->private_variable = list;
    for (int v = 0; v < m->variables; v++) {
        const dt_variable *variable = &m->variable[v];
        if (variable->owner == DT_NONE)
            continue;
        const int first = dt_private_of(m, variable->owner);
        if (first != v)
            dt_complain_more(c->diagnostics, DT_SECOND_PRIVATE, variable->is.place,
                             "one variable can hold both, with a value for each pair", NULL,
                             m->actor[variable->owner].is.name, m->variable[first].is.name,
                             dt_check_line(c, m->variable[first].is.place));
        list[m->privates++] = v;
    }
}

void dt_check_fineness(dt_checker *c, const dt_syntax *line)
{
    const dt_syntax *node = line->first;
    const double n = node->number;
    if (n >= 2 && n <= DT_MAX_FINENESS && (int)n == n && (int)n % 2 == 0)
        c->model->beliefs = (int)n;
    else
        dt_complain(c->diagnostics, DT_FINENESS, node->place, 2, DT_MAX_FINENESS);
}

/* ---- hidden stages ---- */

static int actor_of(const dt_model *m, dt_owner owner)
{
    return owner.is_role ? m->role[owner.index].actor : owner.index;
}

/* What a hidden stage is about: the variable that is private to its mover. */
static int variable_of(const dt_model *m, const dt_stage *stage)
{
    assert(stage->hidden && stage->movers == 1);
    return dt_private_of(m, actor_of(m, stage->mover[0]));
}

/* A stage that can't be hidden goes on as a public one, so that one mistake is told once. */
void dt_check_hidden(dt_checker *c, const dt_syntax *node, dt_stage *stage)
{
    const dt_model *m = c->model;
    const dt_syntax *word = dt_syntax_child(node, DT_SYNTAX_HIDDEN, 0);
    if (!word || c->broken || c->unknown_mover[stage - m->stage])
        return;
    if (stage->movers != 1) {
        dt_complain_more(c->diagnostics, DT_HIDDEN_MOVERS, word->place,
                         stage->movers ? "give each mover a hidden stage of its own"
                                       : "what chance does to a private variable is seen by its "
                                         "owner alone in any stage",
                         NULL, stage->is.name,
                         stage->movers ? dt_check_say(c, "%d", stage->movers) : "none");
        return;
    }
    const int mover = actor_of(m, stage->mover[0]);
    if (mover >= m->actors) /* a role may be in error for want of actors */
        return;
    stage->hidden = dt_private_of(m, mover) != DT_NONE;
    if (stage->hidden)
        return;
    const char *actor = m->actor[mover].is.name;
    dt_complain_more(c->diagnostics, DT_HIDDEN_OWNER, word->place,
                     dt_check_say(c, "declare what only it knows: private %s x : bool = no", actor),
                     NULL, actor, stage->is.name);
}

void dt_check_hidden_holder(dt_checker *c, const dt_syntax *node, int role, int actor)
{
    const dt_model *m = c->model;
    for (int s = 0; s < m->stages; s++) {
        const dt_stage *stage = &m->stage[s];
        if (!stage->hidden || !stage->mover[0].is_role || stage->mover[0].index != role ||
            actor == m->role[role].actor)
            continue;
        dt_complain_more(
            c->diagnostics, DT_HIDDEN_HOLDER, node->place,
            dt_check_say(c,
                         "let '%s' move there by its own name, or write a hidden "
                         "stage for '%s'",
                         m->actor[m->role[role].actor].is.name, m->actor[actor].is.name),
            NULL, m->role[role].is.name, stage->is.name, m->variable[variable_of(m, stage)].is.name,
            m->actor[m->role[role].actor].is.name);
        return;
    }
}

/* ---- one stage, one secret ---- */

/* Notes that a stage involves a private variable; `let`: through which it comes in. */
static void involve(dt_checker *c, dt_stage *stage, int variable, int let, dt_place place)
{
    const dt_model *m = c->model;
    if (stage->secret == DT_NONE)
        stage->secret = variable;
    if (stage->secret == variable)
        return;
    const char *through =
        let == DT_NONE ? ""
                       : dt_check_say(c, "it comes in through let '%s'; ", c->let[let].is.name);
    dt_complain_more(c->diagnostics, DT_TWO_PRIVATE, place,
                     dt_check_say(c, "%sgive it a stage of its own", through), NULL, stage->is.name,
                     m->variable[stage->secret].is.name, m->variable[variable].is.name);
}

void dt_check_secret_read(dt_checker *c, int stage, const dt_read *read)
{
    const dt_model *m = c->model;
    dt_stage *in = &m->stage[stage];
    if (read->index == DT_NONE)
        return;
    if (in->hidden && variable_of(m, in) != read->index)
        dt_complain_more(c->diagnostics, DT_HIDDEN_READ, read->place,
                         "another stage can: what comes of it there, chance can write to the "
                         "mover's own variable",
                         NULL, in->is.name, m->variable[read->index].is.name,
                         m->variable[variable_of(m, in)].is.name);
    else
        involve(c, in, read->index, read->let, read->place);
}

void dt_check_secret_write(dt_checker *c, int stage, int variable, dt_place place)
{
    const dt_model *m = c->model;
    dt_stage *in = &m->stage[stage];
    if (in->hidden && variable_of(m, in) != variable)
        dt_complain_more(
            c->diagnostics, DT_HIDDEN_WRITE, place,
            "what others are to see belongs into a later stage, where a probability can "
            "read the private variable",
            NULL, in->is.name, m->variable[variable].is.name,
            m->variable[variable_of(m, in)].is.name);
    else if (m->variable[variable].owner != DT_NONE)
        involve(c, in, variable, DT_NONE, place);
}

/* ---- beliefs ---- */

/* What a belief reads that it can't be about, or NULL; *where it stands. */
static const char *not_about(dt_checker *c, const dt_reads *reads, dt_place *where)
{
    const dt_model *m = c->model;
    const dt_read *const wrong[] = {&reads->secret2, &reads->state, &reads->role, &reads->calendar,
                                    &reads->belief};
    const dt_read *found = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (wrong[i]->index != DT_NONE && (!found || wrong[i]->place.offset < found->place.offset))
            found = wrong[i];
    }
    if (!found)
        return reads->secret.index == DT_NONE ? "none" : NULL;
    *where = found->place;
    dt_text text = {.arena = c->arena};
    if (found == &reads->secret2)
        dt_text_print(&text, "'%s' and '%s'", m->variable[reads->secret.index].is.name,
                      m->variable[found->index].is.name);
    else if (found == &reads->role)
        dt_text_print(&text, "role '%s'", m->role[found->index].is.name);
    else if (found == &reads->calendar)
        dt_text_print(&text, "%s", dt_calendar_phrase(found->index));
    else if (found == &reads->belief)
        dt_text_print(&text, "another belief");
    else {
        dt_text_print(&text, "'");
        dt_slot_name(m, found->index, &text);
        dt_text_print(&text, "', which everybody sees");
    }
    return dt_text_get(&text);
}

dt_value dt_check_belief(dt_checker *c, dt_reads *reads, const dt_syntax *node)
{
    dt_reads inside = dt_reads_none();
    dt_value condition;
    if (!dt_check_is_condition(c, &inside, node->first, &condition))
        return dt_value_wrong(c);
    dt_place where = node->place;
    const char *wrong = not_about(c, &inside, &where);
    if (wrong) {
        dt_complain_more(c->diagnostics, DT_BELIEF_ABOUT, where,
                         "beside it a belief reads constants and parameters; conditions on what "
                         "everybody sees stand outside of it",
                         NULL, wrong);
        return dt_value_wrong(c);
    }
    if (reads->parameter.index == DT_NONE)
        reads->parameter = inside.parameter;
    if (reads->belief.index == DT_NONE)
        reads->belief = (dt_read){inside.secret.index, DT_NONE, node->place};
    return dt_value_of(DT_VALUE_NUMBER, DT_NONE,
                       dt_expression_make(&c->model->expression, DT_OP_BELIEF, condition.expression,
                                          (uint32_t)inside.secret.index, 0));
}
