/*
 * Histories that numbers are fitted to: read, the rows that count, and the likelihood of those.
 */
#ifndef DT_CLI_RECORD_H
#define DT_CLI_RECORD_H

#include "cli.h"
#include "detente_fit.h"
#include "detente_history.h"

/* Rows of a history, both included; the first that can be is 1, as row 0 is what was before. */
typedef struct cli_rows {
    size_t from, to;
} cli_rows;

typedef struct cli_record {
    const cli_session *session;
    size_t histories;
    dt_history **history; /* [histories] */
    cli_rows *fitted;     /* [histories] the rows whose likelihood counts */
    size_t in_force;      /* the policy where no row names one */
    dt_likelihood *likelihood;
    double *row;       /* room for rows' likelihoods, when some don't count */
    size_t room;       /* worlds that it is for */
    const char *said;  /* "record.csv, rows 1 to 55 (0123456789abcdef)" */
    const char *whole; /* the same and what is in force */
} cli_record;

/* Reads the histories of --history, the rows of `train` ("A..B", labels of periods or numbers of rows; NULL: all),
 * and makes the likelihood ready. On any status but DT_OK all was told and nothing is held. */
dt_status cli_record_open(cli_record *record, const cli_session *session, const char *train);
void cli_record_close(cli_record *record);

/* The rows of a range "A..B", or false, told. */
bool cli_find_rows(const dt_history *history, const char *option, const char *range,
                   cli_rows *rows);

/* Worlds from which something is expected of a record: the draws of a fit, or one world. They weigh the same. */
typedef struct cli_worlds {
    const cli_session *session;
    size_t worlds;
    const double *world; /* [worlds][parameters] before policies' settings */
    dt_values values;
    size_t in_force;    /* the policy where no row names one */
    const char *fitted; /* what the draws were fitted to, as the file says it; NULL: nothing */
} cli_worlds;

/* The one world of a session; the draws of a study whose model the session has. */
cli_worlds cli_worlds_of_session(const cli_session *session);
cli_worlds cli_worlds_of_study(const cli_session *session, const dt_study_data *data);

/* The rows of this very history that a fit was fitted to, by what its file says (dt_study_data.fitted). False: none. */
bool cli_find_fitted(const cli_session *session, const dt_history *history, const char *fitted,
                     cli_rows *rows);

/* The work of `score` with --train and --test: forecast.c. */
dt_status cli_run_forecast(const cli_line *line);

/* A dt_loglik whose context is a cli_record. */
dt_status cli_record_loglik(void *context, size_t count, const double *parameters, double *loglik);

/* The parameters of --free, ascending; false, told, if one of them isn't there. */
bool cli_choose_free(const cli_session *session, size_t **parameter, size_t *count);

/* A plan of a fit to the record, as the line asks for it. */
bool cli_plan_fit(cli_record *record, dt_fit_plan *plan);

/* Tells what it will cost, then how far it is, until interrupted: progress of dt_fit_how. */
typedef struct cli_fit_telling {
    const cli_session *session;
    const dt_fit_plan *plan;
    const char *stays; /* where what is done stays; NULL: nowhere */
    bool said, ending;
    double told; /* seconds */
} cli_fit_telling;

bool cli_fit_progress(void *context, const dt_fit_progress *progress);

#endif
