/*
 * When play forever, where it can end, is accelerated by the steps of anderson.c, and when these are
 * taken back. The answer has to be the fixed point that plain sweeps from zero values tend to, of perhaps several.
 * So there are safeguards, in the spirit of Zhang, O'Donoghue & Boyd (2020):
 *   - It begins when plain sweeps have become calm: by the rate at which changes shrink, all sweeps
 *     to come would move no probability of any decision by more than CALM. Before that nothing is
 *     skipped, however long it takes.
 *   - Each step is checked by the next sweep, a plain one: changes must stay below those that plain
 *     sweeps would have come to at the rate they had; and strategies must not be further from those
 *     at which it began than FURTHER times what that rate foretold, when it settles and every LOOK
 *     sweeps.
 *   - Where it settles plain sweeps must come back to after a small step away: Anderson's method also
 *     finds fixed points that these leave. See `holds`.
 *   - If one of this fails, plain sweeps go on where they were left, and WAIT times as many as were lost
 *     are made before the next attempt.
 * Invariant: what is done to a world depends on its own numbers alone, summed in the order of states,
 * then actors, then steps.
 */
#include "solve/accelerate.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/anderson.h"

/* Sweeps between two looks at the strategies: a power of two, see look. */
enum { LOOK = 8 };

/* Sweeps before the next attempt, for each that was lost in one. */
enum { WAIT = 8 };

static const double CALM = 0.06, FURTHER = 2;

/* Probabilities that move by less than this haven't gone elsewhere. */
static const double STAYED = 1e-6;

/* Plain sweeps that shrink changes to less than this within LOOK are fast enough. */
static const double SLOW = 0.1;

/* Of the last steps, those that are shorter than this, weighted, are too near to rounding to tell where
 * sweeps lead; and those of which others leave less than a share, squared. Eigenvalues that are there
 * show with either bound; what is made of rounding doesn't. */
static const double CLEAR = 1e-8, CLEARER = 1e-5, APART = 1e-6;

typedef enum phase { PLAIN, FASTER, BACK } phase;

/* One world's progress. */
typedef struct progress {
    phase phase;
    int differences; /* of sweeps that can be used; -1: not even the last sweep's values can */
    double change; /* |f| at the last look, 0 if there was none; faster: the most that is allowed */
    double rate;   /* from sweep to sweep, when it began */
    double still;  /* how far probabilities would still move by that rate */
    uint64_t began; /* after which sweep, */
    uint64_t wait;  /* and before which one it doesn't begin again */
} progress;

typedef struct dt_acceleration {
    dt_anderson *steps;
    double *left;    /* [states][actors][width] values to go back to */
    double *seen;    /* [options][width] strategies at the last plain look */
    progress *world; /* [width] */
} dt_acceleration;

double dt_acceleration_bytes(const dt_group_plan *plan)
{
    const double states = (double)plan->states, actors = (double)plan->actors;
    const double numbers = states * actors + (double)plan->game->options;
    return (double)plan->width * (numbers * sizeof(double) + sizeof(progress)) +
           sizeof(dt_acceleration);
}

dt_acceleration *dt_acceleration_new(dt_arena *arena, const dt_group_plan *plan, dt_anderson *steps)
{
    dt_acceleration *it = dt_new(arena, dt_acceleration, 1);
    it->steps = steps;
    it->left = dt_new(arena, double, plan->states * plan->actors * plan->width);
    it->seen = dt_new(arena, double, plan->game->options * plan->width);
    it->world = dt_new(arena, progress, plan->width);
    return it;
}

void dt_acceleration_begin(dt_group *group)
{
    for (size_t w = 0; w < group->plan->width; w++)
        group->acceleration->world[w] = (progress){.differences = -1};
    dt_anderson_begin(group->anderson, group->plan, 0, group->plan->actors);
}

/* ---- safeguards ------------------------------------------------------------------------------ */

/* How far a world's strategies are from those of the last plain look. */
static double moved_since(const dt_group *group, size_t world)
{
    const dt_group_plan *plan = group->plan;
    const double *now = dt_group_strategy(group, 0), *seen = group->acceleration->seen;
    double most = 0;
    for (size_t a = world; a < plan->game->options * plan->width; a += plan->width)
        most = dt_greater(fabs(now[a] - seen[a]), most);
    return most;
}

/* Whether strategies are where the rate of plain sweeps foretold. */
static bool near(const dt_group *group, size_t world)
{
    const progress *it = &group->acceleration->world[world];
    return moved_since(group, world) <= FURTHER * it->still + STAYED;
}

static void copy_world(const dt_group *group, size_t world, double *kept, bool restore)
{
    const dt_group_plan *plan = group->plan;
    for (size_t s = 0; s < plan->states; s++) {
        for (size_t i = 0; i < plan->actors; i++) {
            double *next = &group->next[(s * plan->columns + i) * plan->width + world];
            double *at = &kept[(s * plan->actors + i) * plan->width + world];
            *(restore ? next : at) = *(restore ? at : next);
        }
    }
}

/* Every LOOK sweeps, of a world in plain sweeps: begins if they are calm. */
static void look(dt_group *group, size_t world, double change, uint64_t sweeps)
{
    const dt_group_plan *plan = group->plan;
    progress *it = &group->acceleration->world[world];
    const double shrunk = change / it->change; /* infinite at the first look */
    const double still = moved_since(group, world) * shrunk / (1 - shrunk);
    const double *now = dt_group_strategy(group, 0);
    for (size_t a = world; a < plan->game->options * plan->width; a += plan->width)
        group->acceleration->seen[a] = now[a];
    it->change = change;
    if (sweeps < it->wait || !(shrunk >= SLOW && shrunk < 1 && still <= CALM))
        return;
    it->phase = FASTER;
    it->still = still;
    it->rate = sqrt(sqrt(sqrt(shrunk)));
    it->began = sweeps;
    _Static_assert(LOOK == 8, "the root of a rate over LOOK sweeps");
    copy_world(group, world, group->acceleration->left, false);
}

/* A world's phase after a sweep that changed so much. */
static void judge(dt_group *group, size_t world, double change, uint64_t sweeps)
{
    progress *it = &group->acceleration->world[world];
    if (it->phase == PLAIN) {
        if (sweeps % LOOK == 0)
            look(group, world, change, sweeps);
        return;
    }
    it->change *= it->rate;
    if (!(change <= it->change) || (sweeps % LOOK == 0 && !near(group, world)))
        it->phase = BACK;
    if (it->phase == FASTER)
        return;
    copy_world(group, world, group->acceleration->left, true);
    *it = (progress){.differences = -1, .wait = sweeps + WAIT * (sweeps - it->began)};
}

bool dt_acceleration_plain(const dt_group *group, size_t world)
{
    return !group->acceleration || group->acceleration->world[world].phase == PLAIN;
}

/* X_i · X_j and X_i · Δg_j of a world, X = Δg - Δf being what its values were changed by. */
static void multiply_steps(const dt_group *group, size_t world, size_t i, size_t j, double *own,
                           double *image)
{
    const dt_group_plan *plan = group->plan;
    const dt_anderson *it = group->acceleration->steps;
    *own = *image = 0;
    for (size_t a = 0; a < plan->actors; a++) {
        double steps = 0, images = 0;
        for (size_t s = 0; s < plan->states; s++) {
            const size_t at = (s * plan->actors + a) * plan->width + world;
            const double step = it->values[i][at] - it->changes[i][at];
            steps += step * (it->values[j][at] - it->changes[j][at]);
            images += step * it->values[j][at];
        }
        *own += it->weight[a * plan->width + world] * steps;
        *image += it->weight[a * plan->width + world] * images;
    }
}

/* The largest modulus of an eigenvalue: the growth of its powers 2^k, by squaring. */
static double radius(size_t n, double power[DT_DEPTH][DT_DEPTH])
{
    double log_size = 0, share = 1;
    for (int k = 0; k < 24; k++, share /= 2) {
        double square[DT_DEPTH][DT_DEPTH], most = 0;
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n; j++)
                most = dt_greater(fabs(power[i][j]), most);
        }
        if (!(most > 0))
            return most; /* NaN: neither below 1 nor above */
        log_size += share * log(most);
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                square[i][j] = 0;
                for (size_t l = 0; l < n; l++)
                    square[i][j] += power[i][l] / most * (power[l][j] / most);
            }
        }
        memcpy(power, square, sizeof square);
    }
    return exp(log_size);
}

/* Whether plain sweeps that begin near the values at which a world has settled come back to them: the
 * derivative J of a sweep, of which J X = Δg on the last steps X is known, must have no eigenvalue of
 * modulus 1 or more there (by Rayleigh and Ritz: of (X'X)^-1 X'Δg; Saad 2011, §4.3). A direction in which
 * sweeps leave is among the steps, as it had to be found to come to rest. Steps are at least so long. */
static bool holds(const dt_group *group, size_t world, double least)
{
    const dt_anderson *it = group->acceleration->steps;
    double factor[DT_DEPTH][DT_DEPTH], pivot[DT_DEPTH], length[DT_DEPTH], right[DT_DEPTH][DT_DEPTH];
    double matrix[DT_DEPTH][DT_DEPTH];
    size_t used[DT_DEPTH], n = 0;
    for (int d = 0; d < group->acceleration->world[world].differences; d++) {
        const size_t at = (it->newest + DT_DEPTH - (size_t)d) % DT_DEPTH;
        double square, image, rest = 1;
        multiply_steps(group, world, at, at, &square, &image);
        length[n] = sqrt(square);
        if (!(length[n] > least))
            continue;
        for (size_t j = 0; j < n; j++) {
            double own;
            multiply_steps(group, world, at, used[j], &own, &image);
            own /= length[n] * length[j];
            for (size_t l = 0; l < j; l++)
                own -= factor[n][l] * pivot[l] * factor[j][l];
            factor[n][j] = own / pivot[j];
            rest -= own * factor[n][j];
        }
        if (!(rest > APART))
            continue;
        pivot[n] = rest;
        used[n++] = at;
    }
    for (size_t c = 0; c < n; c++) { /* L D L' matrix = X' Δg */
        for (size_t r = 0; r < n; r++) {
            double own;
            multiply_steps(group, world, used[r], used[c], &own, &right[r][c]);
            right[r][c] /= length[r] * length[c];
            for (size_t l = 0; l < r; l++)
                right[r][c] -= factor[r][l] * right[l][c];
        }
        for (size_t r = n; r-- > 0;) {
            matrix[r][c] = right[r][c] / pivot[r];
            for (size_t l = r + 1; l < n; l++)
                matrix[r][c] -= factor[l][r] * matrix[l][c];
        }
    }
    return radius(n, matrix) < 1;
}

bool dt_acceleration_arrived(dt_group *group, size_t world)
{
    if (dt_acceleration_plain(group, world))
        return true;
    if (near(group, world) && (holds(group, world, CLEAR) || holds(group, world, CLEARER)))
        return true;
    group->acceleration->world[world].phase = BACK;
    return false;
}

void dt_acceleration_step(dt_group *group, uint64_t sweeps, const int64_t *going)
{
    const dt_group_plan *plan = group->plan;
    dt_acceleration *it = group->acceleration;
    const size_t size = it->steps->size;
    bool faster = false;
    dt_anderson_record(it->steps, group);
    for (size_t w = 0; w < plan->width; w++) {
        if (!going[w])
            continue;
        progress *world = &it->world[w];
        world->differences += world->differences < DT_DEPTH;
        judge(group, w, sqrt(dt_anderson_weigh(it->steps, it->steps->square, w, size)), sweeps);
        faster |= world->phase == FASTER;
    }
    dt_anderson_products(it->steps, plan->states, faster);
    for (size_t w = 0; w < plan->width; w++) {
        if (going[w] && it->world[w].phase == FASTER)
            dt_anderson_least_squares(it->steps, it->world[w].differences, w, size);
    }
    if (faster)
        dt_anderson_combine(it->steps, group);
}
