/*
 * The tour: what each step shows is a panel of the page, an outcome and policies, told apart by their names; what it sets are
 * parameters, as an expectation gives them. It changes no number of the model.
 */
#include <assert.h>

#include "model/checker.h"

/* The panels of the page, in its order; test/lab compares them with it. */
static const char *const PANEL[] = {"answer", "compare", "time",        "why",
                                    "stages", "watch",   "play",        "robustness",
                                    "record", "referee", "assumptions", "certificates"};
enum { PANELS = sizeof PANEL / sizeof *PANEL };

const char *dt_page_panel(size_t index)
{
    return index < PANELS ? PANEL[index] : NULL;
}

/* Of all that can be shown, the nearest to a name; NULL if none is near. */
static const char *nearest(dt_checker *c, dt_slice name)
{
    dt_strings names = {0};
    for (size_t i = 0; i < PANELS; i++) {
        if (dt_slice_is(name, PANEL[i]))
            return "the panel stands first";
    }
    if (c->details == 0)
        return NULL;
    c->details--;
    for (size_t i = 0; i < PANELS; i++)
        dt_push(c->arena, &names, PANEL[i]);
    for (size_t i = 0; i < c->entry.count; i++) {
        const dt_entry *entry = &c->entry.at[i];
        if (entry->space == DT_SPACE_OUTCOMES || entry->kind == DT_NAME_POLICY)
            dt_push(c->arena, &names, entry->name);
    }
    const char *found = dt_nearest(name, names.at, names.count);
    dt_drop(c->arena, &names);
    return found ? dt_check_say(c, "did you mean '%s'?", found) : NULL;
}

/* The first name is a panel if there is one of that name; the others are outcomes before they are policies. */
static void check_shown(dt_checker *c, const dt_syntax *node, bool first, dt_tour_step *step,
                        size_t *policy)
{
    for (size_t i = 0; i < PANELS && first; i++) {
        if (dt_slice_is(node->text, PANEL[i])) {
            step->panel = PANEL[i];
            return;
        }
    }
    const dt_entry *outcome = dt_names_find(c, DT_SPACE_OUTCOMES, 0, node->text);
    const dt_entry *other = dt_names_find(c, DT_SPACE_SHARED, 0, node->text);
    const char *name = dt_check_text(c, node->text);
    if (outcome && step->outcome == DT_NONE) {
        step->outcome = outcome->index;
    } else if (other && other->kind == DT_NAME_POLICY) {
        bool twice = false;
        for (size_t i = 0; i < step->policies; i++)
            twice |= policy[i] == (size_t)other->index;
        if (twice)
            dt_complain(c->diagnostics, DT_REPEATED, node->place, name);
        else
            policy[step->policies++] = (size_t)other->index;
    } else if (outcome) {
        dt_complain_more(c->diagnostics, DT_SECOND_OUTCOME, node->place, "another step can show it",
                         NULL, name);
    } else if (!c->broken) {
        dt_complain_more(c->diagnostics, DT_NOTHING_TO_SHOW, node->place, nearest(c, node->text),
                         NULL, name);
    }
}

static void check_show(dt_checker *c, const dt_syntax *node, dt_tour_step *step)
{
    int names = 0;
    for (const dt_syntax *n = node->first; n; n = n->next)
        names++;
    size_t *policy = dt_new(c->arena, size_t, (size_t)names);
    for (const dt_syntax *n = node->first; n; n = n->next)
        check_shown(c, n, n == node->first, step, policy);
    step->policy = policy;
}

static void check_step(dt_checker *c, const dt_syntax *node, dt_tour_step *step)
{
    const dt_syntax *text = dt_syntax_child(node, DT_SYNTAX_STRING, 0);
    const dt_syntax *show = dt_syntax_child(node, DT_SYNTAX_SHOW, 0);
    int most = 0, sets = 0;
    for (const dt_syntax *n = node->first; n; n = n->next)
        most += n->kind == DT_SYNTAX_GIVEN;
    dt_given *set = dt_new(c->arena, dt_given, (size_t)most);
    *step =
        (dt_tour_step){.text = text ? dt_copy_text(c->arena, text->text.at, text->text.length) : "",
                       .panel = "",
                       .outcome = DT_NONE};
    if (show)
        check_show(c, show, step);
    for (const dt_syntax *n = node->first; n; n = n->next) {
        if (n->kind == DT_SYNTAX_GIVEN)
            dt_check_with(c, n, set, &sets);
    }
    size_t *parameter = dt_new(c->arena, size_t, (size_t)sets);
    double *value = dt_new(c->arena, double, (size_t)sets);
    for (int i = 0; i < sets; i++) {
        parameter[i] = (size_t)set[i].parameter;
        value[i] = set[i].value;
    }
    step->sets = (size_t)sets;
    step->parameter = parameter;
    step->value = value;
}

void dt_check_tour(dt_checker *c, const dt_syntax *node)
{
    dt_model *m = c->model;
    const dt_syntax *title = node ? dt_syntax_child(node, DT_SYNTAX_STRING, 0) : NULL;
    int count = 0, most;
    m->tour = title ? dt_copy_text(c->arena, title->text.at, title->text.length) : "";
    for (const dt_syntax *n = node ? node->first : NULL; n; n = n->next)
        count += n->kind == DT_SYNTAX_STEP;
    dt_limit_text(DT_LIMIT_STEPS, &most);
    if (count > most) {
        dt_check_too_many(c, node->place, DT_LIMIT_STEPS);
        return;
    }
    m->step = dt_new(c->arena, dt_tour_step, (size_t)count);
    for (const dt_syntax *n = node ? node->first : NULL; n; n = n->next) {
        if (n->kind == DT_SYNTAX_STEP)
            check_step(c, n, &m->step[m->steps++]);
    }
    assert(m->steps == count);
}
