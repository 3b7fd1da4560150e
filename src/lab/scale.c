/*
 * What an outcome's number is counted in, from its form and its argument, and numbers of outcomes in words: a first time
 * past the horizon is never, periods are called as the model calls them. The digits are those of figures.c.
 */
#include "lab/scale.h"

#include <assert.h>
#include <math.h>

/* Whether an expression lies between 0 and 1 because it is a condition or a probability, or is made of such:
 * its expectation is a probability then. `left`: how many parts may still be looked at, so that what is
 * larger than anybody writes counts as a number. */
static bool is_share(const dt_model *model, uint32_t expression, int *left)
{
    if (--*left < 0)
        return false;
    const dt_expression *e = &model->expression.list.at[expression];
    switch (e->op) {
    case DT_OP_NOT:
    case DT_OP_EQUAL:
    case DT_OP_UNEQUAL:
    case DT_OP_LESS:
    case DT_OP_AT_MOST:
    case DT_OP_AND:
    case DT_OP_OR:
    case DT_OP_BELIEF:
    case DT_OP_PROBABILITY:
        return true;
    case DT_OP_CONSTANT:
        return e->value == 0 || e->value == 1;
    case DT_OP_SLOT:
        return e->a < (uint32_t)model->variables && model->variable[e->a].type == DT_TYPE_BOOL;
    case DT_OP_MULTIPLY:
    case DT_OP_MIN:
    case DT_OP_MAX:
        return is_share(model, e->a, left) && is_share(model, e->b, left);
    case DT_OP_SELECT:
        return is_share(model, e->b, left) && is_share(model, e->c, left);
    default:
        return false;
    }
}

dt_scale dt_scale_of(const dt_model *model, int outcome)
{
    assert(outcome >= 0 && outcome < model->outcomes);
    const dt_outcome *o = &model->outcome[outcome];
    int parts = 1000;
    const bool share = is_share(model, o->argument, &parts);
    switch (o->form) {
    case DT_EVER:
        return DT_SCALE_PROBABILITY;
    case DT_LAST:
        return share ? DT_SCALE_PROBABILITY : DT_SCALE_NUMBER;
    case DT_MEAN:
        return share ? DT_SCALE_SHARE : DT_SCALE_NUMBER;
    case DT_FIRST:
        return DT_SCALE_PERIOD;
    case DT_COUNT:
        return DT_SCALE_PERIODS;
    case DT_TOTAL:
        return share ? DT_SCALE_PERIODS : DT_SCALE_NUMBER;
    case DT_FORM_COUNT:
        break;
    }
    assert(!"every form has a scale");
    return DT_SCALE_NUMBER;
}

const char *dt_scale_word(dt_scale scale)
{
    static const char *const word[] = {
        [DT_SCALE_PROBABILITY] = "probability", [DT_SCALE_SHARE] = "share",
        [DT_SCALE_PERIOD] = "period",           [DT_SCALE_PERIODS] = "periods",
        [DT_SCALE_NUMBER] = "number",
    };
    return word[scale];
}

dt_figures dt_figures_of_outcome(const dt_model *model, int outcome, const double *number,
                                 size_t count)
{
    return dt_figures_of(dt_scale_of(model, outcome), number, count, DT_MORE_DECIMALS);
}

/* Past the horizon, or so near to that that nothing is expected to happen, is never. */
static bool is_never(const dt_model *model, dt_scale scale, double number)
{
    static const double NEAR = 0.005; /* periods */
    return scale == DT_SCALE_PERIOD && number >= model->horizon + 1 - NEAR;
}

static const char *period_word(const dt_model *model)
{
    return *model->period ? model->period : "period";
}

static void say_unit(dt_text *text, const dt_model *model, dt_figures figures)
{
    dt_say_counted(text, figures);
    if (figures.scale == DT_SCALE_PERIOD || figures.scale == DT_SCALE_PERIODS)
        dt_text_print(text, " %ss", period_word(model));
}

void dt_say_outcome(dt_text *text, const dt_model *model, dt_figures figures, double number)
{
    if (is_never(model, figures.scale, number)) {
        dt_text_print(text, "never");
    } else if (figures.scale == DT_SCALE_PERIOD) {
        dt_text_print(text, "%s ", period_word(model));
        dt_say_figure(text, figures, number);
    } else {
        dt_say_figure(text, figures, number);
        say_unit(text, model, figures);
    }
}

void dt_say_size(dt_text *text, const dt_model *model, dt_figures figures, double number)
{
    dt_say_figure(text, figures, fabs(number));
    say_unit(text, model, figures);
}

void dt_say_band(dt_text *text, const dt_model *model, dt_figures figures, double low, double high)
{
    dt_text_print(text, "(");
    dt_say_figure(text, figures, low);
    dt_text_print(text, " to ");
    if (is_never(model, figures.scale, high))
        dt_text_print(text, "never");
    else
        dt_say_figure(text, figures, high);
    dt_text_print(text, ")");
}

const char *dt_title_of(const dt_named *is)
{
    return *is->description ? is->description : is->name;
}
