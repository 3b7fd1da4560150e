/*
 * Uniqueness within reach, for three types or more. One agent moves and is seen; all it can change is what is
 * believed after each action a, by ρ_jk(a) = log σ_j(a) - log σ_k(a):
 *     log b'(j)/b'(k) = log b(j)/b(k) + log p_j/p_k + ρ_jk(a)      p: the chances of the event
 * As for two types (signal_reach.c), with D_jk(a) = Q_j(a) - Q_k(a) a fixed point at scale t has
 *     ρ_jk(a) <= t λ (D_jk(a) - min D_jk),
 * so that bounds on what follows bound ρ, these what is believed, and these what follows, a few rounds.
 *
 * On a piece of the grid (game/grid.h) what follows is Σ_g w_g(b') g(k) V_k(g) / b'(k). The sum is linear in b', so
 *     C_k = f_k + Σ_j f_j b'(j)/b'(k),     f_j = Σ_g w_g(e_j) g(k) V_k(g),     j other than k,
 * with w_g(e_j) the corner's weight at the belief that is certain of j, outside the piece or not. All f_j but f_k hang
 * on differences of V_k alone. If the log σ(a) of all types change within a range of 1, so that each ρ_jk lies in
 * [-s, 1 - s] for some s of [0, 1],
 *     |dC_k| <= the greater of Σ |f_j| b'(j)/b'(k) over the j with f_j > 0 and that over those with f_j < 0.
 * An odds b'(j)/b'(k) is greatest at a corner of the piece, and at most what is within reach. S_k(a), the sum over
 * events of p_k times the greatest, says how much Q_k changes; signal_bounds.c takes it from there. C_k itself is a
 * mean of V_k over the corners that don't rule k out.
 */
#include "solve/signal_types.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "solve/signal_bounds.h"

enum {
    ROUNDS = 5,
    SLOTS = 2,           /* nodes at hand: where all types are possible, and where some aren't */
    MOST_NUMBERS = 65536 /* of the slopes of all pieces, after an event */
};

static const double SHRUNK = 0.9;  /* of a bound, for another round to be worth while */
static const double MARGIN = 1e-9; /* what rounding may do to ρ */

/* Numbers of types stand side by side for all types of the game; those that can't be there after an event have 0. */
typedef struct types_event {
    int cell;
    uint32_t place;
    double chance[DT_MOST_TYPES];
    dt_face face;
    int type[DT_MOST_TYPES]; /* [types of the face] which of the game's */
    int pieces;
    uint8_t *low;         /* [pieces][types of the face - 1] intervals */
    double *least, *most; /* [pieces][types] C_k */
    double *slope;        /* [pieces][types k][types j] f_j */
    double *odds;         /* [pieces][types k][types j] the greatest b'(j)/b'(k) of a corner */
    double *more; /* [types j][types k] the most of p_j C_j - p_k C_k, whatever is believed */
} types_event;

/* A node that was taken up. */
typedef struct slot {
    uint64_t stamp;
    const double *const *value;
    uint32_t base;
    int variable, subject_types, events;
    uint8_t type[DT_MOST_TYPES];
    types_event *event;
} slot;

struct dt_signal_types {
    int most_types;
    double room; /* numbers of slopes */
    slot slot[SLOTS];
    const slot *at; /* hand */
    int types, cells;
    double *likely;  /* [cells][types j][types k] the most of e^ρ_jk */
    double *reach;   /* [cells][types j][types k] the most of ρ_jk */
    double *more;    /* [cells][types j][types k] the most of D_jk */
    double *most;    /* [types j][types k] of these, of all actions */
    double *odds;    /* [types j][types k] the most of b'(j)/b'(k) after an event */
    double *corner;  /* [types][types] beliefs of corners, */
    double *weight;  /* [types] and weights at a certain belief */
    uint32_t *point; /* [types] */
    dt_signal_bounds bounds;
};

/* ---- room ------------------------------------------------------------------------------------ */

/* Slopes of all pieces of the finest grid, as many as are allowed; 0: no variable has three values. */
static double numbers_of(const dt_signal_size *size)
{
    const double numbers = pow(size->fineness, size->values - 1) * size->values * size->values;
    return size->values < 3 ? 0 : numbers < MOST_NUMBERS ? numbers : MOST_NUMBERS;
}

double dt_signal_types_bytes(const dt_signal_size *size)
{
    const double types = size->values, numbers = numbers_of(size);
    const double event = sizeof(types_event) + 8 * (3 * numbers + types * types) + numbers;
    return numbers == 0
               ? 0
               : sizeof(dt_signal_types) + SLOTS * size->events * event +
                     24 * size->cells * (types * types + types) + 8 * types * (3 * types + 2);
}

static void make_slot(dt_arena *arena, slot *at, const dt_signal_size *size)
{
    const size_t numbers = (size_t)numbers_of(size), types = (size_t)size->values;
    at->event = dt_new(arena, types_event, (size_t)size->events);
    for (int e = 0; e < size->events; e++) {
        types_event *event = &at->event[e];
        event->low = dt_new(arena, uint8_t, numbers);
        event->least = dt_new(arena, double, numbers / 2);
        event->most = dt_new(arena, double, numbers / 2);
        event->slope = dt_new(arena, double, numbers);
        event->odds = dt_new(arena, double, numbers);
        event->more = dt_new(arena, double, types *types);
    }
}

dt_signal_types *dt_signal_types_new(dt_arena *arena, const dt_signal_size *size)
{
    const size_t types = (size_t)size->values, cells = (size_t)size->cells;
    if (numbers_of(size) == 0)
        return NULL;
    dt_signal_types *space = dt_new(arena, dt_signal_types, 1);
    space->room = numbers_of(size);
    space->most_types = size->values;
    for (int i = 0; i < SLOTS; i++)
        make_slot(arena, &space->slot[i], size);
    double **pairs[] = {&space->likely, &space->reach, &space->more};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        *pairs[i] = dt_new(arena, double, cells *types *types);
    double **squares[] = {&space->most, &space->odds, &space->corner};
    for (size_t i = 0; i < sizeof squares / sizeof *squares; i++)
        *squares[i] = dt_new(arena, double, types *types);
    double **singles[] = {&space->bounds.sum, &space->bounds.poor, &space->bounds.rich};
    for (size_t i = 0; i < sizeof singles / sizeof *singles; i++)
        *singles[i] = dt_new(arena, double, cells *types);
    space->weight = dt_new(arena, double, types);
    space->point = dt_new(arena, uint32_t, types);
    return space;
}

static inline double lesser(double a, double b)
{
    return a < b ? a : b;
}

static inline double greater(double a, double b)
{
    return a > b ? a : b;
}

/* ---- a node ---------------------------------------------------------------------------------- */

/* The chances of an event by type; false if its action isn't seen, or the variable moves. */
static bool find_chances(const dt_signal_game *game, int event, types_event *to)
{
    const dt_signal_event *e = &game->event[event];
    const dt_subject *subject = &game->subject[0];
    memset(to->chance, 0, sizeof to->chance);
    if (e->cell < 0 || e->still[0])
        return false;
    for (int b = game->cell_branch[e->cell]; b < game->cell_branch[e->cell + 1]; b++) {
        const dt_signal_branch *branch = &game->branch[b];
        for (int k = 0; k < subject->types && branch->event == event; k++) {
            const double own = branch->chance[game->secret < 0 ? 0 : k];
            if (own > 0 && game->secret == 0 &&
                e->face[0].type[branch->after[k]] != subject->type[k])
                return false;
            to->chance[k] += own;
        }
    }
    return true;
}

/* What is known on one more piece. */
static void add_piece(dt_signal_types *space, const dt_signal_game *game, types_event *e,
                      const dt_piece *piece)
{
    const dt_player *player = &game->player[0];
    const int faces = e->face.types, types = space->types;
    const size_t at = (size_t)(e->pieces++);
    double *least = e->least + at * (size_t)types, *most = e->most + at * (size_t)types;
    double *slope = e->slope + at * (size_t)(types * types),
           *odds = e->odds + at * (size_t)(types * types);
    double value[DT_MOST_TYPES], certain[DT_MOST_TYPES] = {0};
    memcpy(e->low + at * (size_t)(faces - 1), piece->low, (size_t)(faces - 1));
    dt_piece_corners(&e->face, piece, space->point, space->corner);
    memset(least, 0, (size_t)types * sizeof *least);
    memset(most, 0, (size_t)types * sizeof *most);
    memset(slope, 0, (size_t)(types * types) * sizeof *slope);
    memset(odds, 0, (size_t)(types * types) * sizeof *odds);
    for (int f = 0; f < faces; f++) {
        const int k = e->type[f], column = player->column[e->face.type[f]];
        least[k] = INFINITY;
        most[k] = -INFINITY;
        for (int g = 0; g < faces; g++) {
            const double *corner = space->corner + g * faces;
            value[g] = dt_ahead_at(&game->ahead, e->place, column,
                                   space->at->base + space->point[g] * game->subject[0].stride);
            for (int h = 0; h < faces; h++) {
                const double own = corner[h] > 0 ? corner[h] / corner[f] : 0;
                odds[k * types + e->type[h]] = greater(own, odds[k * types + e->type[h]]);
            }
            if (corner[f] > 0) {
                least[k] = lesser(value[g], least[k]);
                most[k] = greater(value[g], most[k]);
            }
        }
        for (int h = 0; h < faces; h++) {
            double sum = 0;
            certain[h] = 1;
            dt_piece_weights(&e->face, piece, certain, space->weight);
            certain[h] = 0;
            for (int g = 0; g < faces && h != f; g++) /* a constant more would change f_k alone */
                sum += space->weight[g] * space->corner[g * faces + f] * (value[g] - least[k]);
            slope[k * types + e->type[h]] = sum;
        }
    }
}

/* The orders in which the sums from place `placed` on may be raised: of those in one interval the later first. */
static void add_orders(dt_signal_types *space, const dt_signal_game *game, types_event *e,
                       dt_piece *piece, int placed)
{
    const int sums = e->face.types - 1;
    if (placed == sums) {
        add_piece(space, game, e, piece);
        return;
    }
    for (int g = 0; g < sums; g++) {
        bool free = true;
        for (int i = 0; i < placed; i++)
            free &= piece->order[i] != g;
        for (int h = g + 1; h < sums && free && piece->low[h] == piece->low[g]; h++) {
            bool before = false;
            for (int i = 0; i < placed; i++)
                before |= piece->order[i] == h;
            free = before;
        }
        if (!free)
            continue;
        piece->order[placed] = (uint8_t)g;
        add_orders(space, game, e, piece, placed + 1);
    }
}

/* All pieces of the face, by the intervals of their sums. */
static void add_pieces(dt_signal_types *space, const dt_signal_game *game, types_event *e,
                       dt_piece *piece, int sum)
{
    if (sum == e->face.types - 1) {
        add_orders(space, game, e, piece, 0);
        return;
    }
    for (int low = sum > 0 ? piece->low[sum - 1] : 0; low < e->face.grid->fineness; low++) {
        piece->low[sum] = (uint8_t)low;
        add_pieces(space, game, e, piece, sum + 1);
    }
}

/* Raises bounds on p_j C_j - p_k C_k by what they can be on a piece. */
static void widen(const dt_signal_types *space, const types_event *e, int piece, double *more)
{
    const int types = space->types;
    const double *least = e->least + piece * types, *most = e->most + piece * types;
    for (int j = 0; j < types; j++) {
        for (int k = 0; k < types; k++)
            more[j * types + k] =
                greater(e->chance[j] * most[j] - e->chance[k] * least[k], more[j * types + k]);
    }
}

static void take_event(dt_signal_types *space, const dt_signal_game *game, int event,
                       types_event *e)
{
    const dt_subject *subject = &game->subject[0];
    dt_piece piece;
    e->cell = game->event[event].cell;
    e->place = game->event[event].place;
    e->face = game->event[event].face[0];
    for (int f = 0, k = 0; f < e->face.types; f++) {
        while (subject->type[k] != e->face.type[f])
            k++;
        e->type[f] = k;
    }
    e->pieces = 0;
    add_pieces(space, game, e, &piece, 0);
    for (int i = 0; i < space->types * space->types; i++)
        e->more[i] = -INFINITY;
    for (int p = 0; p < e->pieces; p++)
        widen(space, e, p, e->more);
}

/* Whether a slot holds the node; the chances of its events stand there already. */
static bool is_held(const slot *at, const dt_signal_game *game, uint32_t base)
{
    const dt_subject *subject = &game->subject[0];
    bool same = at->stamp != 0 && at->stamp == game->ahead.stamp &&
                at->value == game->ahead.value && at->base == base && at->events == game->events &&
                at->variable == subject->variable && at->subject_types == subject->types &&
                memcmp(at->type, subject->type, (size_t)subject->types) == 0;
    for (int e = 0; e < game->events && same; e++)
        same =
            at->event[e].cell == game->event[e].cell && at->event[e].place == game->event[e].place;
    return same;
}

bool dt_signal_types_take(dt_signal_types *space, const dt_signal_game *game, uint32_t base)
{
    if (!space || game->players != 1 || game->subjects != 1 || game->player[0].subject != 0)
        return false;
    const dt_subject *subject = &game->subject[0];
    const int types = subject->types;
    if (types < 2 || subject->grid->values < 3 || types > space->most_types ||
        pow(subject->grid->fineness, types - 1) * types * types > space->room)
        return false;
    slot *at = &space->slot[types < subject->grid->values];
    bool held = is_held(at, game, base);
    for (int e = 0; e < game->events; e++) {
        double before[DT_MOST_TYPES];
        memcpy(before, at->event[e].chance, sizeof before);
        if (!find_chances(game, e, &at->event[e])) {
            at->stamp = 0;
            return false;
        }
        held &= memcmp(before, at->event[e].chance, (size_t)types * sizeof *before) == 0;
    }
    space->at = at;
    space->types = space->bounds.types = types;
    space->cells = space->bounds.cells = game->cells;
    space->bounds.rationality = game->player[0].rationality;
    if (held)
        return true;
    at->stamp = game->ahead.stamp;
    at->value = game->ahead.value;
    at->base = base;
    at->variable = subject->variable;
    at->subject_types = types;
    at->events = game->events;
    memcpy(at->type, subject->type, (size_t)types);
    for (int e = 0; e < game->events; e++)
        take_event(space, game, e, &at->event[e]);
    return true;
}

/* ---- within reach ---------------------------------------------------------------------------- */

/* The intervals in which sums may lie after an event. */
typedef struct extent {
    uint8_t first[DT_MOST_TYPES], last[DT_MOST_TYPES];
} extent;

/* The odds within reach, and the intervals: with Σ_i over types up to the sum's and Σ_j over those past it
 * (1 - c)/c = Σ_j 1/(Σ_i b'(i)/b'(j)), whose odds are between 1 by those of j to i, and those of i to j. */
static void find_extent(const dt_signal_types *space, const types_event *e, const double *belief,
                        extent *x)
{
    const int types = space->types, fineness = e->face.grid->fineness;
    const double *knot = e->face.grid->knot, *likely = space->likely + e->cell * types * types;
    for (int j = 0; j < types; j++) {
        for (int k = 0; k < types; k++)
            space->odds[j * types + k] =
                belief[k] * e->chance[k] > 0
                    ? belief[j] * e->chance[j] / (belief[k] * e->chance[k]) * likely[j * types + k]
                    : INFINITY;
    }
    for (int g = 0; g + 1 < e->face.types; g++) {
        double few = 0, many = 0; /* (1 - c)/c lies between */
        bool any = false;
        for (int f = g + 1; f < e->face.types; f++) {
            const int j = e->type[f];
            double above = 0, below = 0;
            for (int h = 0; h <= g; h++) {
                const int i = e->type[h];
                any |= belief[i] > 0;
                above += belief[i] > 0 ? space->odds[i * types + j] : 0;
                below += belief[i] > 0 ? 1 / space->odds[j * types + i] : 0;
            }
            few += belief[j] > 0 ? 1 / above : 0;
            many += belief[j] > 0 ? 1 / below : 0;
        }
        const double low = any ? 1 / (1 + many) : 0, high = any ? 1 / (1 + few) : 0;
        int first = 0, last = fineness - 1;
        while (first + 1 < fineness && knot[first + 1] < low)
            first++;
        while (last > first && knot[last] > high)
            last--;
        x->first[g] = (uint8_t)first;
        x->last[g] = (uint8_t)last;
    }
}

/* Whether a piece may be within reach. */
static inline bool is_near(const types_event *e, int piece, const extent *x)
{
    const int sums = e->face.types - 1;
    const uint8_t *low = e->low + piece * sums;
    bool near = true;
    for (int g = 0; g < sums; g++)
        near &= x->first[g] <= low[g] && low[g] <= x->last[g];
    return near;
}

/* Bounds on ρ, from those on D. True if one has become narrower by much. */
static bool narrow_reach(dt_signal_types *space, const double *belief, bool first)
{
    const int types = space->types, square = types * types;
    bool better = first;
    for (int i = 0; i < square; i++) {
        space->most[i] = -INFINITY;
        for (int a = 0; a < space->cells; a++)
            space->most[i] = greater(space->more[a * square + i], space->most[i]);
    }
    for (int a = 0; a < space->cells; a++) {
        for (int j = 0; j < types; j++) {
            for (int k = 0; k < types; k++) {
                const int at = a * square + j * types + k;
                const double reach = greater(0, space->bounds.rationality *
                                                    (space->more[at] + space->most[k * types + j]));
                if (j == k || !(belief[j] > 0 && belief[k] > 0)) {
                    space->reach[at] = 0;
                    space->likely[at] = 1;
                } else if (first || reach < space->reach[at]) {
                    better |= reach < SHRUNK * space->reach[at];
                    space->reach[at] = reach;
                    space->likely[at] = exp(reach + MARGIN);
                }
            }
        }
    }
    return better;
}

/* Bounds on D and then on ρ; `whole`: what is believed may be anything. True if they have become narrower by much. */
static bool narrow(dt_signal_types *space, const double *belief, const double *pay, bool whole)
{
    const slot *at = space->at;
    const int types = space->types, square = types * types;
    for (int a = 0; a < space->cells; a++) {
        for (int j = 0; j < types; j++) {
            for (int k = 0; k < types; k++)
                space->more[a * square + j * types + k] =
                    pay[j * space->cells + a] - pay[k * space->cells + a];
        }
    }
    for (int i = 0; i < at->events; i++) {
        const types_event *e = &at->event[i];
        double *to = space->more + e->cell * square, *own = space->corner;
        extent x;
        if (whole) {
            own = e->more;
        } else {
            find_extent(space, e, belief, &x);
            for (int s = 0; s < square; s++)
                own[s] = -INFINITY;
            for (int p = 0; p < e->pieces; p++) {
                if (is_near(e, p, &x))
                    widen(space, e, p, own);
            }
        }
        for (int s = 0; s < square; s++)
            to[s] += own[s];
    }
    return narrow_reach(space, belief, whole);
}

/* How much what follows a piece changes for a type at most. */
static double slope_on(const dt_signal_types *space, const types_event *e, int piece, int k)
{
    const int types = space->types;
    const double *slope = e->slope + (piece * types + k) * types;
    const double *odds = e->odds + (piece * types + k) * types;
    double up = 0, down = 0;
    for (int j = 0; j < types; j++) {
        if (slope[j] == 0)
            continue;
        const double part = fabs(slope[j]) * lesser(odds[j], space->odds[j * types + k]);
        up += slope[j] > 0 ? part : 0;
        down += slope[j] > 0 ? 0 : part;
    }
    return greater(up, down);
}

/* S_k and bounds on Q_k within reach. */
static void find_bounds(dt_signal_types *space, const double *belief, const double *pay)
{
    const slot *at = space->at;
    const int types = space->types, cells = space->cells;
    memset(space->bounds.sum, 0, (size_t)(types * cells) * sizeof(double));
    memcpy(space->bounds.poor, pay, (size_t)(types * cells) * sizeof(double));
    memcpy(space->bounds.rich, pay, (size_t)(types * cells) * sizeof(double));
    for (int i = 0; i < at->events; i++) {
        const types_event *e = &at->event[i];
        extent x;
        find_extent(space, e, belief, &x);
        for (int f = 0; f < e->face.types; f++) {
            const int k = e->type[f], to = k * cells + e->cell;
            double steep = 0, least = INFINITY, most = -INFINITY;
            if (!(belief[k] > 0))
                continue;
            for (int p = 0; p < e->pieces; p++) {
                if (!is_near(e, p, &x))
                    continue;
                const double slope = slope_on(space, e, p, k);
                steep = slope <= steep ? steep : slope; /* nor a number: then nothing is known */
                least = lesser(e->least[p * types + k], least);
                most = greater(e->most[p * types + k], most);
            }
            space->bounds.sum[to] += e->chance[k] * steep;
            space->bounds.poor[to] += e->chance[k] * least;
            space->bounds.rich[to] += e->chance[k] * most;
        }
    }
}

double dt_signal_types_upto(dt_signal_types *space, const double *belief, const double *pay,
                            double limit)
{
    for (int round = 0; round < ROUNDS && narrow(space, belief, pay, round == 0); round++)
        ;
    find_bounds(space, belief, pay);
    const double plain = dt_signal_bounds_plain(&space->bounds);
    return dt_signal_bounds_upto(&space->bounds, plain, limit);
}
