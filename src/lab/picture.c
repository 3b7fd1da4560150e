/*
 * Pictures of a model for Graphviz, which need no graph explored and so are there for models of any size: one
 * period as a flow from stage to stage, with guards in full, what is private and what is hidden; and what can
 * reach an outcome.
 */
#include <assert.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "base/writer.h"
#include "detente_lab.h"
#include "lab/causes.h"
#include "lab/scale.h"
#include "model/reads.h"

typedef struct drawing {
    const dt_model *model;
    int policy, outcome;
    dt_picture picture;
    dt_write *write;
    void *context;
    dt_writer *out;
    dt_arena *arena;
} drawing;

/* Text within a quoted label; a new line begins at each '\n' of it, to the left. */
static void put(const drawing *d, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\n')
            dt_writer_text(d->out, "\\l");
        else
            dt_writer_print(d->out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    }
}

/* ---- a period ------------------------------------------------------------------------------------- */

/* "envoy (United States)": who moves, and whom a role means under the policy. */
static void name_mover(const drawing *d, dt_owner owner, dt_text *text)
{
    const dt_model *model = d->model;
    dt_text_print(text, "%s", dt_owner_name(model, owner));
    if (owner.is_role)
        dt_text_print(text, " (%s)",
                      model->actor[model->policy[d->policy].regime.holder[owner.index]].is.name);
}

/* The names of the slots marked, after a word; nothing if none is. */
static void list_marked(const drawing *d, const dt_reads *reads, const char *word, dt_text *text)
{
    const char *before = word;
    for (int s = 0; s < d->model->slots; s++) {
        if (!reads->slot[s])
            continue;
        dt_text_print(text, "%s", before);
        dt_slot_name(d->model, s, text);
        if (dt_slot_is_private(d->model, s))
            dt_text_print(text, " (private)");
        before = ", ";
    }
    if (before != word)
        dt_text_print(text, "\n");
}

static void say_reads(const drawing *d, const dt_stage *stage, dt_text *text)
{
    dt_reads *reads = dt_reads_new(d->arena, d->model);
    dt_reads_add(reads, stage->when);
    dt_reads_add_effects(reads, stage->effects);
    for (int a = 0; a < stage->actions; a++) {
        dt_reads_add(reads, stage->action[a].guard);
        dt_reads_add_effects(reads, stage->action[a].effects);
    }
    dt_reads_find(reads);
    list_marked(d, reads, "reads ", text);
    dt_reads_forget(reads);
    dt_reads_add_written(reads, stage->effects);
    for (int a = 0; a < stage->actions; a++)
        dt_reads_add_written(reads, stage->action[a].effects);
    list_marked(d, reads, "changes ", text);
}

static void draw_stage(const drawing *d, int s)
{
    const dt_stage *stage = &d->model->stage[s];
    dt_text text = {.arena = d->arena};
    dt_text_print(&text, "%d  %s\n", s + 1, dt_title_of(&stage->is));
    if (stage->hidden)
        dt_text_print(&text, "hidden: nobody else sees what is chosen\n");
    for (int m = 0; m < stage->movers; m++) {
        name_mover(d, stage->mover[m], &text);
        dt_text_print(&text, ":\n");
        for (int a = 0; a < stage->actions; a++) {
            const dt_action *action = &stage->action[a];
            if (action->mover == m)
                dt_text_print(&text, "    %s%s%s\n", dt_title_of(&action->is),
                              *action->guard_text ? " if " : "", action->guard_text);
        }
    }
    say_reads(d, stage, &text);
    dt_writer_print(d->out, "  s%d [shape=%s, label=\"", s, stage->movers ? "box" : "ellipse");
    put(d, dt_text_get(&text));
    dt_writer_text(d->out, "\"];\n");
}

/* Where one comes to as stage `s` is due: to its condition if it has one; past the last to the end. */
static void name_entry(const drawing *d, int s)
{
    if (s == d->model->stages)
        dt_writer_text(d->out, "end");
    else
        dt_writer_print(d->out, *d->model->stage[s].when_text ? "w%d" : "s%d", s);
}

static void draw_arrows(const drawing *d)
{
    dt_writer_text(d->out, "  begin -> ");
    name_entry(d, 0);
    dt_writer_text(d->out, ";\n");
    for (int s = 0; s < d->model->stages; s++) {
        const char *when = d->model->stage[s].when_text;
        if (*when) {
            dt_writer_print(d->out, "  w%d [shape=diamond, label=\"", s);
            put(d, when);
            dt_writer_print(d->out, "\"];\n  w%d -> s%d [label=\"yes\"];\n  w%d -> ", s, s, s);
            name_entry(d, s + 1);
            dt_writer_text(d->out, " [style=dashed, label=\"no\"];\n");
        }
        dt_writer_print(d->out, "  s%d -> ", s);
        name_entry(d, s + 1);
        dt_writer_text(d->out, ";\n");
    }
}

static void draw_period(const drawing *d)
{
    const dt_model *model = d->model;
    dt_text end = {.arena = d->arena};
    dt_text_print(&end, "end of the %s: payoffs\n", *model->period ? model->period : "period");
    for (int e = 0; e < model->ends; e++)
        dt_text_print(&end, "play may end: %s\n", dt_title_of(&model->end_list[e]));
    dt_writer_text(d->out, "  node [fontname=\"sans-serif\", fontsize=11];\n"
                           "  edge [fontname=\"sans-serif\", fontsize=10];\n"
                           "  begin [shape=plaintext, label=\"");
    put(d, *model->period ? model->period : "period");
    dt_writer_text(d->out, "\"];\n  end [shape=plaintext, label=\"");
    put(d, dt_text_get(&end));
    dt_writer_text(d->out, "\"];\n");
    for (int s = 0; s < model->stages; s++)
        draw_stage(d, s);
    draw_arrows(d);
}

/* ---- causes --------------------------------------------------------------------------------------- */

static void draw_causes(const drawing *d)
{
    static const char *const shape[DT_PARTS] = {"plaintext", "hexagon", "box", "ellipse",
                                                "doubleoctagon"};
    const dt_causes *causes = dt_causes_make(d->arena, d->model, d->policy, d->outcome);
    dt_writer_text(d->out, "  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=11];\n");
    for (int part = 0; part < causes->first[DT_PARTS]; part++) {
        if (!causes->drawn[part])
            continue;
        dt_writer_print(d->out, "  p%d [shape=%s, label=\"", part,
                        shape[dt_part_kind_of(causes, part)]);
        put(d, dt_title_of(dt_part_named(causes, part)));
        dt_writer_text(d->out, "\"];\n");
    }
    for (size_t c = 0; c < causes->causes; c++)
        dt_writer_print(d->out, "  p%d -> p%d;\n", causes->cause[c].from, causes->cause[c].to);
}

static dt_status draw(dt_arena *arena, void *argument)
{
    drawing d = *(drawing *)argument;
    dt_writer *out = dt_new(arena, dt_writer, 1);
    *out = (dt_writer){.write = d.write, .context = d.context};
    d.out = out;
    d.arena = arena;
    dt_writer_text(out, "digraph model {\n  label=\"");
    put(&d, dt_title_of(&d.model->is));
    if (d.model->policies > 1) {
        put(&d, ", under ");
        put(&d, dt_title_of(&d.model->policy[d.policy].is));
    }
    dt_writer_text(out, "\";\n");
    if (d.picture == DT_PICTURE_PERIOD)
        draw_period(&d);
    else
        draw_causes(&d);
    dt_writer_text(out, "}\n");
    dt_writer_flush(out);
    return out->failed ? DT_FILE : DT_OK;
}

dt_status dt_model_draw(const dt_model *model, size_t policy, dt_picture picture, int outcome,
                        const dt_options *options, dt_write *write, void *context)
{
    if (!model || policy >= (size_t)model->policies || (unsigned)picture > DT_PICTURE_CAUSES ||
        outcome < -1 || outcome >= model->declared_outcomes || !write)
        return dt_refuse_call(options, "dt_model_draw",
                              "no model, a policy, picture or outcome that there isn't, or nothing "
                              "that receives it");
    return dt_job(options, draw,
                  &(drawing){.model = model,
                             .policy = (int)policy,
                             .outcome = outcome < 0 ? DT_NONE : outcome,
                             .picture = picture,
                             .write = write,
                             .context = context});
}
