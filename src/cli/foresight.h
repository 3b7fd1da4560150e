/*
 * Foresight: what is expected of the rows of a history, so many periods ahead, or of all of them at once.
 */
#ifndef DT_CLI_FORESIGHT_H
#define DT_CLI_FORESIGHT_H

#include "cli.h"
#include "detente_history.h"

typedef struct cli_foresight {
    const cli_session *session;
    const dt_likelihood *likelihood; /* made for as many periods ahead as are asked for */
    size_t history;                  /* which of its histories */
    size_t worlds;
    const double *world; /* [worlds][parameters] all weigh the same */
    size_t from, to;     /* the rows that are expected, both included; from >= 1 */
    size_t leads;
    const size_t *lead; /* [leads] periods ahead, at most `from`; 0: all rows from row from - 1 */
    double **
        mean; /* found: [leads] [rows][values of all observables], the mean of the worlds' probabilities;
                           NaN if none of them could be solved */
    size_t failed; /* worlds that couldn't be, or in which a row is impossible */
} cli_foresight;

/* Finds it, and tells how far it is. */
dt_status cli_foresee(cli_foresight *foresight);

#endif
