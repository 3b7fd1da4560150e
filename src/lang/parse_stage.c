/*
 * Stages: who moves, the actions, and the effects of actions and of chance. Payoffs, whose terms
 * stand in a block of the same kind.
 */
#include <assert.h>

#include "lang/habits.h"
#include "lang/parser.h"

static dt_syntax *parse_effect(dt_parser *p);

/* effects = "{" { effect } "}" */
static dt_syntax *parse_effects(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_EFFECTS);
    if (dt_parser_deeper(p)) {
        dt_parse_block(p, node, parse_effect);
        p->depth--;
    }
    return dt_parser_close(p, node);
}

/* An `else`, which may stand on the line after the `}` before it. */
static bool accept_else(dt_parser *p)
{
    if (!dt_parser_word_is(p, "else"))
        return false;
    assert(p->at > 0 && p->parentheses == 0 && p->lists == 0);
    p->begun = true;
    dt_parser_take(p);
    return true;
}

/* What follows an `else` is a block, and no further `if` or `with`. */
static void refuse_if(dt_parser *p)
{
    if (dt_parser_reads(p, "if") || dt_parser_reads(p, "with"))
        dt_parser_wanted(p, "'{'", "what follows 'else' stands in braces: else { if x > 0 { } }");
}

/* if = "if" expression effects ["else" effects]; with = the same with "with" */
static dt_syntax *parse_choice_of_effects(dt_parser *p, dt_syntax_kind kind)
{
    assert(kind == DT_SYNTAX_IF_EFFECT || kind == DT_SYNTAX_WITH_EFFECT);
    dt_syntax *node = dt_parse_clause(p, kind);
    dt_parser_add(node, parse_effects(p));
    if (accept_else(p)) {
        refuse_if(p);
        dt_parser_add(node, parse_effects(p));
    }
    return dt_parser_close(p, node);
}

/* arm = (expression | "else") effects */
static dt_syntax *parse_arm(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_ARM);
    dt_parser_mark(p, DT_BEGINS_ARM);
    if (dt_parser_accept_word(p, "else"))
        refuse_if(p);
    else
        dt_parser_add(node, dt_parse_expression(p));
    dt_parser_add(node, parse_effects(p));
    return dt_parser_close(p, node);
}

/* branch = "branch" "{" { arm } "}" */
static dt_syntax *parse_branch(dt_parser *p)
{
    assert(dt_parser_at_word(p, "branch"));
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_BRANCH);
    dt_parser_take(p);
    if (dt_parser_deeper(p)) {
        dt_parse_block(p, node, parse_arm);
        p->depth--;
    }
    return dt_parser_close(p, node);
}

/* pay = "pay" NAME expression [STRING] */
static dt_syntax *parse_pay(dt_parser *p)
{
    assert(dt_parser_at_word(p, "pay"));
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_PAY), *string = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_PAID);
    dt_parser_add(node, dt_parse_expression(p));
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

/* Whether a name comes and then a sign, as in x++ or x = 1: an assignment in other languages. */
static bool is_other_assignment(const dt_parser *p)
{
    if (dt_parser_next(p) != DT_TOKEN_NAME || dt_parser_text(p).length == 0 ||
        dt_word_is_reserved(dt_parser_text(p)) || dt_habit_hint(DT_HABIT_EFFECT, dt_parser_text(p)))
        return false;
    dt_token_kind second = dt_parser_second(p);
    return second == DT_TOKEN_BAD || (second >= DT_TOKEN_ASSIGN && second <= DT_TOKEN_COLON);
}

/* effect = if | with | branch | pay | NAME (":=" | "+=" | "-=") expression */
static dt_syntax *parse_effect(dt_parser *p)
{
    static const char *const words[] = {"if", "with", "branch", "pay"};
    dt_token_kind second = dt_parser_second(p);
    bool write = second == DT_TOKEN_ASSIGN || second == DT_TOKEN_ADD || second == DT_TOKEN_SUBTRACT;
    dt_parser_asks(p, DT_NAMING_A_VARIABLE);
    if (!write) {
        if (dt_parser_at_word(p, "if"))
            return parse_choice_of_effects(p, DT_SYNTAX_IF_EFFECT);
        if (dt_parser_at_word(p, "with"))
            return parse_choice_of_effects(p, DT_SYNTAX_WITH_EFFECT);
        if (dt_parser_at_word(p, "branch"))
            return parse_branch(p);
        if (dt_parser_at_word(p, "pay"))
            return parse_pay(p);
        if (is_other_assignment(p)) {
            dt_parser_take(p);
            bool equals = dt_parser_next(p) == DT_TOKEN_IS || dt_parser_next(p) == DT_TOKEN_EQUAL;
            dt_parser_wanted(p, "':=', '+=' or '-='",
                             equals ? "an assignment is written ':='" : NULL);
        } else {
            dt_parser_wanted_word(p, "an effect: an assignment, 'pay', 'if', 'with' or 'branch'",
                                  words, sizeof words / sizeof *words);
        }
        return NULL;
    }
    dt_syntax *node = dt_parser_node(p, second == DT_TOKEN_ASSIGN ? DT_SYNTAX_ASSIGN
                                        : second == DT_TOKEN_ADD  ? DT_SYNTAX_ADD
                                                                  : DT_SYNTAX_SUBTRACT);
    dt_parser_name(p, node, DT_NAMING_A_VARIABLE);
    if (!p->failed)
        dt_parser_take(p);
    dt_parser_add(node, dt_parse_expression(p));
    return dt_parser_close(p, node);
}

/* action = NAME "." NAME { STRING | "if" expression } [effects] */
static dt_syntax *parse_action(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_ACTION), *string = NULL, *guard = NULL;
    dt_parser_asks(p, DT_NAMING_MOVER);
    if (dt_parser_second(p) != DT_TOKEN_POINT) {
        dt_parser_wanted(p, "an action: MOVER.NAME", NULL);
        return NULL;
    }
    dt_parser_add(node, dt_parse_name(p, DT_NAMING_MOVER));
    dt_parser_expect(p, DT_TOKEN_POINT, NULL);
    dt_parser_action_name(p, node, DT_NAMING_ACTION);
    for (;;) {
        if (dt_parser_at_word(p, "if"))
            dt_parser_once(p, &guard, dt_parse_clause(p, DT_SYNTAX_IF), "the condition");
        else if (!dt_parse_description(p, &string))
            break;
    }
    dt_parser_add(node, string);
    dt_parser_add(node, guard);
    static const char *const words[] = {"if"};
    dt_token_kind next = dt_parser_next(p);
    if (next == DT_TOKEN_NAME)
        dt_parser_wanted_word(p, "'if', '{' or the end of the action", words, 1);
    if (next == DT_TOKEN_OPEN_BRACE || p->failed || dt_parser_brace_below(p))
        dt_parser_add(node, parse_effects(p));
    return dt_parser_close(p, node);
}

/* movers = "chance" | NAME { "," NAME } */
static dt_syntax *parse_movers(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_MOVERS);
    if (!dt_parser_accept_word(p, "chance"))
        dt_parse_names(p, node, DT_NAMING_MOVES);
    return dt_parser_close(p, node);
}

/* stage = ["hidden"] "stage" NAME [STRING] ":" movers { STRING | "when" expression }
 *         ("{" { action } "}" | effects) */
dt_syntax *dt_parse_stage(dt_parser *p)
{
    static const char *const stage[] = {"stage"};
    assert(p->depth == 0 && (dt_parser_at_word(p, "stage") || dt_parser_at_word(p, "hidden")));
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_STAGE), *string = NULL, *when = NULL;
    if (dt_parser_at_word(p, "hidden")) {
        dt_syntax *hidden = dt_parser_node(p, DT_SYNTAX_HIDDEN);
        dt_parser_take(p);
        dt_parser_add(node, dt_parser_close(p, hidden));
        if (dt_parser_second(p) == DT_TOKEN_COLON)
            dt_parser_wanted(p, "'stage'", "it is written: hidden stage night : A { ... }");
        else if (!dt_parser_at_word(p, "stage"))
            dt_parser_wanted_word(p, "'stage'", stage, 1);
    }
    dt_parser_accept_word(p, "stage");
    dt_parser_name(p, node, DT_NAMING_STAGE);
    dt_parse_description(p, &string);
    dt_parser_expect(p, DT_TOKEN_COLON, "':' and the movers");
    dt_syntax *movers = parse_movers(p);
    for (;;) {
        if (dt_parser_at_word(p, "when"))
            dt_parser_once(p, &when, dt_parse_clause(p, DT_SYNTAX_WHEN), "the condition");
        else if (!dt_parse_description(p, &string))
            break;
    }
    static const char *const words[] = {"when"};
    if (dt_parser_next(p) == DT_TOKEN_NAME)
        dt_parser_wanted_word(p, "'when' or '{'", words, 1);
    dt_parser_add(node, movers);
    dt_parser_add(node, when);
    dt_parser_add(node, string);
    if (movers->first || p->failed)
        dt_parse_block(p, node, parse_action);
    else
        dt_parser_add(node, parse_effects(p));
    return dt_parser_close(p, node);
}

/* term = NAME [STRING] "=" expression [STRING] */
static dt_syntax *parse_term(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_TERM), *string = NULL;
    dt_parser_name(p, node, DT_NAMING_TERM);
    dt_parse_description(p, &string);
    dt_parser_expect(p, DT_TOKEN_IS, NULL);
    dt_syntax *value = dt_parse_expression(p);
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    dt_parser_add(node, value);
    return dt_parser_close(p, node);
}

/* payoff = "payoff" NAME [STRING] "{" { term } "}" */
dt_syntax *dt_parse_payoff(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_PAYOFF), *string = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_PAID);
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    dt_parse_block(p, node, parse_term);
    return dt_parser_close(p, node);
}
