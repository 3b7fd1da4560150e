/*
 * What is measured: a model, the graph of its first policy, worlds. Each is made when it is first
 * asked for, so that a benchmark that runs alone waits for nothing that it doesn't need.
 */
#define _GNU_SOURCE /* clock_gettime */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

struct bench {
    const char *path;
    bool small;
    dt_model *model;
    dt_game *game;
    double *worlds;
};

static void report(void *context, const dt_diagnostic *d)
{
    (void)context;
    if (d->severity == DT_ERROR)
        fprintf(stderr, "%s:%d:%d: %s\n", d->file, d->line, d->column, d->message);
}

const dt_options bench_options = {.report = report};

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double bench_now(void)
{
    return seconds(CLOCK_THREAD_CPUTIME_ID);
}

double bench_process(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double bench_wall(void)
{
    return seconds(CLOCK_MONOTONIC);
}

void bench_need(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "bench: %s\n", what);
        exit(1);
    }
}

bench *bench_new(const char *path, bool small)
{
    bench *b = calloc(1, sizeof *b);
    bench_need(b, "no memory");
    b->path = path;
    b->small = small;
    return b;
}

void bench_free(bench *b)
{
    dt_game_free(b->game);
    dt_model_free(b->model);
    free(b->worlds);
    free(b);
}

const char *bench_path(const bench *b)
{
    return b->path;
}

bool bench_small(const bench *b)
{
    return b->small;
}

const dt_model *bench_model(bench *b)
{
    if (!b->model)
        bench_need(dt_model_read(b->path, &bench_options, &b->model) == DT_OK,
                   "the model is refused");
    return b->model;
}

char *bench_text(const bench *b)
{
    enum { MOST = 1 << 20 };
    char *text = calloc(MOST, 1);
    FILE *file = fopen(b->path, "r");
    bench_need(text && file && fread(text, 1, MOST - 1, file) > 0, "the model can't be read");
    fclose(file);
    return text;
}

dt_game *bench_game(bench *b)
{
    if (!b->game)
        bench_need(dt_game_explore(bench_model(b), 0, &bench_options, &b->game) == DT_OK,
                   "can't explore");
    return b->game;
}

const double *bench_worlds(bench *b)
{
    const size_t params = dt_model_count(bench_model(b), DT_PARAMETERS);
    if (b->worlds)
        return b->worlds;
    dt_draws *draws;
    b->worlds = calloc(BENCH_WORLDS * params + 1, sizeof *b->worlds);
    bench_need(b->worlds && dt_draws_prepare(b->model, NULL, &draws) == DT_OK, "no worlds");
    for (size_t w = 0; w < BENCH_WORLDS; w++)
        dt_draws_world(draws, 1, w, b->worlds + w * params);
    dt_draws_free(draws);
    return b->worlds;
}

dt_model *bench_parse_text(const char *text)
{
    dt_model *model;
    bench_need(dt_model_parse("bench", text, strlen(text), &bench_options, &model) == DT_OK,
               "a model of the benchmark is refused");
    return model;
}

/* xorshift64 (Marsaglia 2003) */
double bench_uniform(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (double)(*seed >> 11) * 0x1p-53;
}
