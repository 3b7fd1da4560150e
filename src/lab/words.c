/*
 * Sentences about situations, put together of the model's own words: things are called by their descriptions, and by
 * their names where they have none. The page shows them as they are, so that what is said of a situation is said in
 * one place. A private variable isn't told: what others believe of it is (src/trace/believed.c).
 */
#include "lab/words.h"

#include <assert.h>

#include "model/calendar.h"
#include "play/match.h"

enum { MOST_TOLD = 8 }; /* facts of a situation */

/* "United States and North Korea choose at once, neither seeing what the other does" */
static void say_who(const dt_game *game, const dt_menu *menu, dt_text *text)
{
    const dt_stage *stage = &game->model->stage[menu->stage];
    assert(menu->agents > 0);
    for (int k = 0; k < menu->agents; k++) {
        dt_text_print(text, "%s", k == 0 ? "" : k + 1 < menu->agents ? ", " : " and ");
        dt_agent_title(game->rules, menu->agent[k], text);
    }
    const dt_agent *first = &game->rules->agent[menu->agent[0]];
    if (menu->agents == 1) {
        dt_text_print(text, "%s", first->members > 1 ? " choose together" : " chooses");
        if (stage->hidden)
            dt_text_print(text, ", seen by nobody else");
        return;
    }
    dt_text_print(text, " choose at once, %s",
                  menu->agents == 2 ? "neither seeing what the other does"
                                    : "none seeing what the others do");
}

/* What an actor or a role is called. */
static const char *title_of(const dt_model *model, dt_owner owner)
{
    return dt_words_of(owner.is_role ? &model->role[owner.index].is
                                     : &model->actor[owner.index].is);
}

/* "rung of the ladder is pause", "envoy chose Offer the next rung in Talks" */
static void say_slot(const dt_game *game, int slot, int value, dt_text *text)
{
    const dt_model *model = game->model;
    if (slot < model->variables) {
        dt_text_print(text, "%s is ", dt_words_of(&model->variable[slot].is));
        dt_slot_value_name(model, slot, value, text);
        return;
    }
    int mover;
    const dt_stage *stage = &model->stage[dt_slot_stage(model, slot, &mover)];
    assert(value > 0 && value <= stage->actions);
    dt_text_print(text, "%s chose %s in %s", title_of(model, stage->mover[mover]),
                  dt_words_of(&stage->action[value - 1].is), dt_words_of(&stage->is));
}

/* A sentence begins with a capital, where its first letter is a small one of ASCII. */
static void begin_sentence(char *first)
{
    if (*first >= 'a' && *first <= 'z')
        *first = (char)(*first - 'a' + 'A');
}

/* Whether a slot says something of a situation: everything public but choices that weren't to be made. */
static bool is_told(const dt_game *game, int slot, int value)
{
    const dt_model *model = game->model;
    return slot < model->variables ? game->secret_of[slot] == DT_NONE : value > 0;
}

const char *dt_situation_words(const dt_game *game, uint32_t t, uint32_t node, dt_arena *arena)
{
    const dt_model *model = game->model;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    int *slot = dt_new(arena, int, (size_t)model->slots);
    dt_game_unpack(game, node, slot);
    dt_text text = {.arena = arena};
    dt_period_print(model, (int64_t)t + 1, &text);
    dt_text_print(&text, ", %s: ", dt_words_of(&model->stage[menu->stage].is));
    say_who(game, menu, &text);
    int told = 0;
    for (int i = 0; i < model->slots; i++)
        told += is_told(game, i, slot[i]);
    if (told > 0 && told <= MOST_TOLD) {
        const char *between = ". ";
        for (int i = 0; i < model->slots; i++) {
            if (!is_told(game, i, slot[i]))
                continue;
            dt_text_print(&text, "%s", between);
            const size_t first = text.bytes.count;
            say_slot(game, i, slot[i], &text);
            if (*between == '.')
                begin_sentence(text.bytes.at + first);
            between = "; ";
        }
    }
    dt_text_print(&text, ".");
    return dt_text_get(&text);
}

const char *dt_change_words(const dt_game *game, int slot, int before, int after, dt_arena *arena)
{
    const dt_model *model = game->model;
    dt_text text = {.arena = arena};
    if (slot >= model->variables) {
        say_slot(game, slot, after, &text);
        return dt_text_get(&text);
    }
    dt_text_print(&text, "%s goes from ", dt_words_of(&model->variable[slot].is));
    dt_slot_value_name(model, slot, before, &text);
    dt_text_print(&text, " to ");
    dt_slot_value_name(model, slot, after, &text);
    return dt_text_get(&text);
}
