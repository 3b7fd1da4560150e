/*
 * From tokens to lines. A statement stands on one line if it fits, holds no comment, and isn't a
 * stage, lever, policy, payoff or tour with more than one thing in it; else each of its blocks is broken, one
 * statement a line. A line that is too long is broken inside its parentheses. Every comment stays
 * with what it stood beside: at the end of its line, or on a line of its own.
 *
 * Invariant: laying out what was laid out changes nothing. Hence all decisions rest on the tokens,
 * the comments, and the blank lines before statements, which come out as they went in.
 */
#include "lang/layout.h"

#include <assert.h>
#include <string.h>

typedef struct maker {
    dt_arena *arena;
    const dt_source *source;
    const dt_token *token;
    const dt_comment *comment;
    size_t comments, next_comment;
    dt_layout *out;
    bool open;       /* the last line is still being written */
    int width;       /* of the last line, as far as it is written */
    bool start;      /* of the text or of a block: no empty line stands here */
    bool code;       /* the last line ends with a token, not with a comment */
    size_t previous; /* the last token in the open line, if it isn't empty */
    uint32_t under;  /* column of the last comment, if it stood at the end of a line; else 0 */
} maker;

int dt_width(const char *text, size_t length)
{
    int width = 0;
    for (size_t i = 0; i < length; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

static dt_slice slice(const maker *m, dt_place place)
{
    return (dt_slice){m->source->text + place.offset, place.length};
}

static bool is_word(const maker *m, size_t at, const char *word)
{
    return m->token[at].kind == DT_TOKEN_NAME && dt_slice_is(slice(m, m->token[at].place), word);
}

static bool opens_block(const dt_token *token)
{
    return token->kind == DT_TOKEN_OPEN_BRACE && (token->flags & DT_BLOCK_BRACE);
}

static bool closes_block(const dt_token *token)
{
    return token->kind == DT_TOKEN_CLOSE_BRACE && (token->flags & DT_BLOCK_BRACE);
}

/* Change of the number of open parentheses, and of open parentheses and lists. */
static int parenthesis(const dt_token *token)
{
    return (token->kind == DT_TOKEN_OPEN) - (token->kind == DT_TOKEN_CLOSE);
}

static int nesting(const dt_token *token)
{
    bool opens = token->kind == DT_TOKEN_OPEN_BRACE && !opens_block(token);
    bool closes = token->kind == DT_TOKEN_CLOSE_BRACE && !closes_block(token);
    return parenthesis(token) + opens - closes;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static dt_line *last_line(const maker *m)
{
    assert(m->out->line.count > 0);
    return &m->out->line.at[m->out->line.count - 1];
}

static void begin_line(maker *m, int indent, bool blank)
{
    assert(!m->open && indent >= 0);
    dt_line line = {.at = m->out->text.bytes.count,
                    .indent = indent,
                    .blank = blank && !m->start,
                    .cell = m->out->cell.count};
    dt_push(m->arena, &m->out->line, line);
    m->open = true;
    m->width = indent;
    m->start = false;
    m->under = 0;
}

static void end_line(maker *m)
{
    assert(m->open);
    last_line(m)->length = m->out->text.bytes.count - last_line(m)->at;
    m->open = false;
}

static void add_text(maker *m, const char *text, size_t length)
{
    dt_text_add(&m->out->text, text, length);
    m->width += dt_width(text, length);
}

static bool space_between(const dt_token *left, const dt_token *right)
{
    if ((left->flags & DT_TIGHT_AFTER) || (right->flags & DT_TIGHT_BEFORE))
        return false;
    if (left->kind == DT_TOKEN_OPEN || left->kind == DT_TOKEN_POINT ||
        (left->kind == DT_TOKEN_OPEN_BRACE && !opens_block(left)))
        return false;
    return right->kind != DT_TOKEN_CLOSE && right->kind != DT_TOKEN_POINT &&
           right->kind != DT_TOKEN_COMMA &&
           !(right->kind == DT_TOKEN_CLOSE_BRACE && !closes_block(right));
}

static void add_token(maker *m, size_t at)
{
    assert(m->open && m->token[at].kind != DT_TOKEN_SEMICOLON);
    bool empty = last_line(m)->at == m->out->text.bytes.count;
    if (!empty && space_between(&m->token[m->previous], &m->token[at]))
        add_text(m, " ", 1);
    add_text(m, m->source->text + m->token[at].place.offset, m->token[at].place.length);
    m->previous = at;
    m->code = true;
}

/* ---- comments -------------------------------------------------------------------------------- */

/* Whether a comment stands right before one of the tokens from `first` to `last`. Comments that
 * were written out don't count. */
static bool comment_within(const maker *m, size_t first, size_t last)
{
    size_t i = m->next_comment;
    while (i < m->comments && m->comment[i].token < first)
        i++;
    return i < m->comments && m->comment[i].token <= last;
}

/* Writes the comments before a token: the first at the end of the last line, if it stood so, the
 * others on lines of their own. One that stood right under a comment at the end of a line stays
 * under it. True if there were any; then no line is open. */
static bool write_comments(maker *m, size_t token, int indent)
{
    bool any = false;
    for (; m->next_comment < m->comments && m->comment[m->next_comment].token <= token;
         m->next_comment++) {
        const dt_comment *comment = &m->comment[m->next_comment];
        dt_slice text = slice(m, comment->place);
        assert(comment->token == token && "comments are written in order");
        any = true;
        if (m->open)
            end_line(m);
        if (!(comment->flags & DT_FIRST_ON_LINE) && m->code) {
            assert(!last_line(m)->comment.at);
            last_line(m)->comment = text;
            m->under = comment->column;
        } else if (m->under && m->under == comment->column && !(comment->flags & DT_AFTER_BLANK)) {
            begin_line(m, indent, false);
            end_line(m);
            last_line(m)->comment = text;
            m->under = comment->column;
        } else {
            begin_line(m, indent, comment->flags & DT_AFTER_BLANK);
            add_text(m, text.at, text.length);
            end_line(m);
        }
        m->code = false;
    }
    return any;
}

/* ---- columns --------------------------------------------------------------------------------- */

/* What begins a column in lines of each kind: a string ("\""), a word or a sign. */
static const struct {
    const char *kind, *begins;
    int slot;
} columns[] = {
    {"source",  "\"",          1},
    {"actor",   "\"",          1},
    {"actor",   "discount",    2},
    {"actor",   "rationality", 3},
    {"actor",   "unit",        4},
    {"param",   "=",           1},
    {"param",   "\"",          2},
    {"let",     "=",           1},
    {"state",   ":",           1},
    {"state",   "\"",          2},
    {"private", ":",           1},
    {"private", "\"",          2},
    {"role",    "=",           1},
    {"role",    "\"",          2},
    {"outcome", "\"",          1},
    {"outcome", "minimise",    2},
    {"outcome", "maximise",    2},
    {"outcome", "headline",    3},
    {"outcome", "=",           4},
    {"setting", "\"",          1},
    {"setting", "{",           2},
    {"policy",  "\"",          1},
    {"expect",  "under",       1},
    {"expect",  "with",        2},
    {"expect",  ":",           3},
    {"action",  "\"",          1},
    {"action",  "if",          2},
    {"action",  "{",           3},
    {"term",    "\"",          1},
    {"term",    "=",           2},
    {"step",    "show",        1},
    {"step",    "set",         2},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* The kind of line that a statement is when it stands on one line: 1 + its first column, 0: none.
 * `parent`: the first token of the declaration it is in; `first` itself if it is one. */
static int kind_of(const maker *m, size_t parent, size_t first, size_t *name_end)
{
    const char *kind = NULL;
    *name_end = first + 1;
    if (parent != first && (is_word(m, parent, "stage") || is_word(m, parent, "hidden")) &&
        m->token[first + 1].kind == DT_TOKEN_POINT) {
        kind = "action";
        *name_end = first + 2;
    } else if (parent != first && is_word(m, parent, "lever")) {
        kind = "setting";
    } else if (parent != first && is_word(m, parent, "tour")) {
        kind = "step";
    } else if (parent != first && is_word(m, parent, "payoff")) {
        kind = "term";
        *name_end = first;
    }
    for (int i = 0; i < COLUMNS; i++) {
        if (kind ? strcmp(columns[i].kind, kind) == 0
                 : parent == first && is_word(m, first, columns[i].kind))
            return i + 1;
    }
    return 0;
}

static void add_cell(maker *m, int kind, size_t at)
{
    const dt_token *token = &m->token[at];
    dt_line *line = last_line(m);
    for (int i = kind - 1; i < COLUMNS && strcmp(columns[i].kind, columns[kind - 1].kind) == 0;
         i++) {
        bool begins = *columns[i].begins == '"'
                          ? token->kind == DT_TOKEN_STRING
                          : dt_slice_is(slice(m, token->place), columns[i].begins);
        /* what stands behind `unit` is no description */
        if (!begins || (at > 0 && token->kind == DT_TOKEN_STRING && is_word(m, at - 1, "unit")))
            continue;
        size_t offset = m->out->text.bytes.count - token->place.length - line->at;
        dt_cell cell = {(uint32_t)offset, columns[i].slot, 0};
        dt_push(m->arena, &m->out->cell, cell);
        line->cells++;
        return;
    }
}

/* ---- statements ------------------------------------------------------------------------------ */

static size_t statement_end(const maker *m, size_t first)
{
    int depth = 0;
    for (size_t i = first;; i++) {
        const dt_token *next = &m->token[i + 1];
        depth += opens_block(next - 1) - closes_block(next - 1);
        assert(depth >= 0 && next[-1].kind != DT_TOKEN_END);
        if (depth == 0 && (next->kind == DT_TOKEN_END || next->kind == DT_TOKEN_SEMICOLON ||
                           (next->flags & DT_BEGINS_STATEMENT) || closes_block(next)))
            return i;
    }
}

static bool has_block(const maker *m, size_t first, size_t last)
{
    for (size_t i = first; i <= last; i++) {
        if (opens_block(&m->token[i]))
            return true;
    }
    return false;
}

/* Stages, levers, policies, payoffs and tours are broken unless they hold one simple statement at most; other
 * statements if blocks are nested in them more than three deep. */
static bool must_be_broken(const maker *m, size_t parent, size_t first, size_t last)
{
    int statements = 0, depth = 0;
    bool tiny = parent == first && (is_word(m, first, "stage") || is_word(m, first, "hidden") ||
                                    is_word(m, first, "policy") || is_word(m, first, "lever") ||
                                    is_word(m, first, "payoff") || is_word(m, first, "tour"));
    for (size_t i = first + 1; i <= last; i++) {
        depth += opens_block(&m->token[i]) - closes_block(&m->token[i]);
        statements += (m->token[i].flags & DT_BEGINS_STATEMENT) != 0;
        if (depth > (tiny ? 1 : 3) || (tiny && statements > 1))
            return true;
    }
    return false;
}

/* How well a line in parentheses can be broken before a token: 3 well … 1 badly, 0 not at all. */
static int break_before(const maker *m, size_t at)
{
    const dt_token *token = &m->token[at];
    if (token[-1].kind == DT_TOKEN_COMMA || is_word(m, at, "or"))
        return 3;
    if (is_word(m, at, "and"))
        return 2;
    switch (token->kind) {
    case DT_TOKEN_QUESTION:
    case DT_TOKEN_COLON:
        return 3;
    case DT_TOKEN_PLUS:
    case DT_TOKEN_MINUS:
        return !(token->flags & DT_TIGHT_AFTER);
    default:
        return 0;
    }
}

/* Whether a line must be broken before a token: because what comes from there to the next break that
 * is as good and no deeper in parentheses, or to the last ), is too long for the line. */
static bool is_too_long(const maker *m, size_t at, size_t last, int parentheses)
{
    int quality = parentheses > 0 ? break_before(m, at) : 0;
    int open = parentheses, width = m->width;
    if (quality == 0)
        return false;
    for (size_t i = at; i <= last && width <= DT_LAYOUT_WIDTH; i++) {
        const dt_token *token = &m->token[i];
        if (open == 0 || (i > at && open <= parentheses && break_before(m, i) >= quality))
            return false;
        width += space_between(token - 1, token);
        width += dt_width(m->source->text + token->place.offset, token->place.length);
        open += parenthesis(token);
    }
    return width > DT_LAYOUT_WIDTH;
}

/* Writes a statement on the open line; false, and nothing written, if it doesn't fit and there is a
 * way to break it. */
static bool write_flat(maker *m, size_t parent, size_t first, size_t last)
{
    dt_line *line = last_line(m);
    size_t name_end, text = m->out->text.bytes.count;
    int depth = 0, parentheses = 0;
    bool block = has_block(m, first, last), header = true;
    assert(m->open && first <= last && line->length == 0);
    line->kind = kind_of(m, parent, first, &name_end);
    for (size_t i = first; i <= last; i++) {
        const dt_token *token = &m->token[i];
        if (token->kind == DT_TOKEN_SEMICOLON)
            continue;
        if (i > first && (token->flags & DT_BEGINS_STATEMENT) && !(token->flags & DT_BEGINS_ARM) &&
            !opens_block(&m->token[m->previous]))
            add_text(m, ";", 1);
        bool too_long = is_too_long(m, i, last, parentheses);
        add_token(m, i);
        if (block ? m->width > DT_LAYOUT_WIDTH : too_long) {
            m->out->text.bytes.count = text;
            m->out->cell.count = line->cell;
            m->width = line->indent;
            line->kind = 0;
            line->cells = 0;
            return false;
        }
        if (line->kind && header && depth == 0 && i > name_end)
            add_cell(m, line->kind, i);
        depth += nesting(token);
        parentheses += parenthesis(token);
        header = header && !opens_block(token);
    }
    return true;
}

static size_t write_statements(maker *m, size_t parent, size_t at, int indent);

/* Writes a block from its { on, one statement a line; the } is in the open line at the end. Returns
 * the place of the }. */
static size_t write_block(maker *m, size_t parent, size_t at, int indent)
{
    assert(opens_block(&m->token[at]));
    add_token(m, at);
    at++;
    if (closes_block(&m->token[at]) && !comment_within(m, at, at)) {
        add_token(m, at);
        return at;
    }
    end_line(m);
    m->start = true;
    at = write_statements(m, parent, at, indent + DT_LAYOUT_INDENT);
    assert(closes_block(&m->token[at]));
    m->start = true;
    begin_line(m, indent, false);
    add_token(m, at);
    return at;
}

/* Writes a statement that doesn't stand on one line. */
static void write_broken(maker *m, size_t parent, size_t first, size_t last, int indent)
{
    enum { CONTINUED = 2 * DT_LAYOUT_INDENT };
    int depth = 0, parentheses = 0;
    assert(m->open && first <= last && m->width == indent);
    for (size_t i = first; i <= last; i++) {
        const dt_token *token = &m->token[i];
        assert(token->kind != DT_TOKEN_SEMICOLON && token->kind != DT_TOKEN_END);
        int deeper = depth > 0 ? indent + CONTINUED : indent;
        if (i > first && write_comments(m, i, deeper))
            begin_line(m, deeper, false);
        if (is_too_long(m, i, last, parentheses)) {
            end_line(m);
            begin_line(m, indent + CONTINUED, false);
        }
        if (opens_block(token)) {
            i = write_block(m, parent, i, indent);
        } else {
            add_token(m, i);
            depth += nesting(token);
            parentheses += parenthesis(token);
        }
    }
}

/* Writes statements until their block ends; returns the place of what ends it. */
static size_t write_statements(maker *m, size_t parent, size_t at, int indent)
{
    for (;; at++) {
        const dt_token *token = &m->token[at];
        if (m->open)
            end_line(m);
        write_comments(m, at, indent);
        if (token->kind == DT_TOKEN_END || closes_block(token))
            return at;
        if (token->kind == DT_TOKEN_SEMICOLON)
            continue;
        size_t last = statement_end(m, at), within = indent == 0 ? at : parent;
        begin_line(m, indent, token->flags & DT_AFTER_BLANK);
        bool broken = comment_within(m, at + 1, last) || must_be_broken(m, within, at, last);
        if (broken || !write_flat(m, within, at, last))
            write_broken(m, within, at, last, indent);
        at = last;
    }
}

void dt_layout_make(dt_arena *arena, const dt_source *source, const dt_tokens *tokens,
                    dt_layout *layout)
{
    *layout = (dt_layout){.text.arena = arena};
    maker m = {.arena = arena,
               .source = source,
               .token = tokens->list.at,
               .comment = tokens->comment.at,
               .comments = tokens->comment.count,
               .out = layout,
               .start = true};
    size_t end = write_statements(&m, 0, 0, 0);
    assert(end == tokens->list.count - 1 && m.next_comment == m.comments && !m.open);
    (void)end;
}
