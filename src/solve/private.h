/*
 * Games with private variables. A node is solved at every joint point of the grids of beliefs
 * (game/beliefs.h), and points are seats: where nothing private happens they are the lanes of the same
 * arithmetic as worlds (lane_worlds.c), eight points to a pack, each pack a group of its own. Only stages in
 * which something can be learned, or a secret moves, mix points; there each point is a signalling game
 * (signal_game.h).
 *
 * Columns of a place: a voice has one, or one for each value of what it knows. Voices are
 *     value  [actors]   V_i, of an owner by type
 *     best   [agents]   what the agent gets if it answers best from there on, believed as if it hadn't
 *     along  [agents]   what it gets by playing along; with surplus values alone, whose V counts taste
 * The first type of an owner has the column that the actor, or agent, would have without a secret; the
 * others follow after those of all.
 */
#ifndef DT_SOLVE_PRIVATE_H
#define DT_SOLVE_PRIVATE_H

#include "game/typed.h"
#include "solve/group.h"
#include "solve/signal_game.h"

typedef enum dt_column_kind { DT_COLUMN_VALUE, DT_COLUMN_BEST, DT_COLUMN_ALONG } dt_column_kind;

/* Whose numbers stand in a column. */
typedef struct dt_private_column {
    dt_column_kind kind;
    int actor;    /* of a value; else -1 */
    int agent;    /* of a best or along; else that of the actor */
    int variable; /* that its owner knows, or -1; */
    int rank;     /* the value that it has here */
} dt_private_column;

typedef struct dt_private_plan {
    const dt_game *game;
    dt_values values;
    bool gaps;
    double scale;
    dt_beliefs *beliefs;
    size_t packs;
    dt_group_plan *group;              /* of each pack; its actors are the columns of values */
    const dt_places *places;           /* the group's, with options as above */
    dt_private_column *column;         /* [columns] */
    int **value_column;                /* [actors][values of what it owns, or 1] */
    int **best_column, **along_column; /* [agents] likewise; NULL if there are none */
    int *stage_secret;                 /* [stages] variable, or -1 */
    size_t sigma_room;                 /* options of all agents of the largest signalling game */
    uint8_t *row_typed;                /* [rows] 1: what it pays hangs on types */
    uint8_t *mixes;                    /* [stages] 1: points are mixed somewhere there */
    uint8_t *node_mixes;               /* [places' nodes] */
    dt_signal_size size;               /* of the largest signalling game */
} dt_private_plan;

/* How many signalling games were solved, and of how many the solution is certainly the only one. */
typedef struct dt_signal_count {
    uint64_t games, proved, steps;
} dt_signal_count;

typedef struct dt_private {
    const dt_private_plan *plan;
    dt_group **pack; /* [packs] */
    dt_world *world; /* of 8 equal columns: that of the packs */
    dt_world *typed; /* of a column for each joint type */
    dt_typed_strategy strategy;
    const double **value;   /* [packs] that of each */
    double **member_weight; /* [agents][members] of a team in its agent's columns; see gaps.c */
    double *steep;          /* [places][columns][variables][2] see signal_unique.c */
    uint32_t *steep_at;     /* [places] the sweep in which they were found, or are being found */
    uint32_t sweep;         /* counts from 1 */
    const struct dt_lane_code *code;
    struct dt_private_space **space; /* [jobs] */
    int jobs;
    dt_found found;
    dt_wrong wrong; /* code DT_CODES: nothing */
    dt_signal_count count;
    bool (*go_on)(void *context, double done);
    void *context;
    bool stopped;
    double done;    /* share of the work */
    double *start;  /* [columns] at the start, before the signal about the prior is heard */
    double *begins; /* [points][types] the chance with which play begins there */
} dt_private;

dt_private_plan *dt_private_plan_new(dt_arena *arena, const dt_game *game, dt_values values,
                                     bool gaps, double scale, bool half);
/* Bytes that dt_private_new takes. */
double dt_private_bytes(const dt_private_plan *plan, dt_keep keep, int jobs);
/* Work of `jobs` threads; their number changes no bit of what is found. Strategies are kept of all periods, of those of the
 * horizon (DT_KEEP_HORIZON), or of the one worked on last, which is the first when all is done (DT_KEEP_LAST). */
dt_private *dt_private_new(dt_arena *arena, const dt_private_plan *plan,
                           const struct dt_lane_code *code, dt_keep keep, int jobs);

/* As dt_signal_space_doubt, for all nodes. */
void dt_private_doubt(dt_private *work);

/* Solves a world: backward induction, or play forever; gaps if the plan has them. What is found hangs on its
 * parameters alone, whatever was solved before. */
void dt_private_solve(dt_private *work, const double *parameter);

/* A world's numbers and its start, for strategies that come from elsewhere: the caller puts them in. `wrong` says
 * what is wrong with the numbers. */
void dt_private_prepare(dt_private *work, const double *parameter);

/* The value of an actor at the start, by the prior if it owns a variable, and its gap. */
double dt_private_value(const dt_private *work, int actor);
double dt_private_gap(const dt_private *work, int actor);
/* The value at the start to one type of an owner; NAN of a type that the prior rules out, or if it owns
 * nothing. */
double dt_private_type_value(const dt_private *work, int actor, size_t rank);

/* ---- its parts ------------------------------------------------------------------------------- */

/* What columns are paid for rows and leaves at the points (private_numbers.c); the worlds must stand in
 * the period. t: from 0, for teams' weights. */
void dt_private_numbers(dt_private *work, uint32_t t);

/* Asks whether to go on. */
bool dt_private_going(dt_private *work);

/* What a row [types] pays a column, expected over what its owner doesn't know; `rank` [variables]: values
 * that are known, or -1: by the belief at the point. */
double dt_private_paid(const dt_private *work, uint32_t row, size_t column, uint32_t point,
                       const int *rank);

/* One stage in which points are mixed (private_stage.c). Columns first … of the pass; strategies are made
 * or followed. False if the work is to be left off. */
bool dt_private_stage(dt_private *work, uint32_t stage, uint32_t period, bool decide, bool count,
                      size_t first, size_t beyond);
/* Whether points are mixed at a node of the game; its subject, or -1 if it has none or several; and the
 * plan's size with that of its signalling game. */
bool dt_private_mixes(const dt_private_plan *plan, uint32_t node);
int dt_private_subject(const dt_private_plan *plan, uint32_t node);
void dt_private_measure(dt_private_plan *plan, uint32_t node);

/* The signalling game of a node of the game at a point, without payments, and with the strategies of a
 * period put in: what is seen, and believed then. The next call, and solving, overwrite it. `again`: the last call was for
 * this node with the same numbers, nothing being solved since, so that less is to be done. NULL if that can't be told
 * because the node failed: a type that is thought possible does something with a probability of 0. */
const dt_signal_game *dt_private_see(dt_private *work, uint32_t node, uint32_t point,
                                     uint32_t period, bool again);
const dt_signal_space *dt_private_signal(const dt_private *work);
struct dt_private_space *dt_private_space_new(dt_arena *arena, const dt_private_plan *plan,
                                              const struct dt_lane_code *code);
double dt_private_space_bytes(const dt_private_plan *plan);

#endif
