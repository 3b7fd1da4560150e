/*
 * What the files of `sensitivity` share: the tables that are being filled.
 */
#ifndef DT_CLI_SENSITIVITY_H
#define DT_CLI_SENSITIVITY_H

#include "question.h"

/* Parameters that the terminal shows unasked. */
enum { CLI_SHOWN = 15 };

typedef struct cli_asking {
    cli_question *q;
    /* NULL: not of this design, or not yet */
    cli_sheet *sobol, *shapley, *morris, *swing, *rank, *worth, *flip;
    size_t answered;
    const char *why; /* the outcome asked about last has no indices; NULL: it has */
} cli_asking;

/* Which numbers decide about the best policy by an outcome: decision.c. */
dt_status cli_ask_decision(cli_asking *asking, size_t outcome);

#endif
