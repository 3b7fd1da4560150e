/*
 * Contrasts: what each stage accounts for, worked out by hand; how often actions are taken; and on
 * the models of play.h that the parts sum to the difference between any two policies.
 */
#include "play.h"

#include <math.h>

#include "trace/contrast.h"
#include "trace/frequency.h"

static void assert_close(double found, double wanted)
{
    if (!(fabs(found - wanted) <= 1e-12 * fmax(1, fabs(wanted)))) {
        print_error("%.17g isn't %.17g\n", found, wanted);
        fail();
    }
}

/* With rationality 0 both actions have probability 1/2; war comes with .1, after x with p. */
static const char HAZARD[] =
    "model hazard\nhorizon 2\nactor A rationality 0\nparam p = 0.4\nparam cost = 1\n"
    "state alert : bool = no\nstate war : bool = no\n"
    "stage watch : A when alert { A.look ; A.wait { with 0.2 { war := yes } } }\n"
    "stage pick : A { A.x ; A.y }\n"
    "stage nature : chance { with pick.A == x ? p : 0.1 { war := yes } }\n"
    "payoff A { war = -war }\nend over when war\n"
    "outcome war = ever(war)\noutcome cost = total(cost * war)\n"
    "outcome first = first(war)\noutcome lasts = last(war)\noutcome mean = mean(war)\n"
    "policy free\npolicy calm { force A.y }\npolicy alarmed { start alert = yes }\n";
enum { WATCH, PICK, NATURE, STAGES };
enum { FREE, CALM, ALARMED };
enum { WAR, COST, FIRST, LAST, MEAN };

typedef struct hazard {
    play_log log;
    dt_options options;
    dt_model *model;
    dt_game *game[2];
    dt_solution *solution[2];
    dt_arena *arena;
} hazard;

static void solve_side(hazard *h, int side, size_t policy, double p, double cost)
{
    assert_int_equal(dt_game_explore(h->model, policy, &h->options, &h->game[side]), DT_OK);
    double world[] = {p, cost};
    dt_game_settings(h->game[side], world);
    assert_int_equal(
        dt_solve(h->game[side], world, DT_VALUES_AVERAGE, &h->options, &h->solution[side]), DT_OK);
}

static hazard begin(size_t here, size_t there, double p, double cost)
{
    hazard h = {0};
    h.options = (dt_options){.report = play_report, .report_context = &h.log};
    h.arena = dt_arena_new(NULL, 0);
    h.model = play_text(HAZARD, &h.options);
    solve_side(&h, 0, here, 0.4, 1);
    solve_side(&h, 1, there, p, cost);
    return h;
}

static void end(hazard *h)
{
    for (int side = 0; side < 2; side++) {
        dt_solution_free(h->solution[side]);
        dt_game_free(h->game[side]);
    }
    dt_model_free(h->model);
    dt_arena_free(h->arena);
}

static const dt_contrast *contrast(const hazard *h, int outcome)
{
    return dt_contrast_make(h->arena, h->arena, h->solution[0], h->solution[1], outcome);
}

/* In the second period, which is reached with .75, x and y in equal parts bring .25 where y brings .1;
 * in the first x brings .4 + .6 × .1, y and the other policy .19. */
static void a_choice_accounts_for_the_difference(void **state)
{
    (void)state;
    hazard h = begin(FREE, CALM, 0.4, 1);
    const dt_contrast *c = contrast(&h, WAR);
    assert_close(c->here, 1 - 0.75 * 0.75);
    assert_close(c->there, 1 - 0.9 * 0.9);
    assert_close(c->stage[PICK].part, 0.75 * 0.15 + (0.5 * 0.46 + 0.5 * 0.19 - 0.19));
    assert_close(c->stage[NATURE].part, 0);
    assert_close(c->counted, 0);
    assert_int_equal(c->stage[PICK].period, 0);
    assert_close(c->stage[PICK].largest, 0.135);
    assert_int_equal(dt_game_stage(h.game[0], c->stage[PICK].node), PICK);
    assert_int_equal(c->stage[WATCH].node, DT_NOWHERE);

    const dt_frequency *ours = dt_frequency_make(h.arena, h.solution[0]);
    const dt_frequency *theirs = dt_frequency_make(h.arena, h.solution[1]);
    const size_t x = ours->first[PICK];
    assert_close(ours->taken[x], 0.5 + 0.75 * 0.5);
    assert_close(theirs->taken[x], 0);
    assert_close(theirs->taken[x + 1], 1.9);
    assert_close(ours->taken[0], 0);
    end(&h);
}

/* After x, reached with .5 and .75 × .5, war comes with .4 rather than .6. */
static void chance_accounts_for_other_numbers(void **state)
{
    (void)state;
    hazard h = begin(FREE, FREE, 0.6, 1);
    const dt_contrast *c = contrast(&h, WAR);
    assert_close(c->stage[PICK].part, 0);
    assert_close(c->stage[NATURE].part,
                 0.75 * 0.5 * -0.2 + 0.5 * (0.4 + 0.6 * 0.35 - 0.6 - 0.4 * 0.35));
    assert_close(c->stage[NATURE].part, c->here - c->there);
    end(&h);

    h = begin(FREE, FREE, 0.4, 3);
    c = contrast(&h, COST);
    assert_close(c->counted, 0.4375 * (1 - 3));
    assert_close(c->here - c->there, c->counted);
    end(&h);
}

/* A stage that the other skips accounts for what it brings, .1 a period: in the first, where war comes
 * at once or with .19, and in the second, to which .9 × .75 come. The rest is that of the choice, which
 * is made with .9 in the first period. */
static void a_stage_of_its_own_accounts_for_itself(void **state)
{
    (void)state;
    hazard h = begin(ALARMED, CALM, 0.4, 1);
    const dt_contrast *c = contrast(&h, WAR);
    const double second = 0.9 * 0.75;
    assert_close(c->here, 1 - second * second);
    assert_close(c->stage[WATCH].part, 0.1 * (1 - 0.19) + second * 0.1 * (1 - 0.1));
    assert_close(c->stage[PICK].part, 0.9 * 0.135 + second * 0.9 * 0.15);
    assert_int_equal(c->stage[WATCH].period, 0);
    assert_int_equal(dt_game_stage(h.game[0], c->stage[WATCH].node), WATCH);
    end(&h);
}

/* Forms agree with what they say of each other here: war stands once it has come. */
static void every_form_is_followed(void **state)
{
    (void)state;
    hazard h = begin(FREE, CALM, 0.4, 1);
    const double war = contrast(&h, WAR)->stage[PICK].part;
    assert_close(contrast(&h, LAST)->stage[PICK].part, war);
    assert_close(contrast(&h, COST)->stage[PICK].part, war);
    const dt_contrast *mean = contrast(&h, MEAN), *first = contrast(&h, FIRST);
    assert_close(mean->here, (0.25 + 0.4375) / 2);
    assert_close(mean->stage[PICK].part, mean->here - mean->there);
    assert_close(first->here, 3 - 2 * mean->here);
    assert_close(first->stage[PICK].part, -2 * mean->stage[PICK].part);
    end(&h);
}

static int contrasted;

static void sum_parts(const dt_solution *here, const dt_solution *there)
{
    const dt_model *model = here->game->model;
    for (int o = 0; o < model->declared_outcomes; o++) {
        dt_arena *arena = dt_arena_new(NULL, 0);
        const dt_contrast *c = dt_contrast_make(arena, arena, here, there, o);
        double sum = c->counted + c->drawn;
        for (int s = 0; s < model->stages; s++)
            sum += c->stage[s].part;
        assert_true(fabs(sum - (c->here - c->there)) <= 1e-9 * fmax(1, fabs(c->here)));
        double outcome[64];
        assert_true(model->declared_outcomes <= 64);
        assert_int_equal(dt_solution_outcomes(here, NULL, outcome), DT_OK);
        assert_true(fabs(c->here - outcome[o]) <= 1e-9 * fmax(1, fabs(outcome[o])));
        contrasted++;
        dt_arena_free(arena);
    }
}

/* Two who know something, a hidden stage, drift and `now`: parts sum to the difference whichever way it is seen, and
 * each is what it is by what is true. What is known under one policy alone isn't compared. */
static const char SECRET[] =
    "model secret\nhorizon 3\nbeliefs 6\nactor A rationality 3\nactor B rationality 2\n"
    "param odds = 0.4\nparam cost = 0.3\nstate seen : bool = no\nstate hurt : 0..3 = 0\n"
    "private A aim : {soft, hard} = {soft: 1 - odds, hard: odds}\n"
    "private B mood : {calm, cross} = {calm: 0.7, cross: 0.3}\n"
    "hidden stage turn : A { A.keep ; A.harden { pay A -cost ; aim := hard } }\n"
    "stage push : A { A.push if hurt < 3 { hurt += 1 ; with (aim == hard ? 0.4 : 0.1) { seen := "
    "yes } } A.rest }\n"
    "stage reply : B { B.back { pay B -0.2 * (mood == calm) } B.give }\n"
    "payoff A { won = (aim == hard ? 1 : 0.2) * (reply.B == give) }\n"
    "payoff B { lost = -hurt * (aim == hard ? 0.5 : 0.1) ; stood = (reply.B == back) * 0.3 }\n"
    "outcome gave = mean(reply.B == give)\noutcome worst = last(hurt * (aim == hard))\n"
    "outcome late = total((now > 1) * (reply.B == back))\noutcome once = ever(seen)\n"
    "policy free\npolicy dear { set cost = 1 }\npolicy open { start aim = hard }\n";

static void sum_truths(const dt_game *game, const dt_contrast *c)
{
    for (int s = 0; s < game->model->stages; s++) {
        for (uint32_t x = 0; x < game->privates; x++) {
            double sum = 0;
            for (uint32_t k = game->secret_first[x]; k < game->secret_first[x + 1]; k++)
                sum += c->stage[s].by_truth[k];
            assert_close(sum, c->stage[s].part);
        }
    }
}

static void what_is_private_is_followed_by_type(void **state)
{
    (void)state;
    enum { POLICIES = 3 };
    static const int draw[POLICIES + 1] = {0, 0, 1, 2}; /* what is drawn as play begins */
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(SECRET, &options);
    dt_game *game[POLICIES + 1];
    dt_solution *solution[POLICIES + 1];
    for (size_t p = 0; p < POLICIES; p++)
        solution[p] = play_solve(model, p, DT_VALUES_AVERAGE, &options, &game[p]);
    double world[] = {0.8, 0.3}; /* another draw */
    assert_int_equal(dt_game_explore(model, 0, &options, &game[POLICIES]), DT_OK);
    assert_int_equal(
        dt_solve(game[POLICIES], world, DT_VALUES_AVERAGE, &options, &solution[POLICIES]), DT_OK);
    for (size_t here = 0; here <= POLICIES; here++) {
        for (size_t there = 0; there <= POLICIES; there++) {
            if (*dt_contrast_trouble(solution[here], solution[there]))
                continue;
            sum_parts(solution[here], solution[there]);
            dt_arena *arena = dt_arena_new(NULL, 0);
            const dt_contrast *c =
                dt_contrast_make(arena, arena, solution[here], solution[there], 0);
            sum_truths(game[here], c);
            assert_true((c->drawn != 0) == (draw[here] != draw[there]));
            const dt_frequency *often = dt_frequency_make(arena, solution[here]);
            assert_close(often->taken[0] + often->taken[1], 3); /* A turns in every period */
            assert_close((often->taken[5]) / 3, c->here);       /* B gives */
            dt_arena_free(arena);
        }
    }
    for (size_t p = 0; p <= POLICIES; p++) {
        dt_solution_free(solution[p]);
        dt_game_free(game[p]);
    }
    dt_model_free(model);
}

static void parts_sum_to_the_difference(void **state)
{
    (void)state;
    for (size_t m = 0; m < PLAY_MODELS_COUNT; m++) {
        play_log log;
        const dt_options options = play_options(&log);
        dt_model *model = play_read(m, &options);
        const size_t policies = dt_model_count(model, DT_POLICIES);
        dt_game *first_game, *game;
        dt_solution *first = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &first_game);
        for (size_t p = 0; p < policies; p++) {
            dt_solution *other = play_solve(model, p, DT_VALUES_AVERAGE, &options, &game);
            sum_parts(first, other);
            sum_parts(other, first);
            dt_solution_free(other);
            dt_game_free(game);
        }
        dt_solution_free(first);
        dt_game_free(first_game);
        dt_model_free(model);
    }
    assert_true(contrasted > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_choice_accounts_for_the_difference),
        cmocka_unit_test(chance_accounts_for_other_numbers),
        cmocka_unit_test(a_stage_of_its_own_accounts_for_itself),
        cmocka_unit_test(every_form_is_followed),
        cmocka_unit_test(what_is_private_is_followed_by_type),
        cmocka_unit_test(parts_sum_to_the_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
