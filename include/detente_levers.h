/*
 * Detente: which ingredient does the work. Two policies differ in ingredients: the levers whose settings
 * differ, and one each the changes of their own that they don't share. Every cell between the two, each
 * ingredient as the one or the other has it, is a game of its own; an outcome's difference is shared
 * out among the ingredients by Shapley's value, and divided into what happens though nobody reacts and what
 * follows as everybody adapts. The rest of the public interface, and the conventions, are in detente.h.
 */
#ifndef DETENTE_LEVERS_H
#define DETENTE_LEVERS_H

#include "detente.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { DT_MOST_INGREDIENTS = 12 };

/* ---- sharing out ------------------------------------------------------------------------------ */

/* How a function of sets v [2^n], n <= DT_MOST_INGREDIENTS, is shared out among its n players; bit i of an
 * index says whether i is in the set (Shapley 1953; Grabisch & Roubens 1999 for the interactions). */
typedef struct dt_shares {
    double *shapley;     /* [n] sum to v(all) - v(none) */
    double *alone;       /* [n] v({i}) - v(none) */
    double *left_out;    /* [n] v(all but i) - v(all) */
    double *interaction; /* [n][n] symmetric, 0 on the diagonal */
} dt_shares;

/* The arrays belong to the caller; those that are NULL aren't filled in. O(4^n n²) at most. */
DT_API void dt_share(size_t n, const double *v, dt_shares *shares);

/* ---- two policies ----------------------------------------------------------------------------- */

typedef struct dt_levers dt_levers;

/* Finds the ingredients between two policies of a model. DT_INVALID, told, if there are more than
 * DT_MOST_INGREDIENTS. Needs the model as long as it lives. */
DT_API dt_status dt_levers_new(const dt_model *model, size_t from, size_t to,
                               const dt_options *options, dt_levers **levers);
DT_API void dt_levers_free(dt_levers *levers);

DT_API size_t dt_levers_count(const dt_levers *levers); /* ingredients: n */
/* "lead", "set c_offer", "forbid US.press"; numbered where two would be called the same. */
DT_API const char *dt_levers_name(const dt_levers *levers, size_t ingredient);
/* What the ingredient is under `from` (side 0) and under `to` (side 1): "lead=seoul", "set c_offer = 0.2", "" if
 * nothing. */
DT_API const char *dt_levers_side(const dt_levers *levers, size_t ingredient, int side);

/* Has dt_levers_solve keep what it solves in a file at `path`, each game in some worlds and each world's chain as soon as it
 * is done, and take from it what it has: so that the same call goes on with work that was ended, and comes to the same
 * bits. `drawn` says in a line what the worlds are, such as "200 of seed 1"; both texts are needed as long as the levers are.
 * Then dt_levers_solve ends with DT_INVALID, all that differs told, if the file holds something else or was begun by another
 * call, with other worlds among them; with DT_FILE if it can't be used. It can't be combined with options->selected. */
DT_API dt_status dt_levers_keep(dt_levers *levers, const char *path, const char *drawn,
                                const dt_options *options);

/* What was found. All arrays belong to the caller, with room for the worlds asked for; in a world in which a cell
 * isn't solved all numbers are NaN. */
typedef struct dt_levers_result {
    double *outcome;    /* [outcomes][worlds][2^n] of every cell */
    double *mechanical; /* [outcomes][worlds] the mechanical chain's less that of `from` */
    double *adaptive;   /* [outcomes][worlds] the rest of the difference */
    double *uniform;    /* [worlds] share of the chain's decisions taken uniformly */
    size_t games;       /* different ones among the cells */
} dt_levers_result;

/* Solves all cells and the mechanical chain in some worlds: `parameters` [worlds][parameters] as declared,
 * given or drawn, before anybody's settings. Cells that are the same game are solved once; options->jobs threads.
 * DT_INVALID, told, if a cell is in error. If there is one world: DT_NO, told, if a cell isn't solved in it; of
 * several some may fail. */
DT_API dt_status dt_levers_solve(dt_levers *levers, const double *parameters, size_t worlds,
                                 dt_values values, const dt_options *options,
                                 dt_levers_result *result);

#ifdef __cplusplus
}
#endif

#endif
