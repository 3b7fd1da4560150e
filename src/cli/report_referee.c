/*
 * A referee's findings for the page: read from the file that `detente referee --json` has written, which anybody
 * may have written, and taken over piece by piece, so that the page holds what it expects and no more.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

static const char *const gravities[] = {"grave", "serious", "mild"};

/* What a finding says under a key, or NULL. */
static const char *said(const json_t *finding, const char *key)
{
    return json_string_value(json_object_get(finding, key));
}

/* A finding as the page has it; NULL if it isn't one. */
static json_t *take_finding(const json_t *finding)
{
    const char *kind = said(finding, "kind"), *gravity = said(finding, "gravity");
    const char *text = said(finding, "text"), *command = said(finding, "command");
    bool known = false;
    for (size_t g = 0; g < sizeof gravities / sizeof *gravities && gravity; g++)
        known |= strcmp(gravity, gravities[g]) == 0;
    if (!known || !kind || !text || !command)
        return NULL;
    return json_pack("{s:s, s:s, s:s, s:s}", "kind", kind, "gravity", gravity, "text", text,
                     "command", command);
}

/* All that the page shows; NULL if the file holds no findings. */
static json_t *take_findings(const json_t *file)
{
    const json_t *findings = json_object_get(file, "findings"),
                 *solutions = json_object_get(file, "solutions");
    if (!json_is_array(findings) || !json_is_integer(solutions))
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(findings); i++) {
        json_t *finding = take_finding(json_array_get(findings, i));
        if (!finding) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, finding);
    }
    return json_pack("{s:I, s:o}", "solutions", json_integer_value(solutions), "findings", list);
}

static const char *print(const json_t *found)
{
    char *json = json_dumps(found, JSON_COMPACT);
    const char *text = json ? cli_print("%s", json) : NULL;
    free(json);
    return text;
}

dt_status cli_referee_for_page(const dt_model *model, const char *path, const char **text)
{
    json_error_t error;
    char *bytes;
    size_t length;
    const dt_status status = cli_read(path, &bytes, &length);
    if (status != DT_OK)
        return status;
    json_t *file = json_loadb(bytes, length, 0, &error);
    json_t *found = take_findings(file);
    const char *name = said(file, "model");
    if (!found)
        cli_error("it is what `detente referee --json` writes", "'%s' holds no referee's findings",
                  path);
    else if (!name || strcmp(name, dt_model_name(model)) != 0)
        cli_error("`detente referee --json` of this model writes others",
                  "the findings in '%s' are about '%s', the model is '%s'", path, name ? name : "",
                  dt_model_name(model));
    else
        *text = print(found);
    json_decref(found);
    json_decref(file);
    return *text ? DT_OK : DT_INVALID;
}
