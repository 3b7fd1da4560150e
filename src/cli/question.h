/*
 * Questions put to a study: what compare, discover, sensitivity and diagnose share.
 */
#ifndef DT_CLI_QUESTION_H
#define DT_CLI_QUESTION_H

#include "detente_study.h"
#include "sheet.h"

/* A study read, with the outcomes and the policies that the line asks for. */
typedef struct cli_question {
    const cli_line *line;
    dt_options options;
    dt_study *study;
    const dt_study_data *data;
    const dt_model *model;
    size_t outcomes, policies; /* 0: not asked for */
    size_t *outcome;           /* [outcomes] of the model */
    size_t *policy;            /* [policies] as dt_study_data counts them */
    cli_answer *answer;
} cli_question;

/* On any status but DT_OK all was told and nothing is held. */
dt_status cli_question_open(cli_question *question, const cli_line *line);
void cli_question_close(cli_question *question);

/* Names, by the numbers that the library uses. */
const char *cli_outcome_name(const cli_question *question, size_t outcome);
/* "war: War within the horizon (less is better)" */
const char *cli_outcome_heading(const cli_question *question, size_t outcome);
const char *cli_policy_name(const cli_question *question, size_t policy);
/* What a policy is called in words: its description, or its name if it has none. */
const char *cli_policy_words(const cli_question *question, size_t policy);
const char *cli_parameter_name(const cli_question *question, size_t parameter);
/* "judgement", the source's name, or NULL. */
const char *cli_source_of(const cli_question *question, size_t parameter);

/* Reads criteria such as those of --where. False, told, if one is wrong. */
bool cli_read_criteria(const cli_question *question, const cli_texts *texts,
                       dt_criterion **criteria);
/* "war > 0.05 and deals < 0.1" as they were given. */
const char *cli_join(const cli_texts *texts, const char *between);

/* Says which worlds the answer rests on, above the tables and in JSON, and which are left out. */
void cli_say_basis(const cli_question *question, const dt_basis *basis);

/* Limits of a box as a sentence has them: "p_test is at most 0.52, sting lies between 0.2 and 0.4". */
const char *cli_limits_in_words(const dt_model *model, const dt_box *box);

/* A share in 0 … 1 given as a text; `fallback` if it is NULL. False, told, if it is none. */
bool cli_read_share(const char *text, const char *option, double fallback, double *share);

/* "1 world", "3 worlds". */
const char *cli_plural(size_t count, const char *one, const char *many);

#endif
