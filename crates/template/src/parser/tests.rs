use super::*;

#[track_caller]
fn refused(text: &str, expected: &str) {
    let error = parse("t", text).unwrap_err().to_string();
    assert_eq!(error, format!("template: t:{expected}"), "{text}");
}

#[test]
fn malformed_templates_are_refused_in_gos_words() {
    refused("{{", "1: unclosed action");
    refused("a\n{{.X", "2: unclosed action");
    refused("{{if .X}}a", "1: unexpected EOF");
    refused("a{{end}}", "1: unexpected {{end}}");
    refused("a{{else}}", "1: unexpected {{else}}");
    refused(
        "{{if .X}}{{else}}{{else}}{{end}}",
        "1: expected end; found {{else}}",
    );
    refused("{{}}", "1: missing value for command");
    refused("{{if}}{{end}}", "1: missing value for if");
    refused("{{. | 3}}", "1: non executable command in pipeline stage 2");
    refused("{{nope .}}", "1: function \"nope\" not defined");
    refused("{{$x}}", "1: undefined variable \"$x\"");
    refused(
        "{{if .X}}{{$x := 1}}{{end}}{{$x}}",
        "1: undefined variable \"$x\"",
    );
    refused("{{break}}", "1: {{break}} outside {{range}}");
    refused("{{$a, $b := .}}", "1: too many declarations in command");
    refused(
        "{{range $a, 3}}{{end}}",
        "1: range can only initialize variables",
    );
    refused("{{true.x}}", "1: unexpected . after term \"true\"");
    refused("{{template .X}}", "1: unexpected \".X\" in template clause");
    refused("{{.X , .Y}}", "1: unexpected \",\" in operand");
    refused(
        "{{if .X}}{{define \"a\"}}{{end}}{{end}}",
        "1: unexpected <define> in command",
    );
    refused("{{\n.X\n", "3: unclosed action started at t:1");
    refused(
        "{{define \"a\"}}1{{end}}{{define \"a\"}}2{{end}}",
        "1: template: multiple definition of template \"a\"",
    );
}

#[test]
fn depth_is_bounded() {
    let parens = format!("{{{{ {}1{} }}}}", "(".repeat(500), ")".repeat(500));
    refused(&parens, "1: max expression depth exceeded");
    refused(&"{{if 1}}".repeat(500), "1: max expression depth exceeded");
    let chain = format!("{{{{if 1}}}}{}{{{{end}}}}", "{{else if 1}}".repeat(500));
    refused(&chain, "1: max expression depth exceeded");
}
