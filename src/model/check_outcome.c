/*
 * What is looked at when a period is over: payoff terms, the conditions that end play, and outcomes.
 * All three may read every choice of the period.
 */
#include <assert.h>

#include "model/checker.h"

static void check_payoff_term(dt_checker *c, const dt_syntax *node, const dt_owner *owner)
{
    const dt_syntax *argument = node->first;
    if (argument && argument->kind == DT_SYNTAX_STRING)
        argument = argument->next;
    assert(argument);
    uint32_t payoff = dt_check_number(c, argument, dt_context_number("a payoff", DT_PERIOD_END));
    if (!owner)
        return;
    dt_named is = dt_check_named(c, node);
    const dt_entry *first =
        dt_names_find(c, DT_SPACE_TERMS, dt_owner_code(*owner), dt_slice_of(is.name));
    if (first) {
        dt_complain(c->diagnostics, DT_DUPLICATE_NAME, is.place, dt_check_text(c, node->text),
                    dt_name_phrase(DT_NAME_TERM), dt_check_line(c, first->place));
        return;
    }
    int index = dt_check_term(c, *owner, is); /* which may move the list */
    dt_term *term = &c->terms.at[index];
    term->payoff = payoff;
    term->payoff_place = argument->place;
}

/* All payoffs, before any payment: terms stand in the model in this order. */
void dt_check_payoffs(dt_checker *c)
{
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind != DT_SYNTAX_PAYOFF)
            continue;
        dt_owner owner;
        bool good = dt_check_owner(c, node, &owner);
        if (good)
            dt_check_engage(c, owner);
        for (const dt_syntax *n = node->first; n; n = n->next) {
            if (n->kind == DT_SYNTAX_TERM)
                check_payoff_term(c, n, good ? &owner : NULL);
        }
    }
}

void dt_check_ends(dt_checker *c)
{
    dt_model *m = c->model;
    int index = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind != DT_SYNTAX_END)
            continue;
        const dt_syntax *when = dt_syntax_child(node, DT_SYNTAX_WHEN, 0);
        m->end_list[index] = dt_check_named(c, node);
        if (when)
            m->end[index] = dt_check_condition(c, when->first,
                                               dt_context_guard("the end of play", DT_PERIOD_END));
        index++;
    }
    assert(index == m->ends);
}

/* ---- outcomes ---- */

/* A form and its argument, written in an outcome or in an expectation. */
void dt_check_form(dt_checker *c, const dt_syntax *node, dt_outcome *outcome)
{
    const dt_form form = dt_form_of(node->text);
    const dt_context context = dt_context_outcome();
    assert(form < DT_FORM_COUNT && node->first && "the parser knows the forms");
    outcome->form = form;
    outcome->argument = dt_form_table[form].condition ? dt_check_condition(c, node->first, context)
                                                      : dt_check_number(c, node->first, context);
}

void dt_check_outcomes(dt_checker *c)
{
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind != DT_SYNTAX_OUTCOME)
            continue;
        dt_outcome outcome = {.is = dt_check_named(c, node), .declared = true};
        const dt_syntax *direction = dt_syntax_child(node, DT_SYNTAX_DIRECTION, 0);
        const dt_syntax *form = dt_syntax_child(node, DT_SYNTAX_FORM, 0);
        if (direction)
            outcome.direction = dt_slice_is(direction->text, "maximise") ? 1 : -1;
        if (form)
            dt_check_form(c, form, &outcome);
        dt_push(c->arena, &c->outcomes, outcome);
    }
    c->model->declared_outcomes = (int)c->outcomes.count;
}
