/*
 * Matches where something is private: each type takes each action as often as the exact chain over places, points of
 * belief and types finds it to; and a player is shown what everybody sees and what it knows itself, nothing more, until
 * play is over.
 */
#include "matches.h"

#include "solve/private_chain.h"

/* Two who know something each, one of which moves; they move at once, unseen, and alone, and chance tells of one. */
static const char RIVALS[] = "model rivals\n"
                             "horizon 3\n"
                             "beliefs 6\n"
                             "actor A rationality 2\n"
                             "actor B \"the other\" rationality 3\n"
                             "private A arms : 0..2 = {0: 0.5, 1: 0.5} \"what is in the cellar\"\n"
                             "private B firm : bool = {no: 0.4, yes: 0.6} \"whether it means it\"\n"
                             "state heat : 0..2 = 1\n"
                             "hidden stage cellar : A {\n"
                             "  A.forge \"Work at night\" { pay A -0.1 ; with 0.6 { arms += 1 } }\n"
                             "  A.sleep \"Sleep well\"\n"
                             "}\n"
                             "stage spies : chance { with 0.2 + 0.2 * arms { heat += 1 } }\n"
                             "stage words : B { B.warn { pay B firm ? 0 : -0.2 } B.hush }\n"
                             "stage clash : A, B {\n"
                             "  A.push { pay A 0.5 * arms - 0.6 ; heat += 1 }\n"
                             "  A.hold { heat -= 1 }\n"
                             "  B.push { pay B firm ? 0.4 : -0.4 }\n"
                             "  B.hold\n"
                             "}\n"
                             "payoff A { heat = -0.1 * heat * (clash.B == push) }\n"
                             "payoff B { heat = -0.3 * heat * (arms == 2) }\n";

typedef struct part {
    const char *path;
    size_t policy;
} part;

static const part PARTS[] = {
    {NULL,                                    0},
    {"models/classics/covert-enrichment.dtn", 1},
    {"models/classics/carrier.dtn",           0},
    {"models/classics/crisis-audience.dtn",   0},
};
enum { PARTS_COUNT = sizeof PARTS / sizeof PARTS[0] };

static solved solve_part(const part *of)
{
    if (of->path)
        return solve(of->path, of->policy);
    options = play_options(&told);
    return solve_model(play_text(RIVALS, &options), 0);
}

/* ---- what each type does ----------------------------------------------------------------------- */

/* An action of one type at a stage. */
typedef struct taken {
    uint32_t stage;
    int rank;
    char name[64];
    double expected, here; /* times in a match: by the chain, and in the one at hand */
    tally times;
} taken;

enum { MOST_TAKEN = 128 };

typedef struct all_taken {
    size_t count;
    taken at[MOST_TAKEN];
} all_taken;

static taken *find(all_taken *all, uint32_t stage, int rank, const char *name)
{
    for (size_t i = 0; i < all->count; i++) {
        taken *one = &all->at[i];
        if (one->stage == stage && one->rank == rank && strcmp(one->name, name) == 0)
            return one;
    }
    assert_true(all->count < MOST_TAKEN && strlen(name) < sizeof all->at[0].name);
    taken *one = &all->at[all->count++];
    *one = (taken){.stage = stage, .rank = rank};
    snprintf(one->name, sizeof one->name, "%s", name);
    return one;
}

/* How often each type is expected to take an option of a node, where so much of each point and type is. */
static void expect_at(all_taken *all, dt_private_chain *chain, uint32_t t, uint32_t node, int k,
                      int option)
{
    const dt_game *game = chain->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const dt_beliefs *beliefs = chain->work->plan->beliefs;
    const int x = beliefs->agent_variable[menu->agent[k]];
    dt_arena *arena = dt_arena_new(NULL, 0);
    dt_text name = {.arena = arena};
    dt_option_name(game, menu, k, option, &name);
    for (uint32_t point = 0; point < beliefs->points; point++) {
        for (uint32_t type = 0; type < beliefs->types; type++) {
            const double mass =
                chain->mass[node * chain->stride + point * (size_t)beliefs->types + type];
            const int rank = x < 0 ? 0 : dt_beliefs_rank(beliefs, (size_t)x, type);
            if (mass > 0)
                find(all, (uint32_t)menu->stage, rank, dt_text_get(&name))->expected +=
                    mass * dt_typed_at(&chain->work->strategy, t, node, point, k, rank, option);
        }
    }
    dt_arena_free(arena);
}

static void expect_all(all_taken *all, const solved *s)
{
    const dt_game *game = s->game;
    dt_arena *arena = dt_arena_new(NULL, 0);
    dt_private_chain *chain = dt_private_chain_new(arena, s->solution->private, 1);
    dt_private_chain_begin(chain);
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_private_chain_to(chain, t);
        for (uint32_t stage = 0; stage < game->stages; stage++) {
            const uint32_t first = game->stage_first[stage];
            for (uint32_t n = first; n < first + dt_game_count(game, stage, t); n++) {
                const dt_menu *menu = &game->menu[game->node_menu[n]];
                for (int k = 0; k < menu->agents; k++) {
                    for (int o = 0; o < menu->options[k]; o++)
                        expect_at(all, chain, t, n, k, o);
                }
            }
        }
    }
    dt_arena_free(arena);
}

static void test_types(void **state)
{
    (void)state;
    const char *asked = getenv("MATCHES");
    const size_t matches = asked ? strtoul(asked, NULL, 10) : 20000;
    for (size_t m = 0; m < PARTS_COUNT; m++) {
        const solved s = solve_part(&PARTS[m]);
        static all_taken all;
        all.count = 0;
        expect_all(&all, &s);
        const size_t known = all.count;
        for (size_t g = 0; g < matches; g++) {
            dt_match *match = begin(&s, 7, g, s.all);
            for (dt_match_turn turn = dt_match_at(match); !turn.over; turn = dt_match_at(match)) {
                find(&all, (uint32_t)turn.stage, turn.variable < 0 ? 0 : (int)turn.rank,
                     turn.action[turn.drawn].name)
                    ->here++;
                assert_int_equal(dt_match_take(match, turn.drawn, &options), DT_OK);
            }
            for (size_t i = 0; i < all.count; i++) {
                count(&all.at[i].times, all.at[i].here);
                all.at[i].here = 0;
            }
            dt_match_free(match);
        }
        assert_int_equal(all.count, known); /* nobody does what the chain knows nothing of */
        for (size_t i = 0; i < all.count; i++)
            assert_expected(&all.at[i].times, matches, all.at[i].expected,
                            dt_model_horizon(s.model));
        release(&s);
    }
}

/* ---- what a player is shown -------------------------------------------------------------------- */

/* Whether an event is none of the player's business: a move in a hidden stage, or a secret's change, of another. */
static bool is_others(const solved *s, const dt_event *event, const bool *held)
{
    if (event->kind == DT_EVENT_ACTION)
        return s->model->stage[event->stage].hidden && !held[event->actor];
    if (event->kind != DT_EVENT_CHANGE)
        return false;
    const int owner = s->model->variable[event->variable].owner;
    return owner >= 0 && !held[owner];
}

/* What is shown so far, one event a line. */
static void show(const dt_match *match, char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < dt_match_events(match); i++)
        used += (size_t)snprintf(text + used, size - used, "%s\n", dt_match_event(match, i).text);
    assert_true(used < size);
}

/* No word of what others do unseen, or of what their secrets come to be. */
static void assert_silent(const solved *s, const char *text, const bool *held)
{
    for (int i = 0; i < s->model->stages; i++) {
        const dt_stage *stage = &s->model->stage[i];
        for (int a = 0; stage->hidden && a < stage->actions; a++) {
            const char *said = stage->action[a].is.description[0] ? stage->action[a].is.description
                                                                  : stage->action[a].is.name;
            if (!held[s->game->rules->stage[i].mover_actor[0]])
                assert_null(strstr(text, said));
        }
    }
    for (int v = 0; v < s->model->variables; v++) {
        char change[128];
        const int owner = s->model->variable[v].owner;
        snprintf(change, sizeof change, "%s: from", s->model->variable[v].is.name);
        if (owner >= 0 && !held[owner])
            assert_null(strstr(text, change));
    }
}

/* What a player has been shown at a turn, and what the others' secrets are then: a digit each. */
typedef struct seen {
    size_t events;
    char text[4096];
    char truth[8];
} seen;

/* What there was to be seen of a match that is over up to a turn, and the secrets then. */
static void look_back(const solved *s, const dt_match *match, const bool *held, seen *turn)
{
    static char text[sizeof turn->text];
    size_t used = 0, i = 0, truth = 0;
    text[0] = '\0';
    for (size_t shown = 0; shown < turn->events; i++) {
        const dt_event event = dt_match_event(match, i);
        if (is_others(s, &event, held)) {
            assert_true(event.secret);
            continue;
        }
        used += (size_t)snprintf(text + used, sizeof text - used, "%s\n", event.text);
        shown++;
    }
    assert_string_equal(turn->text, text);
    for (int v = 0; v < s->model->variables; v++) {
        const int owner = s->model->variable[v].owner;
        int value = dt_match_value(match, (size_t)v);
        for (size_t later = dt_match_events(match); later-- > i;) {
            const dt_event event = dt_match_event(match, later);
            if (event.kind == DT_EVENT_CHANGE && event.variable == v)
                value = event.from;
        }
        if (owner >= 0 && !held[owner])
            turn->truth[truth++] = (char)('0' + value);
    }
    turn->truth[truth] = '\0';
}

/* One match of a player: what it was shown at each turn is what there was to be seen. Returns how many turns. */
static size_t watch(const solved *s, size_t number, const bool *held, seen *to, size_t room)
{
    dt_match *match = begin(s, 3, number, held);
    size_t turns = 0;
    for (dt_match_turn turn = dt_match_at(match); !turn.over; turn = dt_match_at(match)) {
        assert_true(turns < room);
        for (int v = 0; v < s->model->variables; v++) {
            const int owner = s->model->variable[v].owner;
            if (owner >= 0)
                assert_true((dt_match_value(match, (size_t)v) >= 0) == held[owner]);
        }
        assert_true(turn.variable < 0 || held[s->model->variable[turn.variable].owner]);
        show(match, to[turns].text, sizeof to->text);
        assert_silent(s, to[turns].text, held);
        to[turns++].events = dt_match_events(match);
        assert_int_equal(dt_match_take(match, turn.drawn, &options), DT_OK);
    }
    for (size_t i = 0; i < turns; i++)
        look_back(s, match, held, &to[i]);
    dt_match_free(match);
    return turns;
}

/* Two matches may look alike to the player where the others' secrets aren't the same: so what it is shown doesn't say
 * which it is in. */
static void test_shown(void **state)
{
    (void)state;
    enum { WATCHED = 120, ROOM = 16 * WATCHED };
    static seen of[ROOM];
    for (size_t m = 0; m < PARTS_COUNT; m++) {
        const solved s = solve_part(&PARTS[m]);
        size_t alike = 0;
        for (int actor = 0; actor < s.model->actors; actor++) {
            bool held[8] = {false};
            size_t turns = 0;
            held[actor] = true;
            for (size_t number = 0; number < WATCHED; number++)
                turns += watch(&s, number, held, &of[turns], ROOM - turns);
            for (size_t i = 0; i < turns; i++) {
                for (size_t j = 0; j < i; j++)
                    alike += of[i].events == of[j].events &&
                             strcmp(of[i].truth, of[j].truth) != 0 &&
                             strcmp(of[i].text, of[j].text) == 0;
            }
        }
        assert_true(alike > 100);
        release(&s);
    }
}

/* Who moves unseen sees it. */
static void test_own_secrets(void **state)
{
    (void)state;
    const solved s = solve_part(&PARTS[1]);
    bool held[8] = {false};
    held[dt_model_find(s.model, DT_ACTORS, "STATE")] = true;
    size_t moves = 0, changes = 0;
    for (size_t number = 0; number < 20; number++) {
        dt_match *match = begin(&s, 4, number, held);
        for (dt_match_turn turn = dt_match_at(match); !turn.over; turn = dt_match_at(match)) {
            assert_int_equal(dt_match_take(match, 0, &options), DT_OK); /* dig */
            for (size_t i = 0; i < dt_match_events(match) && !dt_match_at(match).over; i++) {
                moves += dt_match_event(match, i).secret &&
                         dt_match_event(match, i).kind == DT_EVENT_ACTION;
                changes += dt_match_event(match, i).secret &&
                           dt_match_event(match, i).kind == DT_EVENT_CHANGE;
            }
        }
        dt_match_free(match);
    }
    assert_true(moves > 20 && changes > 10);
    release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_shown),
        cmocka_unit_test(test_own_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
