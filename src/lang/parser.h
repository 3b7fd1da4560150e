/*
 * What the files of the parser share: where it stands in the tokens, and the few moves that every
 * rule is made of. One file for each part of the language: declarations and the file as a whole
 * (parse.c), stages, their effects and payoffs (parse_stage.c), policies and expectations
 * (parse_policy.c), levers and lists (parse_lever.c), tours (parse_tour.c), expressions (parse_expression.c), the pieces that all of them share
 * (parse_piece.c), how the parser moves and recovers (parser.c), and what is likely wrong where an error
 * is (slip.c, with the table of habits.def).
 *
 * Errors. The first error in a statement is told and sets `failed`. From then on every token looks
 * like a LINE_END to the rules, which so all run to their ends without a word, whatever they wanted.
 * What they built is thrown away; `dt_parser_end_statement` finds where the statement ends and
 * lets the next one begin afresh. No rule has to ask whether the one before it succeeded.
 */
#ifndef DT_LANG_PARSER_H
#define DT_LANG_PARSER_H

#include "lang/naming.h"
#include "lang/syntax.h"
#include "lang/token.h"

/* What the parser asks for at one place of a text, and so all that may stand there. The place has a NAME
 * without any characters, which is no word of the language and is taken for every kind of name. */
typedef struct dt_asked {
    dt_arena *arena;
    size_t at;                  /* the token */
    dt_list(const char *) word; /* each once */
    uint64_t naming;            /* 1 << dt_naming */
} dt_asked;

typedef struct dt_parser {
    dt_arena *arena;
    const dt_source *source;
    dt_diagnostics *diagnostics;
    dt_token *token;
    size_t count;
    size_t at;
    bool begun;             /* the line break before the token at `at` is already taken */
    bool failed;            /* an error in this statement was told */
    bool leaving;           /* blocks that aren't closed end here, and that was told */
    bool expecting;         /* inside the condition of an expectation */
    int parentheses, lists; /* open in this statement: ( and { of lists */
    int unclosed;           /* blocks that were left without their } */
    size_t expression_end;  /* where the last expression ended */
    int depth;              /* nesting of expressions and effects */
    dt_syntax_kind parent;  /* whose statements are read */
    int margin;             /* of a block without its {: lines go in further than that; else -1 */
    dt_asked *asked;        /* NULL: nobody wants to know */
} dt_parser;

/* ---- looking and taking (parser.c) ---- */

/* The kind of what comes next: LINE_END at a line break that counts, or after an error. */
dt_token_kind dt_parser_next(const dt_parser *p);
/* The kind of the token after the next one, on the same line; else LINE_END. */
dt_token_kind dt_parser_second(const dt_parser *p);
/* Whether the next token is this word, which may stand there. */
bool dt_parser_at_word(const dt_parser *p, const char *word);
/* The same, wherever lines end. */
bool dt_parser_word_is(const dt_parser *p, const char *word);
/* Whether the next token is this word, which may not stand there, or isn't taken for a word. */
bool dt_parser_reads(const dt_parser *p, const char *word);
/* Notes that the next token may be a name of this kind, though no rule takes it so as it is. */
void dt_parser_asks(const dt_parser *p, dt_naming naming);
/* What stands in the next token, whatever it is. */
dt_slice dt_parser_text(const dt_parser *p);
/* Takes the next token; a name as a word of the language. */
void dt_parser_take(dt_parser *p);
/* Takes the next token; a name as this. */
void dt_parser_take_as(dt_parser *p, dt_naming naming);
/* Takes the next token if it is of this kind, or this word. */
bool dt_parser_accept(dt_parser *p, dt_token_kind kind);
bool dt_parser_accept_word(dt_parser *p, const char *word);
/* The same; if it isn't there, that is an error. `wanted` NULL: the token itself. */
bool dt_parser_expect(dt_parser *p, dt_token_kind kind, const char *wanted);
/* Marks the next token for the layout. */
void dt_parser_mark(dt_parser *p, int flags);

/* ---- errors ---- */

/* Tells that something was wanted where the next token stands. */
void dt_parser_wanted(dt_parser *p, const char *wanted, const char *hint);
/* The same where one of these words was wanted: a word near to one of them gets it as a hint. */
void dt_parser_wanted_word(dt_parser *p, const char *wanted, const char *const *words,
                           size_t count);
/* Enters a level of nesting; false, and an error, if it is one too many. Leave by `p->depth--`. */
bool dt_parser_deeper(dt_parser *p);

/* ---- statements ---- */

/* Begins a statement at the next token. */
void dt_parser_begin_statement(dt_parser *p);
/* Ends it: at a line break, `;`, the end of the block, or after a `}`. If something else comes,
 * that is an error; after an error, skips what is left of the statement. True if all was well. */
bool dt_parser_end_statement(dt_parser *p);
/* A rule that reads one statement. */
typedef dt_syntax *dt_rule(dt_parser *p);
/* Whether a line that begins at token `at` goes in further than the line before it. */
bool dt_parser_goes_in(const dt_parser *p, size_t at);
/* Whether the line ends here and the next one begins with `{`, which was meant to stand here. */
bool dt_parser_brace_below(const dt_parser *p);
/* Reads statements until the text, or the block they stand in, ends; adds them to `parent`, but for
 * those that couldn't be read. */
void dt_parse_statements(dt_parser *p, dt_syntax *parent, dt_rule *rule);
/* block = "{" { statement } "}". It is read even if there was an error in what stands before it, or
 * its { is missing at the end of a line: then that is told, and nothing of what follows from it. */
void dt_parse_block(dt_parser *p, dt_syntax *parent, dt_rule *rule);

/* ---- nodes (parse_piece.c) ---- */

/* A node that begins at the next token. */
dt_syntax *dt_parser_node(dt_parser *p, dt_syntax_kind kind);
/* A node that begins where `first` does, and has it as its first child. */
dt_syntax *dt_parser_node_around(dt_parser *p, dt_syntax_kind kind, dt_syntax *first);
/* Adds a child; NULL is ignored. */
void dt_parser_add(dt_syntax *parent, dt_syntax *child);
/* Ends a node at the last token taken; returns it. */
dt_syntax *dt_parser_close(dt_parser *p, dt_syntax *node);
/* Takes a name as the text of `node`; `naming` says what name. An action's may be `yes` or `no`. */
void dt_parser_name(dt_parser *p, dt_syntax *node, dt_naming naming);
void dt_parser_action_name(dt_parser *p, dt_syntax *node, dt_naming naming);

/* ---- pieces that many rules use ---- */

/* name = NAME, as a node of its own. */
dt_syntax *dt_parse_name(dt_parser *p, dt_naming naming);
/* number = ["+" | "-"] NUMBER */
dt_syntax *dt_parse_number(dt_parser *p);
/* value = number | "yes" | "no" | NAME */
dt_syntax *dt_parse_value(dt_parser *p);
/* range = number ".." number; tight: the layout puts no spaces into it */
dt_syntax *dt_parse_range(dt_parser *p, bool tight);
/* A keyword and a name as the node's text: `under p`. */
dt_syntax *dt_parse_reference(dt_parser *p, dt_syntax_kind kind, dt_naming naming);
/* names = name { "," name }, added to `parent` */
void dt_parse_names(dt_parser *p, dt_syntax *parent, dt_naming naming);
/* Takes a description if one comes, as *string; true if so. A second one is an error. */
bool dt_parse_description(dt_parser *p, dt_syntax **string);
/* Takes `cite NAME` or `judgement` if one comes, as *citation; true if so. */
bool dt_parse_citation(dt_parser *p, dt_syntax **citation);
/* *slot = piece; an error if there is one already. `what`: "a description". */
void dt_parser_once(dt_parser *p, dt_syntax **slot, dt_syntax *piece, const char *what);

/* ---- rules of one file that another needs ---- */

dt_syntax *dt_parse_expression(dt_parser *p);                  /* parse_expression.c */
dt_syntax *dt_parse_condition(dt_parser *p);                   /* of an expectation */
dt_syntax *dt_parse_clause(dt_parser *p, dt_syntax_kind kind); /* a keyword and an expression */
dt_syntax *dt_parse_form(dt_parser *p, dt_syntax_kind kind);   /* ever(x), as FORM or UNDER_FORM */
bool dt_word_is_form(dt_slice word);
dt_syntax *dt_parse_stage(dt_parser *p); /* parse_stage.c */
dt_syntax *dt_parse_payoff(dt_parser *p);
dt_syntax *dt_parse_lever(dt_parser *p); /* parse_lever.c */
dt_syntax *dt_parse_list(dt_parser *p);
dt_syntax *dt_parse_change(dt_parser *p); /* parse_policy.c */
dt_syntax *dt_parse_policy(dt_parser *p);
dt_syntax *dt_parse_outcome(dt_parser *p);
dt_syntax *dt_parse_given(dt_parser *p);
dt_syntax *dt_parse_tour(dt_parser *p);
dt_syntax *dt_parse_expect(dt_parser *p);

/* The words that begin declarations, for the parser to see where a block was left open (parse.c). */
bool dt_word_begins_declaration(dt_slice word);

/* The same as dt_parse, and the tokens, marked for the layout (parse.c). */
dt_syntax *dt_parse_marked(dt_arena *arena, const dt_source *source, dt_tokens *tokens,
                           dt_diagnostics *diagnostics);

/* Parses tokens that are there already, at least an END, of a text that isn't longer than DT_MAX_TEXT.
 * `asked` NULL, or with the place to be asked about: then it is filled. */
dt_syntax *dt_parse_tokens(dt_arena *arena, const dt_source *source, dt_tokens *tokens,
                           dt_diagnostics *diagnostics, dt_asked *asked);

#endif
