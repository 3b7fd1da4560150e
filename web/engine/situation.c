/*
 * The page's walk through a solution: a situation, why everybody does there what they do, what an action leads to, and
 * a small game as a tree. Each is an answer of engine.c's kind, of the policy at hand.
 */
#include "engine.h"

#include <assert.h>
#include <string.h>

#include "detente_explain.h"
#include "lab/tree.h"
#include "trace/outcomes.h"

/* "situation": as dt_walk_situation. The buffer holds `wanted` 32-bit integers: one for each slot, or
 * nothing is wanted. */
const char *EXPORT(engine_situation)(uint32_t period, int stage, size_t wanted, int fixed)
{
    assert(engine.solution && period < engine.game->horizon);
    page_begin();
    if (!page_can_follow(1))
        return page_plain(DT_LIMIT);
    if (!engine.walk) {
        engine.walking = dt_arena_new(NULL, 0);
        if (!engine.walking)
            dt_page_fail("the machine has no more memory");
        engine.walk = dt_walk_new(engine.walking, engine.solution);
    }
    const size_t slots = (size_t)engine.model->slots;
    const bool asked = slots != 0 && wanted == slots;
    assert(!asked || slots * sizeof(int) <= engine.room);
    int *slot = dt_new(engine.answering, int, slots);
    if (asked)
        memcpy(slot, engine.buffer, slots * sizeof *slot);
    dt_writer out = page_open(DT_OK);
    dt_json_print(&out, "situation:");
    dt_walk_situation(engine.walk, engine.answering, &out, period, stage, asked ? slot : NULL,
                      fixed);
    return page_close(&out);
}

/* Reasons of one side, "for" or "against": {"parts":[[term,difference]…],"smaller":n,"rest":x}. */
static void write_reasons(dt_writer *out, const char *side, const dt_reasons *reasons)
{
    dt_json_print(out, "%s: {parts: [", side);
    for (size_t r = 0; r < reasons->count; r++)
        dt_json_print(out, "[%zu, %g]", reasons->reason[r].term, reasons->reason[r].difference);
    dt_json_print(out, "], smaller: %zu, rest: %g}", reasons->rest, reasons->rest_difference);
}

/* "because": why a mover does what it does rather than `against` (-1: the likeliest other action), and what speaks for
 * and against the first of the two. */
static dt_status write_because(dt_writer *out, dt_explanation *e, size_t mover, int against)
{
    const dt_because *because;
    const dt_status status =
        dt_explanation_because(e, mover, -1, against, 0, &page_options, &because);
    if (status != DT_OK)
        return status;
    dt_json_print(out, "because: {text: %s, action: %zu, against: %zu, difference: %g,",
                  because->in_texts, because->action, because->against, because->difference);
    const bool less = because->difference < 0;
    write_reasons(out, "for", less ? &because->despite : &because->because);
    write_reasons(out, "counter", less ? &because->because : &because->despite);
    dt_json_print(out, "}");
    return DT_OK;
}

/* The place among those who move of the one that a mover is, of which it may be one type of several. */
static int agent_of(const dt_explanation *e, size_t m)
{
    int agent = 0;
    for (size_t i = 1; i <= m; i++)
        agent += e->mover[i].variable < 0 || e->mover[i].variable != e->mover[i - 1].variable;
    return agent;
}

static dt_status write_mover(dt_writer *out, dt_explanation *e, size_t m)
{
    const dt_explained_mover *mover = &e->mover[m];
    const size_t values =
        mover->variable < 0 ? 0 : dt_model_values(engine.model, (size_t)mover->variable);
    dt_json_print(
        out,
        "name: %s, called: %s, agent: %d, variable: %d, rank: %zu, rationality: %g, unit: %s, "
        "terms:",
        mover->name, mover->called, agent_of(e, m), mover->variable, mover->rank,
        mover->rationality, mover->unit);
    dt_json_texts(out, mover->term, mover->terms);
    dt_json_print(out, "words:");
    dt_json_texts(out, mover->words, mover->terms);
    dt_status status = write_because(out, e, m, -1);
    dt_json_print(out, "actions: [");
    for (size_t a = 0; a < mover->actions; a++) {
        const dt_explained_action *action = &mover->action[a];
        dt_json_print(
            out, "{name: %s, brief: %s, text: %s, probability: %g, value: %g, terms:", action->name,
            action->brief, action->text, action->probability, action->value);
        dt_json_numbers(out, action->term, mover->terms);
        dt_json_print(out, "outcomes:");
        dt_json_numbers(out, action->outcome, e->outcomes);
        dt_json_print(out, "posterior:");
        dt_json_numbers(out, action->posterior, values);
        if (status == DT_OK)
            status = write_because(out, e, m, (int)a);
        dt_json_print(out, "}");
    }
    dt_json_print(out, "]");
    return status;
}

/* How many values all private variables have together. */
static size_t private_values(void)
{
    size_t values = 0;
    for (int i = 0; i < engine.model->privates; i++)
        values += (size_t)dt_slot_values(engine.model, engine.model->private_variable[i]);
    return values;
}

/* What is believed of the secrets, from the buffer: a double for each value of each private variable, NAN left open. Of
 * what is known nothing else can be believed. */
static const double *read_belief(void)
{
    const dt_game *game = engine.game;
    const size_t all = private_values();
    const double *given = page_numbers(all);
    double *belief = dt_new(engine.answering, double, all);
    for (int i = 0; i < engine.model->privates; i++) {
        const int v = engine.model->private_variable[i], x = game->secret_of[v];
        const int values = dt_slot_values(engine.model, v);
        for (int k = 0; k < values && x != DT_NONE; k++)
            belief[game->secret_first[x] + (uint32_t)k] = given[k];
        given += values;
    }
    return belief;
}

static void write_beliefs(dt_writer *out, const dt_explanation *e)
{
    dt_json_print(out, "believed: %g, beliefs: [", e->believed);
    for (size_t x = 0; x < e->beliefs; x++) {
        const dt_explained_belief *belief = &e->belief[x];
        dt_json_print(out, "{variable: %zu, known: %i, text: %s, share:", belief->variable,
                      belief->known, belief->in_texts);
        dt_json_numbers(out, belief->share, dt_model_values(engine.model, belief->variable));
        dt_json_print(out, "}");
    }
    dt_json_print(out, "]");
}

/* "cells": of those who move at once, in the order of dt_explanation; of each who they are, and what they do. */
static void write_cells(dt_writer *out, const dt_explanation *e)
{
    dt_json_print(out, "cells: [");
    for (size_t c = 0; c < e->cells; c++) {
        const dt_explained_cell *cell = &e->cell[c];
        dt_json_print(out, "{probability: %g, movers: [", cell->probability);
        for (size_t k = 0; k < e->agents; k++)
            dt_json_print(out, "%zu", cell->mover[k]);
        dt_json_print(out, "], actions: [");
        for (size_t k = 0; k < e->agents; k++)
            dt_json_print(out, "%zu", cell->action[k]);
        dt_json_print(out, "], values:");
        dt_json_numbers(out, cell->value, e->agents);
        dt_json_print(out, "}");
    }
    dt_json_print(out, "]");
}

/* "explanation" of the decision at a node: {"outcomes":[…],"cells":[…],"movers":[…],"believed":p,"beliefs":[…]}. What is
 * believed there is in the buffer, as `believing` numbers: one for each value of each private variable, or it is
 * what is likeliest. */
const char *EXPORT(engine_explain)(uint32_t period, uint32_t node, size_t believing)
{
    assert(engine.solution && node < engine.game->nodes);
    page_begin();
    const size_t outcomes = (size_t)engine.model->declared_outcomes, values = private_values();
    if (!page_can_follow(1 + dt_outcomes_masses(engine.game, outcomes))) /* cells have a chain */
        return page_plain(DT_LIMIT);
    const char *words = dt_walk_words(
        engine.game, node, values && believing == values ? read_belief() : NULL, engine.answering);
    const uint32_t stage = dt_game_stage(engine.game, node);
    dt_explanation *e;
    dt_status status = dt_explain(engine.solution, words, engine.model->stage[stage].is.name,
                                  (int)period + 1, &page_options, &e);
    if (status != DT_OK)
        return page_plain(status);
    dt_writer out = page_open(status);
    dt_json_print(&out, "explanation: {outcomes:");
    dt_json_numbers(&out, e->outcome, e->outcomes);
    write_beliefs(&out, e);
    write_cells(&out, e);
    dt_json_print(&out, "movers: [");
    for (size_t m = 0; m < e->movers; m++) {
        dt_json_print(&out, "{");
        if (status == DT_OK)
            status = write_mover(&out, e, m);
        dt_json_print(&out, "}");
    }
    dt_json_print(&out, "]}");
    dt_explanation_free(e);
    if (status == DT_OK)
        return page_close(&out);
    engine.answer.bytes.count = 0;
    return page_plain(status);
}

/* "step": as dt_walk_next, of an agent of those who move at the node, whose own variable, if it has one, has
 * the value of that rank; what is believed is in the buffer. */
const char *EXPORT(engine_next)(uint32_t period, uint32_t node, int agent, int option, int rank)
{
    assert(engine.solution && node < engine.game->nodes);
    page_begin();
    if (!page_can_follow(1))
        return page_plain(DT_LIMIT);
    const dt_walked from = {period, node, agent, option, rank, read_belief()};
    dt_writer out = page_open(DT_OK);
    dt_json_print(&out, "step:");
    dt_walk_next(engine.solution, engine.answering, &out, &from);
    return page_close(&out);
}

/* "tree": as dt_write_tree; null, too, where what is believed has too many points to be followed in a page. */
const char *EXPORT(engine_tree)(void)
{
    assert(engine.solution);
    page_begin();
    const dt_private *private = engine.solution->private;
    dt_writer out = page_open(DT_OK);
    dt_json_print(&out, "tree:");
    if (private && dt_private_chain_bytes(private->plan, 1) > PAGE_ROOM)
        dt_json_print(&out, "null");
    else
        dt_write_tree(&out, engine.solution, engine.answering);
    return page_close(&out);
}
