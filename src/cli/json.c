/*
 * JSON: the three things that every command needs beside Jansson itself. Numbers have 17 digits, so
 * that they read back as the same doubles; JSON has no infinities, they become null. Zero has no sign.
 */
#include "cli.h"

#include <jansson.h>
#include <math.h>

json_t *cli_json_number(double number)
{
    return isfinite(number) ? json_real(number + 0.0) : json_null();
}

json_t *cli_json_texts(const cli_texts *texts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < texts->count; i++)
        json_array_append_new(list, json_string(texts->at[i]));
    return list;
}

dt_status cli_json_print(json_t *object)
{
    int failed = json_dumpf(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    json_decref(object);
    if (failed || putchar('\n') == EOF) {
        cli_error(NULL, "can't write to standard output");
        return DT_FILE;
    }
    return DT_OK;
}
