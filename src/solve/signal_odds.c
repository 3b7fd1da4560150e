/*
 * A signalling game in what actions tell (signal_odds.h). All that the others learn from an action a is
 *     ρ(a) = log σ_0(a) - log σ_1(a),     log b'(0)/b'(1) = log b(0)/b(1) + log p_0/p_1 + ρ(a)
 * after an event of chances p_k. On an interval l … u of b'(0) the owner's continuations are linear in what odds are,
 *     C_0 = V_0(l) + (V_0(u) - V_0(l)) u/(u-l) (1 - l - l e^-x),
 *     C_1 = V_1(l) + (V_1(u) - V_1(l)) (1-u)/(u-l) ((1-l) e^x - l),     x = log b'(0)/b'(1),
 * so that Q_k(a) = sure_k(a) + told_k(a) e^∓ρ(a), with two numbers for each cell that change only where the
 * path has a kink. Anybody else's is linear in b'(0): its mean over the event is Σ_k b(k) σ_k p_k times a number of
 * type k, as in a game in which types are agents and nothing is learned.
 *
 * With σ_k = softmax(t λ Q_k) put in, unknowns are ρ and the others' logits y:
 *     ρ(a) = log σ_0(a) - log σ_1(a),     y_j(o) = t λ_j (Q_j(o) - Q_j(first)).
 * Both this form and that in logits come from the equations in (log σ, ρ, y) by leaving out numbers that one
 * equation each gives by itself, so that their solutions are the same and det(J; tangent) has the same sign
 * (Schur complements of an identity). Slacks are how far ρ(a) is from the ends of its interval, where it passes
 * from one piece of an event after a to the next. Invariant: sure, told and worth are those of the intervals held.
 */
#include "solve/signal_odds.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double SAME = 1e-12; /* ends that are so near to each other are left at once */

/* ---- room ------------------------------------------------------------------------------------ */

double dt_odds_bytes(const dt_signal_size *size)
{
    const double players = size->players, cells = size->cells, options = size->options;
    return sizeof(dt_odds) + dt_odds_bound_bytes(size) + size->events * sizeof(dt_told_event) +
           4 * (cells + 1) * players +
           8 * (size->fineness + 1 + cells * (4 + 2 * players) + options * (11 + players) +
                (options + 1) * (5 * options + 1) + 3 * options) +
           options;
}

dt_odds *dt_odds_new(dt_arena *arena, const dt_signal_size *size)
{
    dt_odds *odds = dt_new(arena, dt_odds, 1);
    const size_t players = (size_t)size->players, cells = (size_t)size->cells;
    const size_t options = (size_t)size->options;
    odds->most_fineness = size->fineness;
    odds->knot = dt_new(arena, double, (size_t)size->fineness + 1);
    odds->choice = dt_new(arena, int, cells *players);
    odds->first = dt_new(arena, int, players);
    odds->event = dt_new(arena, dt_told_event, (size_t)size->events);
    for (int k = 0; k < 2; k++) {
        odds->sure[k] = dt_new(arena, double, cells);
        odds->told[k] = dt_new(arena, double, cells);
        odds->worth[k] = dt_new(arena, double, cells *players);
        odds->logit[k] = dt_new(arena, double, options *(options + 1));
        double **lists[] = {&odds->sigma[k], &odds->quality[k], &odds->rise[k], &odds->likely[k]};
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            *lists[i] = dt_new(arena, double, options);
    }
    odds->held = dt_new(arena, uint8_t, options);
    odds->low = dt_new(arena, double, options);
    odds->high = dt_new(arena, double, options);
    odds->mixed = dt_new(arena, double, players *options);
    odds->gain = dt_new(arena, double, options);
    odds->mean = dt_new(arena, double, options + 1);
    odds->gradient = dt_new(arena, double, options *(options + 1));
    odds->bound = dt_odds_bound_new(arena, size);
    odds->curve.lacking = dt_new(arena, double, options);
    odds->curve.jacobian = dt_new(arena, double, options *(options + 1));
    odds->curve.slack = dt_new(arena, double, 2 * options);
    odds->curve.slope = dt_new(arena, double, 2 * options * options);
    return odds;
}

/* ---- what lies ahead ------------------------------------------------------------------------- */

double dt_odds_ahead(const dt_odds *odds, const dt_told_event *e, const dt_player *player, int type,
                     int knot)
{
    const dt_signal_game *game = odds->game;
    const uint32_t point = game->point + (uint32_t)knot * game->subject[0].stride;
    if (player->subject >= 0)
        return dt_ahead_at(&game->ahead, e->place, player->column[type], point);
    double sum = 0;
    for (int m = 0; m < player->members; m++)
        sum += player->weight[m] * dt_ahead_at(&game->ahead, e->place, player->column[m], point);
    return sum;
}

/* Adds what an event brings to a player in its cell. */
static void add_event(dt_odds *odds, const dt_told_event *e, int p)
{
    const dt_signal_game *game = odds->game;
    const dt_player *player = &game->player[p];
    const double *belief = game->subject[0].belief, *chance = e->chance;
    const int at = p * game->cells + e->cell;
    if (!isfinite(e->odds)) {
        const int k = chance[0] > 0 ? 0 : 1;
        const double value = dt_odds_ahead(odds, e, player, k, k == 0 ? odds->grid->fineness : 0);
        if (p == odds->typed)
            odds->sure[k][e->cell] += chance[k] * value;
        else
            odds->worth[k][at] += belief[k] * chance[k] * value;
        return;
    }
    const double l = odds->grid->knot[e->interval], u = odds->grid->knot[e->interval + 1];
    const double share = 1 / (u - l);
    double here[2], rise[2];
    for (int k = 0; k < (p == odds->typed ? 2 : 1); k++) {
        here[k] = dt_odds_ahead(odds, e, player, k, e->interval);
        rise[k] = share * (dt_odds_ahead(odds, e, player, k, e->interval + 1) - here[k]);
    }
    if (p != odds->typed) {
        odds->worth[0][at] += belief[0] * chance[0] * (here[0] + (1 - l) * rise[0]);
        odds->worth[1][at] += belief[1] * chance[1] * (here[0] - l * rise[0]);
        return;
    }
    odds->sure[0][e->cell] += chance[0] * (here[0] + rise[0] * u * (1 - l));
    odds->told[0][e->cell] -= chance[0] * rise[0] * u * l * exp(-e->odds);
    odds->sure[1][e->cell] += chance[1] * (here[1] - rise[1] * (1 - u) * l);
    odds->told[1][e->cell] += chance[1] * rise[1] * (1 - u) * (1 - l) * exp(e->odds);
}

/* What cells in which an action is played are worth, by the intervals held, and where these end. */
static void take_action(dt_odds *odds, int action)
{
    const dt_signal_game *game = odds->game;
    for (int c = 0; c < game->cells; c++) {
        if (dt_odds_act(odds, c) != action)
            continue;
        for (int k = 0; k < 2; k++) {
            const double *pay = game->pay + (size_t)(2 * c + k) * (size_t)game->players;
            odds->sure[k][c] = pay[odds->typed];
            odds->told[k][c] = 0;
            for (int p = 0; p < game->players; p++)
                odds->worth[k][p * game->cells + c] = game->subject[0].belief[k] * pay[p];
        }
    }
    odds->held[action] = 1;
    odds->low[action] = -INFINITY;
    odds->high[action] = INFINITY;
    for (int i = 0; i < game->events; i++) {
        const dt_told_event *e = &odds->event[i];
        if (dt_odds_act(odds, e->cell) != action)
            continue;
        for (int p = 0; p < game->players; p++)
            add_event(odds, e, p);
        if (!isfinite(e->odds))
            continue;
        const double low = odds->knot[e->interval] - e->odds,
                     high = odds->knot[e->interval + 1] - e->odds;
        odds->low[action] = low > odds->low[action] ? low : odds->low[action];
        odds->high[action] = high < odds->high[action] ? high : odds->high[action];
    }
}

/* ---- equations ------------------------------------------------------------------------------- */

/* The others' strategies. */
static void mix(const dt_odds *odds, const double *point)
{
    const dt_signal_game *game = odds->game;
    for (int p = 0; p < game->players; p++) {
        if (p == odds->typed)
            continue;
        const int options = game->player[p].options;
        const double *y = point + odds->first[p];
        double *sigma = odds->mixed + p * odds->curve.unknowns, top = 0, sum = 0;
        for (int o = 1; o < options; o++)
            top = y[o] > top ? y[o] : top;
        for (int o = 0; o < options; o++)
            sum += sigma[o] = exp((o == 0 ? 0 : y[o]) - top);
        for (int o = 0; o < options; o++)
            sigma[o] /= sum;
    }
}

/* The chance of what those do in a cell who know nothing, but for two of them. */
static double chance_of(const dt_odds *odds, int cell, int one, int other)
{
    const int players = odds->game->players;
    double chance = 1;
    for (int p = 0; p < players; p++) {
        if (p != odds->typed && p != one && p != other)
            chance *= odds->mixed[p * odds->curve.unknowns + odds->choice[cell * players + p]];
    }
    return chance;
}

/* What a cell is worth to a type. */
static double worth_of(const dt_odds *odds, int cell, int type)
{
    return odds->sure[type][cell] +
           odds->told[type][cell] * odds->likely[type][dt_odds_act(odds, cell)];
}

/* Q_k and their slopes in ρ. */
static void find_qualities(const dt_odds *odds)
{
    for (int k = 0; k < 2; k++) {
        memset(odds->quality[k], 0, (size_t)odds->options * sizeof(double));
        memset(odds->rise[k], 0, (size_t)odds->options * sizeof(double));
    }
    for (int c = 0; c < odds->game->cells; c++) {
        const int a = dt_odds_act(odds, c);
        const double chance = chance_of(odds, c, -1, -1);
        for (int k = 0; k < 2; k++) {
            const double told = odds->told[k][c] * odds->likely[k][a];
            odds->quality[k][a] += chance * (odds->sure[k][c] + told);
            odds->rise[k][a] += k == 0 ? -chance * told : chance * told;
        }
    }
}

/* The types' strategies, and what ρ falls short by. */
static void find_strategies(const dt_odds *odds, const double *point)
{
    const int options = odds->options;
    const double scale = point[odds->curve.unknowns] * odds->game->player[odds->typed].rationality;
    double *lacking = odds->curve.lacking;
    for (int a = 0; a < options; a++)
        lacking[a] = -point[a];
    for (int k = 0; k < 2; k++) {
        const double *q = odds->quality[k];
        double *sigma = odds->sigma[k], top = q[0], sum = 0;
        for (int a = 1; a < options; a++)
            top = q[a] > top ? q[a] : top;
        for (int a = 0; a < options; a++)
            sum += sigma[a] = q[a] < top ? exp(scale * (q[a] - top)) : 1;
        const double rest = log(sum);
        for (int a = 0; a < options; a++) {
            const double logit = scale * (q[a] - top) - rest;
            sigma[a] /= sum;
            lacking[a] += k == 0 ? logit : -logit;
        }
    }
}

/* What a cell is worth to another player, over the types. */
static double other_worth(const dt_odds *odds, int cell, int p)
{
    const int a = dt_odds_act(odds, cell), at = p * odds->game->cells + cell;
    return odds->sigma[0][a] * odds->worth[0][at] + odds->sigma[1][a] * odds->worth[1][at];
}

/* Q_j of another player's options, and what its logits fall short by. */
static void find_gain(const dt_odds *odds, int p, const double *point)
{
    const dt_signal_game *game = odds->game;
    const dt_player *player = &game->player[p];
    const double scale = point[odds->curve.unknowns] * player->rationality;
    memset(odds->gain, 0, (size_t)player->options * sizeof(double));
    for (int c = 0; c < game->cells; c++)
        odds->gain[odds->choice[c * game->players + p]] +=
            chance_of(odds, c, p, -1) * other_worth(odds, c, p);
    for (int o = 1; o < player->options; o++) {
        const int u = odds->first[p] + o;
        odds->curve.lacking[u] = scale * (odds->gain[o] - odds->gain[0]) - point[u];
    }
}

/* Derivatives of log σ_k. */
static void find_slopes(const dt_odds *odds, const double *point)
{
    const dt_signal_game *game = odds->game;
    const int n = odds->curve.unknowns, options = odds->options;
    const double rationality = game->player[odds->typed].rationality;
    const double scale = point[n] * rationality;
    for (int k = 0; k < 2; k++) {
        double *logit = odds->logit[k], *mean = odds->mean;
        memset(logit, 0, (size_t)(options * (n + 1)) * sizeof *logit);
        for (int c = 0; c < game->cells && game->players > 1; c++) {
            const int a = dt_odds_act(odds, c);
            const double worth = worth_of(odds, c, k) - odds->quality[k][a];
            for (int p = 0; p < game->players; p++) {
                const int o = odds->choice[c * game->players + p];
                if (p != odds->typed && o > 0)
                    logit[a * (n + 1) + odds->first[p] + o] +=
                        scale * chance_of(odds, c, -1, -1) * worth;
            }
        }
        memset(mean, 0, (size_t)(n + 1) * sizeof *mean);
        for (int a = 0; a < options; a++) {
            double *row = logit + a * (n + 1);
            row[a] = scale * odds->rise[k][a];
            row[n] = rationality * odds->quality[k][a];
            for (int u = 0; u <= n; u++)
                mean[u] += odds->sigma[k][a] * row[u];
        }
        for (int a = 0; a < options; a++) {
            for (int u = 0; u <= n; u++)
                logit[a * (n + 1) + u] -= mean[u];
        }
    }
}

/* The rows of another player. */
static void find_other_rows(const dt_odds *odds, int p, const double *point)
{
    const dt_signal_game *game = odds->game;
    const dt_player *player = &game->player[p];
    const int n = odds->curve.unknowns, width = n + 1;
    double *gradient = odds->gradient;
    memset(gradient, 0, (size_t)(player->options * width) * sizeof *gradient);
    for (int c = 0; c < game->cells; c++) {
        const int *choice = odds->choice + c * game->players, a = choice[odds->typed];
        double *row = gradient + choice[p] * width;
        const double chance = chance_of(odds, c, p, -1), worth = other_worth(odds, c, p);
        for (int k = 0; k < 2; k++) {
            const double weight = chance * odds->sigma[k][a] * odds->worth[k][p * game->cells + c];
            for (int u = 0; u < width; u++)
                row[u] += weight * odds->logit[k][a * width + u];
        }
        for (int i = 0; i < game->players; i++) {
            if (i == p || i == odds->typed)
                continue;
            /* ∂σ_i(m)/∂y_i(o) = σ_i(m) ((m = o) - σ_i(o)) */
            for (int o = 1; o < game->player[i].options; o++)
                row[odds->first[i] + o] +=
                    chance * worth * ((o == choice[i]) - odds->mixed[i * n + o]);
        }
    }
    for (int o = 1; o < player->options; o++) {
        double *row = odds->curve.jacobian + (odds->first[p] + o) * width;
        for (int u = 0; u < width; u++)
            row[u] = -point[n] * player->rationality * (gradient[o * width + u] - gradient[u]);
        row[odds->first[p] + o] += 1;
        row[n] -= player->rationality * (odds->gain[o] - odds->gain[0]);
    }
}

/* The Jacobian where nobody else moves: what is told by an action hangs on this one's ρ, but for the logarithms of
 * the sums, so that all rows are the same but for the diagonal and the scale's. */
static void find_rows_alone(const dt_odds *odds, const double *point)
{
    const int n = odds->options;
    const double rationality = odds->game->player[odds->typed].rationality;
    const double scale = point[n] * rationality;
    double mean[2] = {0, 0}; /* of Q_k */
    for (int k = 0; k < 2; k++) {
        for (int a = 0; a < n; a++)
            mean[k] += odds->sigma[k][a] * odds->quality[k][a];
    }
    for (int a = 0; a < n; a++) {
        const double rise[2] = {scale * odds->rise[0][a], scale * odds->rise[1][a]};
        double *column = odds->curve.jacobian + a;
        for (int b = 0; b < n; b++)
            column[b * (n + 1)] = odds->sigma[0][a] * rise[0] - odds->sigma[1][a] * rise[1];
        column[a * (n + 1)] += 1 - rise[0] + rise[1];
        odds->curve.jacobian[a * (n + 1) + n] =
            rationality * ((odds->quality[1][a] - mean[1]) - (odds->quality[0][a] - mean[0]));
    }
}

static bool evaluate(void *of, const double *point, bool derivatives)
{
    dt_odds *odds = of;
    const dt_signal_game *game = odds->game;
    const int n = odds->curve.unknowns;
    for (int a = 0; a < odds->options; a++) {
        odds->likely[0][a] = exp(-point[a]);
        odds->likely[1][a] = 1 / odds->likely[0][a];
        odds->curve.slack[2 * a] = point[a] - odds->low[a];
        odds->curve.slack[2 * a + 1] = odds->high[a] - point[a];
    }
    mix(odds, point);
    find_qualities(odds);
    find_strategies(odds, point);
    if (derivatives && game->players == 1)
        find_rows_alone(odds, point);
    else if (derivatives)
        find_slopes(odds, point);
    for (int p = 0; p < game->players; p++) {
        if (p == odds->typed)
            continue;
        find_gain(odds, p, point);
        if (derivatives)
            find_other_rows(odds, p, point);
    }
    for (int a = 0; a < odds->options && derivatives && game->players > 1; a++) {
        double *row = odds->curve.jacobian + a * (n + 1);
        for (int u = 0; u <= n; u++)
            row[u] = odds->logit[1][a * (n + 1) + u] - odds->logit[0][a * (n + 1) + u];
        row[a] += 1;
    }
    for (int u = 0; u < n; u++) {
        if (!isfinite(odds->curve.lacking[u]))
            return false;
    }
    return true;
}

/* ---- pieces ---------------------------------------------------------------------------------- */

/* The intervals in which beliefs lie: open below, closed above. */
static bool find(void *of, const double *point, bool derivatives)
{
    dt_odds *odds = of;
    const int last = odds->grid->fineness - 1;
    for (int i = 0; i < odds->game->events; i++) {
        dt_told_event *e = &odds->event[i];
        const int action = dt_odds_act(odds, e->cell), before = e->interval;
        const double x = e->odds + point[action];
        while (e->interval < last && x > odds->knot[e->interval + 1])
            e->interval++;
        while (e->interval > 0 && x <= odds->knot[e->interval])
            e->interval--;
        odds->held[action] &= e->interval == before;
    }
    for (int a = 0; a < odds->options; a++) {
        if (!odds->held[a])
            take_action(odds, a);
    }
    return evaluate(odds, point, derivatives);
}

static bool turn(void *of, const uint8_t *lost)
{
    dt_odds *odds = of;
    for (int i = 0; i < odds->game->events; i++) {
        dt_told_event *e = &odds->event[i];
        const int a = dt_odds_act(odds, e->cell);
        if (!isfinite(e->odds))
            continue;
        const int down = lost[2 * a] && odds->knot[e->interval] - e->odds > odds->low[a] - SAME,
                  up = lost[2 * a + 1] &&
                       odds->knot[e->interval + 1] - e->odds < odds->high[a] + SAME;
        e->interval += up - down;
        assert(e->interval >= 0 && e->interval < odds->grid->fineness);
    }
    for (int a = 0; a < odds->options; a++) {
        if (lost[2 * a] || lost[2 * a + 1] || !odds->held[a])
            take_action(odds, a);
    }
    return true;
}

/* ---- a game ---------------------------------------------------------------------------------- */

/* The player who knows and moves, if nobody else knows anything; or -1. */
static int find_typed(const dt_signal_game *game)
{
    int typed = -1;
    if (game->subjects != 1 || game->subject[0].grid->values != 2 || game->subject[0].types != 2)
        return -1;
    for (int p = 0; p < game->players; p++) {
        if (game->player[p].subject < 0)
            continue;
        if (typed >= 0 || game->player[p].options < 2)
            return -1;
        typed = p;
    }
    return typed;
}

bool dt_told_chance(const dt_signal_game *game, int event, double chance[2])
{
    const dt_signal_event *e = &game->event[event];
    chance[0] = chance[1] = 0;
    if (e->cell < 0 || e->still[0])
        return false;
    for (int b = game->cell_branch[e->cell]; b < game->cell_branch[e->cell + 1]; b++) {
        const dt_signal_branch *branch = &game->branch[b];
        for (int k = 0; k < 2 && branch->event == event; k++) {
            const double own = branch->chance[game->secret < 0 ? 0 : k];
            if (own > 0 && game->secret == 0 && e->face[0].type[branch->after[k]] != k)
                return false;
            chance[k] += own;
        }
    }
    return true;
}

static bool take_events(dt_odds *odds)
{
    const dt_signal_game *game = odds->game;
    const double *belief = game->subject[0].belief;
    for (int i = 0; i < game->events; i++) {
        dt_told_event *e = &odds->event[i];
        if (!dt_told_chance(game, i, e->chance))
            return false;
        e->cell = game->event[i].cell;
        e->place = game->event[i].place;
        e->odds = log(belief[0] / belief[1]) + log(e->chance[0] / e->chance[1]);
        e->interval = (int)game->subject[0].point;
        e->interval -= e->interval == odds->grid->fineness;
    }
    return true;
}

const dt_curve *dt_odds_take(dt_odds *odds, const dt_signal_game *game)
{
    dt_curve *curve = &odds->curve;
    const int typed = find_typed(game);
    if (typed < 0 || game->subject[0].grid->fineness > odds->most_fineness)
        return NULL;
    odds->game = game;
    odds->grid = game->subject[0].grid;
    if (odds->fineness != odds->grid->fineness) { /* which is all that knots hang on */
        odds->fineness = odds->grid->fineness;
        for (int j = 0; j <= odds->fineness; j++)
            odds->knot[j] = log(odds->grid->knot[j] / (1 - odds->grid->knot[j]));
    }
    if (!take_events(odds))
        return NULL;
    odds->typed = typed;
    odds->options = game->player[typed].options;
    memset(odds->held, 0, (size_t)odds->options * sizeof *odds->held);
    int unknowns = odds->options;
    for (int p = 0; p < game->players; p++) {
        odds->first[p] = unknowns - 1;
        unknowns += p == typed ? 0 : game->player[p].options - 1;
    }
    for (int c = 0; c < game->cells; c++) {
        for (int p = game->players - 1, rest = c; p >= 0; p--) {
            odds->choice[c * game->players + p] = rest % game->player[p].options;
            rest /= game->player[p].options;
        }
    }
    curve->of = odds;
    curve->unknowns = unknowns;
    curve->slacks = 2 * odds->options;
    curve->evaluate = evaluate;
    curve->find = find;
    curve->turn = turn;
    curve->eager = true;
    memset(curve->slope, 0, (size_t)(curve->slacks * unknowns) * sizeof *curve->slope);
    for (int a = 0; a < odds->options; a++) {
        curve->slope[2 * a * unknowns + a] = 1;
        curve->slope[(2 * a + 1) * unknowns + a] = -1;
    }
    return curve;
}

void dt_odds_logits(const dt_odds *odds, const double *point, double *logit)
{
    const dt_signal_game *game = odds->game;
    for (int p = 0; p < game->players; p++) {
        const dt_player *player = &game->player[p];
        for (int k = 0; k < (p == odds->typed ? 2 : 1); k++) {
            const double *q = odds->quality[k];
            for (int o = 1; o < player->options; o++)
                *logit++ = p == odds->typed ? player->rationality * (q[o] - q[0])
                                            : point[odds->first[p] + o];
        }
    }
}
