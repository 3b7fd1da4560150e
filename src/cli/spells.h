/*
 * Posterior predictive checks of what hangs together in time: how often something came, and its longest lulls and spells.
 */
#ifndef DT_CLI_SPELLS_H
#define DT_CLI_SPELLS_H

#include "record.h"
#include "sheet.h"

/* The rows of each history that are looked at, and the columns. */
typedef struct cli_spells {
    const cli_worlds *given;
    const dt_likelihood *likelihood; /* made for as many periods ahead as there are rows */
    size_t histories;
    const dt_history *const *history; /* [histories] */
    const cli_rows *rows;             /* [histories] */
    size_t columns;
    const size_t *column; /* [columns] observables */
    uint64_t seed;
} cli_spells;

/* Puts a sheet of them into the answer. */
dt_status cli_put_spells(const cli_spells *asked, cli_answer *answer);

#endif
