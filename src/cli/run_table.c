/*
 * The full table of `run`: the policies side by side, outcomes with the best policy marked, what play is worth to
 * each actor and what a best response would gain, the certificates; and what the names mean. What each type gets
 * stands where somebody's type is a secret at the start; where all secrets are known throughout there are no beliefs to
 * speak of.
 */
#include "run.h"

#include <math.h>
#include <string.h>

/* Whether a type can be at the start, under a policy. */
static bool can_be(const cli_results *r, size_t type, size_t policies, size_t column)
{
    return !isnan(r->type_value[type * policies + column]);
}

bool cli_is_secret(const cli_results *r, size_t variable, size_t policies)
{
    for (size_t c = 0; c < policies; c++) {
        size_t possible = 0;
        for (size_t k = 0; k < r->types; k++)
            possible += r->type[k].variable == variable && can_be(r, k, policies, c);
        if (possible > 1)
            return true;
    }
    return false;
}

/* Whether this type it is that its variable has at the start, under every policy that is solved, some of which are. */
static bool is_known(const cli_results *r, size_t type, size_t policies)
{
    bool known = false;
    for (size_t c = 0; c < policies; c++) {
        known |= can_be(r, type, policies, c);
        if (!r->unsolved[c].reason && !can_be(r, type, policies, c))
            return false;
    }
    return known && !cli_is_secret(r, r->type[type].variable, policies);
}

const char *cli_known_types(const cli_session *session, const cli_results *r)
{
    const char *text = "";
    for (size_t k = 0; k < r->types; k++) {
        if (is_known(r, k, session->policies))
            text = cli_print("%s%s%s is %s", text, *text ? ", " : "",
                             dt_model_item(session->model, DT_STATES, r->type[k].variable),
                             cli_type_value(session->model, &r->type[k]));
    }
    return text;
}

/* "(lead=seoul, drills=off)": the settings under a policy; "" if there are no levers. */
static const char *settings_text(const dt_model *model, size_t policy)
{
    const char *text = "";
    for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++)
        text = cli_print("%s%s%s=%s", text, l ? ", " : "(", dt_model_item(model, DT_LEVERS, l),
                         dt_model_setting(model, l, dt_model_policy_setting(model, policy, l)));
    return *text ? cli_print("%s)", text) : "";
}

/* What the names in the table mean. */
static void print_legend(const cli_session *session)
{
    const dt_model *model = session->model;
    int width = 0;
    for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++) {
        int columns = cli_columns(dt_model_item(model, DT_OUTCOMES, o));
        width = columns > width ? columns : width;
    }
    for (size_t c = 0; c < session->policies; c++) {
        int columns = cli_columns(dt_model_item(model, DT_POLICIES, session->policy[c]));
        width = columns > width ? columns : width;
    }
    printf("\npolicies\n");
    for (size_t c = 0; c < session->policies; c++)
        cli_print_described(model, DT_POLICIES, session->policy[c], width,
                            settings_text(model, session->policy[c]));
    if (dt_model_count(model, DT_OUTCOMES))
        printf("outcomes\n");
    for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++)
        cli_print_outcome(model, o, width);
}

/* The bound that values of play forever meet unless rounding forbids it. */
static const double TOLD_BOUND = 1e-12;

/* What is said of a bound that isn't met. */
static const char *bound_text(double bound)
{
    return bound > TOLD_BOUND ? cli_print(", values within %.1e of the fixed point", bound) : "";
}

static void print_method(const cli_session *session, const cli_results *r)
{
    putchar('\n');
    cli_print_wrapped("",
                      cli_print("selection rule: %s; values: %s",
                                cli_selection(session->line->select),
                                session->line->values == DT_VALUES_SURPLUS
                                    ? "surplus (the taste shock is enjoyed)"
                                    : "average over actions"),
                      0);
    const char *known = cli_known_types(session, r);
    if (*known)
        cli_print_wrapped("", cli_print("known to everybody at the start: %s", known), 0);
    for (size_t c = 0; c < session->policies; c++) {
        const char *name = dt_model_item(session->model, DT_POLICIES, session->policy[c]);
        if (r->unsolved[c].reason)
            continue;
        if (r->crossed[c])
            cli_print_wrapped("",
                              cli_print("%s: %llu %s crossed a bifurcation", name,
                                        (unsigned long long)r->crossed[c],
                                        r->crossed[c] == 1 ? "node" : "nodes"),
                              0);
        if (r->sweeps[c])
            cli_print_wrapped("",
                              cli_print("%s: play forever settled after %llu sweeps%s", name,
                                        (unsigned long long)r->sweeps[c], bound_text(r->bound[c])),
                              0);
    }
}

/* The outcomes of one group under its title, and those of none first. */
static bool add_outcomes(cli_table *table, const cli_session *session, const cli_results *r,
                         size_t solved)
{
    const dt_model *model = session->model;
    const size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    bool marks = false;
    bool *added = cli_take(outcomes, sizeof *added);
    cli_table_heading(table, "outcomes");
    for (size_t first = 0; first <= outcomes; first++) { /* before the first of a group: none */
        const char *group = first == 0 ? "" : dt_model_group(model, DT_OUTCOMES, first - 1);
        if (first > 0 && added[first - 1])
            continue;
        if (*group)
            cli_table_heading(table, cli_print(" %s", group));
        for (size_t o = first > 0 ? first - 1 : 0; o < outcomes; o++) {
            if (strcmp(dt_model_group(model, DT_OUTCOMES, o), group) != 0)
                continue;
            int direction = solved > 1 ? cli_ranked_direction(session, r, o) : 0;
            marks |= direction != 0;
            added[o] = true;
            cli_table_numbers(table, cli_print("  %s", cli_ranked_name(session, r, o)),
                              r->outcome + o * session->policies, direction);
        }
    }
    return marks;
}

/* "  North (lives)": what an actor's numbers are counted in. */
static const char *actor_label(const dt_model *model, size_t actor)
{
    const char *unit = dt_model_unit(model, actor), *name = dt_model_item(model, DT_ACTORS, actor);
    return *unit ? cli_print("  %s (%s)", name, unit) : cli_print("  %s", name);
}

/* What play is worth to each actor, and to each type of those who own a private variable. */
static void add_values(cli_table *table, const dt_model *model, const cli_results *r,
                       size_t policies)
{
    for (size_t a = 0; a < dt_model_count(model, DT_ACTORS); a++) {
        cli_table_numbers(table, actor_label(model, a), r->value + a * policies, 0);
        for (size_t k = 0; k < r->types; k++) {
            const cli_type *type = &r->type[k];
            if (type->actor == a && cli_is_secret(r, type->variable, policies))
                cli_table_numbers(table,
                                  cli_print("    if %s is %s",
                                            dt_model_item(model, DT_STATES, type->variable),
                                            cli_type_value(model, type)),
                                  r->type_value + k * policies, 0);
        }
    }
}

/* "if aim is stall": outcomes where a type begins, a block for each. */
static void add_types(cli_table *table, const dt_model *model, const cli_results *r,
                      size_t policies)
{
    const size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    for (size_t k = 0; k < r->types; k++) {
        if (!cli_is_secret(r, r->type[k].variable, policies))
            continue;
        cli_table_heading(table, cli_print("outcomes if %s is %s at the start",
                                           dt_model_item(model, DT_STATES, r->type[k].variable),
                                           cli_type_value(model, &r->type[k])));
        for (size_t o = 0; o < outcomes; o++)
            cli_table_numbers(table, cli_print("  %s", dt_model_item(model, DT_OUTCOMES, o)),
                              r->type_outcome + (k * outcomes + o) * policies, 0);
    }
}

void cli_print_table(const cli_session *session, const cli_results *r, size_t solved)
{
    const dt_model *model = session->model;
    size_t policies = session->policies;
    cli_table table;
    cli_table_start(&table, policies);
    for (size_t c = 0; c < policies; c++)
        table.head[c] = dt_model_item(model, DT_POLICIES, session->policy[c]);
    bool marks = add_outcomes(&table, session, r, solved);
    add_types(&table, model, r, policies);
    cli_table_heading(&table, "values");
    add_values(&table, model, r, policies);
    cli_table_heading(&table, "gaps: what a best response would gain");
    for (size_t a = 0; a < dt_model_count(model, DT_ACTORS); a++)
        cli_table_numbers(&table, actor_label(model, a), r->gap + a * policies, 0);
    cli_table_heading(&table, "solution");
    cli_table_errors(&table, "  residual", r->residual);
    cli_table_counts(&table, "  states", r->states);
    cli_table_counts(&table, "  nodes", r->nodes);
    uint64_t points = 0;
    for (size_t c = 0; c < policies && r->points; c++)
        points = r->points[c] > points ? r->points[c] : points;
    if (points > 1) {
        cli_table_errors(&table, "  calibration", r->calibration);
        cli_table_counts(&table, "  points of belief", r->points);
        cli_table_heading(&table, "beliefs: how far outcomes are from those on half the grid");
        for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++)
            cli_table_errors(&table, cli_print("  %s", dt_model_item(model, DT_OUTCOMES, o)),
                             r->half + o * policies);
    }
    cli_table_print(&table);
    if (marks)
        printf("* best policy\n");
    const size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    size_t *all = cli_take(outcomes, sizeof *all);
    for (size_t o = 0; o < outcomes; o++)
        all[o] = o;
    cli_print_marks(r, all, outcomes);
    print_legend(session);
    print_method(session, r);
}
