/*
 * The page: the template with a title, a block of data and a description of the model put in. The
 * data are JSON inside a script element that is not run; every '<' in it is written as an escape, so
 * that no text of a model can end the element or begin another. The model's text stands there, to be
 * read in any editor; the description, which is larger and follows from the text, is compressed.
 */
#include "detente_lab.h"

#include <assert.h>
#include <string.h>

#include "base/job.h"
#include "lab/describe.h"
#include "lab/packed.h"
#include "lab/results.h"
#include "lab/template.h"

typedef struct request {
    const dt_page *page;
    const dt_options *options;
    dt_write *write;
    void *context;
} request;

bool dt_page_available(void)
{
    return dt_template_length() != 0;
}

/* A dt_write whose context is the request: JSON without '<'. */
static bool write_escaped(void *context, const char *text, size_t length)
{
    const request *r = context;
    static const char escape[] = "\\u003c";
    for (const char *end = text + length; text < end;) {
        const char *sign = memchr(text, '<', (size_t)(end - text));
        const size_t plain = (size_t)((sign ? sign : end) - text);
        if (plain && !r->write(r->context, text, plain))
            return false;
        if (sign && !r->write(r->context, escape, sizeof escape - 1))
            return false;
        text += plain + (sign != NULL);
    }
    return true;
}

/* Text between tags. */
static void write_title(dt_writer *out, const char *title)
{
    for (const char *c = title; *c; c++) {
        if (*c == '<')
            dt_writer_text(out, "&lt;");
        else if (*c == '&')
            dt_writer_text(out, "&amp;");
        else
            dt_writer_text(out, (const char[]){*c, 0});
    }
}

static dt_status write_base(dt_arena *arena, const request *r, dt_writer *out)
{
    const dt_page *page = r->page;
    dt_status status = DT_OK;
    dt_json_print(out, "base: {");
    for (size_t p = 0; p < page->policies; p++) {
        double *outcome = dt_new(arena, double, dt_model_count(page->model, DT_OUTCOMES));
        dt_status told = dt_solution_outcomes(page->solution[p], r->options, outcome);
        status = told > status ? told : status;
        dt_json_print(out, "%s:", page->model->policy[page->policy[p]].is.name);
        dt_write_solution(out, page->solution[p], outcome);
    }
    dt_json_print(out, "}");
    return status;
}

/* What is JSON already, under a key; null if there is none. */
static void write_ready(dt_writer *out, const char *key, const char *json)
{
    dt_json_print(out, "%s:", key);
    dt_writer_text(out, json ? json : "null");
    out->comma = true;
}

/* "nominal": the numbers of all policies that were asked about, and "answered" from them. */
static dt_status write_answered(dt_writer *out, const request *r)
{
    const dt_answer_from *asked = r->page->asked;
    if (!asked) {
        dt_json_print(out, "nominal: {}, answered: null");
        return DT_OK;
    }
    const size_t outcomes = dt_model_count(asked->model, DT_OUTCOMES);
    dt_json_print(out, "nominal: {");
    for (size_t p = 0; p < asked->policies; p++) {
        dt_json_print(out, "%s:", asked->model->policy[asked->policy[p]].is.name);
        dt_json_numbers(out, asked->nominal + p * outcomes, outcomes);
    }
    dt_json_print(out, "}, answered:");
    dt_answered *answered;
    const dt_status status = dt_answer_in_words(asked, r->options, &answered);
    if (answered)
        dt_write_answered(out, answered, asked->policy);
    else
        dt_json_print(out, "null");
    dt_answered_free(answered);
    return status;
}

static dt_status write_data(dt_arena *arena, const request *r)
{
    const dt_page *page = r->page;
    const dt_model *model = page->model;
    dt_writer *out = dt_new(arena, dt_writer, 1);
    *out = (dt_writer){.write = write_escaped, .context = (void *)r};
    dt_json_print(out, "{file: %s, text: %s, policies: [", page->file,
                  dt_copy_text(arena, model->source.text, model->source.length));
    for (size_t p = 0; p < page->policies; p++)
        dt_json_print(out, "%s", model->policy[page->policy[p]].is.name);
    dt_json_print(out, "], set: {");
    for (int i = 0; i < model->params; i++) {
        if (page->parameters[i] != model->param[i].value)
            dt_json_print(out, "%s: %g", model->param[i].is.name, page->parameters[i]);
    }
    dt_json_print(out, "}");
    const dt_status status = write_base(arena, r, out);
    dt_json_print(out, "coverage: %s", page->coverage ? page->coverage : "");
    const dt_status said = write_answered(out, r);
    write_ready(out, "study", page->study);
    write_ready(out, "posterior", page->posterior);
    write_ready(out, "fan", page->fan);
    write_ready(out, "referee", page->referee);
    dt_json_print(out, "}");
    dt_writer_flush(out);
    const dt_status worse = said > status ? said : status;
    return worse <= DT_NO && out->failed ? DT_FILE : worse;
}

static bool add(void *context, const char *text, size_t length)
{
    dt_text_add(context, text, length);
    return true;
}

static dt_status write_model(dt_arena *arena, const request *r)
{
    dt_text description = {.arena = arena};
    dt_writer *out = dt_new(arena, dt_writer, 1);
    *out = (dt_writer){.write = add, .context = &description};
    dt_describe_model(out, r->page->model, arena);
    dt_writer_flush(out);
    *out = (dt_writer){.write = r->write, .context = r->context};
    dt_write_packed(out, dt_text_get(&description), description.bytes.count, arena);
    dt_writer_flush(out);
    return out->failed ? DT_FILE : DT_OK;
}

static dt_status write_heading(dt_arena *arena, const request *r)
{
    const dt_named *is = &r->page->model->is;
    dt_writer *out = dt_new(arena, dt_writer, 1);
    *out = (dt_writer){.write = r->write, .context = r->context};
    write_title(out, is->description[0] ? is->description : is->name);
    dt_writer_flush(out);
    return out->failed ? DT_FILE : DT_OK;
}

/* What takes the place of each mark of the template, in their order there. */
static const struct {
    const char *mark;
    dt_status (*write)(dt_arena *arena, const request *r);
} PART[] = {
    {"@TITLE@", write_heading},
    {"@DATA@",  write_data   },
    {"@MODEL@", write_model  },
};

static dt_status write_page(dt_arena *arena, void *argument)
{
    const request *r = argument;
    dt_status status = DT_OK;
    const char *at = dt_template;
    for (size_t i = 0; i < sizeof PART / sizeof *PART; i++) {
        const char *mark = strstr(at, PART[i].mark);
        assert(mark && "the template has all marks");
        if (!r->write(r->context, at, (size_t)(mark - at)))
            return DT_FILE;
        const dt_status written = PART[i].write(arena, r);
        status = written > status ? written : status;
        if (status > DT_NO)
            return status;
        at = mark + strlen(PART[i].mark);
    }
    const size_t rest = (size_t)(dt_template + dt_template_length() - at);
    return r->write(r->context, at, rest) ? status : DT_FILE;
}

dt_status dt_page_write(const dt_page *page, const dt_options *options, dt_write *write,
                        void *context)
{
    if (!page || !page->model || !page->file || !page->parameters || !write)
        return dt_refuse_call(options, "dt_page_write",
                              "a page that is not complete, or nothing that receives it");
    assert(page && page->model && page->file && page->parameters && write);
    if (!dt_page_available())
        return DT_INVALID;
    return dt_job(options, write_page, &(request){page, options, write, context});
}
