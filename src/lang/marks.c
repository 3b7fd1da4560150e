/*
 * Marks: the text is parsed, the names that it declares are gathered and sorted, and each token that was taken for a
 * name is looked up by binary search. What belongs to what is told by the tokens before: a value to the variable
 * declared last, an action to the mover before its point, a setting to its lever.
 */
#include "lang/marks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lang/parser.h"

static const dt_slice NOBODY = {"", 0};

dt_slice dt_token_text(const dt_source *source, const dt_tokens *tokens, size_t at)
{
    assert(at < tokens->list.count);
    const dt_place place = tokens->list.at[at].place;
    return (dt_slice){source->text + place.offset, place.length};
}

/* ---- names that are declared --------------------------------------------------------------------- */

static int compare_slices(dt_slice a, dt_slice b)
{
    const size_t least = a.length < b.length ? a.length : b.length;
    const int order = least ? memcmp(a.at, b.at, least) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_declared(const void *left, const void *right)
{
    const dt_declared *a = left, *b = right;
    int order = compare_slices(a->name, b->name);
    if (order == 0)
        order = (int)a->mark - (int)b->mark;
    return order ? order : compare_slices(a->of, b->of);
}

dt_names dt_names_of_tokens(dt_arena *arena, const dt_source *source, const dt_tokens *tokens)
{
    dt_names names = {0};
    dt_slice variable = NOBODY, lever = NOBODY;
    for (size_t i = 0; i < tokens->list.count; i++) {
        const dt_mark mark = dt_naming_declares(tokens->list.at[i].naming);
        if (mark < DT_MARK_MODEL || mark == DT_MARK_FUNCTION)
            continue;
        dt_declared declared = {dt_token_text(source, tokens, i), mark, NOBODY};
        if (mark == DT_MARK_VARIABLE)
            variable = declared.name;
        else if (mark == DT_MARK_LEVER)
            lever = declared.name;
        else if (mark == DT_MARK_VALUE)
            declared.of = variable;
        else if (mark == DT_MARK_SETTING)
            declared.of = lever;
        else if (mark == DT_MARK_ACTION && i >= 2) /* MOVER . NAME */
            declared.of = dt_token_text(source, tokens, i - 2);
        dt_push(arena, &names.list, declared);
    }
    if (names.list.count)
        qsort(names.list.at, names.list.count, sizeof *names.list.at, compare_declared);
    return names;
}

/* The first name that isn't before the key; NULL if there is none of its spelling and mark. */
static const dt_declared *find(const dt_names *names, dt_slice name, dt_mark mark, dt_slice of)
{
    const dt_declared key = {name, mark, of};
    size_t low = 0, high = names->list.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_declared(&names->list.at[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const dt_declared *found = low < names->list.count ? &names->list.at[low] : NULL;
    return found && found->mark == mark && dt_slice_equal(found->name, name) ? found : NULL;
}

bool dt_names_have(const dt_names *names, dt_slice name, dt_mark mark)
{
    return find(names, name, mark, NOBODY) != NULL;
}

/* ---- what stands beside -------------------------------------------------------------------------- */

static bool is_comparison(dt_token_kind kind)
{
    return kind == DT_TOKEN_EQUAL || kind == DT_TOKEN_UNEQUAL || kind == DT_TOKEN_LESS ||
           kind == DT_TOKEN_AT_MOST || kind == DT_TOKEN_GREATER || kind == DT_TOKEN_AT_LEAST;
}

static bool is_assignment(dt_token_kind kind)
{
    return kind == DT_TOKEN_ASSIGN || kind == DT_TOKEN_ADD || kind == DT_TOKEN_SUBTRACT;
}

/* What is read beside the name at token `at`, the mover if it is a choice. */
static dt_beside beside_name(const dt_source *source, const dt_tokens *tokens,
                             const dt_names *names, size_t at, bool choice)
{
    const dt_slice name = dt_token_text(source, tokens, at);
    if (tokens->list.at[at].kind != DT_TOKEN_NAME)
        return (dt_beside){DT_MARK_NOTHING, NOBODY};
    if (choice)
        return (dt_beside){DT_MARK_ACTION, name};
    if (dt_names_have(names, name, DT_MARK_VARIABLE))
        return (dt_beside){DT_MARK_VALUE, name};
    if (dt_names_have(names, name, DT_MARK_ROLE))
        return (dt_beside){DT_MARK_ACTOR, NOBODY};
    return (dt_beside){DT_MARK_NOTHING, NOBODY};
}

dt_beside dt_beside_token(const dt_source *source, const dt_tokens *tokens, const dt_names *names,
                          size_t at, dt_slice variable)
{
    const dt_token *token = tokens->list.at;
    const bool start = token[at].naming == DT_NAMING_A_VALUE;
    if (at >= 2 && (is_comparison(token[at - 1].kind) || is_assignment(token[at - 1].kind) ||
                    (start && token[at - 1].kind == DT_TOKEN_IS))) {
        const bool choice = at >= 4 && token[at - 3].kind == DT_TOKEN_POINT;
        const dt_beside beside = beside_name(source, tokens, names, at - 2, choice);
        if (beside.mark != DT_MARK_NOTHING)
            return beside;
    }
    if (at + 2 < tokens->list.count && is_comparison(token[at + 1].kind)) {
        const bool choice = at + 4 < tokens->list.count && token[at + 3].kind == DT_TOKEN_POINT;
        return beside_name(source, tokens, names, choice ? at + 4 : at + 2, choice);
    }
    return (dt_beside){start ? DT_MARK_VALUE : DT_MARK_NOTHING, start ? variable : NOBODY};
}

/* ---- spans --------------------------------------------------------------------------------------- */

/* What a name is that is looked up among these marks. */
static dt_mark look_up(const dt_names *names, dt_slice name, unsigned among, dt_beside beside)
{
    const bool here = beside.mark != DT_MARK_NOTHING && among & (1u << beside.mark);
    if (here) {
        const dt_declared *found = find(names, name, beside.mark, beside.of);
        if (found && dt_slice_equal(found->of, beside.of))
            return beside.mark;
        if (beside.mark == DT_MARK_ACTION && dt_slice_is(name, "none"))
            return DT_MARK_KEYWORD;
    }
    for (dt_mark mark = DT_MARK_MODEL; mark < DT_MARK_COUNT; mark++) {
        if (among & (1u << mark) && dt_names_have(names, name, mark))
            return mark;
    }
    return among & DT_MARKED(PANEL) ? DT_MARK_PANEL : DT_MARK_NAME;
}

static dt_mark mark_of_name(const dt_source *source, const dt_tokens *tokens, const dt_names *names,
                            size_t at, dt_slice variable)
{
    const dt_naming naming = tokens->list.at[at].naming;
    const dt_slice name = dt_token_text(source, tokens, at);
    unsigned among = dt_naming_among(naming);
    if (naming == DT_NAMING_NONE) { /* passed over after an error */
        if (dt_word_is_reserved(name))
            return DT_MARK_KEYWORD;
        for (dt_naming any = DT_NAMING_NONE; any < DT_NAMING_COUNT; any++)
            among |= dt_naming_among(any);
        among &= ~DT_MARKED(PANEL);
    }
    if (!among)
        return dt_naming_declares(naming);
    return look_up(names, name, among, dt_beside_token(source, tokens, names, at, variable));
}

static dt_mark mark_of_token(const dt_source *source, const dt_tokens *tokens,
                             const dt_names *names, size_t at, dt_slice variable)
{
    switch (tokens->list.at[at].kind) {
    case DT_TOKEN_NAME:
        return mark_of_name(source, tokens, names, at, variable);
    case DT_TOKEN_NUMBER:
        return DT_MARK_NUMBER;
    case DT_TOKEN_LABEL:
        return DT_MARK_DATE;
    case DT_TOKEN_STRING:
        return DT_MARK_STRING;
    case DT_TOKEN_BAD:
        return DT_MARK_ERROR;
    default:
        return DT_MARK_NOTHING;
    }
}

dt_spans dt_marks_read(dt_arena *arena, const dt_source *source)
{
    dt_spans spans = {0};
    if (source->length > DT_MAX_TEXT)
        return spans;
    dt_tokens tokens = {0};
    dt_diagnostics *unheard = dt_diagnostics_new(arena, NULL, source);
    (void)dt_parse_marked(arena, source, &tokens, unheard);
    const dt_names names = dt_names_of_tokens(arena, source, &tokens);
    dt_slice variable = NOBODY; /* declared last */
    size_t comment = 0;
    for (size_t i = 0; i < tokens.list.count; i++) {
        if (tokens.list.at[i].naming == DT_NAMING_VARIABLE)
            variable = dt_token_text(source, &tokens, i);
        for (; comment < tokens.comment.count && tokens.comment.at[comment].token <= i; comment++)
            dt_push(arena, &spans.list,
                    (dt_span){tokens.comment.at[comment].place, DT_MARK_COMMENT});
        const dt_mark mark = mark_of_token(source, &tokens, &names, i, variable);
        if (mark != DT_MARK_NOTHING)
            dt_push(arena, &spans.list, (dt_span){tokens.list.at[i].place, mark});
    }
    return spans;
}
