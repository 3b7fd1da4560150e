/*
 * What the parts of the benchmark share: the numbers that are found, a clock, and how to give up.
 */
#ifndef DT_BENCH_BENCH_H
#define DT_BENCH_BENCH_H

#include "detente.h"

enum { BENCH_NUMBERS = 64 };

/* Numbers to be printed and written; NaN is null. */
typedef struct bench_numbers {
    struct bench_number {
        const char *name;
        double number;
        const char *text;
    } at[BENCH_NUMBERS];
    size_t count;
} bench_numbers;

void bench_add(bench_numbers *numbers, const char *name, double number, const char *text);

/* Seconds of the processor that this thread has taken. */
double bench_now(void);

/* Ends the program unless all is well. */
void bench_need(bool good, const char *what);

/* Many worlds at once, against one at a time: `world_s` is what one takes with outcomes and gaps.
 * Prints how the kernels compare. `game` is that of a policy of the model. */
void bench_lanes(const dt_model *model, const dt_game *game, double world_s,
                 bench_numbers *numbers);

#endif
