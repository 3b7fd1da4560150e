/*
 * What an editor is told of a text. The words that are marked as the language's are those of the grammar in docs/language.md, all of
 * them and no others; names are marked where the checker, which has a table of its own, says that they are declared; every
 * byte that isn't a sign or a blank is in one span. Whatever stands in a right text is offered at its place; and
 * whatever is offered, put there, is taken by the parser.
 */
#include "play.h"

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/job.h"
#include "lab/editing.h"
#include "lang/marks.h"
#include "lang/parser.h"
#include "model/model.h"
#include "model/offers.h"

static const char *const TEXTS[] = {
    "test/format/constructs.dtn",
    "test/format/calendar.dtn",
    "test/format/design.dtn",
    "test/format/presentation.dtn",
    "test/format/tour.dtn",
    "test/verification/parley.dtn",
    "test/verification/random-1.dtn",
    "models/classics/arms-race.dtn",
    "models/classics/covert-enrichment.dtn",
    "models/classics/crisis.dtn",
};
enum { TEXT_COUNT = sizeof TEXTS / sizeof TEXTS[0], FIRST_RIGHT = 5 /* as a model, too */ };

static dt_source read_text(dt_arena *arena, const char *name)
{
    char path[512];
    dt_file file;
    snprintf(path, sizeof path, "%s/%s", DT_ROOT, name);
    assert_int_equal(dt_file_read(arena, path, 1 << 20, &file), DT_OK);
    assert_non_null(file.text);
    return (dt_source){name, file.text, file.length};
}

static dt_source text_of(const char *text)
{
    return (dt_source){"text", text, strlen(text)};
}

static dt_slice at_place(const dt_source *source, dt_place place)
{
    return (dt_slice){source->text + place.offset, place.length};
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void work_on(dt_status (*work)(dt_arena *arena, void *argument), const char *name)
{
    assert_int_equal(dt_job(NULL, work, (void *)(uintptr_t)name), DT_OK);
}

/* ---- words of the language ----------------------------------------------------------------------- */

typedef struct words {
    dt_list(dt_slice) list;
} words;

static bool has_word(const words *words, dt_slice word)
{
    for (size_t i = 0; i < words->list.count; i++) {
        if (dt_slice_equal(words->list.at[i], word))
            return true;
    }
    return false;
}

/* What stands in double quotes in the grammar and is a word. */
static words read_grammar(dt_arena *arena)
{
    words found = {0};
    const dt_source docs = read_text(arena, "docs/language.md");
    const char *grammar = strstr(docs.text, "\n## Grammar\n");
    assert_non_null(grammar);
    grammar = strstr(grammar, "```text\n");
    assert_non_null(grammar);
    const char *end = strstr(grammar + 3, "\n```\n");
    assert_non_null(end);
    for (const char *open = grammar; (open = strchr(open, '"')) && open < end;) {
        const char *close = strchr(open + 1, '"');
        const dt_slice word = {open + 1, (size_t)(close - open - 1)};
        if (is_letter(*word.at) && !has_word(&found, word))
            dt_push(arena, &found.list, word);
        open = close + 1;
    }
    return found;
}

static dt_status compare_words(dt_arena *arena, void *argument)
{
    (void)argument;
    const words grammar = read_grammar(arena);
    assert_true(grammar.list.count > 60);
    words seen = {0};
    for (size_t t = 0; t < TEXT_COUNT; t++) {
        const dt_source source = read_text(arena, TEXTS[t]);
        const dt_spans spans = dt_marks_read(arena, &source);
        for (size_t i = 0; i < spans.list.count; i++) {
            const dt_slice word = at_place(&source, spans.list.at[i].place);
            const dt_mark mark = spans.list.at[i].mark;
            if (mark == DT_MARK_KEYWORD && !dt_slice_is(word, "none") && !has_word(&grammar, word))
                fail_msg("%s: '%.*s' is no word of the grammar", TEXTS[t], (int)word.length,
                         word.at);
            if ((mark == DT_MARK_KEYWORD || mark == DT_MARK_FUNCTION) && !has_word(&seen, word))
                dt_push(arena, &seen.list, word);
        }
    }
    for (size_t i = 0; i < grammar.list.count; i++) {
        const dt_slice word = grammar.list.at[i];
        if (!has_word(&seen, word))
            fail_msg("'%.*s' of the grammar is never marked", (int)word.length, word.at);
    }
    return DT_OK;
}

static void test_words(void **state)
{
    (void)state;
    work_on(compare_words, NULL);
}

/* ---- spans --------------------------------------------------------------------------------------- */

/* In order, apart, and with every letter, digit, string and comment in one of them. */
static dt_status cover(dt_arena *arena, void *name)
{
    const dt_source source = read_text(arena, name);
    const dt_spans spans = dt_marks_read(arena, &source);
    size_t at = 0;
    for (size_t i = 0; i <= spans.list.count; i++) {
        const bool last = i == spans.list.count;
        const size_t next = last ? source.length : spans.list.at[i].place.offset;
        assert_true(next >= at);
        for (; at < next; at++) {
            const char c = source.text[at];
            if (is_letter(c) || dt_is_digit(c) || c == '"' || c == '#')
                fail_msg("%s: byte %zu, '%c', isn't marked", (const char *)name, at, c);
        }
        if (last)
            break;
        assert_true(spans.list.at[i].place.length > 0);
        assert_true(spans.list.at[i].mark != DT_MARK_NOTHING);
        assert_true(spans.list.at[i].mark != DT_MARK_ERROR);
        at += spans.list.at[i].place.length;
    }
    return DT_OK;
}

static void test_cover(void **state)
{
    (void)state;
    for (size_t t = 0; t < TEXT_COUNT; t++)
        work_on(cover, TEXTS[t]);
}

static dt_mark mark_at(const dt_spans *spans, dt_place place)
{
    for (size_t i = 0; i < spans->list.count; i++) {
        if (spans->list.at[i].place.offset == place.offset) {
            assert_int_equal(spans->list.at[i].place.length, place.length);
            return spans->list.at[i].mark;
        }
    }
    fail_msg("nothing is marked at byte %u", place.offset);
    return DT_MARK_NOTHING;
}

/* A right text marks each name where the checker says that it is declared. */
static dt_status compare_declared(dt_arena *arena, void *name)
{
    play_log log;
    const dt_options options = play_options(&log);
    const dt_source source = read_text(arena, name);
    const dt_spans spans = dt_marks_read(arena, &source);
    dt_model *model;
    assert_int_equal(dt_model_parse(name, source.text, source.length, &options, &model), DT_OK);
#define EACH(array, count, IS, kind)                                                               \
    for (int i = 0; i < model->count; i++)                                                         \
    assert_int_equal(mark_at(&spans, model->array[i] IS.place), DT_MARK_##kind)
    EACH(actor, actors, .is, ACTOR);
    EACH(param, params, .is, PARAMETER);
    EACH(variable, variables, .is, VARIABLE);
    EACH(role, roles, .is, ROLE);
    EACH(stage, stages, .is, STAGE);
    EACH(outcome, declared_outcomes, .is, OUTCOME);
    EACH(lever, levers, .is, LEVER);
    EACH(source_list, sources, , SOURCE);
    EACH(end_list, ends, , END);
    for (int p = 0; p < model->policies; p++) {
        if (model->policy[p].is.place.length) /* not the one that is there unwritten */
            assert_int_equal(mark_at(&spans, model->policy[p].is.place), DT_MARK_POLICY);
    }
    for (int s = 0; s < model->stages; s++) {
        for (int a = 0; a < model->stage[s].actions; a++)
            assert_int_equal(mark_at(&spans, model->stage[s].action[a].is.place), DT_MARK_ACTION);
    }
    for (int l = 0; l < model->levers; l++) {
        for (int s = 0; s < model->lever[l].settings; s++)
            assert_int_equal(mark_at(&spans, model->lever[l].setting[s].is.place), DT_MARK_SETTING);
    }
    dt_model_free(model);
    return DT_OK;
}

static void test_declared(void **state)
{
    (void)state;
    for (size_t t = FIRST_RIGHT; t < TEXT_COUNT; t++)
        work_on(compare_declared, TEXTS[t]);
}

/* What is marked in a line of a text: each word with its kind, apart from signs. */
static dt_status read_uses(dt_arena *arena, void *argument)
{
    (void)argument;
    static const char *const text =
        "model m \"é\" # é\n"
        "period year from 2017Y\n"
        "actor A\nactor B\nsource s\n"
        "param pause = 4% ~ beta(1, 2) cite s\n"
        "state deal : {none, pause, cap} = pause\n"
        "state on : bool = no\n"
        "role envoy = A\n"
        "lever pace \"how fast\" { slow; fast { set pause = 0.5 } }\n"
        "stage talks : envoy, B { envoy.pause if deal < pause { deal := cap }\n envoy.on; B.on }\n"
        "payoff A { peace = pause * (pause <= deal) }\n"
        "outcome peace = ever(talks.envoy == pause and talks.envoy != none and envoy == B)\n"
        "policy p { use pace fast; start deal = cap; force B.on }\n"
        "expect \"it\" : peace under p < 1\n"
        "tour { step \"it\" show why peace p set pause = 1 }\n"
        "group \"\n";
    static const char *const marks =
        "keyword model string comment keyword model keyword date keyword actor keyword actor "
        "keyword source "
        "keyword parameter number function number number keyword source "
        "keyword variable value value value value keyword variable keyword keyword "
        "keyword role actor keyword lever string setting setting keyword parameter number "
        "keyword stage role actor role action keyword variable value variable value role action "
        "actor action "
        "keyword actor term parameter value variable "
        "keyword outcome function stage role action keyword stage role keyword keyword role actor "
        "keyword policy keyword lever setting keyword variable value keyword actor action "
        "keyword string outcome keyword policy number "
        "keyword keyword string keyword panel outcome policy keyword parameter number "
        "keyword error ";
    const dt_source source = text_of(text);
    const dt_spans spans = dt_marks_read(arena, &source);
    dt_text found = {.arena = arena};
    for (size_t i = 0; i < spans.list.count; i++)
        dt_text_print(&found, "%s ", dt_mark_word(spans.list.at[i].mark));
    assert_string_equal(dt_text_get(&found), marks);
    return DT_OK;
}

static void test_uses(void **state)
{
    (void)state;
    work_on(read_uses, NULL);
}

/* ---- offers -------------------------------------------------------------------------------------- */

static bool is_offered(const dt_offers *offers, dt_slice text, dt_mark mark)
{
    for (size_t i = 0; i < offers->list.count; i++) {
        if (dt_slice_equal(offers->list.at[i].text, text) && offers->list.at[i].mark == mark)
            return true;
    }
    return false;
}

/* Whatever is read where it stands, a word or a name that is declared elsewhere, is offered there. */
static dt_status compare_offers(dt_arena *arena, void *name)
{
    const dt_source source = read_text(arena, name);
    const dt_spans spans = dt_marks_read(arena, &source);
    dt_tokens tokens;
    (void)dt_parse_marked(arena, &source, &tokens, dt_diagnostics_new(arena, NULL, &source));
    size_t span = 0, asked = 0;
    for (size_t i = 0; i < tokens.list.count; i++) {
        const dt_token token = tokens.list.at[i];
        const bool word = token.naming == DT_NAMING_WORD || token.naming == DT_NAMING_DIRECTION ||
                          token.naming == DT_NAMING_FORM || token.naming == DT_NAMING_FUNCTION ||
                          token.naming == DT_NAMING_DISTRIBUTION;
        if (token.kind != DT_TOKEN_NAME || !(word || dt_naming_among(token.naming)))
            continue;
        while (spans.list.at[span].place.offset < token.place.offset)
            span++;
        if (spans.list.at[span].mark == DT_MARK_NAME)
            continue; /* not declared: not every text is right */
        const dt_slice text = at_place(&source, token.place);
        const dt_offers offers =
            dt_offers_at(arena, &source, token.place.offset + token.place.length);
        if (!is_offered(&offers, text, spans.list.at[span].mark))
            fail_msg("%s: '%.*s' isn't offered at byte %u", (const char *)name, (int)text.length,
                     text.at, token.place.offset);
        assert_int_equal(offers.from, token.place.offset);
        asked++;
    }
    assert_true(asked > 20);
    return DT_OK;
}

static void test_offered(void **state)
{
    (void)state;
    for (size_t t = 0; t < TEXT_COUNT; t++)
        work_on(compare_offers, TEXTS[t]);
}

typedef struct refusal {
    int line, column;
    bool there;
} refusal;

static void note_refusal(void *context, const dt_diagnostic *d)
{
    refusal *refused = context;
    refused->there |= d->severity == DT_ERROR && strcmp(d->code, "expected") == 0 &&
                      d->line == refused->line && d->column == refused->column;
}

/* Whether the parser, reading the text with the offer and `more` in it, wants something else in its place. */
static bool refuses(const dt_source *source, size_t from, size_t end, dt_slice offer,
                    const char *more)
{
    char text[8192];
    refusal refused = {.line = 1, .column = 1};
    const size_t put = from + offer.length + strlen(more), length = put + source->length - end;
    assert_true(length + 1 < sizeof text);
    memcpy(text, source->text, from);
    memcpy(text + from, offer.at, offer.length);
    memcpy(text + from + offer.length, more, strlen(more));
    memcpy(text + put, source->text + end, source->length - end);
    for (size_t i = 0; i < from; i++) {
        refused.line += text[i] == '\n';
        refused.column = text[i] == '\n' ? 1 : refused.column + ((text[i] & 0xC0) != 0x80);
    }
    const dt_options options = {.report = note_refusal, .report_context = &refused};
    dt_model *model = NULL;
    (void)dt_model_parse("text", text, length, &options, &model);
    dt_model_free(model);
    return refused.there;
}

/* Whatever is offered in place of a word is taken there. */
static dt_status try_offers(dt_arena *arena, void *name)
{
    const dt_source source = read_text(arena, name);
    const dt_spans spans = dt_marks_read(arena, &source);
    size_t tried = 0;
    for (size_t i = 0; i < spans.list.count; i++) {
        const dt_place place = spans.list.at[i].place;
        if (!is_letter(source.text[place.offset]))
            continue;
        const dt_offers offers = dt_offers_at(arena, &source, place.offset + place.length);
        for (size_t k = 0; k < offers.list.count; k++, tried++) {
            const dt_offer *offer = &offers.list.at[k];
            const size_t end = place.offset + place.length;
            if (refuses(&source, offers.from, end, offer->text, "") &&
                refuses(&source, offers.from, end, offer->text, " := 0;")) /* as an effect has it */
                fail_msg("%s: '%.*s' is offered at byte %zu and refused", (const char *)name,
                         (int)offer->text.length, offer->text.at, offers.from);
        }
    }
    assert_true(tried > 200);
    return DT_OK;
}

static void test_taken(void **state)
{
    (void)state;
    work_on(try_offers, "test/format/constructs.dtn");
    work_on(try_offers, "test/format/tour.dtn");
}

/* What is offered at the bar, joined by blanks. */
static const char *offered(dt_arena *arena, const char *text)
{
    const char *bar = strchr(text, '|');
    dt_text without = {.arena = arena}, found = {.arena = arena};
    dt_text_add(&without, text, (size_t)(bar - text));
    dt_text_add(&without, bar + 1, strlen(bar + 1));
    const dt_source source = text_of(dt_text_get(&without));
    const dt_offers offers = dt_offers_at(arena, &source, (size_t)(bar - text));
    for (size_t i = 0; i < offers.list.count; i++)
        dt_text_print(&found, "%s%.*s", i ? " " : "", (int)offers.list.at[i].text.length,
                      offers.list.at[i].text.at);
    return dt_text_get(&found);
}

#define HEAD                                                                                       \
    "model m\nactor A\nactor B\nstate deal : {pause, cap} = cap\nrole envoy = A\n"                 \
    "lever pace { slow; fast }\nstage talks : envoy { envoy.offer; envoy.wait }\n"

/* Where a text is broken off, or wrong. */
static dt_status compare_places(dt_arena *arena, void *argument)
{
    (void)argument;
    static const struct {
        const char *text, *offers;
    } places[] = {
        {"model |",                                    ""                                                   },
        {"mo|",                                        "model question group period horizon lookahead beliefs source actor param "
                "correlate let state private role "
                "stage hidden payoff end outcome lever policy expect tour"                   },
        {HEAD "stage reply : |",                       "A B envoy chance"                                   },
        {HEAD "payoff | {\n}",                         "A B envoy"                                          },
        {HEAD "policy p { use | }",                    "pace"                                               },
        {HEAD "policy p { use pace | }",               "fast slow"                                          },
        {HEAD "policy p { force envoy.| }",            "offer wait"                                         },
        {HEAD "policy p {\n  start deal = | }",        "cap pause yes no"                                   },
        {HEAD "policy p cite |",                       ""                                                   },
        {HEAD "end e when talks.|",                    "envoy"                                              },
        {HEAD "stage more : B { | }",                  "B"                                                  },
        {HEAD "outcome o = |",                         "ever first last mean total count"                   },
        {HEAD "outcome o = ever(x) |",                 "headline"                                           },
        {HEAD "horizon 2|",                            ""                                                   },
        {HEAD "source s \"a |\"",                      ""                                                   },
        {HEAD "# a comment |",                         ""                                                   },
        {HEAD "param x = 1 ~ |",                       "uniform normal lognormal beta gamma triangular pert"},
        {HEAD "param p = |\nexpect \"e\" under q : x", ""                                                   },
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strcmp(offered(arena, places[i].text), places[i].offers) != 0)
            fail_msg("%s\noffers '%s', not '%s'", places[i].text, offered(arena, places[i].text),
                     places[i].offers);
    }
    const char *beside = offered(arena, HEAD "end e when deal == |");
    assert_true(strncmp(beside, "cap pause ", 10) == 0);
    beside = offered(arena, HEAD "end e when talks.envoy != o|");
    assert_true(strncmp(beside, "offer wait none ", 16) == 0);
    beside = offered(arena, HEAD "end e when envoy == |");
    assert_true(strncmp(beside, "A B ", 4) == 0);
    return DT_OK;
}

static void test_places(void **state)
{
    (void)state;
    work_on(compare_places, NULL);
}

/* A text of any kind is answered: none, no model, cut off anywhere. */
static dt_status cut(dt_arena *arena, void *name)
{
    const dt_source source = read_text(arena, name);
    for (size_t length = 0; length <= source.length && length < 3000; length += 7) {
        const dt_source shorter = {"cut", source.text, length};
        (void)dt_marks_read(arena, &shorter);
        (void)dt_offers_at(arena, &shorter, length);
        (void)dt_offers_at(arena, &shorter, length / 2);
    }
    return DT_OK;
}

static void test_cut(void **state)
{
    (void)state;
    work_on(cut, "test/format/constructs.dtn");
}

static bool add(void *context, const char *text, size_t length)
{
    dt_text_add(context, text, length);
    return true;
}

/* Places are counted as JavaScript does: a character beyond the first 65536 is two units. */
static dt_status write_units(dt_arena *arena, void *argument)
{
    (void)argument;
    const dt_source source = text_of("# \U0001F600 é\nactor A\nac");
    dt_text text = {.arena = arena};
    dt_writer out = {.write = add, .context = &text};
    dt_write_marks(&out, &source, arena);
    dt_writer_flush(&out);
    const char *spans = strstr(dt_text_get(&text), "\"spans\"");
    assert_non_null(spans);
    char wanted[128];
    snprintf(wanted, sizeof wanted, "\"spans\":[0,6,%d,7,5,%d,13,1,%d,15,2,%d]}", DT_MARK_COMMENT,
             DT_MARK_KEYWORD, DT_MARK_ACTOR, DT_MARK_NAME);
    assert_string_equal(spans, wanted);
    text.bytes.count = 0;
    out = (dt_writer){.write = add, .context = &text};
    dt_write_offers(&out, &source, source.length, arena);
    dt_writer_flush(&out);
    assert_int_equal(strncmp(dt_text_get(&text), "{\"from\":15,\"offers\":[[", 22), 0);
    return DT_OK;
}

static void test_units(void **state)
{
    (void)state;
    work_on(write_units, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),    cmocka_unit_test(test_cover),
        cmocka_unit_test(test_declared), cmocka_unit_test(test_uses),
        cmocka_unit_test(test_offered),  cmocka_unit_test(test_taken),
        cmocka_unit_test(test_places),   cmocka_unit_test(test_cut),
        cmocka_unit_test(test_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
