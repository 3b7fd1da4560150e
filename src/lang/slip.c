/*
 * Slips: first the habits whose writing stands at the error (habits.def), then what only the tokens
 * around it tell: a line that goes on with the line before, statements or names without what sets
 * them apart, a decimal comma, a quote within a text.
 */
#include "lang/slip.h"

#include <assert.h>
#include <string.h>

#include "lang/habits.h"

static const dt_token *token_at(const dt_parser *p, size_t at)
{
    assert(at < p->count);
    return &p->token[at];
}

static dt_slice text_of(const dt_parser *p, const dt_token *token)
{
    return (dt_slice){p->source->text + token->place.offset, token->place.length};
}

/* Whether nothing stands between a token and the one before it. */
static bool touches(const dt_token *token)
{
    return token[-1].place.offset + token[-1].place.length == token->place.offset;
}

/* ---- habits ---------------------------------------------------------------------------------- */

static bool is_sign(char c)
{
    return c != '\0' && strchr("+-*/<>=!~:", c);
}

/* The signs without a blank between them at the next token, or several right before it. */
static dt_place signs_at(const dt_parser *p)
{
    const char *text = p->source->text;
    dt_token_kind next = dt_parser_next(p);
    size_t start = token_at(p, p->at)->place.offset, end = start, least = 0;
    while (next != DT_TOKEN_LINE_END && end < p->source->length && is_sign(text[end]))
        end++;
    if (end == start && p->at > 0) {
        dt_place before = token_at(p, p->at - 1)->place;
        start = end = before.offset + before.length;
        least = before.length; /* one alone was right where it stood */
    }
    while (start > 0 && is_sign(text[start - 1]))
        start--;
    return (dt_place){(uint32_t)start, end - start > least ? (uint32_t)(end - start) : 0};
}

static const char *habit_of_word(const dt_parser *p, dt_habit_place where, size_t at)
{
    const dt_token *token = token_at(p, at);
    const bool written =
        token->kind == DT_TOKEN_NAME && token->place.length > 0; /* not asked about */
    return written ? dt_habit_hint(where, text_of(p, token)) : NULL;
}

/* What begins statements of this kind of parent. */
static dt_habit_place place_in(dt_syntax_kind parent)
{
    switch (parent) {
    case DT_SYNTAX_FILE:
        return DT_HABIT_DECLARATION;
    case DT_SYNTAX_STAGE:
        return DT_HABIT_ACTION;
    case DT_SYNTAX_POLICY:
    case DT_SYNTAX_SETTING:
        return DT_HABIT_CHANGE;
    default:
        return DT_HABIT_EFFECT;
    }
}

static dt_slip habit_at(const dt_parser *p)
{
    dt_slip slip = {
        NULL, {0, 0}
    };
    bool line_end = dt_parser_next(p) == DT_TOKEN_LINE_END;
    dt_place signs = signs_at(p);
    if (signs.length > 0)
        slip.hint =
            dt_habit_hint(DT_HABIT_SIGNS, (dt_slice){p->source->text + signs.offset, signs.length});
    if (slip.hint)
        slip.signs = signs;
    else if (p->begun)
        slip.hint = habit_of_word(p, place_in(p->parent), p->at);
    else if (!line_end)
        slip.hint = habit_of_word(p, DT_HABIT_WORD, p->at);
    if (!slip.hint && p->at > 0 && !p->begun)
        slip.hint = habit_of_word(p, DT_HABIT_WORD_BEFORE, p->at - 1);
    return slip;
}

/* ---- lines that go on ------------------------------------------------------------------------ */

static bool is_word(const dt_parser *p, size_t at, const char *word)
{
    return token_at(p, at)->kind == DT_TOKEN_NAME && dt_slice_is(text_of(p, token_at(p, at)), word);
}

static bool is_operator(const dt_parser *p, size_t at)
{
    switch (token_at(p, at)->kind) {
    case DT_TOKEN_EQUAL:
    case DT_TOKEN_UNEQUAL:
    case DT_TOKEN_AT_MOST:
    case DT_TOKEN_AT_LEAST:
    case DT_TOKEN_LESS:
    case DT_TOKEN_GREATER:
    case DT_TOKEN_PLUS:
    case DT_TOKEN_MINUS:
    case DT_TOKEN_TIMES:
    case DT_TOKEN_DIVIDED:
    case DT_TOKEN_QUESTION:
    case DT_TOKEN_COLON:
        return true;
    default:
        return is_word(p, at, "and") || is_word(p, at, "or");
    }
}

bool dt_parser_continues(const dt_parser *p, size_t at)
{
    if (at == 0 || !(token_at(p, at)->flags & DT_FIRST_ON_LINE))
        return false;
    return is_operator(p, at) || is_operator(p, at - 1) ||
           token_at(p, at - 1)->kind == DT_TOKEN_COMMA;
}

static const char *line_slip(const dt_parser *p)
{
    if (p->begun && dt_parser_continues(p, p->at))
        return "the line before is complete; to go on over lines, put the whole expression in "
               "parentheses";
    if (dt_parser_next(p) != DT_TOKEN_LINE_END || p->at == 0)
        return NULL;
    if (is_operator(p, p->at - 1))
        return "to go on over lines, put the whole expression in parentheses";
    if (token_at(p, p->at - 1)->kind == DT_TOKEN_COMMA)
        return "names that are set apart by commas stand on one line";
    return NULL;
}

/* ---- what sets things apart ------------------------------------------------------------------ */

/* Whether the next token looks like the beginning of a statement. */
static bool begins_statement(const dt_parser *p)
{
    static const char *const words[] = {"pay",   "if",   "with", "branch", "team", "forbid",
                                        "force", "role", "set",  "start",  "use"};
    if (dt_parser_next(p) != DT_TOKEN_NAME)
        return false;
    switch (dt_parser_second(p)) {
    case DT_TOKEN_POINT:
    case DT_TOKEN_ASSIGN:
    case DT_TOKEN_ADD:
    case DT_TOKEN_SUBTRACT:
    case DT_TOKEN_IS:
        return true;
    case DT_TOKEN_NAME:
        break;
    default:
        return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (dt_parser_at_word(p, words[i]))
            return true;
    }
    return dt_word_begins_declaration(dt_parser_text(p));
}

static const char *separator_slip(const dt_parser *p)
{
    const dt_token *next = token_at(p, p->at);
    dt_token_kind kind = dt_parser_next(p);
    if (p->at == 0 || kind == DT_TOKEN_LINE_END)
        return NULL;
    if (kind == DT_TOKEN_COMMA && next[-1].kind == DT_TOKEN_NUMBER && touches(next) &&
        next[1].kind == DT_TOKEN_NUMBER && touches(next + 1))
        return "a decimal fraction is written with a point";
    dt_slice before = text_of(p, next - 1);
    if (next[-1].kind == DT_TOKEN_NUMBER && before.at[before.length - 1] == '%' && touches(next) &&
        (kind == DT_TOKEN_NUMBER || kind == DT_TOKEN_NAME))
        return dt_habit_hint(DT_HABIT_CHARACTER, dt_slice_of("%"));
    if ((next[-1].kind == DT_TOKEN_STRING || kind == DT_TOKEN_STRING) && touches(next))
        return dt_habit_quotes;
    if (kind == DT_TOKEN_SEMICOLON && p->parentheses > 0)
        return "arguments are set apart by commas";
    if (p->begun && kind == DT_TOKEN_OPEN_BRACE && (next->flags & DT_FIRST_ON_LINE))
        return "a '{' stands at the end of the line that it belongs to";
    return NULL;
}

static const char *statement_slip(const dt_parser *p, const char *wanted)
{
    if (dt_parser_brace_below(p))
        return "the '{' stands on this line, not on the next one";
    if (strcmp(wanted, "'{'") == 0)
        return "a block begins with '{' on this line, and ends with '}'";
    const bool complete = strstr(wanted, "the end of") || strstr(wanted, "description");
    if (!p->begun && complete && begins_statement(p))
        return "statements on one line are set apart by ';'";
    if (dt_parser_next(p) == DT_TOKEN_LINE_END && p->at > 0 && dt_parser_goes_in(p, p->at))
        return "a statement stands on one line; only what is in parentheses goes on over lines";
    return NULL;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static const char *other_slip(const dt_parser *p)
{
    bool after_expression = p->at == p->expression_end && p->at > 0;
    dt_token_kind next = dt_parser_next(p);
    if (next == DT_TOKEN_LABEL)
        return "a number and a word after it are set apart by a space";
    if (after_expression && (next == DT_TOKEN_IS || next == DT_TOKEN_ASSIGN))
        return "'==' compares, ':=' assigns";
    if (after_expression && dt_parser_at_word(p, "in"))
        return "only an expectation can say 'in'; elsewhere write lo <= x and x <= hi";
    if (dt_parser_at_word(p, "else"))
        return "'else' follows right after the '}' of an 'if' or a 'with', or stands in a 'branch'";
    if (next == DT_TOKEN_NAME && dt_word_is_reserved(dt_parser_text(p)))
        return "this word is reserved";
    return NULL;
}

dt_slip dt_parser_slip(const dt_parser *p, const char *wanted)
{
    assert(!p->failed);
    dt_slip slip = {
        NULL, {0, 0}
    };
    bool after_expression = p->at == p->expression_end && p->at > 0;
    if (after_expression && dt_parser_next(p) == DT_TOKEN_ASSIGN)
        slip.hint = other_slip(p);
    else
        slip = habit_at(p);
    if (!slip.hint)
        slip.hint = line_slip(p);
    if (!slip.hint)
        slip.hint = separator_slip(p);
    if (!slip.hint)
        slip.hint = statement_slip(p, wanted);
    if (!slip.hint)
        slip.hint = other_slip(p);
    return slip;
}
