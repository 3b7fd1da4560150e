/*
 * What `levers` found, for those that print it.
 */
#ifndef DT_CLI_LEVERS_H
#define DT_CLI_LEVERS_H

#include "cli.h"
#include "detente_levers.h"

/* All that was asked for, world 0 being the nominal one. */
typedef struct cli_levers {
    const cli_session *session;
    dt_levers *between;
    size_t count, cells, outcomes, worlds; /* worlds drawn, besides */
    const char *from, *to;
    dt_levers_result result;
    size_t *shown; /* [shown_count] outcomes */
    size_t shown_count;
    bool *by_chance; /* [outcomes] the two differ so by chance alone, too */
} cli_levers;

/* What a share is over the worlds: how many were solved, the median, the 5-95 % band, and in which part of them it has
 * the sign that it has in the nominal world. */
typedef struct cli_levers_band {
    size_t solved;
    double median, low, high, holds;
} cli_levers_band;

/* An outcome in the cells, by which ingredients are in force: the first is the one end, the last the other. */
static inline const double *cli_levers_cells(const cli_levers *l, size_t outcome, size_t world)
{
    return l->result.outcome + (outcome * (l->worlds + 1) + world) * l->cells;
}

/* The shares of an outcome in a world. */
dt_shares cli_levers_shares(const cli_levers *levers, size_t outcome, size_t world);
/* The same for people, in the nominal world: what is left of sums that cancel, beside the largest number of the cells, is 0. */
dt_shares cli_levers_shares_shown(const cli_levers *levers, size_t outcome);
void cli_levers_drop_rounding(const cli_levers *levers, size_t outcome, double *number,
                              size_t count);
cli_levers_band cli_levers_band_of(const cli_levers *levers, size_t outcome, size_t ingredient,
                                   double nominal);

/* The three tables of shares: who prints one says by which. */
static inline const double *cli_levers_shapley(const dt_shares *shares)
{
    return shares->shapley;
}

static inline const double *cli_levers_alone(const dt_shares *shares)
{
    return shares->alone;
}

static inline const double *cli_levers_left_out(const dt_shares *shares)
{
    return shares->left_out;
}

/* As --csv, --markdown or --latex asks for it: levers_sheet.c. */
dt_status cli_levers_print_sheets(const cli_levers *levers);

#endif
