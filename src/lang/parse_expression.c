/*
 * Expressions: recursive descent for what stands alone, precedence climbing over one table for
 * the operators between two operands (Richards 1979). The conditions of expectations are the same
 * language with three more forms: an outcome under a policy, `ever(x)` and its like, `in lo .. hi`.
 */
#include <assert.h>
#include <stdio.h>

#include "lang/form.h"
#include "lang/parser.h"

/* How tightly an operator binds, loosest first. */
enum { LEVEL_OR, LEVEL_AND, LEVEL_NOT, LEVEL_COMPARE, LEVEL_SUM, LEVEL_PRODUCT, LEVEL_UNARY };

typedef struct binary {
    const char *word; /* if it is a word; else */
    dt_token_kind token;
    int level;
    dt_syntax_kind kind;
} binary;

static const binary binaries[] = {
    {"or",  DT_TOKEN_NAME,     LEVEL_OR,      DT_SYNTAX_OR      },
    {"and", DT_TOKEN_NAME,     LEVEL_AND,     DT_SYNTAX_AND     },
    {NULL,  DT_TOKEN_EQUAL,    LEVEL_COMPARE, DT_SYNTAX_EQUAL   },
    {NULL,  DT_TOKEN_UNEQUAL,  LEVEL_COMPARE, DT_SYNTAX_UNEQUAL },
    {NULL,  DT_TOKEN_LESS,     LEVEL_COMPARE, DT_SYNTAX_LESS    },
    {NULL,  DT_TOKEN_AT_MOST,  LEVEL_COMPARE, DT_SYNTAX_AT_MOST },
    {NULL,  DT_TOKEN_GREATER,  LEVEL_COMPARE, DT_SYNTAX_GREATER },
    {NULL,  DT_TOKEN_AT_LEAST, LEVEL_COMPARE, DT_SYNTAX_AT_LEAST},
    {"in",  DT_TOKEN_NAME,     LEVEL_COMPARE, DT_SYNTAX_IN      }, /* in expectations */
    {NULL,  DT_TOKEN_PLUS,     LEVEL_SUM,     DT_SYNTAX_PLUS    },
    {NULL,  DT_TOKEN_MINUS,    LEVEL_SUM,     DT_SYNTAX_MINUS   },
    {NULL,  DT_TOKEN_TIMES,    LEVEL_PRODUCT, DT_SYNTAX_TIMES   },
    {NULL,  DT_TOKEN_DIVIDED,  LEVEL_PRODUCT, DT_SYNTAX_DIVIDED },
};

static dt_syntax *parse_binary(dt_parser *p, int level);

/* Tells which forms there are. */
static void want_form(dt_parser *p)
{
    const char *words[DT_FORM_COUNT];
    char list[256] = "";
    size_t at = 0;
    for (int i = 0; i < DT_FORM_COUNT; i++) {
        const char *before = i == 0 ? "" : i + 1 == DT_FORM_COUNT ? " or " : ", ";
        words[i] = dt_form_word((dt_form)i);
        at += (size_t)snprintf(list + at, sizeof list - at, "%s'%s'", before, words[i]);
        assert(at < sizeof list);
    }
    dt_parser_wanted_word(p, list, words, DT_FORM_COUNT);
}

/* form = FORM "(" expression ")", FORM a word of the table in form.h */
dt_syntax *dt_parse_form(dt_parser *p, dt_syntax_kind kind)
{
    dt_syntax *node = dt_parser_node(p, kind);
    bool expecting = p->expecting;
    dt_parser_asks(p, DT_NAMING_FORM);
    if (dt_parser_next(p) != DT_TOKEN_NAME || !dt_word_is_form(dt_parser_text(p)))
        want_form(p);
    dt_parser_name(p, node, DT_NAMING_FORM);
    dt_parser_mark(p, DT_TIGHT_BEFORE);
    dt_parser_expect(p, DT_TOKEN_OPEN, NULL);
    p->expecting = false;
    if (dt_parser_next(p) == DT_TOKEN_CLOSE)
        dt_parser_wanted(p, "a condition or a number", NULL);
    dt_parser_add(node, dt_parse_expression(p));
    p->expecting = expecting;
    if (dt_parser_next(p) == DT_TOKEN_COMMA)
        dt_parser_wanted(p, "')'", "an outcome is taken of one condition or number");
    dt_parser_expect(p, DT_TOKEN_CLOSE, NULL);
    return dt_parser_close(p, node);
}

bool dt_word_is_form(dt_slice word)
{
    return dt_form_of(word) < DT_FORM_COUNT;
}

/* call = NAME "(" expression { "," expression } ")" */
static dt_syntax *parse_call(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_CALL);
    dt_parser_name(p, node, DT_NAMING_FUNCTION);
    dt_parser_mark(p, DT_TIGHT_BEFORE);
    dt_parser_expect(p, DT_TOKEN_OPEN, NULL);
    if (dt_parser_next(p) != DT_TOKEN_CLOSE) { /* none at all is told by the checker */
        do {
            dt_parser_add(node, dt_parse_expression(p));
        } while (dt_parser_accept(p, DT_TOKEN_COMMA));
    }
    dt_parser_expect(p, DT_TOKEN_CLOSE, "',' or ')'");
    return dt_parser_close(p, node);
}

/* outcome = (NAME | form) ["under" NAME], in expectations */
static dt_syntax *parse_outcome(dt_parser *p, bool form)
{
    dt_syntax *node = NULL;
    if (form) {
        node = dt_parse_form(p, DT_SYNTAX_UNDER_FORM);
    } else {
        node = dt_parser_node(p, DT_SYNTAX_UNDER_NAME);
        dt_parser_name(p, node, DT_NAMING_EXPECTED);
    }
    if (dt_parser_at_word(p, "under"))
        dt_parser_add(node, dt_parse_reference(p, DT_SYNTAX_UNDER, DT_NAMING_A_POLICY));
    return dt_parser_close(p, node);
}

/* name = call | NAME "." NAME | NAME; in expectations also outcome */
static dt_syntax *parse_named(dt_parser *p)
{
    dt_token_kind second = dt_parser_second(p);
    bool form = second == DT_TOKEN_OPEN && dt_word_is_form(dt_parser_text(p));
    dt_parser_asks(p, p->expecting ? DT_NAMING_FORM : DT_NAMING_FUNCTION);
    dt_parser_asks(p, p->expecting ? DT_NAMING_EXPECTED : DT_NAMING_CHOICE);
    if (p->expecting && (form || (second != DT_TOKEN_OPEN && second != DT_TOKEN_POINT)))
        return parse_outcome(p, form);
    if (second == DT_TOKEN_OPEN)
        return parse_call(p);
    if (second != DT_TOKEN_POINT)
        return dt_parse_name(p, DT_NAMING_READ);
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_CHOICE);
    dt_parser_name(p, node, DT_NAMING_CHOICE);
    dt_parser_expect(p, DT_TOKEN_POINT, NULL);
    dt_parser_add(node, dt_parse_name(p, DT_NAMING_MOVER));
    return dt_parser_close(p, node);
}

/* "(" expression ")": the node is the one inside, its place that of the parentheses. */
static dt_syntax *parse_parentheses(dt_parser *p)
{
    dt_place open = p->token[p->at].place;
    dt_parser_take(p);
    dt_syntax *inside = dt_parse_expression(p);
    dt_parser_expect(p, DT_TOKEN_CLOSE, NULL);
    if (inside && inside->first) {
        inside->place.offset = open.offset;
        dt_parser_close(p, inside);
    }
    return inside;
}

/* "not" or "-" and its operand, which binds at least as tightly as `level`. */
static dt_syntax *parse_prefix(dt_parser *p, dt_syntax_kind kind, int level)
{
    dt_syntax *node = dt_parser_node(p, kind);
    dt_parser_take(p);
    if (!dt_parser_deeper(p))
        return NULL;
    dt_parser_add(node, parse_binary(p, level));
    p->depth--;
    return dt_parser_close(p, node);
}

/* One token by itself: a date, or "now". */
static dt_syntax *parse_token(dt_parser *p, dt_syntax_kind kind)
{
    dt_syntax *node = dt_parser_node(p, kind);
    node->text = dt_parser_text(p);
    node->name_place = node->place;
    dt_parser_take(p);
    return dt_parser_close(p, node);
}

/* operand = "not" operand | "-" operand | "(" expression ")" | number | date | "now" | "yes" | "no" |
 * name, where the operand of "not" is a comparison, and "not" can't be the operand of a comparison or
 * of what binds more tightly. */
static dt_syntax *parse_operand(dt_parser *p, int level)
{
    dt_token_kind next = dt_parser_next(p);
    if (next == DT_TOKEN_MINUS) {
        dt_parser_mark(p, DT_TIGHT_AFTER);
        return parse_prefix(p, DT_SYNTAX_NEGATE, LEVEL_UNARY);
    }
    if (next == DT_TOKEN_OPEN)
        return parse_parentheses(p);
    if (next == DT_TOKEN_NUMBER ||
        (next == DT_TOKEN_PLUS && dt_parser_second(p) == DT_TOKEN_NUMBER))
        return dt_parse_number(p);
    if (next == DT_TOKEN_LABEL && dt_label_is_date(dt_parser_text(p)))
        return parse_token(p, DT_SYNTAX_DATE);
    if (dt_parser_at_word(p, "now"))
        return parse_token(p, DT_SYNTAX_NOW);
    if (level <= LEVEL_NOT && dt_parser_at_word(p, "not"))
        return parse_prefix(p, DT_SYNTAX_NOT, LEVEL_NOT);
    if (dt_parser_reads(p, "not"))
        dt_parser_wanted(p, "a value",
                         "'not' binds loosely; put it and its operand in parentheses");
    if (dt_parser_at_word(p, "yes") || dt_parser_at_word(p, "no"))
        return dt_parse_value(p);
    if (next == DT_TOKEN_NAME && !dt_word_is_reserved(dt_parser_text(p)))
        return parse_named(p);
    dt_parser_wanted(p, "a value", NULL);
    return NULL;
}

static const binary *next_binary(const dt_parser *p)
{
    dt_token_kind next = dt_parser_next(p);
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++) {
        const binary *op = &binaries[i];
        if (op->token != next || (op->kind == DT_SYNTAX_IN && !p->expecting) ||
            (op->word && !dt_parser_at_word(p, op->word)))
            continue;
        return op;
    }
    return NULL;
}

/* binary = operand { OPERATOR binary }, for the operators that bind at least as tightly as `level`;
 * the operands on the right bind more tightly than the operator. Comparisons don't chain.
 * range test = operand "in" sum ".." sum, in expectations */
static dt_syntax *parse_binary(dt_parser *p, int level)
{
    dt_syntax *left = parse_operand(p, level);
    bool compared = false;
    for (const binary *op; (op = next_binary(p)) && op->level >= level;) {
        if (op->level == LEVEL_COMPARE && compared) {
            dt_complain_more(p->diagnostics, DT_CHAINED_COMPARISON, p->token[p->at].place,
                             "join two comparisons with 'and'", NULL);
            p->failed = true;
            break;
        }
        compared = op->level == LEVEL_COMPARE;
        dt_syntax *node = dt_parser_node_around(p, op->kind, left);
        dt_parser_take(p);
        dt_parser_add(node, parse_binary(p, op->level + 1));
        if (op->kind == DT_SYNTAX_IN) {
            dt_parser_expect(p, DT_TOKEN_RANGE, NULL);
            dt_parser_add(node, parse_binary(p, LEVEL_SUM));
        }
        left = dt_parser_close(p, node);
    }
    return left;
}

/* expression = binary ["?" expression ":" expression] */
dt_syntax *dt_parse_expression(dt_parser *p)
{
    if (!dt_parser_deeper(p))
        return NULL;
    dt_syntax *node = parse_binary(p, LEVEL_OR);
    if (dt_parser_next(p) == DT_TOKEN_QUESTION) {
        node = dt_parser_node_around(p, DT_SYNTAX_CONDITIONAL, node);
        dt_parser_take(p);
        dt_parser_add(node, dt_parse_expression(p));
        dt_parser_expect(p, DT_TOKEN_COLON, NULL);
        dt_parser_add(node, dt_parse_expression(p));
        dt_parser_close(p, node);
    }
    p->depth--;
    p->expression_end = p->at;
    return node;
}

/* condition = expression, with outcomes for names and `in` for comparisons */
dt_syntax *dt_parse_condition(dt_parser *p)
{
    assert(!p->expecting);
    p->expecting = true;
    dt_syntax *node = dt_parse_expression(p);
    p->expecting = false;
    return node;
}

dt_syntax *dt_parse_clause(dt_parser *p, dt_syntax_kind kind)
{
    dt_syntax *node = dt_parser_node(p, kind);
    dt_parser_take(p);
    dt_parser_add(node, dt_parse_expression(p));
    return dt_parser_close(p, node);
}
