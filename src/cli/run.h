/*
 * What `run` found, for its two ways of showing it: the first screen (summary.c) and the full table
 * (run.c).
 */
#ifndef DT_CLI_RUN_H
#define DT_CLI_RUN_H

#include "cli.h"

/* The numbers of every policy, each array [items][policies]. */
typedef struct cli_results {
    double *outcome, *value, *gap;
    double *residual, *bound; /* the bound of play forever; 0 with a finite horizon */
    uint64_t *states, *nodes, *crossed, *sweeps;
    cli_unsolved *unsolved; /* [policies]; where one isn't solved its numbers are NaN */
    dt_prize *prize;        /* [prizes] ends that are prizes under the first policy asked for */
    size_t prizes;
    /* with private variables; else NULL */
    uint64_t *beliefs;   /* [policies] joint points of the grids */
    double *calibration; /* [policies] */
    double
        *half; /* [outcomes][policies] how far each is from that on the grid of half the fineness */
} cli_results;

/* The first screen: what came out in three sentences, the headline outcomes, what isn't known, and
 * the next command. */
void cli_print_summary(const cli_session *session, const cli_results *results);

/* An item's name, its description and more; `width`: of the widest name. Of an outcome it is which way is
 * better. */
void cli_print_described(const dt_model *model, dt_kind kind, size_t item, int width,
                         const char *more);
void cli_print_outcome(const dt_model *model, size_t outcome, int width);

#endif
