/*
 * A match in the page: what the sides that nobody holds do, by the chances of its seed; many histories at once; codes
 * and transcripts. Nothing is kept between calls: each brings the actions taken so far.
 */
#include "engine.h"

#include <assert.h>
#include <string.h>

#include "lab/match.h"

/* What the page says of a match, 32-bit words in the buffer: the seed's lower half, its upper half, then a word for
 * each actor, not 0: held, then the actions taken. */
typedef struct asked_match {
    uint64_t seed;
    bool *held; /* [actors] */
    uint32_t *taken;
    size_t count;
} asked_match;

static asked_match read_match(size_t taken)
{
    const size_t actors = dt_model_count(engine.model, DT_ACTORS);
    const size_t words = 2 + actors + taken;
    assert(words * sizeof(uint32_t) <= engine.room);
    uint32_t *word = dt_new(engine.answering, uint32_t, words);
    memcpy(word, engine.buffer, words * sizeof *word);
    asked_match asked = {.seed = word[0] | (uint64_t)word[1] << 32,
                         .held = dt_new(engine.answering, bool, actors),
                         .taken = word + 2 + actors,
                         .count = taken};
    for (size_t i = 0; i < actors; i++)
        asked.held[i] = word[2 + i] != 0;
    return asked;
}

/* "match": as dt_write_match, the match being given up; and "policy", if it is known. */
static const char *answer_match(dt_match *match, const bool *held, int policy, dt_status status)
{
    dt_writer out = page_open(status);
    if (policy != DT_NONE)
        dt_json_print(&out, "policy: %d", policy);
    if (match) {
        dt_json_print(&out, "match:");
        status = dt_write_match(&out, match, engine.model, held, &page_options, engine.answering);
        dt_match_free(match);
    }
    if (status <= DT_NO)
        return page_close(&out);
    engine.answer.bytes.count = 0;
    return page_plain(status);
}

/* The match in the buffer as it stands after `taken` actions; with DT_INVALID as far as they go. */
const char *EXPORT(engine_match)(size_t taken)
{
    assert(engine.solution);
    page_begin();
    const asked_match asked = read_match(taken);
    const dt_match_how how = {.seed = asked.seed, .held = asked.held};
    dt_match *match;
    dt_status status = dt_match_new(engine.solution, &how, &page_options, &match);
    for (size_t i = 0; i < taken && status == DT_OK; i++)
        status = dt_match_take(match, asked.taken[i], &page_options);
    return answer_match(match, asked.held, engine.game->rules->policy, status);
}

/* "spread": what the outcomes come to in `count` histories of the seed in the buffer from `first` on, in which nobody
 * holds a side: a list for each. */
const char *EXPORT(engine_spread)(uint32_t first, size_t count)
{
    assert(engine.solution);
    page_begin();
    const asked_match asked = read_match(0);
    const size_t outcomes = dt_model_count(engine.model, DT_OUTCOMES);
    double *outcome = dt_new(engine.answering, double, count *outcomes);
    const dt_status status =
        dt_match_spread(engine.solution, asked.seed, first, count, &page_options, outcome);
    if (status != DT_OK)
        return page_plain(status);
    dt_writer out = page_open(status);
    dt_json_print(&out, "spread: [");
    for (size_t i = 0; i < count; i++)
        dt_json_numbers(&out, outcome + i * outcomes, outcomes);
    dt_json_print(&out, "]");
    return page_close(&out);
}

/* "coded": the policy, the seed and the sides of the code, `length` bytes in the buffer. */
const char *EXPORT(engine_code)(size_t length)
{
    assert(engine.model && length <= engine.room);
    page_begin();
    const size_t actors = dt_model_count(engine.model, DT_ACTORS);
    bool *held = dt_new(engine.answering, bool, actors);
    size_t policy;
    uint64_t seed;
    const char *code = dt_copy_text(engine.answering, engine.buffer, length);
    const dt_status status =
        dt_match_read_code(engine.model, NULL, code, &page_options, &policy, &seed, held);
    if (status != DT_OK)
        return page_plain(status);
    dt_writer out = page_open(status);
    dt_json_print(&out, "coded: {policy: %zu, seed: [%u, %u], held: [", policy, (uint32_t)seed,
                  (uint32_t)(seed >> 32));
    for (size_t i = 0; i < actors; i++)
        dt_json_print(&out, "%i", held[i]);
    dt_json_print(&out, "]}");
    return page_close(&out);
}

/* "policy": that of the match of which a history, `length` bytes of a file in the buffer, is the record; and if that
 * is the one that is solved, "match": this, as far as the file goes. DT_NO if the file has something else. */
const char *EXPORT(engine_follow)(size_t length)
{
    assert(engine.solution && length <= engine.room);
    page_begin();
    dt_history *history;
    dt_match *match = NULL;
    bool *held = dt_new(engine.answering, bool, dt_model_count(engine.model, DT_ACTORS));
    size_t policy;
    uint64_t seed;
    dt_status status =
        dt_history_parse(engine.model, "the file", engine.buffer, length, &page_options, &history);
    if (status == DT_OK)
        status = dt_match_read_code(engine.model, engine.solution->world->parameter,
                                    dt_history_note(history), &page_options, &policy, &seed, held);
    const bool known = status == DT_OK;
    if (known && (int)policy == engine.game->rules->policy) {
        const dt_match_how how = {.seed = seed, .held = held};
        status = dt_match_new(engine.solution, &how, &page_options, &match);
        if (status == DT_OK)
            status = dt_match_follow(match, history, &page_options);
    }
    dt_history_free(history);
    return answer_match(match, held, known ? (int)policy : DT_NONE, status);
}
