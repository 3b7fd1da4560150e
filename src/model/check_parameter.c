/*
 * Parameters: their values, how uncertain they are, what supports them, and how risks hang together.
 * A range or a list of values without a distribution is deep uncertainty, a distribution is risk,
 * neither is a fixed number. Correlations are rank correlations ρ of a Gaussian copula, whose own correlations are
 * 2 sin(πρ/6) (Pearson 1907); that matrix must be positive definite, which is tested by the Cholesky
 * factorisation that worlds are drawn with.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/cholesky.h"
#include "model/checker.h"

/* The distributions, as they are written. */
static const struct shape {
    const char *name;
    dt_distribution_kind kind;
    int count;
    const char *arguments;
    const char *rule; /* what these must satisfy, for messages */
} shapes[] = {
    {"uniform",    DT_UNIFORM,    2, "low, high",      "low < high"                      },
    {"normal",     DT_NORMAL,     2, "mean, sd",       "sd > 0"                          },
    {"lognormal",  DT_LOGNORMAL,  2, "mean, sd",       "sd > 0; both are of the log"     },
    {"beta",       DT_BETA,       2, "a, b",           "a > 0 and b > 0"                 },
    {"gamma",      DT_GAMMA,      2, "shape, scale",   "shape > 0 and scale > 0"         },
    {"triangular", DT_TRIANGULAR, 3, "min, mode, max", "min <= mode <= max and min < max"},
    {"pert",       DT_PERT,       3, "min, mode, max", "min <= mode <= max and min < max"},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

const char *dt_distribution_word(size_t index)
{
    return index < SHAPES ? shapes[index].name : NULL;
}

static bool satisfies(dt_distribution_kind kind, const double a[3])
{
    switch (kind) {
    case DT_UNIFORM:
        return a[0] < a[1];
    case DT_NORMAL:
    case DT_LOGNORMAL:
        return a[1] > 0;
    case DT_BETA:
    case DT_GAMMA:
        return a[0] > 0 && a[1] > 0;
    case DT_TRIANGULAR:
    case DT_PERT:
        return a[0] <= a[1] && a[1] <= a[2] && a[0] < a[2];
    case DT_DISTRIBUTION_NONE:
        break;
    }
    assert(!"every distribution has a rule");
    return false;
}

static void find_support(dt_distribution_kind kind, const double a[3], double *low, double *high)
{
    *low = -INFINITY;
    *high = INFINITY;
    if (kind == DT_UNIFORM) {
        *low = a[0];
        *high = a[1];
    } else if (kind == DT_TRIANGULAR || kind == DT_PERT) {
        *low = a[0];
        *high = a[2];
    } else if (kind == DT_BETA) {
        *low = 0;
        *high = 1;
    } else if (kind == DT_LOGNORMAL || kind == DT_GAMMA) {
        *low = 0;
    }
}

static bool check_range(dt_checker *c, const dt_syntax *range, double *low, double *high)
{
    const dt_syntax *first = range->first, *second = first->next;
    assert(isfinite(first->number) && isfinite(second->number) && "the lexer sees to that");
    if (!(first->number < second->number)) {
        dt_complain(c->diagnostics, DT_EMPTY_RANGE, range->place);
        return false;
    }
    *low = first->number;
    *high = second->number;
    return true;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The values of a list, ascending; false, and told, if they aren't two or more different ones. */
static bool check_list(dt_checker *c, const dt_syntax *list, dt_param *param)
{
    size_t count = 0;
    for (const dt_syntax *n = list->first; n; n = n->next)
        count++;
    if (count > DT_MAX_LIST) {
        dt_check_too_many(c, list->place, DT_LIMIT_LIST);
        return false;
    }
    if (count < 2) {
        const dt_slice only = list->first->text;
        dt_complain(c->diagnostics, DT_SHORT_LIST, list->place, param->is.name,
                    dt_check_text(c, only));
        return false;
    }
    double *value = dt_new(c->arena, double, count);
    bool good = true;
    size_t k = 0;
    for (const dt_syntax *n = list->first; n; n = n->next) {
        bool again = false;
        for (size_t i = 0; i < k; i++)
            again |= value[i] == n->number;
        if (again)
            dt_complain(c->diagnostics, DT_REPEATED, n->place, dt_check_text(c, n->text));
        good &= !again;
        value[k++] = n->number;
    }
    qsort(value, count, sizeof *value, by_value);
    param->values = (int)count;
    param->list = value;
    param->low = value[0];
    param->high = value[count - 1];
    return good;
}

/* Whether the declared value is one of the list. */
static bool is_listed(const dt_param *param)
{
    for (int i = 0; i < param->values; i++) {
        if (param->list[i] == param->value)
            return true;
    }
    return false;
}

/* The distribution's kind and arguments, or DT_DISTRIBUTION_NONE if something is wrong. */
static dt_distribution_kind check_arguments(dt_checker *c, const dt_syntax *node,
                                            double argument[3])
{
    const char *names[SHAPES];
    const struct shape *shape = NULL;
    for (int i = 0; i < SHAPES; i++) {
        names[i] = shapes[i].name;
        if (dt_slice_is(node->text, shapes[i].name))
            shape = &shapes[i];
    }
    if (!shape) {
        const char *nearest = dt_nearest(node->text, names, SHAPES);
        dt_complain_more(c->diagnostics, DT_UNKNOWN_DISTRIBUTION, dt_name_place(node),
                         nearest ? dt_check_say(c, "did you mean '%s'?", nearest) : NULL, NULL,
                         dt_check_text(c, node->text));
        return DT_DISTRIBUTION_NONE;
    }
    int given = 0;
    for (const dt_syntax *n = node->first; n; n = n->next) {
        if (n->kind != DT_SYNTAX_NUMBER)
            continue;
        if (given < shape->count)
            argument[given] = n->number;
        given++;
    }
    if (given != shape->count) {
        dt_check_arity(c, node, shape->arguments, shape->count, false, given);
        return DT_DISTRIBUTION_NONE;
    }
    if (!satisfies(shape->kind, argument)) {
        dt_complain(c->diagnostics, DT_BAD_DISTRIBUTION, node->place, shape->name, shape->arguments,
                    shape->rule);
        return DT_DISTRIBUTION_NONE;
    }
    return shape->kind;
}

/* The distribution without its truncation, as written: "beta(11, 8)". */
static const char *distribution_text(dt_checker *c, const dt_syntax *node)
{
    dt_text text = {.arena = c->arena};
    dt_text_add(&text, node->text.at, node->text.length);
    const char *before = "(";
    for (const dt_syntax *n = node->first; n; n = n->next) {
        if (n->kind != DT_SYNTAX_NUMBER)
            continue;
        dt_text_print(&text, "%s%.*s", before, (int)n->text.length, n->text.at);
        before = ", ";
    }
    dt_text_print(&text, ")");
    return dt_text_get(&text);
}

static void check_distribution(dt_checker *c, const dt_syntax *node, dt_param *param)
{
    param->uncertainty = DT_RISK;
    param->distribution = check_arguments(c, node, param->argument);
    if (param->distribution == DT_DISTRIBUTION_NONE)
        return;
    param->distribution_text = distribution_text(c, node);
    double low, high;
    find_support(param->distribution, param->argument, &low, &high);
    if (!(fmax(low, param->low) < fmin(high, param->high)))
        dt_complain(c->diagnostics, DT_EMPTY_TRUNCATION, node->place, param->is.name);
    else if (param->value < low || param->value > high)
        dt_complain(c->diagnostics, DT_VALUE_OUTSIDE, param->is.place, param->is.name,
                    "what its distribution can give");
    param->least = fmax(low, param->low);
    param->most = fmin(high, param->high);
}

static void check_param(dt_checker *c, const dt_syntax *node, dt_param *param)
{
    *param = (dt_param){.is = dt_check_named(c, node),
                        .low = -INFINITY,
                        .high = INFINITY,
                        .distribution_text = "",
                        .source = DT_NONE};
    const dt_syntax *number = dt_syntax_child(node, DT_SYNTAX_NUMBER, 0);
    const dt_syntax *distribution = dt_syntax_child(node, DT_SYNTAX_DISTRIBUTION, 0);
    const dt_syntax *range = dt_syntax_child(node, DT_SYNTAX_RANGE, 0);
    const dt_syntax *list = dt_syntax_child(distribution ? distribution : node, DT_SYNTAX_LIST, 0);
    const dt_syntax *truncation =
        distribution ? dt_syntax_child(distribution, DT_SYNTAX_RANGE, 0) : NULL;
    dt_check_support(c, node, &param->source, &param->judgement);
    param->value = param->least = param->most = number->number;
    if (range || list)
        param->uncertainty = DT_DEEP;
    if (truncation)
        range = truncation;
    if (distribution && list)
        dt_complain_more(
            c->diagnostics, DT_LIST_OF_RISK, list->place,
            "a list is deep uncertainty by itself: leave out the distribution or the list", NULL,
            param->is.name);
    else if (list && check_list(c, list, param) && !is_listed(param))
        dt_complain(c->diagnostics, DT_VALUE_OUTSIDE, number->place, param->is.name, "its list");
    else if (range && check_range(c, range, &param->low, &param->high) &&
             (param->value < param->low || param->value > param->high))
        dt_complain(c->diagnostics, DT_VALUE_OUTSIDE, number->place, param->is.name, "its range");
    else if (distribution)
        check_distribution(c, distribution, param);
    else if (range || list) {
        param->least = param->low;
        param->most = param->high;
    }
}

/* `cite` and `judgement`, of parameters and policies. */
void dt_check_support(dt_checker *c, const dt_syntax *node, int *source, bool *judgement)
{
    const dt_syntax *cite = dt_syntax_child(node, DT_SYNTAX_CITE, 0);
    *source = cite ? dt_check_refer(c, cite, DT_NAME_SOURCE) : DT_NONE;
    *judgement = dt_syntax_child(node, DT_SYNTAX_JUDGEMENT, 0) != NULL;
}

/* ---- correlations ---- */

/* The parameters that correlate, in order of declaration; row[] is 1 + a parameter's row in the
 * matrix, 0: none. */
static void number_rows(dt_checker *c, dt_copula *copula, size_t *row)
{
    const dt_model *m = c->model;
    for (int i = 0; i < m->correlations; i++)
        row[m->correlation[i].a] = row[m->correlation[i].b] = 1;
    int *param = dt_new(c->arena, int, (size_t)m->params);
    for (int i = 0; i < m->params; i++) {
        if (row[i] == 0)
            continue;
        param[copula->rows++] = i;
        row[i] = copula->rows;
    }
    assert(copula->rows <= 2 * (size_t)m->correlations);
    copula->param = param;
}

/* Cholesky's factorisation, row by row, of the copula's correlations; false if their matrix isn't
 * positive definite. */
static bool factorise(dt_checker *c, dt_copula *copula, const size_t *row)
{
    const dt_model *m = c->model;
    const size_t n = copula->rows;
    double *a = dt_new(c->arena, double, n *n);
    for (size_t i = 0; i < n; i++)
        a[i * n + i] = 1;
    for (int i = 0; i < m->correlations; i++) {
        size_t p = row[m->correlation[i].a] - 1, q = row[m->correlation[i].b] - 1;
        a[p * n + q] = a[q * n + p] = 2 * sin(acos(-1.0) / 6 * m->correlation[i].rank);
    }
    copula->factor = a;
    return dt_cholesky(a, n);
}

static bool check_risk(dt_checker *c, const dt_syntax *node, int *index)
{
    *index = dt_check_refer(c, node, DT_NAME_PARAM);
    if (*index == DT_NONE)
        return false;
    if (c->model->param[*index].uncertainty == DT_RISK)
        return true;
    dt_complain(c->diagnostics, DT_NOT_A_RISK, dt_name_place(node),
                c->model->param[*index].is.name);
    return false;
}

static void check_correlation(dt_checker *c, const dt_syntax *node)
{
    dt_model *m = c->model;
    const dt_syntax *a = node->first, *b = a->next, *rank = b->next;
    assert(a->kind == DT_SYNTAX_NAME && b->kind == DT_SYNTAX_NAME &&
           rank->kind == DT_SYNTAX_NUMBER);
    dt_correlation pair = {.rank = rank->number};
    bool good = check_risk(c, a, &pair.a);
    good &= check_risk(c, b, &pair.b);
    if (!(rank->number > -1 && rank->number < 1)) {
        dt_complain(c->diagnostics, DT_CORRELATION_RANGE, rank->place);
        good = false;
    }
    if (!good)
        return;
    bool twice = pair.a == pair.b;
    for (int i = 0; i < m->correlations && !twice; i++)
        twice = (m->correlation[i].a == pair.a && m->correlation[i].b == pair.b) ||
                (m->correlation[i].a == pair.b && m->correlation[i].b == pair.a);
    if (twice)
        dt_complain(c->diagnostics, DT_CORRELATED_TWICE, node->place, m->param[pair.a].is.name,
                    m->param[pair.b].is.name);
    else
        m->correlation[m->correlations++] = pair;
}

/* Parameters first, then the correlations between them. */
void dt_check_parameters(dt_checker *c)
{
    dt_model *m = c->model;
    int index = 0;
    const dt_syntax *last = NULL;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind == DT_SYNTAX_PARAM)
            check_param(c, node, &m->param[index++]);
    }
    assert(index == m->params);
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind == DT_SYNTAX_CORRELATE) {
            check_correlation(c, node);
            last = node;
        }
    }
    size_t *row = dt_new(c->arena, size_t, (size_t)m->params);
    number_rows(c, &m->copula, row);
    if (m->copula.rows > DT_MAX_CORRELATED)
        dt_check_too_many(c, last->place, DT_LIMIT_CORRELATED);
    else if (m->copula.rows > 0 && !factorise(c, &m->copula, row))
        dt_complain(c->diagnostics, DT_CORRELATIONS_TOGETHER, last->place);
}
