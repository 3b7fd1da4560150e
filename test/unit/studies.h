/*
 * Studies for the C tests: a small model in which some worlds fail, a folder for the files, and what is done
 * to these by hand.
 */
#ifndef DT_TEST_STUDIES_H
#define DT_TEST_STUDIES_H

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

static inline const char *path_of(const char *name)
{
    static char path[4][200];
    static int turn;
    char *made = path[turn++ % 4];
    snprintf(made, sizeof path[0], "%s/%s", folder, name);
    return made;
}

static inline int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state)
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

static inline void start(trial *t)
{
    t->options = play_options(&t->log);
    t->model = play_text(TEXT, &t->options);
}

static inline dt_status run(trial *t, const dt_study_plan *plan, const char *path,
                            const dt_study_how *how)
{
    dt_study_summary *did;
    const dt_status status = dt_study_run(t->model, plan, path, how, &t->options, &did);
    dt_study_summary_free(did);
    return status;
}

static inline dt_study *read_study(trial *t, const char *path)
{
    dt_study *study = NULL;
    assert_int_equal(dt_study_open(path, &t->options, &study), DT_OK);
    assert_non_null(study);
    return study;
}

/* Runs SQL on a file. */
static inline void alter(const char *path, const char *sql)
{
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static inline bool same_numbers(const double *a, const double *b, size_t count)
{
    return memcmp(a, b, count * sizeof(double)) == 0;
}

/* Whether two studies of the model hold the same, to the last bit. */
static inline bool same_studies(const dt_study *a, const dt_study *b)
{
    const dt_study_data *x = dt_study_read(a), *y = dt_study_read(b);
    if (x->worlds != y->worlds || x->policies != y->policies || x->varied != y->varied)
        return false;
    const size_t all = x->policies * x->worlds;
    return x->done == y->done && strcmp(x->hash, y->hash) == 0 && x->seed == y->seed &&
           x->design == y->design && x->values == y->values && x->deep == y->deep &&
           x->risk == y->risk && x->trajectories == y->trajectories && x->points == y->points &&
           memcmp(x->vary, y->vary, x->varied * sizeof *x->vary) == 0 &&
           memcmp(x->policy, y->policy, x->policies * sizeof *x->policy) == 0 &&
           same_numbers(x->held, y->held, PARAMETERS) &&
           same_numbers(x->parameter, y->parameter, x->worlds * PARAMETERS) &&
           same_numbers(x->share, y->share, x->worlds * x->varied) &&
           same_numbers(x->nominal, y->nominal, x->policies * OUTCOMES) &&
           same_numbers(x->outcome, y->outcome, all * OUTCOMES) &&
           same_numbers(x->value, y->value, all * ACTORS) &&
           same_numbers(x->gap, y->gap, all * ACTORS) &&
           same_numbers(x->residual, y->residual, all) && memcmp(x->status, y->status, all) == 0;
}

static inline void assert_unreadable(trial *t, const char *path, const char *code,
                                     const char *message)
{
    t->log = (play_log){0};
    dt_study *study;
    assert_int_equal(dt_study_open(path, &t->options, &study), DT_FILE);
    assert_null(study);
    if (strcmp(t->log.codes, code) != 0 || !strstr(t->log.message, message))
        print_error("%s, not %s: %s\n", t->log.codes, code, t->log.message);
    assert_string_equal(t->log.codes, code);
    assert_non_null(strstr(t->log.message, message));
}

#endif
