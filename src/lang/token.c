/*
 * The lexer. One pass checks that the bytes are text, a second cuts it into tokens, longest match
 * first. What can't stand in a model is told here, once for each stretch of it, and left in the
 * list as a BAD token, so that the parser needn't speak of it again.
 */
#include "lang/token.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lang/habits.h"
#include "lang/syntax.h"

typedef struct lexer {
    dt_arena *arena;
    dt_diagnostics *diagnostics;
    const char *text;
    size_t length;
    size_t at;
    size_t line;      /* where the line began */
    uint8_t flags;    /* for what comes next */
    const char *hint; /* of the last stray character */
    size_t hint_line; /* and where its line began */
    dt_tokens tokens;
} lexer;

static const char *const shown[] = {
#define X(kind, shown) shown,
    DT_TOKENS(X)
#undef X
};

const char *dt_token_shown(dt_token_kind kind)
{
    assert(kind < sizeof shown / sizeof *shown);
    return shown[kind];
}

bool dt_word_is_reserved(dt_slice word)
{
    static const char *const reserved[] = {"and", "or",  "not",  "yes",
                                           "no",  "now", "else", "chance"};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (dt_slice_is(word, reserved[i]))
            return true;
    }
    return false;
}

bool dt_label_is_date(dt_slice label)
{
    enum { YEAR = 4 };
    bool digits = label.length > YEAR && strchr("YHQMW", label.at[YEAR]);
    for (size_t i = 0; i < label.length && digits; i++)
        digits = i == YEAR || dt_is_digit(label.at[i]);
    return digits;
}

static bool begins_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool in_name(char c)
{
    return begins_name(c) || dt_is_digit(c);
}

static dt_place place_of(size_t offset, size_t length)
{
    assert(offset + length <= UINT32_MAX);
    return (dt_place){(uint32_t)offset, (uint32_t)length};
}

static char peek(const lexer *l, size_t ahead)
{
    return l->at + ahead < l->length ? l->text[l->at + ahead] : '\0';
}

static void add(lexer *l, dt_token_kind kind, size_t length)
{
    dt_token token = {.kind = (uint8_t)kind, .flags = l->flags, .place = place_of(l->at, length)};
    assert(l->at + length <= l->length);
    dt_push(l->arena, &l->tokens.list, token);
    l->at += length;
    l->flags = 0;
}

static void read_comment(lexer *l)
{
    size_t end = l->at;
    while (end < l->length && l->text[end] != '\n')
        end++;
    size_t last = end;
    while (last > l->at &&
           (l->text[last - 1] == ' ' || l->text[last - 1] == '\t' || l->text[last - 1] == '\r'))
        last--;
    uint32_t column = 0;
    for (size_t i = l->line; i < l->at; column++)
        i += dt_read_character(l->text + i, l->at - i);
    dt_comment comment = {place_of(l->at, last - l->at), (uint32_t)l->tokens.list.count, column,
                          l->flags};
    dt_push(l->arena, &l->tokens.comment, comment);
    l->at = end;
    l->flags = 0;
}

/* A comment as C has it: passed over, so that nothing in it is told as well. */
static void read_foreign_comment(lexer *l)
{
    bool lines = peek(l, 1) == '*';
    dt_complain(l->diagnostics, DT_FOREIGN_COMMENT, place_of(l->at, 2), lines ? "/*" : "//");
    for (l->at += 2; l->at < l->length; l->at++) {
        if (lines && peek(l, 0) == '*' && peek(l, 1) == '/') {
            l->at += 2;
            return;
        }
        if (l->text[l->at] != '\n')
            continue;
        if (!lines)
            return;
        l->flags |= DT_FIRST_ON_LINE;
        l->line = l->at + 1;
    }
}

/* Whether a string that ends at `end` was meant to go on: \" is a quote within it elsewhere. */
static bool is_escape(const lexer *l, size_t end)
{
    return l->text[end - 1] == '\\' && end + 1 < l->length && begins_name(l->text[end + 1]) &&
           end - 1 > l->at;
}

static void read_string(lexer *l)
{
    size_t end = l->at + 1;
    while (end < l->length && l->text[end] != '"' && l->text[end] != '\n')
        end++;
    if (end < l->length && l->text[end] == '"' && is_escape(l, end)) {
        dt_complain_more(l->diagnostics, DT_STRAY_CHARACTER, place_of(end - 1, 2), dt_habit_quotes,
                         NULL, 1, "\\");
        while (end < l->length && l->text[end] != '\n')
            end++;
        while (end > l->at && l->text[end - 1] != '"')
            end--;
        add(l, DT_TOKEN_STRING, end - l->at);
        return;
    }
    if (end < l->length && l->text[end] == '"') {
        add(l, DT_TOKEN_STRING, end + 1 - l->at);
        return;
    }
    while (l->text[end - 1] == '\r')
        end--;
    dt_complain_more(l->diagnostics, DT_UNCLOSED_STRING, place_of(l->at, end - l->at),
                     "a string ends on the line where it begins", NULL);
    add(l, DT_TOKEN_BAD, end - l->at);
}

/* "0x10" and what it would be. */
static bool read_hexadecimal(lexer *l)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    if (peek(l, 0) != '0' || (peek(l, 1) != 'x' && peek(l, 1) != 'X'))
        return false;
    size_t length = 2;
    double value = 0;
    for (const char *digit; peek(l, length) && (digit = strchr(digits, peek(l, length))); length++)
        value = 16 * value + (double)(digit - digits >= 16 ? digit - digits - 6 : digit - digits);
    if (length == 2 || in_name(peek(l, length)))
        return false;
    char number[32], hint[48];
    snprintf(hint, sizeof hint, "it is written %s", dt_print_number(number, value));
    dt_complain_more(l->diagnostics, DT_HEXADECIMAL, place_of(l->at, length), hint, NULL,
                     (int)length, l->text + l->at);
    add(l, DT_TOKEN_BAD, length);
    return true;
}

/* Whether a number that is read as 0 was written as another: "1e-400". */
static bool is_tiny(const char *text, size_t length, double number)
{
    for (size_t i = 0; number == 0 && i < length && text[i] != 'e' && text[i] != 'E'; i++) {
        if (text[i] >= '1' && text[i] <= '9')
            return true;
    }
    return false;
}

/* A number with its percent sign; a label, if letters follow its digits. */
static void read_number(lexer *l)
{
    if (read_hexadecimal(l))
        return;
    size_t rest = l->length - l->at;
    double number = 0;
    size_t length = dt_read_number(l->text + l->at,
                                   rest < DT_MAX_NUMBER + 1 ? rest : DT_MAX_NUMBER + 1, &number);
    assert(length > 0);
    size_t end = l->at + length;
    if (length > DT_MAX_NUMBER) {
        while (end < l->length && dt_is_digit(l->text[end]))
            end++;
        dt_complain(l->diagnostics, DT_LONG_NUMBER, place_of(l->at, end - l->at), DT_MAX_NUMBER);
        add(l, DT_TOKEN_BAD, end - l->at);
    } else if (end < l->length && in_name(l->text[end])) {
        while (end < l->length && in_name(l->text[end]))
            end++;
        add(l, DT_TOKEN_LABEL, end - l->at);
    } else if (!isfinite(number)) {
        dt_complain(l->diagnostics, DT_LARGE_NUMBER, place_of(l->at, length));
        add(l, DT_TOKEN_BAD, length);
    } else {
        const bool percent = peek(l, length) == '%';
        if (is_tiny(l->text + l->at, length, percent ? number / 100 : number))
            dt_complain(l->diagnostics, DT_TINY_NUMBER, place_of(l->at, length + percent));
        add(l, DT_TOKEN_NUMBER, length + percent);
    }
}

static void read_name(lexer *l)
{
    size_t length = 1;
    while (in_name(peek(l, length)))
        length++;
    add(l, DT_TOKEN_NAME, length);
}

/* One of the signs, whose way of writing stands between the quotes of its entry. */
static bool read_sign(lexer *l)
{
    for (int kind = DT_TOKEN_ASSIGN; kind <= DT_TOKEN_CLOSE_BRACE; kind++) {
        if (shown[kind][1] != l->text[l->at])
            continue;
        size_t length = strlen(shown[kind]) - 2;
        if (l->length - l->at >= length && memcmp(l->text + l->at, shown[kind] + 1, length) == 0) {
            add(l, (dt_token_kind)kind, length);
            return true;
        }
    }
    return false;
}

static bool is_stray(const lexer *l, size_t at)
{
    char c = l->text[at];
    return !strchr(" \t\r\n#\"(){};,.:=<>+-*/?~", c) && !in_name(c);
}

static const char *habit(const lexer *l, size_t length)
{
    return dt_habit_hint(DT_HABIT_CHARACTER, (dt_slice){l->text + l->at, length});
}

/* A stretch of characters that mean nothing here. The first is shown. The second of a pair, such as
 * [ ] or curly quotes, would say the same again in the same line, and doesn't. */
static void read_stray(lexer *l)
{
    size_t first = dt_read_character(l->text + l->at, l->length - l->at);
    assert(first > 0 && "the text was checked");
    size_t end = l->at + first;
    while (end < l->length && is_stray(l, end))
        end++;
    const char *hint = habit(l, end - l->at);
    if (!hint)
        hint = habit(l, first);
    bool told = hint && hint == l->hint && l->hint_line == l->line;
    if (!told)
        dt_complain_more(l->diagnostics, DT_STRAY_CHARACTER, place_of(l->at, end - l->at), hint,
                         NULL, (int)first, l->text + l->at);
    l->hint = hint;
    l->hint_line = l->line;
    add(l, DT_TOKEN_BAD, end - l->at);
}

dt_tokens dt_tokens_read(dt_arena *arena, const dt_source *source, dt_diagnostics *diagnostics)
{
    lexer l = {.arena = arena,
               .diagnostics = diagnostics,
               .text = source->text,
               .length = source->length,
               .flags = DT_FIRST_ON_LINE};
    assert(source->length <= DT_MAX_TEXT);
    if (!dt_source_is_plain(source, diagnostics))
        l.at = l.length;
    else if (l.length >= 3 && memcmp(l.text, "\xef\xbb\xbf", 3) == 0)
        l.at = l.line = 3; /* a byte order mark */
    while (l.at < l.length) {
        char c = l.text[l.at];
        size_t before = l.at;
        if (c == '\n') {
            if (l.flags & DT_FIRST_ON_LINE)
                l.flags |= DT_AFTER_BLANK;
            l.flags |= DT_FIRST_ON_LINE;
            l.line = ++l.at;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            l.at++;
        } else if (c == '#') {
            read_comment(&l);
        } else if (c == '/' && (peek(&l, 1) == '/' || peek(&l, 1) == '*')) {
            read_foreign_comment(&l);
        } else if (c == '"') {
            read_string(&l);
        } else if (dt_is_digit(c) || (c == '.' && dt_is_digit(peek(&l, 1)))) {
            read_number(&l);
        } else if (begins_name(c)) {
            read_name(&l);
        } else if (!read_sign(&l)) {
            read_stray(&l);
        }
        assert(l.at > before);
        (void)before;
    }
    add(&l, DT_TOKEN_END, 0);
    return l.tokens;
}
