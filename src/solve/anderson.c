/*
 * Anderson acceleration of play forever (Anderson 1965; as type II in Walker & Ni 2011), where play
 * can end. With g(x) the values that a sweep finds from x, and f(x) = g(x) - x what it changes,
 * sweep k is followed not by g(x_k) but by
 *     x_{k+1} = g(x_k) - Σ_j c_j Δg_j,    c the least squares of f(x_k) - Σ_j c_j Δf_j,
 * over the differences of the last DEPTH sweeps: where g is linear, that is a Krylov method (GMRES).
 * Squares are weighted as the distance that is still to go (leap.c): by δ_i / (1 - δ_i) / max |V_i|.
 *
 * The answer has to be the fixed point that plain sweeps from zero values tend to, of perhaps several.
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
#include "solve/anderson.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"

enum { DEPTH = 20 };

/* Sweeps between two looks at the strategies: a power of two, see look. */
enum { LOOK = 8 };

/* Sweeps before the next attempt, for each that was lost in one. */
enum { WAIT = 8 };

static const double CALM = 0.06, FURTHER = 2;

/* Probabilities that move by less than this haven't gone elsewhere. */
static const double STAYED = 1e-6;

/* Plain sweeps that shrink changes to less than this within LOOK are fast enough. */
static const double SLOW = 0.1;

/* Of a difference, what the others don't explain: less than this share, squared, is rounding. */
static const double SMALL_SHARE = 1e-9;

/* Coefficients that are larger in sum would make values of rounding. */
static const double MOST_COEFFICIENTS = 1e8;

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

/* Arrays of double end in [actors][width]. */
typedef struct dt_anderson {
    double *change, *value;         /* [states] f and g of the last sweep */
    double *changes[DEPTH];         /* [states] Δf of the last sweeps, in a ring, */
    double *values[DEPTH];          /* [states] and Δg */
    double *left;                   /* [states] values to go back to */
    double *product;                /* [DEPTH][DEPTH] Δf · Δf, of each actor */
    double *side;                   /* [DEPTH] Δf · f */
    double *square, *most, *weight; /* |f|², the largest |V|, and the weight of a square */
    double *seen;                   /* [options][width] strategies at the last plain look */
    progress *world;                /* [width] */
    size_t newest;                  /* place of the last difference */
} dt_anderson;

/* The arrays, with how many numbers they have for a world. */
#define ARRAYS(X)                                                                                  \
    X(change, states *actors)                                                                      \
    X(value, states *actors)                                                                       \
    X(left, states *actors)                                                                        \
    X(product, DEPTH *DEPTH *actors)                                                               \
    X(side, DEPTH *actors)                                                                         \
    X(square, actors)                                                                              \
    X(most, actors)                                                                                \
    X(weight, actors)                                                                              \
    X(seen, (double)plan->game->options)

/* ---- room ------------------------------------------------------------------------------------ */

double dt_anderson_bytes(const dt_group_plan *plan)
{
    const double states = (double)plan->states, actors = (double)plan->actors;
    double numbers = 2 * DEPTH * states * actors;
#define X(name, count) numbers += count;
    ARRAYS(X)
#undef X
    return numbers * (double)plan->width * sizeof(double) + sizeof(dt_anderson) +
           (double)plan->width * sizeof(progress);
}

dt_anderson *dt_anderson_new(dt_arena *arena, const dt_group_plan *plan)
{
    const double states = (double)plan->states, actors = (double)plan->actors;
    dt_anderson *it = dt_new(arena, dt_anderson, 1);
#define X(name, count) it->name = dt_new(arena, double, (size_t)(count)*plan->width);
    ARRAYS(X)
#undef X
    for (int j = 0; j < DEPTH; j++) {
        it->changes[j] = dt_new(arena, double, plan->states * plan->actors * plan->width);
        it->values[j] = dt_new(arena, double, plan->states * plan->actors * plan->width);
    }
    it->world = dt_new(arena, progress, plan->width);
    return it;
}

void dt_anderson_begin(dt_group *group)
{
    for (size_t w = 0; w < group->plan->width; w++)
        group->anderson->world[w] = (progress){.differences = -1};
}

/* ---- what the last sweeps found -------------------------------------------------------------- */

/* Σ over states of a b, [size] of them side by side. */
static void multiply(const double *restrict a, const double *restrict b, size_t states, size_t size,
                     double *restrict sum)
{
    memset(sum, 0, size * sizeof *sum);
    for (size_t s = 0; s < states; s++, a += size, b += size) {
        for (size_t i = 0; i < size; i++)
            sum[i] += a[i] * b[i];
    }
}

/* Takes what the sweep found, and its difference from the sweep before into a place of the ring. */
static void record(dt_group *group, size_t place)
{
    const dt_group_plan *plan = group->plan;
    dt_anderson *it = group->anderson;
    const size_t size = plan->actors * plan->width;
    memset(it->most, 0, size * sizeof *it->most);
    for (size_t s = 0; s < plan->states; s++) {
        const double *now = group->next + s * plan->columns * plan->width;
        const double *was = group->before + s * plan->columns * plan->width;
        double *change = it->change + s * size, *value = it->value + s * size;
        double *changes = it->changes[place] + s * size, *values = it->values[place] + s * size;
        for (size_t i = 0; i < size; i++) {
            const double moved = now[i] - was[i];
            changes[i] = moved - change[i];
            values[i] = now[i] - value[i];
            change[i] = moved;
            value[i] = now[i];
            it->most[i] = dt_greater(fabs(now[i]), it->most[i]);
        }
    }
    multiply(it->change, it->change, plan->states, size, it->square);
    for (size_t i = 0; i < size; i++) {
        const double discount = group->discount[i];
        const double own = discount / (1 - discount) / dt_greater(it->most[i], 1);
        it->weight[i] = own * own;
    }
}

/* The products of the newest difference with all of `filled`, and theirs with what changes now. */
static void make_products(const dt_group *group, size_t newest, size_t filled, bool sides)
{
    const dt_group_plan *plan = group->plan;
    dt_anderson *it = group->anderson;
    const size_t size = plan->actors * plan->width;
    for (size_t j = 0; j < filled; j++) {
        double *to = it->product + (newest * DEPTH + j) * size;
        multiply(it->changes[newest], it->changes[j], plan->states, size, to);
        memcpy(it->product + (j * DEPTH + newest) * size, to, size * sizeof *to);
        if (sides)
            multiply(it->changes[j], it->change, plan->states, size, it->side + j * size);
    }
}

/* A world's sum over actors, weighted. */
static double weigh(const dt_group *group, const double *product, size_t world)
{
    double sum = 0;
    for (size_t i = 0; i < group->plan->actors; i++)
        sum += group->anderson->weight[i * group->plan->width + world] *
               product[i * group->plan->width + world];
    return sum;
}

/* ---- one step -------------------------------------------------------------------------------- */

/*
 * Least squares over a world's differences, from the newest on: c [DEPTH] by the places of the ring,
 * zeros where there is nothing to gain. By Cholesky's L D L' of the products, each difference scaled
 * to length 1; those that newer ones explain are left out.
 */
static void least_squares(const dt_group *group, size_t world, size_t newest, double c[DEPTH])
{
    const dt_anderson *it = group->anderson;
    const size_t size = group->plan->actors * group->plan->width;
    double factor[DEPTH][DEPTH], pivot[DEPTH], right[DEPTH], length[DEPTH], total = 0;
    size_t used[DEPTH], count = 0;
    for (int n = 0; n < it->world[world].differences; n++) {
        const size_t at = (newest + DEPTH - (size_t)n) % DEPTH;
        const double square = weigh(group, it->product + (at * DEPTH + at) * size, world);
        if (!(square > 0) || isinf(square))
            continue;
        length[count] = sqrt(square);
        double rest = 1, side = weigh(group, it->side + at * size, world) / length[count];
        for (size_t j = 0; j < count; j++) {
            const double *product = it->product + (at * DEPTH + used[j]) * size;
            double own = weigh(group, product, world) / (length[count] * length[j]);
            for (size_t l = 0; l < j; l++)
                own -= factor[count][l] * pivot[l] * factor[j][l];
            factor[count][j] = own / pivot[j];
            rest -= own * factor[count][j];
            side -= factor[count][j] * right[j];
        }
        if (!(rest > SMALL_SHARE))
            continue;
        pivot[count] = rest;
        right[count] = side;
        used[count++] = at;
    }
    for (size_t j = count; j-- > 0;) {
        right[j] /= pivot[j];
        for (size_t l = j + 1; l < count; l++)
            right[j] -= factor[l][j] * right[l];
    }
    for (size_t j = 0; j < count; j++) {
        c[used[j]] = right[j] / length[j];
        total += fabs(c[used[j]]);
    }
    if (!(total <= MOST_COEFFICIENTS))
        memset(c, 0, DEPTH * sizeof *c);
}

/* next -= Σ c Δg, of the worlds that go faster. */
static void combine(dt_group *group, const double *c, size_t filled)
{
    const dt_group_plan *plan = group->plan;
    const size_t width = plan->width, size = plan->actors * width;
    for (size_t j = 0; j < filled; j++) {
        const double *values = group->anderson->values[j];
        for (size_t s = 0; s < plan->states; s++, values += size) {
            double *next = group->next + s * plan->columns * width;
            for (size_t i = 0; i < plan->actors; i++) {
                for (size_t w = 0; w < width; w++)
                    next[i * width + w] -= c[w * DEPTH + j] * values[i * width + w];
            }
        }
    }
}

/* ---- safeguards ------------------------------------------------------------------------------ */

/* How far a world's strategies are from those of the last plain look. */
static double moved_since(const dt_group *group, size_t world)
{
    const dt_group_plan *plan = group->plan;
    const double *now = dt_group_strategy(group, 0), *seen = group->anderson->seen;
    double most = 0;
    for (size_t a = world; a < plan->game->options * plan->width; a += plan->width)
        most = dt_greater(fabs(now[a] - seen[a]), most);
    return most;
}

/* Whether strategies are where the rate of plain sweeps foretold. */
static bool near(const dt_group *group, size_t world)
{
    const progress *it = &group->anderson->world[world];
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
    progress *it = &group->anderson->world[world];
    const double shrunk = change / it->change; /* infinite at the first look */
    const double still = moved_since(group, world) * shrunk / (1 - shrunk);
    const double *now = dt_group_strategy(group, 0);
    for (size_t a = world; a < plan->game->options * plan->width; a += plan->width)
        group->anderson->seen[a] = now[a];
    it->change = change;
    if (sweeps < it->wait || !(shrunk >= SLOW && shrunk < 1 && still <= CALM))
        return;
    it->phase = FASTER;
    it->still = still;
    it->rate = sqrt(sqrt(sqrt(shrunk)));
    it->began = sweeps;
    _Static_assert(LOOK == 8, "the root of a rate over LOOK sweeps");
    copy_world(group, world, group->anderson->left, false);
}

/* A world's phase after a sweep that changed so much. */
static void judge(dt_group *group, size_t world, double change, uint64_t sweeps)
{
    progress *it = &group->anderson->world[world];
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
    copy_world(group, world, group->anderson->left, true);
    *it = (progress){.differences = -1, .wait = sweeps + WAIT * (sweeps - it->began)};
}

bool dt_anderson_plain(const dt_group *group, size_t world)
{
    return !group->anderson || group->anderson->world[world].phase == PLAIN;
}

/* X_i · X_j and X_i · Δg_j of a world, X = Δg - Δf being what its values were changed by. */
static void multiply_steps(const dt_group *group, size_t world, size_t i, size_t j, double *own,
                           double *image)
{
    const dt_group_plan *plan = group->plan;
    const dt_anderson *it = group->anderson;
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
static double radius(size_t n, double power[DEPTH][DEPTH])
{
    double log_size = 0, share = 1;
    for (int k = 0; k < 24; k++, share /= 2) {
        double square[DEPTH][DEPTH], most = 0;
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
    const dt_anderson *it = group->anderson;
    double factor[DEPTH][DEPTH], pivot[DEPTH], length[DEPTH], right[DEPTH][DEPTH];
    double matrix[DEPTH][DEPTH];
    size_t used[DEPTH], n = 0;
    for (int d = 0; d < it->world[world].differences; d++) {
        const size_t at = (it->newest + DEPTH - (size_t)d) % DEPTH;
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

bool dt_anderson_arrived(dt_group *group, size_t world)
{
    if (dt_anderson_plain(group, world))
        return true;
    if (near(group, world) && (holds(group, world, CLEAR) || holds(group, world, CLEARER)))
        return true;
    group->anderson->world[world].phase = BACK;
    return false;
}

void dt_anderson_step(dt_group *group, uint64_t sweeps, const int64_t *going)
{
    const dt_group_plan *plan = group->plan;
    dt_anderson *it = group->anderson;
    double c[DT_WORLDS * DEPTH] = {0};
    assert(sweeps >= 1 && plan->width <= DT_WORLDS);
    const size_t newest = (size_t)(sweeps % DEPTH);
    const size_t filled = sweeps < DEPTH ? (size_t)sweeps + 1 : DEPTH;
    bool faster = false;
    it->newest = newest;
    record(group, newest);
    for (size_t w = 0; w < plan->width; w++) {
        if (!going[w])
            continue;
        progress *world = &it->world[w];
        world->differences += world->differences < DEPTH;
        judge(group, w, sqrt(weigh(group, it->square, w)), sweeps);
        faster |= world->phase == FASTER;
    }
    make_products(group, newest, filled, faster);
    for (size_t w = 0; w < plan->width; w++) {
        if (going[w] && it->world[w].phase == FASTER)
            least_squares(group, w, newest, c + w * DEPTH);
    }
    if (faster)
        combine(group, c, filled);
}
