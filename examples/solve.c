/*
 * Solves a model under each of its policies and prints what comes of it: the whole way through the
 * library. Build it with `cc solve.c $(pkg-config --cflags --libs detente)`.
 */
#include <detente.h>
#include <stdio.h>
#include <stdlib.h>

static void report(void *context, const dt_diagnostic *d)
{
    (void)context;
    fprintf(stderr, "%s:%d:%d: %s\n", d->file, d->line, d->column, d->message);
}

int main(int argc, char **argv)
{
    dt_options options = {.report = report};
    dt_model *model;
    dt_status status = dt_model_read(argc > 1 ? argv[1] : "", &options, &model);
    if (status != DT_OK)
        return status;
    size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    double *outcome = calloc(outcomes + 1, sizeof *outcome);
    double *world = calloc(dt_model_count(model, DT_PARAMETERS) + 1, sizeof *world);

    for (size_t p = 0; p < dt_model_count(model, DT_POLICIES) && status == DT_OK; p++) {
        dt_game *game = NULL;
        dt_solution *solution = NULL;
        dt_model_nominal(model, world);
        if ((status = dt_game_explore_known(model, p, world, 1, &options, &game)) == DT_OK) {
            dt_game_settings(game, world);
            status = dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution);
        }
        if (status == DT_OK &&
            (status = dt_solution_outcomes(solution, &options, outcome)) == DT_OK)
            for (size_t o = 0; o < outcomes; o++)
                printf("%s: %s = %.6f\n", dt_model_item(model, DT_POLICIES, p),
                       dt_model_item(model, DT_OUTCOMES, o), outcome[o]);
        dt_solution_free(solution);
        dt_game_free(game);
    }
    free(world);
    free(outcome);
    dt_model_free(model);
    return status;
}
