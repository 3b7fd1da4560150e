/*
 * A model that is cut off at any byte, or misses a byte in its middle, is refused with an error that
 * has line and column, or is a good model; and so is its formatting. Every byte of the small
 * models, some of the large.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "detente.h"

/* Cuts are made at each byte of a file that is at most so long, at this many places of others. */
enum { SMALL = 4000, CUTS = 150 };

typedef struct heard {
    int errors, placed;
} heard;

static void report(void *context, const dt_diagnostic *d)
{
    heard *h = context;
    assert_true(d->line == 0 || (d->column >= 1 && d->length >= 1));
    assert_non_null(d->source);
    if (d->severity == DT_ERROR) {
        h->errors++;
        h->placed += d->line >= 1;
    }
}

static bool count(void *context, const char *text, size_t length)
{
    (void)text;
    *(size_t *)context += length;
    return true;
}

static void try_text(const char *name, const char *text, size_t length)
{
    heard h = {0};
    dt_options options = {.report = report, .report_context = &h, .max_memory = 64 << 20};
    dt_model *model = NULL;
    dt_status status = dt_model_parse(name, text, length, &options, &model);
    if (status == DT_OK) {
        assert_non_null(model);
        assert_int_equal(h.errors, 0);
    } else {
        assert_int_equal(status, DT_INVALID);
        assert_null(model);
        assert_true(h.placed >= 1);
        assert_true(h.errors <= 21); /* 20, and one that counts the rest */
    }
    dt_model_free(model);

    h = (heard){0};
    size_t written = 0;
    status = dt_format(name, text, length, &options, count, &written);
    assert_true(status == DT_OK ? h.errors == 0 : status == DT_INVALID && h.placed >= 1);
}

static void cut_everywhere(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static char text[1 << 20];
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    size_t step = length <= SMALL ? 1 : length / CUTS;
    for (size_t at = 0; at < length; at += step) {
        char *cut = malloc(length); /* of its own, so that reading past the end is seen */
        assert_non_null(cut);
        memcpy(cut, text, at);
        try_text(path, cut, at);
        memcpy(cut + at, text + at + 1, length - at - 1);
        try_text(path, cut, length - 1);
        free(cut);
    }
}

static void models_cut_off(void **state)
{
    (void)state;
    static const char *const folder[] = {DT_ROOT "/models/classics", DT_ROOT "/models/korea"};
    int files = 0;
    for (size_t i = 0; i < sizeof folder / sizeof folder[0]; i++) {
        DIR *entries = opendir(folder[i]);
        assert_non_null(entries);
        for (struct dirent *entry; (entry = readdir(entries));) {
            char path[1024];
            if (!strstr(entry->d_name, ".dtn"))
                continue;
            snprintf(path, sizeof path, "%s/%s", folder[i], entry->d_name);
            cut_everywhere(path);
            files++;
        }
        closedir(entries);
    }
    assert_true(files > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(models_cut_off)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
