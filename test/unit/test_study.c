/*
 * Studies, from plan to file and back: what is read is what was asked for and what the library gives
 * for each world by itself; a file taken up again ends as if nothing had happened; files that aren't
 * studies, or aren't whole, are refused without harm.
 */
#include "play.h"

#include <math.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detente_study.h"

static const char TEXT[] = "model tried \"A lever\"\nhorizon 3\n"
                           "actor A \"One\" rationality lambda\nactor B\n"
                           "param lambda = 1 in 0 .. 4 judgement\n"
                           "param cost = 0.5 ~ beta(2, 3)\n"
                           "param Cost = 0.25 ~ normal(0, 1)\n"
                           "param p = 0.3 in -0.5 .. 1\n"
                           "param still = 2\n"
                           "correlate cost, Cost 0.6\n"
                           "state x : 0..3 = 0\n"
                           "stage s : A, B {\n A.up \"Up\" { pay A -cost }\n A.stay\n"
                           " B.help { with p { x += 1 } }\n B.rest { pay B Cost }\n}\n"
                           "payoff A { x = x * still }\npayoff B { x = x }\n"
                           "outcome high maximise = last(x)\noutcome ever_top = ever(x == 3)\n"
                           "policy free\npolicy helped { force B.help }\n"
                           "policy team_up { team A, B }\n";

enum { PARAMETERS = 5, OUTCOMES = 2, ACTORS = 2, POLICIES = 3 };

static char folder[] = "/tmp/detente-study-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[4][200];
    static int turn;
    char *made = path[turn++ % 4];
    snprintf(made, sizeof path[0], "%s/%s", folder, name);
    return made;
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

typedef struct trial {
    play_log log;
    dt_options options;
    dt_model *model;
} trial;

static void start(trial *t)
{
    t->options = play_options(&t->log);
    t->model = play_text(TEXT, &t->options);
}

static dt_status run(trial *t, const dt_study_plan *plan, const char *path, const dt_study_how *how)
{
    dt_study_summary *did;
    const dt_status status = dt_study_run(t->model, plan, path, how, &t->options, &did);
    dt_study_summary_free(did);
    return status;
}

static dt_study *read_study(trial *t, const char *path)
{
    dt_study *study = NULL;
    assert_int_equal(dt_study_open(path, &t->options, &study), DT_OK);
    assert_non_null(study);
    return study;
}

/* Runs SQL on a file. */
static void alter(const char *path, const char *sql)
{
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static bool same(const void *a, const void *b, size_t count)
{
    return memcmp(a, b, count * sizeof(double)) == 0;
}

/* Two studies hold the same, to the last bit. */
static void assert_same(trial *t, const char *a, const char *b)
{
    dt_study *one = read_study(t, a), *other = read_study(t, b);
    const dt_study_data *x = dt_study_read(one), *y = dt_study_read(other);
    assert_int_equal(x->worlds, y->worlds);
    assert_int_equal(x->done, y->done);
    assert_string_equal(x->hash, y->hash);
    assert_true(same(x->parameter, y->parameter, x->worlds * PARAMETERS));
    assert_true(same(x->share, y->share, x->worlds * x->varied));
    assert_true(same(x->nominal, y->nominal, x->policies * OUTCOMES));
    assert_true(same(x->outcome, y->outcome, x->policies * OUTCOMES * x->worlds));
    assert_true(same(x->value, y->value, x->policies * ACTORS * x->worlds));
    assert_true(same(x->gap, y->gap, x->policies * ACTORS * x->worlds));
    assert_true(same(x->residual, y->residual, x->policies * x->worlds));
    assert_memory_equal(x->status, y->status, x->policies * x->worlds);
    dt_study_close(one);
    dt_study_close(other);
}

/* ---- what is read is what the library gives ---- */

static void a_study_holds_each_world_as_solved_alone(void **state)
{
    (void)state;
    trial t;
    start(&t);
    const dt_study_plan plan = {.seed = 5, .worlds = 21};
    /* a negative probability makes a world wrong under every policy: DT_NO */
    assert_int_equal(run(&t, &plan, path_of("a"), NULL), DT_NO);
    dt_study *study = read_study(&t, path_of("a"));
    const dt_study_data *d = dt_study_read(study);
    assert_int_equal(d->worlds, 21);
    assert_int_equal(d->done, 63);
    assert_int_equal(d->policies, POLICIES);
    assert_int_equal(d->varied, 4);
    assert_int_equal(d->design, DT_DESIGN_LATIN);
    assert_true(d->seed == 5 && d->deep == 0 && d->risk == 0 && d->trajectories == 0);
    assert_string_equal(dt_model_description(d->model), "A lever");
    size_t wrong = 0;
    for (size_t p = 0; p < POLICIES; p++) {
        dt_game *game;
        assert_int_equal(dt_game_explore(t.model, d->policy[p], NULL, &game), DT_OK);
        for (size_t w = 0; w <= d->worlds; w++) {
            const double *world = w ? d->parameter + (w - 1) * PARAMETERS : d->held;
            dt_ensemble *alone;
            assert_int_equal(dt_ensemble_run(game, world, 1, DT_VALUES_AVERAGE, NULL, NULL, &alone),
                             DT_OK);
            const dt_world_result r = dt_ensemble_world(alone, 0);
            for (size_t o = 0; o < OUTCOMES; o++) {
                const double found = w ? d->outcome[(p * OUTCOMES + o) * d->worlds + w - 1]
                                       : d->nominal[p * OUTCOMES + o];
                assert_true(r.status == DT_OK ? found == r.outcome[o] : isnan(found));
            }
            for (size_t a = 0; a < ACTORS && w; a++) {
                const size_t at = (p * ACTORS + a) * d->worlds + w - 1;
                assert_true(r.status == DT_OK ? d->value[at] == r.value[a] && d->gap[at] == r.gap[a]
                                              : isnan(d->value[at]) && isnan(d->gap[at]));
            }
            if (w) {
                assert_int_equal(d->status[p * d->worlds + w - 1], r.status);
                wrong += r.status == DT_INVALID;
                assert_true((world[3] < 0) == (r.status == DT_INVALID));
            }
            dt_ensemble_free(alone);
        }
        dt_game_free(game);
    }
    assert_int_equal(wrong, 7 * POLICIES); /* a third of the range, one world in each part of it */
    dt_study_close(study);
    dt_model_free(t.model);
}

static void neither_jobs_nor_pieces_matter(void **state)
{
    (void)state;
    trial t;
    start(&t);
    const dt_study_plan plan = {.seed = 2, .worlds = 300};
    run(&t, &plan, path_of("one-job"), &(dt_study_how){.jobs = 1});
    run(&t, &plan, path_of("three-jobs"), &(dt_study_how){.jobs = 3});
    assert_same(&t, path_of("one-job"), path_of("three-jobs"));
    dt_model_free(t.model);
}

/* ---- resuming ---- */

typedef struct patience {
    int left; /* calls */
} patience;

static bool be_patient(void *context, const dt_study_progress *progress)
{
    patience *p = context;
    assert_true(progress->done <= progress->worlds && progress->before <= progress->done);
    return p->left-- > 0;
}

static void an_interrupted_study_goes_on(void **state)
{
    (void)state;
    trial t;
    start(&t);
    const dt_study_plan plan = {.seed = 3, .worlds = 200, .design = DT_DESIGN_SOBOL};
    assert_int_equal(run(&t, &plan, path_of("whole"), NULL), DT_NO);
    int runs = 0;
    size_t before = 0;
    for (dt_status status = DT_LIMIT; status == DT_LIMIT; runs++) {
        patience p = {3};
        dt_study_summary *did;
        status = dt_study_run(t.model, &plan, path_of("pieces"), &(dt_study_how){2, be_patient, &p},
                              &t.options, &did);
        assert_non_null(did);
        assert_true(did->interrupted == (status == DT_LIMIT));
        assert_true(did->before == before && did->done >= before);
        before = did->done;
        dt_study_summary_free(did);
        assert_true(runs < 500);
    }
    assert_true(runs > 3);
    assert_same(&t, path_of("whole"), path_of("pieces"));
    assert_int_equal(access(path_of("pieces-wal"), F_OK), -1);
    dt_model_free(t.model);
}

static void lost_rows_are_made_again(void **state)
{
    (void)state;
    trial t;
    start(&t);
    const dt_study_plan plan = {.seed = 3, .worlds = 50};
    run(&t, &plan, path_of("full"), NULL);
    run(&t, &plan, path_of("holes"), NULL);
    alter(path_of("holes"), "DELETE FROM results WHERE world % 7 = 3 AND policy <> 'helped';"
                            "DELETE FROM worlds WHERE world % 5 = 1");
    dt_study *study = read_study(&t, path_of("holes"));
    const dt_study_data *d = dt_study_read(study);
    assert_int_equal(d->done, 150 - 14);
    assert_int_equal(d->status[2], DT_NOT_DONE);
    assert_true(isnan(d->outcome[2]) && isnan(d->parameter[0]));
    dt_study_close(study);
    assert_int_equal(run(&t, &plan, path_of("holes"), NULL), DT_NO);
    assert_same(&t, path_of("full"), path_of("holes"));
    dt_model_free(t.model);
}

/* ---- what is refused ---- */

static void another_study_is_refused(void **state)
{
    (void)state;
    trial t;
    start(&t);
    const dt_study_plan plan = {.seed = 3, .worlds = 20};
    run(&t, &plan, path_of("mine"), NULL);
    const dt_study_plan other[] = {
        {.seed = 4,                .worlds = 20                            },
        {             .seed = 3,            .worlds = 21                                        },
        {     .seed = 3,            .design = DT_DESIGN_RANDOM,                                                    .worlds = 20},
        {     .seed = 3,            .values = DT_VALUES_SURPLUS,                                                    .worlds = 20},
        {     .seed = 3,               .deep = 4,                                                       .risk = 5},
        {     .seed = 3,             .vary = (size_t[]){1},                                         .varied = 1, .worlds = 20},
        {             .seed = 3, .policy = (size_t[]){1},                            .policies = 1, .worlds = 20},
        { .seed = 3,                .held = (double[]){1, 0.5, 0.25, 0.4, 2}, .worlds = 20},
    };
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        t.log = (play_log){0};
        assert_int_equal(run(&t, &other[i], path_of("mine"), NULL), DT_INVALID);
        assert_true(strncmp(t.log.codes, "study-differs", 13) == 0);
    }
    dt_model_free(t.model);
    char text[sizeof TEXT];
    memcpy(text, TEXT, sizeof text);
    strstr(text, "0.3 in")[2] = '2';
    t.model = play_text(text, &t.options);
    t.log = (play_log){0};
    assert_int_equal(run(&t, &plan, path_of("mine"), NULL), DT_INVALID);
    assert_string_equal(t.log.codes, "study-differs");
    assert_non_null(strstr(t.log.message, "its model's text differs from line 8 on"));
    dt_model_free(t.model);
}

static void wrong_plans_are_refused(void **state)
{
    (void)state;
    trial t;
    start(&t);
    const struct {
        dt_study_plan plan;
        const char *message;
    } wrong[] = {
        {{0},                                                                                     "how many worlds?"                                                 },
        {{.worlds = 9, .deep = 3, .risk = 3},
         "either a number of worlds, or deep draws crossed with risk draws"                                                                                          },
        {{.deep = 3},                                                                             "crossing takes both: how many deep draws, and how many risk draws"},
        {{.worlds = 9, .base = 3},
         "only the designs saltelli and morris have a base, and not latin"                                                                                           },
        {{.worlds = 9, .points = 3},                                                              "the design latin has no levels, so no number of points"           },
        {{.design = DT_DESIGN_SALTELLI, .worlds = 9},
         "the number of worlds of the design saltelli follows from its base, not from a number of "
         "worlds"                                                                                                                                                    },
        {{.design = DT_DESIGN_SALTELLI},
         "the design saltelli needs its base: how many points of "
         "block A?"                                                                                                                                                  },
        {{.design = DT_DESIGN_MORRIS, .base = 2, .points = 5},
         "Morris's design has an even number of points"                                                                                                              },
        {{.design = DT_DESIGN_GRID},                                                              "a grid is over named parameters: which vary?"                     },
        {{.design = DT_DESIGN_GRID, .vary = (size_t[]){0}, .varied = 1, .points = 1},
         "a parameter has from 2 to 1000000 points"                                                                                                                  },
        {{.design = DT_DESIGN_GRID, .vary = (size_t[]){0, 1, 2, 3}, .varied = 4, .points = 1000},
         "the design has more than 1073741824 worlds"                                                                                                                },
        {{.worlds = 9, .vary = (size_t[]){4}, .varied = 1},
         "'still' can't vary: it has neither a range nor a distribution"                                                                                             },
        {{.worlds = 9,
          .vary = (size_t[]){3},
          .varied = 1,
          .held = (double[]){1, 0.5, 0.25, 0.4, 2}},
         "'p' can't vary and be held at a number"                                                                                                                    },
        {{.worlds = 9, .held = (double[]){2, 0.4, 0.2, 0.4, 2}},
         "nothing varies: every parameter is fixed or held at a number"                                                                                              },
        {{.deep = 3, .risk = 3, .vary = (size_t[]){0}, .varied = 1},
         "nothing to cross: no risk (a parameter with a distribution) varies"                                                                                        },
        {{.deep = 3, .risk = 3, .vary = (size_t[]){1}, .varied = 1},
         "nothing to cross: no deep parameter varies"                                                                                                                },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        t.log = (play_log){0};
        dt_study_summary *did;
        assert_int_equal(
            dt_study_run(t.model, &wrong[i].plan, path_of("never"), NULL, &t.options, &did),
            DT_INVALID);
        assert_null(did);
        assert_string_equal(t.log.codes, "bad-design");
        assert_string_equal(t.log.message, wrong[i].message);
        assert_int_equal(access(path_of("never"), F_OK), -1);
    }
    dt_model_free(t.model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_study_holds_each_world_as_solved_alone),
        cmocka_unit_test(neither_jobs_nor_pieces_matter),
        cmocka_unit_test(an_interrupted_study_goes_on),
        cmocka_unit_test(lost_rows_are_made_again),
        cmocka_unit_test(another_study_is_refused),
        cmocka_unit_test(wrong_plans_are_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
