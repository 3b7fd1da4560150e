/*
 * Outcomes' numbers in words. A probability is said as so many in a hundred: frequencies are
 * understood where percentages and decimals mislead (Gigerenzer and Hoffrage 1995, "How to improve Bayesian
 * reasoning without instruction", Psychological Review 102:684-704). No more decimals are said than tell
 * the numbers apart that stand beside each other, and none is said to be nothing that isn't.
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

bool dt_scale_is_share(dt_scale scale)
{
    return scale == DT_SCALE_PROBABILITY || scale == DT_SCALE_SHARE;
}

/* In what it is said: hundredths of a probability. */
static double said(dt_scale scale, double number)
{
    return dt_scale_is_share(scale) ? 100 * number : number;
}

/* What one number is said with, standing alone. */
static int plain_decimals(dt_scale scale, double number)
{
    const double size = fabs(number);
    if (dt_scale_is_share(scale))
        return 0;
    if (scale != DT_SCALE_NUMBER)
        return 1;
    return size == 0 ? 0 : (int)fmax(0, fmin(6, 2 - floor(log10(size)))); /* three digits */
}

static double rounded(double number, int decimals)
{
    const double unit = pow(10, -decimals);
    return nearbyint(number / unit) * unit;
}

/* Whether every number that isn't 0 shows, and those that differ show as different. */
static bool told(dt_scale scale, const double *number, size_t count, int decimals)
{
    for (size_t i = 0; i < count; i++) {
        const double x = said(scale, number[i]);
        if (isfinite(x) && dt_better(x, 0, 1) != 0 && rounded(x, decimals) == 0)
            return false;
        for (size_t j = 0; j < i; j++) {
            const double y = said(scale, number[j]);
            if (isfinite(x) && isfinite(y) && dt_better(x, y, fmax(fabs(x), fabs(y))) != 0 &&
                rounded(x, decimals) == rounded(y, decimals))
                return false;
        }
    }
    return true;
}

int dt_say_decimals(const dt_model *model, int outcome, const double *number, size_t count)
{
    enum { MORE = 4 };
    const dt_scale scale = dt_scale_of(model, outcome);
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = isfinite(number[i]) ? fmax(largest, fabs(number[i])) : largest;
    const int least = plain_decimals(scale, largest);
    for (int decimals = least; decimals < least + MORE; decimals++) {
        if (told(scale, number, count, decimals))
            return decimals;
    }
    return least + MORE;
}

/* Past the horizon is never. */
static bool is_never(const dt_model *model, dt_scale scale, double number)
{
    return scale == DT_SCALE_PERIOD && number >= model->horizon + 1 - 1e-9;
}

static void say_bare(dt_text *text, dt_scale scale, double number, int decimals)
{
    const double x = rounded(said(scale, number), decimals);
    char wide[32];
    if (!isfinite(x))
        dt_text_print(text, "no number");
    else if (fabs(x) >= 1e15)
        dt_text_print(text, "%s", dt_print_number(wide, x));
    else
        dt_text_print(text, "%.*f", decimals, x + 0.0); /* zero has no sign */
}

static const char *period_word(const dt_model *model)
{
    return *model->period ? model->period : "period";
}

static void say_unit(dt_text *text, const dt_model *model, dt_scale scale)
{
    if (dt_scale_is_share(scale))
        dt_text_print(text, " in 100");
    else if (scale != DT_SCALE_NUMBER)
        dt_text_print(text, " %ss", period_word(model));
}

void dt_say_outcome(dt_text *text, const dt_model *model, int outcome, double number, int decimals)
{
    const dt_scale scale = dt_scale_of(model, outcome);
    if (is_never(model, scale, number)) {
        dt_text_print(text, "never");
    } else if (scale == DT_SCALE_PERIOD) {
        dt_text_print(text, "%s ", period_word(model));
        say_bare(text, scale, number, decimals);
    } else {
        say_bare(text, scale, number, decimals);
        say_unit(text, model, scale);
    }
}

void dt_say_size(dt_text *text, const dt_model *model, int outcome, double number, int decimals)
{
    const dt_scale scale = dt_scale_of(model, outcome);
    say_bare(text, scale, fabs(number), decimals);
    say_unit(text, model, scale);
}

void dt_say_band(dt_text *text, const dt_model *model, int outcome, double low, double high,
                 int decimals)
{
    const dt_scale scale = dt_scale_of(model, outcome);
    dt_text_print(text, "(");
    say_bare(text, scale, low, decimals);
    dt_text_print(text, " to ");
    if (is_never(model, scale, high))
        dt_text_print(text, "never");
    else
        say_bare(text, scale, high, decimals);
    dt_text_print(text, ")");
}

const char *dt_title_of(const dt_named *is)
{
    return *is->description ? is->description : is->name;
}
