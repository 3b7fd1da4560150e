/*
 * The benchmark: bench [OPTION]... [NAME]...
 *
 * Each benchmark is a line of benchmarks.def and a function that does the work once. It is called
 * once for nothing, so that memory has been touched and files are read, and then in rounds, in turn
 * with those that stand beside it. What is kept is the median over the rounds of its figure, and of its
 * ratio to each of the others within a round.
 */
#define _GNU_SOURCE /* argp */
#include <argp.h>
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { LEAST_ROUNDS = 5, MOST_ROUNDS = 1001 };

static const benchmark benchmarks[] = {
#define BENCHMARK(name, unit, beside, function, number, text)                                      \
    {name, unit, beside, bench_##function, number, text},
#include "benchmarks.def"
};

enum { BENCHMARKS = sizeof benchmarks / sizeof benchmarks[0] };

typedef struct options {
    const char *model, *json, *against, *revision;
    int rounds;
    double seconds;
    bool list, small, alone;
    bool chosen[BENCHMARKS];
    bool any;
} options;

static const struct argp_option option[] = {
    {"model",    'm', "FILE",     0, "measure on this model (test/referee/korea-first.dtn)", 0},
    {"list",     'l', NULL,       0, "what there is to measure",                             0},
    {"json",     'o', "FILE",     0, "write the results",                                    0},
    {"against",  'a', "FILE",     0, "compare ratios with those of this file",               0},
    {"rounds",   'r', "N",        0, "at most so many rounds of each (15)",                  0},
    {"seconds",  's', "S",        0, "no further round after so long, but 5 of them (10)",   0},
    {"alone",    1,   NULL,       0, "leave out what stands beside",                         0},
    {"small",    2,   NULL,       0, "everything as small as can be: to see that it works",  0},
    {"revision", 3,   "REVISION", 0, "what is measured, for the results",                    0},
    {NULL,       0,   NULL,       0, NULL,                                                   0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    bool found = false;
    switch (key) {
    case 'm':
        o->model = argument;
        return 0;
    case 'l':
        o->list = true;
        return 0;
    case 'o':
        o->json = argument;
        return 0;
    case 'a':
        o->against = argument;
        return 0;
    case 'r':
        o->rounds = atoi(argument);
        if (o->rounds < 1 || o->rounds > MOST_ROUNDS)
            argp_error(state, "from 1 to %d rounds", MOST_ROUNDS);
        return 0;
    case 's':
        o->seconds = atof(argument);
        return 0;
    case 1:
        o->alone = true;
        return 0;
    case 2:
        o->small = true;
        return 0;
    case 3:
        o->revision = argument;
        return 0;
    case ARGP_KEY_ARG:
        for (size_t i = 0; i < BENCHMARKS; i++) {
            if (fnmatch(argument, benchmarks[i].name, 0) == 0)
                found = o->chosen[i] = o->any = true;
        }
        if (!found)
            argp_error(state, "no benchmark is called %s; --list lists them", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    option,
    parse_option,
    "[NAME]...",
    "Measures detente: the benchmarks named, of which names may be patterns, or all of them.",
    NULL,
    NULL,
    NULL};

/* ---- measuring ------------------------------------------------------------------------------- */

static const benchmark *find(const char *name, size_t length)
{
    for (size_t i = 0; i < BENCHMARKS; i++) {
        if (strlen(benchmarks[i].name) == length && memcmp(benchmarks[i].name, name, length) == 0)
            return &benchmarks[i];
    }
    bench_need(false, "a benchmark stands beside one that there isn't");
    return NULL;
}

static void find_besides(bench_result *r)
{
    for (const char *name = r->of->beside; *name;) {
        const size_t length = strcspn(name, " ");
        bench_need(r->besides < BENCH_BESIDE, "too many stand beside one benchmark");
        r->beside[r->besides++] = find(name, length);
        name += length;
        name += *name == ' ';
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *number, int count)
{
    qsort(number, (size_t)count, sizeof *number, ascending);
    return count % 2 ? number[count / 2] : (number[count / 2 - 1] + number[count / 2]) / 2;
}

static bench_result measure(bench *b, const benchmark *of, const options *o)
{
    static double figure[MOST_ROUNDS], ratio[BENCH_BESIDE][MOST_ROUNDS];
    bench_result r = {
        .of = of, .value = NAN, .ratio = {NAN, NAN, NAN}
    };
    if (!o->alone)
        find_besides(&r);
    if (isnan(of->run(b, of->which)))
        return r;
    for (size_t k = 0; k < r.besides; k++)
        r.beside[k]->run(b, r.beside[k]->which);
    const int least = o->rounds < LEAST_ROUNDS ? o->rounds : LEAST_ROUNDS;
    for (const double start = bench_wall();
         r.rounds < o->rounds && (r.rounds < least || bench_wall() - start < o->seconds);
         r.rounds++) {
        figure[r.rounds] = of->run(b, of->which);
        for (size_t k = 0; k < r.besides; k++)
            ratio[k][r.rounds] = figure[r.rounds] / r.beside[k]->run(b, r.beside[k]->which);
    }
    r.value = median(figure, r.rounds);
    for (size_t k = 0; k < r.besides; k++)
        r.ratio[k] = median(ratio[k], r.rounds);
    return r;
}

static void print(const bench_result *r, const options *o)
{
    if (isnan(r->value))
        printf("%-24s %10s %-10s %s\n", r->of->name, "-", r->of->unit, r->of->text);
    else
        printf("%-24s %10.4g %-10s %s\n", r->of->name, r->value, r->of->unit, r->of->text);
    for (size_t k = 0; k < r->besides && !isnan(r->ratio[k]); k++) {
        const char *name = r->beside[k]->name;
        const double before =
            o->against ? bench_recorded(o->against, r->of->name, name) : (double)NAN;
        printf("%-24s %10.4g %s %s", "", r->ratio[k], "of", name);
        if (!isnan(before))
            printf(", recorded %.4g, now over then %.3f", before, r->ratio[k] / before);
        printf("\n");
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static options o = {.model = "test/referee/korea-first.dtn", .rounds = 15, .seconds = 10};
    static bench_result result[BENCHMARKS];
    argp_parse(&parser, argc, argv, 0, NULL, &o);
    for (size_t i = 0; i < BENCHMARKS && o.list; i++)
        printf("%-24s %-10s %s\n", benchmarks[i].name, benchmarks[i].unit, benchmarks[i].text);
    if (o.list)
        return 0;
    bench *b = bench_new(o.model, o.small);
    size_t results = 0;
    for (size_t i = 0; i < BENCHMARKS; i++) {
        if (o.any && !o.chosen[i])
            continue;
        result[results] = measure(b, &benchmarks[i], &o);
        print(&result[results++], &o);
    }
    if (o.json)
        bench_write(o.json, o.revision, result, results);
    bench_free(b);
    return 0;
}
