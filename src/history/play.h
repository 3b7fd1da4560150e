/*
 * Play: how everybody plays in the first period of a game that can begin in several states, in one world or in
 * DT_WORLDS side by side.
 */
#ifndef DT_HISTORY_PLAY_H
#define DT_HISTORY_PLAY_H

#include "history/wide.h"
#include "solve/private.h"
#include "solve/solve.h"

/* How games are solved. */
typedef struct dt_play_how {
    dt_values values;
    double scale; /* of everybody's rationality */
    bool half_beliefs;
    const struct dt_lane_code *code;
} dt_play_how;

/* What is made once for a game and shared by the plays of several threads. */
typedef struct dt_play_plan {
    const dt_game *game;
    size_t width;             /* worlds: DT_WORLDS or 1; with private variables 1 */
    bool dated;               /* play hangs on `now` */
    dt_group_plan *group;     /* without private variables; */
    dt_private_plan *private; /* or with them */
    const dt_places *places;  /* of either */
    const struct dt_lane_code *code;
} dt_play_plan;

typedef struct dt_play {
    const dt_play_plan *plan;
    size_t width; /* the plan's */
    dt_group *group;
    dt_private *private;
    double *parameter; /* [params] work space, with private variables */
    bool solved;       /* for the worlds at hand, `now` being `origin` before the first period */
    uint32_t origin;
    uint32_t period; /* (from 0) whose strategies these are: 0, but of a solution */

    /* of what is solved; without private variables */
    const double *sigma;       /* [options][width] */
    const double *coefficient; /* [coefficients][width] */
    bool faint[DT_WORLDS];     /* some branch has a chance that is tiny, but not 0 */

    /* of every kind */
    dt_status status[DT_WORLDS]; /* DT_OK; DT_NO: not solved; DT_INVALID: the world is wrong */

    /* logarithms of the strategies of a node, found when one of them is tiny */
    double *log_sigma; /* [most options] */
    uint32_t log_node, log_point;
    size_t log_lane;
} dt_play;

dt_play_plan *dt_play_plan_new(dt_arena *arena, const dt_game *game, const dt_play_how *how,
                               size_t width);
double dt_play_bytes(const dt_play_plan *plan);
dt_play *dt_play_new(dt_arena *arena, const dt_play_plan *plan);

/* Solves for `worlds` worlds, parameter [worlds][params] before settings of the policy. Worlds that aren't there
 * are as the first. False if go_on(context, done) ended it. */
bool dt_play_solve(dt_play *play, const double *parameter, size_t worlds, uint32_t origin,
                   bool (*go_on)(void *context, double done), void *context);

/* Why a world isn't DT_OK, told to the diagnostics. */
void dt_play_complain(dt_arena *arena, const dt_play *play, size_t world,
                      dt_diagnostics *diagnostics);

/* The probability of an option (of all agents' at the node, in order) in a world; with private variables, where
 * nothing is private at the node, at a point. */
dt_wide dt_play_chance(dt_play *play, uint32_t node, uint32_t point, size_t lane, int option);

/* The play of a solution, which must live as long; and that of one of its periods. */
dt_play *dt_play_of(dt_arena *arena, const dt_solution *solution);
void dt_play_follow(dt_play *play, const dt_solution *solution, uint32_t period);

#endif
