/*
 * Detente: fitting. The numbers of a model that a record has something to say about: draws of their
 * posterior by tempered sequential Monte Carlo, the evidence, the mode; and forecasts scored beside baselines. What is fitted to is a function
 * from worlds to log likelihoods, so that anything may be: a history's likelihood is one of
 * them. The posterior is a study file: its worlds are the draws, and everything that reads studies
 * (detente_study.h) reads it.
 */
#ifndef DETENTE_FIT_H
#define DETENTE_FIT_H

#include "detente_study.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Puts the log likelihoods of the worlds parameters[count][parameters of the model], before policies'
 * settings, into loglik[count]; -INFINITY or NaN for a world that has none or can't be solved. A world has the same number
 * to the last bit, with whatever others it is asked for. A status that isn't DT_OK ends the fit. */
typedef dt_status dt_loglik(void *context, size_t count, const double *parameters, double *loglik);

/* What is asked for; zeroed means the defaults where there are any. */
typedef struct dt_fit_plan {
    dt_loglik *loglik; /* NULL: the posterior is the prior */
    void *loglik_context;
    const char
        *fitted; /* one line: what is fitted to. Fits that are resumed know each other by it */
    size_t free; /* how many parameters are fitted */
    const size_t
        *parameter;     /* [free] which; each has a distribution, which is its prior, or a range,
                                on which it is uniform for the sake of the fit; correlations stay */
    const double *held; /* [parameters] the numbers of the others; NULL: as declared */
    size_t particles;   /* draws (default 512), at least 16 and 4 for each that is fitted */
    uint64_t seed;
    dt_values values;
    size_t policies; /* that the draws are solved under, once they are drawn; 0: all */
    const size_t *policy;
} dt_fit_plan;

typedef struct dt_fit_progress {
    double likelihood;  /* seconds that one takes here, from a first few */
    double temperature; /* reached: 0 the prior, 1 the posterior */
    uint64_t steps, sweeps, evaluations;
    const dt_study_progress *study; /* NULL: as yet drawing; else solving the draws */
} dt_fit_progress;

typedef struct dt_fit_how {
    int jobs; /* threads with which the draws are solved; 0: one for each processor */
    /* Called before each sweep, and as in dt_study_how; false ends the run: the file keeps all that was
     * done up to the last temperature, or of the draws. */
    bool (*progress)(void *context, const dt_fit_progress *progress);
    void *progress_context;
} dt_fit_how;

/* A fitted number before and after. */
typedef struct dt_fitted_number {
    size_t parameter;
    bool
        uniform; /* it has no distribution but a range: the prior is uniform for the sake of the fit */
    double prior_mean, prior_sd, prior_low, prior_high; /* low and high: 5 % and 95 % */
    double mean, sd, low, high;                         /* of the posterior */
    double learned; /* 1 - posterior variance / prior variance */
    bool flat;      /* what was learned can't be told from noise */
    double
        effective; /* independent draws that the particles are worth for its mean; NaN of a mode */
} dt_fitted_number;

/* Two fitted numbers, and how their normal scores correlate. */
typedef struct dt_fitted_pair {
    size_t a, b; /* of the fitted numbers */
    double prior, posterior;
} dt_fitted_pair;

/* What came out. Freed by dt_fit_free. */
typedef struct dt_fit {
    size_t particles;
    size_t numbers;
    const dt_fitted_number *number; /* [numbers] in the order of declaration */
    size_t pairs;
    const dt_fitted_pair *pair; /* [pairs] all, by falling size of the posterior's correlation */
    double evidence,
        evidence_error; /* log evidence, and its standard error (of a mode: Laplace's; NaN) */
    bool complete;      /* of dt_fit_run: drawn and all solved */
    uint64_t before;    /* temperatures that were in the file when it was opened */
    uint64_t steps, sweeps, evaluations, without; /* without: points that had no likelihood */
    double accepted;                              /* share of the last moves' proposals */
    double kept; /* largest correlation of a coordinate over the last moves, which should have
                        forgotten: above 0.2 draws are fewer than they seem */
    double seconds;
    /* Of dt_fit_mode alone. */
    const double
        *mode; /* [parameters of the model] the mode of the posterior density of normal scores */
    double loglik; /* there */
    double slope;  /* largest derivative of the log density by a normal score there, 0 at a mode */
    bool peak;     /* the curvature is that of a peak; else sd, quantiles and evidence are NaN */
    const dt_study_summary
        *study; /* of the draws' solution; NULL if that wasn't begun, or of a mode */
    void *owner;
} dt_fit;

/* Draws from the posterior into a study file, or goes on where the file stops; then solves the draws as
 * dt_study_run does. Everything follows from the plan: a fit that was killed and taken up again, with any
 * number of threads or, under mpirun (dt_cluster_join), ranks, ends with the same file. Of the ranks, which all call it alike, the
 * first alone writes, tells of progress and has a fit. Costs particles × sweeps likelihoods; sweeps are 4 to
 * 60 for each temperature, most where the draws move badly, temperatures some 3 to 15.
 *
 * DT_OK: complete. DT_NO: complete, and some draws failed under a policy; or no draw of the prior has a
 * likelihood, told. DT_INVALID: the plan is wrong, or the file holds another fit, told. DT_LIMIT: memory, or
 * how->progress ended it. DT_FILE: the file. *fit is NULL unless the draws are there. */
DT_API dt_status dt_fit_run(const dt_model *model, const dt_fit_plan *plan, const char *path,
                            const dt_fit_how *how, const dt_options *options, dt_fit **fit);

/* Climbs to the mode of the posterior, in normal scores, by a quasi-Newton method with derivatives by central differences, all of a gradient's points at
 * once; describes it by the curvature there (Laplace's approximation). DT_OK even if it isn't a peak: see `slope` and
 * `peak`. DT_NO, told: no draw of the prior has a likelihood. */
DT_API dt_status dt_fit_mode(const dt_model *model, const dt_fit_plan *plan,
                             const dt_options *options, dt_fit **fit);
DT_API void dt_fit_free(dt_fit *fit);

/* ---- a fit read back ----------------------------------------------------------------------------- */

enum { DT_POSTERIOR_BINS = 40 };
/* Before and after the record was seen: of the prior, and of the draws. */
enum { DT_BEFORE, DT_AFTER };

/* How a fitted number is distributed before and after, so that both can be drawn. */
typedef struct dt_posterior_number {
    size_t parameter;
    bool uniform; /* the prior is uniform for the sake of the fit */
    double mean[2], sd[2];
    double learned; /* 1 - posterior variance / prior variance */
    double quantile[2][DT_QUANTILES];
    /* Bins alike in width, of a list one for each value. The first and the last edge are where the draws end, or
     * .005 of the prior lies beyond, whichever is further out. */
    size_t bins;                        /* up to DT_POSTERIOR_BINS; 1 if there is but one number */
    double edge[DT_POSTERIOR_BINS + 1]; /* [bins+1] ascending */
    double share[2][DT_POSTERIOR_BINS]; /* [bins] of the prior, and of the draws, that lies in it */
} dt_posterior_number;

typedef struct dt_posterior {
    size_t draws;
    size_t numbers;
    const dt_posterior_number *number; /* [numbers] in the order of declaration */
    void *owner;
} dt_posterior;

/* What the file of a fit says of each fitted number. DT_INVALID, told: the study isn't one of a posterior's draws.
 * Freed by dt_posterior_free; needs the study's model as long. */
DT_API dt_status dt_posterior_read(const dt_study_data *data, const dt_options *options,
                                   dt_posterior **posterior);
DT_API void dt_posterior_free(dt_posterior *posterior);

/* ---- forecasts scored -------------------------------------------------------------------------- */

/* Forecasters that know nothing of games, fitted to the training rows alone: what a model has to beat.
 * DT_FORECAST_MODEL is the one whose forecasts are handed over. */
typedef enum dt_forecaster {
    DT_FORECAST_MODEL,
    DT_FORECAST_UNIFORM, /* every value alike */
    DT_FORECAST_RATE,    /* how often each came */
    DT_FORECAST_MARKOV,  /* what followed the last value observed, step by step */
    DT_FORECAST_LOGIT,   /* a multinomial logit on all columns as they were at the origin */
    DT_FORECASTERS
} dt_forecaster;

/* "model", "uniform", "base rate", "Markov", "logit". */
DT_API const char *dt_forecaster_name(dt_forecaster forecaster);

enum { DT_MOST_LEADS = 8, DT_CALIBRATION_BINS = 10 };

/* The rows of one history among those of all, and what they are for; ends are included. */
typedef struct dt_forecast_rows {
    size_t first, last; /* the state before its first period, and its last row */
    size_t train_from, train_to, test_from, test_to;
} dt_forecast_rows;

/* What was observed, and what was forecast of it. Rows are periods in order of time, one history after the other. */
typedef struct dt_forecasts {
    size_t rows, columns;
    const size_t *
        values; /* [columns] how many values each has; in lists of all columns' values one column's follow
                             the other's */
    const bool *ordered; /* [columns] whether a near value is better than a far one */
    const int *value;    /* [rows][columns] what was observed, or -1 */
    size_t histories;
    const dt_forecast_rows *history; /* [histories] ascending */
    size_t leads;                    /* how many periods ahead, up to DT_MOST_LEADS ways: */
    const size_t *
        lead; /* [leads] the forecast of row t is made at row t - lead; 0: all are made at test_from - 1 */
    const double *const *
        probability; /* [leads] [test rows of all histories][values of all columns]; NaN: no forecast */
    uint64_t seed; /* of the bootstrap */
} dt_forecasts;

/* Losses of one column, or of all, at one lead: means over cells that were observed, and forecast by the model. */
typedef struct dt_score_line {
    size_t lead, column; /* column == columns: all of them */
    size_t cells;
    size_t impossible; /* cells to which the model gave no chance: its log loss is infinite */
    double log_loss[DT_FORECASTERS]; /* -log p of what came (Good 1952) */
    double loss
        [DT_FORECASTERS]; /* of a column: the ranked score where values have an order, else Brier's; all: NaN */
    double entropy[DT_FORECASTERS]; /* of the forecasts: how little they commit themselves */
    /* The model's log loss less that of each, by period: mean, and the 5 % and 95 % points of the circular block bootstrap. */
    double difference[DT_FORECASTERS], low[DT_FORECASTERS], high[DT_FORECASTERS];
} dt_score_line;

/* Forecasts of the model at the first lead that gave so much chance to something, and how often it came. */
typedef struct dt_calibration {
    double forecast, came; /* means; NaN of none */
    size_t count;
} dt_calibration;

/* How often something came in the test beside how often it was to be expected, each time given all rows before. The
 * difference over sd is nearly a standard normal number if the forecasts are right, whatever hangs together in time
 * (Seillier-Moiseiwitsch & Dawid 1993). */
typedef struct dt_count {
    size_t column,
        value; /* value == the column's number of values: it stayed as it was in the row before */
    double came, expected, sd;
} dt_count;

typedef struct dt_scores {
    size_t lines;
    const dt_score_line *line; /* [lines] by lead: all columns, then each */
    dt_calibration bin[DT_CALIBRATION_BINS];
    size_t counts;
    const dt_count *
        count; /* [counts] at lead 1, if it is the first: of each column its values, then whether it stayed */
    void *owner;
} dt_scores;

/* Baselines learn from the training rows of all histories, and forecast each from its own. DT_INVALID if ranges don't fit
 * into the rows, or a lead's first origin isn't among them. Freed by dt_scores_free. */
DT_API dt_status dt_score_forecasts(const dt_forecasts *forecasts, const dt_options *options,
                                    dt_scores **scores);
DT_API void dt_scores_free(dt_scores *scores);

#ifdef __cplusplus
}
#endif

#endif
