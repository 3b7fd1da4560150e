/*
 * The equations of a signalling game (signal_space.h), from logits to gains, in the order in which one
 * thing follows from the other: strategies, beliefs after events, weights of corners, what follows, the
 * values of options. Beliefs are taken from log σ where σ itself would underflow.
 */
#include "solve/signal_space.h"

#include <assert.h>
#include <math.h>
#include <string.h>

typedef double four __attribute__((vector_size(32), aligned(8), may_alias));

/* Below this probabilities are multiplied only relative to the largest. */
static const double TINY = -600;

/* ---- jets ------------------------------------------------------------------------------------ */

static inline void set(double *to, double number, size_t width)
{
    memset(to, 0, width * sizeof *to);
    *to = number;
}

/* to += s a */
static inline void add(double *to, double s, const double *a, size_t width)
{
    if (width == 1) {
        *to += s * *a;
        return;
    }
    for (size_t i = 0; i < width; i += 4)
        *(four *)(to + i) += s * *(const four *)(a + i);
}

/* to += s a b */
static inline void add_product(double *to, double s, const double *a, const double *b, size_t width)
{
    const double x = *a, y = *b, product = *to + s * x * y;
    if (width > 1) {
        for (size_t i = 0; i < width; i += 4)
            *(four *)(to + i) += s * (x * *(const four *)(b + i) + y * *(const four *)(a + i));
    }
    *to = product;
}

/* to = a / b */
static inline void divide(double *to, const double *a, const double *b, size_t width)
{
    const double q = *a / *b, s = 1 / *b;
    if (width > 1) {
        for (size_t i = 0; i < width; i += 4)
            *(four *)(to + i) = s * (*(const four *)(a + i) - q * *(const four *)(b + i));
    }
    *to = q;
}

/* to = exp(a), given its value */
static inline void raise(double *to, double value, const double *a, size_t width)
{
    for (size_t i = 1; i < width; i++)
        to[i] = value * a[i];
    *to = value;
}

/* ---- strategies ------------------------------------------------------------------------------ */

static void find_strategies(dt_signal_space *space, const double *y)
{
    const size_t width = space->width;
    double *norm = space->work;
    for (int a = 0; a < space->agents; a++) {
        const int first = space->agent_option[a], beyond = space->agent_option[a + 1];
        const int unknown = space->agent_unknown[a] - first - 1;
        double top = 0, sum = 0;
        for (int o = first + 1; o < beyond; o++)
            top = y[o + unknown] > top ? y[o + unknown] : top;
        for (int o = first; o < beyond; o++) {
            const double logit = o == first ? 0 : y[o + unknown];
            const double e = exp(logit - top);
            space->sigma[(size_t)o * width] = e;
            sum += e;
        }
        /* the logarithm of the sum, and its derivatives σ */
        set(norm, top + log(sum), width);
        for (int o = first; o < beyond; o++) {
            const double share = space->sigma[(size_t)o * width] / sum;
            space->sigma[(size_t)o * width] = share;
            if (width > 1 && o > first)
                norm[1 + o + unknown] = share;
        }
        for (int o = first; o < beyond; o++) {
            double *logit = space->logit + (size_t)o * width;
            set(logit, o == first ? 0 : y[o + unknown], width);
            if (width > 1 && o > first)
                logit[1 + o + unknown] = 1;
            add(logit, -1, norm, width);
            raise(space->sigma + (size_t)o * width, space->sigma[(size_t)o * width], logit, width);
        }
    }
}

bool dt_signal_put(dt_signal_space *space, const double *sigma, bool gains)
{
    space->width = 1;
    for (int o = 0; o < space->total; o++) {
        space->sigma[o] = sigma[o];
        space->logit[o] = log(sigma[o]);
    }
    return dt_signal_evaluate(space, NULL, false, true, gains);
}

/* ---- beliefs --------------------------------------------------------------------------------- */

/* The option of an agent in a cell, among all. */
static inline int option_in(const dt_signal_space *space, int agent, int cell)
{
    const int player = space->agent_player[agent];
    return space->agent_option[agent] + space->choice[cell * space->game->players + player];
}

/* Jets [types] of what each type's action weighs in what is seen of a subject: σ_k, over the largest if all
 * are tiny. Agents of the subject's owner are side by side. `to` NULL: nobody who knows it moves. */
static bool weigh_types(const dt_signal_space *space, const dt_subject *subject, int cell,
                        double *to)
{
    const size_t width = space->width;
    const int first = space->player_agent[subject->owner];
    double most = -INFINITY;
    for (int k = 0; k < subject->types; k++) {
        const double logit = space->logit[(size_t)option_in(space, first + k, cell) * width];
        most = logit > most ? logit : most;
    }
    for (int k = 0; k < subject->types; k++) {
        const size_t o = (size_t)option_in(space, first + k, cell) * width;
        if (most > TINY / 2 && space->logit[o] > TINY)
            memcpy(to, space->sigma + o, width * sizeof *to);
        else
            raise(to, exp(space->logit[o] - most), space->logit + o,
                  width); /* the factor cancels */
        if (!(*to > 0))
            return false;
        to += width;
    }
    return true;
}

/* What the cell of a branch adds to the joint chances [types after] of a subject's values. */
static bool add_branch(dt_signal_space *space, int x, const dt_signal_branch *branch, double *joint)
{
    const dt_signal_game *game = space->game;
    const dt_subject *subject = &game->subject[x];
    const size_t width = space->width;
    double *types = space->worth;
    const bool moves = subject->owner >= 0;
    if (moves && !weigh_types(space, subject, branch->cell, types))
        return false;
    for (int k = 0; k < subject->types; k++) {
        const double chance = subject->belief[k] * (x == game->secret ? branch->chance[k] : 1);
        const int after = x == game->secret ? branch->after[k] : k;
        if (chance <= 0)
            continue;
        if (moves)
            add(joint + (size_t)after * width, chance, types + (size_t)k * width, width);
        else
            joint[(size_t)after * width] += chance;
    }
    return true;
}

static void point_corners(const dt_signal_space *space, int event, int x, dt_view_after *view)
{
    const dt_signal_game *game = space->game;
    const dt_face *face = &game->event[event].face[x];
    dt_piece_corners(face, &view->piece, view->point, view->at);
    for (int g = 0; g < face->types; g++)
        view->point[g] *= game->subject[x].stride;
}

void dt_signal_repoint(dt_signal_space *space)
{
    const dt_signal_game *game = space->game;
    for (int e = 0; e < game->events; e++) {
        for (int x = 0; x < game->subjects; x++) {
            const int at = space->value_of[e * game->subjects + x];
            if (at >= 0)
                point_corners(space, e, x, &space->view[at]);
        }
    }
}

/* b' of a subject after an event, and the weights of its corners. */
static bool find_view(dt_signal_space *space, int event, int x, bool find)
{
    const dt_signal_game *game = space->game;
    const dt_signal_event *e = &game->event[event];
    const dt_face *face = &e->face[x];
    const size_t width = space->width, bytes = width * sizeof(double);
    dt_view_after *view = &space->view[space->value_of[event * game->subjects + x]];
    double *belief = view->belief, *sum = space->work;
    memset(belief, 0, (size_t)face->types * bytes);
    const int first = e->cell < 0 ? 0 : game->cell_branch[e->cell];
    const int beyond = game->cell_branch[e->cell < 0 ? game->cells : e->cell + 1];
    bool seen = false;
    for (int b = first; b < beyond; b++) {
        if (game->branch[b].event != event || (seen && x != game->secret))
            continue;
        if (!add_branch(space, x, &game->branch[b], belief))
            return false;
        seen = true;
    }
    memset(sum, 0, bytes);
    for (int k = 0; k < face->types; k++)
        add(sum, 1, belief + (size_t)k * width, width);
    double plain[DT_MOST_TYPES], weight[DT_MOST_TYPES];
    for (int k = 0; k < face->types; k++) {
        double *b = belief + (size_t)k * width;
        divide(b, b, sum, width);
        plain[k] = *b;
        if (!(plain[k] > 0))
            return false;
    }
    if (find) {
        dt_piece_find(face, plain, &view->piece);
        point_corners(space, event, x, view);
    }
    dt_piece_weights(face, &view->piece, plain, weight);
    if (width > 1) {
        /* the same on each derivative of b', without the constants */
        double slope[DT_MOST_TYPES], none[DT_MOST_TYPES], zero[DT_MOST_TYPES] = {0};
        dt_piece_weights(face, &view->piece, zero, none);
        for (size_t i = 1; i < width; i++) {
            for (int k = 0; k < face->types; k++)
                plain[k] = belief[(size_t)k * width + i];
            dt_piece_weights(face, &view->piece, plain, slope);
            for (int g = 0; g < face->types; g++)
                view->weight[(size_t)g * width + i] = slope[g] - none[g];
        }
    }
    for (int g = 0; g < face->types; g++)
        view->weight[(size_t)g * width] = weight[g];
    return true;
}

/* ---- what follows ---------------------------------------------------------------------------- */

static const dt_view_after *view_of(const dt_signal_space *space, int event, int x)
{
    const int at = space->value_of[event * space->game->subjects + x];
    return at < 0 ? NULL : &space->view[at];
}

/* What follows at one joint point for a player of a type after. */
static double value_at(const dt_signal_game *game, const dt_signal_event *event,
                       const dt_player *player, int type, uint32_t point)
{
    if (player->subject >= 0)
        return dt_ahead_at(&game->ahead, event->place,
                           player->column[event->face[player->subject].type[type]], point);
    double sum = 0;
    for (int m = 0; m < player->members; m++)
        sum +=
            player->weight[m] * dt_ahead_at(&game->ahead, event->place, player->column[m], point);
    return sum;
}

/* The joint point of an event at which subjects that are still stay, and the others are at 0. */
static uint32_t base_of(const dt_signal_space *space, int event)
{
    const dt_signal_game *game = space->game;
    uint32_t point = game->point;
    for (int x = 0; x < game->subjects; x++) {
        if (!view_of(space, event, x))
            point += game->subject[x].point * game->subject[x].stride;
    }
    return point;
}

/* Adds to `to` what follows from subject x on: Σ over its corners of weight · what follows from the next
 * on; with `own` and `type`, whose probabilities are those of a type after. */
static void spread(dt_signal_space *space, int event, int x, uint32_t point,
                   const dt_player *player, int type, double *to, double *const *work)
{
    const dt_signal_game *game = space->game;
    const size_t width = space->width;
    while (x < game->subjects && !view_of(space, event, x))
        x++;
    if (x == game->subjects) {
        *to += value_at(game, &game->event[event], player, type, point);
        return;
    }
    const dt_view_after *view = view_of(space, event, x);
    const int types = game->event[event].face[x].types;
    const bool own = player->subject == x;
    for (int g = 0; g < types; g++) {
        const double at = own ? view->at[g * types + type] : 1;
        if (at == 0)
            continue; /* the corner rules the type out */
        double *rest = work[0];
        set(rest, 0, width);
        spread(space, event, x + 1, point + view->point[g], player, type, rest, work + 1);
        add_product(to, at, view->weight + (size_t)g * width, rest, width);
    }
    if (own)
        divide(to, to, view->belief + (size_t)type * width, width);
}

/* For all players who move and all events. */
static void find_ahead(dt_signal_space *space)
{
    const dt_signal_game *game = space->game;
    const size_t width = space->width;
    double *work[DT_MOST_SUBJECTS];
    for (int x = 0; x < DT_MOST_SUBJECTS; x++)
        work[x] = space->work + (size_t)x * space->room;
    for (int e = 0; e < game->events; e++) {
        const uint32_t point = base_of(space, e);
        for (int p = 0; p < game->players; p++) {
            const dt_player *player = &game->player[p];
            const int types = player->subject < 0 ? 1 : game->event[e].face[player->subject].types;
            double *to = space->ahead + (size_t)space->ahead_first[e * game->players + p] * width;
            for (int k = 0; k < types; k++, to += width) {
                set(to, 0, width);
                spread(space, e, 0, point, player, k, to, work);
            }
        }
    }
}

/* ---- the values of options ------------------------------------------------------------------- */

/* What a cell is worth to a player if the types are these: a jet. */
static void find_worth(dt_signal_space *space, int cell, int joint, int p, double *to)
{
    const dt_signal_game *game = space->game;
    const size_t width = space->width;
    const int *type = space->joint + joint * game->subjects;
    const int own = game->player[p].subject;
    set(to,
        game->pay[((size_t)cell * (size_t)game->types + (size_t)joint) * (size_t)game->players +
                  (size_t)p],
        width);
    for (int b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        const dt_signal_branch *branch = &game->branch[b];
        const int k = game->secret < 0 ? 0 : type[game->secret];
        if (branch->chance[k] == 0)
            continue;
        const int after = own < 0 ? 0 : own == game->secret ? branch->after[k] : type[own];
        const int at = space->ahead_first[branch->event * game->players + p] + after;
        add(to, branch->chance[k], space->ahead + (size_t)at * width, width);
    }
}

/* The agent as which a player moves if the types are these. */
static int agent_of(const dt_signal_space *space, int p, const int *type)
{
    const int x = space->game->player[p].subject;
    return space->player_agent[p] + (x < 0 ? 0 : type[x]);
}

/* Adds what a cell is worth, if the types are these, to the option that an agent has there. */
static void add_quality(dt_signal_space *space, int cell, int joint, int p)
{
    const dt_signal_game *game = space->game;
    const size_t width = space->width;
    const int *type = space->joint + joint * game->subjects;
    const int agent = agent_of(space, p, type);
    double *worth = space->worth, *others = space->work, *product = space->work + space->room;
    double chance = 1;
    for (int x = 0; x < game->subjects; x++) {
        if (x != game->player[p].subject)
            chance *= game->subject[x].belief[type[x]];
    }
    find_worth(space, cell, joint, p, worth);
    double *to = space->quality + (size_t)option_in(space, agent, cell) * width;
    if (game->players == 1) {
        add(to, chance, worth, width);
        return;
    }
    set(others, chance, width);
    for (int q = 0; q < game->players; q++) {
        if (q == p)
            continue;
        const int option = option_in(space, agent_of(space, q, type), cell);
        set(product, 0, width);
        add_product(product, 1, others, space->sigma + (size_t)option * width, width);
        double *swap = others;
        others = product;
        product = swap;
    }
    add_product(to, 1, others, worth, width);
}

static void find_qualities(dt_signal_space *space)
{
    const dt_signal_game *game = space->game;
    memset(space->quality, 0, (size_t)space->total * space->width * sizeof(double));
    for (int c = 0; c < game->cells; c++) {
        for (int t = 0; t < game->types; t++) {
            for (int p = 0; p < game->players; p++)
                add_quality(space, c, t, p);
        }
    }
}

static void find_gains(dt_signal_space *space)
{
    const size_t width = space->width;
    for (int a = 0; a < space->agents; a++) {
        const double rationality = space->game->player[space->agent_player[a]].rationality;
        const double *first = space->quality + (size_t)space->agent_option[a] * width;
        double *gain = space->gain + (size_t)space->agent_unknown[a] * width;
        for (int o = space->agent_option[a] + 1; o < space->agent_option[a + 1];
             o++, gain += width) {
            set(gain, 0, width);
            add(gain, rationality, space->quality + (size_t)o * width, width);
            add(gain, -rationality, first, width);
        }
    }
}

bool dt_signal_normal_form(dt_signal_space *space, double *payoff)
{
    const dt_signal_game *game = space->game;
    memset(space->point, 0, (size_t)space->unknowns * sizeof *space->point);
    if (!dt_signal_evaluate(space, space->point, false, true, true))
        return false;
    for (int c = 0; c < game->cells; c++) {
        for (int p = 0; p < game->players; p++, payoff++) {
            *payoff = 0;
            for (int t = 0; t < game->types; t++) {
                double chance = 1;
                for (int x = 0; x < game->subjects; x++)
                    chance *= game->subject[x].belief[space->joint[t * game->subjects + x]];
                find_worth(space, c, t, p, space->worth);
                *payoff += chance * *space->worth;
            }
        }
    }
    return true;
}

bool dt_signal_evaluate(dt_signal_space *space, const double *y, bool derivatives, bool find,
                        bool gains)
{
    const dt_signal_game *game = space->game;
    if (y) {
        space->width = derivatives ? ((size_t)space->unknowns + 1 + 3) / 4 * 4 : 1;
        find_strategies(space, y);
    }
    for (int e = 0; e < game->events; e++) {
        for (int x = 0; x < game->subjects; x++) {
            if (view_of(space, e, x) && !find_view(space, e, x, find))
                return false;
        }
    }
    if (!gains)
        return true;
    find_ahead(space);
    find_qualities(space);
    find_gains(space);
    for (int u = 0; u < space->unknowns; u++) {
        if (!isfinite(space->gain[(size_t)u * space->width]))
            return false;
    }
    return true;
}

double dt_signal_off(const dt_signal_space *space)
{
    const size_t width = space->width;
    double most = 0;
    for (int a = 0; a < space->agents; a++) {
        const double rationality = space->game->player[space->agent_player[a]].rationality;
        double top = -INFINITY, sum = 0;
        for (int o = space->agent_option[a]; o < space->agent_option[a + 1]; o++) {
            const double q = space->quality[(size_t)o * width];
            top = q > top ? q : top;
        }
        for (int o = space->agent_option[a]; o < space->agent_option[a + 1]; o++)
            sum += exp(rationality * (space->quality[(size_t)o * width] - top));
        for (int o = space->agent_option[a]; o < space->agent_option[a + 1]; o++) {
            const double logit = exp(rationality * (space->quality[(size_t)o * width] - top)) / sum;
            const double off = fabs(space->sigma[(size_t)o * width] - logit);
            most = off <= most ? most : off;
        }
    }
    return most <= 1 ? most : 1;
}

double dt_signal_residual(const dt_signal_game *game, dt_signal_space *space, const double *sigma)
{
    dt_signal_begin(space, game);
    return dt_signal_put(space, sigma, true) ? dt_signal_off(space) : 1;
}

/* ---- laying out ------------------------------------------------------------------------------ */

void dt_signal_space_doubt(dt_signal_space *space)
{
    space->doubts = true;
}

void dt_signal_begin(dt_signal_space *space, const dt_signal_game *game)
{
    space->game = game;
    space->agents = space->total = space->unknowns = 0;
    for (int p = 0; p < game->players; p++) {
        const int x = game->player[p].subject;
        space->player_agent[p] = space->agents;
        for (int k = 0; k < (x < 0 ? 1 : game->subject[x].types); k++) {
            const int a = space->agents++;
            space->agent_player[a] = p;
            space->agent_type[a] = k;
            space->agent_option[a] = space->total;
            space->agent_unknown[a] = space->unknowns;
            space->total += game->player[p].options;
            space->unknowns += game->player[p].options - 1;
        }
    }
    space->player_agent[game->players] = space->agents;
    space->agent_option[space->agents] = space->total;
    space->agent_unknown[space->agents] = space->unknowns;
    for (int c = 0; c < game->cells; c++) {
        int rest = c;
        for (int p = game->players - 1; p >= 0; p--) {
            space->choice[c * game->players + p] = rest % game->player[p].options;
            rest /= game->player[p].options;
        }
    }
    for (int t = 0; t < game->types; t++) {
        int rest = t;
        for (int x = game->subjects - 1; x >= 0; x--) {
            space->joint[t * game->subjects + x] = rest % game->subject[x].types;
            rest /= game->subject[x].types;
        }
    }
    int views = 0, ahead = 0;
    for (int e = 0; e < game->events; e++) {
        const dt_signal_event *event = &game->event[e];
        for (int x = 0; x < game->subjects; x++)
            space->value_of[e * game->subjects + x] = event->still[x] ? -1 : views++;
        for (int p = 0; p < game->players; p++) {
            const int x = game->player[p].subject;
            space->ahead_first[e * game->players + p] = ahead;
            ahead += x < 0 ? 1 : event->face[x].types;
        }
    }
}

/* Most agents, options of all, and jets' numbers. */
typedef struct extent {
    size_t agents, total, jet, views, slacks, ahead;
} extent;

static extent extent_of(const dt_signal_size *size)
{
    extent e = {.agents = (size_t)size->players * (size_t)(size->values ? size->values : 1)};
    e.total = (size_t)size->options * (size_t)(size->values ? size->values : 1);
    e.jet = (e.total + 1 + 3) / 4 * 4;
    e.views = (size_t)size->events * (size_t)size->subjects;
    e.slacks = e.views * (size_t)size->values;
    e.ahead = (size_t)size->events * (size_t)size->players * (size_t)(size->values + 1);
    return e;
}

double dt_signal_space_bytes(const dt_signal_size *size)
{
    const extent e = extent_of(size);
    const double values = size->values, n = (double)e.jet;
    const double jets = 3.0 * (double)e.total + (double)e.ahead + n + values +
                        2 * DT_MOST_SUBJECTS + (double)e.views * 2 * values;
    return 8 * (jets * n + (double)size->events * size->columns + 2 * n * n + 4 * n +
                (double)e.slacks * (n + 1) + (double)e.views * values * (values + 2)) +
           (double)e.views * sizeof(dt_view_after) + dt_signal_reach_bytes(size) +
           dt_signal_types_bytes(size) + dt_path_space_bytes(n, (double)e.slacks) +
           dt_odds_bytes(size) +
           8.0 * (6.0 * size->options * size->options + (2.0 * size->cells + 2) * size->players +
                  20.0 * size->options) +
           16.0 * size->types * size->cells +
           4.0 * ((double)e.agents * 4 + (double)size->cells * size->players +
                  (double)size->types * size->subjects + (double)e.views + (double)e.ahead);
}

dt_signal_space *dt_signal_space_new(dt_arena *arena, const dt_signal_size *size)
{
    const extent e = extent_of(size);
    dt_signal_space *space = dt_new(arena, dt_signal_space, 1);
    const size_t values = (size_t)size->values, n = e.jet;
    space->size = *size;
    space->room = n;
    space->agent_player = dt_new(arena, int, e.agents + 1);
    space->agent_type = dt_new(arena, int, e.agents + 1);
    space->agent_option = dt_new(arena, int, e.agents + 1);
    space->agent_unknown = dt_new(arena, int, e.agents + 1);
    space->player_agent = dt_new(arena, int, (size_t)size->players + 1);
    space->choice = dt_new(arena, int, (size_t)size->cells *(size_t)size->players);
    space->joint = dt_new(arena, int, (size_t)size->types *(size_t)size->subjects);
    space->value_of = dt_new(arena, int, e.views);
    space->ahead_first = dt_new(arena, int, (size_t)size->events *(size_t)size->players);
    space->after = dt_new(arena, double, (size_t)size->events *(size_t)size->columns);
    space->view = dt_new(arena, dt_view_after, e.views);
    for (size_t v = 0; v < e.views; v++) {
        space->view[v].at = dt_new(arena, double, values *values);
        space->view[v].belief = dt_new(arena, double, values *n);
        space->view[v].weight = dt_new(arena, double, values *n);
    }
    space->logit = dt_new(arena, double, e.total *n);
    space->sigma = dt_new(arena, double, e.total *n);
    space->quality = dt_new(arena, double, e.total *n);
    space->gain = dt_new(arena, double, e.total *n);
    space->ahead = dt_new(arena, double, e.ahead *n);
    space->worth = dt_new(arena, double, (values + 1) * n);
    space->work = dt_new(arena, double, (DT_MOST_SUBJECTS + 2) * n);
    space->matrix = dt_new(arena, double, n *n);
    space->point = dt_new(arena, double, 3 * n);
    space->reach = dt_signal_reach_new(arena, size);
    space->type_reach = dt_signal_types_new(arena, size);
    space->own_pay = dt_new(arena, double, (size_t)size->types *(size_t)size->cells);
    space->own_start = dt_new(arena, double, (size_t)size->types *(size_t)size->cells);
    space->pivot = dt_new(arena, int, n);
    space->curve.lacking = dt_new(arena, double, n);
    space->curve.jacobian = dt_new(arena, double, n *n);
    space->curve.slack = dt_new(arena, double, e.slacks);
    space->curve.slope = dt_new(arena, double, e.slacks *n);
    space->path = dt_path_space_new(arena, (int)n, (int)e.slacks);
    space->odds = dt_odds_new(arena, size);
    if (size->players > 1)
        space->branch = dt_branch_space_new(arena, size->players, size->options, size->cells);
    space->payoff = dt_new(arena, double, (size_t)size->cells *(size_t)size->players);
    space->options = dt_new(arena, int, (size_t)size->players);
    space->rationality = dt_new(arena, double, (size_t)size->players);
    return space;
}
