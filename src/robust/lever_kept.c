/*
 * What is solved of a design of levers, in a file. Its opening says all that the numbers depend on: the model, the question, the
 * worlds; whoever asks another question gets another file. A piece is a game in some worlds, called by the settings of the
 * cell that stands for it and by the worlds of which it is a part, as what is known in all of these decides which game
 * is solved (trace/cells.h). What isn't solved in the nominal world isn't kept, as its reason is words: it is tried again.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/hash.h"
#include "base/job.h"
#include "model/model.h"
#include "robust/lever_design.h"

/* ---- the opening --------------------------------------------------------------------------------- */

static const char *sign(dt_arena *arena, const void *bytes, size_t count)
{
    dt_text text = {.arena = arena};
    dt_text_print(&text, "%016" PRIx64, dt_hash_bytes(bytes, count));
    return dt_text_get(&text);
}

static const char *number(dt_arena *arena, uint64_t n)
{
    dt_text text = {.arena = arena};
    dt_text_print(&text, "%" PRIu64, n);
    return dt_text_get(&text);
}

/* "minimise war, maximise deal" */
static const char *objectives_of(dt_arena *arena, const dt_lever_design *d)
{
    dt_text text = {.arena = arena};
    for (size_t o = 0; o < d->how.objectives; o++)
        dt_text_print(&text, "%s%s %s", o ? ", " : "",
                      d->how.objective[o].direction < 0 ? "minimise" : "maximise",
                      d->model->outcome[d->how.objective[o].outcome].is.name);
    return dt_text_get(&text);
}

/* "war < 0.05, deal >= 0.5" */
static const char *requirements_of(dt_arena *arena, const dt_lever_design *d)
{
    static const char *const relation[] = {"<", "<=", ">", ">="};
    dt_text text = {.arena = arena};
    for (size_t r = 0; r < d->how.requirements; r++) {
        const dt_criterion *asked = &d->how.requirement[r];
        char digits[32];
        dt_text_print(&text, "%s%s %s %s", r ? ", " : "", d->model->outcome[asked->outcome].is.name,
                      relation[asked->relation], dt_print_number(digits, asked->number));
    }
    return d->how.requirements ? dt_text_get(&text) : "none";
}

static const char *levers_of(dt_arena *arena, const dt_lever_design *d)
{
    dt_text text = {.arena = arena};
    for (size_t i = 0; i < d->levers; i++)
        dt_text_print(&text, "%s%s", i ? ", " : "", d->model->lever[d->lever[i]].is.name);
    return d->levers ? dt_text_get(&text) : "none";
}

dt_status dt_lever_kept_open(dt_lever_design *d, const dt_options *options)
{
    const dt_model *model = d->model;
    const dt_source *source = &model->source;
    const size_t numbers = (d->how.worlds + 1) * (size_t)model->params;
    const char *values = d->how.values == DT_VALUES_SURPLUS ? "surplus" : "average";
    dt_arena *arena = d->arena;
    enum { FACTS = 13 };
    dt_kept_fact fact[FACTS];
    size_t n = 0;
    fact[n++] = (dt_kept_fact){"version of detente", dt_version(), false};
    fact[n++] = (dt_kept_fact){"model", model->is.name, false};
    fact[n++] = (dt_kept_fact){"model's text", sign(arena, source->text, source->length), true};
    fact[n++] = (dt_kept_fact){"policy", model->policy[d->how.from].is.name, false};
    fact[n++] = (dt_kept_fact){"list of levers", levers_of(arena, d), false};
    fact[n++] = (dt_kept_fact){"list of objectives", objectives_of(arena, d), false};
    fact[n++] = (dt_kept_fact){"requirement", requirements_of(arena, d), false};
    fact[n++] = (dt_kept_fact){"most cells", number(arena, d->most), false};
    fact[n++] = (dt_kept_fact){"seed", number(arena, d->how.seed), false};
    fact[n++] = (dt_kept_fact){"convention of values", values, false};
    fact[n++] = (dt_kept_fact){
        "fineness of beliefs",
        options->beliefs ? number(arena, (uint64_t)options->beliefs) : "the model's", false};
    fact[n++] = (dt_kept_fact){"draw of worlds", d->drawn, false};
    fact[n++] = (dt_kept_fact){"set of numbers",
                               sign(arena, d->how.parameters, numbers * sizeof(double)), true};
    assert(n == FACTS);
    return dt_kept_open(arena, &d->kept, d->path, "design", fact, FACTS, options);
}

dt_status dt_lever_design_keep(dt_lever_design *design, const char *path, const char *drawn,
                               const dt_options *options)
{
    if (!design || design->finished || !path || !drawn || strchr(drawn, '\n'))
        return dt_refuse_call(
            options, "dt_lever_design_keep",
            "no design that isn't solved yet, no path, or no line that says what the worlds are");
    design->path = path;
    design->drawn = drawn;
    return DT_OK;
}

/* ---- the pieces ---------------------------------------------------------------------------------- */

typedef struct keeping {
    const dt_lever_putting *putting;
    const dt_piece *piece;
    bool add;
} keeping;

/* "cell 0,2,1 in 33 from 0, 32 from 0": settings; the worlds that were asked for, of these the piece's. */
static const char *name_of(dt_arena *arena, const keeping *k)
{
    const dt_lever_putting *p = k->putting;
    const dt_lever_design *d = p->design;
    const size_t *setting = d->cells->cell.at[k->piece->cell].is.setting;
    dt_text name = {.arena = arena};
    dt_text_print(&name, "cell");
    for (int l = 0; l < d->model->levers; l++)
        dt_text_print(&name, "%s%zu", l ? "," : " ", setting[l]);
    dt_text_print(&name, " in %zu from %zu, %zu from %zu", p->worlds, p->first, k->piece->count,
                  k->piece->first);
    return dt_text_get(&name);
}

static dt_status keep(dt_arena *arena, void *argument)
{
    const keeping *k = argument;
    const dt_piece *piece = k->piece;
    dt_lever_design *d = k->putting->design;
    dt_lever_numbers *n = &d->numbers.at[piece->cell];
    const bool nominal = k->putting->first == 0 && piece->first == 0;
    if (nominal && k->add && !n->nominal)
        return DT_OK;
    dt_part *part = dt_new(arena, dt_part, d->columns + 1);
    size_t parts = 0;
    if (nominal)
        part[parts++] = (dt_part){n->nominal, (size_t)d->model->declared_outcomes};
    const size_t first = k->putting->first + piece->first - !nominal; /* of those drawn */
    for (size_t c = 0; c < d->columns && piece->count > nominal; c++)
        part[parts++] = (dt_part){n->drawn + c * d->how.worlds + first, piece->count - nominal};
    const char *name = name_of(arena, k);
    if (k->add)
        return dt_kept_add(&d->kept, name, part, parts);
    if (!dt_kept_take(&d->kept, name, part, parts))
        return DT_NO;
    n->tried = true;
    return DT_OK;
}

bool dt_lever_kept_known(void *context, const dt_piece *piece)
{
    return dt_job(NULL, keep, &(keeping){context, piece, false}) == DT_OK;
}

dt_status dt_lever_kept_done(void *context, const dt_piece *piece)
{
    return dt_job(NULL, keep, &(keeping){context, piece, true});
}
