/*
 * Whole models in lanes: every kernel gives the same bits, and a world among others those that it has
 * alone, on the models that are shipped and those of test/verification; or, with a folder and a number as
 * arguments, on the models that lie there, of which there must be so many.
 */
#define _GNU_SOURCE /* glob */
#include "worlds.h"

#include <glob.h>

/* Of a large model fewer worlds and policies are compared; none where a sanitizer watches, since what runs there
 * runs in small ones, too. */
enum { WORLDS = 11, FEW = 3, LARGE = 100000 /* nodes, points of beliefs, periods */ };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { LEAST = 0 };
#elif defined(__has_feature)
enum { LEAST = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ? 0 : 1 };
#else
enum { LEAST = 1 };
#endif

static const char *folder;
static size_t wanted;

static bool is_large(const char *path)
{
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model;
    dt_game *game;
    assert_int_equal(dt_model_read(path, &options, &model), DT_OK);
    double *nominal = draw(model, 1);
    assert_int_equal(dt_game_explore_known(model, 0, nominal, 1, &options, &game), DT_OK);
    const uint64_t points = game->privates ? dt_model_beliefs(model, &options) : 1;
    const bool large = game->nodes * points * (game->forever ? 1 : game->periods) > LARGE;
    free(nominal);
    dt_game_free(game);
    dt_model_free(model);
    return large;
}

static size_t compare_all(const char *pattern)
{
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const bool large = is_large(found.gl_pathv[i]);
        if (large && LEAST == 0)
            continue;
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
