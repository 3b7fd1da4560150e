/*
 * What the parts of the benchmark share: the processor's clock, giving up, and the list of numbers.
 */
#define _GNU_SOURCE /* clock_gettime */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void bench_need(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "bench: %s\n", what);
        exit(1);
    }
}

void bench_add(bench_numbers *numbers, const char *name, double number, const char *text)
{
    bench_need(numbers->count < BENCH_NUMBERS, "too many numbers");
    numbers->at[numbers->count++] = (struct bench_number){name, number, text};
}
