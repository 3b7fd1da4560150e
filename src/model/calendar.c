/*
 * The calendar: `period quarter from 2017Q3` gives every period a date, its label. A year has as
 * many parts as the letter of the form says, weeks wrapping after the 52nd, so that the parts since
 * the year 0 number the dates in order: period n is the n-1st date after the one that `from` names.
 */
#include "model/calendar.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/job.h"

/* The forms of dates: the letter, how many parts a year has, and how those of one are written. */
static const struct form {
    char letter;
    int parts;
    const char *written;
} forms[] = {
    {'Y', 1,  "2017Y"            },
    {'H', 2,  "2017H1 and 2017H2"},
    {'Q', 4,  "2017Q1 to 2017Q4" },
    {'M', 12, "2017M1 to 2017M12"},
    {'W', 52, "2017W1 to 2017W52"},
};

static int parts_of(char letter)
{
    int parts = 0;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (forms[i].letter == letter)
            parts = forms[i].parts;
    }
    return parts;
}

/* The number that at most nine digits write, or -1. */
static int read_digits(dt_slice text)
{
    int number = 0;
    if (text.length == 0 || text.length > 9)
        return -1;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return -1;
        number = 10 * number + (text.at[i] - '0');
    }
    return number;
}

dt_date dt_date_read(dt_slice text)
{
    enum { YEAR = 4 };
    const dt_date none = {0, 0, 0};
    const int year = text.length > YEAR ? read_digits((dt_slice){text.at, YEAR}) : -1;
    if (year < 0)
        return none;
    const char letter = text.at[YEAR];
    const int parts = parts_of(letter);
    const dt_slice rest = {text.at + YEAR + 1, text.length - YEAR - 1};
    if (parts == 0 || (parts == 1) != (rest.length == 0) || (parts > 1 && rest.at[0] == '0'))
        return none;
    const int part = parts == 1 ? 1 : read_digits(rest);
    if (part < 1 || part > parts)
        return none;
    return (dt_date){year, part, letter};
}

static dt_date first_date(const dt_model *model)
{
    return dt_date_read(dt_slice_of(model->period_from));
}

/* Dates of one form, numbered in order. */
static int64_t number_of(dt_date date)
{
    assert(parts_of(date.letter) > 0);
    return (int64_t)date.year * parts_of(date.letter) + date.part - 1;
}

int64_t dt_date_period(dt_date date, dt_date first)
{
    assert(date.letter == first.letter);
    return number_of(date) - number_of(first) + 1;
}

const char *dt_date_written(char letter)
{
    const char *written = "2017Y, 2017H1, 2017Q3, 2017M11 or 2017W52";
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (forms[i].letter == letter)
            written = forms[i].written;
    }
    return written;
}

const char *dt_model_period_label(const dt_model *model, int period, char *buffer, size_t size)
{
    if (!model || !buffer || size == 0)
        return "";
    const dt_date first = first_date(model);
    buffer[0] = '\0';
    if (first.letter == 0 || period < 1)
        return buffer;
    const int64_t parts = parts_of(first.letter), number = number_of(first) + period - 1;
    const int year = (int)(number / parts), part = (int)(number % parts) + 1;
    if (parts == 1)
        snprintf(buffer, size, "%04d%c", year, first.letter);
    else
        snprintf(buffer, size, "%04d%c%d", year, first.letter, part);
    return buffer;
}

void dt_period_print(const dt_model *model, int64_t period, dt_text *text)
{
    char label[DT_LABEL_SIZE] = "";
    if (period <= INT32_MAX)
        dt_model_period_label(model, (int)period, label, sizeof label);
    dt_text_print(text, *label ? "period %lld (%s)" : "period %lld", (long long)period, label);
}

/* ---- the period that is meant ---- */

typedef struct question {
    const dt_model *model;
    const char *text;
    const dt_options *options;
    int *period;
} question;

/* Tells why a text names no period. */
static dt_status refuse(dt_arena *arena, const question *q, dt_date date)
{
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, q->options, NULL);
    const dt_date first = first_date(q->model);
    const char *from = q->model->period_from;
    dt_text hint = {.arena = arena};
    if (first.letter == 0 && date.letter != 0)
        dt_text_print(&hint,
                      "the model names no date to count from: give the number of the period, "
                      "or write 'period %s from %s' into it",
                      q->model->period[0] ? q->model->period : "quarter", q->text);
    else if (first.letter == 0)
        dt_text_print(&hint, "periods are numbered from 1");
    else if (date.letter == first.letter)
        dt_text_print(&hint, "the first period is %s", from);
    else
        dt_text_print(&hint, "dates of this model are written like that of its first period, %s",
                      from);
    dt_complain_more(diagnostics, DT_NO_PERIOD, (dt_place){0, 0}, dt_text_get(&hint), NULL,
                     q->text);
    dt_diagnostics_flush(diagnostics);
    return DT_INVALID;
}

static dt_status find_period(dt_arena *arena, void *argument)
{
    const question *q = argument;
    const dt_slice given = dt_slice_of(q->text);
    const dt_date date = dt_date_read(given), first = first_date(q->model);
    int64_t period;
    if (date.letter != 0 && date.letter == first.letter)
        period = dt_date_period(date, first);
    else
        period = read_digits(given);
    if (period < 1)
        return refuse(arena, q, date);
    *q->period = (int)period;
    return DT_OK;
}

dt_status dt_model_period_of(const dt_model *model, const char *text, const dt_options *options,
                             int *period)
{
    if (!model || !text || !period)
        return dt_refuse_call(options, "dt_model_period_of",
                              "no model, no text, or nowhere to put the period");
    *period = 0;
    return dt_job(options, find_period, &(question){model, text, options, period});
}
