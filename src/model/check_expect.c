/*
 * Expectations: conditions over outcomes. An outcome form that is written in one and that no
 * declared outcome has becomes an outcome of its own, placed after the declared ones. Conditions
 * are small trees, read once when the outcomes are known; their depth is bounded, so that they can
 * be evaluated by recursion.
 */
#include <assert.h>
#include <stdio.h>

#include "model/checker.h"

/* A condition's node together with its type and depth. */
typedef struct dt_part {
    const dt_condition *condition; /* NULL: in error, and told */
    bool truth;                    /* a condition, not a number */
    int depth;
} dt_part;

static const dt_part wrong = {NULL, false, 0};

static dt_part check_part(dt_checker *c, const dt_syntax *node);

static dt_part join(dt_checker *c, const dt_syntax *node, dt_operator op, bool truth,
                    const dt_part *operand, uint32_t operands)
{
    dt_condition *condition = dt_new(c->arena, dt_condition, 1);
    dt_part part = {condition, truth, 1};
    assert(operands == dt_operands[op] && operands <= 3);
    condition->op = op;
    condition->outcome = condition->policy = DT_NONE;
    for (uint32_t i = 0; i < operands; i++) {
        if (!operand[i].condition)
            return wrong;
        condition->operand[i] = operand[i].condition;
        if (operand[i].depth >= part.depth)
            part.depth = operand[i].depth + 1;
    }
    if (part.depth > DT_MAX_CONDITION) {
        dt_complain(c->diagnostics, DT_DEEP_CONDITION, node->place, (int)DT_MAX_CONDITION);
        return wrong;
    }
    return part;
}

static dt_part number(dt_checker *c, double value, bool truth)
{
    dt_condition *condition = dt_new(c->arena, dt_condition, 1);
    *condition =
        (dt_condition){.op = DT_OP_CONSTANT, .value = value, .outcome = DT_NONE, .policy = DT_NONE};
    return (dt_part){condition, truth, 1};
}

/* ---- outcomes ---- */

static int check_under(dt_checker *c, const dt_syntax *node, bool *good)
{
    const dt_syntax *under = dt_syntax_child(node, DT_SYNTAX_UNDER, 0);
    if (!under)
        return DT_NONE;
    int policy = dt_check_refer(c, under, DT_NAME_POLICY);
    *good = policy != DT_NONE;
    return policy;
}

/* The form as written, on one line. */
static const char *form_name(dt_checker *c, const dt_syntax *node)
{
    dt_text text = {.arena = c->arena};
    const char *at = c->source->text + node->first->place.offset;
    const char *end = at + node->first->place.length;
    dt_text_print(&text, "%.*s(", (int)node->text.length, node->text.at);
    while (at < end) {
        if (*at == '#') {
            while (at < end && *at != '\n')
                at++;
        } else if (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n') {
            const char *word = at;
            while (word < end && (*word == ' ' || *word == '\t' || *word == '\r' || *word == '\n'))
                word++;
            if (word < end && *word != '#')
                dt_text_add(&text, " ", 1);
            at = word;
        } else {
            dt_text_add(&text, at++, 1);
        }
    }
    dt_text_print(&text, ")");
    return dt_text_get(&text);
}

static int find_form(dt_checker *c, const dt_syntax *node)
{
    dt_outcome outcome = {
        .is = {form_name(c, node), "", node->place}
    };
    size_t before = dt_diagnostics_errors(c->diagnostics);
    dt_check_form(c, node, &outcome);
    if (dt_diagnostics_errors(c->diagnostics) != before)
        return DT_NONE;
    for (size_t i = 0; i < c->outcomes.count; i++) {
        if (c->outcomes.at[i].form == outcome.form &&
            c->outcomes.at[i].argument == outcome.argument)
            return (int)i;
    }
    if (c->outcomes.count == DT_MAX_FORMS) {
        dt_check_too_many(c, node->place, DT_LIMIT_FORMS);
        return DT_NONE;
    }
    dt_push(c->arena, &c->outcomes, outcome);
    return (int)c->outcomes.count - 1;
}

static int find_outcome(dt_checker *c, const dt_syntax *node)
{
    const dt_entry *other = dt_names_find(c, DT_SPACE_SHARED, 0, node->text);
    if (!other || dt_names_find(c, DT_SPACE_OUTCOMES, 0, node->text))
        return dt_check_refer(c, node, DT_NAME_OUTCOME);
    const char *hint = other->kind == DT_NAME_STATE || other->kind == DT_NAME_LET
                           ? dt_check_say(c, "an outcome of it can be written as last(%s)",
                                          dt_check_text(c, node->text))
                           : NULL;
    dt_complain_more(c->diagnostics, DT_WRONG_KIND, dt_name_place(node), hint, NULL,
                     dt_check_text(c, node->text), dt_name_phrase(other->kind),
                     dt_name_phrase(DT_NAME_OUTCOME));
    return DT_NONE;
}

static dt_part check_outcome(dt_checker *c, const dt_syntax *node)
{
    bool good = true;
    int policy = check_under(c, node, &good);
    int outcome = node->kind == DT_SYNTAX_UNDER_FORM ? find_form(c, node) : find_outcome(c, node);
    if (outcome == DT_NONE || !good)
        return wrong;
    dt_condition *condition = dt_new(c->arena, dt_condition, 1);
    *condition = (dt_condition){.op = DT_OP_SLOT, .outcome = outcome, .policy = policy};
    return (dt_part){condition, false, 1};
}

/* ---- operators ---- */

static bool require(dt_checker *c, const dt_syntax *node, dt_part part, bool truth)
{
    if (!part.condition)
        return false;
    if (truth && !part.truth) {
        dt_complain_more(c->diagnostics, DT_NOT_A_CONDITION, node->place,
                         "compare it with something, as in x > 0", NULL, "a number");
        return false;
    }
    return true;
}

static bool is_logical(dt_syntax_kind kind)
{
    return kind == DT_SYNTAX_AND || kind == DT_SYNTAX_OR;
}

static dt_part check_chain(dt_checker *c, const dt_syntax *node)
{
    size_t base = c->spine.count;
    const dt_syntax *first = node;
    for (; dt_check_chain_operator(first->kind) != DT_OPS; first = first->first)
        dt_push(c->arena, &c->spine, first);
    dt_part left = check_part(c, first);
    while (c->spine.count > base) {
        const dt_syntax *here = c->spine.at[--c->spine.count];
        const dt_syntax *second = here->first->next;
        dt_part pair[2] = {left, check_part(c, second)};
        dt_operator op = dt_check_chain_operator(here->kind);
        assert(op != DT_OPS);
        bool truth = is_logical(here->kind);
        bool good = require(c, here->first, pair[0], truth);
        good &= require(c, second, pair[1], truth);
        left = good ? join(c, here, op, truth, pair, 2) : wrong;
    }
    return left;
}

static dt_part check_comparison(dt_checker *c, const dt_syntax *node)
{
    bool exchanged;
    dt_operator op = dt_check_comparison_operator(node->kind, &exchanged);
    dt_part left = check_part(c, node->first);
    dt_part right = check_part(c, node->first->next);
    dt_part pair[2] = {exchanged ? right : left, exchanged ? left : right};
    return join(c, node, op, true, pair, 2);
}

/* value in low .. high */
static dt_part check_in(dt_checker *c, const dt_syntax *node)
{
    dt_part value = check_part(c, node->first);
    dt_part low = check_part(c, node->first->next);
    dt_part high = check_part(c, node->first->next->next);
    dt_part above[2] = {low, value}, below[2] = {value, high};
    dt_part both[2] = {join(c, node, DT_OP_AT_MOST, true, above, 2),
                       join(c, node, DT_OP_AT_MOST, true, below, 2)};
    return join(c, node, DT_OP_AND, true, both, 2);
}

static dt_part check_conditional(dt_checker *c, const dt_syntax *node)
{
    const dt_syntax *yes = node->first->next;
    dt_part three[3] = {check_part(c, node->first), check_part(c, yes), check_part(c, yes->next)};
    if (!require(c, node->first, three[0], true) || !three[1].condition || !three[2].condition)
        return wrong;
    return join(c, node, DT_OP_SELECT, three[1].truth && three[2].truth, three, 3);
}

static dt_part check_call(dt_checker *c, const dt_syntax *node)
{
    dt_operator op;
    uint32_t operands = dt_check_function(c, node, &op);
    if (operands == 0)
        return wrong;
    if (op == DT_OP_BELIEF) {
        dt_complain_more(c->diagnostics, DT_BELIEF_READ, node->place,
                         "an outcome can, as in last(belief(...))", NULL, "an expectation");
        return wrong;
    }
    dt_part argument[3] = {wrong, wrong, wrong};
    uint32_t n = 0;
    for (const dt_syntax *a = node->first; a; a = a->next) {
        if (n == operands) { /* a further argument of min or max */
            argument[0] = join(c, node, op, false, argument, operands);
            n = 1;
        }
        argument[n++] = check_part(c, a);
    }
    assert(n == operands);
    return join(c, node, op, false, argument, operands);
}

static dt_part check_prefix(dt_checker *c, const dt_syntax *node)
{
    bool truth = node->kind == DT_SYNTAX_NOT;
    dt_part part = check_part(c, node->first);
    if (!require(c, node->first, part, truth))
        return wrong;
    return join(c, node, truth ? DT_OP_NOT : DT_OP_NEGATE, truth, &part, 1);
}

static dt_part check_part(dt_checker *c, const dt_syntax *node)
{
    if (dt_check_chain_operator(node->kind) != DT_OPS)
        return check_chain(c, node);
    switch (node->kind) {
    case DT_SYNTAX_NUMBER:
        return number(c, node->number, false);
    case DT_SYNTAX_YES:
    case DT_SYNTAX_NO:
        return number(c, node->kind == DT_SYNTAX_YES, true);
    case DT_SYNTAX_NAME:
    case DT_SYNTAX_UNDER_NAME:
    case DT_SYNTAX_UNDER_FORM:
        return check_outcome(c, node);
    case DT_SYNTAX_NEGATE:
    case DT_SYNTAX_NOT:
        return check_prefix(c, node);
    case DT_SYNTAX_EQUAL:
    case DT_SYNTAX_UNEQUAL:
    case DT_SYNTAX_LESS:
    case DT_SYNTAX_AT_MOST:
    case DT_SYNTAX_GREATER:
    case DT_SYNTAX_AT_LEAST:
        return check_comparison(c, node);
    case DT_SYNTAX_IN:
        return check_in(c, node);
    case DT_SYNTAX_CONDITIONAL:
        return check_conditional(c, node);
    case DT_SYNTAX_CALL:
        return check_call(c, node);
    case DT_SYNTAX_NOW:
    case DT_SYNTAX_DATE:
        dt_complain_more(
            c->diagnostics, DT_CALENDAR_READ, node->place,
            "it can stand in an outcome form, such as last(x * now)", NULL,
            "a condition of outcomes",
            dt_calendar_phrase(node->kind == DT_SYNTAX_NOW ? DT_READ_NOW : DT_READ_DATE));
        return wrong;
    default:
        assert(node->kind == DT_SYNTAX_CHOICE);
        dt_complain(c->diagnostics, DT_NOT_AN_OUTCOME, node->place);
        return wrong;
    }
}

/* ---- declarations ---- */

void dt_check_with(dt_checker *c, const dt_syntax *node, dt_given *with, int *withs)
{
    if (!dt_check_given(c, node, &with[*withs]))
        return;
    for (int i = 0; i < *withs; i++) {
        if (with[i].parameter == with[*withs].parameter) {
            dt_complain(c->diagnostics, DT_REPEATED, dt_name_place(node),
                        dt_check_text(c, node->text));
            return;
        }
    }
    ++*withs;
}

static void check_expect(dt_checker *c, const dt_syntax *node, dt_expect *expect)
{
    const dt_syntax *string = dt_syntax_child(node, DT_SYNTAX_STRING, 0);
    const dt_syntax *condition = NULL;
    int withs = 0;
    for (const dt_syntax *n = node->first; n; n = n->next) {
        withs += n->kind == DT_SYNTAX_GIVEN;
        condition = n;
    }
    bool good = true;
    dt_given *with = dt_new(c->arena, dt_given, (size_t)withs);
    *expect = (dt_expect){
        .text = string ? dt_copy_text(c->arena, string->text.at, string->text.length) : "",
        .place = node->place,
        .policy = check_under(c, node, &good),
        .with = with,
    };
    for (const dt_syntax *n = node->first; n; n = n->next) {
        if (n->kind == DT_SYNTAX_GIVEN)
            dt_check_with(c, n, with, &expect->withs);
    }
    if (!condition || condition->kind < DT_SYNTAX_NUMBER)
        return; /* it was in error as syntax */
    dt_part part = check_part(c, condition);
    if (require(c, condition, part, true))
        expect->condition = part.condition;
}

void dt_check_expects(dt_checker *c)
{
    int index = 0;
    for (const dt_syntax *node = c->file->first; node; node = node->next) {
        if (node->kind == DT_SYNTAX_EXPECT)
            check_expect(c, node, &c->model->expect[index++]);
    }
    assert(index == c->model->expects);
}
