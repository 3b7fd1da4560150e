/*
 * From what was asked for to a plan: which parameters vary, which policies are looked at, how many
 * worlds that makes, and whether it goes together. Everything is put into the order of declaration,
 * so that the same study asked for in another order is the same study.
 */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/model.h"
#include "study/design.h"
#include "study/random.h"

/* More worlds than any file could hold, few enough for 32 bits and Sobol's sequence. */
static const size_t MOST_WORLDS = (size_t)1 << 30;
static const size_t MOST_POINTS = 1000000;

const char *dt_design_name(dt_design design)
{
    static const char *const name[] = {
        [DT_DESIGN_LATIN] = "latin",
        [DT_DESIGN_RANDOM] = "random",
        [DT_DESIGN_SOBOL] = "sobol",
        [DT_DESIGN_SALTELLI] = "saltelli",
        [DT_DESIGN_SHAPLEY] = "shapley",
        [DT_DESIGN_MORRIS] = "morris",
        [DT_DESIGN_ONE_AT_A_TIME] = "one-at-a-time",
        [DT_DESIGN_GRID] = "grid",
        [DT_DESIGN_POSTERIOR] = "posterior",
    };
    return (unsigned)design < DT_DESIGNS ? name[design] : "";
}

typedef struct making {
    dt_arena *arena;
    const dt_study_plan *asked;
    dt_diagnostics *diagnostics;
    dt_plan *plan;
} making;

static bool refuse(const making *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(const making *m, const char *format, ...)
{
    char message[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    dt_complain(m->diagnostics, DT_BAD_DESIGN, (dt_place){0, 0}, message);
    return false;
}

/* ---- what varies ------------------------------------------------------------------------------ */

/* Whether the nominal world has its own number for a parameter, and holds it there. */
static bool is_held(const making *m, size_t param)
{
    return m->plan->held[param] != m->plan->model->param[param].value;
}

static bool check_varied(const making *m, size_t param)
{
    const dt_param *p = &m->plan->model->param[param];
    if (p->uncertainty == DT_FIXED)
        return refuse(m, "'%s' can't vary: it has neither a range nor a distribution", p->is.name);
    if (is_held(m, param))
        return refuse(m, "'%s' can't vary and be held at a number", p->is.name);
    return true;
}

static bool choose_varied(making *m)
{
    dt_plan *plan = m->plan;
    const size_t params = (size_t)plan->model->params;
    bool *chosen = dt_new(m->arena, bool, params);
    for (size_t i = 0; i < m->asked->varied; i++) {
        assert(m->asked->vary[i] < params);
        if (!check_varied(m, m->asked->vary[i]))
            return false;
        chosen[m->asked->vary[i]] = true;
    }
    if (plan->design == DT_DESIGN_GRID && m->asked->varied == 0)
        return refuse(m, "a grid is over named parameters: which vary?");
    size_t *vary = dt_new(m->arena, size_t, params);
    uint64_t *identity = dt_new(m->arena, uint64_t, params);
    bool *is_risk = dt_new(m->arena, bool, params);
    for (size_t i = 0; i < params; i++) {
        const dt_param *p = &plan->model->param[i];
        if (m->asked->varied ? !chosen[i] : p->uncertainty == DT_FIXED || is_held(m, i))
            continue;
        identity[plan->varied] = dt_identity(p->is.name);
        is_risk[plan->varied] = p->uncertainty == DT_RISK;
        vary[plan->varied++] = i;
    }
    if (plan->varied == 0)
        return refuse(m, "nothing varies: every parameter is fixed or held at a number");
    plan->vary = vary;
    plan->identity = identity;
    plan->is_risk = is_risk;
    size_t *group = dt_new(m->arena, size_t, plan->varied);
    plan->groups = dt_joint_groups(m->arena, plan->model, vary, plan->varied, group);
    plan->group = group;
    return true;
}

static void choose_policies(making *m)
{
    dt_plan *plan = m->plan;
    const size_t all = (size_t)plan->model->policies;
    bool *chosen = dt_new(m->arena, bool, all);
    for (size_t i = 0; i < m->asked->policies; i++) {
        assert(m->asked->policy[i] < all);
        chosen[m->asked->policy[i]] = true;
    }
    size_t *policy = dt_new(m->arena, size_t, all);
    for (size_t i = 0; i < all; i++) {
        if (chosen[i] || m->asked->policies == 0)
            policy[plan->policies++] = i;
    }
    plan->policy = policy;
    assert(plan->policies >= 1 && plan->policies <= all);
}

/* ---- how many worlds -------------------------------------------------------------------------- */

/* a * b, at most one more than the most there may be. */
static size_t times(size_t a, size_t b)
{
    return a != 0 && b > MOST_WORLDS / a ? MOST_WORLDS + 1 : a * b;
}

/* Numbers that don't belong to a design must not be given with it. */
static bool check_sizes(const making *m)
{
    const dt_study_plan *asked = m->asked;
    const char *name = dt_design_name(m->plan->design);
    const bool given = m->plan->design == DT_DESIGN_POSTERIOR;
    const bool drawn = m->plan->design <= DT_DESIGN_SOBOL || given;
    const bool blocks =
        m->plan->design == DT_DESIGN_SALTELLI || m->plan->design == DT_DESIGN_SHAPLEY;
    const bool based = blocks || m->plan->design == DT_DESIGN_MORRIS;
    if (!drawn && (asked->worlds || asked->deep || asked->risk))
        return refuse(m, "the number of worlds of the design %s follows from %s, not from %s", name,
                      based ? "its base" : "its points",
                      asked->worlds ? "a number of worlds" : "deep and risk draws");
    if (!based && asked->base)
        return refuse(m, "only the designs saltelli, shapley and morris have a base, and not %s",
                      name);
    if ((drawn || blocks) && asked->points)
        return refuse(m, "the design %s has no levels, so no number of points", name);
    if (given && (asked->deep || asked->risk))
        return refuse(m, "draws of a posterior aren't crossed");
    if (drawn && (asked->deep != 0) != (asked->risk != 0))
        return refuse(m, "crossing takes both: how many deep draws, and how many risk draws");
    if (drawn && asked->deep && asked->worlds)
        return refuse(m, "either a number of worlds, or deep draws crossed with risk draws");
    if (drawn && !asked->deep && !asked->worlds)
        return refuse(m, "how many worlds?");
    if (based && !asked->base)
        return refuse(m, "the design %s needs its base: how many %s?", name,
                      m->plan->design == DT_DESIGN_MORRIS ? "trajectories" : "points of block A");
    if (asked->points == 1 || asked->points > MOST_POINTS)
        return refuse(m, "a parameter has from 2 to %zu points", MOST_POINTS);
    if (m->plan->design == DT_DESIGN_MORRIS && asked->points % 2 != 0)
        return refuse(m, "Morris's design has an even number of points");
    return true;
}

/* Crossing needs something on either side. */
static bool check_crossed(const making *m)
{
    size_t risks = 0;
    for (size_t i = 0; i < m->plan->varied; i++)
        risks += m->plan->is_risk[i];
    if (m->plan->deep && (risks == 0 || risks == m->plan->varied))
        return refuse(m, "nothing to cross: no %s varies",
                      risks ? "deep parameter" : "risk (a parameter with a distribution)");
    return true;
}

static bool count_worlds(making *m)
{
    dt_plan *plan = m->plan;
    const dt_study_plan *asked = m->asked;
    plan->deep = asked->deep;
    plan->risk = asked->risk;
    plan->base = asked->base;
    plan->points = asked->points;
    switch (plan->design) {
    case DT_DESIGN_LATIN:
    case DT_DESIGN_RANDOM:
    case DT_DESIGN_SOBOL:
    case DT_DESIGN_POSTERIOR:
        plan->worlds = asked->deep ? times(asked->deep, asked->risk) : asked->worlds;
        break;
    case DT_DESIGN_SALTELLI:
        plan->worlds = times(asked->base, plan->groups + 2);
        break;
    case DT_DESIGN_SHAPLEY:
        plan->worlds = times(asked->base, plan->varied + 1);
        break;
    case DT_DESIGN_MORRIS:
        plan->points = asked->points ? asked->points : 4;
        plan->worlds = times(asked->base, plan->varied + 1);
        break;
    case DT_DESIGN_ONE_AT_A_TIME:
        plan->points = asked->points ? asked->points : 9;
        plan->worlds = 1 + times(plan->points, plan->varied);
        break;
    case DT_DESIGN_GRID:
        plan->points = asked->points ? asked->points : 5;
        plan->worlds = 1;
        for (size_t i = 0; i < plan->varied; i++)
            plan->worlds = times(plan->worlds, plan->points);
        break;
    case DT_DESIGNS:
        assert(!"a number of designs, no design");
    }
    plan->marginal = plan->design >= DT_DESIGN_SHAPLEY && plan->design != DT_DESIGN_POSTERIOR;
    if (plan->worlds > MOST_WORLDS)
        return refuse(m, "the design has more than %zu worlds", MOST_WORLDS);
    assert(plan->worlds >= 1);
    return check_crossed(m);
}

/* A design that says less than is asked of it is told before anything is solved. */
static void warn(const making *m)
{
    const dt_plan *plan = m->plan;
    if (plan->design == DT_DESIGN_MORRIS && plan->points == 2)
        dt_complain_more(m->diagnostics, DT_POOR_DESIGN, (dt_place){0},
                         "4 levels step inside the range", NULL,
                         "trajectories of two levels step from end to end of a range: what happens "
                         "between isn't seen");
    if ((plan->design == DT_DESIGN_SALTELLI || plan->design == DT_DESIGN_SHAPLEY) &&
        plan->base < DT_LEAST_ROWS) {
        char message[100];
        snprintf(message, sizeof message,
                 "of %zu rows, fewer than %d, no index can be told from noise", plan->base,
                 DT_LEAST_ROWS);
        dt_complain_more(m->diagnostics, DT_POOR_DESIGN, (dt_place){0}, "give a larger base", NULL,
                         message);
    }
}

/* ---- Sobol's sequences ------------------------------------------------------------------------ */

/* Of up to 40 of the varied parameters, each in `blocks` blocks; the rest is Latin. */
static dt_sobol *sequence(const making *m, bool deep, bool risks, size_t blocks, size_t *dimensions)
{
    const dt_plan *plan = m->plan;
    uint64_t shift[DT_SOBOL_DIMENSIONS];
    size_t count = 0;
    for (size_t block = 0; block < blocks; block++) {
        *dimensions = 0;
        for (size_t i = 0; i < plan->varied; i++) {
            if (!(plan->is_risk[i] ? risks : deep) || *dimensions == DT_SOBOL_DIMENSIONS / blocks)
                continue;
            /* words 2 and 3 of the counter keep these apart from draws and permutations */
            const uint64_t counter[4] = {block, plan->identity[i], UINT64_MAX, 0},
                           key[2] = {plan->seed, 0};
            uint64_t word[4];
            dt_philox(counter, key, word);
            shift[count++] = word[0];
            ++*dimensions;
        }
    }
    assert(count <= DT_SOBOL_DIMENSIONS && count >= 1);
    return dt_sobol_new(m->arena, count, shift);
}

static void make_sequences(making *m)
{
    dt_plan *plan = m->plan;
    size_t unused;
    if (plan->design == DT_DESIGN_SALTELLI || plan->design == DT_DESIGN_SHAPLEY) {
        plan->sobol[0] = sequence(m, true, true, 2, &plan->sobol_dimensions);
    } else if (plan->design == DT_DESIGN_SOBOL) {
        plan->sobol[0] = sequence(m, true, plan->deep == 0, 1, &unused);
        if (plan->deep)
            plan->sobol[1] = sequence(m, false, true, 1, &unused);
    }
}

dt_plan *dt_plan_new(dt_arena *arena, const dt_model *model, const dt_study_plan *asked,
                     const dt_options *options)
{
    const size_t params = (size_t)model->params;
    dt_plan *plan = dt_new(arena, dt_plan, 1);
    double *held = dt_new(arena, double, params);
    dt_model_nominal(model, held);
    if (asked->held && params)
        memcpy(held, asked->held, params * sizeof *held);
    *plan = (dt_plan){.model = model,
                      .design = asked->design,
                      .seed = asked->seed,
                      .values = asked->values,
                      .beliefs = options && model->privates ? options->beliefs : 0,
                      .selected = asked->selected,
                      .held = held,
                      .point = asked->point,
                      .fitted = asked->fitted,
                      .evidence = asked->evidence,
                      .evidence_error = asked->evidence_error};
    making m = {arena, asked, dt_diagnostics_new(arena, options, NULL), plan};
    choose_policies(&m);
    const bool good = check_sizes(&m) && choose_varied(&m) && count_worlds(&m);
    if (good)
        warn(&m);
    dt_diagnostics_flush(m.diagnostics);
    if (!good)
        return NULL;
    make_sequences(&m);
    plan->word = dt_new(arena, uint64_t, plan->varied);
    plan->drawn = dt_new(arena, bool, plan->varied);
    plan->joint = dt_joint_of(arena, model, plan->vary, plan->varied);
    plan->room = dt_joint_room_new(arena, &plan->joint);
    return plan;
}
