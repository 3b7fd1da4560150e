/*
 * What `run` found, for its ways of showing it: JSON (run.c), the first screen (summary.c), the full table
 * (run_table.c), and tables for other programs and papers (run_sheet.c).
 */
#ifndef DT_CLI_RUN_H
#define DT_CLI_RUN_H

#include "cli.h"

/* A type of an actor who owns a private variable. */
typedef struct cli_type {
    size_t actor, variable, rank;
} cli_type;

/* The numbers of every policy, each array [items][policies]. */
typedef struct cli_results {
    double *outcome, *value, *gap;
    double *chance;  /* [outcomes][policies] if everybody tossed coins; NULL: not asked for */
    bool *by_chance; /* [outcomes] the policies rank so then, too */
    double *residual, *bound; /* the bound of play forever; 0 with a finite horizon */
    uint64_t *states, *nodes, *crossed, *sweeps;
    cli_unsolved *unsolved; /* [policies]; where one isn't solved its numbers are NaN */
    dt_prize *prize;        /* [prizes] ends that are prizes under the first policy asked for */
    size_t prizes;
    /* with private variables; else NULL */
    uint64_t *beliefs; /* [policies] joint points of the grids */
    uint64_t *points;  /* [policies] of which the solution has these: 1 if all secrets are known */
    double *calibration; /* [policies] */
    cli_type *type;      /* [types] of all owners */
    size_t types;
    double *
        type_value; /* [types][policies] values at the start; NaN of those that the prior rules out */
    double *type_outcome; /* [types][outcomes][policies] likewise */
    double
        *half; /* [outcomes][policies] how far each is from that on the grid of half the fineness */
    bool *coarse; /* [outcomes] that is further than policies are apart: on it none is best */
} cli_results;

/* The first screen: what came out in three sentences, the headline outcomes, what isn't known, and
 * the next command. */
void cli_print_summary(const cli_session *session, const cli_results *results);

/* All of it, for `solved` policies that are solved. */
void cli_print_table(const cli_session *session, const cli_results *results, size_t solved);

/* "stall" */
const char *cli_type_value(const dt_model *model, const cli_type *type);

/* Whether more than one value of a private variable is possible at the start, under some policy. */
bool cli_is_secret(const cli_results *results, size_t variable, size_t policies);

/* "aim is bargain, will is spare", of those that aren't: everybody knows as much at the start. */
const char *cli_known_types(const cli_session *session, const cli_results *results);

/* The same results as tables in the form that the line asks for: run_sheet.c. */
dt_status cli_print_sheets(const cli_session *session, const cli_results *results);

/* An item's name, its description and more; `width`: of the widest name. Of an outcome it is which way is
 * better. */
void cli_print_described(const dt_model *model, dt_kind kind, size_t item, int width,
                         const char *more);
void cli_print_outcome(const dt_model *model, size_t outcome, int width);

/* Behind the name of an outcome by which policies differ less than it is off on half the grid of beliefs; and
 * what that means. */
#define CLI_COARSE "~"
#define CLI_COARSE_SAYS                                                                            \
    "within the grid's own distance, so that differences between policies say nothing (try a "     \
    "larger --beliefs)"

/* Which way an outcome is better: +1 or -1; 0 if it has no direction, or the grid is too coarse to say who is best. */
int cli_ranked_direction(const cli_session *session, const cli_results *results, size_t outcome);

/* An outcome's name as the head of its numbers, with a mark if its ranking holds by chance, too, and one if the
 * grid is too coarse for it; and what the marks mean, if one of `outcome` [count] carries them. */
const char *cli_ranked_name(const cli_session *session, const cli_results *results, size_t outcome);
void cli_print_marks(const cli_results *results, const size_t *outcome, size_t count);

#endif
