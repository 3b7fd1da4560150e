/*
 * Histories: how files are read and written, and likelihoods that are known in closed form: a logit choice
 * repeated is logistic regression, an action that is taken with a probability below any number still has its
 * logarithm, and what a chance stage hides is a chain of two states whose filter and smoother are known.
 */
#include "play.h"

#include <math.h>

#include "base/limits.h"
#include "detente_history.h"

static play_log told;
static dt_options options;

/* Reads a table as a history of a model; the codes of what was wrong are in `told`. */
static dt_history *read(const dt_model *model, const char *table)
{
    dt_history *history;
    options = play_options(&told);
    dt_history_parse(model, "table", table, strlen(table), &options, &history);
    return history;
}

static void refuse(const dt_model *model, const char *table, const char *codes, int column)
{
    assert_null(read(model, table));
    assert_string_equal(told.codes, codes);
    if (column > 0)
        assert_int_equal(told.column, column);
}

static const char GAME[] =
    "model m\nperiod quarter from 2017Q3\nhorizon 2\nactor A rationality lambda\nactor B\n"
    "param lambda = 1 in 0 .. 5000\nparam w = 1 in -5 .. 5\n"
    "state level : 0..3 = 1\nstate mood : {calm, tense} = calm\nstate over : bool = no\n"
    "stage talk : A, B {\n  A.step { pay A w ; level += 1 }\n  A.hold\n  B.yes_ { mood := tense "
    "}\n  B.no_\n}\n"
    "stage after : A when mood == tense {\n  A.rest\n  A.quit { over := yes }\n}\n"
    "end stopped when over\npolicy first\npolicy second { forbid B.yes_ }\n";

static void test_reading(void **state)
{
    (void)state;
    options = play_options(&told);
    dt_model *model = play_text(GAME, &options);
    assert_int_equal(dt_model_observables(model), 6);
    assert_int_equal(dt_model_observable(model, 5).values, 3);
    assert_int_equal(dt_model_observable_values(model), 4 + 2 + 2 + 3 + 3 + 3);
    char name[64];
    assert_string_equal(dt_model_observable_name(model, 4, name, sizeof name), "talk.B");
    assert_string_equal(dt_model_observable_value(model, 4, 2, name, sizeof name), "no_");
    assert_string_equal(dt_model_observable_value(model, 0, 3, name, sizeof name), "3");
    dt_history *history =
        read(model, "\xef\xbb\xbfpolicy, talk.A ,\"level\",_note,period\r\n"
                    "nonsense,step,2,\"a \"\"quoted\"\" one,\nin two lines\",2017Q2\r\n"
                    ",hold,,x, 2017Q3 \r\nsecond,,3,,2017Q4\r\n,none,\" \",,\r\n\r\n");
    assert_non_null(history);
    assert_int_equal(dt_history_rows(history), 4);
    assert_true(dt_history_has(history, 0) && !dt_history_has(history, 1));
    assert_int_equal(dt_history_value(history, 0, 0), 2);
    assert_int_equal(dt_history_value(history, 0, 3), -1);
    assert_int_equal(dt_history_value(history, 1, 3), 2);
    assert_int_equal(dt_history_value(history, 1, 0), -1);
    assert_int_equal(dt_history_value(history, 3, 3), 0);
    assert_int_equal(dt_history_value(history, 3, 0), -1);
    assert_int_equal(dt_history_policy(history, 0), -1);
    assert_int_equal(dt_history_policy(history, 1), -1);
    assert_int_equal(dt_history_policy(history, 2), 1);
    assert_int_equal(dt_history_policy(history, 3), 1);
    assert_string_equal(dt_history_period(history, 1), "2017Q3");
    assert_string_equal(dt_history_period(history, 3), "");
    dt_history_free(history);

    refuse(model, "", "no-first-row", 1);
    refuse(model, "period,level\n", "no-first-row", 1);
    refuse(model, "level,tension\n,\n", "unknown-column", 7);
    refuse(model, "level,modo\n,\n", "unknown-column", 7);
    assert_string_equal(told.hint, "did you mean 'mood'?");
    refuse(model, "level,level\n,\n", "column-twice", 7);
    refuse(model, "level,mood\n1\n", "csv-cells", 1);
    refuse(model, "level,mood\n1,calm,\n", "csv-cells", 1);
    refuse(model, "level\n4\n", "no-such-value", 1);
    refuse(model, "level\ntwo\n", "no-such-value", 1);
    refuse(model, "level\n2.0\n", "no-such-value", 1);
    refuse(model, "mood\nTense\n", "no-such-value", 1);
    assert_string_equal(told.hint, "did you mean 'tense'?");
    refuse(model, "talk.B\nstep\n", "no-such-value", 1);
    refuse(model, "policy,level\n,\nthird,\n", "no-such-value", 1);
    refuse(model, "period,level\n1,\n2,\n1,\n", "period-twice", 1);
    refuse(model, "level\n\"1\n", "csv-quote", 1);
    refuse(model, "level,mood\n\"1\"x,calm\n", "csv-after-quote", 4);
    refuse(model, "level\n\xff\n", "not-utf8", 1);
    refuse(model, "level\n\x01\n", "control-character", 1);
    refuse(model, "level,mood\n9,x\n,y\n", "no-such-value no-such-value no-such-value", 0);
    enum { MANY = 1000000 };
    char *long_one = malloc(2 * MANY + 8), *at = long_one;
    at += sprintf(at, "mood,_\n");
    for (int i = 0; i < MANY; i++)
        at += sprintf(at, ",\n");
    refuse(model, long_one, "too-many", 1);
    free(long_one);
    long_one = malloc((size_t)DT_MAX_HISTORY + 2);
    memset(long_one, '\n', (size_t)DT_MAX_HISTORY + 1);
    long_one[DT_MAX_HISTORY + 1] = '\0';
    refuse(model, long_one, "too-large", 1);
    free(long_one);
    dt_model_free(model);
}

static bool keep(void *context, const char *text, size_t length)
{
    strncat(context, text, length);
    return true;
}

static void test_writing(void **state)
{
    (void)state;
    options = play_options(&told);
    dt_model *model = play_text(GAME, &options);
    static const char table[] = "period,policy,level,talk.A,after.A\n2017Q2,,1,,\n\"a,b\",,2,step,"
                                "\n2017Q4,second,,none,quit\n,first,3,,\n";
    char written[512] = "";
    dt_history *history = read(model, table);
    assert_int_equal(dt_history_write(history, true, &options, keep, written), DT_OK);
    assert_string_equal(written, table);
    dt_history_free(history);
    /* a blank line is no row */
    static const char *const bare[] = {"policy\n\"\"\nsecond\n\"\"\n", "_\n\"\"\n\"\"\n"};
    for (int i = 0; i < 2; i++) {
        written[0] = '\0';
        assert_non_null(history = read(model, bare[i]));
        assert_int_equal(dt_history_write(history, true, &options, keep, written), DT_OK);
        assert_string_equal(written, bare[i]);
        dt_history_free(history);
    }
    assert_int_equal(dt_history_blank(model, 1, 2, &options, &history), DT_OK);
    assert_int_equal(dt_history_rows(history), 3);
    assert_int_equal(dt_history_policy(history, 2), 1);
    assert_int_equal(dt_history_value(history, 2, 0), -1);
    dt_history_free(history);
    dt_model_free(model);
}

/* ---- closed forms ------------------------------------------------------------------------------ */

static dt_likelihood *ready(const dt_model *model, const dt_history *history)
{
    dt_likelihood *likelihood;
    options = play_options(&told);
    dt_likelihood_new(model, &history, 1, NULL, &options, &likelihood);
    return likelihood;
}

/* A choice worth w more than the other, taken k of n times: logistic regression on a constant; in lanes, too, and with
 * rationalities at which the other action's probability is no double any more. */
static void test_logistic(void **state)
{
    (void)state;
    options = play_options(&told);
    dt_model *model = play_text("model m\nhorizon 1\nlookahead 0\nactor A rationality lambda\n"
                                "param lambda = 1 in 0 .. 5000\nparam w = 1 in -5 .. 5\n"
                                "stage s : A {\n  A.yes_ { pay A w }\n  A.no_\n}\n",
                                &options);
    dt_history *history = read(model, "s.A\n\nyes_\nyes_\nno_\nyes_\n\"\"\nno_\nyes_\n\"\"\n");
    enum { YES = 4, NO = 2, WORLDS = 11 };
    dt_likelihood *likelihood = ready(model, history);
    assert_non_null(likelihood);
    assert_int_equal(dt_likelihood_rows(likelihood), 8);
    assert_int_equal(dt_likelihood_games(likelihood), 1);
    double world[WORLDS][2], loglik[WORLDS], row[WORLDS][8];
    dt_status status[WORLDS];
    for (int i = 0; i < WORLDS; i++) {
        world[i][0] = i < 8 ? 0.3 * i : 400.0 * i;
        world[i][1] = i % 2 ? 1.7 : -0.4;
    }
    world[10][0] = -1;
    assert_int_equal(
        dt_likelihood_run(likelihood, world[0], WORLDS, NULL, &options, loglik, row[0], status),
        DT_OK);
    for (int i = 0; i < WORLDS - 1; i++) {
        const double x = world[i][0] * world[i][1];
        const double yes = x > 0 ? -log1p(exp(-x)) : x - log1p(exp(x)), no = yes - x;
        assert_int_equal(status[i], DT_OK);
        assert_true(fabs(loglik[i] - (YES * yes + NO * no)) <= 1e-12 * (1 + fabs(loglik[i])));
        assert_true(fabs(row[i][2] - no) <= 1e-12 * (1 + fabs(no)));
        assert_true(fabs(row[i][4]) <= 1e-15);
        double one, rows[8];
        assert_int_equal(dt_likelihood_world(likelihood, world[i], &options, &one, rows), DT_OK);
        assert_true(one == loglik[i] && memcmp(rows, row[i], sizeof rows) == 0);
    }
    assert_int_equal(status[10], DT_INVALID);
    assert_true(isnan(loglik[10]));
    double one;
    assert_int_equal(dt_likelihood_world(likelihood, world[10], &options, &one, NULL), DT_INVALID);
    dt_likelihood_free(likelihood);
    dt_history_free(history);
    dt_model_free(model);
}

/* As long a record as there may be, of a game of two states, takes the memory of what is different in it: 64 MB hold its
 * likelihood, that of as many steps of a chain. */
static void test_long(void **state)
{
    (void)state;
    options = play_options(&told);
    dt_model *model = play_text(
        "model m\nhorizon 1\nlookahead 0\nactor A\nparam p = 0.3 in 0 .. 1\n"
        "state x : bool = no\nstage s : chance {\n  with p { x := yes } else { x := no }\n}\n",
        &options);
    enum { ROWS = 99999 };
    char *table = calloc(ROWS + 1, 4), *end = table;
    size_t yes = 0, unseen = 0;
    end += sprintf(end, "x\nno\n");
    for (int row = 1; row < ROWS; row++) {
        const int kind = row * 7 % 5; /* 0, 1: yes; 2, 3: no; 4: not seen */
        yes += kind < 2;
        unseen += kind == 4;
        end += sprintf(end, "%s\n", kind < 2 ? "yes" : kind < 4 ? "no" : "\"\"");
    }
    dt_history *history = read(model, table);
    free(table);
    assert_non_null(history);
    options.max_memory = 64 << 20;
    dt_likelihood *likelihood;
    double world[1], loglik;
    const dt_history *given[] = {history};
    assert_int_equal(dt_likelihood_new(model, given, 1, NULL, &options, &likelihood), DT_OK);
    dt_model_nominal(model, world);
    assert_int_equal(dt_likelihood_world(likelihood, world, &options, &loglik, NULL), DT_OK);
    const double known = (double)yes * log(0.3) + (double)(ROWS - 1 - yes - unseen) * log(1 - 0.3);
    assert_true(fabs(loglik - known) < 1e-9 * fabs(known));
    dt_likelihood_free(likelihood);
    dt_history_free(history);
    dt_model_free(model);
}

/* Paths that are far less likely than any double, each of which is the only one in the end. */
static void test_least(void **state)
{
    (void)state;
    options = play_options(&told);
    dt_model *model = play_text(
        "model m\nhorizon 1\nlookahead 0\nactor A rationality 1\nparam w = 900 in 0 .. 5000\n"
        "state x : 0..9 = 0\nstage s : A {\n  A.up { x += 1 }\n  A.stay { pay A w }\n}\n",
        &options);
    dt_history *history = read(model, "x\n0\n\"\"\n\"\"\n\"\"\n3\n4\n");
    dt_likelihood *likelihood = ready(model, history);
    double world[1], loglik, row[5];
    assert_non_null(likelihood);
    dt_model_nominal(model, world);
    assert_int_equal(dt_likelihood_world(likelihood, world, &options, &loglik, row), DT_OK);
    /* three of the first four rows went up, in four orders */
    assert_true(fabs(row[3] - (-2700 + log(4))) < 1e-9);
    assert_true(fabs(row[4] + 900) < 1e-9);
    dt_likelihood_free(likelihood);
    dt_history_free(history);
    dt_model_free(model);
}

/* A chain of two states that nobody sees, and what comes of it: filter and smoother by their recursions. */
static void test_chain(void **state)
{
    (void)state;
    enum { ROWS = 6 };
    static const int seen[ROWS] = {1, 1, 0, -1, 1, 0};
    const double stay = 0.8, clear = 0.9;
    options = play_options(&told);
    dt_model *model = play_text(
        "model m\nhorizon 1\nlookahead 0\nactor A\nstate hidden : bool = no\nstate shown : bool = "
        "no\n"
        "stage move : chance { with 0.2 { if hidden { hidden := no } else { hidden := yes } } }\n"
        "stage show : chance {\n  with 0.9 { if hidden { shown := yes } else { shown := no } }\n"
        "  else { if hidden { shown := no } else { shown := yes } }\n}\n",
        &options);
    dt_history *history = read(model, "shown\n\"\"\nyes\nyes\nno\n\"\"\nyes\nno\n");
    dt_likelihood *likelihood = ready(model, history);
    assert_non_null(likelihood);
    double alpha[ROWS + 1][2] =
        {
            {1, 0}
    },
                        beta[ROWS + 1][2], loglik, row[ROWS], expected = 0;
    for (int t = 0; t < ROWS; t++) {
        double sum = 0;
        for (int k = 0; k < 2; k++) {
            const double came = stay * alpha[t][k] + (1 - stay) * alpha[t][1 - k];
            alpha[t + 1][k] = came * (seen[t] < 0 ? 1 : seen[t] == k ? clear : 1 - clear);
            sum += alpha[t + 1][k];
        }
        expected += log(sum);
        alpha[t + 1][0] /= sum;
        alpha[t + 1][1] /= sum;
    }
    beta[ROWS][0] = beta[ROWS][1] = 1;
    for (int t = ROWS; t-- > 0;) {
        for (int k = 0; k < 2; k++) {
            beta[t][k] = 0;
            for (int j = 0; j < 2; j++)
                beta[t][k] += (j == k ? stay : 1 - stay) * beta[t + 1][j] *
                              (seen[t] < 0    ? 1
                               : seen[t] == j ? clear
                                              : 1 - clear);
        }
    }
    double filtered[ROWS + 1][4], smoothed[ROWS + 1][4];
    assert_int_equal(dt_likelihood_world(likelihood, NULL, &options, &loglik, row), DT_OK);
    assert_true(fabs(loglik - expected) < 1e-13);
    assert_int_equal(dt_likelihood_smooth(likelihood, 0, NULL, &options, filtered[0], smoothed[0]),
                     DT_OK);
    for (int t = 0; t <= ROWS; t++) {
        const double sum = alpha[t][0] * beta[t][0] + alpha[t][1] * beta[t][1];
        assert_true(fabs(filtered[t][1] - alpha[t][1]) < 1e-14);
        assert_true(fabs(smoothed[t][1] - alpha[t][1] * beta[t][1] / sum) < 1e-14);
        assert_true(fabs(smoothed[t][0] + smoothed[t][1] - 1) < 1e-14);
    }
    dt_likelihood_free(likelihood);
    dt_history_free(history);
    dt_model_free(model);
}

/* What is expected of a value three periods on is how likely it is that the value is all that is seen, then; of every
 * observable of games with private variables, hidden stages, skipped ones and levers. */
static void compare_alone(const dt_model *model, const char *path, size_t i, size_t v,
                          double predicted)
{
    char name[64], value[64], table[200];
    double world[16], loglik;
    snprintf(table, sizeof table, "%s\n\"\"\n\"\"\n\"\"\n%s\n",
             dt_model_observable_name(model, i, name, sizeof name),
             dt_model_observable_value(model, i, v, value, sizeof value));
    dt_history *history = read(model, table);
    assert_non_null(history);
    dt_likelihood *likelihood = ready(model, history);
    dt_model_nominal(model, world);
    loglik = -(double)INFINITY;
    if (likelihood && dt_likelihood_world(likelihood, world, &options, &loglik, NULL) != DT_OK)
        loglik = -(double)INFINITY;
    if (fabs(exp(loglik) - predicted) > 1e-12)
        fail_msg("%s: %s = %s is expected with %.17g, and has %.17g", path, name, value, predicted,
                 exp(loglik));
    dt_likelihood_free(likelihood);
    dt_history_free(history);
}

static void test_prediction(void **state)
{
    (void)state;
    static const char *const path[] = {
        "test/history/history-1.dtn", "test/history/history-2.dtn",
        "test/history/history-3.dtn", "test/history/history-4.dtn",
        "test/history/history-6.dtn", "test/verification/calendar-2.dtn"};
    enum { STEPS = 3, WORLDS = 9, VALUES = 32 };
    for (size_t m = 0; m < sizeof path / sizeof path[0]; m++) {
        options = play_options(&told);
        dt_model *model;
        assert_int_equal(dt_model_read(path[m], &options, &model), DT_OK);
        const size_t values = dt_model_observable_values(model);
        const size_t params = dt_model_count(model, DT_PARAMETERS);
        assert_true(values <= VALUES);
        dt_history *history = read(model, "_\n\"\"\n\"\"\n\"\"\n\"\"\n");
        const dt_history *given[] = {history};
        const dt_likelihood_how how = {.ahead = STEPS};
        dt_likelihood *likelihood;
        assert_int_equal(dt_likelihood_new(model, given, 1, &how, &options, &likelihood), DT_OK);
        double world[WORLDS * 16], found[WORLDS][2][STEPS][VALUES];
        double *p = calloc(WORLDS * 2 * STEPS * values, sizeof *p);
        for (size_t w = 0; w < WORLDS; w++)
            dt_model_nominal(model, world + w * params);
        assert_int_equal(dt_likelihood_predict(likelihood, 0, 0, 2, STEPS, world, WORLDS, NULL,
                                               &options, p, NULL),
                         DT_OK);
        for (size_t w = 0; w < WORLDS; w++) {
            for (size_t o = 0; o < 2; o++) {
                for (size_t s = 0; s < STEPS; s++)
                    memcpy(found[w][o][s], p + ((w * 2 + o) * STEPS + s) * values,
                           values * sizeof *p);
            }
            assert_memory_equal(found[w][0][2], found[0][0][2], values * sizeof *p);
        }
        for (size_t i = 0; i < dt_model_observables(model); i++) {
            const dt_observable what = dt_model_observable(model, i);
            for (size_t v = 0; v < what.values; v++) {
                compare_alone(model, path[m], i, v, found[0][0][2][what.first + v]);
                /* nothing is seen in between */
                if (m != 5)
                    assert_true(fabs(found[0][0][2][what.first + v] -
                                     found[0][1][1][what.first + v]) < 1e-13);
            }
        }
        free(p);
        dt_likelihood_free(likelihood);
        dt_history_free(history);
        dt_model_free(model);
    }
    /* what has ended stands still, and nobody chooses */
    options = play_options(&told);
    dt_model *model =
        play_text("model m\nhorizon 1\nlookahead 0\nactor A\nstate over : bool = no\n"
                  "stage s : A {\n  A.on\n  A.off { over := yes }\n}\nend stopped when over\n",
                  &options);
    dt_history *history = read(model, "s.A\n\"\"\non\n\"\"\n");
    const dt_history *given[] = {history};
    const dt_likelihood_how how = {.ahead = 3};
    dt_likelihood *likelihood;
    assert_int_equal(dt_likelihood_new(model, given, 1, &how, &options, &likelihood), DT_OK);
    double ended[2][3][5];
    assert_int_equal(
        dt_likelihood_predict(likelihood, 0, 1, 2, 3, NULL, 1, NULL, &options, ended[0][0], NULL),
        DT_OK);
    for (int s = 0; s < 3; s++) {
        const double goes_on = pow(0.5, s);
        assert_true(fabs(ended[0][s][0] - goes_on / 2) < 1e-15);   /* not over */
        assert_true(fabs(ended[0][s][2] - (1 - goes_on)) < 1e-15); /* none */
        assert_true(fabs(ended[0][s][4] - goes_on / 2) < 1e-15);   /* off */
        assert_true(fabs(ended[1][s][0] - goes_on / 4) < 1e-15);
        assert_true(fabs(ended[1][s][2] - (1 - goes_on / 2)) < 1e-15);
    }
    dt_likelihood_free(likelihood);
    dt_history_free(history);
    dt_model_free(model);
}

/* ---- what is known ------------------------------------------------------------------------------- */

/* A side that is strong in every world asked for moves as logit has it in the public game; a world in which it may be weak
 * is wrong there, unless its prior was said to be free: then it has the mixture of the two. */
static void test_known(void **state)
{
    (void)state;
    options = play_options(&told);
    dt_model *model = play_text("model m\nhorizon 1\nlookahead 0\nactor A\nparam p = 1 in 0 .. 1\n"
                                "private A k : bool = {no: 1 - p, yes: p}\n"
                                "stage s : A {\n  A.on { pay A 2 * k }\n  A.off\n}\n",
                                &options);
    dt_history *history = read(model, "s.A\n\non\n");
    const dt_history *given[] = {history};
    const double world[] = {1, 0.5}, strong = 1 / (1 + exp(-2.0));
    const bool free_p[] = {true};
    for (int varies = 0; varies < 2; varies++) {
        const dt_likelihood_how how = {
            .worlds = 1, .parameters = world, .free = varies ? free_p : NULL};
        dt_likelihood *likelihood;
        double loglik[2];
        dt_status status[2];
        assert_int_equal(dt_likelihood_new(model, given, 1, &how, &options, &likelihood), DT_OK);
        assert_int_equal(
            dt_likelihood_run(likelihood, world, 2, NULL, &options, loglik, NULL, status), DT_OK);
        assert_int_equal(status[0], DT_OK);
        assert_true(fabs(exp(loglik[0]) - strong) < 1e-12);
        assert_int_equal(status[1], varies ? DT_OK : DT_INVALID);
        assert_true(varies ? fabs(exp(loglik[1]) - (strong + 0.5) / 2) < 1e-9 : isnan(loglik[1]));
        dt_likelihood_free(likelihood);
    }
    dt_history_free(history);
    dt_model_free(model);
}

/* ---- what can't be ------------------------------------------------------------------------------- */

static void expect_impossible(const dt_model *model, const char *table, const char *message,
                              const char *hint)
{
    dt_history *history = read(model, table);
    assert_non_null(history);
    dt_likelihood *likelihood = ready(model, history);
    if (likelihood) {
        double world[2], loglik;
        dt_model_nominal(model, world);
        assert_int_equal(dt_likelihood_world(likelihood, world, &options, &loglik, NULL),
                         DT_INVALID);
        assert_true(isnan(loglik));
    }
    assert_string_equal(told.message, message);
    assert_string_equal(told.hint, hint);
    dt_likelihood_free(likelihood);
    dt_history_free(history);
}

static void test_impossible(void **state)
{
    (void)state;
    options = play_options(&told);
    dt_model *model = play_text(GAME, &options);
    expect_impossible(model, "period,level,mood\na,1,\nb,3,tense\n",
                      "row 2 (b) can't follow from the rows before it under policy 'first': level "
                      "= 3 and mood = tense",
                      "alone would be possible mood = tense; not even alone level = 3");
    expect_impossible(model, "talk.A,level\n,1\nhold,2\n",
                      "row 2 can't follow from the rows before it under policy 'first': level = 2 "
                      "and talk.A = hold",
                      "each of them alone would be possible");
    expect_impossible(model, "policy,talk.B,after.A\n,,\nsecond,no_,\n,yes_,rest\n",
                      "row 3 can't follow from the rows before it under policy 'second': talk.B = "
                      "yes_ and after.A = rest",
                      "not even alone is possible talk.B = yes_ and after.A = rest");
    expect_impossible(model, "level,over\n,\n2,yes\n2,\n",
                      "row 3 can't follow from the rows before it under policy 'first': play has "
                      "ended before it, whatever its cells say",
                      "leave out the rows after an end");
    dt_model_free(model);
    /* by the numbers alone */
    options = play_options(&told);
    model = play_text("model m\nhorizon 1\nactor A\nparam p = 0 in 0 .. 1\nprivate A k : bool = "
                      "{no: 1 - p, yes: p}\n"
                      "state s : bool = no\nstage c : chance { with p { s := yes } }\nstage a : A "
                      "{ A.x ; A.y }\n",
                      &options);
    expect_impossible(
        model, "s,a.A\nno,\nyes,x\n",
        "row 2 can't follow from the rows before it under policy 'default': s = yes and a.A = x",
        "alone would be possible a.A = x; not even alone s = yes");
    expect_impossible(
        model, "k,a.A\nyes,\n,x\n",
        "what the private cells of this row say can't be as play begins under policy 'default'",
        "leave the cell empty, or give its value a chance in the model");
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),    cmocka_unit_test(test_writing),
        cmocka_unit_test(test_logistic),   cmocka_unit_test(test_long),
        cmocka_unit_test(test_least),      cmocka_unit_test(test_chain),
        cmocka_unit_test(test_prediction), cmocka_unit_test(test_impossible),
        cmocka_unit_test(test_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
