/*
 * What is suspicious though not wrong: things that are declared and never used, actors without a
 * part, numbers without a source, numbers outside what is declared, a first period that is no date.
 * Told only of a text without errors, since a name may stand in a piece that couldn't be read.
 */
#include <assert.h>
#include <string.h>

#include "model/calendar.h"
#include "model/checker.h"
#include "model/given.h"

static void warn_unused(dt_checker *c)
{
    for (size_t i = 0; i < c->entry.count; i++) {
        const dt_entry *entry = &c->entry.at[i];
        bool idle = false;
        switch (entry->kind) {
        case DT_NAME_PARAM:
        case DT_NAME_LET:
        case DT_NAME_ROLE:
        case DT_NAME_SOURCE:
            idle = !entry->used;
            break;
        case DT_NAME_STATE:
            if (!entry->used)
                dt_complain(c->diagnostics, DT_UNREAD, entry->place,
                            c->model->variable[entry->index].owner == DT_NONE ? "state" : "private",
                            entry->name);
            break;
        case DT_NAME_ACTOR:
            if (!c->actor_engaged[entry->index])
                dt_complain(c->diagnostics, DT_IDLE_ACTOR, entry->place, entry->name);
            break;
        default:
            break;
        }
        if (idle) /* its phrase without the article */
            dt_complain(c->diagnostics, DT_UNUSED, entry->place,
                        strchr(dt_name_phrase(entry->kind), ' ') + 1, entry->name);
    }
}

/* A grid for beliefs that nobody has. */
static void warn_beliefs(dt_checker *c)
{
    const dt_syntax *line = c->file->first;
    while (line && line->kind != DT_SYNTAX_BELIEFS)
        line = line->next;
    if (line && c->model->privates == 0)
        dt_complain_more(c->diagnostics, DT_UNUSED, line->place,
                         "beliefs are about private variables, and there is none", NULL, "line",
                         "beliefs");
}

/* One warning for all numbers that neither cite a source nor say that they are a judgement. */
static void warn_uncited(dt_checker *c)
{
    enum { NAMED = 5 };
    const dt_model *m = c->model;
    int uncited = 0;
    dt_place first = {0, 0};
    dt_text names = {.arena = c->arena};
    for (int i = 0; i < m->params; i++) {
        const dt_param *param = &m->param[i];
        if (param->source != DT_NONE || param->judgement)
            continue;
        if (uncited == 0)
            first = param->is.place;
        if (uncited < NAMED)
            dt_text_print(&names, "%s%s", uncited ? ", " : "", param->is.name);
        uncited++;
    }
    assert(uncited <= m->params);
    if (uncited > NAMED)
        dt_text_print(&names, ", ...");
    if (uncited > 0)
        dt_complain(c->diagnostics, DT_UNCITED, first, uncited, m->params, dt_text_get(&names));
}

static void warn_calendar(dt_checker *c)
{
    const char *from = c->model->period_from;
    if (*from && dt_date_read(dt_slice_of(from)).letter == 0)
        dt_complain_more(c->diagnostics, DT_NO_DATE, c->model->period_from_place,
                         dt_check_say(c, "dates are written %s", dt_date_written(0)), NULL, from);
}

static void warn_sets(dt_checker *c, const dt_change *change, int changes)
{
    for (int i = 0; i < changes; i++) {
        const dt_given *set = &change[i].set;
        if (change[i].kind == DT_CHANGE_SET)
            dt_given_warn(c->arena, c->model, set->parameter, set->value, set->place,
                          c->diagnostics);
    }
}

/* Numbers of settings, policies and expectations outside what is declared. A `with` of 0 is meant: it asks what
 * there is without something. */
static void warn_given(dt_checker *c)
{
    const dt_model *m = c->model;
    for (int l = 0; l < m->levers; l++) {
        for (int s = 0; s < m->lever[l].settings; s++)
            warn_sets(c, m->lever[l].setting[s].change, m->lever[l].setting[s].changes);
    }
    for (int p = 0; p < m->policies; p++)
        warn_sets(c, m->policy[p].change, m->policy[p].changes);
    for (int e = 0; e < m->expects; e++) {
        for (int i = 0; i < m->expect[e].withs; i++) {
            const dt_given *with = &m->expect[e].with[i];
            if (with->value != 0)
                dt_given_warn(c->arena, m, with->parameter, with->value, with->place,
                              c->diagnostics);
        }
    }
}

void dt_check_warnings(dt_checker *c)
{
    warn_calendar(c);
    warn_unused(c);
    warn_beliefs(c);
    warn_uncited(c);
    warn_given(c);
}
