/*
 * Sheets for papers and pages: the columns of the CSV as a table in Markdown (GitHub's form) or LaTeX, numbers
 * with the digits that a terminal shows. What is best of its kind stands in bold; what lies within its own noise
 * has a tilde. Whatever a name holds, it comes out as text: what either language would read is escaped.
 */
#include <assert.h>
#include <string.h>

#include "sheet.h"

/* How one of the two writes. */
typedef struct paper {
    bool latex;
    const char *bold, *plain; /* around what is best */
} paper;

static const char *escape(const paper *p, char c)
{
    static const struct {
        char c;
        const char *markdown, *latex;
    } sign[] = {
        {'\\', "\\\\",  "\\textbackslash{}"  },
        {'|',  "\\|",   "|"                  },
        {'*',  "\\*",   "*"                  },
        {'_',  "\\_",   "\\_"                },
        {'`',  "\\`",   "`"                  },
        {'<',  "\\<",   "\\textless{}"       },
        {'>',  "\\>",   "\\textgreater{}"    },
        {'[',  "\\[",   "{[}"                },
        {']',  "\\]",   "{]}"                },
        {'#',  "\\#",   "\\#"                },
        {'~',  "\\~",   "\\textasciitilde{}" },
        {'&',  "&amp;", "\\&"                },
        {'%',  "%",     "\\%"                },
        {'$',  "\\$",   "\\$"                },
        {'{',  "{",     "\\{"                },
        {'}',  "}",     "\\}"                },
        {'^',  "^",     "\\textasciicircum{}"},
        {'\n', " ",     " "                  },
        {'\r', " ",     " "                  },
    };
    for (size_t i = 0; i < sizeof sign / sizeof *sign; i++) {
        if (sign[i].c == c)
            return p->latex ? sign[i].latex : sign[i].markdown;
    }
    return NULL;
}

static void print_text(const paper *p, const char *text)
{
    for (; *text; text++) {
        const char *as = escape(p, *text);
        if (as)
            fputs(as, stdout);
        else
            putchar(*text);
    }
}

static bool stands(const cli_column *column)
{
    return column->kind != CLI_HIDDEN;
}

static void print_divider(const paper *p, bool first)
{
    fputs(p->latex ? (first ? "" : " & ") : first ? "| " : " | ", stdout);
}

static void print_row_end(const paper *p)
{
    puts(p->latex ? " \\\\" : " |");
}

static bool is_number(const cli_sheet *sheet, size_t column)
{
    for (size_t r = 0; r < sheet->rows; r++) {
        const cli_cell_kind kind = sheet->row[r].cell[column].kind;
        if (kind != CLI_NOTHING)
            return kind != CLI_WORDS;
    }
    return false;
}

static void print_head(const paper *p, const cli_sheet *sheet)
{
    bool first = true;
    for (size_t c = 0; c < sheet->columns; c++) {
        if (!stands(&sheet->column[c]))
            continue;
        print_divider(p, first);
        print_text(p, sheet->column[c].head ? sheet->column[c].head : sheet->column[c].key);
        first = false;
    }
    print_row_end(p);
}

/* The columns' alignment: numbers to the right. */
static void print_alignment(const paper *p, const cli_sheet *sheet)
{
    fputs(p->latex ? "\\begin{tabular}{" : "|", stdout);
    for (size_t c = 0; c < sheet->columns; c++) {
        if (!stands(&sheet->column[c]))
            continue;
        const bool right = is_number(sheet, c);
        fputs(p->latex ? (right ? "r" : "l") : right ? " --: |" : " :-- |", stdout);
    }
    puts(p->latex ? "}" : "");
}

static void print_rows(const paper *p, const cli_sheet *sheet)
{
    for (size_t r = 0; r < sheet->rows; r++) {
        bool first = true;
        for (size_t c = 0; c < sheet->columns; c++) {
            const cli_cell *cell = &sheet->row[r].cell[c];
            if (!stands(&sheet->column[c]))
                continue;
            print_divider(p, first);
            fputs(cell->marked ? p->bold : "", stdout);
            print_text(p, cli_cell_shown(sheet, r, c));
            fputs(cell->marked ? p->plain : "", stdout);
            print_text(p, cell->noisy ? "~" : "");
            first = false;
        }
        print_row_end(p);
    }
}

/* Sentences, each a paragraph, or one after the other in a caption. */
static void print_sentences(const paper *p, const cli_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        fputs(p->latex ? " " : "\n", stdout);
        print_text(p, texts->at[i]);
        fputs(p->latex ? "" : "\n", stdout);
    }
}

static void print_markdown(const cli_sheet *sheet, const cli_texts *before)
{
    const paper p = {false, "**", "**"};
    fputs("**", stdout);
    print_text(&p, sheet->title ? sheet->title : sheet->name);
    puts("**\n");
    print_head(&p, sheet);
    print_alignment(&p, sheet);
    print_rows(&p, sheet);
    print_sentences(&p, before);
    print_sentences(&p, &sheet->notes);
}

static void print_latex(const cli_sheet *sheet, const cli_texts *before)
{
    const paper p = {true, "\\textbf{", "}"};
    puts("\\begin{table}\n\\centering");
    fputs("\\caption{", stdout);
    print_text(&p, sheet->title ? sheet->title : sheet->name);
    putchar('.');
    print_sentences(&p, before);
    print_sentences(&p, &sheet->notes);
    puts("}");
    print_alignment(&p, sheet);
    puts("\\hline");
    print_head(&p, sheet);
    puts("\\hline");
    print_rows(&p, sheet);
    puts("\\hline\n\\end{tabular}\n\\end{table}");
}

void cli_sheet_print_paper(const cli_sheet *sheet, const cli_texts *before, bool latex)
{
    assert(sheet->rows > 0);
    if (latex)
        print_latex(sheet, before);
    else
        print_markdown(sheet, before);
}
