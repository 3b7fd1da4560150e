/*
 * The tour, a guided way through the page: steps, each a sentence, what the page shows beside it, and the numbers that it
 * sets.
 */
#include <assert.h>

#include "lang/parser.h"

/* show = "show" NAME { NAME } */
static dt_syntax *parse_show(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_SHOW);
    dt_parser_take(p);
    do {
        dt_parser_add(node, dt_parse_name(p, DT_NAMING_SHOWN));
    } while (dt_parser_next(p) == DT_TOKEN_NAME && !dt_parser_at_word(p, "set"));
    if (dt_parser_next(p) == DT_TOKEN_COMMA)
        dt_parser_wanted(p, "a name, 'set' or the end of the statement",
                         "what is shown stands without commas: show compare war as_is");
    return dt_parser_close(p, node);
}

/* sets = "set" given { "," given } */
static void parse_sets(dt_parser *p, dt_syntax *node)
{
    dt_parser_take(p);
    do {
        dt_parser_add(node, dt_parse_given(p));
    } while (dt_parser_accept(p, DT_TOKEN_COMMA));
}

/* step = "step" STRING ["show" NAME { NAME }] ["set" given { "," given }] */
static dt_syntax *parse_step(dt_parser *p)
{
    static const char *const words[] = {"step"}, *const parts[] = {"show", "set"};
    if (!dt_parser_at_word(p, words[0])) {
        dt_parser_wanted_word(p, "'step'", words, 1);
        return NULL;
    }
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_STEP), *string = NULL;
    dt_parser_take(p);
    if (!dt_parse_description(p, &string))
        dt_parser_wanted(p, "a \"sentence\" that the step says", NULL);
    dt_parser_add(node, string);
    if (dt_parser_at_word(p, "show"))
        dt_parser_add(node, parse_show(p));
    if (dt_parser_at_word(p, "set"))
        parse_sets(p, node);
    if (dt_parser_reads(p, "show"))
        dt_parser_wanted(p, "the end of the statement", "'show' stands before 'set', and once");
    if (dt_parser_next(p) == DT_TOKEN_NAME)
        dt_parser_wanted_word(p, "'show', 'set' or the end of the statement", parts, 2);
    return dt_parser_close(p, node);
}

/* tour = "tour" [STRING] "{" { step } "}" */
dt_syntax *dt_parse_tour(dt_parser *p)
{
    assert(p->depth == 0 && dt_parser_at_word(p, "tour"));
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_TOUR), *string = NULL;
    dt_parser_take(p);
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    dt_parse_block(p, node, parse_step);
    return dt_parser_close(p, node);
}
