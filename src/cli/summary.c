/*
 * The first screen of `run`: what a reader wants to know first. Three sentences say which policy does
 * best on the headline outcomes, how far the others are, and what is worse there; a table has these
 * outcomes for every policy; then what was certified, what isn't known, and the next command. The
 * sentences speak of the numbers that were solved with and claim no more: ties are told, an outcome
 * without a direction has no best, nor has one by which policies differ less than the grid of beliefs moves it,
 * and a policy that isn't solved has no part.
 */
#include "run.h"

#include <assert.h>
#include <math.h>
#include <string.h>

typedef struct summary {
    const cli_session *session;
    const cli_results *results;
    size_t policies, headlines;
    size_t *headline; /* [headlines] outcomes */
    bool some;        /* the model has other outcomes as well */
    size_t *solved;   /* [solved_count] columns */
    size_t solved_count;
    cli_table table; /* policies down, headline outcomes across */
} summary;

static const char *policy_name(const summary *s, size_t column)
{
    return dt_model_item(s->session->model, DT_POLICIES, s->session->policy[column]);
}

static const char *outcome_name(const summary *s, size_t h)
{
    return dt_model_item(s->session->model, DT_OUTCOMES, s->headline[h]);
}

static int direction(const summary *s, size_t h)
{
    return cli_ranked_direction(s->session, s->results, s->headline[h]);
}

static double number(const summary *s, size_t h, size_t column)
{
    return s->results->outcome[s->headline[h] * s->policies + column];
}

/* A number as the table shows it. */
static const char *shown(const summary *s, size_t h, size_t column)
{
    return s->table.cell[column * s->headlines + h];
}

/* Whether a policy is best on an outcome, as the table marks it: ties all are. */
static bool is_best(const summary *s, size_t h, size_t column)
{
    return s->table.marked[column * s->headlines + h] == CLI_STAR;
}

/* How many are best on it; all that are solved if it has no direction. */
static size_t count_best(const summary *s, size_t h)
{
    size_t count = 0;
    for (size_t i = 0; i < s->solved_count; i++)
        count += is_best(s, h, s->solved[i]);
    return direction(s, h) ? count : s->solved_count;
}

/* Whether the policies can be told apart by an outcome: it has a direction, and some do worse. */
static bool tells_apart(const summary *s, size_t h)
{
    return count_best(s, h) < s->solved_count;
}

/* "a", "a and b", "a, b and c" */
static const char *list_of(const cli_texts *texts)
{
    const char *list = "";
    for (size_t i = 0; i < texts->count; i++)
        list = cli_print("%s%s%s", list,
                         i == 0                  ? ""
                         : i + 1 == texts->count ? " and "
                                                 : ", ",
                         texts->at[i]);
    return list;
}

/* ---- the three sentences ----------------------------------------------------------------------- */

/* "At the author's numbers", or what --set made of them; and of whom is spoken, if not of all. */
static const char *at_numbers(const summary *s)
{
    enum { READABLE = 3 };
    const cli_texts *set = &s->session->line->set;
    const char *numbers =
        set->count == 0 ? "At the author's numbers"
        : set->count <= READABLE
            ? cli_print("With %s and the author's other numbers", list_of(set))
            : cli_print("With %zu numbers given here and the author's others", set->count);
    return s->solved_count > 1 && s->solved_count < s->policies
               ? cli_print("%s, of the %zu policies that are solved,", numbers, s->solved_count)
               : numbers;
}

static size_t wins(const summary *s, size_t column)
{
    size_t count = 0;
    for (size_t h = 0; h < s->headlines; h++)
        count += tells_apart(s, h) && is_best(s, h, column);
    return count;
}

/* "war 0.0149, as has b" */
static const char *won(const summary *s, size_t h, size_t column)
{
    cli_texts others = {0};
    for (size_t i = 0; i < s->solved_count; i++) {
        if (s->solved[i] != column && is_best(s, h, s->solved[i]))
            cli_add(&others, policy_name(s, s->solved[i]));
    }
    return cli_print("%s %s%s", outcome_name(s, h), shown(s, h, column),
                     others.count == 0   ? ""
                     : others.count == 1 ? cli_print(" (so under %s)", others.at[0])
                                         : cli_print(" (so under %zu others)", others.count));
}

static const char *outcomes_won(const summary *s, size_t column)
{
    cli_texts list = {0};
    for (size_t h = 0; h < s->headlines; h++) {
        if (tells_apart(s, h) && is_best(s, h, column))
            cli_add(&list, won(s, h, column));
    }
    return list_of(&list);
}

/* "4 of the 6 headline outcomes": of the `all` that tell policies apart. */
static const char *of_outcomes(const summary *s, size_t count, size_t all)
{
    const char *what = s->some ? "headline outcome" : "outcome";
    const char *which = all < s->headlines ? " that tell policies apart" : "";
    if (all == 1)
        return cli_print("the one %s that tells policies apart", what);
    if (count < all)
        return cli_print("%zu of the %zu %ss%s", count, all, what, which);
    return all == 2 ? cli_print("both %ss%s", what, which)
                    : cli_print("all %zu %ss%s", all, what, which);
}

static void say(const char *sentence)
{
    cli_print_wrapped("", sentence, 0);
}

/* The policy that comes next after the best on an outcome, and the worst. */
static void find_others(const summary *s, size_t h, size_t *next, size_t *worst)
{
    *next = *worst = SIZE_MAX;
    for (size_t i = 0; i < s->solved_count; i++) {
        const size_t p = s->solved[i];
        const double x = direction(s, h) * number(s, h, p);
        if (is_best(s, h, p))
            continue;
        if (*next == SIZE_MAX || x > direction(s, h) * number(s, h, *next))
            *next = p;
        if (*worst == SIZE_MAX || x < direction(s, h) * number(s, h, *worst))
            *worst = p;
    }
    assert(*next != SIZE_MAX && *worst != SIZE_MAX && "the outcome tells policies apart");
}

/* How far the others are where a policy is best. */
static void say_distance(const summary *s, size_t best)
{
    cli_texts list = {0};
    for (size_t h = 0; h < s->headlines; h++) {
        if (!tells_apart(s, h) || !is_best(s, h, best))
            continue;
        size_t next, worst;
        find_others(s, h, &next, &worst);
        const char *text = cli_print("%s %s", outcome_name(s, h), shown(s, h, next));
        if (s->solved_count > 2)
            text = cli_print("%s (%s)", text, policy_name(s, next));
        if (next != worst)
            text = cli_print("%s to %s (%s)", text, shown(s, h, worst), policy_name(s, worst));
        cli_add(&list, text);
    }
    const size_t other = s->solved[s->solved[0] == best];
    say(cli_print("%s %s.",
                  s->solved_count > 2 ? "The others have"
                                      : cli_print("%s has", policy_name(s, other)),
                  list_of(&list)));
}

/* What other policies do better. */
static void say_price(const summary *s, size_t best)
{
    cli_texts list = {0};
    for (size_t h = 0; h < s->headlines; h++) {
        if (!tells_apart(s, h) || is_best(s, h, best))
            continue;
        size_t other = 0;
        while (!is_best(s, h, s->solved[other]))
            other++;
        cli_add(&list,
                cli_print("%s (%s, against %s under %s)", outcome_name(s, h), shown(s, h, best),
                          shown(s, h, s->solved[other]), policy_name(s, s->solved[other])));
    }
    say(list.count ? cli_print("It does worse on %s.", list_of(&list))
                   : "Nothing shown here is better under another policy.");
}

/* Where no policy leads: who is best on what. */
static void say_best(const summary *s)
{
    cli_texts list = {0};
    for (size_t h = 0; h < s->headlines; h++) {
        size_t best = 0;
        if (!tells_apart(s, h))
            continue;
        while (!is_best(s, h, s->solved[best]))
            best++;
        cli_add(&list, cli_print("%s under %s", won(s, h, s->solved[best]),
                                 policy_name(s, s->solved[best])));
    }
    say(cli_print("The best are %s.", list_of(&list)));
    say("Which policy is to be preferred depends on which outcome counts.");
}

/* Which policies do best. One leads if it is best on more outcomes than any other. */
static void print_sentences(const summary *s)
{
    enum { READABLE = 4 };
    size_t apart = 0, directed = 0, coarse = 0, most = 0, leader = 0;
    cli_texts leaders = {0};
    for (size_t h = 0; h < s->headlines; h++) {
        apart += tells_apart(s, h);
        const bool has = dt_model_outcome_direction(s->session->model, s->headline[h]) != 0;
        directed += has;
        coarse += has && s->results->coarse[s->headline[h]];
    }
    for (size_t i = 0; i < s->solved_count; i++)
        most = wins(s, s->solved[i]) > most ? wins(s, s->solved[i]) : most;
    for (size_t i = 0; i < s->solved_count; i++) {
        if (wins(s, s->solved[i]) != most)
            continue;
        leader = s->solved[i];
        cli_add(&leaders, policy_name(s, leader));
    }
    const char *numbers = at_numbers(s);
    if (directed == 0) {
        say(cli_print("%s no policy is called best: no outcome shown says which way is better.",
                      numbers));
    } else if (apart == 0 && coarse > 0) {
        say(cli_print(
            "%s no policy is called best: policies differ by less than the grid of beliefs is "
            "off.",
            numbers));
    } else if (apart == 0) {
        say(cli_print("%s the policies come out the same on every outcome shown that has a better "
                      "and a worse.",
                      numbers));
    } else if (leaders.count == 1) {
        say(cli_print("%s %s does best on %s: %s.", numbers, leaders.at[0],
                      of_outcomes(s, most, apart), outcomes_won(s, leader)));
        say_distance(s, leader);
        say_price(s, leader);
    } else {
        say(cli_print("%s no policy stands out: %s are each best on %s.", numbers,
                      leaders.count <= READABLE ? list_of(&leaders)
                                                : cli_print("%zu policies", leaders.count),
                      of_outcomes(s, most, apart)));
        say_best(s);
    }
    putchar('\n');
}

/* Of one policy alone. */
static void print_sentence(const summary *s)
{
    cli_texts list = {0};
    for (size_t h = 0; h < s->headlines; h++)
        cli_add(&list, cli_print("%s %s", outcome_name(s, h), shown(s, h, s->solved[0])));
    say(cli_print("%s under %s: %s.", at_numbers(s), policy_name(s, s->solved[0]), list_of(&list)));
    putchar('\n');
}

/* ---- what stands below ------------------------------------------------------------------------- */

enum { INDENT = 11 };

/* The certificates, over all policies that are solved. */
static void print_certified(const summary *s)
{
    const dt_model *model = s->session->model;
    const cli_results *r = s->results;
    size_t actors = dt_model_count(model, DT_ACTORS), gap_policy = 0, gap_actor = 0;
    double residual = 0, gap = 0;
    uint64_t crossed = 0;
    for (size_t i = 0; i < s->solved_count; i++) {
        const size_t p = s->solved[i];
        residual = fmax(residual, r->residual[p]);
        crossed += r->crossed[p];
        for (size_t a = 0; a < actors; a++) {
            if (r->gap[a * s->policies + p] <= gap)
                continue;
            gap = r->gap[a * s->policies + p];
            gap_policy = p;
            gap_actor = a;
        }
    }
    const char *text = cli_print("%zu %s on %s, residual %.1e", s->solved_count,
                                 s->solved_count == 1 ? "policy" : "policies",
                                 cli_selection(s->session->line->select), residual);
    if (crossed)
        text = cli_print("%s; %llu %s crossed a bifurcation", text, (unsigned long long)crossed,
                         crossed == 1 ? "node" : "nodes");
    if (gap > 0)
        text = cli_print("%s; a best response would gain at most %.3g (%s under %s)", text, gap,
                         dt_model_item(model, DT_ACTORS, gap_actor), policy_name(s, gap_policy));
    cli_print_wrapped("solved", text, INDENT);
}

/* What the numbers rest on; returns how many have a range or a distribution. */
static size_t print_unknown(const summary *s)
{
    const dt_model *model = s->session->model;
    const size_t all = dt_model_count(model, DT_PARAMETERS);
    size_t deep = 0, risk = 0, judged = 0, bare = 0;
    for (size_t i = 0; i < all; i++) {
        const dt_parameter parameter = dt_model_parameter(model, i);
        deep += parameter.uncertainty == DT_DEEP;
        risk += parameter.uncertainty == DT_RISK;
        judged += strcmp(parameter.source, "judgement") == 0;
        bare += !*parameter.source;
    }
    const struct {
        size_t count;
        const char *what;
    } kinds[] = {
        {deep,              "with a range"       },
        {risk,              "with a distribution"},
        {all - deep - risk, "fixed"              }
    };
    cli_texts parts = {0};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (kinds[k].count == all)
            cli_add(&parts, kinds[k].what);
        else if (kinds[k].count > 0)
            cli_add(&parts, cli_print("%zu %s", kinds[k].count, kinds[k].what));
    }
    const char *text = cli_print("%zu %s%s %s", all, all == 1 ? "number" : "numbers",
                                 parts.count > 1 ? ":" : "", list_of(&parts));
    if (judged)
        text = cli_print("%s; %zu by judgement", text, judged);
    if (bare)
        text = cli_print("%s; %zu without source or judgement", text, bare);
    text = cli_print("%s; %s", text,
                     deep + risk ? "what holds over the ranges isn't tried yet"
                                 : "none has a range to be tried");
    if (all > 0)
        cli_print_wrapped("not known", text, INDENT);
    return deep + risk;
}

/* The next command, on one line to be copied; what to do about policies that aren't solved stands at
 * the top. */
static void print_next(const summary *s, size_t uncertain)
{
    const dt_model *model = s->session->model;
    const char *path = s->session->line->model;
    if (strcmp(path, "-") == 0 || strpbrk(path, " '\"$\\&;()<>|*?"))
        path = "MODEL";
    if (s->solved_count > 0)
        printf("%-*sdetente ", INDENT, "next");
    if (s->solved_count > 0 && uncertain)
        printf("study %s --worlds 1000 -o %s.study\n", path, dt_model_name(model));
    else if (s->solved_count > 0)
        printf("explain %s --policy %s\n", path, policy_name(s, s->solved[0]));
    cli_print_wrapped("", "--full shows every outcome, values, gaps and certificates", INDENT);
}

void cli_print_described(const dt_model *model, dt_kind kind, size_t item, int width,
                         const char *more)
{
    const char *name = dt_model_item(model, kind, item);
    const char *description = dt_model_item_description(model, kind, item);
    const char *text = cli_print("%s%s%s", description, *description && *more ? " " : "", more);
    if (*text && width + 4 <= cli_width() / 2) {
        cli_print_wrapped(cli_print("  %s", name), text, width + 4);
    } else {
        printf("  %s\n", name);
        if (*text)
            cli_print_wrapped("", text, 4);
    }
}

void cli_print_outcome(const dt_model *model, size_t outcome, int width)
{
    int direction = dt_model_outcome_direction(model, outcome);
    cli_print_described(model, DT_OUTCOMES, outcome, width,
                        direction > 0   ? "(more is better)"
                        : direction < 0 ? "(less is better)"
                                        : "");
}

/* ---- the table --------------------------------------------------------------------------------- */

static void make_table(summary *s)
{
    cli_table_start(&s->table, s->headlines);
    for (size_t h = 0; h < s->headlines; h++)
        s->table.head[h] = cli_ranked_name(s->session, s->results, s->headline[h]);
    for (size_t p = 0; p < s->policies; p++)
        cli_table_row(&s->table, policy_name(s, p));
    for (size_t h = 0; h < s->headlines; h++)
        cli_table_column(&s->table, h, s->results->outcome + s->headline[h] * s->policies,
                         s->solved_count > 1 ? direction(s, h) : 0);
}

static void print_outcomes(const summary *s)
{
    int width = 0;
    bool marks = false;
    cli_table_print(&s->table);
    for (size_t h = 0; h < s->headlines; h++) {
        width = cli_columns(outcome_name(s, h)) > width ? cli_columns(outcome_name(s, h)) : width;
        marks |= direction(s, h) != 0;
    }
    puts(marks && s->solved_count > 1 ? "* best policy" : "");
    cli_print_marks(s->results, s->headline, s->headlines);
    for (size_t h = 0; h < s->headlines; h++)
        cli_print_outcome(s->session->model, s->headline[h], width);
    putchar('\n');
}

void cli_print_summary(const cli_session *session, const cli_results *results)
{
    const dt_model *model = session->model;
    size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    summary s = {.session = session,
                 .results = results,
                 .policies = session->policies,
                 .headline = cli_take(outcomes, sizeof(size_t)),
                 .solved = cli_take(session->policies, sizeof(size_t))};
    for (size_t o = 0; o < outcomes; o++) {
        if (dt_model_headline(model, o))
            s.headline[s.headlines++] = o;
    }
    for (size_t p = 0; p < s.policies; p++) {
        if (!results->unsolved[p].reason)
            s.solved[s.solved_count++] = p;
    }
    s.some = s.headlines < outcomes;
    if (s.headlines > 0) {
        make_table(&s);
        if (s.solved_count == 1)
            print_sentence(&s);
        else if (s.solved_count > 1)
            print_sentences(&s);
        print_outcomes(&s);
    }
    if (s.solved_count > 0)
        print_certified(&s);
    const char *known = cli_known_types(session, results);
    if (*known)
        cli_print_wrapped("known", cli_print("to everybody: %s", known), INDENT);
    print_next(&s, print_unknown(&s));
}
