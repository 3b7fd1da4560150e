/*
 * Levers: every cell of their design is, bit for bit, the policy that writes all its changes out; a policy
 * is the cell of its settings with its own changes; changes that contradict each other are told with
 * whose they are, wherever the cell comes from.
 */
#include "detente_levers.h"
#include "play.h"

static const char GAME[] =
    "model crossed\nhorizon 4\nlookahead 3\n"
    "actor A discount 0.9 rationality 2\nactor B rationality k\nactor C\n"
    "param k = 1.5 in {0.5, 1.5, 4}\nparam cost = 0.3 in 0 .. 1\nparam p = 0.4 ~ beta(2, 3)\n"
    "state heat : 0..3 = 1\nstate calm : bool = no\n"
    "role envoy = A\n"
    "stage talk : envoy, C {\n"
    "  envoy.step { heat -= 1 ; pay envoy -cost }\n  envoy.grand { with p { heat += 2 } }\n"
    "  envoy.hush\n  C.join { calm := yes }\n  C.leave { calm := no }\n}\n"
    "stage reply : B when talk.envoy != hush {\n  B.yes { heat -= 1 }\n  B.no { heat += 1 }\n}\n"
    "payoff A { heat = -heat ; calm = calm }\npayoff B { heat = heat * (1 - cost) }\n"
    "payoff C { heat = -0.5 * heat ; calm = -0.2 * calm }\n"
    "outcome heat minimise = mean(heat)\noutcome top = ever(heat == 3)\noutcome calm = "
    "last(calm)\n";

/* The levers, setting by setting: name and changes. */
static const struct {
    const char *lever;
    const char *setting[3], *changes[3];
} LEVERS[] = {
    {"lead",   {"a", "b", "c"}, {"", "role envoy = B", "role envoy = C ; start heat = 2"}     },
    {"offers",
     {"all", "small", "grand"},
     {"", "forbid envoy.grand ; set cost = 0.1", "force envoy.grand when heat < 3"}           },
    {"desk",
     {"each", "pair", "told"},
     {"", "team A, C weights 0.7, 0.3", "force C.join when calm ; forbid B.no when heat == 3"}},
};
enum { LEVER_COUNT = 3, CELLS = 27 };

static const char OWN[] = "set p = 0.25 ; forbid B.yes when heat == 0 ; start calm = yes";

/* The model with a line for policies; levers only if they are wanted. */
static dt_model *read_model(bool levers, const char *policies, const dt_options *options)
{
    char text[8192];
    int at = snprintf(text, sizeof text, "%s", GAME);
    for (int l = 0; levers && l < LEVER_COUNT; l++) {
        at += snprintf(text + at, sizeof text - (size_t)at, "lever %s {\n", LEVERS[l].lever);
        for (int s = 0; s < 3; s++)
            at += snprintf(text + at, sizeof text - (size_t)at, "  %s { %s }\n",
                           LEVERS[l].setting[s], LEVERS[l].changes[s]);
        at += snprintf(text + at, sizeof text - (size_t)at, "}\n");
    }
    at += snprintf(text + at, sizeof text - (size_t)at, "%s\n", policies);
    assert_in_range(at, 1, sizeof text - 1);
    return play_text(text, options);
}

static dt_solution *solve(const dt_model *model, dt_game *game, const dt_options *options)
{
    double world[8];
    dt_solution *solution = NULL;
    dt_model_nominal(model, world);
    dt_game_settings(game, world);
    assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, options, &solution), DT_OK);
    return solution;
}

/* Two games of models with the same parameters. */
static void assert_same(const dt_model *model, dt_game *a, dt_game *b, const dt_options *options)
{
    const dt_counts x = dt_game_counts(a), y = dt_game_counts(b);
    assert_int_equal(x.nodes, y.nodes);
    assert_int_equal(x.states, y.states);
    assert_int_equal(x.branches, y.branches);
    dt_solution *s = solve(model, a, options), *t = solve(model, b, options);
    const size_t bytes =
        s->strategy->periods * (size_t)a->options * sizeof *s->strategy->probability;
    assert_int_equal(s->strategy->periods, t->strategy->periods);
    assert_memory_equal(s->strategy->probability, t->strategy->probability, bytes);
    double mine[4], theirs[4];
    assert_int_equal(dt_solution_outcomes(s, options, mine), DT_OK);
    assert_int_equal(dt_solution_outcomes(t, options, theirs), DT_OK);
    assert_memory_equal(mine, theirs, 3 * sizeof *mine);
    const dt_certificate c = dt_solution_certificate(s), d = dt_solution_certificate(t);
    assert_memory_equal(c.value, d.value, 3 * sizeof *c.value);
    assert_memory_equal(c.gap, d.gap, 3 * sizeof *c.gap);
    dt_solution_free(s);
    dt_solution_free(t);
}

/* Explores a cell of `model` and policy 0 of `full`, and compares them. */
static void compare_cell(const dt_model *model, const dt_lever_cell *cell, const char *changes,
                         const dt_options *options)
{
    char policy[1024];
    snprintf(policy, sizeof policy, "policy full {\n  %s\n}", changes);
    dt_model *full = read_model(false, policy, options);
    dt_game *a, *b;
    assert_int_equal(dt_game_explore_cell(model, cell, options, &a), DT_OK);
    assert_int_equal(dt_game_explore(full, 0, options, &b), DT_OK);
    assert_same(model, a, b, options);
    dt_game_free(a);
    dt_game_free(b);
    dt_model_free(full);
}

/* Own changes of a policy with those of the settings, all written out; what a policy sets itself is left
 * out of what its settings set. */
static void cells_are_policies_written_out(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    char policies[512];
    snprintf(policies, sizeof policies, "policy plain\npolicy own { %s }", OWN);
    dt_model *model = read_model(true, policies, &options);
    assert_int_equal(dt_model_count(model, DT_LEVERS), LEVER_COUNT);
    const dt_own_change own[3] = {
        {1, 0},
        {1, 1},
        {1, 2}
    };
    assert_int_equal(dt_model_changes(model, 1), 3);
    for (size_t i = 0; i < CELLS; i++) {
        const size_t setting[LEVER_COUNT] = {i % 3, i / 3 % 3, i / 9};
        char changes[512];
        int at = 0;
        for (int l = 0; l < LEVER_COUNT; l++)
            at += snprintf(changes + at, sizeof changes - (size_t)at, "%s\n",
                           LEVERS[l].changes[setting[l]]);
        compare_cell(model, &(dt_lever_cell){setting, 0, NULL}, changes, &options);
        snprintf(changes + at, sizeof changes - (size_t)at, "%s\n", OWN);
        compare_cell(model, &(dt_lever_cell){setting, 3, own}, changes, &options);
    }
    dt_model_free(model);
}

static void policies_are_cells(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = read_model(
        true,
        "policy first\n"
        "policy second { use desk pair ; use lead c ; use offers small ; set cost = 0.6 ;"
        " role envoy = B ; start heat = 0 }\n"
        "policy full { team A, C weights 0.7, 0.3 ; forbid envoy.grand ; set cost = 0.6 ;"
        " role envoy = B ; start heat = 0 }",
        &options);
    for (size_t l = 0; l < LEVER_COUNT; l++)
        assert_int_equal(dt_model_policy_setting(model, 0, l), 0);
    const size_t setting[LEVER_COUNT] = {2, 1, 1};
    for (size_t l = 0; l < LEVER_COUNT; l++)
        assert_int_equal(dt_model_policy_setting(model, 1, l), setting[l]);
    const dt_own_change own[3] = {
        {1, 0},
        {1, 1},
        {1, 2}
    };
    dt_game *policy, *full, *cell;
    assert_int_equal(dt_game_explore(model, 1, &options, &policy), DT_OK);
    assert_int_equal(dt_game_explore(model, 2, &options, &full), DT_OK);
    assert_int_equal(
        dt_game_explore_cell(model, &(dt_lever_cell){setting, 3, own}, &options, &cell), DT_OK);
    assert_same(model, policy, full, &options);
    assert_same(model, policy, cell, &options);
    assert_string_equal(dt_game_name(policy), "second");
    assert_string_equal(dt_game_name(cell), "lead=c, offers=small, desk=pair, set cost = 0.6, "
                                            "role envoy = B, start heat = 0");
    dt_game_free(policy);
    dt_game_free(full);
    dt_game_free(cell);
    dt_model_free(model);
}

static void settings_and_changes_have_names(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = read_model(true,
                                 "policy x { team C, A ; forbid envoy.hush when heat > 1 ; "
                                 "set cost = 1 ; role envoy = C ; start heat = 3 }\n"
                                 "policy y { team A, C ; forbid envoy.hush when not (heat <= 1) ; "
                                 "set cost = 1.0 ; role envoy = B ; start heat = 3 }",
                                 &options);
    assert_int_equal(dt_model_settings(model, 1), 3);
    assert_string_equal(dt_model_setting(model, 1, 2), "grand");
    assert_int_equal(dt_model_find_setting(model, 1, "grand"), 2);
    assert_int_equal(dt_model_find_setting(model, 1, "grande"), -1);
    static const char *const name[] = {"team C, A", "forbid envoy.hush", "set cost", "role envoy",
                                       "start heat"};
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(dt_model_change(model, (dt_own_change){0, i}), name[i]);
    assert_string_equal(dt_model_change_text(model, (dt_own_change){0, 1}),
                        "forbid envoy.hush when heat > 1");
    const bool same[] = {true, true, true, false, true};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(dt_model_same_change(model, (dt_own_change){0, i}, (dt_own_change){1, i}),
                         same[i]);
        assert_true(dt_model_same_change(model, (dt_own_change){1, i}, (dt_own_change){1, i}));
        assert_false(
            dt_model_same_change(model, (dt_own_change){0, i}, (dt_own_change){1, (i + 1) % 5}));
    }
    dt_model_free(model);
}

/* A cell that can't be is told by the names of those whose changes they are. */
static void contradictions_are_told(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model =
        read_model(true,
                   "lever again { off ; dear { set cost = 0.9 } ; trio { team B, C } ;"
                   " mute { forbid C.join ; forbid C.leave } }\n"
                   "policy x { set cost = 0.5 }\npolicy y { set cost = 0.4 }\n"
                   "policy z { team A, B }",
                   &options);
    static const struct {
        size_t setting[4];
        size_t changes;
        dt_own_change change[2];
        const char *code, *first, *second;
    } bad[] = {
        {{0, 1, 0, 1}, 0, {{0, 0}},         "settings-clash", "offers=small", "again=dear"},
        {{0, 0, 1, 2}, 0, {{0, 0}},         "teams-clash",    "desk=pair",    "again=trio"},
        {{0, 0, 0, 0}, 2, {{0, 0}, {1, 0}}, "settings-clash", "policy 'x'",   "policy 'y'"},
        {{0, 0, 1, 0}, 1, {{2, 0}},         "teams-clash",    "policy 'z'",   "desk=pair" },
        {{0, 0, 0, 3}, 0, {{0, 0}},         "no-action",      "lead=a",       "again=mute"},
    };
    dt_game *game;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const dt_lever_cell cell = {bad[i].setting, bad[i].changes, bad[i].change};
        log = (play_log){0};
        assert_int_equal(dt_game_explore_cell(model, &cell, &options, &game), DT_INVALID);
        assert_null(game);
        assert_string_equal(log.codes, bad[i].code);
        assert_non_null(strstr(log.message, bad[i].first));
        assert_non_null(strstr(log.message, bad[i].second));
    }
    /* what a policy sets itself settles what settings would set */
    const size_t setting[4] = {0, 1, 0, 1};
    const dt_own_change own = {0, 0};
    assert_int_equal(
        dt_game_explore_cell(model, &(dt_lever_cell){setting, 1, &own}, &options, &game), DT_OK);
    double world[3] = {0};
    dt_game_settings(game, world);
    assert_true(world[1] == 0.5);
    dt_game_free(game);
    dt_model_free(model);
}

/* Rules whose conditions hold in the same situations, or not. GAME has heat : 0..3 and calm : bool. */
static void test_same_rules(void **state)
{
    (void)state;
    static const struct {
        const char *p, *q;
        bool same;
    } pair[] = {
        {"",                                 " when yes",                                       true },
        {" when 1 < 2",                      " when not (2 < 1)",                               true },
        {" when no",                         " when heat > 3",                                  true },
        {"",                                 " when heat <= 3",                                 true },
        {"",                                 " when heat <= 2",                                 false},
        {" when heat >= 2",                  " when not (heat < 2)",                            true },
        {" when heat == 3",                  " when heat > 2",                                  true },
        {" when heat == 3 and calm",         " when calm and heat == 3",                        true },
        {" when heat == 3 and calm",         " when calm",                                      false},
        {" when hot",                        " when heat * heat >= 4",                          true },
        {" when envoy == A or envoy == B",   " when envoy != C",                                true },
        {" when envoy == A",                 " when envoy != B",                                false},
        {" when talk.envoy != hush",
         " when talk.envoy == step or talk.envoy == grand "
         "or talk.envoy == none",                                                               true },
        {" when talk.envoy != hush",         " when talk.envoy == step or talk.envoy == grand", false},
        {" when heat > 1 or talk.C == join", " when not (heat <= 1 and talk.C != join)",        true },
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        play_log told;
        const dt_options options = play_options(&told);
        char text[512];
        assert_in_range(snprintf(text, sizeof text,
                                 "let hot = heat > 1\n"
                                 "policy x { forbid B.yes%s ; forbid B.no when no }\n"
                                 "policy y { force B.yes%s ; forbid B.yes%s }\n",
                                 pair[i].p, pair[i].p, pair[i].q),
                        1, sizeof text - 1);
        dt_model *model = read_model(false, text, &options);
        const dt_own_change mine = {0, 0};
        assert_false(dt_model_same_change(model, mine, (dt_own_change){0, 1}));
        assert_false(dt_model_same_change(model, mine, (dt_own_change){1, 0}));
        assert_int_equal(dt_model_same_change(model, mine, (dt_own_change){1, 1}), pair[i].same);
        assert_int_equal(dt_model_same_change(model, (dt_own_change){1, 1}, mine), pair[i].same);
        dt_model_free(model);
    }
}

/* Of conditions over very many cases those alone are the same that are written alike. */
static void test_large_rules(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = play_text("model m\nactor A\nstate x : 0..99999 = 0\n"
                                "let large = x >= 2\nstage s : A { A.a ; A.b }\n"
                                "policy p { forbid A.a when x >= 2 }\n"
                                "policy q { forbid A.a when not (x < 2) }\n"
                                "policy r { forbid A.a when large }\n",
                                &options);
    assert_false(dt_model_same_change(model, (dt_own_change){0, 0}, (dt_own_change){1, 0}));
    assert_true(dt_model_same_change(model, (dt_own_change){0, 0}, (dt_own_change){2, 0}));
    dt_model_free(model);
}

/* ---- what is kept --------------------------------------------------------------------------------- */

static bool lose_patience(void *context, const char *activity, double done)
{
    (void)activity, (void)done;
    return (*(int *)context)-- > 0;
}

enum { KEPT_WORLDS = 150, KEPT_OUTCOMES = 3, KEPT_CELLS = 8 };

typedef struct kept_result {
    double outcome[KEPT_OUTCOMES * KEPT_WORLDS * KEPT_CELLS];
    double mechanical[KEPT_OUTCOMES * KEPT_WORLDS], adaptive[KEPT_OUTCOMES * KEPT_WORLDS];
    double uniform[KEPT_WORLDS];
} kept_result;

/* Solves between two policies of three ingredients, with a file if `path` isn't NULL. */
static dt_status solve_between(const dt_model *model, const char *path, const double *world,
                               size_t worlds, const dt_options *options, kept_result *found)
{
    dt_levers *levers;
    dt_levers_result result = {found->outcome, found->mechanical, found->adaptive, found->uniform,
                               0};
    memset(found, 0, sizeof *found);
    assert_int_equal(dt_levers_new(model, 0, 1, options, &levers), DT_OK);
    assert_int_equal(dt_levers_count(levers), 3);
    if (path)
        assert_int_equal(dt_levers_keep(levers, path, "some", options), DT_OK);
    const dt_status status =
        dt_levers_solve(levers, world, worlds, DT_VALUES_AVERAGE, options, &result);
    dt_levers_free(levers);
    return status;
}

/* Ended again and again, each time a little later, it comes to the same bits as without a file. Of a complete file
 * nothing is solved again: there is no progress. */
static void what_is_kept_goes_on(void **state)
{
    (void)state;
    static const char path[] = "levers-kept.txt";
    static kept_result whole, found;
    static const size_t some[] = {1, 2, KEPT_WORLDS};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        play_log told;
        dt_options options = play_options(&told);
        dt_model *model = read_model(true,
                                     "policy one\npolicy two { use lead b ; use offers small ; "
                                     "set p = 0.25 }\n",
                                     &options);
        double world[3 * KEPT_WORLDS];
        for (size_t w = 0; w < some[i]; w++) {
            world[3 * w] = 0.5 + 0.01 * (double)w;
            world[3 * w + 1] = 0.3;
            world[3 * w + 2] = w % 7 == 3 ? 1.2 : 0.4; /* no probability: some fail */
        }
        assert_int_equal(solve_between(model, NULL, world, some[i], &options, &whole), DT_OK);
        remove(path);
        int patience, ended = 0;
        options.progress = lose_patience;
        options.progress_context = &patience;
        dt_status status = DT_LIMIT;
        for (int calls = 1; status == DT_LIMIT; calls += 3, ended++) {
            patience = calls;
            options.jobs = calls % 2 + 1;
            status = solve_between(model, path, world, some[i], &options, &found);
            assert_true(status == DT_OK || status == DT_LIMIT);
        }
        assert_true(ended > 1);
        assert_memory_equal(&whole, &found, sizeof whole);
        patience = 0;
        assert_int_equal(solve_between(model, path, world, some[i], &options, &found), DT_OK);
        assert_memory_equal(&whole, &found, sizeof whole);
        told = (play_log){0};
        world[0] += 0.5;
        assert_int_equal(solve_between(model, path, world, some[i], &options, &found), DT_INVALID);
        assert_string_equal(told.codes, "not-kept");
        assert_non_null(strstr(told.message, "its set of numbers differs"));
        dt_model_free(model);
    }
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_rules),
        cmocka_unit_test(test_large_rules),
        cmocka_unit_test(cells_are_policies_written_out),
        cmocka_unit_test(policies_are_cells),
        cmocka_unit_test(settings_and_changes_have_names),
        cmocka_unit_test(contradictions_are_told),
        cmocka_unit_test(what_is_kept_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
