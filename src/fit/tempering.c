/*
 * Adaptive tempered sequential Monte Carlo (Neal 2001; Del Moral, Doucet & Jasra 2006). The target at
 * temperature t is prior × likelihood^t. From one temperature to the next particles are weighted by
 * likelihood^(t' - t); t' is where the effective sample size of these weights falls to SHARE of the
 * particles, which right after a resampling is the conditional one (Zhou, Johansen & Aston 2016). The
 * mean weight multiplies the evidence. Then systematic resampling (Kitagawa 1996) and moves (moves.c)
 * that leave the target as it is.
 *
 * The error of the log evidence, after Chan & Lai 2013: draws of the prior are independent, and so are
 * the families that descend from them but for the resampling, which evens out chance and doesn't add
 * to it when it is systematic. So with D_j what family j had of the weight beyond its number, Σ over the
 * steps, the variance is about Σ_j D_j².
 *
 * Invariant: every random number is a function of the seed, the step, the sweep and the particle, and
 * sums are taken in the order of particles: the result is the same for any number of threads that the
 * likelihood uses, and after any interruption between two steps.
 */
#include "fit/tempering.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/cholesky.h"
#include "fit/moves.h"

/* Of the particles that have a likelihood; the steps of a bisection, to the last bit. */
static const double SHARE = 0.6;
enum { BISECTIONS = 60 };

dt_swarm *dt_swarm_new(dt_arena *arena, size_t particles, size_t dimensions, uint64_t seed)
{
    assert(particles >= DT_LEAST_PARTICLES && particles <= DT_MOST_PARTICLES && dimensions >= 1);
    dt_swarm *swarm = dt_new(arena, dt_swarm, 1);
    const size_t bytes = dimensions * sizeof(double);
    *swarm = (dt_swarm){.particles = particles, .dimensions = dimensions, .seed = seed};
    swarm->score = dt_take(arena, particles, bytes);
    swarm->proposal = dt_take(arena, particles, bytes);
    swarm->before = dt_take(arena, particles, bytes);
    swarm->archive = dt_take(arena, particles, bytes);
    swarm->loglik = dt_new(arena, double, particles);
    swarm->excess = dt_new(arena, double, particles);
    swarm->proposed = dt_new(arena, double, particles);
    swarm->weight = dt_new(arena, double, particles);
    swarm->density = dt_new(arena, double, particles);
    swarm->root = dt_new(arena, uint32_t, particles);
    swarm->parent = dt_new(arena, uint32_t, particles);
    swarm->mean = dt_new(arena, double, dimensions);
    swarm->factor = dt_new(arena, double, dimensions *dimensions);
    return swarm;
}

dt_status dt_swarm_start(dt_swarm *swarm, const dt_target *target)
{
    assert(target->dimensions == swarm->dimensions);
    const size_t n = swarm->particles, k = swarm->dimensions;
    swarm->at = (dt_stage_reached){.reach = 1, .kept = 0, .accepted = 1};
    for (size_t i = 0; i < n; i++) {
        dt_swarm_normals(swarm, i, DT_DRAW_PRIOR, k, swarm->score + i * k);
        swarm->root[i] = (uint32_t)i;
        swarm->excess[i] = 0;
    }
    const dt_status status = target->loglik(target->context, n, swarm->score, swarm->loglik);
    if (status != DT_OK)
        return status;
    dt_swarm_count(swarm, swarm->loglik);
    return swarm->at.without == n ? DT_NO : DT_OK;
}

/* ---- the temperature -------------------------------------------------------------------------- */

static double largest(const double *number, size_t count)
{
    double most = -INFINITY;
    for (size_t i = 0; i < count; i++)
        most = number[i] > most ? number[i] : most;
    return most;
}

/* likelihood^rise over its largest, in swarm->weight. Returns their sum; *effective is (Σw)²/Σw². */
static double weigh(dt_swarm *swarm, double most, double rise, double *effective)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < swarm->particles; i++) {
        /* NaN and -infinity alike are no likelihood at all */
        const double w = swarm->loglik[i] > -INFINITY ? exp(rise * (swarm->loglik[i] - most)) : 0;
        swarm->weight[i] = w;
        sum += w;
        squares += w * w;
    }
    *effective = sum * sum / squares;
    return sum;
}

/* By how much the temperature rises. */
static double find_rise(dt_swarm *swarm, double most)
{
    size_t with = 0;
    for (size_t i = 0; i < swarm->particles; i++)
        with += swarm->loglik[i] > -INFINITY;
    const double left = 1 - swarm->at.temperature, wanted = SHARE * (double)with;
    double effective;
    weigh(swarm, most, left, &effective);
    if (effective >= wanted)
        return left;
    double low = 0, high = left;
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = low + (high - low) / 2;
        weigh(swarm, most, middle, &effective);
        *(effective >= wanted ? &low : &high) = middle;
    }
    /* likelihoods so far apart that no number is small enough: the smallest step that is one */
    return low > 0 ? low : high;
}

/* ---- the population --------------------------------------------------------------------------- */

/* Mean and Cholesky factor of the weighted particles. */
static void describe(dt_swarm *swarm, double sum)
{
    const size_t n = swarm->particles, k = swarm->dimensions;
    double *c = swarm->factor, *mean = swarm->mean;
    memset(mean, 0, k * sizeof *mean);
    memset(c, 0, k * k * sizeof *c);
    for (size_t i = 0; i < n; i++) {
        for (size_t a = 0; a < k; a++)
            mean[a] += swarm->weight[i] / sum * swarm->score[i * k + a];
    }
    for (size_t i = 0; i < n; i++) {
        const double *z = swarm->score + i * k;
        for (size_t a = 0; a < k; a++) {
            for (size_t b = 0; b <= a; b++)
                c[a * k + b] += swarm->weight[i] / sum * (z[a] - mean[a]) * (z[b] - mean[b]);
        }
    }
    /* so few particles may be left that they lie in a plane: a little of the prior's own spread */
    for (size_t a = 0; a < k; a++)
        c[a * k + a] = c[a * k + a] * (1 + 1e-6) + 1e-9;
    const bool definite = dt_cholesky(c, k);
    assert(definite && "a covariance and a little more");
    (void)definite;
}

/* Systematic resampling: particle i gets as many children as its part of the sum has of the points
 * u, u + 1, u + 2 …, 0 < u < 1, on the scale of n. */
static void resample(dt_swarm *swarm, double sum)
{
    const size_t n = swarm->particles, k = swarm->dimensions;
    const double u = dt_swarm_uniform(swarm, 0, DT_DRAW_RESAMPLING);
    double above = 0;
    size_t child = 0;
    for (size_t i = 0; i < n; i++) {
        above += swarm->weight[i] / sum * (double)n;
        while (child < n && (double)child + u < above)
            swarm->parent[child++] = (uint32_t)i;
    }
    /* rounding may leave the last point beyond the last of those that have a weight */
    size_t last = n;
    while (swarm->weight[--last] == 0)
        continue;
    while (child < n)
        swarm->parent[child++] = (uint32_t)last;
    memcpy(swarm->proposal, swarm->score, n * k * sizeof *swarm->score);
    memcpy(swarm->proposed, swarm->loglik, n * sizeof *swarm->loglik);
    for (size_t i = 0; i < n;
         i++) /* parents are ascending: nothing is read after it was replaced */
        swarm->density[i] = (double)swarm->root[swarm->parent[i]];
    for (size_t i = 0; i < n; i++) {
        const size_t from = swarm->parent[i];
        memcpy(swarm->score + i * k, swarm->proposal + from * k, k * sizeof *swarm->score);
        swarm->loglik[i] = swarm->proposed[from];
        swarm->root[i] = (uint32_t)swarm->density[i];
        assert(swarm->loglik[i] > -INFINITY);
    }
}

dt_status dt_swarm_step(dt_swarm *swarm, const dt_target *target, bool (*pulse)(void *context),
                        void *context)
{
    const size_t n = swarm->particles;
    dt_stage_reached *at = &swarm->at;
    assert(at->temperature < 1);
    const double most = largest(swarm->loglik, n), rise = find_rise(swarm, most);
    double effective;
    const double sum = weigh(swarm, most, rise, &effective);
    at->evidence += rise * most + log(sum / (double)n);
    at->temperature = rise == 1 - at->temperature ? 1 : at->temperature + rise;
    at->steps++;
    for (size_t i = 0; i < n; i++)
        swarm->excess[swarm->root[i]] += swarm->weight[i] / sum - 1 / (double)n;
    describe(swarm, sum);
    resample(swarm, sum);
    return dt_swarm_move(swarm, target, pulse, context);
}

/* ---- what it is worth ------------------------------------------------------------------------- */

double dt_swarm_evidence_error(const dt_swarm *swarm)
{
    double sum = 0;
    for (size_t j = 0; j < swarm->particles; j++)
        sum += swarm->excess[j] * swarm->excess[j];
    return sqrt(sum);
}

double dt_swarm_effective(const dt_swarm *swarm, const double *value, double *room)
{
    const size_t n = swarm->particles;
    double mean = 0, squares = 0, families = 0;
    for (size_t i = 0; i < n; i++)
        mean += value[i] / (double)n;
    memset(room, 0, n * sizeof *room);
    for (size_t i = 0; i < n; i++) {
        squares += (value[i] - mean) * (value[i] - mean);
        room[swarm->root[i]] += value[i] - mean;
    }
    for (size_t j = 0; j < n; j++)
        families += room[j] * room[j];
    return families > squares ? (double)n * squares / families : (double)n;
}
