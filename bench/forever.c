/*
 * How fast play forever is found: bench_forever MODEL
 *
 * Prints one number: the processor's seconds of one dt_solve of the model's first policy, with the
 * certificate, reading and exploring left out; the median of many.
 */
#define _GNU_SOURCE /* clock_gettime */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "detente.h"

enum { REPEATS = 101 };

static const double ENOUGH_SECONDS = 2;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    dt_model *model;
    dt_game *game;
    if (argc != 2 || dt_model_read(argv[1], NULL, &model) != DT_OK ||
        dt_game_explore(model, 0, NULL, &game) != DT_OK) {
        fprintf(stderr, "usage: bench_forever MODEL\n");
        return 1;
    }
    double *world = calloc(dt_model_count(model, DT_PARAMETERS) + 1, sizeof *world);
    if (!world)
        return 1;
    dt_model_nominal(model, world);
    dt_game_settings(game, world);
    double seconds[REPEATS];
    int made = 0;
    for (const double begin = now();
         made < REPEATS && (made < 3 || now() - begin < ENOUGH_SECONDS);) {
        const double start = now();
        dt_solution *solution;
        if (dt_solve(game, world, DT_VALUES_AVERAGE, NULL, &solution) != DT_OK)
            return 1;
        dt_solution_free(solution);
        seconds[made++] = now() - start;
    }
    qsort(seconds, (size_t)made, sizeof *seconds, ascending);
    printf("%.9g\n", seconds[made / 2]);
    free(world);
    dt_game_free(game);
    dt_model_free(model);
    return 0;
}
