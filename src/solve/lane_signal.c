/*
 * Signalling games in lanes (lane_signal.h). With m_k(c) = b(k) σ_k(c) and the chances p_k of a route,
 *     b'(k') = Σ m_k(c) p_k / Σ Σ m_k(c) p_k     over the routes to an event that lead to k'
 * lies between two knots l < b'(0) <= u; the signal takes it to u with the weight w = (b'(0) - l)/(u - l), as
 * a type sees it w u/b'(0), or w (1-u)/b'(1). What follows is V(l) + that · (V(u) - V(l)).
 *
 * The map y ← λ (Q(a) - Q(first)) is repeated, by Newton's method where actions are seen and the variable stands
 * still, until it stands but for rounding. A lane that gains less than half a digit a time, or in which a
 * probability comes near to underflow, is left to others. One source for every kernel (lane.h). Invariant: once
 * done a lane's y isn't moved, so that its bits are those of that round, whatever the others still do.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "solve/lane_signal_view.h"

enum {
    ROUNDS = 32,
    FREE =
        6 /* in which Newton's method needn't gain, as beliefs still go from interval to interval */
};

static const double GAIN = 0.3;     /* a change must fall below this much of the one before */
static const double LAST = 1e-15;   /* where y stands still, relative to 1 + |y| */
static const double NEARLY = 8e-15; /* and where rounding may keep it moving */
static const double LEAST = 1e-200; /* the probability of an option that beliefs are taken from */

dt_lane_signal_space *DT_KERNEL(dt_lane_signal_space_new)(dt_arena *arena,
                                                          const dt_signal_size *size)
{
    dt_lane_signal_space *space = dt_new(arena, dt_lane_signal_space, 1);
    const size_t events = (size_t)size->events, cells = (size_t)size->cells;
    const size_t line = DT_WORLDS * sizeof(double);
    space->view = (view *)dt_new_worlds(arena, (events * sizeof(view) + line - 1) / line);
    dt_lane **lanes[] = {&space->joint, &space->ahead, &space->y,      &space->sigma,
                         &space->mass,  &space->q,     &space->change, &space->slope};
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++)
        *lanes[i] = (dt_lane *)dt_new_worlds(arena, 2 * (i < 2 ? events : cells));
    return space;
}

/* ---- strategies ------------------------------------------------------------------------------ */

/* What follows each event for who knows and chooses. */
static void look_ahead(const seat *s)
{
    const dt_lane_signal *game = s->game;
    for (int e = 0; e < game->events; e++) {
        const view *v = &s->space->view[e];
        for (int k = 0; k < 2; k++)
            s->space->ahead[2 * e + k] =
                game->event[e].still ? v->here[k] : v->here[k] + v->part[k] * v->rise[k];
    }
}

/* q [2][cells] of who knows and chooses. */
static void find_own(const seat *s)
{
    const dt_lane_signal *game = s->game;
    dt_lane *q = s->space->q;
    for (int c = 0; c < game->cells; c++) {
        for (int k = 0; k < 2; k++)
            q[k * game->cells + c] =
                load(game->pay[2 * c + k] + game->own[k] * DT_WORLDS + s->first);
    }
    for (int r = 0; r < game->routes; r++) {
        const dt_lane_route *route = &game->route[r];
        for (int k = 0; k < 2; k++) {
            if (route->chance[k] > 0)
                q[k * game->cells + route->cell] +=
                    route->chance[k] * s->space->ahead[2 * route->event + route->after[k]];
        }
    }
}

/* σ [cells] from log odds; returns the least. */
static dt_lane play(const dt_lane *y, int cells, dt_lane *sigma)
{
    dt_lane top = dt_lane_all(0), sum = dt_lane_all(0), least = dt_lane_all(1);
    for (int c = 1; c < cells; c++)
        top = dt_lane_greater(y[c], top);
    for (int c = 0; c < cells; c++) {
        sigma[c] = dt_lane_exp((c == 0 ? dt_lane_all(0) : y[c]) - top);
        sum += sigma[c];
    }
    const dt_lane share = 1.0 / sum;
    for (int c = 0; c < cells; c++) {
        sigma[c] *= share;
        least = dt_lane_lesser(sigma[c], least);
    }
    return least;
}

/* Masses of cells, from σ. */
static void weigh(const seat *s)
{
    const int cells = s->game->cells;
    for (int k = 0; k < 2; k++) {
        const dt_lane *sigma = s->space->sigma + (s->game->knows ? k * cells : 0);
        for (int c = 0; c < cells; c++)
            s->space->mass[k * cells + c] = dt_lane_where(s->possible[k], s->belief[k] * sigma[c]);
    }
}

/* Whether in a lane nothing is near to underflow. */
static dt_lane_mask is_sound(const seat *s)
{
    const int cells = s->game->cells, types = s->game->knows ? 2 : 1;
    dt_lane_mask sound = ~(dt_lane_mask){0};
    for (int k = 0; k < types; k++) {
        dt_lane least = dt_lane_all(1);
        for (int c = 0; c < cells; c++)
            least = dt_lane_lesser(s->space->sigma[k * cells + c], least);
        const dt_lane_mask own = (dt_lane_mask)(least > LEAST);
        sound &= s->game->knows ? own | ~s->possible[k] : own;
    }
    return sound;
}

/* λ dQ_k/dρ(a): 0 in lanes where one type is impossible, as nothing is learned there. */
static void find_slopes(const seat *s)
{
    const dt_lane_signal *game = s->game;
    dt_lane *slope = s->space->slope;
    for (int i = 0; i < 2 * game->cells; i++)
        slope[i] = dt_lane_all(0);
    for (int e = 0; e < game->events; e++) {
        const view *v = &s->space->view[e];
        const dt_lane odds = v->belief[0] / v->belief[1];
        s->space->ahead[2 * e] = v->steep[0] / odds;
        s->space->ahead[2 * e + 1] = v->steep[1] * odds;
    }
    for (int r = 0; r < game->routes; r++) {
        const dt_lane_route *route = &game->route[r];
        for (int k = 0; k < 2; k++) {
            if (route->chance[k] > 0)
                slope[k * game->cells + route->cell] +=
                    route->chance[k] * s->space->ahead[2 * route->event + k];
        }
    }
    for (int i = 0; i < 2 * game->cells; i++)
        slope[i] = dt_lane_where(s->possible[0] & s->possible[1], game->rationality * slope[i]);
}

/* Makes of the map's change c of y Newton's. Of ρ the map's change is r(a) = (c_0(a) - mean) - (c_1(a) - mean), means
 * by σ_k; with the Jacobian D + 1 v' of signal_degree.c ρ changes by δ, (D + 1 v') δ = r, and y_k by c_k and what δ
 * brings. */
static void correct(const seat *s)
{
    const int cells = s->game->cells;
    const dt_lane *sigma = s->space->sigma;
    dt_lane *change = s->space->change, *delta = s->space->mass, *slope = s->space->slope;
    dt_lane *share = delta + cells, mean[2] = {{0}, {0}}, sum = dt_lane_all(1), all = {0};
    find_slopes(s);
    for (int k = 0; k < 2; k++) {
        change[k * cells] = dt_lane_all(0);
        for (int c = 0; c < cells; c++)
            mean[k] += sigma[k * cells + c] * change[k * cells + c];
    }
    for (int c = 0; c < cells; c++) {
        const dt_lane first = slope[c], second = slope[cells + c];
        share[c] = 1.0 / (1.0 - first + second);
        delta[c] = ((change[c] - mean[0]) - (change[cells + c] - mean[1])) * share[c];
        const dt_lane row = sigma[c] * first - sigma[cells + c] * second;
        sum += row * share[c];
        all += row * delta[c];
    }
    all /= sum;
    for (int c = 0; c < cells; c++)
        delta[c] -= all * share[c];
    for (int k = 0; k < 2; k++) {
        for (int c = cells - 1; c >= 0; c--)
            change[k * cells + c] += slope[k * cells + c] * delta[c] - slope[k * cells] * delta[0];
    }
}

/* The strategies of who knows and chooses: the lanes in which they were found. */
static dt_lane_mask iterate(const seat *s, dt_lane *residual)
{
    const dt_lane_signal *game = s->game;
    dt_lane_signal_space *space = s->space;
    const int cells = game->cells;
    dt_lane before = dt_lane_all(INFINITY);
    dt_lane_mask going = s->wanted, found = {0};
    for (int i = 0; i < 2 * cells; i++)
        space->y[i] = game->start ? load(game->start + i * DT_WORLDS + s->first) : dt_lane_all(0);
    for (int round = 0; round < ROUNDS; round++) {
        dt_lane change = dt_lane_all(0), most = change;
        for (int k = 0; k < 2; k++)
            play(space->y + k * cells, cells, space->sigma + k * cells);
        going &= is_sound(s);
        weigh(s);
        join(s);
        believe(s, round == 0);
        look_ahead(s);
        find_own(s);
        for (int k = 0; k < 2; k++) {
            for (int c = 1; c < cells; c++) {
                dt_lane *y = &space->y[k * cells + c], *by = &space->change[k * cells + c];
                *by = game->rationality * (space->q[k * cells + c] - space->q[k * cells]) - *y;
                going &= (dt_lane_mask)(*by - *by == 0.0) | ~s->possible[k];
                change = dt_lane_greater(dt_lane_where(s->possible[k], dt_lane_abs(*by)), change);
                most = dt_lane_greater(dt_lane_where(s->possible[k], dt_lane_abs(*y)), most);
            }
        }
        const dt_lane_mask stands = (dt_lane_mask)(change <= LAST * (1.0 + most)),
                           rounds = (dt_lane_mask)(change <= NEARLY * (1.0 + most)) &
                                    (dt_lane_mask)(change > GAIN * before);
        const dt_lane_mask done = going & (stands | rounds);
        *residual = dt_lane_select(done, 0.5 * change + LAST, *residual);
        found |= done;
        going &= ~done;
        if (round > (game->told ? FREE : 1))
            going &= (dt_lane_mask)(change <= GAIN * before);
        if (!dt_lane_any(going) || round + 1 == ROUNDS)
            break; /* what is at hand belongs to those that are found */
        if (game->told)
            correct(s);
        for (int i = 0; i < 2 * cells; i++)
            space->y[i] += dt_lane_where(going, space->change[i]);
        before = change;
    }
    return found;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* What follows each event in a column; seen by the type of this value, or -1. */
static void listen(const seat *s, int column, int type, dt_lane *ahead)
{
    const dt_lane_signal *game = s->game;
    for (int e = 0; e < game->events; e++) {
        const view *v = &s->space->view[e];
        if (game->event[e].still) {
            ahead[2 * e] = stay(s, game->event[e].place, column);
            continue;
        }
        const dt_lane low = gather(v->column[0], column), high = gather(v->column[1], column);
        ahead[2 * e] = low + (type < 0 ? v->upper : v->part[type]) * (high - low);
    }
}

/* What a cell pays in a column if the variable has a value. */
static dt_lane paid(const seat *s, int cell, int type, int column)
{
    return load(s->game->pay[2 * cell + type] + column * DT_WORLDS + s->first);
}

/* q [types][cells] of a voice that chooses. */
static void weigh_cells(const seat *s, const dt_voice *voice, dt_lane *q)
{
    const dt_lane_signal *game = s->game;
    const int types = voice->subject < 0 ? 1 : 2;
    for (int k = 0; k < types; k++)
        listen(s, voice->column[k], types == 1 ? -1 : k, s->space->ahead + k);
    for (int i = 0; i < types * game->cells; i++)
        q[i] = dt_lane_all(0);
    for (int k = 0; k < 2; k++) {
        dt_lane *to = q + (types == 1 ? 0 : k * game->cells);
        const dt_lane weight = types == 1 ? s->belief[k] : dt_lane_all(1);
        for (int c = 0; c < game->cells; c++)
            to[c] += weight * paid(s, c, k, voice->column[types == 1 ? 0 : k]);
        for (int r = 0; r < game->routes; r++) {
            const dt_lane_route *route = &game->route[r];
            if (route->chance[k] > 0)
                to[route->cell] +=
                    weight * route->chance[k] *
                    s->space->ahead[2 * route->event + (types == 1 ? 0 : route->after[k])];
        }
    }
}

static void put(const seat *s, int column, dt_lane value)
{
    keep(s, value, s->game->worth + column * DT_WORLDS + s->first);
}

/* The greatest, or the surplus, of what a voice can choose. */
static void settle_choice(const seat *s, const dt_voice *voice)
{
    const dt_lane_signal *game = s->game;
    const int types = voice->subject < 0 ? 1 : 2;
    weigh_cells(s, voice, s->space->q);
    for (int k = 0; k < types; k++) {
        const dt_lane *q = s->space->q + k * game->cells;
        dt_lane top = q[0], sum = dt_lane_all(0);
        for (int c = 1; c < game->cells; c++)
            top = dt_lane_greater(q[c], top);
        for (int c = 0; c < game->cells && !voice->best; c++)
            sum += dt_lane_exp(game->rationality * (q[c] - top));
        const dt_lane value = voice->best ? top : top + dt_lane_log(sum) / game->rationality;
        put(s, voice->column[k], types == 1 ? value : dt_lane_where(s->possible[k], value));
    }
}

/* The average of a voice that sees the types' actions from without. */
static void settle_onlooker(const seat *s, const dt_voice *voice)
{
    const dt_lane_signal *game = s->game;
    const dt_lane *mass = s->space->mass;
    dt_lane *ahead = s->space->ahead;
    const int column = voice->column[0];
    dt_lane sum = dt_lane_all(0);
    listen(s, column, -1, ahead);
    for (int c = 0; c < game->cells; c++) {
        if (game->pay[2 * c] == game->pay[2 * c + 1])
            sum += (mass[c] + mass[game->cells + c]) * paid(s, c, 0, column);
        else
            sum += mass[c] * paid(s, c, 0, column) + mass[game->cells + c] * paid(s, c, 1, column);
    }
    for (int e = 0; e < game->events; e++)
        sum += (s->space->joint[2 * e] + s->space->joint[2 * e + 1]) * ahead[2 * e];
    put(s, column, sum);
}

/* The averages of the types of a voice that knows. */
static void settle_knowing(const seat *s, const dt_voice *voice)
{
    const dt_lane_signal *game = s->game;
    for (int k = 0; k < 2; k++)
        listen(s, voice->column[k], k, s->space->ahead + k);
    for (int k = 0; k < 2; k++) {
        const dt_lane *sigma = s->space->sigma + (game->knows ? k * game->cells : 0);
        dt_lane sum = dt_lane_all(0);
        for (int c = 0; c < game->cells; c++)
            sum += sigma[c] * paid(s, c, k, voice->column[k]);
        for (int r = 0; r < game->routes; r++) {
            const dt_lane_route *route = &game->route[r];
            if (route->chance[k] > 0)
                sum += sigma[route->cell] * route->chance[k] *
                       s->space->ahead[2 * route->event + route->after[k]];
        }
        put(s, voice->column[k], dt_lane_where(s->possible[k], sum));
    }
}

/* Q [types][cells] of who chooses, whatever it knows. */
static void find_qualities(const seat *s)
{
    const dt_lane_signal *game = s->game;
    if (game->knows) {
        look_ahead(s);
        find_own(s);
        return;
    }
    dt_lane *total = s->space->change, *q = s->space->q;
    for (int c = 0; c < game->cells; c++)
        total[c] = dt_lane_all(0);
    for (int m = 0; m < game->members; m++) {
        const dt_voice member = {.subject = -1, .column = &game->own[m]};
        weigh_cells(s, &member, q);
        for (int c = 0; c < game->cells; c++)
            total[c] += game->weight[m] * q[c];
    }
    memcpy(q, total, (size_t)game->cells * sizeof *q);
}

/* σ ∝ exp(λ Q) of each type, into sigma [types][cells]. */
static void answer(const seat *s, dt_lane *sigma)
{
    const int cells = s->game->cells, types = s->game->knows ? 2 : 1;
    for (int k = 0; k < types; k++) {
        const dt_lane *q = s->space->q + k * cells;
        for (int c = 1; c < cells; c++)
            s->space->y[c] = s->game->rationality * (q[c] - q[0]);
        play(s->space->y, cells, sigma + k * cells);
    }
}

/* ---- a vector -------------------------------------------------------------------------------- */

/* Takes strategies from where they are kept, and puts them there. */
static void move_strategies(const seat *s, bool read)
{
    const dt_lane_signal *game = s->game;
    const int types = game->knows ? 2 : 1;
    for (int i = 0; i < types * game->cells; i++) {
        double *kept = game->sigma + (size_t)i * DT_WORLDS + s->first;
        if (read) {
            s->space->sigma[i] = load(kept);
            continue;
        }
        dt_lane own = s->space->sigma[i];
        if (game->knows)
            own = dt_lane_where(s->possible[i / game->cells], own);
        keep(s, own, kept);
    }
}

/* Intervals are looked for from where points are. */
static void start_intervals(const seat *s)
{
    const dt_lane_signal *game = s->game;
    const int last = game->grid->fineness - 1;
    for (int e = 0; e < game->events; e++) {
        for (int l = 0; l < DT_LANES; l++) {
            const int at = (int)game->at[s->first + (size_t)l];
            s->space->view[e].interval[l] = at < last ? at : last;
        }
    }
}

/* What a type's columns are at the points themselves, for events after which nothing is learned. */
static void take_still(const seat *s)
{
    const dt_lane_signal *game = s->game;
    for (int e = 0; e < game->events; e++) {
        view *v = &s->space->view[e];
        for (int k = 0; k < 2 && game->knows && game->event[e].still; k++)
            v->here[k] = stay(s, game->event[e].place, game->own[k]);
    }
}

/* The lanes that are done. */
static dt_lane_mask solve(const seat *s)
{
    const dt_lane_signal *game = s->game;
    dt_lane_signal_space *space = s->space;
    const int types = game->knows ? 2 : 1;
    dt_lane residual = dt_lane_all(0);
    dt_lane_mask done = ~(dt_lane_mask){0};
    start_intervals(s);
    take_still(s);
    for (int c = 0; c < types * game->cells; c++)
        space->sigma[c] = dt_lane_all(1.0 / game->cells);
    if (game->decide && game->knows) {
        done = iterate(s, &residual);
    } else {
        if (game->moves && !game->decide)
            move_strategies(s, true);
        done = is_sound(s);
        weigh(s);
        join(s);
        believe(s, true);
        if (game->moves && (game->decide || game->measure))
            find_qualities(s);
        if (game->moves && game->decide) {
            answer(s, space->sigma);
            weigh(s); /* what is believed of the variable stays */
            join(s);
        } else if (game->moves && game->measure) {
            answer(s, space->change);
            for (int i = 0; i < types * game->cells; i++) {
                const dt_lane off = dt_lane_abs(space->sigma[i] - space->change[i]);
                residual = dt_lane_greater(
                    game->knows ? dt_lane_where(s->possible[i / game->cells], off) : off, residual);
            }
        }
    }
    if (game->moves && game->decide)
        move_strategies(s, false);
    for (int v = 0; v < game->voices; v++) {
        const dt_voice *voice = &game->voice[v];
        if (voice->player >= 0 && (voice->best || voice->taste))
            settle_choice(s, voice);
        else if (voice->subject < 0)
            settle_onlooker(s, voice);
        else
            settle_knowing(s, voice);
    }
    memcpy(game->residual + s->first, &residual, sizeof residual);
    return done;
}

/* A vector of the game. */
static seat seat_of(const dt_lane_signal *game, dt_lane_signal_space *space, size_t vector)
{
    seat s = {.game = game, .space = space, .first = vector * DT_LANES};
    for (int k = 0; k < 2; k++) {
        s.belief[k] = load(game->belief + k * DT_WORLDS + s.first);
        s.possible[k] = (dt_lane_mask)(s.belief[k] > 0.0);
    }
    for (int l = 0; l < DT_LANES; l++)
        s.wanted[l] = game->wanted >> (s.first + (size_t)l) & 1 ? -1 : 0;
    s.all = dt_lane_every(s.wanted);
    return s;
}

/* A bit for each lane of a mask. */
static uint32_t bits_of(const seat *s, dt_lane_mask mask)
{
    uint32_t bits = 0;
    for (int l = 0; l < DT_LANES; l++)
        bits |= mask[l] ? 1U << (s->first + (size_t)l) : 0;
    return bits;
}

uint32_t DT_KERNEL(dt_lane_signal_solve)(const dt_lane_signal *game, dt_lane_signal_space *space)
{
    uint32_t bits = 0;
    assert(game->grid->values == 2 && (game->moves || game->cells == 1));
    for (size_t p = 0; p < DT_PACKS; p++) {
        const seat s = seat_of(game, space, p);
        if (dt_lane_any(s.wanted))
            bits |= bits_of(&s, solve(&s) & s.wanted);
    }
    return bits;
}

uint32_t DT_KERNEL(dt_lane_signal_told)(const dt_lane_signal *game, dt_lane_signal_space *space,
                                        dt_lane_told *told)
{
    uint32_t bits = 0;
    assert(game->grid->values == 2 && (game->moves || game->cells == 1));
    for (size_t p = 0; p < DT_PACKS; p++) {
        seat s = seat_of(game, space, p);
        if (!dt_lane_any(s.wanted))
            continue;
        s.blind = true;
        start_intervals(&s);
        space->sigma[0] = dt_lane_all(1);
        if (game->moves)
            move_strategies(&s, true);
        bits |= bits_of(&s, is_sound(&s) & s.wanted);
        weigh(&s);
        join(&s);
        believe(&s, true);
        for (int e = 0; e < game->events; e++) {
            const view *v = &space->view[e];
            memcpy(told[e].interval + s.first, v->interval, sizeof v->interval);
            for (int k = 0; k < 2; k++) {
                const dt_lane low = k == 0 ? v->low : 1.0 - v->low;
                const dt_lane lower = dt_lane_where((dt_lane_mask)(v->belief[k] > 0.0),
                                                    (1.0 - v->upper) * low / v->belief[k]);
                memcpy(told[e].upper[k] + s.first, &v->part[k], sizeof v->part[k]);
                memcpy(told[e].lower[k] + s.first, &lower, sizeof lower);
            }
        }
    }
    return bits;
}
