/*
 * The principal branch of a signalling game (signal_game.h): by the solution itself where it is certainly the
 * only one (signal_only.c), else by its path (signal_path.c), in what actions tell where the game has that form
 * (signal_odds.c), and in logits where it hasn't, where that path is lost, or to check (signal_logits.c). Where
 * nobody who moves has two types, beliefs after an event don't hang on strategies: such a game is one in normal form
 * (stage_game.h).
 * Invariant: which way it is found has no say in which solution it is.
 */
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/signal_space.h"

static const double ENOUGH = 1e-8;      /* residual of an arrival */
static const double SMALLER = 1.0 / 12; /* steps, to check or where others lose the path */

/* Whether several move, and what they do tells nothing. */
static bool is_plain(const dt_signal_game *game)
{
    for (int p = 0; p < game->players; p++) {
        const int x = game->player[p].subject;
        if (x >= 0 && game->subject[x].types > 1)
            return false;
    }
    return game->players > 1;
}

/* The logits y of a game in normal form, from strategies that may be near; false if that can't be told. */
static bool solve_plain(dt_signal_space *space, const double *near, double *sigma, double *y,
                        bool *certain, dt_branch_result *result)
{
    const dt_signal_game *game = space->game;
    if (!dt_signal_normal_form(space, space->payoff))
        return false;
    for (int p = 0; p < game->players; p++) {
        space->options[p] = game->player[p].options;
        space->rationality[p] = game->player[p].rationality;
    }
    const dt_stage_game stage = {game->players, space->options, space->rationality, space->payoff};
    *result = dt_branch_follow(&stage, space->branch, near, sigma, NULL);
    *certain = result->end == DT_BRANCH_ARRIVED && result->steps == 0;
    for (int p = 0; p < game->players; p++) {
        for (int o = 1; o < space->options[p]; o++) {
            *y = log(sigma[o] / *sigma);
            if (!isfinite(*y++))
                return false;
        }
        sigma += space->options[p];
    }
    return true;
}

/* What actions tell where the only solution of a game of one mover is looked for: near to it, or nothing. */
static void take_start(const dt_signal_space *space, int unknowns, double *point)
{
    const int cells = space->game->cells;
    double sum[2] = {0, 0};
    memset(point, 0, (size_t)unknowns * sizeof *point);
    if (!space->start)
        return;
    for (int k = 0; k < 2; k++) {
        for (int c = 0; c < cells; c++)
            sum[k] += exp(space->start[k * cells + c]);
    }
    const double apart = log(sum[0] / sum[1]);
    for (int c = 0; c < cells && isfinite(apart); c++)
        point[c] = space->start[c] - space->start[cells + c] - apart;
}

/* The logits y of a game in what actions tell: at once where its solution is certainly the only one, else by the
 * path; false if that is lost. */
static bool solve_told(dt_signal_space *space, const dt_curve *curve, double upto, double *y,
                       bool *certain, dt_branch_result *result)
{
    double *point = space->point + space->room;
    if (space->game->players > 1)
        upto = dt_lesser(DT_CONTRACTS / dt_odds_slope(space->odds, DT_CONTRACTS), 1);
    *certain = upto == 1;
    take_start(space, curve->unknowns, point);
    if (!*certain || !dt_path_settle(curve, space->path, 1, point))
        *result = dt_path_follow(curve, space->path, *certain ? 0 : upto, 1, point);
    dt_odds_logits(space->odds, point, y);
    return result->end == DT_BRANCH_ARRIVED;
}

/* The logits y by the way that suits the game; false if another must be gone. `seen`: see dt_signal_find_only. */
static bool solve(dt_signal_space *space, double upto, const double *near, double *sigma, double *y,
                  bool *certain, bool *seen, dt_branch_result *result)
{
    const dt_signal_game *game = space->game;
    *result = (dt_branch_result){.end = DT_BRANCH_ARRIVED, .scale = 1};
    if (space->unknowns == 0)
        return dt_signal_find_only(space, near, y, seen);
    if (space->doubts)
        return false;
    if (!*certain && is_plain(game))
        return solve_plain(space, near, sigma, y, certain, result);
    const dt_curve *curve =
        !*certain || game->players == 1 ? dt_odds_take(space->odds, game) : NULL;
    if (curve && solve_told(space, curve, upto, y, certain, result))
        return true;
    if (!*certain)
        return false;
    *result = (dt_branch_result){.end = DT_BRANCH_ARRIVED, .scale = 1};
    return dt_signal_find_only(space, near, y, seen);
}

/* Whether a path was lost because a belief is so small that it loses its digits: logits of a sixteenth more make it
 * 0, as they do of what is below 1e-305. */
static bool is_lost_to_underflow(dt_signal_space *space, double *y)
{
    for (int u = 0; u < space->unknowns; u++)
        y[u] *= 17.0 / 16;
    return !dt_signal_evaluate(space, y, false, true, false);
}

dt_branch_result dt_signal_follow(const dt_signal_game *game, dt_signal_space *space,
                                  const double *near, double *sigma, bool *proved)
{
    dt_branch_result result;
    double *y = space->point;
    bool seen = false;
    dt_signal_begin(space, game);
    const double upto = dt_signal_only_upto(space);
    bool certain = upto == 1;
    if (!solve(space, upto, near, sigma, y, &certain, &seen, &result)) {
        const dt_curve *curve = dt_signal_logits(space);
        const double known = certain ? 0 : upto; /* of smaller scales nothing is, then */
        if (!space->doubts)
            result = dt_path_follow(curve, space->path, known, 1, y);
        if (space->doubts || result.end == DT_BRANCH_STALLED)
            result = dt_path_follow(curve, space->path, known, SMALLER, y);
    }
    if (proved)
        *proved = certain;
    /* at the point itself, unless that was the last thing done */
    const bool fine = seen || dt_signal_evaluate(space, y, false, true, true);
    for (int o = 0; o < space->total; o++)
        sigma[o] = space->sigma[(size_t)o * space->width];
    result.residual = fine ? dt_signal_off(space) : 1;
    if (!fine && !dt_signal_evaluate(space, y, false, true, false))
        result.end = DT_BRANCH_UNDERFLOW;
    else if (result.end != DT_BRANCH_ARRIVED && is_lost_to_underflow(space, y))
        result.end = DT_BRANCH_UNDERFLOW;
    if (result.end == DT_BRANCH_ARRIVED && !(result.residual <= ENOUGH))
        result.end = DT_BRANCH_STALLED;
    return result;
}
