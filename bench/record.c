/*
 * Results as JSON: the machine, the revision, and for each benchmark its figure, unit, and ratio to
 * those beside it. The file of a machine is kept in bench/results; only ratios of it are compared
 * with, as figures change with the machine's mood and ratios within one run hardly do.
 */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/threads.h"
#include "bench.h"

/* What the system calls the processor. */
static json_t *processor(void)
{
    char line[256];
    json_t *name = json_null();
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && json_is_null(name) && fgets(line, sizeof line, file)) {
        const char *value = strstr(line, ": ");
        line[strcspn(line, "\n")] = '\0';
        if (value && strncmp(line, "model name", strlen("model name")) == 0)
            name = json_string(value + 2);
    }
    if (file)
        fclose(file);
    return name;
}

static json_t *machine(void)
{
    return json_pack("{s:o, s:i, s:i, s:s}", "processor", processor(), "processors",
                     dt_threads_available(), "level2_bytes", (int)sysconf(_SC_LEVEL2_CACHE_SIZE),
                     "compiler", __VERSION__);
}

/* Six digits, as no measurement has more; NaN is null. */
static json_t *number(double value)
{
    char text[32];
    if (!isfinite(value))
        return json_null();
    snprintf(text, sizeof text, "%.6g", value);
    return json_loads(text, JSON_DECODE_ANY, NULL);
}

void bench_write(const char *path, const char *revision, const bench_result *result, size_t count)
{
    json_t *all = json_object();
    for (size_t i = 0; i < count; i++) {
        json_t *beside = json_object();
        for (size_t k = 0; k < result[i].besides; k++)
            json_object_set_new(beside, result[i].beside[k]->name, number(result[i].ratio[k]));
        json_object_set_new(all, result[i].of->name,
                            json_pack("{s:o, s:s, s:i, s:o}", "value", number(result[i].value),
                                      "unit", result[i].of->unit, "rounds", result[i].rounds,
                                      "beside", beside));
    }
    json_t *root = json_pack("{s:o, s:s*, s:o}", "machine", machine(), "revision", revision,
                             "benchmarks", all);
    bench_need(root && json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0,
               "can't write the result");
    json_decref(root);
}

double bench_recorded(const char *path, const char *name, const char *beside)
{
    json_t *root = json_load_file(path, 0, NULL);
    bench_need(root, "the recorded results can't be read");
    const json_t *all = json_object_get(root, "benchmarks");
    const json_t *ratio =
        json_object_get(json_object_get(json_object_get(all, name), "beside"), beside);
    const double value = json_is_number(ratio) ? json_number_value(ratio) : (double)NAN;
    json_decref(root);
    return value;
}
