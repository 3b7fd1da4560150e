/*
 * What is asked of a model: outcomes, the policies that change the game, with the changes that
 * settings of levers make too, and expectations.
 */
#include <assert.h>

#include "lang/parser.h"

/* Takes `headline` if it comes, as *headline; true if so. */
static bool accept_headline(dt_parser *p, dt_syntax **headline)
{
    if (!dt_parser_at_word(p, "headline"))
        return false;
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_HEADLINE);
    dt_parser_take(p);
    dt_parser_once(p, headline, node, "'headline'");
    return true;
}

/* outcome = "outcome" NAME { STRING | "minimise" | "maximise" | "headline" } "=" form
 *           { STRING | "headline" } */
dt_syntax *dt_parse_outcome(dt_parser *p)
{
    static const char *const words[] = {"minimise", "maximise", "headline"};
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_OUTCOME), *string = NULL, *direction = NULL;
    dt_syntax *headline = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_OUTCOME);
    for (;;) {
        if (dt_parser_at_word(p, words[0]) || dt_parser_at_word(p, words[1])) {
            dt_syntax *word = dt_parser_node(p, DT_SYNTAX_DIRECTION);
            dt_parser_name(p, word, DT_NAMING_DIRECTION);
            dt_parser_once(p, &direction, word, "the direction");
        } else if (!accept_headline(p, &headline) && !dt_parse_description(p, &string)) {
            break;
        }
    }
    if (dt_parser_next(p) != DT_TOKEN_IS)
        dt_parser_wanted_word(p, "'minimise', 'maximise', 'headline' or '='", words, 3);
    dt_parser_expect(p, DT_TOKEN_IS, NULL);
    dt_syntax *form = dt_parse_form(p, DT_SYNTAX_FORM);
    while (accept_headline(p, &headline) || dt_parse_description(p, &string))
        ;
    dt_parser_add(node, string);
    dt_parser_add(node, direction);
    dt_parser_add(node, headline);
    dt_parser_add(node, form);
    return dt_parser_close(p, node);
}

/* team = "team" NAME { "," NAME } ["weights" number { "," number }] */
static dt_syntax *parse_team(dt_parser *p)
{
    static const char *const words[] = {"weights"};
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_TEAM);
    dt_parser_take(p);
    dt_parse_names(p, node, DT_NAMING_AN_ACTOR);
    if (dt_parser_accept_word(p, "weights")) {
        do {
            dt_parser_add(node, dt_parse_number(p));
        } while (dt_parser_accept(p, DT_TOKEN_COMMA));
    } else if (dt_parser_next(p) == DT_TOKEN_NAME) {
        dt_parser_wanted_word(p, "',', 'weights' or the end of the statement", words, 1);
    }
    return dt_parser_close(p, node);
}

/* order = ("forbid" | "force") NAME "." NAME ["when" expression] */
static dt_syntax *parse_order(dt_parser *p, dt_syntax_kind kind)
{
    static const char *const words[] = {"when"};
    assert(kind == DT_SYNTAX_FORBID || kind == DT_SYNTAX_FORCE);
    dt_syntax *node = dt_parser_node(p, kind);
    dt_parser_take(p);
    dt_parser_add(node, dt_parse_name(p, DT_NAMING_ORDERED));
    dt_parser_expect(p, DT_TOKEN_POINT, "'.' and the name of an action");
    dt_parser_action_name(p, node, DT_NAMING_AN_ACTION);
    if (dt_parser_at_word(p, "when"))
        dt_parser_add(node, dt_parse_clause(p, DT_SYNTAX_WHEN));
    else if (dt_parser_next(p) == DT_TOKEN_NAME)
        dt_parser_wanted_word(p, "'when' or the end of the statement", words, 1);
    return dt_parser_close(p, node);
}

/* holder = "role" NAME "=" NAME; set = "set" NAME "=" number; start = "start" NAME "=" value */
static dt_syntax *parse_other(dt_parser *p, dt_syntax_kind kind)
{
    dt_syntax *node = dt_parser_node(p, kind);
    bool role = kind == DT_SYNTAX_SET_ROLE, set = kind == DT_SYNTAX_SET;
    assert(role || set || kind == DT_SYNTAX_START);
    dt_parser_take(p);
    dt_parser_name(p, node,
                   role  ? DT_NAMING_A_ROLE
                   : set ? DT_NAMING_A_PARAMETER
                         : DT_NAMING_STARTED);
    dt_parser_expect(p, DT_TOKEN_IS, NULL);
    if (set && dt_parser_next(p) == DT_TOKEN_NAME)
        dt_parser_wanted(
            p, "a number",
            "'set' gives a parameter a number, 'start' a state variable its first value");
    if (kind == DT_SYNTAX_START && dt_parser_next(p) == DT_TOKEN_OPEN_BRACE)
        dt_parser_wanted(p, "a value",
                         "'start' makes a private variable certain; its chances stand where it is "
                         "declared, and 'set' changes a parameter in them");
    dt_parser_add(node, role  ? dt_parse_name(p, DT_NAMING_AN_ACTOR)
                        : set ? dt_parse_number(p)
                              : dt_parse_value(p));
    return dt_parser_close(p, node);
}

#define CHANGES "'team', 'role', 'forbid', 'force', 'set'"

/* change = team | order | holder | set | start */
dt_syntax *dt_parse_change(dt_parser *p)
{
    static const char *const words[] = {"team", "role", "forbid", "force", "set", "start", "use"};
    const bool policy = p->parent == DT_SYNTAX_POLICY;
    if (dt_parser_at_word(p, "team"))
        return parse_team(p);
    if (dt_parser_at_word(p, "forbid"))
        return parse_order(p, DT_SYNTAX_FORBID);
    if (dt_parser_at_word(p, "force"))
        return parse_order(p, DT_SYNTAX_FORCE);
    if (dt_parser_at_word(p, "role"))
        return parse_other(p, DT_SYNTAX_SET_ROLE);
    if (dt_parser_at_word(p, "set"))
        return parse_other(p, DT_SYNTAX_SET);
    if (dt_parser_at_word(p, "start"))
        return parse_other(p, DT_SYNTAX_START);
    if (!policy && dt_parser_reads(p, "use"))
        dt_parser_wanted(p, CHANGES " or 'start'",
                         "a setting uses no other; 'use' stands in policies");
    dt_parser_wanted_word(p, policy ? CHANGES ", 'start' or 'use'" : CHANGES " or 'start'", words,
                          sizeof words / sizeof *words - !policy);
    return NULL;
}

/* use = "use" NAME NAME */
static dt_syntax *parse_use(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_USE);
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_A_LEVER);
    if (dt_parser_next(p) == DT_TOKEN_IS || dt_parser_next(p) == DT_TOKEN_POINT)
        dt_parser_wanted(p, "the name of a setting", "lever and setting are two words: use a b");
    dt_parser_add(node, dt_parse_name(p, DT_NAMING_A_SETTING));
    return dt_parser_close(p, node);
}

/* statement = use | change */
static dt_syntax *parse_policy_statement(dt_parser *p)
{
    return dt_parser_at_word(p, "use") ? parse_use(p) : dt_parse_change(p);
}

/* Whether the next line is a change, though no block was begun for it. */
static bool change_below(const dt_parser *p)
{
    const dt_token *token = &p->token[p->at];
    if (dt_parser_next(p) != DT_TOKEN_LINE_END || token->kind != DT_TOKEN_NAME)
        return false;
    dt_slice word = dt_parser_text(p);
    return dt_slice_is(word, "use") || dt_slice_is(word, "team") || dt_slice_is(word, "forbid") ||
           dt_slice_is(word, "force") || dt_slice_is(word, "set") || dt_slice_is(word, "start");
}

/* policy = "policy" NAME { STRING | "cite" NAME | "judgement" } ["{" { use | change } "}"] */
dt_syntax *dt_parse_policy(dt_parser *p)
{
    static const char *const words[] = {"cite", "judgement"};
    assert(p->depth == 0 && dt_parser_at_word(p, "policy"));
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_POLICY), *string = NULL, *citation = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_POLICY);
    while (dt_parse_description(p, &string) || dt_parse_citation(p, &citation))
        ;
    if (dt_parser_next(p) == DT_TOKEN_NAME)
        dt_parser_wanted_word(p, "'cite', 'judgement' or '{'", words, 2);
    dt_parser_add(node, string);
    dt_parser_add(node, citation);
    if (dt_parser_next(p) == DT_TOKEN_OPEN_BRACE || p->failed || dt_parser_brace_below(p) ||
        change_below(p))
        dt_parse_block(p, node, parse_policy_statement);
    return dt_parser_close(p, node);
}

/* given = NAME "=" number */
dt_syntax *dt_parse_given(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_GIVEN);
    dt_parser_name(p, node, DT_NAMING_A_PARAMETER);
    dt_parser_expect(p, DT_TOKEN_IS, NULL);
    dt_parser_add(node, dt_parse_number(p));
    return dt_parser_close(p, node);
}

/* expect = "expect" STRING ["under" NAME] ["with" given { "," given }] ":" condition */
dt_syntax *dt_parse_expect(dt_parser *p)
{
    static const char *const words[] = {"under", "with"};
    assert(!p->expecting && dt_parser_at_word(p, "expect"));
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_EXPECT), *string = NULL;
    dt_parser_take(p);
    if (!dt_parse_description(p, &string))
        dt_parser_wanted(p, "a \"text\" that says what is expected", NULL);
    dt_parser_add(node, string);
    if (dt_parser_at_word(p, "under"))
        dt_parser_add(node, dt_parse_reference(p, DT_SYNTAX_UNDER, DT_NAMING_A_POLICY));
    if (dt_parser_accept_word(p, "with")) {
        do {
            dt_parser_add(node, dt_parse_given(p));
        } while (dt_parser_accept(p, DT_TOKEN_COMMA));
    }
    if (dt_parser_next(p) != DT_TOKEN_COLON)
        dt_parser_wanted_word(p, "':' and a condition", words, 2);
    dt_parser_expect(p, DT_TOKEN_COLON, NULL);
    dt_parser_add(node, dt_parse_condition(p));
    return dt_parser_close(p, node);
}
