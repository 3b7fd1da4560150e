/*
 * What the C tests of the referee share: the model with a coin in it, and asking.
 */
#ifndef DT_TEST_REFEREES_H
#define DT_TEST_REFEREES_H

#include "play.h"

#include "detente_referee.h"

static inline dt_model *read_coin(const dt_options *options)
{
    dt_model *model;
    assert_int_equal(dt_model_read(DT_ROOT "/test/cli/referee.dtn", options, &model), DT_OK);
    return model;
}

static inline dt_refereed *referee(const dt_model *model, const dt_referee_how *how,
                                   const dt_options *options)
{
    dt_refereed *found;
    assert_int_equal(dt_referee(model, how, options, &found), DT_OK);
    return found;
}

#endif
