/*
 * A criterion is the name of an outcome, a comparison and a number, in the language's own spelling:
 * "war < 0.05", "arsenal >= 3", "war <= 5%". Blanks don't matter.
 */
#include "robust/criterion.h"

#include <assert.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/job.h"

bool dt_criterion_holds(const dt_criterion *criterion, double number)
{
    switch (criterion->relation) {
    case DT_BELOW:
        return number < criterion->number;
    case DT_AT_MOST:
        return number <= criterion->number;
    case DT_ABOVE:
        return number > criterion->number;
    case DT_AT_LEAST:
        return number >= criterion->number;
    }
    assert(!"a relation is one of four");
    return false;
}

bool dt_criteria_fit(const dt_study_data *data, const dt_criterion *criterion, size_t count)
{
    bool right = criterion || count == 0;
    for (size_t i = 0; i < count && right; i++)
        right = criterion[i].outcome < data->outcomes;
    return right;
}

typedef struct reader {
    const dt_model *model;
    const char *text;
    const dt_options *options;
    dt_criterion *criterion;
} reader;

static const char *skip(const char *at)
{
    return at + strspn(at, " \t");
}

/* "<", "<=", ">" or ">=" at `at`; NULL if there is none. */
static const char *read_relation(const char *at, dt_relation *relation)
{
    if (*at != '<' && *at != '>')
        return NULL;
    const bool equal = at[1] == '=';
    *relation = *at == '<' ? (equal ? DT_AT_MOST : DT_BELOW) : (equal ? DT_AT_LEAST : DT_ABOVE);
    return at + 1 + equal;
}

/* A number with its sign and perhaps a percent sign; NULL if there is none. */
static const char *read_number(const char *at, double *number)
{
    const double sign = *at == '-' ? -1 : 1;
    at += *at == '-' || *at == '+';
    const size_t length = dt_read_number(at, strlen(at), number);
    if (length == 0)
        return NULL;
    at += length;
    *number *= *at == '%' ? sign / 100 : sign;
    return at + (*at == '%');
}

static dt_status read_criterion(dt_arena *arena, void *argument)
{
    const reader *r = argument;
    const dt_source source = {"criterion", r->text, strlen(r->text)};
    dt_diagnostics *told = dt_diagnostics_new(arena, r->options, &source);
    const char *name = skip(r->text);
    const size_t length = strcspn(name, " \t<>=!");
    const char *sign = skip(name + length), *after = read_relation(sign, &r->criterion->relation);
    const char *number = after ? skip(after) : NULL;
    const char *end = number ? read_number(number, &r->criterion->number) : NULL;
    const dt_place at_name = {(uint32_t)(name - r->text), (uint32_t)length};
    const char *asked = dt_copy_text(arena, name, length);
    const int outcome = dt_model_find(r->model, DT_OUTCOMES, asked);
    if (length == 0 || !end || *skip(end)) {
        /* where reading stopped */
        const char *at = length == 0 || !after ? sign : !end ? number : skip(end);
        const uint32_t offset = (uint32_t)(at - r->text);
        dt_complain(told, DT_CRITERION_SYNTAX, (dt_place){offset, 1});
    } else if (outcome < 0) {
        const size_t outcomes = dt_model_count(r->model, DT_OUTCOMES);
        const char **names = dt_new(arena, const char *, outcomes);
        for (size_t o = 0; o < outcomes; o++)
            names[o] = dt_model_item(r->model, DT_OUTCOMES, o);
        const char *near = dt_nearest((dt_slice){name, length}, names, outcomes);
        dt_text hint = {.arena = arena};
        if (near)
            dt_text_print(&hint, "did you mean '%s'?", near);
        dt_complain_more(told, DT_CRITERION_OUTCOME, at_name, near ? dt_text_get(&hint) : NULL,
                         NULL, asked);
    } else {
        r->criterion->outcome = (size_t)outcome;
    }
    const bool good = dt_diagnostics_errors(told) == 0;
    dt_diagnostics_flush(told);
    return good ? DT_OK : DT_INVALID;
}

dt_status dt_criterion_read(const dt_model *model, const char *text, const dt_options *options,
                            dt_criterion *criterion)
{
    if (!model || !text || !criterion)
        return dt_refuse_call(options, "dt_criterion_read",
                              "no model, no text, or nowhere to put the criterion");
    reader r = {model, text, options, criterion};
    *criterion = (dt_criterion){0};
    return dt_job(options, read_criterion, &r);
}
