/*
 * Studies, from plan to file and back: what is read is what was asked for and what the library gives
 * for each world by itself; a file taken up again ends as if nothing had happened. (Files that aren't what
 * they should be: test_damage.c.)
 */
#include "studies.h"

/* Two studies hold the same, to the last bit. */
static void assert_same(trial *t, const char *a, const char *b)
{
    dt_study *one = read_study(t, a), *other = read_study(t, b);
    assert_true(same_studies(one, other));
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
    assert_unreadable(&t, path_of("holes"), "study-damaged",
                      "of 51 rows written into the table 'worlds' 41 are left");
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
         "only the designs saltelli, shapley and morris have a base, and not latin"                                                                                  },
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

static void limits_end_in_order(void **state)
{
    (void)state;
    trial t;
    start(&t);
    const dt_study_plan plan = {.seed = 3, .worlds = 2000};
    run(&t, &plan, path_of("large"), NULL);
    dt_options options = t.options;
    int opened = 0;
    for (size_t limit = 1 << 10; limit < (size_t)64 << 20; limit *= 2) {
        dt_study *study;
        options.max_memory = limit;
        t.log = (play_log){0};
        const dt_status status = dt_study_open(path_of("large"), &options, &study);
        assert_true(status == DT_OK ? study != NULL : status == DT_LIMIT && !study);
        assert_string_equal(t.log.codes, status == DT_OK ? "" : "memory");
        opened += status == DT_OK;
        dt_study_close(study);
        dt_study_summary *did;
        snprintf(t.log.codes, sizeof t.log.codes, "%s", "");
        const dt_status ran =
            dt_study_run(t.model, &plan, path_of("limited"), NULL, &options, &did);
        assert_true(ran == DT_LIMIT || ran == DT_NO);
        assert_string_equal(t.log.codes, ran == DT_NO ? "" : "memory");
        dt_study_summary_free(did);
    }
    assert_in_range(opened, 2, 14);
    assert_same(&t, path_of("large"), path_of("limited"));
    dt_model_free(t.model);
}

/* An allocator whose call number `left` fails. */
static void *fail_once(void *context, void *block, size_t size)
{
    int *left = context;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return (*left)-- == 0 ? NULL : realloc(block, size);
}

/* Every allocation fails once, in making, taking up and reading a study; nothing is lost, and the study
 * is complete in the end. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    trial t;
    start(&t);
    const dt_study_plan plan = {.seed = 4, .worlds = 9};
    assert_int_equal(run(&t, &plan, path_of("steady"), NULL), DT_NO);
    int left = 0, failed = 0;
    dt_options options = t.options;
    options.allocator = (dt_allocator){fail_once, &left};
    for (int n = 0;; n++) {
        left = n;
        t.log = (play_log){0};
        dt_study_summary *did;
        const dt_status status = dt_study_run(t.model, &plan, path_of("unsteady"),
                                              &(dt_study_how){.jobs = 1}, &options, &did);
        dt_study_summary_free(did);
        if (left >= 0) {
            assert_int_equal(status, DT_NO);
            break;
        }
        assert_int_equal(status, DT_LIMIT);
        assert_string_equal(t.log.codes, "memory");
        failed++;
    }
    assert_in_range(failed, 20, 100000);
    assert_same(&t, path_of("steady"), path_of("unsteady"));
    for (int n = 0;; n++) {
        left = n;
        t.log = (play_log){0};
        dt_study *study;
        const dt_status status = dt_study_open(path_of("steady"), &options, &study);
        dt_study_close(study);
        if (left >= 0) {
            assert_int_equal(status, DT_OK);
            break;
        }
        assert_int_equal(status, DT_LIMIT);
        assert_string_equal(t.log.codes, "memory");
    }
    dt_model_free(t.model);
}

/* Names that SQL takes for one have columns of their own; more columns than SQLite has are refused. */
static void names_and_columns(void **state)
{
    (void)state;
    static char text[100000];
    int length = snprintf(text, sizeof text,
                          "model wide\nhorizon 1\nactor A\nactor a\nstate x : 0..1 = 0\n"
                          "stage s : A { A.up { x += 1 }\n A.stay }\npayoff A { x = x }\n"
                          "payoff a { x = x }\noutcome X = last(x)\noutcome world = mean(x)\n");
    for (int i = 0; i < 1001; i++)
        length += snprintf(text + length, sizeof text - (size_t)length,
                           "param %s%d = 1 in 0 .. 2\n", i % 2 ? "p" : "P", i / 2);
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(text, &options);
    dt_study_summary *did;
    size_t vary[] = {0, 1, 2};
    dt_study_plan plan = {.worlds = 3, .vary = vary, .varied = 3};
    assert_int_equal(dt_study_run(model, &plan, path_of("wide"), NULL, &options, &did), DT_OK);
    dt_study_summary_free(did);
    dt_study *study;
    assert_int_equal(dt_study_open(path_of("wide"), &options, &study), DT_OK);
    const dt_study_data *d = dt_study_read(study);
    assert_true(d->parameter[0] != d->parameter[1] && d->parameter[0] == 2 * d->share[0]);
    assert_true(d->parameter[1] == 2 * d->share[1] && d->parameter[1000] == 1);
    dt_study_close(study);
    plan.varied = 0;
    assert_int_equal(dt_study_run(model, &plan, path_of("wider"), NULL, &options, &did), DT_LIMIT);
    assert_null(did);
    assert_string_equal(log.codes, "study-columns");
    assert_string_equal(log.message, "a study of this model needs a table of 2004 columns, and "
                                     "SQLite makes at most 2000");
    dt_model_free(model);
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
        cmocka_unit_test(limits_end_in_order),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(names_and_columns),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
