/*
 * Offers: an empty name is put among the tokens of the text, in the place of the word that ends there; the
 * parser is asked about it, and what it has asked for is written out: words as they are, kinds of names
 * as the names of these kinds.
 */
#include "model/offers.h"

#include <assert.h>

#include "lang/form.h"
#include "lang/parser.h"
#include "model/checker.h"

static const char *const functions[] = {
#define X(name, op, least, most, arguments) name,
    DT_FUNCTIONS(X)
#undef X
};

typedef struct offering {
    dt_arena *arena;
    const dt_source *source;
    dt_tokens tokens;
    dt_names names;
    size_t at; /* the empty name */
    dt_offers offers;
} offering;

static bool is(dt_asked asked, dt_naming naming)
{
    return asked.naming >> naming & 1;
}

/* ---- the place ----------------------------------------------------------------------------------- */

static bool line_ends_between(const dt_source *source, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (source->text[i] == '\n')
            return true;
    }
    return false;
}

static bool in_comment(const offering *o, size_t at)
{
    for (size_t i = 0; i < o->tokens.comment.count; i++) {
        const dt_place place = o->tokens.comment.at[i].place;
        if (place.offset < at && !line_ends_between(o->source, place.offset, at))
            return true;
    }
    return false;
}

/* Puts the empty name at byte `at`; false where none can stand. */
static bool put_name(offering *o, size_t at)
{
    dt_token *token = o->tokens.list.at;
    const size_t count = o->tokens.list.count;
    size_t i = 0;
    while (i + 1 < count && token[i].place.offset + token[i].place.length < at)
        i++;
    o->at = i;
    o->offers.from = at;
    const size_t begins = token[i].place.offset, ends = begins + token[i].place.length;
    if (i + 1 < count && begins < at && at <= ends) {
        if (token[i].kind == DT_TOKEN_NAME) {
            o->offers.from = begins;
            token[i].place.length = 0;
            return true;
        }
        if (token[i].kind == DT_TOKEN_NUMBER || token[i].kind == DT_TOKEN_LABEL ||
            token[i].kind == DT_TOKEN_BAD || at < ends)
            return false;
        o->at = ++i;
    }
    if (in_comment(o, at))
        return false;
    const size_t before = i > 0 ? token[i - 1].place.offset + token[i - 1].place.length : 0;
    const bool first = i == 0 || line_ends_between(o->source, before, at);
    dt_push(o->arena, &o->tokens.list, (dt_token){0});
    token = o->tokens.list.at;
    for (size_t k = count; k > i; k--)
        token[k] = token[k - 1];
    token[i] = (dt_token){
        .kind = DT_TOKEN_NAME, .flags = first ? DT_FIRST_ON_LINE : 0, .place = {(uint32_t)at, 0}
    };
    if (!line_ends_between(o->source, at, token[i + 1].place.offset))
        token[i + 1].flags &= (uint8_t)~DT_FIRST_ON_LINE;
    return true;
}

/* ---- what is offered ----------------------------------------------------------------------------- */

static void add(offering *o, dt_slice text, dt_mark mark, bool beside)
{
    if (text.length)
        dt_push(o->arena, &o->offers.list, (dt_offer){text, mark, beside});
}

static void add_word(offering *o, const char *word, dt_mark mark)
{
    add(o, dt_slice_of(word), mark, false);
}

/* All names of these marks, each once; if `of` is given, of those that belong to it. */
static void add_names(offering *o, unsigned marks, const dt_slice *of)
{
    const dt_declared *before = NULL;
    for (size_t i = 0; i < o->names.list.count; i++) {
        const dt_declared *name = &o->names.list.at[i];
        if (!(marks & (1u << name->mark)) || (of && !dt_slice_equal(name->of, *of)))
            continue;
        if (!before || before->mark != name->mark || !dt_slice_equal(before->name, name->name))
            add(o, name->name, name->mark, of);
        before = name;
    }
}

/* Token `i` before the place; the empty text if there is none. */
static dt_slice text_before(const offering *o, size_t i)
{
    return o->at >= i ? dt_token_text(o->source, &o->tokens, o->at - i) : (dt_slice){"", 0};
}

/* The movers of the stage whose name is token `stage`. */
static void add_movers(offering *o, size_t stage)
{
    const dt_token *token = o->tokens.list.at;
    for (size_t i = stage + 1; i < o->tokens.list.count && token[i].naming != DT_NAMING_STAGE;
         i++) {
        if (token[i].naming != DT_NAMING_MOVES)
            continue;
        const dt_slice name = dt_token_text(o->source, &o->tokens, i);
        add(o, name, dt_names_have(&o->names, name, DT_MARK_ROLE) ? DT_MARK_ROLE : DT_MARK_ACTOR,
            true);
    }
}

static bool is_stage(const offering *o, size_t at)
{
    return o->tokens.list.at[at].naming == DT_NAMING_STAGE;
}

/* The mover of a choice, after the point, or of an action, at the beginning of its line. */
static void offer_mover(offering *o)
{
    size_t stage = o->at;
    if (o->at >= 2 && o->tokens.list.at[o->at - 1].kind == DT_TOKEN_POINT) {
        stage = 0;
        while (stage < o->tokens.list.count &&
               !(is_stage(o, stage) &&
                 dt_slice_equal(dt_token_text(o->source, &o->tokens, stage), text_before(o, 2))))
            stage++;
    } else {
        while (stage > 0 && !is_stage(o, stage))
            stage--;
    }
    if (stage < o->tokens.list.count)
        add_movers(o, stage);
}

/* What is read beside the place: values, actions of a choice, actors who may hold a role. */
static void offer_beside(offering *o)
{
    dt_slice variable = {"", 0};
    for (size_t i = o->at; i-- > 0 && variable.length == 0;) {
        if (o->tokens.list.at[i].naming == DT_NAMING_VARIABLE)
            variable = dt_token_text(o->source, &o->tokens, i);
    }
    const dt_beside beside = dt_beside_token(o->source, &o->tokens, &o->names, o->at, variable);
    if (beside.mark == DT_MARK_ACTOR)
        add_names(o, DT_MARKED(ACTOR), NULL);
    else if (beside.mark != DT_MARK_NOTHING)
        add_names(o, 1u << beside.mark, &beside.of);
    if (beside.mark == DT_MARK_ACTION)
        add_word(o, "none", DT_MARK_KEYWORD);
}

static void offer_functions(offering *o, dt_asked asked)
{
    for (int i = 0; is(asked, DT_NAMING_FORM) && i < DT_FORM_COUNT; i++)
        add_word(o, dt_form_word((dt_form)i), DT_MARK_FUNCTION);
    for (size_t i = 0; is(asked, DT_NAMING_FUNCTION) && i < sizeof functions / sizeof *functions;
         i++)
        add_word(o, functions[i], DT_MARK_FUNCTION);
    for (size_t i = 0; is(asked, DT_NAMING_DISTRIBUTION) && dt_distribution_word(i); i++)
        add_word(o, dt_distribution_word(i), DT_MARK_FUNCTION);
}

static void offer(offering *o, dt_asked asked)
{
    if (is(asked, DT_NAMING_MOVER))
        offer_mover(o);
    if (is(asked, DT_NAMING_READ) || is(asked, DT_NAMING_A_VALUE))
        offer_beside(o);
    const dt_slice mover = text_before(o, 2), lever = text_before(o, 1);
    if (is(asked, DT_NAMING_AN_ACTION))
        add_names(o, DT_MARKED(ACTION), &mover);
    if (is(asked, DT_NAMING_A_SETTING))
        add_names(o, DT_MARKED(SETTING), &lever);
    unsigned marks = 0;
    for (dt_naming naming = DT_NAMING_NONE; naming < DT_NAMING_COUNT; naming++) {
        if (is(asked, naming) && naming != DT_NAMING_MOVER)
            marks |= dt_naming_among(naming);
    }
    if (is(asked, DT_NAMING_READ))
        marks &= ~DT_MARKED(ACTOR); /* beside a role alone */
    add_names(o, marks & ~(DT_MARKED(VALUE) | DT_MARKED(ACTION) | DT_MARKED(SETTING)), NULL);
    offer_functions(o, asked);
    for (size_t i = 0; is(asked, DT_NAMING_SHOWN) && dt_page_panel(i); i++)
        add_word(o, dt_page_panel(i), DT_MARK_PANEL);
    for (size_t i = 0; i < asked.word.count; i++)
        add_word(o, asked.word.at[i], DT_MARK_KEYWORD);
}

dt_offers dt_offers_at(dt_arena *arena, const dt_source *source, size_t at)
{
    offering o = {.arena = arena, .source = source};
    assert(at <= source->length);
    if (source->length > DT_MAX_TEXT)
        return o.offers;
    dt_diagnostics *unheard = dt_diagnostics_new(arena, NULL, source);
    o.tokens = dt_tokens_read(arena, source, unheard);
    if (!put_name(&o, at))
        return o.offers;
    dt_asked asked = {.arena = arena, .at = o.at};
    (void)dt_parse_tokens(arena, source, &o.tokens, unheard, &asked);
    o.names = dt_names_of_tokens(arena, source, &o.tokens);
    offer(&o, asked);
    return o.offers;
}
