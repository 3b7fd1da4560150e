/*
 * One world, through the public interface: a solution with its certificates, its outcomes, every
 * policy, and play forever.
 */
#define _GNU_SOURCE /* asprintf */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static void solve(const dt_model *model, const dt_game *game, bool outcomes_too)
{
    double *world = calloc(dt_model_count(model, DT_PARAMETERS) + 1, sizeof *world);
    double *outcome = calloc(dt_model_count(model, DT_OUTCOMES) + 1, sizeof *outcome);
    dt_solution *solution;
    bench_need(world && outcome, "no memory");
    dt_model_nominal(model, world);
    dt_game_settings(game, world);
    bench_need(dt_solve(game, world, DT_VALUES_AVERAGE, &bench_options, &solution) == DT_OK,
               "can't solve");
    if (outcomes_too)
        bench_need(dt_solution_outcomes(solution, &bench_options, outcome) == DT_OK, "no outcomes");
    dt_solution_free(solution);
    free(outcome);
    free(world);
}

/* `which`: outcomes too. */
double bench_solve(bench *b, int which)
{
    const dt_game *game = bench_game(b);
    const double start = bench_now();
    solve(bench_model(b), game, which);
    return bench_now() - start;
}

double bench_node(bench *b, int which)
{
    (void)which;
    const dt_game *game = bench_game(b);
    return 1e9 * bench_solve(b, true) / ((double)game->nodes * game->periods);
}

/* Seconds to solve every policy of a model, exploring counted or not. */
static double solve_policies(const dt_model *model, bool exploring_too)
{
    double sum = 0;
    for (size_t p = 0; p < dt_model_count(model, DT_POLICIES); p++) {
        dt_game *game;
        const double start = bench_now();
        bench_need(dt_game_explore(model, p, &bench_options, &game) == DT_OK, "can't explore");
        const double explored = bench_now();
        solve(model, game, true);
        sum += bench_now() - (exploring_too ? start : explored);
        dt_game_free(game);
    }
    return sum;
}

double bench_solve_all(bench *b, int which)
{
    (void)which;
    return solve_policies(bench_model(b), false);
}

double bench_solve_text(bench *b, int which)
{
    (void)which;
    dt_model *model;
    const double start = bench_now();
    bench_need(dt_model_read(bench_path(b), &bench_options, &model) == DT_OK,
               "the model is refused");
    const double read = bench_now() - start;
    const double seconds = read + solve_policies(model, true);
    dt_model_free(model);
    return seconds;
}

/* The model's text, with the line that says how far players look ahead replaced. */
static char *text_forever(bench *b)
{
    char *text = bench_text(b), *changed;
    char *line = strstr(text, "\nlookahead ");
    bench_need(line, "the model has no line `lookahead`");
    *line = '\0';
    const char *rest = line + 1 + strcspn(line + 1, "\n");
    bench_need(asprintf(&changed, "%s\nlookahead forever%s", text, rest) > 0, "no memory");
    free(text);
    return changed;
}

double bench_forever(bench *b, int which)
{
    (void)which;
    char *text = text_forever(b);
    dt_model *model = bench_parse_text(text);
    dt_game *game;
    bench_need(dt_game_explore(model, 0, &bench_options, &game) == DT_OK, "can't explore");
    const double start = bench_now();
    solve(model, game, false);
    const double seconds = bench_now() - start;
    dt_game_free(game);
    dt_model_free(model);
    free(text);
    return seconds;
}
