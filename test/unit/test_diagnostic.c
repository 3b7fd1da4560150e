/*
 * Diagnostics: sorted by place, twenty at most, none twice at one place, line and column in
 * characters; the nearest name; the layout of the syntax tree that others rely on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lang/syntax.h"

typedef struct told {
    int count;
    char text[4000]; /* "line:column+length message|hint|source" lines */
} told;

static void report(void *context, const dt_diagnostic *d)
{
    told *t = context;
    size_t used = strlen(t->text);
    t->count++;
    snprintf(t->text + used, sizeof t->text - used, "%s%s:%d:%d+%d %s|%s|%s\n",
             d->severity == DT_WARNING ? "w " : "", d->file, d->line, d->column, d->length,
             d->message, d->hint, d->source);
}

typedef struct job {
    dt_arena *arena;
    dt_source source;
    dt_options options;
    told told;
    void (*speak)(dt_diagnostics *diagnostics);
    size_t errors;
} job;

static dt_status work(void *argument)
{
    job *j = argument;
    dt_diagnostics *diagnostics = dt_diagnostics_new(j->arena, &j->options, &j->source);
    j->speak(diagnostics);
    j->errors = dt_diagnostics_errors(diagnostics);
    dt_diagnostics_flush(diagnostics);
    int count = j->told.count;
    dt_diagnostics_flush(diagnostics); /* nothing is left */
    assert_int_equal(j->told.count, count);
    return DT_OK;
}

static void hear(job *j, const char *text, void (*speak)(dt_diagnostics *diagnostics))
{
    *j = (job){
        .arena = dt_arena_new(NULL, 0), .source = {"f", text, strlen(text)},
              .speak = speak
    };
    j->options = (dt_options){.report = report, .report_context = &j->told};
    assert_int_equal(dt_arena_try(j->arena, work, j), DT_OK);
    dt_arena_free(j->arena);
}

static void speak_unordered(dt_diagnostics *d)
{
    dt_complain(d, DT_EXPECTED, (dt_place){7, 1}, "x", "y");
    dt_complain(d, DT_MEMORY, (dt_place){0, 0}, "placeless");
    dt_complain_more(d, DT_GIVEN_TWICE, (dt_place){3, 3}, "hint", NULL, "it");
    dt_complain(d, DT_STRAY_BRACE, (dt_place){7, 1});        /* a second error at one place */
    dt_complain(d, DT_EXPECTED, (dt_place){7, 9}, "x", "z"); /* the same one, longer */
    dt_complain(d, DT_UNREACHED_STAGE, (dt_place){0, 1}, "s");
    dt_complain(d, DT_UNREACHED_STAGE, (dt_place){0, 1}, "t");
    dt_complain(d, DT_UNREACHED_STAGE, (dt_place){0, 1}, "s");
}

static void test_order(void **state)
{
    (void)state;
    job j;
    /* offsets: ä 0-1, newline 2, é 3-4, x 5, CR 6, newline 7, end 8 */
    hear(&j, "\xc3\xa4\n\xc3\xa9x\r\n", speak_unordered);
    assert_string_equal(j.told.text,
                        "f:2:1+2 it is given twice|hint|\xc3\xa9x\n"
                        "f:2:3+1 expected x, found y||\xc3\xa9x\n"
                        ":0:0+0 placeless||\n"
                        "w f:1:1+1 stage 's' is never reached under any policy||\xc3\xa4\n"
                        "w f:1:1+1 stage 't' is never reached under any policy||\xc3\xa4\n");
    assert_int_equal(j.errors, 5);
}

static void speak_backwards(dt_diagnostics *d)
{
    for (uint32_t i = 50; i-- > 0;)
        dt_complain(d, DT_STRAY_BRACE, (dt_place){i, 1});
}

static void test_many(void **state)
{
    (void)state;
    job j;
    hear(&j, "}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}", speak_backwards);
    assert_int_equal(j.told.count, 21);
    assert_int_equal(j.errors, 50);
    assert_non_null(strstr(j.told.text, "f:1:1+1 "));
    assert_non_null(strstr(j.told.text, "f:1:20+1 "));
    assert_null(strstr(j.told.text, "f:1:21+1 "));
    assert_non_null(strstr(j.told.text, "f:0:0+0 and 30 more errors||\n"));
}

static const char *nearest(const char *name)
{
    static const char *const names[] = {"tension", "stage", "state", "cap", "x", "ROK"};
    return dt_nearest(dt_slice_of(name), names, sizeof names / sizeof *names);
}

static void test_nearest(void **state)
{
    (void)state;
    assert_string_equal(nearest("tenson"), "tension");   /* a letter left out */
    assert_string_equal(nearest("tenssion"), "tension"); /* one too many */
    assert_string_equal(nearest("tesnion"), "tension");  /* two swapped */
    assert_string_equal(nearest("staje"), "stage");      /* one changed */
    assert_string_equal(nearest("sate"), "state");
    assert_string_equal(nearest("Tension"), "tension"); /* only its case */
    assert_string_equal(nearest("rok"), "ROK");
    assert_null(nearest("tension")); /* it is none but itself */
    assert_null(nearest("y"));       /* not a letter in common */
    assert_null(nearest("tenor"));
    assert_null(nearest(""));
    assert_null(
        nearest("a_name_that_is_so_long_that_nobody_can_have_meant_any_of_those_that_there_are"));
}

static void test_characters(void **state)
{
    (void)state;
    assert_int_equal(dt_read_character("a", 1), 1);
    assert_int_equal(dt_read_character("\xc3\xa4", 2), 2);
    assert_int_equal(dt_read_character("\xe2\x89\xa4", 3), 3);
    assert_int_equal(dt_read_character("\xf0\x9f\x98\x80", 4), 4);
    assert_int_equal(dt_read_character("\xf4\x8f\xbf\xbf", 4), 4); /* the last there is */
    assert_int_equal(dt_read_character("", 0), 0);
    assert_int_equal(dt_read_character("\xe2\x89", 2), 0); /* cut off */
    assert_int_equal(dt_read_character("\x80", 1), 0);     /* begins in the middle */
    assert_int_equal(dt_read_character("\xc0\xaf", 2), 0); /* longer than need be */
    assert_int_equal(dt_read_character("\xe0\x80\x80", 3), 0);
    assert_int_equal(dt_read_character("\xed\xa0\x80", 3), 0);     /* a surrogate */
    assert_int_equal(dt_read_character("\xf4\x90\x80\x80", 4), 0); /* past the last */
    assert_int_equal(dt_read_character("\xff", 1), 0);
}

static const char tree_text[] = "let a = b - c - -d * (e or not f and g < h ? 1 : 2)\n"
                                "param p = -5% ~ beta(1, 2) in 0 .. 1 cite q\n";

static void speak_tree(dt_diagnostics *d)
{
    dt_source source = {"f", tree_text, sizeof tree_text - 1};
    dt_arena *arena = dt_arena_new(NULL, 0);
    /* The memory is there: nothing leaves through dt_arena_try. */
    const dt_syntax *file = dt_parse(arena, &source, d);
    const dt_syntax *let = file->first, *minus = let->first, *param = let->next;
    assert_int_equal(let->kind, DT_SYNTAX_LET);
    assert_true(dt_slice_is(let->text, "a"));
    assert_int_equal(minus->kind, DT_SYNTAX_MINUS);
    assert_int_equal(minus->first->kind, DT_SYNTAX_MINUS); /* to the left */
    const dt_syntax *times = minus->last;
    assert_int_equal(times->kind, DT_SYNTAX_TIMES);
    assert_int_equal(times->first->kind, DT_SYNTAX_NEGATE); /* binds most tightly */
    const dt_syntax *choice = times->last;
    assert_int_equal(choice->kind, DT_SYNTAX_CONDITIONAL); /* loosest */
    assert_int_equal(choice->first->kind, DT_SYNTAX_OR);
    assert_int_equal(choice->first->last->kind, DT_SYNTAX_AND);
    assert_int_equal(choice->first->last->first->kind, DT_SYNTAX_NOT);
    assert_int_equal(choice->first->last->last->kind, DT_SYNTAX_LESS);
    assert_int_equal(choice->place.offset, strchr(tree_text, '(') - tree_text);
    assert_int_equal(param->kind, DT_SYNTAX_PARAM);
    assert_true(param->first->number == -0.05);
    const dt_syntax *risk = dt_syntax_child(param, DT_SYNTAX_DISTRIBUTION, 0);
    assert_non_null(dt_syntax_child(risk, DT_SYNTAX_RANGE, 0)); /* its truncation */
    assert_null(dt_syntax_child(param, DT_SYNTAX_RANGE, 0));
    assert_true(dt_syntax_child(risk, DT_SYNTAX_NUMBER, 1)->number == 2);
    assert_null(dt_syntax_child(risk, DT_SYNTAX_NUMBER, 2));
    dt_arena_free(arena);
}

static void test_tree(void **state)
{
    (void)state;
    job j;
    hear(&j, "", speak_tree);
    assert_int_equal(j.told.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),   cmocka_unit_test(test_many),
        cmocka_unit_test(test_nearest), cmocka_unit_test(test_characters),
        cmocka_unit_test(test_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
