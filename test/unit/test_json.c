/*
 * JSON: what RFC 8259 wants of strings and numbers, and commas where they belong, whatever pieces a
 * text is written in.
 */
#include <math.h>

#include "base/json.h"
#include "base/text.h"
#include "made.h"

static bool add(void *context, const char *text, size_t length)
{
    dt_text_add(context, text, length);
    return true;
}

static dt_status write_all(dt_arena *arena, void *argument)
{
    (void)argument;
    dt_text text = {.arena = arena};
    dt_writer out = {.write = add, .context = &text};
    dt_json_print(&out, "{name: %s, %s: %d", "a \"b\" \\ \n \x01 é", "k\"ey", -3);
    dt_json_print(&out, "n: %u, size: %zu, large: %llu, x: %g, none: %g", 4000000000u, (size_t)7,
                  18446744073709551615ull, 0.1, (double)INFINITY);
    dt_json_print(&out, "yes: %i, no: %i, nothing: null, empty: [], list:", 2, 0);
    dt_json_numbers(&out, (const double[]){1, (double)NAN, -2.5}, 3);
    dt_json_print(&out, "texts:");
    dt_json_texts(&out, (const char *const[]){"a", "b"}, 2);
    dt_json_print(&out, "pairs: [");
    for (int i = 0; i < 2; i++)
        dt_json_print(&out, "[%d, {x: %d}]", i, i);
    dt_json_print(&out, "]}");
    dt_writer_flush(&out);
    assert_string_equal(dt_text_get(&text),
                        "{\"name\":\"a \\\"b\\\" \\\\ \\u000a \\u0001 é\",\"k\\\"ey\":-3,"
                        "\"n\":4000000000,\"size\":7,\"large\":18446744073709551615,\"x\":0.1,"
                        "\"none\":null,\"yes\":true,\"no\":false,\"nothing\":null,\"empty\":[],"
                        "\"list\":[1,null,-2.5],\"texts\":[\"a\",\"b\"],"
                        "\"pairs\":[[0,{\"x\":0}],[1,{\"x\":1}]]}");
    return DT_OK;
}

static dt_status write_lines(dt_arena *arena, void *argument)
{
    (void)argument;
    dt_text text = {.arena = arena};
    dt_writer out = {.write = add, .context = &text, .spaced = true};
    dt_json_print(&out, "{a: 1\nb: [");
    for (int i = 0; i < 2; i++)
        dt_json_print(&out, "\n  [%d, %d]", i, i);
    dt_json_print(&out, "]\nc: %s}", "");
    dt_writer_flush(&out);
    assert_string_equal(dt_text_get(&text),
                        "{\"a\": 1,\n\"b\": [\n  [0, 0],\n  [1, 1]],\n\"c\": \"\"}");
    return DT_OK;
}

static void test_pieces(void **state)
{
    (void)state;
    in_arena(write_all);
}

static void test_lines(void **state)
{
    (void)state;
    in_arena(write_lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
