/*
 * How the tree is put together, and the pieces that many rules share: names, numbers, values,
 * ranges, clauses, descriptions, citations. A node's place goes from its first token to its last.
 */
#include <assert.h>

#include "lang/parser.h"

/* ---- nodes ----------------------------------------------------------------------------------- */

dt_syntax *dt_parser_node(dt_parser *p, dt_syntax_kind kind)
{
    dt_syntax *node = dt_new(p->arena, dt_syntax, 1);
    node->kind = kind;
    node->place = p->token[p->at].place;
    return node;
}

dt_syntax *dt_parser_node_around(dt_parser *p, dt_syntax_kind kind, dt_syntax *first)
{
    dt_syntax *node = dt_parser_node(p, kind);
    if (first)
        node->place = first->place;
    dt_parser_add(node, first);
    return node;
}

void dt_parser_add(dt_syntax *parent, dt_syntax *child)
{
    if (!child)
        return;
    assert(!child->next && child != parent);
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

dt_syntax *dt_parser_close(dt_parser *p, dt_syntax *node)
{
    if (p->at > 0) {
        dt_place last = p->token[p->at - 1].place;
        uint32_t end = last.offset + last.length;
        if (end > node->place.offset)
            node->place.length = end - node->place.offset;
    }
    return node;
}

dt_syntax *dt_syntax_child(const dt_syntax *node, dt_syntax_kind kind, int n)
{
    assert(n >= 0);
    for (dt_syntax *child = node->first; child; child = child->next) {
        if (child->kind == kind && n-- == 0)
            return child;
    }
    return NULL;
}

/* ---- pieces that many rules use -------------------------------------------------------------- */

/* Takes the next token as the text of a node. */
static void take_text(dt_parser *p, dt_syntax *node, dt_naming naming)
{
    node->text = dt_parser_text(p);
    node->name_place = p->token[p->at].place;
    dt_parser_take_as(p, naming);
}

void dt_parser_name(dt_parser *p, dt_syntax *node, dt_naming naming)
{
    if (dt_parser_next(p) != DT_TOKEN_NAME || dt_word_is_reserved(dt_parser_text(p))) {
        dt_parser_wanted(p, dt_naming_shown(naming), NULL);
        return;
    }
    take_text(p, node, naming);
}

void dt_parser_action_name(dt_parser *p, dt_syntax *node, dt_naming naming)
{
    assert(naming == DT_NAMING_ACTION || naming == DT_NAMING_AN_ACTION);
    if (dt_parser_reads(p, "yes") || dt_parser_reads(p, "no"))
        take_text(p, node, naming);
    else
        dt_parser_name(p, node, naming);
}

dt_syntax *dt_parse_name(dt_parser *p, dt_naming naming)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_NAME);
    dt_parser_name(p, node, naming);
    return dt_parser_close(p, node);
}

void dt_parse_names(dt_parser *p, dt_syntax *parent, dt_naming naming)
{
    do {
        dt_parser_add(parent, dt_parse_name(p, naming));
    } while (dt_parser_accept(p, DT_TOKEN_COMMA));
    if (dt_parser_reads(p, "and") || dt_parser_next(p) == DT_TOKEN_PLUS)
        dt_parser_wanted(p, "','", "names are set apart by commas");
}

dt_syntax *dt_parse_number(dt_parser *p)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_NUMBER);
    bool minus = dt_parser_next(p) == DT_TOKEN_MINUS;
    if (minus || dt_parser_next(p) == DT_TOKEN_PLUS) {
        dt_parser_mark(p, DT_TIGHT_AFTER);
        dt_parser_take(p);
    }
    if (dt_parser_next(p) != DT_TOKEN_NUMBER) {
        dt_parser_wanted(p, "a number", NULL);
        return node;
    }
    dt_slice text = dt_parser_text(p);
    size_t length = dt_read_number(text.at, text.length, &node->number);
    assert(length == text.length || (length + 1 == text.length && text.at[length] == '%'));
    if (length < text.length)
        node->number /= 100;
    if (minus)
        node->number = -node->number;
    dt_parser_take(p);
    dt_parser_close(p, node);
    node->text = (dt_slice){p->source->text + node->place.offset, node->place.length};
    node->name_place = node->place;
    return node;
}

dt_syntax *dt_parse_value(dt_parser *p)
{
    if (dt_parser_at_word(p, "yes") || dt_parser_at_word(p, "no")) {
        bool yes = dt_parser_at_word(p, "yes");
        dt_syntax *node = dt_parser_node(p, yes ? DT_SYNTAX_YES : DT_SYNTAX_NO);
        take_text(p, node, DT_NAMING_WORD);
        return dt_parser_close(p, node);
    }
    dt_token_kind next = dt_parser_next(p);
    if (next == DT_TOKEN_NUMBER || next == DT_TOKEN_MINUS || next == DT_TOKEN_PLUS)
        return dt_parse_number(p);
    return dt_parse_name(p, DT_NAMING_A_VALUE);
}

dt_syntax *dt_parse_range(dt_parser *p, bool tight)
{
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_RANGE);
    dt_parser_add(node, dt_parse_number(p));
    if (tight)
        dt_parser_mark(p, DT_TIGHT_BEFORE | DT_TIGHT_AFTER);
    dt_parser_expect(p, DT_TOKEN_RANGE, NULL);
    dt_parser_add(node, dt_parse_number(p));
    return dt_parser_close(p, node);
}

dt_syntax *dt_parse_reference(dt_parser *p, dt_syntax_kind kind, dt_naming naming)
{
    dt_syntax *node = dt_parser_node(p, kind);
    dt_parser_take(p);
    dt_parser_name(p, node, naming);
    return dt_parser_close(p, node);
}

void dt_parser_once(dt_parser *p, dt_syntax **slot, dt_syntax *piece, const char *what)
{
    if (*slot && !p->failed)
        dt_complain(p->diagnostics, DT_GIVEN_TWICE, piece->place, what);
    else
        *slot = piece;
}

bool dt_parse_description(dt_parser *p, dt_syntax **string)
{
    if (dt_parser_next(p) != DT_TOKEN_STRING)
        return false;
    dt_slice text = dt_parser_text(p);
    assert(text.length >= 2 && text.at[0] == '"' && text.at[text.length - 1] == '"');
    dt_syntax *node = dt_parser_node(p, DT_SYNTAX_STRING);
    node->text = (dt_slice){text.at + 1, text.length - 2};
    node->name_place = node->place;
    dt_parser_take(p);
    dt_parser_once(p, string, node, "the description");
    return true;
}

bool dt_parse_citation(dt_parser *p, dt_syntax **citation)
{
    dt_syntax *node = NULL;
    if (dt_parser_at_word(p, "cite")) {
        node = dt_parse_reference(p, DT_SYNTAX_CITE, DT_NAMING_CITED);
    } else if (dt_parser_at_word(p, "judgement")) {
        node = dt_parser_node(p, DT_SYNTAX_JUDGEMENT);
        dt_parser_take(p);
    } else {
        return false;
    }
    dt_parser_once(p, citation, node, "the source");
    return true;
}
