/*
 * The judgement: a strategy is a solution if it solves its equations at every node, to 1e-8, by the
 * branch that the selection rule follows, and if play forever has a limit that was reached. Numbers of
 * anything else are those of the best that was found, and are not results. Invariant: what isn't
 * solved has a reason and a cure.
 */
#include "solve/solved.h"

#include <assert.h>

#include "base/greater.h"

/* A residual that is still rounding and not a strategy that misses its equations. */
static const double SMALL = 1e-8;

/* What rounding may do to a probability. */
static const double MOST_ROUNDING = 1e-6;

/* How far beliefs may be from the shares of types. */
static const double MOST_OFF = 1e-9;

/* In the order of dt_judgement. */
static const struct {
    const char *code, *reason, *cure;
} told[] = {
    {"",            "",                                                                        ""                                          },
    {"not-solved",  "a node has no solution that could be found",
     "try a lower rationality of those who move there"                                                                                     },
    {"not-settled", "play forever goes round: values of ever longer lookaheads have no limit",
     "try a lower rationality, or a number of periods as lookahead"                                                                        },
    {"not-settled", "play forever doesn't settle",
     "try lower discounts, or a number of periods as lookahead"                                                                            },
    {"not-solved",  "the strategy misses the equations that it should solve",
     "try a lower rationality"                                                                                                             },
    {"not-solved",
     "the chosen equilibrium folds back on the way from the numbers at which it was found",    "choose another, or numbers nearer to those"},
    {"not-solved",  "payoffs are so large that rounding moves the choices between them",
     "count them from another zero, or try a lower rationality"                                                                            },
    {"not-solved",  "beliefs are off from the shares of those they are about",
     "try a lower rationality, or another --beliefs"                                                                                       },
};
_Static_assert(sizeof told / sizeof *told == DT_JUDGEMENTS, "a line for each judgement");

void dt_found_name(dt_found *found, const dt_failure *failure)
{
    uint32_t at = found->named < DT_NAMED_FAILURES ? found->named++ : DT_NAMED_FAILURES;
    for (; at > 0 && found->failure[at - 1].node > failure->node; at--) {
        if (at < DT_NAMED_FAILURES)
            found->failure[at] = found->failure[at - 1];
    }
    if (at < DT_NAMED_FAILURES)
        found->failure[at] = *failure;
}

static void add(dt_found *found, const dt_found *other)
{
    found->residual = dt_greater(other->residual, found->residual);
    found->rounding = dt_greater(other->rounding, found->rounding);
    found->failures += other->failures;
    found->crossed += other->crossed;
}

void dt_found_merge(dt_found *found, const dt_found *other)
{
    add(found, other);
    for (uint32_t i = 0; i < other->named; i++)
        dt_found_name(found, &other->failure[i]);
}

void dt_found_append(dt_found *found, const dt_found *later)
{
    add(found, later);
    for (uint32_t i = 0; i < later->named && found->named < DT_NAMED_FAILURES; i++)
        found->failure[found->named++] = later->failure[i];
}

dt_judgement dt_judge(const dt_found *found)
{
    if (found->failures > 0)
        return DT_NODE_UNSOLVED;
    if (found->lost > 0)
        return DT_FOLDS;
    if (!found->settled)
        return found->wanders || found->sweeps >= DT_MAX_SWEEPS ? DT_UNSETTLED : DT_GOES_ROUND;
    if (!(found->residual <= SMALL))
        return DT_RESIDUAL_LARGE;
    if (!(found->calibration <= MOST_OFF))
        return DT_UNCALIBRATED;
    return found->rounding <= MOST_ROUNDING ? DT_SOLVED : DT_ROUNDED;
}

const char *dt_judgement_code(dt_judgement judgement)
{
    assert(judgement < DT_JUDGEMENTS);
    return told[judgement].code;
}

const char *dt_judgement_reason(dt_judgement judgement)
{
    assert(judgement < DT_JUDGEMENTS && told[judgement].reason);
    return told[judgement].reason;
}

const char *dt_judgement_cure(dt_judgement judgement)
{
    assert(judgement < DT_JUDGEMENTS && told[judgement].cure);
    return told[judgement].cure;
}
