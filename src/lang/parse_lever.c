/*
 * Levers, the dimensions of which policies are made, and the lists of values that a parameter can have. A
 * setting of a lever holds the same changes as a policy does (parse_policy.c); a list stands in braces,
 * over several lines if need be.
 */
#include <assert.h>

#include "lang/parser.h"

/* Why a second word follows the name of a setting: a change stands where settings do. */
static const char *change_hint(dt_slice name, dt_slice next)
{
    static const char *const words[] = {"team", "role", "forbid", "force", "set", "start"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (dt_slice_is(name, words[i]) || dt_slice_is(next, words[i]))
            return "a change stands in the braces of a setting: on { set x = 1 }";
    }
    return NULL;
}

/* setting = NAME [STRING] ["{" { change } "}"] */
static dt_syntax *parse_setting(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_SETTING), *string = NULL;
    dt_parser_name(p, node, DT_NAMING_SETTING);
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    if (dt_parser_next(p) == DT_TOKEN_NAME)
        dt_parser_wanted(p, "'{' or the end of the statement",
                         change_hint(node->text, dt_parser_text(p)));
    if (dt_parser_next(p) == DT_TOKEN_COMMA)
        dt_parser_wanted(p, "'{' or the end of the statement",
                         "settings are set apart by ';' or stand on lines of their own");
    if (dt_parser_next(p) == DT_TOKEN_OPEN_BRACE || p->failed || dt_parser_brace_below(p))
        dt_parse_block(p, node, dt_parse_change);
    return dt_parser_close(p, node);
}

/* lever = "lever" NAME [STRING] "{" { setting } "}" */
dt_syntax *dt_parse_lever(dt_parser *p)
{
    assert(p->depth == 0 && dt_parser_at_word(p, "lever"));
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_LEVER), *string = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_LEVER);
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    dt_parse_block(p, node, parse_setting);
    return dt_parser_close(p, node);
}

/* list = "{" number { "," number } "}" */
dt_syntax *dt_parse_list(dt_parser *p)
{
    assert(p->lists == 0);
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_LIST);
    dt_parser_take(p);
    p->lists++;
    do {
        dt_parser_add(node, dt_parse_number(p));
    } while (dt_parser_accept(p, DT_TOKEN_COMMA));
    if (dt_parser_next(p) == DT_TOKEN_RANGE)
        dt_parser_wanted(p, "',' or '}'", "a range stands without braces: in 1 .. 4");
    bool closed = dt_parser_expect(p, DT_TOKEN_CLOSE_BRACE, "',' or '}'");
    p->lists -= closed;
    return dt_parser_close(p, node);
}
