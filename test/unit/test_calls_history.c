/*
 * Wrong calls: no public function ends the process, whatever it is given. One that returns a status
 * answers DT_INVALID with a diagnostic and leaves NULL where its result would be; one that returns a value
 * gives the neutral answer that its header names. Here: answers, histories and matches.
 */
#include "calls.h"

#include "detente_history.h"
#include "detente_lab.h"
#include "detente_play.h"

static void test_answers(void **state)
{
    (void)state;
    const double world[] = {1}, number[] = {0.5};
    const size_t policy[] = {0}, beyond[] = {9};
    const dt_comparison none = {0};
    const dt_answer_from right = {
        .model = model, .policies = 1, .policy = policy, .nominal = number, .world = world};
    dt_answer_from wrong[6];
    for (size_t i = 0; i < 6; i++)
        wrong[i] = right;
    wrong[0].model = NULL;
    wrong[1].policies = 0;
    wrong[2].policy = beyond;
    wrong[3].nominal = NULL;
    wrong[4].baseline = 1;
    wrong[5].comparison = &none;
    for (size_t i = 0; i < 6; i++) {
        size_t shown[DT_MOST_SHOWN];
        MADE_NOTHING(dt_answered, dt_answer_in_words(&wrong[i], &options, &made));
        assert_int_equal(dt_shown_first(&wrong[i], shown), 0);
    }
    assert_int_equal(dt_shown_first(NULL, NULL), 0);
    assert_int_equal(dt_shown_first(&right, NULL), 0);
    MADE_NOTHING(dt_answered, dt_answer_in_words(NULL, &options, &made));
    REFUSED(dt_answer_in_words(&right, &options, NULL));
    dt_answered_free(NULL);
    REFUSED(dt_model_draw(NULL, 0, DT_PICTURE_PERIOD, -1, &options, take, NULL));
    REFUSED(dt_model_draw(model, 9, DT_PICTURE_PERIOD, -1, &options, take, NULL));
    REFUSED(dt_model_draw(model, 0, (dt_picture)9, -1, &options, take, NULL));
    REFUSED(dt_model_draw(model, 0, DT_PICTURE_CAUSES, 9, &options, take, NULL));
    REFUSED(dt_model_draw(model, 0, DT_PICTURE_CAUSES, -2, &options, take, NULL));
    REFUSED(dt_model_draw(model, 0, DT_PICTURE_CAUSES, 0, &options, NULL, NULL));
    assert_string_equal(dt_lead_word((dt_lead)9), "");
    char text[8] = "x";
    assert_string_equal(dt_levers_in_words(NULL, NULL, NULL, 0, text, sizeof text), "");
    assert_string_equal(dt_levers_in_words(model, NULL, NULL, 0, NULL, 0), "");
}

static void test_histories(void **state)
{
    (void)state;
    const double world[] = {1};
    double number, numbers[16];
    char name[8] = "x";
    assert_int_equal(dt_model_observables(NULL), 0);
    assert_int_equal(dt_model_observable(NULL, 0).values, 0);
    assert_int_equal(dt_model_observable(model, 9).values, 0);
    assert_int_equal(dt_model_observable_values(NULL), 0);
    assert_string_equal(dt_model_observable_name(model, 9, name, sizeof name), "");
    assert_string_equal(dt_model_observable_name(model, 0, NULL, 0), "");
    assert_string_equal(dt_model_observable_value(model, 0, 9, name, sizeof name), "");
    MADE_NOTHING(dt_history, dt_history_parse(NULL, "h", "", 0, &options, &made));
    MADE_NOTHING(dt_history, dt_history_parse(model, "h", NULL, 1, &options, &made));
    REFUSED(dt_history_parse(model, "h", "", 0, &options, NULL));
    MADE_NOTHING(dt_history, dt_history_read(model, NULL, &options, &made));
    REFUSED(dt_history_read(model, "h.csv", &options, NULL));
    MADE_NOTHING(dt_history, dt_history_blank(model, 1, 3, &options, &made));
    REFUSED(dt_history_blank(model, 0, 3, &options, NULL));
    dt_history *history;
    assert_int_equal(dt_history_blank(model, 0, 3, &options, &history), DT_OK);
    assert_string_equal(dt_history_name(NULL), "");
    assert_int_equal(dt_history_rows(NULL), 0);
    assert_false(dt_history_has(NULL, 0) || dt_history_has(history, 9));
    assert_int_equal(dt_history_value(NULL, 0, 0), -1);
    assert_int_equal(dt_history_value(history, 9, 0), -1);
    assert_int_equal(dt_history_policy(history, 9), -1);
    assert_string_equal(dt_history_period(history, 9), "");
    REFUSED(dt_history_write(NULL, true, &options, take, NULL));
    REFUSED(dt_history_write(history, true, &options, NULL, NULL));
    const dt_history *one[] = {history}, *none[] = {NULL};
    MADE_NOTHING(dt_likelihood, dt_likelihood_new(NULL, one, 1, NULL, &options, &made));
    MADE_NOTHING(dt_likelihood, dt_likelihood_new(model, none, 1, NULL, &options, &made));
    MADE_NOTHING(dt_likelihood, dt_likelihood_new(model, one, 0, NULL, &options, &made));
    MADE_NOTHING(dt_likelihood, dt_likelihood_new(model, one, 1, &(dt_likelihood_how){.policy = 1},
                                                  &options, &made));
    MADE_NOTHING(dt_likelihood, dt_likelihood_new(model, one, 1, &(dt_likelihood_how){.worlds = 1},
                                                  &options, &made));
    REFUSED(dt_likelihood_new(model, one, 1, NULL, &options, NULL));
    dt_likelihood *likelihood;
    assert_int_equal(dt_likelihood_new(model, one, 1, NULL, &options, &likelihood), DT_OK);
    assert_int_equal(dt_likelihood_rows(NULL) + dt_likelihood_games(NULL), 0);
    assert_int_equal(dt_likelihood_nodes(NULL), 0);
    REFUSED(dt_likelihood_world(NULL, world, &options, &number, NULL));
    REFUSED(dt_likelihood_world(likelihood, NULL, &options, &number, NULL));
    REFUSED(dt_likelihood_world(likelihood, world, &options, NULL, NULL));
    REFUSED(dt_likelihood_run(NULL, world, 1, NULL, &options, &number, NULL, NULL));
    REFUSED(dt_likelihood_run(likelihood, NULL, 1, NULL, &options, &number, NULL, NULL));
    REFUSED(dt_likelihood_run(likelihood, world, 1, NULL, &options, NULL, NULL, NULL));
    REFUSED(dt_likelihood_smooth(NULL, 0, world, &options, numbers, NULL));
    REFUSED(dt_likelihood_smooth(likelihood, 1, world, &options, numbers, NULL));
    REFUSED(dt_likelihood_smooth(likelihood, 0, NULL, &options, numbers, NULL));
    REFUSED(dt_likelihood_predict(NULL, 0, 0, 1, 1, world, 1, NULL, &options, numbers, NULL));
    REFUSED(dt_likelihood_predict(likelihood, 0, 0, 1, 1, world, 1, NULL, &options, numbers, NULL));
    int drawn[8];
    const dt_replicating once = {.steps = 1, .courses = 1};
    REFUSED(dt_likelihood_replicate(NULL, &once, world, 1, NULL, &options, drawn, NULL));
    REFUSED(dt_likelihood_replicate(likelihood, NULL, world, 1, NULL, &options, drawn, NULL));
    REFUSED(dt_likelihood_replicate(likelihood, &once, world, 1, NULL, &options, drawn, NULL));
    dt_likelihood_free(likelihood);
    dt_likelihood_free(NULL);
    const dt_sampling how = {.periods = 2}, beyond = {.policy = 1, .periods = 2}, never = {0};
    MADE_NOTHING(dt_sampler, dt_sampler_new(NULL, world, &how, &options, &made));
    MADE_NOTHING(dt_sampler, dt_sampler_new(model, NULL, &how, &options, &made));
    MADE_NOTHING(dt_sampler, dt_sampler_new(model, world, NULL, &options, &made));
    MADE_NOTHING(dt_sampler, dt_sampler_new(model, world, &beyond, &options, &made));
    MADE_NOTHING(dt_sampler, dt_sampler_new(model, world, &never, &options, &made));
    REFUSED(dt_sampler_new(model, world, &how, &options, NULL));
    MADE_NOTHING(dt_history, dt_sampler_history(NULL, 0, &options, &made));
    dt_sampler *sampler;
    assert_int_equal(dt_sampler_new(model, world, &how, &options, &sampler), DT_OK);
    REFUSED(dt_sampler_history(sampler, 0, &options, NULL));
    dt_sampler_free(sampler);
    dt_sampler_free(NULL);
    dt_history_free(history);
    dt_history_free(NULL);
}

static void test_matches(void **state)
{
    (void)state;
    static const char text[] = "model m\nhorizon 2\nactor A\nstate x : bool = no\n"
                               "stage s : A { A.go ; A.stay }\npayoff A { p = s.A == go }\n";
    dt_options options = play_options(&told);
    dt_model *model = play_text(text, &options);
    dt_game *game;
    dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
    const bool all[] = {true};
    const dt_match_how how = {.held = all};
    MADE_NOTHING(dt_match, dt_match_new(NULL, &how, &options, &made));
    MADE_NOTHING(dt_match, dt_match_new(solution, NULL, &options, &made));
    REFUSED(dt_match_new(solution, &how, &options, NULL));
    dt_match *match;
    double outcome;
    assert_int_equal(dt_match_new(solution, &how, &options, &match), DT_OK);
    assert_true(dt_match_at(NULL).over);
    REFUSED(dt_match_take(NULL, 0, &options));
    REFUSED(dt_match_take(match, 2, &options));
    assert_int_equal(dt_match_value(NULL, 0), -1);
    assert_int_equal(dt_match_value(match, 1), -1);
    assert_null(dt_match_belief(NULL, 0));
    assert_null(dt_match_belief(match, 0));
    assert_int_equal(dt_match_events(NULL), 0);
    assert_string_equal(dt_match_event(NULL, 0).text, "");
    assert_string_equal(dt_match_event(match, 99).text, "");
    assert_int_equal(dt_match_moves(NULL), 0);
    assert_string_equal(dt_match_move_at(match, 0).brief, "");
    dt_match_outcomes(NULL, &outcome);
    dt_match_outcomes(match, NULL);
    REFUSED(dt_match_spread(NULL, 0, 0, 1, &options, &outcome));
    REFUSED(dt_match_spread(solution, 0, 0, 1, &options, NULL));
    MADE_NOTHING(dt_history, dt_match_history(NULL, &options, &made));
    REFUSED(dt_match_history(match, &options, NULL));
    REFUSED(dt_match_follow(NULL, NULL, &options));
    REFUSED(dt_match_follow(match, NULL, &options));
    char code[DT_CODE_SIZE] = "x";
    assert_string_equal(dt_match_code(NULL, code, sizeof code), "");
    assert_string_equal(dt_match_code(match, NULL, 1), "");
    size_t policy;
    uint64_t seed;
    bool held;
    REFUSED(dt_match_read_code(NULL, NULL, "x", &options, &policy, &seed, &held));
    REFUSED(dt_match_read_code(model, NULL, NULL, &options, &policy, &seed, &held));
    REFUSED(dt_match_read_code(model, NULL, "x", &options, NULL, &seed, &held));
    REFUSED(dt_match_read_code(model, NULL, "x", &options, &policy, NULL, &held));
    REFUSED(dt_match_read_code(model, NULL, "x", &options, &policy, &seed, NULL));
    assert_string_equal(dt_history_note(NULL), "");
    dt_match_free(match);
    dt_match_free(NULL);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_histories),
        cmocka_unit_test(test_matches),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
