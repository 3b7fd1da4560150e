/*
 * The calendar: labels of periods in every form, and which period a text names.
 */
#include "play.h"

static dt_model *model_from(const char *from, const dt_options *options)
{
    char text[200];
    snprintf(text, sizeof text,
             "model dated\nperiod time%s%s\nhorizon 200\nactor A\n"
             "stage s : A { A.go ; A.stay }\npayoff A { x = s.A == go }\n",
             *from ? " from " : "", from);
    return play_text(text, options);
}

static void expect_label(const char *from, int period, const char *wanted)
{
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = model_from(from, &options);
    char label[DT_LABEL_SIZE];
    assert_string_equal(dt_model_period_label(model, period, label, sizeof label), wanted);
    int found = 0;
    if (*wanted) {
        assert_int_equal(dt_model_period_of(model, wanted, &options, &found), DT_OK);
        assert_int_equal(found, period);
    }
    dt_model_free(model);
}

static void labels_follow_the_form(void **state)
{
    (void)state;
    expect_label("2017Q3", 1, "2017Q3");
    expect_label("2017Q3", 3, "2018Q1");
    expect_label("2017Q3", 20, "2022Q2");
    expect_label("2017Y", 4, "2020Y");
    expect_label("2017H2", 2, "2018H1");
    expect_label("2017M11", 2, "2017M12");
    expect_label("2017M11", 3, "2018M1");
    expect_label("2017W52", 1, "2017W52");
    expect_label("2017W52", 2, "2018W1");
    expect_label("0000Y", 1, "0000Y");
}

static void what_is_no_date_labels_nothing(void **state)
{
    (void)state;
    static const char *const other[] = {"",       "start",   "2017",    "2017Q5",  "2017Q0",
                                        "2017q3", "2017W53", "2017M13", "2017H3",  "2017Y1",
                                        "2017Q",  "201Q3",   "20170Q3", "2017Q03", "2017X1"};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        expect_label(other[i], 3, "");
    expect_label("2017Q3", 0, "");
}

/* A label is cut to the room there is. */
static void a_label_keeps_to_its_buffer(void **state)
{
    (void)state;
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = model_from("2017Q3", &options);
    char small[5] = "xxxx", none[1] = "x";
    assert_string_equal(dt_model_period_label(model, 3, small, sizeof small), "2018");
    assert_string_equal(dt_model_period_label(model, 3, none, sizeof none), "");
    dt_model_free(model);
}

static void expect_refused(const char *from, const char *text, const char *hint)
{
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = model_from(from, &options);
    int period = 7;
    assert_int_equal(dt_model_period_of(model, text, &options, &period), DT_INVALID);
    assert_int_equal(period, 0);
    assert_string_equal(log.codes, "no-period");
    assert_string_equal(log.hint, hint);
    dt_model_free(model);
}

static void periods_go_by_numbers_or_dates(void **state)
{
    (void)state;
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = model_from("2017Q3", &options);
    int period;
    assert_int_equal(dt_model_period_of(model, "12", &options, &period), DT_OK);
    assert_int_equal(period, 12);
    dt_model_free(model);
    expect_refused("2017Q3", "2019H2",
                   "dates of this model are written like that of its first period, 2017Q3");
    expect_refused("2017Q3", "soon",
                   "dates of this model are written like that of its first period, 2017Q3");
    expect_refused("2017Q3", "2017Q2", "the first period is 2017Q3");
    expect_refused("", "0", "periods are numbered from 1");
    expect_refused("", "-1", "periods are numbered from 1");
    expect_refused("", "1e3", "periods are numbered from 1");
    expect_refused("", "9999999999", "periods are numbered from 1");
    expect_refused("", "2017Q3",
                   "the model names no date to count from: give the number of the period, or "
                   "write 'period time from 2017Q3' into it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_follow_the_form),
        cmocka_unit_test(what_is_no_date_labels_nothing),
        cmocka_unit_test(a_label_keeps_to_its_buffer),
        cmocka_unit_test(periods_go_by_numbers_or_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
