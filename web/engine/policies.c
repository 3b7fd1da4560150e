/*
 * Several policies in the page: two solutions held as sides and taken apart, the levers between two policies, what
 * everybody would come to by chance alone, and the answer in words.
 */
#include "engine.h"

#include <assert.h>
#include <math.h>

#include "lab/results.h"
#include "trace/contrast.h"

/* Solves a policy for the world in the buffer and holds it as side `k`, to be compared. */
const char *EXPORT(engine_side)(size_t k, size_t policy)
{
    assert(k < PAGE_SIDES && engine.model && policy < dt_model_count(engine.model, DT_POLICIES));
    page_begin();
    page_side *s = &engine.side[k];
    dt_solution_free(s->solution);
    s->solution = NULL;
    dt_status status = s->policy == policy ? page_serves(s->game) : DT_NO;
    if (status == DT_NO) {
        page_drop_side(s);
        s->policy = policy;
        status = page_explore(policy, &s->game);
    }
    if (status == DT_OK) {
        double *world = page_numbers(dt_model_count(engine.model, DT_PARAMETERS));
        dt_game_settings(s->game, world);
        status = dt_solve_values(s->game, world, DT_VALUES_AVERAGE, &page_options, &s->solution);
    }
    return page_plain(status);
}

/* "contrast": as dt_write_contrast, of two sides that are held; null, and told why, where it can't be had. */
const char *EXPORT(engine_contrast)(size_t here, size_t there, int outcome)
{
    assert(here < PAGE_SIDES && there < PAGE_SIDES);
    const dt_solution *ours = engine.side[here].solution, *theirs = engine.side[there].solution;
    assert(ours && theirs);
    page_begin();
    const char *why_not = dt_contrast_trouble(ours, theirs);
    if (!*why_not && dt_contrast_room(ours, theirs) > PAGE_ROOM)
        why_not = "too large to be taken apart here";
    const dt_status status = *why_not ? DT_LIMIT : DT_OK;
    if (*why_not)
        dt_report_limit(&page_options, why_not);
    dt_writer out = page_open(status);
    dt_json_print(&out, "contrast:");
    if (status == DT_OK)
        dt_write_contrast(&out, ours, theirs, outcome, engine.answering);
    else
        dt_json_print(&out, "null");
    return page_close(&out);
}

/* "outcomes": of the game, in the world in the buffer, for which it was explored, if everybody tosses coins; nulls
 * where that can't be had. */
const char *EXPORT(engine_chance)(void)
{
    assert(engine.game);
    page_begin();
    const size_t outcomes = dt_model_count(engine.model, DT_OUTCOMES);
    double *world = page_numbers(dt_model_count(engine.model, DT_PARAMETERS));
    double *outcome = dt_new(engine.answering, double, outcomes);
    dt_game_settings(engine.game, world);
    const dt_status status = dt_game_outcomes_by_chance(engine.game, world, &page_options, outcome);
    dt_writer out = page_open(status);
    dt_json_print(&out, "outcomes:");
    dt_json_numbers(&out, outcome, outcomes);
    return page_close(&out);
}

/* "half": the game's outcomes in the world in the buffer, for which it was explored, on the grid of beliefs of
 * half the fineness: how far they are from those on the whole one tells how good that is. null without anything to
 * believe. */
const char *EXPORT(engine_half)(void)
{
    assert(engine.game);
    page_begin();
    const size_t outcomes = dt_model_count(engine.model, DT_OUTCOMES);
    double *world = page_numbers(dt_model_count(engine.model, DT_PARAMETERS));
    double *outcome = dt_new(engine.answering, double, outcomes);
    dt_options options = page_options;
    dt_solution *solution = NULL;
    dt_status status = DT_OK;
    options.half_beliefs = true;
    dt_game_settings(engine.game, world);
    if (engine.game->privates > 0)
        status = dt_solve_values(engine.game, world, DT_VALUES_AVERAGE, &options, &solution);
    if (solution)
        status = dt_solution_outcomes(solution, &options, outcome);
    dt_writer out = page_open(status);
    dt_json_print(&out, "half:");
    if (solution)
        dt_json_numbers(&out, outcome, outcomes);
    else
        dt_json_print(&out, "null");
    dt_solution_free(solution);
    return page_close(&out);
}

/* What moving numbers one at a time has found, for the sentences: of each outcome four numbers, the parameter that
 * turns the ranking soonest (-1: none does), where, whether that is above what it is, and who is best past it. */
static const dt_decision **read_flips(const double *number, size_t outcomes)
{
    const dt_decision **all = dt_new(engine.answering, const dt_decision *, outcomes);
    for (size_t o = 0; o < outcomes; o++, number += 4) {
        dt_decision *decision = dt_new(engine.answering, dt_decision, 1);
        dt_decisive *row = dt_new(engine.answering, dt_decisive, 1);
        const bool turns = number[0] >= 0, above = number[2] != 0;
        *row = (dt_decisive){.parameter = turns ? (size_t)number[0] : 0,
                             .flip_below = above ? (double)NAN : number[1],
                             .flip_above = above ? number[1] : (double)NAN,
                             .best_below = (size_t)number[3],
                             .best_above = (size_t)number[3]};
        *decision =
            (dt_decision){.outcome = o, .flips = true, .parameters = turns, .decisive = row};
        all[o] = decision;
    }
    return all;
}

/* "answered": as dt_write_answered, from one world, that in the buffer. In it are the world, `policies` indices,
 * then for each of these the outcomes, then for each those by chance alone; NaN: not known. `moved`: the world
 * isn't the author's. `tried`: how many numbers were moved to find by which the ranking turns, which follow as
 * read_flips has it; 0: none. */
const char *EXPORT(engine_answered)(size_t policies, size_t baseline, int moved, size_t tried)
{
    assert(engine.model && policies > 0);
    page_begin();
    const size_t outcomes = dt_model_count(engine.model, DT_OUTCOMES),
                 parameters = dt_model_count(engine.model, DT_PARAMETERS);
    const double *number =
        page_numbers(parameters + policies * (1 + 2 * outcomes) + (tried ? 4 * outcomes : 0));
    const double *world = number;
    number += parameters;
    size_t *policy = dt_new(engine.answering, size_t, policies);
    for (size_t p = 0; p < policies; p++)
        policy[p] = (size_t)number[p];
    const dt_answer_from from = {
        .model = engine.model,
        .policies = policies,
        .policy = policy,
        .baseline = baseline,
        .moved = moved,
        .nominal = number + policies,
        .chance = number + policies * (1 + outcomes),
        .decision = tried ? read_flips(number + policies * (1 + 2 * outcomes), outcomes) : NULL,
        .world = world,
        .tried = tried,
    };
    dt_answered *answered;
    const dt_status status = dt_answer_in_words(&from, &page_options, &answered);
    dt_writer out = page_open(status);
    if (answered) {
        dt_json_print(&out, "answered:");
        dt_write_answered(&out, answered, policy);
    }
    dt_answered_free(answered);
    return page_close(&out);
}

/* "levers": as dt_write_levers, between two policies in the world in the buffer, if there are no more than `most`
 * cells between them; null, and told why, where that can't be had. */
const char *EXPORT(engine_levers)(size_t from, size_t to, size_t most)
{
    assert(engine.model);
    page_begin();
    const double *world = page_numbers(dt_model_count(engine.model, DT_PARAMETERS));
    const size_t outcomes = dt_model_count(engine.model, DT_OUTCOMES);
    dt_levers *levers;
    dt_status status = dt_levers_new(engine.model, from, to, &page_options, &levers);
    dt_levers_result result = {0};
    if (status == DT_OK && (size_t)1 << dt_levers_count(levers) > most) {
        status = DT_LIMIT;
        dt_report_limit(&page_options, "too many games lie between the two");
    }
    if (status == DT_OK) {
        result.outcome = dt_new(engine.answering, double, outcomes << dt_levers_count(levers));
        result.mechanical = dt_new(engine.answering, double, outcomes);
        result.adaptive = dt_new(engine.answering, double, outcomes);
        result.uniform = dt_new(engine.answering, double, 1);
        status = dt_levers_solve(levers, world, 1, DT_VALUES_AVERAGE, &page_options, &result);
    }
    dt_writer out = page_open(status);
    dt_json_print(&out, "levers:");
    if (status == DT_OK)
        dt_write_levers(&out, engine.model, levers, &result, engine.answering);
    else
        dt_json_print(&out, "null");
    dt_levers_free(levers);
    return page_close(&out);
}
