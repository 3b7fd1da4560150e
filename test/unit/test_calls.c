/*
 * That every function that a public header declares is called wrongly in one of test_calls_*.c.
 */
#include "play.h"

/* Functions that stand here without being called: they take no argument that could be wrong. */
static const char *const HARMLESS[] = {"dt_version", "dt_better", "dt_cluster_join",
                                       "dt_cluster_leave", "dt_page_available"};

/* Where the others are called. */
static const char *const HERE[] = {"test/unit/test_calls_model.c", "test/unit/test_calls_study.c",
                                   "test/unit/test_calls_history.c"};
enum { FILES = sizeof HERE / sizeof HERE[0] };

static char *read_text(const char *path)
{
    char name[512];
    snprintf(name, sizeof name, "%s/%s", DT_ROOT, path);
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

/* Every function that a header declares is called in one of HERE, or stands in HARMLESS. */
static void test_every_function(void **state)
{
    (void)state;
    static const char *const header[] = {
        "include/detente.h",         "include/detente_study.h",
        "include/detente_lab.h",     "include/detente_equilibria.h",
        "include/detente_levers.h",  "include/detente_design.h",
        "include/detente_referee.h", "include/detente_fit.h",
        "include/detente_history.h", "include/detente_play.h",
        "include/detente_explain.h"};
    char *here[FILES];
    for (size_t f = 0; f < FILES; f++)
        here[f] = read_text(HERE[f]);
    int functions = 0;
    for (size_t h = 0; h < sizeof header / sizeof header[0]; h++) {
        char *text = read_text(header[h]);
        for (char *at = text; (at = strstr(at, "\nDT_API ")); functions++) {
            char *open = strchr(at + 1, '('), *name = open;
            while (name[-1] == '_' || (name[-1] >= 'a' && name[-1] <= 'z'))
                name--;
            char call[80];
            bool known = false;
            snprintf(call, sizeof call, "%.*s(", (int)(open - name), name);
            for (size_t i = 0; i < sizeof HARMLESS / sizeof HARMLESS[0]; i++)
                known |= strlen(HARMLESS[i]) == (size_t)(open - name) &&
                         strncmp(HARMLESS[i], name, (size_t)(open - name)) == 0;
            for (size_t f = 0; f < FILES; f++)
                known |= strstr(here[f], call) != NULL;
            if (!known)
                fail_msg("%s) is never called wrongly", call);
            at = open;
        }
        free(text);
    }
    assert_true(functions > 60);
    for (size_t f = 0; f < FILES; f++)
        free(here[f]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_function)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
