/*
 * The calendar: what periods are called where the model says from which date it counts.
 */
#ifndef DT_MODEL_CALENDAR_H
#define DT_MODEL_CALENDAR_H

#include "model/model.h"

/* A date: which part of which year. */
typedef struct dt_date {
    int year;
    int part;    /* from 1 */
    char letter; /* of the form: Y, H, Q, M or W; 0: no date */
} dt_date;

/* The date that a text is: four digits, then Y, H1–H2, Q1–Q4, M1–M12 or W1–W52; or none. */
dt_date dt_date_read(dt_slice text);

/* The number of the period that a date is, in a calendar that begins with `first`, a date of the same
 * letter; 0 and below: before it. */
int64_t dt_date_period(dt_date date, dt_date first);

/* How dates of a letter are written: "2017Q1 to 2017Q4"; of none, all of them. */
const char *dt_date_written(char letter);

/* "period 3 (2018Q1)", or "period 3" of a model without a calendar. */
void dt_period_print(const dt_model *model, int64_t period, dt_text *text);

#endif
