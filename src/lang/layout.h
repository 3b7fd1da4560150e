/*
 * The canonical layout: from tokens and comments to lines (layout.c), and from lines to text with
 * their columns aligned (columns.c). It depends on the tokens, the comments and the blank lines
 * between statements, and on nothing else of how the text was written.
 */
#ifndef DT_LANG_LAYOUT_H
#define DT_LANG_LAYOUT_H

#include "lang/token.h"

enum { DT_LAYOUT_WIDTH = 100, DT_LAYOUT_INDENT = 2 };

/* Where a column begins in a line. Lines of one kind have the same columns, some left empty. */
typedef struct dt_cell {
    uint32_t offset; /* from the beginning of the line's text */
    int slot;        /* which column, from 1 */
    int column;      /* where it is written, from the line's indentation on (columns.c) */
} dt_cell;

typedef struct dt_line {
    size_t at, length; /* its text, in dt_layout.text; length 0: only a comment, under another */
    int indent;
    bool blank;       /* an empty line stands before it */
    int kind;         /* lines of one kind that follow each other are aligned; 0: none */
    size_t cell;      /* first of its cells in dt_layout.cell */
    size_t cells;     /* in the order of the text */
    dt_slice comment; /* at the end of the line; in the source */
} dt_line;

typedef struct dt_layout {
    dt_text text;
    dt_list(dt_line) line;
    dt_list(dt_cell) cell;
} dt_layout;

/* The lines of a text that was parsed without errors. */
void dt_layout_make(dt_arena *arena, const dt_source *source, const dt_tokens *tokens,
                    dt_layout *layout);

/* Aligns the lines and writes them; false if `write` couldn't. */
bool dt_layout_write(dt_arena *arena, dt_layout *layout, dt_write *write, void *context);

/* Characters in a piece of checked text. */
int dt_width(const char *text, size_t length);

#endif
