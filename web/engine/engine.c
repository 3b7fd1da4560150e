/*
 * The engine as the page's workers see it: exported functions over one model, and of each policy that
 * was taken up one game and one solution, which take numbers, read what is longer from a buffer
 * (`engine_room`), and answer with a JSON text in linear memory: its address is returned, its length
 * is `engine_length()`.
 *
 * Every answer has "status" (a dt_status) and "diagnostics". Memory that can't be had and asserts
 * that fail leave through the import `page.fail`, which throws in the page; the module must not be
 * used after that. The other imports are the C library's, for streams that nothing writes to: the
 * page answers that there are none. Invariant: a solution belongs to the game held with it, the games
 * to the model.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lab/describe.h"
#include "lab/editing.h"
#include "lab/match.h"
#include "lab/results.h"
#include "lab/tree.h"
#include "lab/walk.h"
#include "solve/solve.h"
#include "trace/contrast.h"
#include "trace/outcomes.h"

#define EXPORT(name) __attribute__((export_name(#name), visibility("default"))) name

/* Of one game; the page must not fill the reader's memory. */
enum { MOST_NODES = 3000000, MOST_MEMORY = 1500000000 };
static const double MOST_ROOM = 5e8; /* bytes, to contrast two solutions, or to follow play */

_Noreturn void dt_page_fail(const char *reason)
    __attribute__((import_module("page"), import_name("fail")));

/* What assert() calls. */
_Noreturn void __assert_fail(const char *condition, const char *file, int line,
                             const char *function)
{
    (void)file;
    (void)line;
    (void)function;
    dt_page_fail(condition);
}

/* What is held of a policy while another is at hand. */
typedef struct seat {
    dt_game *game;
    dt_solution *solution;
    dt_arena *walking;
    dt_walk *walk;
} seat;

/* What can be held beside these, to be compared. */
enum { SIDES = 3 };
typedef struct side {
    size_t policy;
    dt_game *game;
    dt_solution *solution;
} side;

static struct {
    char *buffer; /* what the page hands over */
    size_t room;
    dt_arena *answering; /* of the answer that was given last */
    dt_text answer;
    dt_text diagnostics; /* objects, with commas between them */
    dt_model *model;
    size_t policy; /* the one at hand */
    dt_game *game;
    dt_solution *solution;
    dt_arena *walking;
    dt_walk *walk; /* NULL until it is needed */
    seat *seat;    /* [policies]; empty at the one at hand */
    side side[SIDES];
} engine;

/* ---- answers ----------------------------------------------------------------------------------- */

static bool add(void *context, const char *text, size_t length)
{
    dt_text_add(context, text, length);
    return true;
}

static void report(void *context, const dt_diagnostic *d)
{
    (void)context;
    dt_writer out = {
        .write = add, .context = &engine.diagnostics, .comma = engine.diagnostics.bytes.count != 0};
    dt_json_print(&out,
                  "{severity: %s, code: %s, line: %d, column: %d, length: %d, message: %s, hint: "
                  "%s, state: %s}",
                  d->severity == DT_ERROR ? "error" : "warning", d->code, d->line, d->column,
                  d->length, d->message, d->hint, d->state);
    dt_writer_flush(&out);
}

static const dt_options options = {
    .report = report, .max_nodes = MOST_NODES, .max_memory = MOST_MEMORY};

/* The answer before is forgotten. */
static void begin(void)
{
    dt_arena_free(engine.answering);
    engine.answering = dt_arena_new(NULL, 0);
    if (!engine.answering)
        dt_page_fail("the machine has no more memory");
    engine.answer = (dt_text){.arena = engine.answering};
    engine.diagnostics = (dt_text){.arena = engine.answering};
}

static dt_writer open_answer(dt_status status)
{
    dt_writer out = {.write = add, .context = &engine.answer};
    dt_json_print(&out, "{status: %d, diagnostics: [", status);
    dt_writer_text(&out, dt_text_get(&engine.diagnostics));
    dt_json_print(&out, "]");
    return out;
}

static const char *close_answer(dt_writer *out)
{
    dt_json_print(out, "}");
    dt_writer_flush(out);
    return dt_text_get(&engine.answer);
}

static const char *plain_answer(dt_status status)
{
    dt_writer out = open_answer(status);
    return close_answer(&out);
}

static void drop_solution(void)
{
    dt_arena_free(engine.walking);
    dt_solution_free(engine.solution);
    engine.walking = NULL;
    engine.walk = NULL;
    engine.solution = NULL;
}

static void drop_game(void)
{
    drop_solution();
    dt_game_free(engine.game);
    engine.game = NULL;
}

/* Puts the policy at hand back to its seat and takes up another. */
static void take_up(size_t policy)
{
    engine.seat[engine.policy] = (seat){engine.game, engine.solution, engine.walking, engine.walk};
    const seat taken = engine.seat[policy];
    engine.seat[policy] = (seat){0};
    engine.policy = policy;
    engine.game = taken.game;
    engine.solution = taken.solution;
    engine.walking = taken.walking;
    engine.walk = taken.walk;
}

static void drop_model(void)
{
    for (size_t p = 0; engine.model && p < dt_model_count(engine.model, DT_POLICIES); p++) {
        take_up(p);
        drop_game();
    }
    free(engine.seat);
    dt_model_free(engine.model);
    engine.seat = NULL;
    engine.model = NULL;
    engine.policy = 0;
}

static void drop_side(side *s)
{
    dt_solution_free(s->solution);
    dt_game_free(s->game);
    *s = (side){0};
}

/* ---- what the page calls ----------------------------------------------------------------------- */

/* A buffer of at least `size` bytes for what the next call reads. */
void *EXPORT(engine_room)(size_t size)
{
    if (size > engine.room) {
        free(engine.buffer);
        engine.buffer = malloc(size);
        engine.room = engine.buffer ? size : 0;
        if (!engine.buffer)
            dt_page_fail("the machine has no more memory");
    }
    return engine.buffer;
}

size_t EXPORT(engine_length)(void)
{
    return engine.answer.bytes.count;
}

/* Parses the text of `length` bytes in the buffer. "model": as dt_describe_model, or null. */
const char *EXPORT(engine_parse)(size_t length)
{
    assert(length <= engine.room);
    begin();
    for (int k = 0; k < SIDES; k++)
        drop_side(&engine.side[k]);
    drop_model();
    dt_status status = dt_model_parse("model", engine.buffer, length, &options, &engine.model);
    if (engine.model) {
        engine.seat = calloc(dt_model_count(engine.model, DT_POLICIES), sizeof *engine.seat);
        if (!engine.seat)
            dt_page_fail("the machine has no more memory");
    }
    dt_writer out = open_answer(status);
    dt_json_print(&out, "model:");
    if (engine.model)
        dt_describe_model(&out, engine.model, engine.answering);
    else
        dt_json_print(&out, "null");
    return close_answer(&out);
}

/* The text of `length` bytes in the buffer, which needn't be a model; what is held of one stays. */
static dt_source read_source(size_t length)
{
    assert(length <= engine.room);
    return (dt_source){"model", engine.buffer, length};
}

/* "marks": as dt_write_marks, of the text in the buffer. */
const char *EXPORT(engine_marks)(size_t length)
{
    begin();
    const dt_source source = read_source(length);
    dt_writer out = open_answer(DT_OK);
    dt_json_print(&out, "marks:");
    dt_write_marks(&out, &source, engine.answering);
    return close_answer(&out);
}

/* "offers": as dt_write_offers, at byte `at` of the text in the buffer. */
const char *EXPORT(engine_offers)(size_t length, size_t at)
{
    begin();
    const dt_source source = read_source(length);
    assert(at <= length);
    dt_writer out = open_answer(DT_OK);
    dt_json_print(&out, "offers:");
    dt_write_offers(&out, &source, at, engine.answering);
    return close_answer(&out);
}

/* Takes up a policy, with the game and the solution held of it, and explores its game if there is none.
 * "counts" if that succeeds. */
const char *EXPORT(engine_explore)(size_t policy)
{
    assert(engine.model && policy < dt_model_count(engine.model, DT_POLICIES));
    begin();
    take_up(policy);
    dt_status status = DT_OK;
    if (!engine.game)
        status = dt_game_explore(engine.model, policy, &options, &engine.game);
    dt_writer out = open_answer(status);
    if (engine.game) {
        dt_json_print(&out, "counts:");
        dt_write_counts(&out, engine.game);
    }
    return close_answer(&out);
}

/* Forgets the solution held of a policy, and its game if it is of no more use, too. */
void EXPORT(engine_forget)(size_t policy, int game)
{
    assert(engine.model && policy < dt_model_count(engine.model, DT_POLICIES));
    const size_t at_hand = engine.policy;
    take_up(policy);
    if (game)
        drop_game();
    else
        drop_solution();
    take_up(at_hand);
}

/* Solves the game for the world in the buffer: a double for each parameter, to which the policy's
 * settings are applied. "solution": as dt_write_solution, if there is one; with a finite horizon its
 * gaps are null, since whoever moves a number waits for the rest: engine_gaps tells them. With private
 * variables they are there, as is the calibration, without which nothing is solved. */
const char *EXPORT(engine_solve)(void)
{
    assert(engine.game);
    const size_t parameters = dt_model_count(engine.model, DT_PARAMETERS);
    assert(parameters * sizeof(double) <= engine.room || parameters == 0);
    begin();
    drop_solution();
    double *world = dt_new(engine.answering, double, parameters);
    if (parameters)
        memcpy(world, engine.buffer, parameters * sizeof *world);
    dt_game_settings(engine.game, world);
    dt_status (*solve)(const dt_game *, const double *, dt_values, const dt_options *,
                       dt_solution **) = engine.game->privates ? dt_solve : dt_solve_values;
    dt_status status = solve(engine.game, world, DT_VALUES_AVERAGE, &options, &engine.solution);
    double *outcome = dt_new(engine.answering, double, dt_model_count(engine.model, DT_OUTCOMES));
    if (engine.solution) {
        dt_status told = dt_solution_outcomes(engine.solution, &options, outcome);
        status = told > status ? told : status;
    }
    dt_writer out = open_answer(status);
    if (engine.solution) {
        dt_json_print(&out, "solution:");
        dt_write_solution(&out, engine.solution, outcome);
    }
    return close_answer(&out);
}

/* "gaps": of the solution, a number for each actor, if they can be had. */
const char *EXPORT(engine_gaps)(void)
{
    assert(engine.solution);
    begin();
    const dt_status status = dt_solution_gaps(engine.solution, &options);
    dt_writer out = open_answer(status);
    if (engine.solution->gap) {
        dt_json_print(&out, "gaps:");
        dt_json_numbers(&out, engine.solution->gap, (size_t)engine.model->actors);
    }
    return close_answer(&out);
}

/* Whether play can be followed with so many masses: where variables are private, each point and type has
 * its own. Told if not. */
static bool can_follow(size_t masses)
{
    const dt_private *private = engine.solution->private;
    if (!private || dt_private_chain_bytes(private->plan, masses) <= MOST_ROOM)
        return true;
    dt_report_limit(&options, "to follow play at each belief takes too much memory for a page");
    return false;
}

/* "series": as dt_write_over_time, if that can be had. */
const char *EXPORT(engine_over_time)(void)
{
    assert(engine.solution);
    begin();
    if (!can_follow(dt_outcomes_masses(engine.game, (size_t)engine.model->declared_outcomes)))
        return plain_answer(DT_LIMIT);
    dt_writer out = open_answer(DT_OK);
    dt_json_print(&out, "series:");
    dt_write_over_time(&out, engine.solution, engine.answering);
    return close_answer(&out);
}

/* "situation": as dt_walk_situation. The buffer holds `wanted` 32-bit integers: one for each slot, or
 * nothing is wanted. */
const char *EXPORT(engine_situation)(uint32_t period, int stage, size_t wanted, int fixed)
{
    assert(engine.solution && period < engine.game->horizon);
    begin();
    if (!can_follow(1))
        return plain_answer(DT_LIMIT);
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
    dt_writer out = open_answer(DT_OK);
    dt_json_print(&out, "situation:");
    dt_walk_situation(engine.walk, engine.answering, &out, period, stage, asked ? slot : NULL,
                      fixed);
    return close_answer(&out);
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
    const dt_status status = dt_explanation_because(e, mover, -1, against, 0, &options, &because);
    if (status != DT_OK)
        return status;
    dt_json_print(out, "because: {text: %s, action: %zu, against: %zu, difference: %g,",
                  because->text, because->action, because->against, because->difference);
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
    dt_json_print(out,
                  "name: %s, agent: %d, variable: %d, rank: %zu, rationality: %g, unit: %s, "
                  "terms:",
                  mover->name, agent_of(e, m), mover->variable, mover->rank, mover->rationality,
                  mover->unit);
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

static size_t secret_values(void)
{
    return engine.game->privates ? engine.game->secret_first[engine.game->privates] : 0;
}

/* What is believed, from the buffer: a double for each value of each private variable, NAN left open. */
static const double *read_belief(void)
{
    const size_t values = secret_values();
    assert(values * sizeof(double) <= engine.room || values == 0);
    double *belief = dt_new(engine.answering, double, values);
    if (values)
        memcpy(belief, engine.buffer, values * sizeof *belief);
    return belief;
}

static void write_beliefs(dt_writer *out, const dt_explanation *e)
{
    dt_json_print(out, "believed: %g, beliefs: [", e->believed);
    for (size_t x = 0; x < e->beliefs; x++) {
        const dt_explained_belief *belief = &e->belief[x];
        dt_json_print(out, "{variable: %zu, text: %s, share:", belief->variable, belief->text);
        dt_json_numbers(out, belief->share, dt_model_values(engine.model, belief->variable));
        dt_json_print(out, "}");
    }
    dt_json_print(out, "]");
}

/* "cells": of those who move at once, in the order of dt_explanation. */
static void write_cells(dt_writer *out, const dt_explanation *e)
{
    dt_json_print(out, "cells: [");
    for (size_t c = 0; c < e->cells; c++) {
        const dt_explained_cell *cell = &e->cell[c];
        dt_json_print(out, "{probability: %g, actions: [", cell->probability);
        for (size_t m = 0; m < e->movers; m++)
            dt_json_print(out, "%zu", cell->action[m]);
        dt_json_print(out, "], values:");
        dt_json_numbers(out, cell->value, e->movers);
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
    begin();
    const size_t outcomes = (size_t)engine.model->declared_outcomes, values = secret_values();
    if (!can_follow(dt_outcomes_masses(engine.game, outcomes)))
        return plain_answer(DT_LIMIT);
    const char *words = dt_walk_words(
        engine.game, node, values && believing == values ? read_belief() : NULL, engine.answering);
    const uint32_t stage = dt_game_stage(engine.game, node);
    dt_explanation *e;
    dt_status status = dt_explain(engine.solution, words, engine.model->stage[stage].is.name,
                                  (int)period + 1, &options, &e);
    if (status != DT_OK)
        return plain_answer(status);
    dt_writer out = open_answer(status);
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
        return close_answer(&out);
    engine.answer.bytes.count = 0;
    return plain_answer(status);
}

/* "step": as dt_walk_next, of an agent of those who move at the node, whose own variable, if it has one, has
 * the value of that rank; what is believed is in the buffer. */
const char *EXPORT(engine_next)(uint32_t period, uint32_t node, int agent, int option, int rank)
{
    assert(engine.solution && node < engine.game->nodes);
    begin();
    if (!can_follow(1))
        return plain_answer(DT_LIMIT);
    const dt_walked from = {period, node, agent, option, rank, read_belief()};
    dt_writer out = open_answer(DT_OK);
    dt_json_print(&out, "step:");
    dt_walk_next(engine.solution, engine.answering, &out, &from);
    return close_answer(&out);
}

/* "tree": as dt_write_tree; null, too, where what is believed has too many points to be followed in a page. */
const char *EXPORT(engine_tree)(void)
{
    assert(engine.solution);
    begin();
    const dt_private *private = engine.solution->private;
    dt_writer out = open_answer(DT_OK);
    dt_json_print(&out, "tree:");
    if (private && dt_private_chain_bytes(private->plan, 1) > MOST_ROOM)
        dt_json_print(&out, "null");
    else
        dt_write_tree(&out, engine.solution, engine.answering);
    return close_answer(&out);
}

/* ---- play -------------------------------------------------------------------------------------- */

/* What the page says of a match, 32-bit words in the buffer: the seed's lower half, its upper half, then a word for
 * each actor, not 0: held, then the actions taken. */
typedef struct asked_match {
    uint64_t seed;
    bool *held; /* [actors] */
    uint32_t *taken;
    size_t count;
} asked_match;

static asked_match read_match(size_t taken)
{
    const size_t actors = dt_model_count(engine.model, DT_ACTORS);
    const size_t words = 2 + actors + taken;
    assert(words * sizeof(uint32_t) <= engine.room);
    uint32_t *word = dt_new(engine.answering, uint32_t, words);
    memcpy(word, engine.buffer, words * sizeof *word);
    asked_match asked = {.seed = word[0] | (uint64_t)word[1] << 32,
                         .held = dt_new(engine.answering, bool, actors),
                         .taken = word + 2 + actors,
                         .count = taken};
    for (size_t i = 0; i < actors; i++)
        asked.held[i] = word[2 + i] != 0;
    return asked;
}

/* "match": as dt_write_match, the match being given up; and "policy", if it is known. */
static const char *answer_match(dt_match *match, const bool *held, int policy, dt_status status)
{
    dt_writer out = open_answer(status);
    if (policy != DT_NONE)
        dt_json_print(&out, "policy: %d", policy);
    if (match) {
        dt_json_print(&out, "match:");
        status = dt_write_match(&out, match, engine.model, held, &options, engine.answering);
        dt_match_free(match);
    }
    if (status <= DT_NO)
        return close_answer(&out);
    engine.answer.bytes.count = 0;
    return plain_answer(status);
}

/* The match in the buffer as it stands after `taken` actions; with DT_INVALID as far as they go. */
const char *EXPORT(engine_match)(size_t taken)
{
    assert(engine.solution);
    begin();
    const asked_match asked = read_match(taken);
    const dt_match_how how = {.seed = asked.seed, .held = asked.held};
    dt_match *match;
    dt_status status = dt_match_new(engine.solution, &how, &options, &match);
    for (size_t i = 0; i < taken && status == DT_OK; i++)
        status = dt_match_take(match, asked.taken[i], &options);
    return answer_match(match, asked.held, engine.game->rules->policy, status);
}

/* "spread": what the outcomes come to in `count` histories of the seed in the buffer from `first` on, in which nobody
 * holds a side: a list for each. */
const char *EXPORT(engine_spread)(uint32_t first, size_t count)
{
    assert(engine.solution);
    begin();
    const asked_match asked = read_match(0);
    const size_t outcomes = dt_model_count(engine.model, DT_OUTCOMES);
    double *outcome = dt_new(engine.answering, double, count *outcomes);
    const dt_status status =
        dt_match_spread(engine.solution, asked.seed, first, count, &options, outcome);
    if (status != DT_OK)
        return plain_answer(status);
    dt_writer out = open_answer(status);
    dt_json_print(&out, "spread: [");
    for (size_t i = 0; i < count; i++)
        dt_json_numbers(&out, outcome + i * outcomes, outcomes);
    dt_json_print(&out, "]");
    return close_answer(&out);
}

/* "coded": the policy, the seed and the sides of the code, `length` bytes in the buffer. */
const char *EXPORT(engine_code)(size_t length)
{
    assert(engine.model && length <= engine.room);
    begin();
    const size_t actors = dt_model_count(engine.model, DT_ACTORS);
    bool *held = dt_new(engine.answering, bool, actors);
    size_t policy;
    uint64_t seed;
    const char *code = dt_copy_text(engine.answering, engine.buffer, length);
    const dt_status status =
        dt_match_read_code(engine.model, NULL, code, &options, &policy, &seed, held);
    if (status != DT_OK)
        return plain_answer(status);
    dt_writer out = open_answer(status);
    dt_json_print(&out, "coded: {policy: %zu, seed: [%u, %u], held: [", policy, (uint32_t)seed,
                  (uint32_t)(seed >> 32));
    for (size_t i = 0; i < actors; i++)
        dt_json_print(&out, "%i", held[i]);
    dt_json_print(&out, "]}");
    return close_answer(&out);
}

/* "policy": that of the match of which a history, `length` bytes of a file in the buffer, is the record; and if that
 * is the one that is solved, "match": this, as far as the file goes. DT_NO if the file has something else. */
const char *EXPORT(engine_follow)(size_t length)
{
    assert(engine.solution && length <= engine.room);
    begin();
    dt_history *history;
    dt_match *match = NULL;
    bool *held = dt_new(engine.answering, bool, dt_model_count(engine.model, DT_ACTORS));
    size_t policy;
    uint64_t seed;
    dt_status status =
        dt_history_parse(engine.model, "the file", engine.buffer, length, &options, &history);
    if (status == DT_OK)
        status = dt_match_read_code(engine.model, engine.solution->world->parameter,
                                    dt_history_note(history), &options, &policy, &seed, held);
    const bool known = status == DT_OK;
    if (known && (int)policy == engine.game->rules->policy) {
        const dt_match_how how = {.seed = seed, .held = held};
        status = dt_match_new(engine.solution, &how, &options, &match);
        if (status == DT_OK)
            status = dt_match_follow(match, history, &options);
    }
    dt_history_free(history);
    return answer_match(match, held, known ? (int)policy : DT_NONE, status);
}

/* Solves a policy for the world in the buffer and holds it as side `k`, to be compared. */
const char *EXPORT(engine_side)(size_t k, size_t policy)
{
    assert(k < SIDES && engine.model && policy < dt_model_count(engine.model, DT_POLICIES));
    const size_t parameters = dt_model_count(engine.model, DT_PARAMETERS);
    assert(parameters * sizeof(double) <= engine.room || parameters == 0);
    begin();
    side *s = &engine.side[k];
    dt_solution_free(s->solution);
    s->solution = NULL;
    dt_status status = DT_OK;
    if (!s->game || s->policy != policy) {
        drop_side(s);
        s->policy = policy;
        status = dt_game_explore(engine.model, policy, &options, &s->game);
    }
    if (s->game) {
        double *world = dt_new(engine.answering, double, parameters);
        if (parameters)
            memcpy(world, engine.buffer, parameters * sizeof *world);
        dt_game_settings(s->game, world);
        status = dt_solve_values(s->game, world, DT_VALUES_AVERAGE, &options, &s->solution);
    }
    return plain_answer(status);
}

/* "contrast": as dt_write_contrast, of two sides that are held; null, and told why, where it can't be had. */
const char *EXPORT(engine_contrast)(size_t here, size_t there, int outcome)
{
    assert(here < SIDES && there < SIDES);
    const dt_solution *ours = engine.side[here].solution, *theirs = engine.side[there].solution;
    assert(ours && theirs);
    begin();
    const char *why_not = "";
    if (ours->private)
        why_not = "differences aren't split over stages where a variable is private";
    else if (dt_contrast_room(ours, theirs) > MOST_ROOM)
        why_not = "too large to be taken apart here";
    const dt_status status = *why_not ? DT_LIMIT : DT_OK;
    if (*why_not)
        dt_report_limit(&options, why_not);
    dt_writer out = open_answer(status);
    dt_json_print(&out, "contrast:");
    if (status == DT_OK)
        dt_write_contrast(&out, ours, theirs, outcome, engine.answering);
    else
        dt_json_print(&out, "null");
    return close_answer(&out);
}

/* ---- the answer in words --------------------------------------------------------------------------- */

/* Doubles from the buffer. */
static double *read_numbers(size_t count)
{
    double *number = dt_new(engine.answering, double, count);
    assert(count * sizeof *number <= engine.room || count == 0);
    if (count)
        memcpy(number, engine.buffer, count * sizeof *number);
    return number;
}

/* "outcomes": of the game, in the world in the buffer, if everybody tosses coins; nulls where that can't be had. */
const char *EXPORT(engine_chance)(void)
{
    assert(engine.game);
    begin();
    const size_t outcomes = dt_model_count(engine.model, DT_OUTCOMES);
    double *world = read_numbers(dt_model_count(engine.model, DT_PARAMETERS));
    double *outcome = dt_new(engine.answering, double, outcomes);
    dt_game_settings(engine.game, world);
    const dt_status status = dt_game_outcomes_by_chance(engine.game, world, &options, outcome);
    dt_writer out = open_answer(status);
    dt_json_print(&out, "outcomes:");
    dt_json_numbers(&out, outcome, outcomes);
    return close_answer(&out);
}

/* "answered": as dt_write_answered, from one world. The buffer holds `policies` indices, then for each of these the
 * outcomes, then for each those by chance alone; NaN: not known. `moved`: the world isn't the author's. */
const char *EXPORT(engine_answered)(size_t policies, size_t baseline, int moved)
{
    assert(engine.model && policies > 0);
    begin();
    const size_t outcomes = dt_model_count(engine.model, DT_OUTCOMES);
    const double *number = read_numbers(policies * (1 + 2 * outcomes));
    size_t *policy = dt_new(engine.answering, size_t, policies);
    for (size_t p = 0; p < policies; p++)
        policy[p] = (size_t)number[p];
    const dt_answer_from from = {.model = engine.model,
                                 .policies = policies,
                                 .policy = policy,
                                 .baseline = baseline,
                                 .moved = moved,
                                 .nominal = number + policies,
                                 .chance = number + policies * (1 + outcomes)};
    dt_answered *answered;
    const dt_status status = dt_answer_in_words(&from, &options, &answered);
    dt_writer out = open_answer(status);
    if (answered) {
        dt_json_print(&out, "answered:");
        dt_write_answered(&out, answered, policy);
    }
    dt_answered_free(answered);
    return close_answer(&out);
}

/* "levers": as dt_write_levers, between two policies in the world in the buffer; null, and told why, where that
 * can't be had. */
const char *EXPORT(engine_levers)(size_t from, size_t to)
{
    assert(engine.model);
    begin();
    const double *world = read_numbers(dt_model_count(engine.model, DT_PARAMETERS));
    const size_t outcomes = dt_model_count(engine.model, DT_OUTCOMES);
    dt_levers *levers;
    dt_status status = dt_levers_new(engine.model, from, to, &options, &levers);
    dt_levers_result result = {0};
    if (status == DT_OK) {
        result.outcome = dt_new(engine.answering, double, outcomes << dt_levers_count(levers));
        result.mechanical = dt_new(engine.answering, double, outcomes);
        result.adaptive = dt_new(engine.answering, double, outcomes);
        result.uniform = dt_new(engine.answering, double, 1);
        status = dt_levers_solve(levers, world, 1, DT_VALUES_AVERAGE, &options, &result);
    }
    dt_writer out = open_answer(status);
    dt_json_print(&out, "levers:");
    if (status == DT_OK)
        dt_write_levers(&out, engine.model, levers, &result, engine.answering);
    else
        dt_json_print(&out, "null");
    dt_levers_free(levers);
    return close_answer(&out);
}
