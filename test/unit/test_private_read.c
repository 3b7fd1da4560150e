/*
 * Reading solutions with private variables: what types do and what it gives away, in games whose numbers are
 * known in closed form; and on models checked elsewhere, that what the exact chain finds forward, value by
 * value, is what the solver's strategies follow from, which it found backward.
 */
#include "detente_explain.h"
#include "play.h"
#include "solve/solve.h"
#include "trace/believed.h"

#include <math.h>

/* What A does tells what it is, and nobody answers: σ_k(x) = 1/(1 + exp(λ (Q_k(y) − Q_k(x)))). */
static const char GESTURE[] =
    "model gesture\nhorizon 1\nbeliefs 8\nactor A rationality 2\nactor B rationality 2\n"
    "private A aim : {soft, hard} = {soft: 0.5, hard: 0.5}\n"
    "stage s : A {\n A.x { pay A -1 * (aim == soft) \"price\" }\n A.y { pay A 0.25 * (aim == hard) "
    "}\n}\n"
    "payoff B { t = aim == hard }\n"
    "outcome xs = mean(s.A == x)\n"
    "outcome trust = mean((s.A == x) * belief(aim == hard))\n";

/* Nobody sees whether A works at the plant. */
static const char PLANT[] =
    "model hidden\nhorizon 1\nbeliefs 8\nactor A rationality 1\nactor B rationality 1\n"
    "private A plant : bool = no\n"
    "hidden stage work : A {\n A.dig { with 0.5 { plant := yes }; pay A -1 }\n A.rest\n}\n"
    "payoff B { fear = -plant }\noutcome built = last(plant)\n";

static void assert_near(double found, double wanted, double within)
{
    if (!(fabs(found - wanted) <= within)) {
        print_error("%.17g isn't %.17g\n", found, wanted);
        fail();
    }
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

typedef struct read {
    play_log log;
    dt_options options;
    dt_model *model;
    dt_game *game;
    dt_solution *solution;
} read;

static void open_text(read *r, const char *text)
{
    r->options = play_options(&r->log);
    r->model = play_text(text, &r->options);
    r->solution = play_solve(r->model, 0, DT_VALUES_AVERAGE, &r->options, &r->game);
    assert_true(r->solution && dt_solution_solved(r->solution));
}

static void close_text(read *r)
{
    dt_solution_free(r->solution);
    dt_game_free(r->game);
    dt_model_free(r->model);
}

/* The mover of GESTURE of a type, with the belief `hard` in the second. */
static void check_gesture(const dt_explanation *e, double hard)
{
    const double soft_x = logistic(-2 * 1.0), hard_x = logistic(-2 * 0.25);
    const double x = (1 - hard) * soft_x + hard * hard_x;
    assert_int_equal(e->movers, 2);
    assert_string_equal(e->mover[0].name, "A if aim is soft");
    assert_string_equal(e->mover[1].name, "A if aim is hard");
    assert_int_equal(e->beliefs, 1);
    assert_near(e->belief[0].share[0], 1 - hard, 1e-15);
    assert_near(e->belief[0].share[1], hard, 1e-15);
    const double wanted[2][2] = {
        {-1, 0   },
        {0,  0.25}
    };
    for (int k = 0; k < 2; k++) {
        const dt_explained_mover *mover = &e->mover[k];
        const double p = k == 0 ? soft_x : hard_x;
        assert_int_equal(mover->rank, k);
        assert_int_equal(mover->actions, 2);
        assert_near(mover->action[0].probability, p, 1e-14);
        assert_near(mover->action[1].probability, 1 - p, 1e-14);
        for (int a = 0; a < 2; a++) {
            const double seen = a == 0 ? hard * hard_x / x : hard * (1 - hard_x) / (1 - x);
            assert_near(mover->action[a].value, wanted[k][a], 1e-14);
            assert_near(mover->action[a].posterior[1], seen, 1e-14);
            assert_near(mover->action[a].posterior[0], 1 - seen, 1e-14);
            assert_near(mover->action[a].outcome[0], a == 0, 1e-14);
        }
    }
    const double seen = hard * hard_x / x;
    assert_near(e->outcome[0], x, 1e-14);
    /* on average over the types that may stand behind x, others believe what is true of them */
    assert_near((1 - seen) * e->mover[0].action[0].outcome[1] +
                    seen * e->mover[1].action[0].outcome[1],
                seen, 1e-14);
    assert_near(e->outcome[1], x * seen, 1e-14);
}

static void what_is_shown_alike_hardly_moves(void **state)
{
    (void)state;
    read r;
    open_text(&r, GESTURE);
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_model *model = r.solution->game->model;
    const double before[] = {0.0984, 0.9016}, much[] = {0.09, 0.91}, little[] = {0.0976, 0.9024};
    const double *const after[] = {much, little, before};
    const char *const brief[] = {"x", "y", "z"};
    const dt_moved_belief moved = {.variable = model->private_variable[0],
                                   .called = "aim",
                                   .before = before,
                                   .actions = 3,
                                   .action = brief,
                                   .after = after};
    assert_string_equal(dt_believed_words(arena, model, &moved),
                        "x moves the belief that aim is hard from 90.2% to 91%; y hardly moves the "
                        "belief that aim is hard, 90.2%; z tells nothing about aim");
    dt_arena_free(arena);
    close_text(&r);
}

static void a_gesture_tells(void **state)
{
    (void)state;
    read r;
    open_text(&r, GESTURE);
    dt_explanation *e;
    assert_int_equal(dt_explain(r.solution, NULL, NULL, 1, &r.options, &e), DT_OK);
    check_gesture(e, 0.5);
    assert_near(e->believed, 1, 0);
    assert_string_equal(e->belief[0].text, "x moves the belief that aim is hard from 50% to 76%; y "
                                           "moves the belief that aim is soft from 50% to 58.6%");
    dt_explanation_free(e);
    /* the knots next to 0.9 are (1 + cos π/4)/2 = 0.854 and (1 + cos π/8)/2 = 0.962 */
    assert_int_equal(dt_explain(r.solution, "aim = hard : 0.9", "s", 1, &r.options, &e), DT_OK);
    check_gesture(e, (1 + cos(acos(-1) / 4)) / 2);
    assert_near(e->believed, 0, 0);
    dt_explanation_free(e);
    /* where it is certain, nothing can be learned, and there is no other type */
    assert_int_equal(dt_explain(r.solution, "aim=soft:0,aim=hard:1", "s", 1, &r.options, &e),
                     DT_OK);
    assert_int_equal(e->movers, 1);
    assert_string_equal(e->mover[0].name, "A if aim is hard");
    assert_string_equal(e->belief[0].text, "x tells nothing about aim; y tells nothing about aim");
    dt_explanation_free(e);
    close_text(&r);
}

/* With the prior ½, |b' − ½| is on average |½σ_hard(x) − ½P(x)| + |½σ_hard(y) − ½P(y)| = ½|σ_hard − σ_soft|;
 * a type is worth Σ σ Q; and what is hidden gives away nothing. */
static void stages_leak(void **state)
{
    (void)state;
    const double soft_x = logistic(-2), hard_x = logistic(-0.5);
    read r;
    dt_leak leak[4];
    size_t count;
    open_text(&r, GESTURE);
    assert_int_equal(dt_solution_leaks(r.solution, &r.options, leak, &count), DT_OK);
    assert_int_equal(count, 1);
    assert_int_equal(leak[0].stage, 0);
    assert_int_equal(leak[0].variable, 0);
    assert_near(leak[0].move, (hard_x - soft_x) / 2, 1e-14);
    assert_near(leak[0].visits, 1, 1e-14);
    assert_near(dt_solution_type_value(r.solution, 0, 0), -soft_x, 1e-14);
    assert_near(dt_solution_type_value(r.solution, 0, 1), 0.25 * (1 - hard_x), 1e-14);
    assert_true(isnan(dt_solution_type_value(r.solution, 0, 2)));
    assert_true(isnan(dt_solution_type_value(r.solution, 1, 0)));
    close_text(&r);
    open_text(&r, PLANT);
    assert_int_equal(dt_solution_leaks(r.solution, &r.options, leak, &count), DT_OK);
    assert_int_equal(count, 0);
    assert_near(dt_solution_type_value(r.solution, 0, 0), -logistic(-1), 1e-14);
    assert_true(isnan(dt_solution_type_value(r.solution, 0, 1)));
    close_text(&r);
}

/* A plant that is there with probability ½ is seen with ½: seen with ¼ it is certain, else ½ falls to ⅓. */
static void chance_leaks(void **state)
{
    (void)state;
    static const char TEXT[] =
        "model photograph\nhorizon 1\nbeliefs 8\nactor A\nactor B\n"
        "private A plant : bool = {no: 0.5, yes: 0.5}\nstate seen : bool = no\n"
        "stage look : chance { with 0.5 * plant { seen := yes } }\npayoff B { t = -plant }\n";
    read r;
    dt_leak leak[4];
    size_t count;
    open_text(&r, TEXT);
    assert_int_equal(dt_solution_leaks(r.solution, &r.options, leak, &count), DT_OK);
    assert_int_equal(count, 1);
    assert_near(leak[0].move, 0.25 * 0.5 + 0.75 * (1.0 / 2 - 1.0 / 3), 1e-14);
    close_text(&r);
}

static void what_is_hidden_is_reckoned_with(void **state)
{
    (void)state;
    read r;
    open_text(&r, PLANT);
    dt_explanation *e;
    assert_int_equal(dt_explain(r.solution, NULL, NULL, 1, &r.options, &e), DT_OK);
    assert_int_equal(e->movers, 1);
    assert_near(e->mover[0].action[0].probability, logistic(-1), 1e-14);
    for (int a = 0; a < 2; a++)
        assert_near(e->mover[0].action[a].posterior[1], logistic(-1) / 2, 1e-14);
    assert_near(e->outcome[0], logistic(-1) / 2, 1e-14);
    assert_near(e->mover[0].action[0].outcome[0], 0.5, 1e-14);
    assert_string_equal(e->belief[0].text,
                        "nobody sees what is chosen, which moves the belief that "
                        "plant is yes from 0% to 13.4%");
    dt_explanation_free(e);
    close_text(&r);
}

static void wrong_beliefs_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *at, *code;
        int column;
    } wrong[] = {
        {"aim=hard",                   "at-belief", 5 },
        {"aim=hard:",                  "at-belief", 5 },
        {"aim=hard:x",                 "at-belief", 5 },
        {"aim=hard:1.5",               "at-belief", 5 },
        {"aim=hard:-1",                "at-belief", 5 },
        {"aim=hard:0.6, aim=soft:.6",  "at-belief", 19},
        {"aim=hard:0.5, aim=soft:0.6", "at-belief", 19},
        {"aim=hard:0.5, aim=hard:0.5", "at-twice",  19},
        {"aim=herd:0.5",               "at-value",  5 },
    };
    read r;
    open_text(&r, GESTURE);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        dt_explanation *e;
        r.log = (play_log){0};
        assert_int_equal(dt_explain(r.solution, wrong[i].at, "s", 1, &r.options, &e), DT_INVALID);
        assert_null(e);
        assert_string_equal(r.log.codes, wrong[i].code);
        assert_int_equal(r.log.column, wrong[i].column);
    }
    close_text(&r);
}

/* ---- models checked elsewhere ------------------------------------------------------------------ */

/* Q of the chain gives the strategies of the solver, and terms sum to Q. */
static void check_mover(const dt_explained_mover *mover)
{
    double most = -INFINITY, sum = 0;
    for (size_t a = 0; a < mover->actions; a++)
        most = fmax(most, mover->rationality * mover->action[a].value);
    for (size_t a = 0; a < mover->actions; a++)
        sum += exp(mover->rationality * mover->action[a].value - most);
    for (size_t a = 0; a < mover->actions; a++) {
        const dt_explained_action *action = &mover->action[a];
        double terms = 0;
        for (size_t t = 0; t < mover->terms; t++)
            terms += action->term[t];
        assert_near(terms, action->value, 1e-9 * fmax(1, fabs(action->value)));
        assert_near(action->probability, exp(mover->rationality * action->value - most) / sum,
                    1e-8);
    }
}

/* What is believed after the actions is on average what was believed before, if the stage moves nothing. */
static void check_belief(const dt_model *model, const dt_explanation *e,
                         const dt_explained_belief *belief)
{
    const int stage = dt_model_find(model, DT_STAGES, e->stage);
    const size_t values = dt_model_values(model, belief->variable);
    if (dt_model_secret(model, (size_t)stage) == (int)belief->variable)
        return;
    for (size_t k = 0; k < values; k++) {
        double after = 0, before = 0;
        for (size_t m = 0; m < e->movers; m++) {
            const dt_explained_mover *mover = &e->mover[m];
            for (size_t a = 0; a < mover->actions && mover->variable == (int)belief->variable;
                 a++) {
                const double p = belief->share[mover->rank] * mover->action[a].probability;
                before += p * belief->share[k];
                after += p * mover->action[a].posterior[k];
            }
        }
        assert_near(after, before, 1e-12);
    }
}

/* A mover's average over its types is its value at the start, if play starts here. */
static void check_start(const dt_model *model, const dt_solution *solution, const dt_explanation *e)
{
    const double *start = dt_solution_certificate(solution).value;
    for (size_t i = 0; i < dt_model_count(model, DT_ACTORS); i++) {
        const char *name = dt_model_item(model, DT_ACTORS, i);
        double value = 0, share = 0;
        for (size_t m = 0; m < e->movers; m++) {
            const dt_explained_mover *mover = &e->mover[m];
            const size_t length = strlen(name);
            if (strncmp(mover->name, name, length) != 0 ||
                (mover->name[length] && mover->variable < 0))
                continue;
            double own = 1;
            for (size_t x = 0; x < e->beliefs; x++) {
                if ((int)e->belief[x].variable == mover->variable)
                    own = e->belief[x].share[mover->rank];
            }
            share += own;
            for (size_t a = 0; a < mover->actions; a++)
                value += own * mover->action[a].probability * mover->action[a].value;
        }
        if (share > 0)
            assert_near(value, start[i], 1e-9 * fmax(1, fabs(start[i])));
    }
}

static int explain_all(const char *name, dt_values values, int *starts)
{
    char path[512];
    int looked = 0;
    read r = {.model = NULL};
    r.options = play_options(&r.log);
    snprintf(path, sizeof path, "%s/test/verification/private/%s.dtn", DT_ROOT, name);
    assert_int_equal(dt_model_read(path, &r.options, &r.model), DT_OK);
    for (size_t p = 0; p < dt_model_count(r.model, DT_POLICIES); p++) {
        r.solution = play_solve(r.model, p, values, &r.options, &r.game);
        for (size_t s = 0; s < dt_model_count(r.model, DT_STAGES) && r.solution; s++) {
            for (int t = 1; t <= dt_model_horizon(r.model); t++) {
                dt_explanation *e;
                const char *stage = dt_model_item(r.model, DT_STAGES, s);
                if (dt_explain(r.solution, NULL, stage, t, &r.options, &e) != DT_OK)
                    continue;
                for (size_t m = 0; m < e->movers; m++)
                    check_mover(&e->mover[m]);
                for (size_t x = 0; x < e->beliefs; x++)
                    check_belief(r.model, e, &e->belief[x]);
                if (values == DT_VALUES_AVERAGE && s == 0 && t == 1 && e->believed == 1) {
                    check_start(r.model, r.solution, e);
                    ++*starts;
                }
                looked++;
                dt_explanation_free(e);
            }
        }
        dt_solution_free(r.solution);
        dt_game_free(r.game);
    }
    dt_model_free(r.model);
    return looked;
}

static void chains_agree_with_the_solver(void **state)
{
    (void)state;
    static const char *const models[] = {"private-1",  "private-3",  "private-5",
                                         "private-8",  "private-10", "private-13",
                                         "private-17", "private-18", "chain-store-3-8"};
    int looked = 0, starts = 0;
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        looked += explain_all(models[i], DT_VALUES_AVERAGE, &starts);
    looked += explain_all("private-1", DT_VALUES_SURPLUS, &starts);
    looked += explain_all("chain-store-3-8", DT_VALUES_SURPLUS, &starts);
    assert_true(looked > 50 && starts > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown_alike_hardly_moves),
        cmocka_unit_test(a_gesture_tells),
        cmocka_unit_test(stages_leak),
        cmocka_unit_test(chance_leaks),
        cmocka_unit_test(what_is_hidden_is_reckoned_with),
        cmocka_unit_test(wrong_beliefs_are_told),
        cmocka_unit_test(chains_agree_with_the_solver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
