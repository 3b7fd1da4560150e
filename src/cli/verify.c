/*
 * detente verify: sets the solver's certificate beside the one that separate code computes from the
 * strategy alone, and says whether the two agree and the residual is small; with private variables
 * whether types' shares are what is believed of them, too.
 */
#include "cli.h"

#include <jansson.h>

static json_t *as_json(const dt_model *model, const dt_certificate *certificate, bool beliefs)
{
    json_t *gaps = json_object(), *values = json_object(), *object = json_object();
    for (size_t a = 0; a < dt_model_count(model, DT_ACTORS); a++) {
        const char *name = dt_model_item(model, DT_ACTORS, a);
        json_object_set_new(gaps, name, cli_json_number(certificate->gap[a]));
        json_object_set_new(values, name, cli_json_number(certificate->value[a]));
    }
    json_object_set_new(object, "residual", cli_json_number(certificate->residual));
    if (beliefs)
        json_object_set_new(object, "calibration", cli_json_number(certificate->calibration));
    json_object_set_new(object, "gaps", gaps);
    json_object_set_new(object, "values", values);
    return object;
}

static void print_table(const dt_model *model, const char *policy, const dt_certificate *solver,
                        const dt_certificate *verifier, bool beliefs)
{
    cli_table table;
    cli_table_start(&table, 2);
    table.head[0] = "solver";
    table.head[1] = "verifier";
    cli_table_heading(&table, cli_print("policy %s", policy));
    cli_table_errors(&table, "  residual", (double[]){solver->residual, verifier->residual});
    if (beliefs)
        cli_table_errors(&table, "  calibration",
                         (double[]){solver->calibration, verifier->calibration});
    for (size_t a = 0; a < dt_model_count(model, DT_ACTORS); a++) {
        const char *name = dt_model_item(model, DT_ACTORS, a);
        cli_table_numbers(&table, cli_print("  value of %s", name),
                          (double[]){solver->value[a], verifier->value[a]}, 0);
        cli_table_numbers(&table, cli_print("  gap of %s", name),
                          (double[]){solver->gap[a], verifier->gap[a]}, 0);
    }
    cli_table_print(&table);
}

/* What isn't solved has no certificate: this is all there is to say of it. */
static void print_unsolved(const char *policy, const cli_unsolved *unsolved, json_t *policies)
{
    if (policies) {
        json_object_set_new(policies, policy,
                            json_pack("{s:b, s:s, s:n, s:n, s:n, s:b}", "solved", 0, "reason",
                                      unsolved->reason, "solver", "verifier", "difference", "agree",
                                      0));
        return;
    }
    cli_print_wrapped("", cli_print("policy %s isn't solved: %s", policy, unsolved->reason), 0);
    putchar('\n');
}

/* One policy: its verdict goes into `policies`, or is printed. */
static dt_status verify_policy(const cli_session *session, size_t policy, json_t *policies)
{
    const dt_model *model = session->model;
    const char *name = dt_model_item(model, DT_POLICIES, policy);
    cli_play play;
    dt_status status = cli_play_policy(session, policy, &play);
    if (!play.solution)
        return status;
    const cli_unsolved unsolved = cli_take_down(play.solution);
    if (unsolved.reason) {
        cli_tell_unsolved(session, policy, &unsolved);
        print_unsolved(name, &unsolved, policies);
        cli_play_free(&play);
        return status;
    }
    dt_certificate verified;
    dt_status told = dt_verify(play.solution, &session->options, &verified);
    cli_progress_end();
    if (told == DT_OK || told == DT_NO) {
        double far;
        const bool beliefs = dt_solution_points(play.solution) > 0;
        const dt_confirmation confirmed =
            dt_certificate_confirm(model, &play.certificate, &verified, &far);
        if (confirmed != DT_CONFIRMED)
            told = DT_NO;
        if (policies) {
            json_t *object = json_object();
            json_object_set_new(object, "solved", json_true());
            json_object_set_new(object, "solver", as_json(model, &play.certificate, beliefs));
            json_object_set_new(object, "verifier", as_json(model, &verified, beliefs));
            json_object_set_new(object, "difference", cli_json_number(far));
            json_object_set_new(object, "agree", json_boolean(confirmed == DT_CONFIRMED));
            json_object_set_new(policies, name, object);
        } else {
            print_table(model, name, &play.certificate, &verified, beliefs);
            cli_print_styled(confirmed == DT_CONFIRMED ? CLI_GOOD : CLI_BAD,
                             confirmed == DT_DISAGREES ? "DISAGREE" : "agree",
                             cli_print(": largest difference %.1e%s", far,
                                       confirmed == DT_MISSES_EQUATIONS
                                           ? ", and the residual is TOO LARGE"
                                           : ""));
            putchar('\n');
        }
    }
    cli_play_free(&play);
    return told > status ? told : status;
}

dt_status cli_run_verify(const cli_line *line)
{
    cli_session session;
    dt_status status = cli_open(&session, line);
    session.options.horizon_alone = false;
    if (status != DT_OK)
        return status;
    json_t *policies = line->json ? json_object() : NULL;
    for (size_t c = 0; c < session.policies && status <= DT_NO; c++) {
        dt_status one = verify_policy(&session, session.policy[c], policies);
        status = one > status ? one : status;
    }
    if (line->json && status <= DT_NO) {
        json_t *object = json_object();
        json_object_set_new(object, "model", json_string(dt_model_name(session.model)));
        json_object_set_new(object, "version", json_string(dt_version()));
        json_object_set(object, "policies", policies);
        dt_status printed = cli_json_print(object);
        status = printed == DT_OK ? status : printed;
    } else if (status <= DT_NO) {
        printf("%zu %s: %s\n", session.policies, session.policies == 1 ? "policy" : "policies",
               status == DT_OK ? "every certificate confirmed" : "NOT every certificate confirmed");
    }
    json_decref(policies);
    cli_close(&session);
    return status;
}
