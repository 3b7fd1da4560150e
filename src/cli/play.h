/*
 * What the files of `detente play` share.
 */
#ifndef CLI_PLAY_H
#define CLI_PLAY_H

#include "cli.h"
#include "detente_play.h"

/* A match at a terminal. */
typedef struct cli_seat {
    const cli_session *session;
    const dt_model *model;
    const dt_solution *solution;
    dt_match *match;
    uint64_t seed;
    size_t told; /* events that have been */
    int shown;   /* the last period at whose beginning the state has been shown */
} cli_seat;

/* What it has come to, when play is over: outcomes among those of other histories, and what was given away. */
dt_status cli_play_sheet(const cli_seat *seat);

/* "62 in 100", "less than 1 in 100". */
const char *cli_in_hundred(double probability);

#endif
