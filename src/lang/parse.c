/*
 * The parser: a text as a list of declarations, and each declaration that has no block. One table
 * says which word begins which. The grammar stands above the functions, one rule above each:
 * "words" and signs in quotes, TOKENS in capitals, [ ] at most once, { } any number of times.
 *
 * What the other files of the parser hold is said in parser.h.
 */
#include <assert.h>

#include "lang/parser.h"

/* model = "model" NAME [STRING] */
static dt_syntax *parse_model(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_MODEL), *string = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_MODEL);
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

/* question = "question" STRING; group = "group" STRING; an actor's "unit" STRING */
static dt_syntax *parse_text(dt_parser *p, dt_syntax_kind kind, const char *wanted)
{
    dt_syntax *node = dt_parser_node(p, kind), *string = NULL;
    dt_parser_take(p);
    if (!dt_parse_description(p, &string))
        dt_parser_wanted(p, wanted, NULL);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

static dt_syntax *parse_question(dt_parser *p)
{
    return parse_text(p, DT_SYNTAX_QUESTION, "the question, as a \"text\"");
}

static dt_syntax *parse_group(dt_parser *p)
{
    return parse_text(p, DT_SYNTAX_GROUP, "the title of the group, as a \"text\"");
}

/* period = "period" NAME ["from" (LABEL | NAME | NUMBER)] [STRING] */
static dt_syntax *parse_period(dt_parser *p)
{
    static const char *const words[] = {"from"};
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_PERIOD), *string = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_PERIOD);
    if (dt_parser_accept_word(p, "from")) {
        dt_syntax *label = dt_parser_node(p, DT_SYNTAX_LABEL);
        dt_token_kind next = dt_parser_next(p);
        if (next == DT_TOKEN_LABEL || next == DT_TOKEN_NAME || next == DT_TOKEN_NUMBER) {
            label->text = dt_parser_text(p);
            label->name_place = label->place;
            dt_parser_take_as(p, DT_NAMING_LABEL);
        } else {
            dt_parser_wanted(p, "the first period's label, such as 2017Q3", NULL);
        }
        dt_parser_add(node, dt_parser_close(p, label));
    } else if (dt_parser_next(p) == DT_TOKEN_NAME) {
        dt_parser_wanted_word(p, "'from' or the end of the statement", words, 1);
    }
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

/* horizon = "horizon" number [STRING]; beliefs = "beliefs" number [STRING] */
static dt_syntax *parse_count(dt_parser *p, dt_syntax_kind kind)
{
    dt_syntax *node = dt_parser_node(p, kind), *string = NULL;
    dt_parser_take(p);
    dt_parser_add(node, dt_parse_number(p));
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

static dt_syntax *parse_horizon(dt_parser *p)
{
    return parse_count(p, DT_SYNTAX_HORIZON);
}

static dt_syntax *parse_beliefs(dt_parser *p)
{
    return parse_count(p, DT_SYNTAX_BELIEFS);
}

/* lookahead = "lookahead" (number | "forever") [STRING] */
static dt_syntax *parse_lookahead(dt_parser *p)
{
    static const char *const words[] = {"forever"};
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_LOOKAHEAD), *string = NULL;
    dt_parser_take(p);
    if (!dt_parser_accept_word(p, "forever")) {
        if (dt_parser_next(p) == DT_TOKEN_NAME)
            dt_parser_wanted_word(p, "a number or 'forever'", words, 1);
        dt_parser_add(node, dt_parse_number(p));
    }
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

/* source = "source" NAME [STRING] */
static dt_syntax *parse_source(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_SOURCE), *string = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_SOURCE);
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

/* actor = "actor" NAME { STRING | "discount" expression | "rationality" expression | "unit" STRING } */
static dt_syntax *parse_actor(dt_parser *p)
{
    static const char *const words[] = {"discount", "rationality", "unit"};
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_ACTOR);
    dt_syntax *string = NULL, *discount = NULL, *rationality = NULL, *unit = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_ACTOR);
    for (;;) {
        if (dt_parser_at_word(p, "discount"))
            dt_parser_once(p, &discount, dt_parse_clause(p, DT_SYNTAX_DISCOUNT), "the discount");
        else if (dt_parser_at_word(p, "rationality"))
            dt_parser_once(p, &rationality, dt_parse_clause(p, DT_SYNTAX_RATIONALITY),
                           "the rationality");
        else if (dt_parser_at_word(p, "unit"))
            dt_parser_once(p, &unit,
                           parse_text(p, DT_SYNTAX_UNIT, "the unit of payoffs, as a \"text\""),
                           "the unit");
        else if (!dt_parse_description(p, &string))
            break;
    }
    if (dt_parser_next(p) == DT_TOKEN_NAME)
        dt_parser_wanted_word(p, "'discount', 'rationality', 'unit' or a description", words, 3);
    dt_parser_add(node, string);
    dt_parser_add(node, discount);
    dt_parser_add(node, rationality);
    dt_parser_add(node, unit);
    return dt_parser_close(p, node);
}

/* distribution = "~" NAME "(" number { "," number } ")" */
static dt_syntax *parse_distribution(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_DISTRIBUTION);
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_DISTRIBUTION);
    dt_parser_mark(p, DT_TIGHT_BEFORE);
    dt_parser_expect(p, DT_TOKEN_OPEN, NULL);
    if (dt_parser_next(p) != DT_TOKEN_CLOSE) { /* none at all is told by the checker */
        do {
            if (dt_parser_next(p) == DT_TOKEN_NAME)
                dt_parser_wanted(p, "a number", "a distribution is made of numbers alone");
            dt_parser_add(node, dt_parse_number(p));
        } while (dt_parser_accept(p, DT_TOKEN_COMMA));
    }
    dt_parser_expect(p, DT_TOKEN_CLOSE, "',' or ')'");
    return dt_parser_close(p, node);
}

/* param = "param" NAME [STRING] "=" number
 *         { "in" (range | list) | distribution | STRING | "cite" NAME | "judgement" }
 * A range beside a distribution is its truncation. */
static dt_syntax *parse_param(dt_parser *p)
{
    static const char *const words[] = {"in", "cite", "judgement"};
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_PARAM);
    dt_syntax *string = NULL, *range = NULL, *distribution = NULL, *citation = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_PARAMETER);
    dt_parse_description(p, &string);
    dt_parser_expect(p, DT_TOKEN_IS, NULL);
    dt_parser_add(node, dt_parse_number(p));
    for (;;) {
        if (dt_parser_accept_word(p, "in"))
            dt_parser_once(p, &range,
                           dt_parser_next(p) == DT_TOKEN_OPEN_BRACE ? dt_parse_list(p)
                                                                    : dt_parse_range(p, false),
                           "the range");
        else if (dt_parser_next(p) == DT_TOKEN_TILDE)
            dt_parser_once(p, &distribution, parse_distribution(p), "the distribution");
        else if (!dt_parse_description(p, &string) && !dt_parse_citation(p, &citation))
            break;
    }
    if (dt_parser_next(p) == DT_TOKEN_NAME)
        dt_parser_wanted_word(p, "'in', '~', 'cite', 'judgement' or a description", words, 3);
    dt_parser_add(distribution ? distribution : node, range);
    dt_parser_add(node, distribution);
    dt_parser_add(node, string);
    dt_parser_add(node, citation);
    return dt_parser_close(p, node);
}

/* correlate = "correlate" NAME "," NAME number [STRING] */
static dt_syntax *parse_correlate(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_CORRELATE), *string = NULL;
    dt_parser_take(p);
    dt_parser_add(node, dt_parse_name(p, DT_NAMING_A_PARAMETER));
    dt_parser_expect(p, DT_TOKEN_COMMA, "',' and a second parameter");
    dt_parser_add(node, dt_parse_name(p, DT_NAMING_A_PARAMETER));
    dt_parser_add(node, dt_parse_number(p));
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

/* let = "let" NAME [STRING] "=" expression [STRING] */
static dt_syntax *parse_let(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_LET), *string = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_LET);
    dt_parse_description(p, &string);
    dt_parser_expect(p, DT_TOKEN_IS, NULL);
    dt_parser_add(node, dt_parse_expression(p));
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

/* enumeration = "{" NAME { "," NAME } "}", over several lines if need be */
static dt_syntax *parse_enumeration(dt_parser *p)
{
    assert(p->lists == 0);
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_ENUM);
    dt_parser_take(p);
    p->lists++;
    dt_parse_names(p, node, DT_NAMING_VALUE);
    bool closed = dt_parser_expect(p, DT_TOKEN_CLOSE_BRACE, "',' or '}'");
    p->lists -= closed;
    return dt_parser_close(p, node);
}

/* type = "bool" | range | enumeration */
static dt_syntax *parse_type(dt_parser *p)
{
    static const char *const words[] = {"bool"};
    dt_token_kind next = dt_parser_next(p);
    if (next == DT_TOKEN_OPEN_BRACE)
        return parse_enumeration(p);
    if (next == DT_TOKEN_NUMBER || next == DT_TOKEN_MINUS || next == DT_TOKEN_PLUS)
        return dt_parse_range(p, true);
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_BOOL);
    if (!dt_parser_accept_word(p, "bool"))
        dt_parser_wanted_word(p, "a type: bool, 0..4 or {a, b}", words, 1);
    return dt_parser_close(p, node);
}

/* chances = "{" value ":" expression { "," value ":" expression } "}" */
static dt_syntax *parse_chances(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_CHANCES);
    dt_parser_take(p);
    p->lists++;
    do {
        dt_syntax *chance = dt_parser_node(p, DT_SYNTAX_CHANCE);
        dt_parser_add(chance, dt_parse_value(p));
        dt_parser_mark(p, DT_TIGHT_BEFORE);
        dt_parser_expect(p, DT_TOKEN_COLON, "':' and a probability");
        dt_parser_add(chance, dt_parse_expression(p));
        dt_parser_add(node, dt_parser_close(p, chance));
    } while (dt_parser_accept(p, DT_TOKEN_COMMA));
    bool closed = dt_parser_expect(p, DT_TOKEN_CLOSE_BRACE, "',' or '}'");
    p->lists -= closed;
    return dt_parser_close(p, node);
}

/* state = "state" NAME [STRING] ":" type "=" value [STRING]
 * private = "private" NAME NAME [STRING] ":" type "=" (value | chances) [STRING] */
static dt_syntax *parse_variable(dt_parser *p, dt_syntax_kind kind)
{
    assert(kind == DT_SYNTAX_STATE || kind == DT_SYNTAX_PRIVATE);
    dt_syntax *node = dt_parser_node(p, kind), *string = NULL;
    dt_parser_take(p);
    if (kind == DT_SYNTAX_PRIVATE)
        dt_parser_add(node, dt_parse_name(p, DT_NAMING_OWNER));
    if (kind == DT_SYNTAX_PRIVATE && dt_parser_next(p) == DT_TOKEN_COLON)
        dt_parser_wanted(p, "the name of a state variable",
                         "first comes the actor who knows it, as in private A aim : bool = no");
    dt_parser_name(p, node, DT_NAMING_VARIABLE);
    dt_parse_description(p, &string);
    dt_parser_expect(p, DT_TOKEN_COLON, "':' and a type");
    dt_parser_add(node, parse_type(p));
    dt_parser_expect(p, DT_TOKEN_IS, "'=' and the value at the start");
    bool chances = kind == DT_SYNTAX_PRIVATE && dt_parser_next(p) == DT_TOKEN_OPEN_BRACE;
    dt_parser_add(node, chances ? parse_chances(p) : dt_parse_value(p));
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

static dt_syntax *parse_state(dt_parser *p)
{
    return parse_variable(p, DT_SYNTAX_STATE);
}

static dt_syntax *parse_private(dt_parser *p)
{
    return parse_variable(p, DT_SYNTAX_PRIVATE);
}

/* role = "role" NAME [STRING] "=" NAME [STRING] */
static dt_syntax *parse_role(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_ROLE), *string = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_ROLE);
    dt_parse_description(p, &string);
    dt_parser_expect(p, DT_TOKEN_IS, "'=' and an actor");
    dt_parser_add(node, dt_parse_name(p, DT_NAMING_AN_ACTOR));
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    return dt_parser_close(p, node);
}

/* end = "end" NAME [STRING] "when" expression [STRING] */
static dt_syntax *parse_end(dt_parser *p)
{
    static const char *const words[] = {"when"};
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_END), *string = NULL, *when = NULL;
    dt_parser_take(p);
    dt_parser_name(p, node, DT_NAMING_END);
    dt_parse_description(p, &string);
    if (dt_parser_at_word(p, "when"))
        when = dt_parse_clause(p, DT_SYNTAX_WHEN);
    else
        dt_parser_wanted_word(p, "'when'", words, 1);
    dt_parse_description(p, &string);
    dt_parser_add(node, string);
    dt_parser_add(node, when);
    return dt_parser_close(p, node);
}

/* The words that begin declarations. */
#define DECLARATIONS(X)                                                                            \
    X("model", parse_model)                                                                        \
    X("question", parse_question)                                                                  \
    X("group", parse_group)                                                                        \
    X("period", parse_period)                                                                      \
    X("horizon", parse_horizon)                                                                    \
    X("lookahead", parse_lookahead)                                                                \
    X("beliefs", parse_beliefs)                                                                    \
    X("source", parse_source)                                                                      \
    X("actor", parse_actor)                                                                        \
    X("param", parse_param)                                                                        \
    X("correlate", parse_correlate)                                                                \
    X("let", parse_let)                                                                            \
    X("state", parse_state)                                                                        \
    X("private", parse_private)                                                                    \
    X("role", parse_role)                                                                          \
    X("stage", dt_parse_stage)                                                                     \
    X("hidden", dt_parse_stage)                                                                    \
    X("payoff", dt_parse_payoff)                                                                   \
    X("end", parse_end)                                                                            \
    X("outcome", dt_parse_outcome)                                                                 \
    X("lever", dt_parse_lever)                                                                     \
    X("policy", dt_parse_policy)                                                                   \
    X("expect", dt_parse_expect)                                                                   \
    X("tour", dt_parse_tour)

static const char *const words[] = {
#define X(word, rule) word,
    DECLARATIONS(X)
#undef X
};

static dt_rule *const rules[] = {
#define X(word, rule) rule,
    DECLARATIONS(X)
#undef X
};

enum { DECLARATIONS = sizeof words / sizeof *words };

/* Not `role`, which stands in policies too. */
bool dt_word_begins_declaration(dt_slice word)
{
    for (size_t i = 0; i < DECLARATIONS; i++) {
        if (dt_slice_is(word, words[i]))
            return !dt_slice_is(word, "role");
    }
    return false;
}

static dt_syntax *parse_declaration(dt_parser *p)
{
    for (size_t i = 0; i < DECLARATIONS; i++) {
        if (dt_parser_at_word(p, words[i]))
            return rules[i](p);
    }
    dt_parser_wanted_word(p, "a declaration", words, DECLARATIONS);
    return NULL;
}

/* file = { declaration } */
static dt_syntax *parse_file(dt_parser *p)
{
    dt_syntax *file = dt_parser_node(p, DT_SYNTAX_FILE);
    for (;;) {
        p->leaving = false;
        dt_parse_statements(p, file, parse_declaration);
        if (p->token[p->at].kind == DT_TOKEN_END)
            break;
        if (p->token[p->at].kind != DT_TOKEN_CLOSE_BRACE)
            continue;
        if (p->unclosed == 0)
            dt_complain(p->diagnostics, DT_STRAY_BRACE, p->token[p->at].place);
        while (dt_parser_accept(p, DT_TOKEN_CLOSE_BRACE)) {
            p->begun = true;
            p->unclosed -= p->unclosed > 0;
        }
    }
    return dt_parser_close(p, file);
}

dt_syntax *dt_parse_marked(dt_arena *arena, const dt_source *source, dt_tokens *tokens,
                           dt_diagnostics *diagnostics)
{
    if (source->length > DT_MAX_TEXT) {
        dt_complain(diagnostics, DT_TOO_LARGE, (dt_place){0, 1}, source->length,
                    (size_t)DT_MAX_TEXT);
        return dt_new(arena, dt_syntax, 1); /* an empty DT_SYNTAX_FILE */
    }
    dt_source text = *source;
    if (text.length == 0)
        text.text = ""; /* it may have been NULL */
    *tokens = dt_tokens_read(arena, &text, diagnostics);
    dt_syntax *file = dt_parse_tokens(arena, &text, tokens, diagnostics, NULL);
    if (!file->first && dt_diagnostics_errors(diagnostics) == 0)
        dt_complain_more(diagnostics, DT_EMPTY, (dt_place){0, 1},
                         "a model begins with a line such as: model crisis \"What it is about\"",
                         NULL);
    return file;
}

dt_syntax *dt_parse_tokens(dt_arena *arena, const dt_source *source, dt_tokens *tokens,
                           dt_diagnostics *diagnostics, dt_asked *asked)
{
    dt_parser parser = {.arena = arena,
                        .source = source,
                        .diagnostics = diagnostics,
                        .token = tokens->list.at,
                        .count = tokens->list.count,
                        .margin = -1,
                        .asked = asked};
    assert(parser.count > 0 && parser.token[parser.count - 1].kind == DT_TOKEN_END);
    dt_syntax *file = parse_file(&parser);
    assert(parser.at == parser.count - 1 && parser.depth == 0);
    return file;
}

dt_syntax *dt_parse(dt_arena *arena, const dt_source *source, dt_diagnostics *diagnostics)
{
    dt_tokens tokens = {0};
    dt_syntax *file = dt_parse_marked(arena, source, &tokens, diagnostics);
    dt_drop(arena, &tokens.list);
    dt_drop(arena, &tokens.comment);
    return file;
}
