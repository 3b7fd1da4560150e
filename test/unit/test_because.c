/*
 * Why one action rather than another: on every shipped model, and on random ones with every
 * construct, the reasons told and those summed up are the difference of the two values, each on its
 * side; and where there are no reasons none are given. Where several move at once the cells of their stage game make up
 * what each action is worth.
 */
#include "detente_explain.h"
#include "play.h"

#include <glob.h>
#include <math.h>

/* Of a game with more nodes than this fewer situations are looked at, and two policies. */
enum { LARGE = 2000 };

static int compared, reasoned, summed_up, gathered, typed;

static double scale_of(const dt_explained_mover *mover, const dt_because *b)
{
    double scale = 1e-300;
    for (size_t t = 0; t < mover->terms; t++)
        scale = fmax(scale, fmax(fabs(mover->action[b->action].term[t]),
                                 fabs(mover->action[b->against].term[t])));
    return scale;
}

/* The sum of a side, each reason being as large as the one before or smaller and of sign `sign`. */
static double check_side(const dt_explained_mover *mover, const dt_because *b,
                         const dt_reasons *side, int sign)
{
    double sum = 0, before = INFINITY;
    for (size_t r = 0; r < side->count; r++) {
        const dt_reason *reason = &side->reason[r];
        assert_true(reason->term < mover->terms);
        assert_true(sign * reason->difference > 0 && fabs(reason->difference) <= before);
        assert_true(reason->difference == mover->action[b->action].term[reason->term] -
                                              mover->action[b->against].term[reason->term]);
        if (b->ground != DT_GROUND_UNKNOWN)
            assert_non_null(strstr(b->text, mover->words[reason->term]));
        before = fabs(reason->difference);
        sum += reason->difference;
    }
    assert_true(side->rest == 0 ? side->rest_difference == 0 : sign * side->rest_difference > 0);
    assert_true(side->rest != 1);
    summed_up += side->rest != 0;
    return sum + side->rest_difference;
}

static void check_because(const dt_explained_mover *mover, const dt_because *b)
{
    const dt_explained_action *x = &mover->action[b->action], *y = &mover->action[b->against];
    compared++;
    assert_true(strncmp(b->text, mover->name, strlen(mover->name)) == 0);
    if (mover->actions == 1) {
        assert_int_equal(b->ground, DT_GROUND_NONE);
        return;
    }
    assert_int_not_equal(b->action, b->against);
    assert_true(b->difference == x->value - y->value);
    assert_int_not_equal(b->ground, DT_GROUND_UNKNOWN);
    const double scale = scale_of(mover, b), rounding = 2e-9 * scale * (double)(mover->terms + 1);
    const int sign = b->difference >= 0 ? 1 : -1;
    const bool exact = b->ground == DT_GROUND_REASONS;
    const double sum = check_side(mover, b, &b->because,
                                  exact                                                     ? sign
                                  : b->because.count && b->because.reason[0].difference < 0 ? -1
                                                                                            : 1) +
                       check_side(mover, b, &b->despite,
                                  exact                                                     ? -sign
                                  : b->despite.count && b->despite.reason[0].difference > 0 ? 1
                                                                                            : -1);
    if (b->ground == DT_GROUND_REASONS) {
        assert_true(fabs(sum - b->difference) <= rounding);
        assert_true(sign > 0 ? x->probability >= y->probability : x->probability <= y->probability);
        assert_true(mover->rationality > 0 && b->because.count > 0);
        reasoned++;
    } else if (b->ground == DT_GROUND_SAME) {
        assert_true(fabs(b->difference) <= rounding);
        assert_true(fabs(x->probability - y->probability) < 1e-6);
    } else {
        assert_true(mover->rationality == 0);
    }
}

/* What the others believe of a mover's type; 1 of one who knows nothing. */
static double believed(const dt_explanation *e, const dt_explained_mover *mover)
{
    for (size_t x = 0; mover->variable >= 0 && x < e->beliefs; x++) {
        if (e->belief[x].variable == (size_t)mover->variable)
            return e->belief[x].share[mover->rank];
    }
    return 1;
}

/* An action is worth the expectation of its cells over what the others do and who they are, and its share is what all
 * its cells sum to. */
static void check_cells(const dt_explanation *e)
{
    assert_true(e->cells == 0 || e->agents > 1);
    for (size_t m = 0; m < e->movers && e->cells; m++) {
        for (size_t a = 0; a < e->mover[m].actions; a++) {
            const dt_explained_action *action = &e->mover[m].action[a];
            double worth = 0, share = 0, scale = 1;
            size_t agent = e->agents;
            for (size_t c = 0; c < e->cells; c++) {
                const dt_explained_cell *cell = &e->cell[c];
                double others = 1, beliefs = 1;
                bool here = false;
                for (size_t k = 0; k < e->agents; k++) {
                    const dt_explained_mover *mover = &e->mover[cell->mover[k]];
                    assert_true(cell->mover[k] < e->movers && cell->action[k] < mover->actions);
                    if (cell->mover[k] == m) {
                        here = cell->action[k] == a;
                        agent = k;
                    } else {
                        others *= mover->action[cell->action[k]].probability;
                        beliefs *= believed(e, mover);
                    }
                }
                if (!here)
                    continue;
                worth += beliefs * others * cell->value[agent];
                share += beliefs * cell->probability;
                scale = fmax(scale, fabs(cell->value[agent]));
            }
            assert_true(agent < e->agents);
            assert_true(fabs(worth - action->value) <= 1e-9 * scale);
            assert_true(fabs(share - action->probability) <= 1e-9);
            gathered++;
            typed += e->movers > e->agents;
        }
    }
}

static void look(dt_solution *solution, const dt_options *options)
{
    const dt_model *model = solution->game->model;
    const int periods = solution->game->nodes > LARGE ? 1 : 2;
    for (int s = 0; s < model->stages; s++) {
        for (int t = 1; t <= periods && t <= model->horizon; t++) {
            dt_explanation *e;
            if (!model->stage[s].movers ||
                dt_explain(solution, NULL, model->stage[s].is.name, t, options, &e) != DT_OK)
                continue;
            for (size_t m = 0; m < e->movers; m++) {
                const dt_explained_mover *mover = &e->mover[m];
                const int actions = (int)mover->actions;
                for (int x = -1; x < actions; x++) {
                    for (int y = -1; y < actions && y < 6; y++) {
                        if (actions > 1 && x >= 0 && x == y)
                            continue;
                        const dt_because *b;
                        assert_int_equal(
                            dt_explanation_because(e, m, x, y, (size_t)(t - 1), options, &b),
                            DT_OK);
                        check_because(mover, b);
                    }
                }
            }
            check_cells(e);
            dt_explanation_free(e);
        }
    }
}

static void reasons_sum_to_the_difference(void **state)
{
    (void)state;
    glob_t shipped;
    assert_int_equal(glob(DT_ROOT "/models/*/*.dtn", 0, NULL, &shipped), 0);
    for (size_t i = 0; i < shipped.gl_pathc; i++) {
        play_log log;
        const dt_options options = play_options(&log);
        dt_model *model;
        assert_int_equal(dt_model_read(shipped.gl_pathv[i], &options, &model), DT_OK);
        size_t policies = dt_model_count(model, DT_POLICIES);
        for (size_t p = 0; p < policies; p++) {
            dt_game *game;
            double world[256];
            assert_true(dt_model_count(model, DT_PARAMETERS) <= sizeof world / sizeof world[0]);
            dt_model_nominal(model, world);
            assert_int_equal(dt_game_explore_known(model, p, world, 1, &options, &game), DT_OK);
            dt_solution *solution = play_solve_game(model, game, DT_VALUES_AVERAGE, &options);
            look(solution, &options);
            if (game->nodes > LARGE && policies > 2)
                policies = 2;
            dt_solution_free(solution);
            dt_game_free(game);
        }
        dt_model_free(model);
    }
    globfree(&shipped);
    assert_true(summed_up > 10);
    play_all(look);
    assert_true(compared > 2000 && reasoned > 1000 && gathered > 200);
}

/* Two who know something each, and move at once: what a cell is worth hangs on who they are, and on what is
 * learned. */
static void cells_are_of_types(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model =
        play_text("model clash\n"
                  "horizon 3\n"
                  "beliefs 4\n"
                  "actor A rationality 2\n"
                  "actor B rationality 3 discount 0.9\n"
                  "actor C\n"
                  "private A strong : 0..2 = {0: 0.5, 1: 0.3, 2: 0.2}\n"
                  "private B brave : bool = {no: 0.6, yes: 0.4}\n"
                  "state heat : 0..2 = 0\n"
                  "stage clash : A, B, C {\n"
                  "  A.push { pay A strong - 1 ; with 0.2 + 0.3 * strong { heat += 1 } }\n"
                  "  A.hold\n"
                  "  B.push { pay B brave ? 0.5 : -1 ; heat += 1 }\n"
                  "  B.hold { heat -= 1 }\n"
                  "  C.mend { pay C -0.3 * heat ; heat -= 1 }\n"
                  "  C.watch\n"
                  "}\n"
                  "payoff A { heat = -0.4 * heat * (strong == 0) }\n"
                  "payoff B { heat = -0.2 * heat * strong }\n"
                  "payoff C { heat = -heat }\n",
                  &options);
    for (int values = DT_VALUES_AVERAGE; values <= DT_VALUES_SURPLUS; values++) {
        dt_game *game;
        dt_solution *solution = play_solve(model, 0, values, &options, &game);
        const int before = typed;
        for (int period = 1; period <= 3; period++) {
            dt_explanation *e;
            assert_int_equal(dt_explain(solution, "strong=2:0.3", NULL, period, &options, &e),
                             DT_OK);
            assert_int_equal(e->agents, 3);
            check_cells(e);
            dt_explanation_free(e);
        }
        assert_true(typed >= before + 3 * (3 * 2 + 2 + 2));
        dt_solution_free(solution);
        dt_game_free(game);
    }
    dt_model_free(model);
}

/* Too many joint choices of too many types. */
static void too_many_cells_are_not_told(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model =
        play_text("model wide\n"
                  "horizon 1\n"
                  "actor A\n"
                  "actor B\n"
                  "private A size : 0..3 = {0: 0.25, 1: 0.25, 2: 0.25, 3: 0.25}\n"
                  "beliefs 4\n"
                  "stage s : A, B {\n"
                  "  A.a { pay A size } A.b ; A.c ; A.d ; A.e ; A.f ; A.g ; A.h ; A.i\n"
                  "  B.a ; B.b ; B.c ; B.d ; B.e ; B.f ; B.g ; B.h\n"
                  "}\n",
                  &options);
    dt_game *game;
    dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
    dt_explanation *e;
    assert_int_equal(
        dt_explain(solution, "size=0:0.146, size=1:0.354, size=2:0.354", NULL, 1, &options, &e),
        DT_OK);
    assert_int_equal(e->agents, 2);
    assert_int_equal(e->cells, 0);
    assert_true(e->movers > 2);
    dt_explanation_free(e);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* ---- the sentences ----------------------------------------------------------------------------- */

static const char GAME[] = "model said\n"
                           "actor A rationality lambda\n"
                           "actor B\n"
                           "param lambda = 1\n"
                           "param gain = 1\n"
                           "param scale = 1\n"
                           "stage s : A {\n"
                           "  A.left \"Go left\" { pay B 2 }\n"
                           "  A.right { pay A -0.5 * scale ; pay A 0.25 * scale \"a prize\" }\n"
                           "}\n"
                           "payoff A { glory \"Glory\" = s.A == left ? gain * scale : 0 }\n"
                           "payoff B { ease = s.A == right }\n";

static void expect_text(double lambda, double gain, double scale, int action, int against,
                        const char *wanted)
{
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(GAME, &options);
    dt_game *game;
    dt_solution *solution;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    const double world[] = {lambda, gain, scale};
    assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
    dt_explanation *e;
    assert_int_equal(dt_explain(solution, "", NULL, 1, &options, &e), DT_OK);
    const dt_because *b;
    assert_int_equal(dt_explanation_because(e, 0, action, against, 0, &options, &b), DT_OK);
    assert_string_equal(b->text, wanted);
    dt_explanation_free(e);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

static void each_ground_has_its_sentence(void **state)
{
    (void)state;
    const char *less = "A plays left (77.7%) rather than right (22.3%), which is worth 1.25 less, "
                       "because of Glory (+1) and what A pays for right in s (+0.5); "
                       "despite a prize (-0.25)";
    expect_text(1, 1, 1, -1, -1, less);
    expect_text(1, 1, 1, 0, 1, less);
    expect_text(1, 1, 1, 0, -1, less);
    const char *more = "A plays right (22.3%) less than left (77.7%), which is worth 1.25 more, "
                       "because of Glory (-1) and what A pays for right in s (-0.5); "
                       "despite a prize (+0.25)";
    expect_text(1, 1, 1, -1, 0, more);
    expect_text(1, 1, 1, 1, 0, more);
    expect_text(0, 1, 1, -1, -1,
                "A tosses coins: rationality 0, though left (50%) is worth 1.25 more than right "
                "(50%), because of Glory (+1) and what A pays for right in s (+0.5); "
                "despite a prize (-0.25)");
    expect_text(0, -0.25, 1, -1, -1, "A tosses coins: rationality 0");
    expect_text(1, -0.25, 1, -1, -1,
                "A plays left (50%) as often as right (50%): the two are worth the same, what A "
                "pays for right in s (+0.5) against Glory (-0.25) and a prize (-0.25)");
    /* What is small beside 1 isn't small by itself. */
    expect_text(1e12, 1, 1e-12, -1, -1,
                "A plays left (77.7%) rather than right (22.3%), which is worth 1.25e-12 less, "
                "because of Glory (+1e-12) and what A pays for right in s (+5e-13); "
                "despite a prize (-2.5e-13)");
    expect_text(10, 1, 1, -1, -1,
                "A plays left (>99.99%) rather than right (<0.01%), which is worth 1.25 less, "
                "because of Glory (+1) and what A pays for right in s (+0.5); "
                "despite a prize (-0.25)");
}

/* What worth is counted in stands behind the number; of a team only if its members agree. */
static void worth_has_a_unit(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text("model counted\n"
                                "horizon 1\n"
                                "actor A unit \"coins\"\n"
                                "actor B unit \"coins\"\n"
                                "actor C unit \"votes\"\n"
                                "stage s : A, B { A.on { pay A 2 } A.off ; B.on ; B.off }\n"
                                "policy apart\n"
                                "policy alike { team A, B }\n"
                                "policy other { team A, C }\n",
                                &options);
    static const char *const unit[] = {"coins", "coins", ""};
    for (size_t p = 0; p < 3; p++) {
        dt_game *game;
        dt_solution *solution = play_solve(model, p, DT_VALUES_AVERAGE, &options, &game);
        dt_explanation *e;
        const dt_because *b;
        assert_int_equal(dt_explain(solution, NULL, NULL, 1, &options, &e), DT_OK);
        assert_string_equal(e->mover[0].unit, unit[p]);
        assert_int_equal(dt_explanation_because(e, 0, -1, -1, 0, &options, &b), DT_OK);
        assert_true(p != 0 || strstr(b->text, "which is worth 2 (coins) less, because"));
        dt_explanation_free(e);
        dt_solution_free(solution);
        dt_game_free(game);
    }
    dt_model_free(model);
}

/* What somebody else is paid for an action names who took it, and a description stands for a name. */
static void payments_are_named_by_what_they_are_for(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text("model paid\n"
                                "horizon 1\n"
                                "actor A\n"
                                "actor B\n"
                                "state x : bool = no\n"
                                "stage first : B { B.go { x := yes }\n B.stay }\n"
                                "stage second : A {\n"
                                "  A.left \"Go left\" { pay B 2 * x ; pay A -1 }\n"
                                "  A.right { pay B -1 }\n"
                                "}\n"
                                "stage luck : chance { with 0.5 { pay B 3 * x } }\n",
                                &options);
    dt_game *game;
    dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
    dt_explanation *e;
    assert_int_equal(dt_explain(solution, "", "first", 1, &options, &e), DT_OK);
    const dt_explained_mover *b = &e->mover[0];
    assert_int_equal(b->terms, 3);
    assert_string_equal(b->words[0], "what B gets for A's \"Go left\" in second");
    assert_string_equal(b->words[1], "what B pays for A's right in second");
    assert_string_equal(b->words[2], "what B gets in luck");
    dt_explanation_free(e);
    assert_int_equal(dt_explain(solution, "", "second", 1, &options, &e), DT_OK);
    assert_string_equal(e->mover[0].words[0], "what A pays for \"Go left\" in second");
    dt_explanation_free(e);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* A strategy that doesn't follow from the values has no reasons. */
static void an_unsolved_situation_is_told(void **state)
{
    (void)state;
    const double terms[2][1] = {{1}, {3}};
    const dt_explained_action action[2] = {
        {.name = "A.x", .brief = "x", .probability = 0.7, .value = 1, .term = terms[0]},
        {.name = "A.y", .brief = "y", .probability = 0.3, .value = 3, .term = terms[1]},
    };
    const char *const term[] = {"t"};
    const dt_explained_mover mover = {.name = "A",
                                      .rationality = 1,
                                      .terms = 1,
                                      .actions = 2,
                                      .term = term,
                                      .words = term,
                                      .action = action};
    dt_explanation e = {.movers = 1, .mover = &mover, .owner = dt_arena_new(NULL, 0)};
    const dt_because *b;
    assert_int_equal(dt_explanation_because(&e, 0, -1, -1, 0, NULL, &b), DT_OK);
    assert_int_equal(b->ground, DT_GROUND_UNKNOWN);
    assert_int_equal(b->because.count + b->despite.count, 0);
    assert_string_equal(b->text, "A plays x (70%) and y (30%), which doesn't follow from their "
                                 "values, 1 and 3: this situation isn't solved");
    static const int wrong[][3] = {
        {1, -1, -1},
        {0, 2,  -1},
        {0, -1, 2 },
        {0, 1,  1 }
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(
            dt_explanation_because(&e, (size_t)wrong[i][0], wrong[i][1], wrong[i][2], 0, NULL, &b),
            DT_INVALID);
        assert_null(b);
    }
    dt_arena_free(e.owner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_of_types),
        cmocka_unit_test(too_many_cells_are_not_told),
        cmocka_unit_test(reasons_sum_to_the_difference),
        cmocka_unit_test(each_ground_has_its_sentence),
        cmocka_unit_test(payments_are_named_by_what_they_are_for),
        cmocka_unit_test(worth_has_a_unit),
        cmocka_unit_test(an_unsolved_situation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
