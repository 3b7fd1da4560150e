/*
 * How the parser moves through the tokens, tells errors, and recovers from them. Recovery goes by what can be trusted in a broken text: line breaks, semicolons,
 * braces, and lines that begin with the keyword of a declaration, before which every open block
 * must have ended. Each token is passed over once, so that any text is parsed in linear time.
 */
#include "lang/parser.h"
#include "lang/slip.h"

#include <assert.h>
#include <stdio.h>

/* ---- looking and taking ---------------------------------------------------------------------- */

static dt_slice text_at(const dt_parser *p, size_t at)
{
    dt_place place = p->token[at].place;
    return (dt_slice){p->source->text + place.offset, place.length};
}

/* Whether a declaration begins at token `at`: its keyword, first on a line, and what can follow a
 * keyword but not a name. Whatever is still open there was meant to be closed before. */
static bool declaration_at(const dt_parser *p, size_t at)
{
    const dt_token *token = &p->token[at];
    if (token->kind != DT_TOKEN_NAME || !(token->flags & DT_FIRST_ON_LINE) ||
        !dt_word_begins_declaration(text_at(p, at)))
        return false;
    const dt_token *second = token + 1; /* there is one: the END */
    if (second->flags & DT_FIRST_ON_LINE)
        return false;
    if (second->kind == DT_TOKEN_STRING) { /* a payoff's term may be called so */
        static const char *const words[] = {"expect", "question", "group"};
        bool text = false;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            text |= dt_slice_is(text_at(p, at), words[i]);
        return text && second[1].kind != DT_TOKEN_IS;
    }
    if (second->kind == DT_TOKEN_NAME) {
        dt_slice word = text_at(p, at + 1);
        return !dt_word_is_reserved(word) && !dt_slice_is(word, "in") &&
               !dt_slice_is(word, "under");
    }
    return second->kind == DT_TOKEN_NUMBER;
}

/* Whether a line break before token `at` ends a statement. */
static bool break_counts(const dt_parser *p, size_t at)
{
    return (p->token[at].flags & DT_FIRST_ON_LINE) &&
           (p->parentheses + p->lists == 0 || declaration_at(p, at));
}

dt_token_kind dt_parser_next(const dt_parser *p)
{
    const dt_token *token = &p->token[p->at];
    assert(p->at < p->count);
    if (p->failed)
        return DT_TOKEN_LINE_END;
    if (!p->begun && break_counts(p, p->at))
        return DT_TOKEN_LINE_END;
    return token->kind;
}

dt_token_kind dt_parser_second(const dt_parser *p)
{
    dt_token_kind next = dt_parser_next(p);
    if (next == DT_TOKEN_LINE_END || next == DT_TOKEN_END)
        return DT_TOKEN_LINE_END;
    return break_counts(p, p->at + 1) ? DT_TOKEN_LINE_END : p->token[p->at + 1].kind;
}

dt_slice dt_parser_text(const dt_parser *p)
{
    return text_at(p, p->at);
}

static bool is_asked(const dt_parser *p)
{
    return p->asked && p->asked->at == p->at && !p->failed;
}

void dt_parser_asks(const dt_parser *p, dt_naming naming)
{
    static_assert(DT_NAMING_COUNT <= 64, "a bit for each");
    if (is_asked(p))
        p->asked->naming |= UINT64_C(1) << naming;
}

static void ask_word(const dt_parser *p, const char *word)
{
    dt_asked *asked = p->asked;
    for (size_t i = 0; i < asked->word.count; i++) {
        if (dt_slice_is(dt_slice_of(asked->word.at[i]), word))
            return;
    }
    dt_push(asked->arena, &asked->word, word);
}

bool dt_parser_word_is(const dt_parser *p, const char *word)
{
    if (is_asked(p))
        ask_word(p, word);
    return !p->failed && p->token[p->at].kind == DT_TOKEN_NAME &&
           dt_slice_is(dt_parser_text(p), word);
}

bool dt_parser_at_word(const dt_parser *p, const char *word)
{
    return dt_parser_next(p) == DT_TOKEN_NAME && dt_parser_word_is(p, word);
}

bool dt_parser_reads(const dt_parser *p, const char *word)
{
    return dt_parser_next(p) == DT_TOKEN_NAME && dt_slice_is(dt_parser_text(p), word);
}

void dt_parser_take(dt_parser *p)
{
    dt_parser_take_as(p, DT_NAMING_WORD);
}

void dt_parser_take_as(dt_parser *p, dt_naming naming)
{
    dt_token_kind kind = p->token[p->at].kind;
    dt_parser_asks(p, naming);
    if (kind == DT_TOKEN_NAME)
        p->token[p->at].naming = (uint8_t)naming;
    assert(!p->failed && kind != DT_TOKEN_END);
    p->parentheses += (kind == DT_TOKEN_OPEN) - (kind == DT_TOKEN_CLOSE);
    assert(p->parentheses >= 0);
    p->at++;
    p->begun = false;
}

bool dt_parser_accept(dt_parser *p, dt_token_kind kind)
{
    assert(kind != DT_TOKEN_LINE_END && kind != DT_TOKEN_END);
    if (dt_parser_next(p) != kind)
        return false;
    dt_parser_take(p);
    return true;
}

bool dt_parser_accept_word(dt_parser *p, const char *word)
{
    if (!dt_parser_at_word(p, word))
        return false;
    dt_parser_take(p);
    return true;
}

bool dt_parser_expect(dt_parser *p, dt_token_kind kind, const char *wanted)
{
    if (dt_parser_accept(p, kind))
        return true;
    dt_parser_wanted(p, wanted ? wanted : dt_token_shown(kind), NULL);
    return false;
}

void dt_parser_mark(dt_parser *p, int flags)
{
    if (!p->failed)
        p->token[p->at].flags |= (uint8_t)flags;
}

/* ---- errors ---------------------------------------------------------------------------------- */

/* Where the next token stands; for the end of a line, right after what stands last in it. */
static dt_place place_of_next(const dt_parser *p)
{
    dt_token_kind kind = dt_parser_next(p);
    if (kind != DT_TOKEN_LINE_END && kind != DT_TOKEN_END)
        return p->token[p->at].place;
    dt_place place = {0, 1};
    if (p->at > 0)
        place.offset = p->token[p->at - 1].place.offset + p->token[p->at - 1].place.length;
    return place;
}

void dt_parser_wanted(dt_parser *p, const char *wanted, const char *hint)
{
    enum { READABLE = 40 };
    if (p->failed || is_asked(p)) { /* who asks isn't told */
        p->failed = true;
        return;
    }
    dt_token_kind kind = dt_parser_next(p);
    char found[READABLE + 8];
    dt_place place = place_of_next(p);
    dt_slice text = dt_parser_text(p);
    dt_slip slip = dt_parser_slip(p, wanted);
    if (slip.signs.length > 0) {
        place = slip.signs;
        text = (dt_slice){p->source->text + place.offset, place.length};
    }
    if (slip.signs.length > 0 || kind == DT_TOKEN_NAME || kind == DT_TOKEN_NUMBER ||
        kind == DT_TOKEN_LABEL)
        snprintf(found, sizeof found, "'%.*s%s'",
                 (int)(text.length <= READABLE ? text.length : READABLE), text.at,
                 text.length <= READABLE ? "" : "…");
    else
        snprintf(found, sizeof found, "%s", dt_token_shown(kind));
    if (kind != DT_TOKEN_BAD)
        dt_complain_more(p->diagnostics, DT_EXPECTED, place, hint ? hint : slip.hint, NULL, wanted,
                         found);
    p->failed = true;
}

void dt_parser_wanted_word(dt_parser *p, const char *wanted, const char *const *words, size_t count)
{
    char hint[64];
    const char *nearest = NULL;
    if (dt_parser_next(p) == DT_TOKEN_NAME && !is_asked(p) && !dt_parser_slip(p, wanted).hint)
        nearest = dt_nearest(dt_parser_text(p), words, count);
    if (nearest)
        snprintf(hint, sizeof hint, "did you mean '%s'?", nearest);
    dt_parser_wanted(p, wanted, nearest ? hint : NULL);
}

bool dt_parser_deeper(dt_parser *p)
{
    assert(p->depth >= 0 && p->depth <= DT_MAX_NESTING);
    if (p->depth < DT_MAX_NESTING) {
        p->depth++;
        return true;
    }
    if (!p->failed)
        dt_complain_more(p->diagnostics, DT_TOO_DEEP, p->token[p->at].place,
                         "a part of an expression can be given a name with 'let'", NULL,
                         DT_MAX_NESTING);
    p->failed = true;
    return false;
}

/* ---- statements ------------------------------------------------------------------------------ */

/* Characters before a token in its line. */
static int column_of(const dt_parser *p, size_t at)
{
    size_t offset = p->token[at].place.offset, start = offset;
    while (start > 0 && p->source->text[start - 1] != '\n')
        start--;
    return (int)(offset - start);
}

/* The token that begins the line in which token `at` stands. */
static size_t head_of(const dt_parser *p, size_t at)
{
    while (at > 0 && !(p->token[at].flags & DT_FIRST_ON_LINE))
        at--;
    return at;
}

bool dt_parser_goes_in(const dt_parser *p, size_t at)
{
    assert(at > 0);
    return (p->token[at].flags & DT_FIRST_ON_LINE) &&
           column_of(p, at) > column_of(p, head_of(p, at - 1));
}

/* The token after the parentheses in which the error stands, if they are closed not far from here;
 * else the token at which it stands. */
static size_t after_parentheses(const dt_parser *p)
{
    enum { FAR = 64 };
    int open = p->parentheses;
    for (size_t i = p->at; open > 0 && i < p->at + FAR; i++) {
        switch (p->token[i].kind) {
        case DT_TOKEN_OPEN:
            open++;
            break;
        case DT_TOKEN_CLOSE:
            if (--open == 0)
                return i + 1;
            break;
        case DT_TOKEN_END:
        case DT_TOKEN_OPEN_BRACE:
        case DT_TOKEN_CLOSE_BRACE:
        case DT_TOKEN_ASSIGN:
        case DT_TOKEN_ADD:
        case DT_TOKEN_SUBTRACT:
            return p->at;
        default:
            if (declaration_at(p, i))
                return p->at;
        }
    }
    return p->at;
}

static bool else_at(const dt_parser *p, size_t at)
{
    return p->token[at].kind == DT_TOKEN_NAME && dt_slice_is(text_at(p, at), "else");
}

/* Passes over what is left of a statement that failed, with the blocks in it. */
static void skip_statement(dt_parser *p)
{
    size_t start = p->at, at = after_parentheses(p);
    int depth = p->lists; /* braces open, of those in this statement */
    bool goes_on = start > 0 && !p->begun && dt_parser_goes_in(p, start);
    for (;; at++) {
        const dt_token *token = &p->token[at];
        bool after_brace = at > 0 && p->token[at - 1].kind == DT_TOKEN_CLOSE_BRACE;
        bool line = (token->flags & DT_FIRST_ON_LINE) && !(at == start && p->begun);
        bool first = line && !dt_parser_continues(p, at) && !(at == start && goes_on);
        if (token->kind == DT_TOKEN_END || (line && declaration_at(p, at)))
            break;
        if (depth == 0 && !(after_brace && else_at(p, at))) {
            if (first || token->kind == DT_TOKEN_SEMICOLON || token->kind == DT_TOKEN_CLOSE_BRACE)
                break;
            if (after_brace && at > start && token->kind == DT_TOKEN_NAME)
                break;
        }
        depth += (token->kind == DT_TOKEN_OPEN_BRACE) - (token->kind == DT_TOKEN_CLOSE_BRACE);
        assert(depth >= 0);
    }
    if (depth > 0 && p->token[at].kind == DT_TOKEN_END)
        p->leaving = true; /* what is left open is the error's doing */
    p->at = at;
}

static void begin_statement(dt_parser *p)
{
    assert(!p->failed && p->parentheses == 0 && p->lists == 0);
    p->begun = true;
    dt_parser_mark(p, DT_BEGINS_STATEMENT);
}

/* Ends a statement: at a line break, `;`, the end of the block, or after a `}`. If something else
 * comes, that is an error; after an error, skips what is left. True if all was well. */
static bool end_statement(dt_parser *p)
{
    dt_token_kind next = dt_parser_next(p);
    assert(p->at > 0 || p->failed);
    bool ended = next == DT_TOKEN_LINE_END || next == DT_TOKEN_SEMICOLON || next == DT_TOKEN_END ||
                 next == DT_TOKEN_CLOSE_BRACE || p->token[p->at - 1].kind == DT_TOKEN_CLOSE_BRACE;
    if (!ended)
        dt_parser_wanted(p, "the end of the statement", NULL);
    if (!p->failed)
        return true;
    skip_statement(p);
    p->failed = false;
    p->parentheses = p->lists = 0;
    return false;
}

/* Whether the next line stands outside of a block that has no {, by how far it goes in. */
static bool is_outside(const dt_parser *p)
{
    return p->margin >= 0 && (p->token[p->at].flags & DT_FIRST_ON_LINE) &&
           column_of(p, p->at) <= p->margin;
}

void dt_parse_statements(dt_parser *p, dt_syntax *parent, dt_rule *rule)
{
    while (!p->leaving) {
        p->begun = true;
        if (dt_parser_accept(p, DT_TOKEN_SEMICOLON))
            continue;
        dt_token_kind next = dt_parser_next(p);
        if (next == DT_TOKEN_END || next == DT_TOKEN_CLOSE_BRACE)
            break;
        if (parent->kind != DT_SYNTAX_FILE && declaration_at(p, p->at))
            break;
        if (is_outside(p))
            break;
        size_t before = p->at;
        p->parent = parent->kind;
        begin_statement(p);
        dt_syntax *child = rule(p);
        if (end_statement(p))
            dt_parser_add(parent, child);
        assert(p->at > before);
        (void)before;
    }
}

/* After an error in what stands before a block: finds the block, if there is one. */
static void skip_to_block(dt_parser *p)
{
    assert(p->failed);
    size_t at = p->at;
    for (;; at++) {
        const dt_token *token = &p->token[at];
        if (token->kind == DT_TOKEN_OPEN_BRACE)
            break;
        bool first = (token->flags & DT_FIRST_ON_LINE) && !(at == p->at && p->begun);
        if (first || token->kind == DT_TOKEN_END || token->kind == DT_TOKEN_SEMICOLON ||
            token->kind == DT_TOKEN_CLOSE_BRACE)
            return;
    }
    p->at = at;
    p->begun = true;
    p->failed = false;
    p->parentheses = p->lists = 0;
}

bool dt_parser_brace_below(const dt_parser *p)
{
    return dt_parser_next(p) == DT_TOKEN_LINE_END && p->token[p->at].kind == DT_TOKEN_OPEN_BRACE;
}

/* Where a { is missing at the end of a line, the block is taken to begin with the next one; how far
 * its lines go in tells whether a } is its own. Only the { is told. */
static void parse_unopened_block(dt_parser *p, dt_syntax *parent, dt_rule *rule)
{
    bool nested = parent->kind == DT_SYNTAX_EFFECTS || parent->kind == DT_SYNTAX_BRANCH;
    int margin = p->margin, column = column_of(p, head_of(p, p->at - 1));
    p->failed = false;
    p->parentheses = p->lists = 0;
    p->margin = nested ? column : -1;
    dt_parse_statements(p, parent, rule);
    p->margin = margin;
    p->begun = true;
    if (!p->leaving && p->token[p->at].kind == DT_TOKEN_CLOSE_BRACE &&
        (!nested || column_of(p, p->at) >= column))
        dt_parser_accept(p, DT_TOKEN_CLOSE_BRACE);
    p->begun = false;
    p->failed = true;
}

void dt_parse_block(dt_parser *p, dt_syntax *parent, dt_rule *rule)
{
    if (!p->failed && dt_parser_next(p) != DT_TOKEN_OPEN_BRACE) {
        dt_parser_wanted(p, "'{'", NULL);
        size_t below = p->at + (p->token[p->at].kind == DT_TOKEN_COLON);
        const dt_token *line = &p->token[below];
        if (p->at > 0 && (line->flags & DT_FIRST_ON_LINE) && line->kind != DT_TOKEN_OPEN_BRACE) {
            p->at = below;
            parse_unopened_block(p, parent, rule);
            return;
        }
    }
    bool broken = p->failed;
    int margin = p->margin;
    if (broken)
        skip_to_block(p);
    dt_place brace = p->token[p->at].place;
    dt_parser_mark(p, DT_BLOCK_BRACE);
    if (!dt_parser_accept(p, DT_TOKEN_OPEN_BRACE))
        return;
    p->margin = -1;
    dt_parse_statements(p, parent, rule);
    p->margin = margin;
    dt_parser_mark(p, DT_BLOCK_BRACE);
    if (p->leaving || !dt_parser_accept(p, DT_TOKEN_CLOSE_BRACE)) {
        if (!p->leaving)
            dt_complain_more(p->diagnostics, DT_UNCLOSED_BLOCK, brace,
                             "the next declaration, or the end of the text, comes first", NULL);
        p->leaving = true;
        p->begun = false;
        p->unclosed++;
    }
    p->failed = broken;
}
