/*
 * Studies made by hand, for the tests of the questions put to them: arrays that a test fills in itself.
 */
#ifndef DT_TEST_MADE_H
#define DT_TEST_MADE_H

#include "play.h"

#include <math.h>

#include "base/job.h"
#include "detente_study.h"
#include "robust/resample.h"

/* Runs work that needs an arena; it must not run out of it. */
static inline void in_arena(dt_status (*work)(dt_arena *arena, void *argument))
{
    assert_int_equal(dt_job(NULL, work, NULL), DT_OK);
}

/* `policies` policies p0, p1, …, `parameters` deep parameters x0, x1, … in 0 .. 1, outcomes `more`
 * (maximise), `less` (minimise) and `plain`. */
static inline dt_model *declare(size_t policies, size_t parameters, const dt_options *options)
{
    char text[8192];
    int at =
        snprintf(text, sizeof text, "model made\nhorizon 1\nactor A\nstage s : A { A.only }\n");
    for (size_t i = 0; i < parameters; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "param x%zu = 0.5 in 0 .. 1 %s\n", i,
                       i == 0 ? "judgement" : "");
    at += snprintf(text + at, sizeof text - (size_t)at,
                   "payoff A { z = 0 }\noutcome more maximise = last(%s)\noutcome less minimise = "
                   "last(0)\noutcome plain = last(0)\n",
                   parameters ? "x0" : "0");
    for (size_t p = 0; p < policies; p++)
        at += snprintf(text + at, sizeof text - (size_t)at, "policy p%zu\n", p);
    assert_in_range(at, 1, sizeof text - 1);
    return play_text(text, options);
}

enum { MORE, LESS, PLAIN, OUTCOMES };

typedef struct made {
    play_log log;
    dt_options options;
    dt_study_data data;
    double *outcome, *parameter, *share, *residual, *nominal, *held;
    unsigned char *status;
    size_t *policy, *vary;
} made;

static inline made *make(size_t policies, size_t parameters, size_t worlds)
{
    made *m = test_calloc(1, sizeof *m);
    m->options = play_options(&m->log);
    m->outcome = test_calloc(policies * OUTCOMES * worlds + 1, sizeof(double));
    m->parameter = test_calloc(worlds * parameters + 1, sizeof(double));
    m->share = test_calloc(worlds * parameters + 1, sizeof(double));
    m->residual = test_calloc(policies * worlds * 2 + 1, sizeof(double));
    m->nominal = test_calloc(policies * OUTCOMES, sizeof(double));
    m->held = test_calloc(parameters + 1, sizeof(double));
    m->status = test_calloc(policies * worlds + 1, 1);
    m->policy = test_calloc(policies, sizeof(size_t));
    m->vary = test_calloc(parameters + 1, sizeof(size_t));
    for (size_t p = 0; p < policies; p++)
        m->policy[p] = p;
    for (size_t i = 0; i < parameters; i++) {
        m->vary[i] = i;
        m->held[i] = 0.5; /* as declared */
    }
    m->data = (dt_study_data){
        .model = declare(policies, parameters, &m->options),
        .hash = "",
        .design = DT_DESIGN_RANDOM,
        .seed = 1,
        .worlds = worlds,
        .done = worlds * policies,
        .parameters = parameters,
        .outcomes = OUTCOMES,
        .actors = 1,
        .policies = policies,
        .policy = m->policy,
        .varied = parameters,
        .vary = m->vary,
        .held = m->held,
        .parameter = m->parameter,
        .share = m->share,
        .nominal = m->nominal,
        .outcome = m->outcome,
        .value = m->residual,
        .gap = m->residual,
        .residual = m->residual,
        .status = m->status,
    };
    return m;
}

static inline void unmake(made *m)
{
    dt_model_free((dt_model *)m->data.model);
    void *all[] = {m->held,    m->outcome, m->parameter, m->share, m->residual,
                   m->nominal, m->status,  m->policy,    m->vary};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        test_free(all[i]);
    test_free(m);
}

static inline double *numbers(const made *m, size_t policy, size_t outcome)
{
    return m->outcome + (policy * OUTCOMES + outcome) * m->data.worlds;
}

static inline double *parameter_of(const made *m, size_t world, size_t parameter)
{
    return m->parameter + world * m->data.parameters + parameter;
}

/* Radical inverse of i: its digits mirrored at the point. */
static inline double van_der_corput(size_t i, size_t base)
{
    double x = 0, unit = 1.0 / (double)base;
    for (; i > 0; i /= base, unit /= (double)base)
        x += (double)(i % base) * unit;
    return x;
}

/* A pseudo-random number in 0 … 1, by the order of a shuffle. */
static inline void fill_random(double *x, size_t count, uint64_t number)
{
    size_t *order = test_calloc(count, sizeof *order);
    dt_shuffle(99, DT_FOR_ORDER, number, count, order);
    for (size_t n = 0; n < count; n++)
        x[n] = ((double)order[n] + 0.5) / (double)count;
    test_free(order);
}

#endif
