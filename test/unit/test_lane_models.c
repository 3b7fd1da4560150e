/*
 * Whole models in lanes: every kernel gives the same bits, and a world among others those that it has
 * alone, on the models that are shipped and those of test/verification; or, with a folder and a number as
 * arguments, on the models that lie there, of which there must be so many.
 */
#define _GNU_SOURCE /* glob */
#include "worlds.h"

#include <glob.h>

/* Of a large model fewer worlds and policies are compared. */
enum { WORLDS = 11, FEW = 3, LARGE = 20000 /* bytes of text */ };

static const char *folder;
static size_t wanted;

static size_t compare_all(const char *pattern)
{
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FILE *file = fopen(found.gl_pathv[i], "r");
        assert_non_null(file);
        assert_int_equal(fseek(file, 0, SEEK_END), 0);
        const bool large = ftell(file) > LARGE;
        fclose(file);
        assert_true(compare_model(found.gl_pathv[i], large ? FEW : WORLDS, large) > 0);
    }
    const size_t count = found.gl_pathc;
    globfree(&found);
    return count;
}

static void test_models(void **state)
{
    (void)state;
    char pattern[1024];
    if (folder) {
        snprintf(pattern, sizeof pattern, "%s/*.dtn", folder);
        const size_t count = compare_all(pattern);
        print_message("%zu models\n", count);
        assert_true(count >= wanted);
        return;
    }
    assert_true(compare_all(DT_ROOT "/models/*/*.dtn") >= 8);
    for (size_t m = 0; m < PLAY_MODELS_COUNT; m++)
        assert_true(compare_model(PLAY_MODELS[m], WORLDS, false) >= WORLDS);
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        folder = argv[1];
        wanted = strtoul(argv[2], NULL, 10);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
