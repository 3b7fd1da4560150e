/*
 * Expectations: what a model's author claims about its solution. Each speaks of one world under some
 * policies; each of these plays is solved once and its outcomes are kept, as many expectations speak
 * of the same few.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "game/known.h"
#include "game/known_games.h"
#include "trace/condition.h"
#include "trace/outcomes.h"

enum { KEPT = 64 }; /* plays remembered; the oldest gives way */

/* A policy solved with some numbers laid over the world. */
typedef struct play {
    int policy;
    int withs;
    const dt_given *with;
    double *value;    /* [outcomes]; NaN where an argument isn't a finite number */
    char reason[512]; /* why it isn't solved; "" if it is */
} play;

/* A number in a condition that isn't a constant. */
typedef struct operand {
    int outcome, policy;
    double value;
} operand;

typedef struct runner {
    const dt_model *model;
    dt_game *const *games;
    const double *parameters;
    dt_values values;
    const dt_options *options;
    void (*each)(void *context, const dt_expectation *result);
    void *context;
    dt_arena *arena;
    dt_known_games others; /* for plays in which something else is certain */
    double *world;         /* [params] */
    play *kept;            /* [KEPT] */
    size_t made;           /* plays ever made */
    dt_list(operand) operands;
    bool general;         /* the expectation at hand leaves a policy open */
    const char *unsolved; /* why the expectation at hand can't be looked at; NULL: it can */
} runner;

/* ---- plays ------------------------------------------------------------------------------------- */

typedef struct forward_request {
    const dt_solution *solution;
    const dt_options *options;
    double *value;
} forward_request;

static dt_status work_out(dt_arena *arena, void *argument)
{
    const forward_request *asked = argument;
    const dt_outcomes *outcomes = dt_outcomes_forward(arena, asked->solution, asked->options);
    for (int o = 0; o < asked->solution->game->model->outcomes; o++)
        asked->value[o] = outcomes->broken[o] == DT_NOWHERE ? outcomes->value[o] : NAN;
    return DT_OK;
}

/* The game of a play in the runner's world: the one given, unless something else is certain there. */
static dt_status find_game(runner *run, int policy, dt_game **game)
{
    *game = run->games[policy];
    const dt_status status = dt_game_knows_exactly(*game, run->world, run->options);
    return status == DT_NO ? dt_known_games_of(&run->others, run->model, (size_t)policy, run->world,
                                               run->options, game)
                           : status;
}

/* Solves a play into `made`. Takes nothing from the runner's arena, as the solution would be lost
 * if that failed. */
static dt_status solve(runner *run, play *made)
{
    assert(run->games[made->policy]->rules->policy == made->policy &&
           "one game per policy, in order");
    memcpy(run->world, run->parameters, (size_t)run->model->params * sizeof *run->world);
    dt_game_settings(run->games[made->policy], run->world);
    for (int i = 0; i < made->withs; i++) {
        assert(made->with[i].parameter >= 0 && made->with[i].parameter < run->model->params);
        run->world[made->with[i].parameter] = made->with[i].value;
    }
    dt_game *game;
    dt_solution *solution = NULL;
    dt_status status = find_game(run, made->policy, &game);
    if (status == DT_OK)
        status = dt_solve(game, run->world, run->values, run->options, &solution);
    made->reason[0] = '\0';
    if (status == DT_NO) {
        assert(!dt_solution_solved(solution));
        snprintf(made->reason, sizeof made->reason, "%s", dt_solution_reason(solution));
        status = DT_OK;
    } else if (status == DT_OK) {
        status =
            dt_job(run->options, work_out, &(forward_request){solution, run->options, made->value});
    }
    dt_solution_free(solution);
    return status;
}

static bool same_withs(const play *known, const dt_expect *expect)
{
    if (known->withs != expect->withs)
        return false;
    for (int i = 0; i < known->withs; i++) {
        if (known->with[i].parameter != expect->with[i].parameter ||
            known->with[i].value != expect->with[i].value)
            return false;
    }
    return true;
}

/* The play of a policy with an expectation's numbers. */
static dt_status get_play(runner *run, const dt_expect *expect, int policy, const play **found)
{
    size_t kept = run->made < KEPT ? run->made : KEPT;
    for (size_t i = 0; i < kept; i++) {
        *found = &run->kept[i];
        if (run->kept[i].policy == policy && same_withs(&run->kept[i], expect))
            return DT_OK;
    }
    assert(policy >= 0 && policy < run->model->policies);
    play *made = &run->kept[run->made % KEPT];
    if (!made->value)
        made->value = dt_new(run->arena, double, (size_t)run->model->outcomes);
    made->policy = policy;
    made->withs = expect->withs;
    made->with = expect->with;
    *found = made;
    dt_status status = solve(run, made);
    if (status == DT_OK)
        run->made++;
    return status;
}

/* ---- conditions -------------------------------------------------------------------------------- */

static const operand *find_operand(const runner *run, const dt_condition *condition, int policy)
{
    if (condition->policy != DT_NONE)
        policy = condition->policy;
    for (size_t i = 0; i < run->operands.count; i++) {
        const operand *known = &run->operands.at[i];
        if (known->outcome == condition->outcome && known->policy == policy)
            return known;
    }
    return NULL;
}

/* Finds the value of every outcome in a condition, each once. The checker bounds the depth. */
static dt_status collect(runner *run, const dt_expect *expect, const dt_condition *condition,
                         int policy)
{
    if (condition->op == DT_OP_CONSTANT || run->unsolved)
        return DT_OK;
    if (condition->op != DT_OP_SLOT) {
        dt_status status = DT_OK;
        if (dt_condition_is_range(condition)) {
            status = collect(run, expect, condition->operand[0], policy);
            condition = condition->operand[1]->operand[1];
            return status == DT_OK ? collect(run, expect, condition, policy) : status;
        }
        for (int i = 0; i < dt_operands[condition->op] && status == DT_OK; i++)
            status = collect(run, expect, condition->operand[i], policy);
        return status;
    }
    run->general |= condition->policy == DT_NONE;
    if (find_operand(run, condition, policy))
        return DT_OK;
    assert(condition->outcome >= 0 && condition->outcome < run->model->outcomes);
    operand made = {condition->outcome, policy, 0};
    if (condition->policy != DT_NONE)
        made.policy = condition->policy;
    const play *played;
    dt_status status = get_play(run, expect, made.policy, &played);
    if (status != DT_OK)
        return status;
    if (played->reason[0])
        run->unsolved = played->reason;
    made.value = played->reason[0] ? NAN : played->value[made.outcome];
    dt_push(run->arena, &run->operands, made);
    return DT_OK;
}

static double look_up(void *context, int outcome, int policy)
{
    const runner *run = context;
    for (size_t i = 0; i < run->operands.count; i++) {
        const operand *known = &run->operands.at[i];
        if (known->outcome == outcome && known->policy == policy)
            return known->value;
    }
    assert(!"collect has found them all");
    return (double)NAN;
}

/* ---- the run ----------------------------------------------------------------------------------- */

/* A number with at most ten digits: enough to see on which side of a bound it lies. */
static void print_rounded(dt_text *text, double number)
{
    char buffer[32];
    snprintf(buffer, sizeof buffer, "%.10g", number);
    dt_text_print(text, "%s", dt_print_number(buffer, strtod(buffer, NULL)));
}

static void print_operands(const runner *run, dt_text *text)
{
    for (size_t i = 0; i < run->operands.count; i++) {
        const operand *known = &run->operands.at[i];
        dt_text_print(text, "%s%s[%s] = ", i ? ", " : "",
                      run->model->outcome[known->outcome].is.name,
                      run->model->policy[known->policy].is.name);
        if (isfinite(known->value))
            print_rounded(text, known->value);
        else
            dt_text_print(text, "not a finite number");
    }
}

/* Looks at one expectation under one policy; *all becomes false if it fails. */
static dt_status look(runner *run, const dt_expect *expect, int policy, bool *all)
{
    run->operands.count = 0;
    run->unsolved = NULL;
    run->general = false;
    dt_status status = collect(run, expect, expect->condition, policy);
    if (status != DT_OK)
        return status;
    bool holds = !run->unsolved;
    for (size_t i = 0; i < run->operands.count; i++)
        holds = holds && isfinite(run->operands.at[i].value);
    const double slack = run->options->chance_alone ? DT_SAME_BY_CHANCE : 0;
    holds = holds && dt_condition_evaluate(expect->condition, policy, slack, look_up, run) != 0;
    dt_text found = {.arena = run->arena};
    if (run->unsolved)
        dt_text_print(&found, "not solved: %s", run->unsolved);
    else
        print_operands(run, &found);
    const char *under = run->general ? run->model->policy[policy].is.name : "";
    const dt_expectation result = {expect->text, under, holds, dt_text_get(&found)};
    if (run->each)
        run->each(run->context, &result);
    dt_drop(run->arena, &found.bytes);
    *all = *all && holds;
    return DT_OK;
}

static dt_status run_all(dt_arena *arena, void *argument)
{
    runner *run = argument;
    const dt_model *model = run->model;
    run->arena = arena;
    run->world = dt_new(arena, double, (size_t)model->params);
    run->kept = dt_new(arena, play, KEPT);
    bool all = true;
    for (int e = 0; e < model->expects; e++) {
        const dt_expect *expect = &model->expect[e];
        for (int p = 0; p < model->policies; p++) {
            if (expect->policy != DT_NONE && expect->policy != p)
                continue;
            dt_status status = look(run, expect, p, &all);
            if (status != DT_OK)
                return status;
            if (!run->general)
                break; /* every outcome names its policy: all policies see the same */
        }
    }
    return all ? DT_OK : DT_NO;
}

/* Whether there is one game for each policy of a model, in order. */
static bool right_games(const dt_model *model, dt_game *const *games)
{
    if (!model || !games)
        return false;
    for (int p = 0; p < model->policies; p++) {
        if (!games[p] || games[p]->model != model || games[p]->rules->policy != p)
            return false;
    }
    return true;
}

dt_status dt_expectations_run(const dt_model *model, dt_game *const *games,
                              const double *parameters, dt_values values, const dt_options *options,
                              void (*each)(void *context, const dt_expectation *result),
                              void *context)
{
    if (!right_games(model, games) || (model->params > 0 && !parameters))
        return dt_refuse_call(options, "dt_expectations_run",
                              "no model, not one game for each policy in order, or no numbers");
    runner run = {.model = model,
                  .games = games,
                  .parameters = parameters,
                  .values = values,
                  .options = options,
                  .each = each,
                  .context = context};
    const dt_status status = dt_job(options, run_all, &run);
    dt_known_games_free(&run.others);
    return status;
}
