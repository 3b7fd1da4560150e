/*
 * Detente: histories. What happened, what was sampled and what was played are one kind of file: a table
 * with one row a period, of which some cells are observed (docs/history.md). Here such a file is read and
 * written, histories are sampled, and a history's likelihood under a model is found exactly, for one world or
 * for many. The rest of the public interface, and the conventions, are in detente.h.
 *
 * What can be observed are the model's observables: its state variables in the order of declaration, then,
 * stage by stage, the choice of each mover. A history has a value, or none, for each of them in each row.
 * Values are counted from 0: those of a variable in the order of its domain (dt_model_value), of a choice 0
 * is `none`, and the mover's actions follow in the order of declaration. Row 0 is the state before the first
 * period; row t, from 1, is the t-th period.
 */
#ifndef DETENTE_HISTORY_H
#define DETENTE_HISTORY_H

#include "detente.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what can be observed ---------------------------------------------------------------------- */

typedef struct dt_observable {
    int variable;     /* of a state variable, among DT_STATES; else -1 */
    int stage, mover; /* of a choice: its stage, and the mover's place in it; else -1 */
    size_t values;    /* how many it has */
    size_t
        first;   /* the values of all observables before it: where its own begin in a list of all */
    bool secret; /* a private variable or a choice of a hidden stage: seen by the reader alone */
} dt_observable;

DT_API size_t dt_model_observables(const dt_model *model);
DT_API dt_observable dt_model_observable(const dt_model *model, size_t index);
/* The values of all observables together: `first` past the last. */
DT_API size_t dt_model_observable_values(const dt_model *model);
/* What its column is called: "tension", "talks.envoy". Written into `buffer`, at most size-1 bytes of it, which is
 * returned; "" if there is none. */
DT_API const char *dt_model_observable_name(const dt_model *model, size_t index, char *buffer,
                                            size_t size);
/* A value as it is written: "cap", "3", "none", "step"; likewise. */
DT_API const char *dt_model_observable_value(const dt_model *model, size_t index, size_t value,
                                             char *buffer, size_t size);

/* ---- a history --------------------------------------------------------------------------------- */

typedef struct dt_history dt_history;

/* Reads a history of a model, which must live as long: CSV as RFC 4180 has it, with a header. All errors are told,
 * at most 20, each with its place, and DT_INVALID. `name` stands in diagnostics; the text is copied. */
DT_API dt_status dt_history_parse(const dt_model *model, const char *name, const char *text,
                                  size_t length, const dt_options *options, dt_history **history);
/* The same for a file; DT_FILE (with a diagnostic) if it can't be read. */
DT_API dt_status dt_history_read(const dt_model *model, const char *path, const dt_options *options,
                                 dt_history **history);
/* A history of `periods` periods in which nothing is observed. `policy`: in force, or -1: none is named. */
DT_API dt_status dt_history_blank(const dt_model *model, int policy, size_t periods,
                                  const dt_options *options, dt_history **history);
DT_API void dt_history_free(dt_history *history);

DT_API const char *dt_history_name(const dt_history *history);
/* Rows, that of the state before the first period included; at least 1. */
DT_API size_t dt_history_rows(const dt_history *history);
/* Whether the file has a column for an observable. */
DT_API bool dt_history_has(const dt_history *history, size_t observable);
/* What a row's cell says: a value of the observable, or -1: not observed. */
DT_API int dt_history_value(const dt_history *history, size_t row, size_t observable);
/* The policy in force in a row, as its cell or the one above says it; -1: none is named so far. */
DT_API int dt_history_policy(const dt_history *history, size_t row);
/* Of which match it is (detente_play.h), as the first row of its comment `_match` says; "" without one. */
DT_API const char *dt_history_note(const dt_history *history);
/* What the column `period` calls a row, "" without one. */
DT_API const char *dt_history_period(const dt_history *history, size_t row);

/* Writes it as such a file: with the columns that it has; `secret`: those that the reader alone sees, too. */
DT_API dt_status dt_history_write(const dt_history *history, bool secret, const dt_options *options,
                                  dt_write *write, void *context);

/* ---- likelihood -------------------------------------------------------------------------------- */

/* Histories made ready: for each policy in force the game graph, explored from every state that the
 * rows allow. Made once for any number of worlds; different threads may use it at once. */
typedef struct dt_likelihood dt_likelihood;

/* Zeroed means the defaults. */
typedef struct dt_likelihood_how {
    size_t policy;    /* in force where no row names one */
    dt_values values; /* as dt_solve has them */
    size_t
        ahead; /* not 0: play is to be known wherever it can lead, whatever the rows say, and so many
                     periods past the last one */
    /* The worlds that it is for. A private variable whose value is certain as the histories begin, by the prior in all of
     * them or by `start`, and which no policy in force changes or is sure of otherwise, is known to everybody: it costs nothing
     * (dt_game_explore_known), and a world in which it isn't so is wrong. Without worlds a prior counts only
     * if it depends on no parameter. */
    size_t worlds;
    const double *parameters; /* [worlds][parameters], not needed after the call */
    const bool *free;         /* [parameters] those that may have any number besides; NULL: none */
} dt_likelihood_how;

/* Needs model and histories as long as it lives. DT_INVALID, with a diagnostic, if a row is impossible whatever
 * the numbers: the diagnostic names the row, its cells, and which of them alone would be possible. */
DT_API dt_status dt_likelihood_new(const dt_model *model, const dt_history *const *history,
                                   size_t histories, const dt_likelihood_how *how,
                                   const dt_options *options, dt_likelihood **likelihood);
DT_API void dt_likelihood_free(dt_likelihood *likelihood);
/* Rows of all histories that count: each has one less than dt_history_rows. */
DT_API size_t dt_likelihood_rows(const dt_likelihood *likelihood);
/* Games that are solved for each world, and the places of all of them together, for saying what it will cost. */
DT_API size_t dt_likelihood_games(const dt_likelihood *likelihood);
DT_API uint64_t dt_likelihood_nodes(const dt_likelihood *likelihood);

/* One world. `parameters` as declared or drawn: settings of policies are applied by this call. row
 * [dt_likelihood_rows] (may be NULL): log p_t, the histories one after the other. *loglik: their sum. DT_INVALID,
 * told: the world is wrong, or a row is impossible in it; DT_NO, told: a game isn't solved. Then all are NaN. */
DT_API dt_status dt_likelihood_world(const dt_likelihood *likelihood, const double *parameters,
                                     const dt_options *options, double *loglik, double *row);

/* Many worlds, several at a time in the lanes of vector registers, over threads. parameters [worlds][parameters];
 * loglik [worlds]; row [worlds][dt_likelihood_rows] or NULL; status [worlds] or NULL: DT_OK, or DT_NO: a game
 * isn't solved, or DT_INVALID: the world is wrong, its numbers then being NaN. Of `how` the threads alone count. A row that is impossible in a world
 * has -INFINITY, and so has the sum. Each world's numbers depend, to the last bit, on its own parameters alone and
 * are those of dt_likelihood_world. DT_INVALID: the call is wrong; DT_LIMIT: memory, or options->progress ended it. */
DT_API dt_status dt_likelihood_run(const dt_likelihood *likelihood, const double *parameters,
                                   size_t worlds, const dt_ensemble_options *how,
                                   const dt_options *options, double *loglik, double *row,
                                   dt_status *status);

/* ---- what wasn't observed ---------------------------------------------------------------------- */

/* The probability of every value of every observable in each row of one of the histories, given the rows up to it
 * (filtered), and given all rows (smoothed): [dt_history_rows][dt_model_observable_values] each, either may be NULL.
 * In row 0 choices have NaN. DT_INVALID and DT_NO as dt_likelihood_world. */
DT_API dt_status dt_likelihood_smooth(const dt_likelihood *likelihood, size_t history,
                                      const double *parameters, const dt_options *options,
                                      double *filtered, double *smoothed);

/* What is to be expected after each of the rows first … first+origins-1 of a history, given the rows up to it and
 * nothing later: the probability of every value of every observable 1 … steps (at most how->ahead) periods later, under the policies that
 * the rows name, past the last row under its policy. After an end the state stands, and choices are none.
 * probability [worlds][origins][steps][dt_model_observable_values]; status [worlds] as dt_likelihood_run. NaN where
 * a world has no solution or a row is impossible in it. first + origins <= dt_history_rows. */
DT_API dt_status dt_likelihood_predict(const dt_likelihood *likelihood, size_t history,
                                       size_t first, size_t origins, size_t steps,
                                       const double *parameters, size_t worlds,
                                       const dt_ensemble_options *how, const dt_options *options,
                                       double *probability, dt_status *status);

/* ---- what might have come in place of what did --------------------------------------------------- */

/* Courses of play in place of the rows first+1 … first+steps of a history. */
typedef struct dt_replicating {
    size_t history, first, steps; /* steps at most how->ahead; first + steps < dt_history_rows */
    size_t courses;               /* of each world */
    uint64_t seed, number;        /* course c of world w has the number number + w * courses + c */
} dt_replicating;

/* Draws them: from what may have been after row `first`, given the rows up to it and that play went on, under the policies that
 * the rows name. After an end the state stands, and choices are none. A course depends on its seed and number, and on its world, alone.
 * value [worlds][courses][steps][dt_model_observables], what only one side sees included; -1 in worlds of which
 * status [worlds] (may be NULL) isn't DT_OK: DT_NO: a game isn't solved; DT_INVALID: the world is wrong, or a row up to
 * `first` impossible in it. */
DT_API dt_status dt_likelihood_replicate(const dt_likelihood *likelihood,
                                         const dt_replicating *asked, const double *parameters,
                                         size_t worlds, const dt_ensemble_options *how,
                                         const dt_options *options, int *value, dt_status *status);

/* ---- sampling ---------------------------------------------------------------------------------- */

/* Play that can be sampled: one world under one policy, solved. */
typedef struct dt_sampler dt_sampler;

/* Zeroed: of the game of `run`, of no more periods than horizon and lookahead together. */
typedef struct dt_sampling {
    size_t policy, periods;
    uint64_t seed;
    dt_values values;
    bool receding; /* in each period the strategies of the first, as the likelihood has it */
} dt_sampling;

DT_API dt_status dt_sampler_new(const dt_model *model, const double *parameters,
                                const dt_sampling *how, const dt_options *options,
                                dt_sampler **sampler);
DT_API void dt_sampler_free(dt_sampler *sampler);
/* History `number` (from 0) of the seed: everything is observed. It depends on model, world, seed and number alone, and is asked for
 * by one thread at a time. It ends early if play does. */
DT_API dt_status dt_sampler_history(dt_sampler *sampler, uint64_t number, const dt_options *options,
                                    dt_history **history);

#ifdef __cplusplus
}
#endif
#endif
