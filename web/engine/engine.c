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
#include "engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lab/describe.h"
#include "lab/editing.h"
#include "lab/results.h"
#include "trace/outcomes.h"

/* Of one game; the page must not fill the reader's memory. */
enum { MOST_NODES = 3000000, MOST_MEMORY = 1500000000 };

/* What assert() calls. */
_Noreturn void __assert_fail(const char *condition, const char *file, int line,
                             const char *function)
{
    (void)file;
    (void)line;
    (void)function;
    dt_page_fail(condition);
}

struct page_engine engine;

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

const dt_options page_options = {
    .report = report, .max_nodes = MOST_NODES, .max_memory = MOST_MEMORY};

void page_begin(void)
{
    dt_arena_free(engine.answering);
    engine.answering = dt_arena_new(NULL, 0);
    if (!engine.answering)
        dt_page_fail("the machine has no more memory");
    engine.answer = (dt_text){.arena = engine.answering};
    engine.diagnostics = (dt_text){.arena = engine.answering};
}

dt_writer page_open(dt_status status)
{
    dt_writer out = {.write = add, .context = &engine.answer};
    dt_json_print(&out, "{status: %d, diagnostics: [", status);
    dt_writer_text(&out, dt_text_get(&engine.diagnostics));
    dt_json_print(&out, "]");
    return out;
}

const char *page_close(dt_writer *out)
{
    dt_json_print(out, "}");
    dt_writer_flush(out);
    return dt_text_get(&engine.answer);
}

const char *page_plain(dt_status status)
{
    dt_writer out = page_open(status);
    return page_close(&out);
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
    engine.seat[engine.policy] =
        (page_seat){engine.game, engine.solution, engine.walking, engine.walk};
    const page_seat taken = engine.seat[policy];
    engine.seat[policy] = (page_seat){0};
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

void page_drop_side(page_side *s)
{
    dt_solution_free(s->solution);
    dt_game_free(s->game);
    *s = (page_side){0};
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

double *page_numbers(size_t count)
{
    double *number = dt_new(engine.answering, double, count);
    assert(count * sizeof *number <= engine.room || count == 0);
    if (count)
        memcpy(number, engine.buffer, count * sizeof *number);
    return number;
}

size_t EXPORT(engine_length)(void)
{
    return engine.answer.bytes.count;
}

/* Parses the text of `length` bytes in the buffer. "model": as dt_describe_model, or null. */
const char *EXPORT(engine_parse)(size_t length)
{
    assert(length <= engine.room);
    page_begin();
    for (int k = 0; k < PAGE_SIDES; k++)
        page_drop_side(&engine.side[k]);
    drop_model();
    dt_status status = dt_model_parse("model", engine.buffer, length, &page_options, &engine.model);
    if (engine.model) {
        engine.seat = calloc(dt_model_count(engine.model, DT_POLICIES), sizeof *engine.seat);
        if (!engine.seat)
            dt_page_fail("the machine has no more memory");
    }
    dt_writer out = page_open(status);
    dt_json_print(&out, "model:");
    if (engine.model)
        dt_describe_model(&out, engine.model, engine.answering);
    else
        dt_json_print(&out, "null");
    return page_close(&out);
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
    page_begin();
    const dt_source source = read_source(length);
    dt_writer out = page_open(DT_OK);
    dt_json_print(&out, "marks:");
    dt_write_marks(&out, &source, engine.answering);
    return page_close(&out);
}

/* "offers": as dt_write_offers, at byte `at` of the text in the buffer. */
const char *EXPORT(engine_offers)(size_t length, size_t at)
{
    page_begin();
    const dt_source source = read_source(length);
    assert(at <= length);
    dt_writer out = page_open(DT_OK);
    dt_json_print(&out, "offers:");
    dt_write_offers(&out, &source, at, engine.answering);
    return page_close(&out);
}

dt_status page_serves(const dt_game *game)
{
    if (!game)
        return DT_NO;
    double *world = page_numbers(dt_model_count(engine.model, DT_PARAMETERS));
    dt_game_settings(game, world);
    return dt_game_knows_exactly(game, world, &page_options);
}

dt_status page_explore(size_t policy, dt_game **game)
{
    const double *world = page_numbers(dt_model_count(engine.model, DT_PARAMETERS));
    return dt_game_explore_known(engine.model, policy, world, 1, &page_options, game);
}

/* Takes up a policy, with the game and the solution held of it, and explores its game for the world in the buffer if
 * there is none that serves. "fresh": whether it did, so that no solution is held; "counts" if there is a game. */
const char *EXPORT(engine_explore)(size_t policy)
{
    assert(engine.model && policy < dt_model_count(engine.model, DT_POLICIES));
    page_begin();
    take_up(policy);
    dt_status status = page_serves(engine.game);
    const bool fresh = status == DT_NO;
    if (fresh) {
        drop_game();
        status = page_explore(policy, &engine.game);
    }
    dt_writer out = page_open(status);
    dt_json_print(&out, "fresh: %i,", fresh);
    if (engine.game) {
        dt_json_print(&out, "counts:");
        dt_write_counts(&out, engine.game);
    }
    return page_close(&out);
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

/* Solves the game for the world in the buffer, for which it was explored. "solution": as dt_write_solution, if there is
 * one; with a finite horizon its gaps are null, since whoever moves a number waits for the rest: engine_gaps tells them.
 * With private variables they are there, as is the calibration, without which nothing is solved. */
const char *EXPORT(engine_solve)(void)
{
    assert(engine.game);
    page_begin();
    drop_solution();
    double *world = page_numbers(dt_model_count(engine.model, DT_PARAMETERS));
    dt_game_settings(engine.game, world);
    dt_status (*solve)(const dt_game *, const double *, dt_values, const dt_options *,
                       dt_solution **) = engine.game->privates ? dt_solve : dt_solve_values;
    dt_status status =
        solve(engine.game, world, DT_VALUES_AVERAGE, &page_options, &engine.solution);
    double *outcome = dt_new(engine.answering, double, dt_model_count(engine.model, DT_OUTCOMES));
    if (engine.solution) {
        dt_status told = dt_solution_outcomes(engine.solution, &page_options, outcome);
        status = told > status ? told : status;
    }
    dt_writer out = page_open(status);
    if (engine.solution) {
        dt_json_print(&out, "solution:");
        dt_write_solution(&out, engine.solution, outcome);
    }
    return page_close(&out);
}

/* "gaps": of the solution, a number for each actor, if they can be had. */
const char *EXPORT(engine_gaps)(void)
{
    assert(engine.solution);
    page_begin();
    const dt_status status = dt_solution_gaps(engine.solution, &page_options);
    dt_writer out = page_open(status);
    if (engine.solution->gap) {
        dt_json_print(&out, "gaps:");
        dt_json_numbers(&out, engine.solution->gap, (size_t)engine.model->actors);
    }
    return page_close(&out);
}

bool page_can_follow(size_t masses)
{
    const dt_private *private = engine.solution->private;
    if (!private || dt_private_chain_bytes(private->plan, masses) <= PAGE_ROOM)
        return true;
    dt_report_limit(&page_options,
                    "to follow play at each belief takes too much memory for a page");
    return false;
}

/* "series": as dt_write_over_time, if that can be had. */
const char *EXPORT(engine_over_time)(void)
{
    assert(engine.solution);
    page_begin();
    if (!page_can_follow(dt_outcomes_masses(engine.game, (size_t)engine.model->declared_outcomes)))
        return page_plain(DT_LIMIT);
    dt_writer out = page_open(DT_OK);
    dt_json_print(&out, "series:");
    dt_write_over_time(&out, engine.solution, engine.answering);
    return page_close(&out);
}
