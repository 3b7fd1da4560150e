/*
 * Expectations of a history's rows, the mean over worlds: draws of a fit, which weigh the same throughout, as they know
 * the rows that were fitted alone, or the nominal world. From each origin the library looks as many periods ahead
 * as the longest lead wants, some worlds at a time, as many as fit into ROOM.
 */
#include "foresight.h"

#include <assert.h>
#include <math.h>

enum { MOST_AT_ONCE = 32 };
static const double ROOM = 64e6; /* bytes for the probabilities of some worlds */

/* From which rows one looks, and how far. */
typedef struct view {
    size_t first, origins, steps;
} view;

static view view_of(const cli_foresight *f, bool at_once)
{
    const size_t rows = f->to - f->from + 1;
    if (at_once)
        return (view){f->from - 1, 1, rows};
    size_t longest = 0, shortest = f->from;
    for (size_t l = 0; l < f->leads; l++) {
        longest = f->lead[l] > longest ? f->lead[l] : longest;
        shortest = f->lead[l] > 0 && f->lead[l] < shortest ? f->lead[l] : shortest;
    }
    assert(longest <= f->from);
    return (view){f->from - longest, longest + rows - shortest, longest};
}

/* Adds what one world expects: probability [origins][steps][all]. */
static void add_world(cli_foresight *f, const view *v, size_t lead, const double *probability)
{
    const size_t all = dt_model_observable_values(f->session->model);
    double *sum = f->mean[lead];
    for (size_t row = f->from; row <= f->to; row++) {
        const size_t ahead = f->lead[lead] ? f->lead[lead] : row - (f->from - 1);
        const double *there = probability + ((row - ahead - v->first) * v->steps + ahead - 1) * all;
        for (size_t i = 0; i < all; i++)
            *sum++ += there[i];
    }
}

/* Looks ahead in some worlds, and adds what they expect at the leads that this view is of. A world that can't be solved,
 * or in which a row is impossible, is `out`. */
static dt_status look(cli_foresight *f, bool at_once, size_t world, size_t worlds, double *room,
                      bool *out)
{
    const view v = view_of(f, at_once);
    const size_t parameters = dt_model_count(f->session->model, DT_PARAMETERS),
                 all = dt_model_observable_values(f->session->model),
                 one = v.origins * v.steps * all;
    const dt_ensemble_options how = {.jobs = cli_jobs(f->session->line)};
    const dt_options options = cli_options_within(f->session);
    const dt_status found =
        dt_likelihood_predict(f->likelihood, f->history, v.first, v.origins, v.steps,
                              f->world + world * parameters, worlds, &how, &options, room, NULL);
    for (size_t w = 0; w < worlds && found == DT_OK; w++) {
        out[w] |= isnan(room[(w + 1) * one - all]); /* from the last origin: after all rows */
        for (size_t l = 0; l < f->leads && !out[w]; l++) {
            if ((f->lead[l] == 0) == at_once)
                add_world(f, &v, l, room + w * one);
        }
    }
    return found;
}

dt_status cli_foresee(cli_foresight *f)
{
    const size_t all = dt_model_observable_values(f->session->model), rows = f->to - f->from + 1;
    bool wanted[2] = {false, false};
    size_t one = 0;
    f->mean = cli_take(f->leads, sizeof *f->mean);
    for (size_t l = 0; l < f->leads; l++) {
        f->mean[l] = cli_take(rows * all, sizeof **f->mean);
        wanted[f->lead[l] == 0] = true;
    }
    for (int at_once = 0; at_once < 2; at_once++) {
        const view v = view_of(f, at_once);
        if (wanted[at_once] && v.origins * v.steps * all > one)
            one = v.origins * v.steps * all;
    }
    const double fit = ROOM / (double)(one * sizeof(double));
    const size_t some = fit < 1 ? 1 : fit < MOST_AT_ONCE ? (size_t)fit : MOST_AT_ONCE;
    double *room = cli_take(some * one, sizeof *room);
    dt_status status = DT_OK;
    f->failed = 0;
    for (size_t w = 0; w < f->worlds && status == DT_OK; w += some) {
        const size_t now = f->worlds - w < some ? f->worlds - w : some;
        bool out[MOST_AT_ONCE] = {false};
        for (int at_once = 0; at_once < 2 && status == DT_OK; at_once++) {
            if (wanted[at_once])
                status = look(f, at_once, w, now, room, out);
        }
        for (size_t i = 0; i < now; i++)
            f->failed += out[i];
        if (!f->session->line->quiet)
            cli_progress(NULL, "forecasting", (double)(w + now) / (double)f->worlds);
    }
    for (size_t l = 0; l < f->leads; l++) {
        for (size_t i = 0; i < rows * all; i++)
            f->mean[l][i] /= (double)(f->worlds - f->failed); /* 0/0: nothing is expected */
    }
    return status;
}
