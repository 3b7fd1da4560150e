/*
 * Random signalling games for the C tests: draws from a fixed seed, logit answers of one agent, and a solution by damped
 * answers from anywhere, of which a game may have several: what is called certain must have one.
 */
#ifndef DT_TEST_SIGNALS_H
#define DT_TEST_SIGNALS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"

enum { MOST_STRATEGIES = 64 };

/* From 0 to 1. */
static inline double draw(void)
{
    static uint64_t state = 1;
    state = dt_mix(state + 0x9e3779b97f4a7c15ULL);
    return (double)(state >> 11) * 0x1p-53;
}

/* How many games to try: SIGNAL_GAMES, or as many as usual. */
static inline int count_games(int usual)
{
    const char *wanted = getenv("SIGNAL_GAMES");
    return wanted ? atoi(wanted) : usual;
}

/* The logit answer of an agent to what its actions are worth; how far what it plays is off. */
static inline double answer_worth(int actions, double rationality, const double *worth,
                                  const double *sigma, double *reply)
{
    double sum = 0, off = 0;
    for (int a = 0; a < actions; a++)
        sum += reply[a] = exp(rationality * (worth[a] - worth[0]));
    for (int a = 0; a < actions; a++) {
        reply[a] /= sum;
        off = fmax(off, fabs(reply[a] - sigma[a]));
    }
    return off;
}

/* Any mixed action. */
static inline void draw_mixed(int actions, double *sigma)
{
    double sum = 0;
    for (int a = 0; a < actions; a++)
        sum += sigma[a] = exp(12 * draw());
    for (int a = 0; a < actions; a++)
        sigma[a] /= sum;
}

/* From strategies [total] to a solution by damped answers; false if they don't settle. */
static inline bool settle_from(double (*answer)(void *game, const double *sigma, double *reply),
                               void *game, int total, double *sigma)
{
    double reply[MOST_STRATEGIES] = {0};
    for (int i = 0; i < 400; i++) {
        if (answer(game, sigma, reply) < 1e-12)
            return true;
        for (int o = 0; o < total; o++)
            sigma[o] += 0.5 * (reply[o] - sigma[o]);
    }
    return false;
}

static inline double apart(const double *a, const double *b, int total)
{
    double most = 0;
    for (int o = 0; o < total; o++)
        most = fmax(most, fabs(a[o] - b[o]));
    return most;
}

#endif
