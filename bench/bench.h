/*
 * What the parts of the benchmark share: the table of benchmarks, what they are measured on, which is
 * made when it is first asked for, clocks, and how to give up.
 */
#ifndef DT_BENCH_BENCH_H
#define DT_BENCH_BENCH_H

#include "detente.h"
#include "game/game.h"

/* What is measured: the model of the command line. Nothing is freed before the program ends. */
typedef struct bench bench;

typedef struct benchmark {
    const char *name, *unit;
    const char *beside; /* names of others, separated by blanks */
    /* Does the work once: the figure; NaN if it can't be had here. */
    double (*run)(bench *b, int which);
    int which;
    const char *text;
} benchmark;

/* The functions of the table. */
#define BENCHMARK(name, unit, beside, function, number, text)                                      \
    double bench_##function(bench *b, int which);
#include "benchmarks.def"

/* What a benchmark was found to be: medians over rounds. */
enum { BENCH_BESIDE = 3 };
typedef struct bench_result {
    const benchmark *of;
    double value; /* NaN: can't be had here */
    int rounds;
    size_t besides;
    const benchmark *beside[BENCH_BESIDE];
    double ratio[BENCH_BESIDE]; /* of the figure to theirs in the same round */
} bench_result;

/* The machine, the revision and the results as a JSON object. */
void bench_write(const char *path, const char *revision, const bench_result *result, size_t count);

/* What such a file says of the ratio of a benchmark to another; NaN if it says nothing. */
double bench_recorded(const char *path, const char *name, const char *beside);

/* ---- what is measured ------------------------------------------------------------------------ */

bench *bench_new(const char *path, bool small);
void bench_free(bench *b);
const char *bench_path(const bench *b);
/* Whether everything is to be as small as can be, to see that it works. */
bool bench_small(const bench *b);
const dt_model *bench_model(bench *b);
/* Its text; the caller frees it. */
char *bench_text(const bench *b);
/* The graph of the first policy. */
dt_game *bench_game(bench *b);
/* Worlds drawn from the model's ranges: [BENCH_WORLDS][parameters]. */
enum { BENCH_WORLDS = 64 };
const double *bench_worlds(bench *b);
/* A model of the text. */
dt_model *bench_parse_text(const char *text);

/* A number from 0 to 1, the next of those that follow from a seed. */
double bench_uniform(uint64_t *seed);

extern const dt_options bench_options;

/* ---- clocks and giving up -------------------------------------------------------------------- */

/* Seconds of the processor that this thread, or this process, has taken; seconds on the wall. */
double bench_now(void);
double bench_process(void);
double bench_wall(void);

/* Ends the program unless all is well. */
void bench_need(bool good, const char *what);

#endif
