/*
 * How cells of the levers are judged. In the nominal world: of those that meet the requirements the ones that
 * no other beats by every objective (Pareto; ties as dt_better has them). Over worlds: by the ninth decile of
 * regret of each objective, regret being what a cell falls short of the best one in the same world (measures.h),
 * and by the share of worlds in which the requirements are met. Cells are compared in the same worlds: one that
 * fails in 5 % of them more than the one that fails least isn't judged, and then worlds in which any fails are
 * left out for all.
 */
#include "robust/lever_design.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "model/model.h"
#include "robust/criterion.h"
#include "robust/measures.h"
#include "robust/pareto.h"
#include "robust/ranking.h"

static const double TOO_OFTEN = 0.05, BAD_END = 0.1;

static const dt_lever_numbers *numbers_of(const dt_lever_design *d, size_t cell)
{
    return &d->numbers.at[d->cells->cell.at[cell].same];
}

/* An outcome of a column, in the nominal world or another. */
static double number_at(const dt_lever_design *d, size_t cell, size_t column, size_t world)
{
    const dt_lever_numbers *n = numbers_of(d, cell);
    return world == SIZE_MAX ? n->nominal[d->column[column]]
                             : n->drawn[column * d->how.worlds + world];
}

size_t dt_lever_games(const dt_lever_design *d, size_t *cell)
{
    size_t games = 0;
    for (size_t c = 0; c < d->cells->cell.count; c++) {
        if (d->cells->cell.at[c].same == c && d->numbers.at[c].nominal)
            cell[games++] = c;
    }
    return games;
}

size_t dt_lever_changes(const dt_lever_design *d, const size_t *setting)
{
    size_t changes = 0;
    for (size_t l = 0; l < (size_t)d->model->levers; l++)
        changes += setting[l] != d->model->policy[d->how.from].setting[l];
    return changes;
}

bool dt_lever_meets(const dt_lever_design *d, size_t cell, size_t world)
{
    bool meets = true;
    for (size_t r = 0; r < d->how.requirements && meets; r++)
        meets = dt_criterion_holds(&d->how.requirement[r],
                                   number_at(d, cell, d->how.objectives + r, world));
    return meets;
}

/* Of the cells that are `in`, those that no other of them beats: score [count][criteria], more being better. */
static void find_front(dt_arena *scratch, const double *score, const bool *in, size_t count,
                       size_t criteria, bool *front)
{
    size_t *which = dt_new(scratch, size_t, count), some = 0;
    for (size_t c = 0; c < count; c++) {
        front[c] = false;
        if (in[c])
            which[some++] = c;
    }
    double *mine = dt_take(scratch, some, criteria * sizeof *mine),
           *column = dt_new(scratch, double, some), *size = dt_new(scratch, double, criteria);
    for (size_t k = 0; k < criteria; k++) {
        for (size_t i = 0; i < some; i++)
            mine[i * criteria + k] = column[i] = score[which[i] * criteria + k];
        size[k] = dt_size_of(column, some);
    }
    size_t *dominated = dt_new(scratch, size_t, some);
    dt_pareto(mine, size, some, criteria, dominated);
    for (size_t i = 0; i < some; i++)
        front[which[i]] = dominated[i] == some;
}

/* How far a number is from meeting a requirement; 0 if it does. */
static double shortfall(const dt_criterion *criterion, double number)
{
    return dt_criterion_holds(criterion, number) ? 0 : fabs(number - criterion->number);
}

void dt_lever_nominal(const dt_lever_design *d, dt_arena *scratch, const size_t *cell, size_t count,
                      bool guide, bool *front)
{
    const size_t objectives = d->how.objectives, requirements = d->how.requirements;
    const size_t most = objectives > requirements ? objectives : requirements;
    bool *in = dt_new(scratch, bool, count), any = false;
    double *score = dt_take(scratch, count, most * sizeof *score);
    for (size_t c = 0; c < count; c++) {
        in[c] = dt_lever_meets(d, cell[c], SIZE_MAX);
        any |= in[c];
        for (size_t o = 0; o < objectives; o++)
            score[c * objectives + o] =
                d->how.objective[o].direction * number_at(d, cell[c], o, SIZE_MAX);
    }
    for (size_t c = 0; c < count && !any && guide; c++) {
        in[c] = true;
        for (size_t r = 0; r < requirements; r++)
            score[c * requirements + r] =
                -shortfall(&d->how.requirement[r], number_at(d, cell[c], objectives + r, SIZE_MAX));
    }
    find_front(scratch, score, in, count, any || !guide ? objectives : requirements, front);
}

/* ---- over worlds --------------------------------------------------------------------------------- */

/* Which cells are judged, and in which worlds. */
static void find_basis(const dt_lever_design *d, dt_arena *scratch, const size_t *cell,
                       size_t count, size_t worlds, dt_lever_measures *m)
{
    size_t *fails = dt_new(scratch, size_t, count), least = worlds;
    for (size_t c = 0; c < count; c++) {
        assert(numbers_of(d, cell[c])->known >= worlds);
        for (size_t w = 0; w < worlds; w++)
            fails[c] += isnan(number_at(d, cell[c], 0, w));
        least = fails[c] < least ? fails[c] : least;
    }
    for (size_t w = 0; w < worlds; w++)
        m->usable[w] = true;
    for (size_t c = 0; c < count; c++) {
        m->judged[c] =
            fails[c] < worlds && (double)fails[c] <= (double)least + TOO_OFTEN * (double)worlds;
        for (size_t w = 0; w < worlds && m->judged[c]; w++)
            m->usable[w] &= !isnan(number_at(d, cell[c], 0, w));
    }
    for (size_t w = 0; w < worlds; w++)
        m->worlds += m->usable[w];
}

/* The measures of one objective, of the cells that are judged: which [some]. */
static void measure_objective(const dt_lever_design *d, dt_arena *scratch, const size_t *cell,
                              const size_t *which, size_t some, size_t worlds, size_t o,
                              dt_lever_measures *m)
{
    const int direction = d->how.objective[o].direction;
    double *u = dt_take(scratch, some, m->worlds * sizeof *u),
           *measure = dt_take(scratch, some, DT_MEASURES * sizeof *measure),
           *sorted = dt_new(scratch, double, m->worlds);
    for (size_t i = 0; i < some; i++) {
        for (size_t w = 0, n = 0; w < worlds; w++) {
            if (m->usable[w])
                u[i * m->worlds + n++] = direction * number_at(d, cell[which[i]], o, w);
        }
    }
    const dt_measuring room = dt_measuring_new(scratch, m->worlds);
    dt_measure_policies(&room, u, some, m->worlds, 0.5, measure);
    for (size_t i = 0; i < some; i++) {
        const size_t at = which[i] * d->how.objectives + o;
        const double *found = measure + i * DT_MEASURES;
        memcpy(sorted, u + i * m->worlds, m->worlds * sizeof *sorted);
        gsl_sort(sorted, 1, m->worlds);
        m->mean[at] = direction * found[DT_MEASURE_MEAN];
        m->regret[at] = found[DT_MEASURE_REGRET];
        m->regret90[at] = found[DT_MEASURE_REGRET_P90];
        m->quantile[at] =
            direction * gsl_stats_quantile_from_sorted_data(sorted, 1, m->worlds, BAD_END);
    }
}

dt_lever_measures dt_lever_measure(const dt_lever_design *d, dt_arena *arena, dt_arena *scratch,
                                   const size_t *cell, size_t count, size_t worlds)
{
    const size_t objectives = d->how.objectives, criteria = objectives + 1;
    dt_lever_measures m = {.usable = dt_new(arena, bool, worlds),
                           .judged = dt_new(arena, bool, count),
                           .share = dt_new(arena, double, count),
                           .front = dt_new(arena, bool, count)};
    double **column[] = {&m.mean, &m.regret, &m.regret90, &m.quantile};
    for (size_t k = 0; k < sizeof column / sizeof column[0]; k++)
        *column[k] = dt_take(arena, count, objectives * sizeof(double));
    find_basis(d, scratch, cell, count, worlds, &m);
    if (m.worlds == 0) {
        memset(m.judged, 0, count * sizeof *m.judged);
        return m;
    }
    size_t *which = dt_new(scratch, size_t, count), some = 0;
    for (size_t c = 0; c < count; c++) {
        if (m.judged[c])
            which[some++] = c;
    }
    for (size_t o = 0; o < objectives; o++)
        measure_objective(d, scratch, cell, which, some, worlds, o, &m);
    double *score = dt_take(scratch, count, criteria * sizeof *score);
    for (size_t c = 0; c < count; c++) {
        size_t met = 0;
        for (size_t w = 0; w < worlds && m.judged[c]; w++)
            met += m.usable[w] && dt_lever_meets(d, cell[c], w);
        m.share[c] = (double)met / (double)m.worlds;
        for (size_t o = 0; o < objectives; o++)
            score[c * criteria + o] = -m.regret90[c * objectives + o];
        score[c * criteria + objectives] = m.share[c];
    }
    find_front(scratch, score, m.judged, count, criteria, m.front);
    return m;
}

/* ---- what must be true --------------------------------------------------------------------------- */

/* Whether a cell is best in a world: `size` [objectives] tells rounding. */
static bool best_in(const dt_lever_design *d, size_t cell, size_t world, const double *size)
{
    bool best = dt_lever_meets(d, cell, world);
    for (size_t i = 0; i < d->measured && best; i++) {
        const size_t other = d->judged[i];
        if (!d->measures.judged[i] || !dt_lever_meets(d, other, world))
            continue;
        bool worse = false, better = false;
        for (size_t o = 0; o < d->how.objectives && !worse; o++) {
            const int order =
                d->how.objective[o].direction *
                dt_better(number_at(d, other, o, world), number_at(d, cell, o, world), size[o]);
            worse = order < 0;
            better |= order > 0;
        }
        best = worse || !better;
    }
    return best;
}

typedef struct asking {
    const dt_lever_design *design;
    size_t cell;
    const dt_options *options;
    dt_discovery **discovery;
} asking;

/* Puts it to dt_discover as a study of one policy, with one outcome: 1 where the cell is best. */
static dt_status ask(dt_arena *scratch, void *argument)
{
    const asking *a = argument;
    const dt_lever_design *d = a->design;
    const size_t worlds = d->how.worlds, parameters = (size_t)d->model->params;
    double *size = dt_new(scratch, double, d->how.objectives),
           *best = dt_new(scratch, double, worlds);
    unsigned char *status = dt_new(scratch, unsigned char, worlds);
    for (size_t o = 0; o < d->how.objectives; o++) {
        for (size_t i = 0; i < d->measured; i++) {
            for (size_t w = 0; w < worlds; w++) {
                if (d->measures.usable[w] && d->measures.judged[i])
                    size[o] = fmax(size[o], fabs(number_at(d, d->judged[i], o, w)));
            }
        }
    }
    for (size_t w = 0; w < worlds; w++) {
        status[w] = d->measures.usable[w] ? DT_OK : DT_NO;
        best[w] = d->measures.usable[w] ? best_in(d, a->cell, w, size) : (double)NAN;
    }
    const double *drawn = d->how.parameters + parameters;
    size_t *vary = dt_new(scratch, size_t, parameters), varied = 0;
    for (size_t p = 0; p < parameters; p++) {
        bool same = true;
        for (size_t w = 1; w < worlds && same; w++)
            same = drawn[w * parameters + p] == drawn[p];
        if (!same)
            vary[varied++] = p;
    }
    const size_t policy = d->how.from;
    const dt_study_data data = {.model = d->model,
                                .hash = "",
                                .design = DT_DESIGN_RANDOM,
                                .seed = d->how.seed,
                                .values = d->how.values,
                                .worlds = worlds,
                                .done = worlds,
                                .parameters = parameters,
                                .outcomes = 1,
                                .policies = 1,
                                .policy = &policy,
                                .varied = varied,
                                .vary = vary,
                                .held = d->how.parameters,
                                .parameter = drawn,
                                .outcome = best,
                                .status = status};
    const dt_criterion is_best = {.outcome = 0, .relation = DT_ABOVE, .number = 0.5};
    const dt_discover_how how = {.criteria = 1, .criterion = &is_best, .box = SIZE_MAX};
    return dt_discover(&data, &how, a->options, a->discovery);
}

dt_status dt_lever_design_discover(const dt_lever_design *design, size_t cell,
                                   const dt_options *options, dt_discovery **discovery)
{
    if (discovery)
        *discovery = NULL;
    if (!discovery || !design || !design->finished || cell >= design->cells->cell.count ||
        !design->found[cell].judged)
        return dt_refuse_call(options, "dt_lever_design_discover",
                              "no design that was solved, a cell that isn't judged, or nowhere to "
                              "put the answer");
    return dt_job(options, ask, &(asking){design, cell, options, discovery});
}
