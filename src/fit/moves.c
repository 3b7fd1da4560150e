/*
 * Metropolis-Hastings moves (Hastings 1970) that leave prior × likelihood^t as it is, in turn:
 * 1. an independent draw from a Student t of 4 degrees of freedom around the weighted mean of the
 *    population with its covariance, whose tails are heavier than those of a posterior, so that no
 *    particle is stuck far out (Chopin 2002);
 * 2. a step along the difference of two members of the population as it was resampled (differential
 *    evolution: ter Braak & Vrugt 2008), which knows how coordinates hang together and where other
 *    modes are: one step in ten is the whole difference, from mode to mode.
 * Each ends after all particles' likelihoods are known, so that a sweep is one ensemble.
 *
 * Sweeps go on until every coordinate has forgotten where it was: until the correlation over particles
 * between before and now is at most FORGOTTEN for each of them, a rule that adapts to how hard the
 * posterior is (as in Buchholz, Chopin & Jacob 2021).
 */
#include "fit/moves.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "study/random.h"

static const double FORGOTTEN = 0.2, ACCEPTED = 0.25, LEAST_REACH = 0.02, MOST_REACH = 4,
                    TAU = 6.283185307179586476925;
enum { LEAST_SWEEPS = 4, MOST_SWEEPS = 60, FREEDOM = 4, TENTH = 10 };

/* ---- random numbers --------------------------------------------------------------------------- */

/* A key of its own keeps these apart from the draws of worlds. */
static void draw(const dt_swarm *swarm, size_t i, dt_draw_kind kind, uint64_t part,
                 uint64_t word[4])
{
    const uint64_t counter[4] = {i, swarm->at.sweeps, swarm->at.steps, (uint64_t)kind << 32 | part},
                   key[2] = {swarm->seed, dt_identity("posterior")};
    dt_philox(counter, key, word);
}

/* An odd multiple of 2^-53: neither 0 nor 1. */
static double between(uint64_t word)
{
    return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

double dt_swarm_uniform(const dt_swarm *swarm, size_t i, dt_draw_kind kind)
{
    uint64_t word[4];
    draw(swarm, i, kind, 0, word);
    return between(word[0]);
}

/* Box & Muller 1958. */
void dt_swarm_normals(const dt_swarm *swarm, size_t i, dt_draw_kind kind, size_t count,
                      double *normal)
{
    for (size_t at = 0; at < count; at += 4) {
        uint64_t word[4];
        draw(swarm, i, kind, at / 4, word);
        for (size_t pair = 0; pair < 2; pair++) {
            const double radius = sqrt(-2 * log(between(word[2 * pair]))),
                         angle = TAU * between(word[2 * pair + 1]);
            if (at + 2 * pair < count)
                normal[at + 2 * pair] = radius * cos(angle);
            if (at + 2 * pair + 1 < count)
                normal[at + 2 * pair + 1] = radius * sin(angle);
        }
    }
}

/* ---- proposals -------------------------------------------------------------------------------- */

/* Log density of the Student t, up to a constant. */
static double student(const dt_swarm *swarm, const double *z)
{
    const size_t k = swarm->dimensions;
    const double *l = swarm->factor;
    double *solved = swarm->weight; /* of no more use after the resampling */
    double distance = 0;
    for (size_t a = 0; a < k; a++) {
        double x = z[a] - swarm->mean[a];
        for (size_t b = 0; b < a; b++)
            x -= l[a * k + b] * solved[b];
        solved[a] = x / l[a * k + a];
        distance += solved[a] * solved[a];
    }
    return -0.5 * (FREEDOM + (double)k) * log1p(distance / FREEDOM);
}

static void propose_independent(dt_swarm *swarm, size_t i)
{
    const size_t k = swarm->dimensions;
    double *z = swarm->proposal + i * k, *normal = swarm->weight;
    uint64_t word[4];
    draw(swarm, i, DT_DRAW_TAIL, 0, word);
    /* chi-square of 4 degrees of freedom: twice a sum of two exponential numbers */
    const double chi_square = -2 * (log(between(word[0])) + log(between(word[1]))),
                 stretch = sqrt(FREEDOM / chi_square);
    dt_swarm_normals(swarm, i, DT_DRAW_PROPOSAL, k, normal);
    for (size_t a = 0; a < k; a++) {
        double x = 0;
        for (size_t b = 0; b <= a; b++)
            x += swarm->factor[a * k + b] * normal[b];
        z[a] = swarm->mean[a] + stretch * x;
    }
    const double there = student(swarm, z), here = student(swarm, swarm->score + i * k);
    swarm->density[i] = here - there;
}

static void propose_difference(dt_swarm *swarm, size_t i)
{
    const size_t k = swarm->dimensions, n = swarm->particles;
    double *z = swarm->proposal + i * k, *normal = swarm->weight;
    uint64_t word[4];
    draw(swarm, i, DT_DRAW_PARTNER, 0, word);
    const size_t one = (size_t)(word[0] % n), other = (size_t)(word[1] % n);
    const double step = word[2] % TENTH == 0 ? 1 : swarm->at.reach * 2.38 / sqrt(2 * (double)k);
    dt_swarm_normals(swarm, i, DT_DRAW_PROPOSAL, k, normal);
    for (size_t a = 0; a < k; a++) {
        const double difference = swarm->archive[one * k + a] - swarm->archive[other * k + a];
        /* a little noise, or particles could only reach a lattice of points */
        z[a] = swarm->score[i * k + a] + step * difference +
               0.05 * swarm->factor[a * k + a] * normal[a];
    }
    swarm->density[i] = 0;
}

/* ---- sweeps ----------------------------------------------------------------------------------- */

void dt_swarm_count(dt_swarm *swarm, const double *loglik)
{
    swarm->at.evaluations += swarm->particles;
    for (size_t i = 0; i < swarm->particles; i++)
        swarm->at.without += !(loglik[i] > -INFINITY);
}

static double square(const double *z, size_t k)
{
    double sum = 0;
    for (size_t a = 0; a < k; a++)
        sum += z[a] * z[a];
    return sum;
}

/* Takes or refuses what was proposed. Returns the share taken. */
static double decide(dt_swarm *swarm)
{
    const size_t n = swarm->particles, k = swarm->dimensions;
    size_t taken = 0;
    for (size_t i = 0; i < n; i++) {
        double *here = swarm->score + i * k;
        const double *there = swarm->proposal + i * k;
        if (!(swarm->proposed[i] > -INFINITY))
            continue;
        const double ratio = swarm->at.temperature * (swarm->proposed[i] - swarm->loglik[i]) +
                             0.5 * (square(here, k) - square(there, k)) + swarm->density[i];
        if (!(log(dt_swarm_uniform(swarm, i, DT_DRAW_ACCEPT)) < ratio))
            continue;
        memcpy(here, there, k * sizeof *here);
        swarm->loglik[i] = swarm->proposed[i];
        taken++;
    }
    return (double)taken / (double)n;
}

/* The largest correlation, over coordinates, of what it is now with what it was before the sweeps. */
static double remembered(const dt_swarm *swarm)
{
    const size_t n = swarm->particles, k = swarm->dimensions;
    double most = 0;
    for (size_t a = 0; a < k; a++) {
        double mean[2] = {0, 0}, square[2] = {0, 0}, product = 0;
        for (size_t i = 0; i < n; i++) {
            mean[0] += swarm->before[i * k + a] / (double)n;
            mean[1] += swarm->score[i * k + a] / (double)n;
        }
        for (size_t i = 0; i < n; i++) {
            const double x = swarm->before[i * k + a] - mean[0],
                         y = swarm->score[i * k + a] - mean[1];
            square[0] += x * x;
            square[1] += y * y;
            product += x * y;
        }
        const double scale = sqrt(square[0] * square[1]);
        const double correlation = scale > 0 ? product / scale : 1;
        most = correlation > most ? correlation : most;
    }
    return most;
}

dt_status dt_swarm_move(dt_swarm *swarm, const dt_target *target, bool (*pulse)(void *context),
                        void *context)
{
    const size_t n = swarm->particles, k = swarm->dimensions;
    dt_stage_reached *at = &swarm->at;
    assert(n >= k);
    memcpy(swarm->before, swarm->score, n * k * sizeof *swarm->score);
    memcpy(swarm->archive, swarm->score, n * k * sizeof *swarm->score);
    double taken = 0;
    int sweep = 0;
    do {
        if (pulse && !pulse(context))
            return DT_LIMIT;
        const bool independent = sweep % 2 == 0;
        at->sweeps++;
        for (size_t i = 0; i < n; i++)
            (independent ? propose_independent : propose_difference)(swarm, i);
        const dt_status status =
            target->loglik(target->context, n, swarm->proposal, swarm->proposed);
        if (status != DT_OK)
            return status;
        dt_swarm_count(swarm, swarm->proposed);
        const double share = decide(swarm);
        taken += share;
        if (!independent)
            at->reach = fmin(fmax(at->reach * exp(share - ACCEPTED), LEAST_REACH), MOST_REACH);
        sweep++;
        at->kept = remembered(swarm);
    } while (sweep < LEAST_SWEEPS || (at->kept > FORGOTTEN && sweep < MOST_SWEEPS));
    at->accepted = taken / sweep;
    return DT_OK;
}
