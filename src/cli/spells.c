/*
 * Statistics of a record beside their distribution over replications of it (Gelman, Meng & Stern 1996): courses of play
 * in place of the rows, each from what was before the first of them, by a draw of the fit, or by the one world that there is.
 * Of each value: how often it came, the longest spell, that is most periods in a row that had it, and the longest
 * lull, most in a row that hadn't. What wasn't observed in the record is left out of the replications too, and neither
 * breaks a run nor lengthens it. Of several histories counts are added up, and the longest is that of all.
 */
#include "spells.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { REPLICATIONS = 1000, TIMES = 0, LULL, SPELL, STATISTICS };
static const char *const NAME[STATISTICS] = {"times", "longest lull", "longest spell"};
static const double ROOM = 64e6, FAR_OUT = 0.025; /* bytes; the share beyond, on either side */

/* Statistics of every value of every column: [values of the columns][STATISTICS]. */
typedef struct tally {
    unsigned (*of)[STATISTICS];
    unsigned *run; /* [values] how long the spell, or the lull, has gone on */
} tally;

typedef struct work {
    const cli_spells *asked;
    const dt_model *model;
    size_t values; /* of the columns */
    size_t worlds; /* that are used, each with `courses` */
    size_t courses;
    tally record;
    tally *replication; /* [worlds × courses] */
    bool *out;          /* [worlds] that have no replications */
} work;

static tally new_tally(size_t values)
{
    return (tally){cli_take(values, sizeof(unsigned[STATISTICS])),
                   cli_take(2 * values, sizeof(unsigned))};
}

/* ---- counting ---------------------------------------------------------------------------------- */

/* One period more of a column: `came`, of `values`, whose first is number `first` of all. */
static void count_period(tally *t, size_t first, size_t values, int came)
{
    for (size_t v = 0; v < values; v++) {
        unsigned *of = t->of[first + v], *lull = &t->run[2 * (first + v)], *spell = lull + 1;
        const bool is = came == (int)v;
        of[TIMES] += is;
        *spell = is ? *spell + 1 : 0;
        *lull = is ? 0 : *lull + 1;
        of[SPELL] = *spell > of[SPELL] ? *spell : of[SPELL];
        of[LULL] = *lull > of[LULL] ? *lull : of[LULL];
    }
}

/* The rows of a history, as they came (course NULL) or as a course [rows][observables] has them. */
static void count_rows(const work *w, size_t h, const int *course, tally *t)
{
    const cli_spells *asked = w->asked;
    const size_t all = dt_model_observables(w->model);
    memset(t->run, 0, 2 * w->values * sizeof *t->run);
    for (size_t row = asked->rows[h].from; row <= asked->rows[h].to; row++) {
        size_t first = 0;
        for (size_t c = 0; c < asked->columns; c++) {
            const size_t i = asked->column[c], values = dt_model_observable(w->model, i).values;
            const int seen = dt_history_value(asked->history[h], row, i);
            if (seen >= 0)
                count_period(t, first, values,
                             course ? course[(row - asked->rows[h].from) * all + i] : seen);
            first += values;
        }
    }
}

/* Draws the replications of a history, as many worlds or courses of one at a time as there is room for. */
static dt_status replicate(work *w, size_t h)
{
    const cli_spells *asked = w->asked;
    const size_t steps = asked->rows[h].to - asked->rows[h].from + 1,
                 one = steps * dt_model_observables(w->model),
                 parameters = dt_model_count(w->model, DT_PARAMETERS);
    const double fit = ROOM / (double)(one * sizeof(int));
    const size_t most = fit < 1              ? 1
                        : fit < REPLICATIONS ? (size_t)fit
                                             : REPLICATIONS,
                 courses = most < w->courses ? most : w->courses, some = most / courses;
    int *value = cli_take(some * courses, one * sizeof *value);
    dt_status *state = cli_take(some, sizeof *state), status = DT_OK;
    const dt_ensemble_options how = {.jobs = cli_jobs(asked->given->session->line)};
    const dt_options options = cli_options_within(asked->given->session);
    for (size_t from = 0; from < w->worlds; from += some) {
        const size_t worlds = w->worlds - from < some ? w->worlds - from : some;
        for (size_t begun = 0; begun < w->courses; begun += courses) {
            const size_t now = w->courses - begun < courses ? w->courses - begun : courses;
            const dt_replicating draw = {.history = h,
                                         .first = asked->rows[h].from - 1,
                                         .steps = steps,
                                         .courses = now,
                                         .seed = asked->seed,
                                         .number = (h * w->worlds + from) * w->courses + begun};
            status = dt_likelihood_replicate(asked->likelihood, &draw,
                                             asked->given->world + from * parameters, worlds, &how,
                                             &options, value, state);
            if (status != DT_OK)
                return status;
            for (size_t i = 0; i < worlds * now; i++) {
                const size_t world = from + i / now;
                w->out[world] |= state[i / now] != DT_OK;
                if (!w->out[world])
                    count_rows(w, h, value + i * one,
                               &w->replication[world * w->courses + begun + i % now]);
            }
        }
    }
    return status;
}

/* ---- what is said ------------------------------------------------------------------------------ */

static const char *value_name(const work *w, size_t observable, size_t value)
{
    char name[256];
    return cli_print("%s",
                     dt_model_observable_value(w->model, observable, value, name, sizeof name));
}

/* One statistic in all replications, ascending; how many there are. */
static size_t sort_statistic(const work *w, size_t value, int statistic, double *sorted)
{
    size_t count = 0;
    for (size_t r = 0; r < w->worlds * w->courses; r++) {
        if (!w->out[r / w->courses])
            sorted[count++] = w->replication[r].of[value][statistic];
    }
    qsort(sorted, count, sizeof *sorted, cli_by_size);
    return count;
}

/* The row of one statistic of one value. True if the record lies far out. */
static bool put_statistic(const work *w, cli_sheet *sheet, size_t observable, size_t value,
                          int statistic, const double *sorted, size_t count, unsigned came)
{
    char name[256];
    size_t below = 0, same = 0;
    for (size_t r = 0; r < count; r++) {
        below += sorted[r] < came;
        same += sorted[r] == came;
    }
    const double place = ((double)below + 0.5 * (double)same) / (double)count;
    const bool out = place < FAR_OUT || place > 1 - FAR_OUT;
    cli_put(sheet, "%s %s %s %zu %g %g %g %c%f",
            cli_print("%s", dt_model_observable_name(w->model, observable, name, sizeof name)),
            value_name(w, observable, value), NAME[statistic], (size_t)came,
            sorted[(count - 1) * 5 / 100], sorted[(count - 1) / 2],
            sorted[count - 1 - (count - 1) * 5 / 100], cli_mark_if(out, false), place);
    cli_last_row(sheet)->hidden = !out;
    return out;
}

static void put(const work *w, cli_answer *answer)
{
    cli_sheet *sheet =
        cli_sheet_new(answer, "spells", "Times, longest lulls and spells, all rows at once",
                      "#column, |value, what, came, p05=5 %, median, p95=95 %, place");
    double *sorted = cli_take(w->worlds * w->courses, sizeof *sorted);
    size_t checked = 0, out = 0, first = 0;
    for (size_t c = 0; c < w->asked->columns; c++) {
        const size_t observable = w->asked->column[c],
                     values = dt_model_observable(w->model, observable).values;
        for (size_t v = 0; v < values; v++) {
            for (int s = 0; s < STATISTICS; s++) {
                const size_t count = sort_statistic(w, first + v, s, sorted);
                const unsigned came = w->record.of[first + v][s];
                if (count == 0 || (sorted[0] == sorted[count - 1] && sorted[0] == came))
                    continue; /* it can't be otherwise */
                checked++;
                out += put_statistic(w, sheet, observable, v, s, sorted, count, came);
            }
        }
        first += values;
    }
    sheet->hidden = out == 0;
    cli_note(
        &sheet->notes,
        "place: the share of replications that have less, and half of those that have as much; "
        "below 2.5 or above 97.5 %% one in twenty is by chance. Of %zu it is %zu, shown here; "
        "--json has all.",
        checked, out);
}

dt_status cli_put_spells(const cli_spells *asked, cli_answer *answer)
{
    work w = {.asked = asked, .model = asked->given->session->model};
    dt_status status = DT_OK;
    assert(asked->columns > 0 && asked->given->worlds > 0);
    for (size_t c = 0; c < asked->columns; c++)
        w.values += dt_model_observable(w.model, asked->column[c]).values;
    w.worlds = asked->given->worlds < REPLICATIONS ? asked->given->worlds : REPLICATIONS;
    w.courses = REPLICATIONS / w.worlds;
    w.record = new_tally(w.values);
    w.replication = cli_take(w.worlds * w.courses, sizeof *w.replication);
    w.out = cli_take(w.worlds, sizeof *w.out);
    for (size_t r = 0; r < w.worlds * w.courses; r++)
        w.replication[r] = new_tally(w.values);
    for (size_t h = 0; h < asked->histories && status == DT_OK; h++) {
        count_rows(&w, h, NULL, &w.record);
        status = replicate(&w, h);
    }
    if (status == DT_OK)
        put(&w, answer);
    return status;
}
