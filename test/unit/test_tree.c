/*
 * Small games as trees: whatever the game, the ways to its ends are all there are, and what is paid along them, each by
 * how likely it is, is what the game is worth to everybody. Games that are no small tree say so.
 */
#include "lab/tree.h"

#include <glob.h>
#include <math.h>

#include "play.h"

static int drawn, refused;

static bool add(void *context, const char *text, size_t length)
{
    dt_text_add(context, text, length);
    return true;
}

/* The number behind a key of the object that is read. */
static double number_of(const char *object, const char *key)
{
    const char *at = strstr(object, key);
    assert_non_null(at);
    return strtod(at + strlen(key), NULL);
}

static void look(dt_solution *solution, const dt_options *options)
{
    (void)options;
    const size_t actors = (size_t)solution->game->model->actors;
    if (solution->values != DT_VALUES_AVERAGE || !dt_solution_solved(solution))
        return;
    dt_arena *arena = dt_arena_new(NULL, 0);
    assert_non_null(arena);
    dt_text text = {.arena = arena};
    dt_writer out = {.write = add, .context = &text};
    dt_write_tree(&out, solution, arena);
    dt_writer_flush(&out);
    const char *json = dt_text_get(&text);
    if (strcmp(json, "null") == 0) {
        refused++;
        dt_arena_free(arena);
        return;
    }
    drawn++;
    double *worth = dt_new(arena, double, actors), all = 0;
    for (const char *end = json; (end = strstr(end, "\"kind\":\"end\"")); end++) {
        const double reached = number_of(end, "\"reached\":");
        char *paid = strstr(end, "\"paid\":[");
        assert_non_null(paid);
        paid += strlen("\"paid\":[");
        for (size_t i = 0; i < actors; i++, paid++)
            worth[i] += reached * strtod(paid, &paid);
        all += reached;
    }
    assert_true(fabs(all - 1) < 1e-9);
    for (size_t i = 0; i < actors; i++)
        assert_true(fabs(worth[i] - solution->value[i]) <= 1e-9 * fmax(1, fabs(worth[i])));
    dt_arena_free(arena);
}

static void look_at_all(const char *pattern)
{
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        play_log log;
        const dt_options options = play_options(&log);
        dt_model *model;
        assert_int_equal(dt_model_read(found.gl_pathv[i], &options, &model), DT_OK);
        for (size_t p = 0; p < dt_model_count(model, DT_POLICIES); p++) {
            dt_game *game;
            dt_solution *solution = play_solve(model, p, DT_VALUES_AVERAGE, &options, &game);
            look(solution, &options);
            dt_solution_free(solution);
            dt_game_free(game);
        }
        dt_model_free(model);
    }
    globfree(&found);
}

static void a_tree_is_worth_what_the_game_is(void **state)
{
    (void)state;
    look_at_all(DT_ROOT "/models/classics/*.dtn");
    assert_true(drawn >= 4 && refused >= 4);
    play_all(look);
    look_at_all(DT_ROOT "/test/private/signalling/*.dtn");
}

/* Secrets that move, unseen moves, chance that says something of a type, and a game that ends early: two periods,
 * small enough. By hand: nothing but the prior and the payments counts at rationality 0. */
static void secrets_and_ends_are_followed(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(
        "model secret\n"
        "horizon 1\n"
        "beliefs 8\n"
        "actor A rationality lambda\n"
        "actor B rationality lambda\n"
        "param lambda = 0 in 0 .. 9\n"
        "private A able : bool = {no: 0.7, yes: 0.3}\n"
        "state seen : bool = no\n"
        "stage look : chance { with 0.2 + 0.6 * able { seen := yes } }\n"
        "hidden stage build : A { A.try { with 0.5 { able := yes } } A.wait }\n"
        "stage answer : B { B.strike { pay B able ? 1 : -1 } B.leave { pay A able ? 2 : 0 } }\n"
        "end found when seen\n",
        &options);
    for (int lambda = 0; lambda <= 4; lambda += 2) {
        dt_game *game;
        dt_solution *solution;
        const double world[] = {lambda};
        assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
        assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
        if (lambda ==
            0) /* able at last: 0.3 + 0.7 / 4; left alone half of the time, and then worth 2 */
            assert_true(fabs(solution->value[0] - 0.475) < 1e-12);
        const int before = drawn;
        look(solution, &options);
        assert_int_equal(drawn, before + 1);
        dt_solution_free(solution);
        dt_game_free(game);
    }
    dt_model_free(model);
}

/* One who knows its strength talks, and then moves at once with one who doesn't: what the tree has of war is what play
 * comes to, and what it is worth is what the game is worth. */
static void who_moves_at_once_may_know_something(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model =
        play_text("model bluff\n"
                  "horizon 1\n"
                  "beliefs 8\n"
                  "actor A rationality 2\n"
                  "actor B rationality 3\n"
                  "private A strong : bool = {no: 0.6, yes: 0.4}\n"
                  "state war : bool = no\n"
                  "stage talk : A { A.boast { pay A strong ? 0 : -0.3 } A.hush }\n"
                  "stage clash : A, B {\n"
                  "  A.push { pay A strong ? 1 : -1 ; with 0.2 + 0.5 * strong { war := yes } }\n"
                  "  A.hold\n"
                  "  B.push { pay B strong ? -1 : 0.7 ; pay A -0.4 }\n"
                  "  B.hold { pay A 0.1 }\n"
                  "}\n"
                  "payoff B { war = -0.5 * war }\n"
                  "outcome war = last(war)\n",
                  &options);
    dt_game *game;
    dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
    const int before = drawn;
    look(solution, &options);
    assert_int_equal(drawn, before + 1);
    dt_arena *arena = dt_arena_new(NULL, 0);
    dt_text text = {.arena = arena};
    dt_writer out = {.write = add, .context = &text};
    dt_write_tree(&out, solution, arena);
    dt_writer_flush(&out);
    double war = 0, expected;
    for (const char *way = dt_text_get(&text); (way = strstr(way, "\"label\":\"war=yes\"")); way++)
        war += number_of(way, "\"reached\":");
    assert_int_equal(dt_solution_outcomes(solution, &options, &expected), DT_OK);
    assert_true(war > 0.05 && fabs(war - expected) < 1e-12);
    dt_arena_free(arena);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_moves_at_once_may_know_something),
        cmocka_unit_test(a_tree_is_worth_what_the_game_is),
        cmocka_unit_test(secrets_and_ends_are_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
