package xlsform

import (
	"fmt"
	"strings"
)

// column is a header understood: "bind::jr:constraintMsg::French (fr)" is
// tokens [bind jr:constraintMsg French (fr)], and so is constraint_message::French (fr).
type column struct {
	index  int
	header string
	tokens []string
}

// vocabulary is what a kind of sheet calls its columns.
type vocabulary struct {
	// known columns keep their name; alias gives the tokens another name stands for.
	known func(string) bool
	alias func(string) []string
}

// columns understands the header row. Two headers for one thing are a problem.
func (v vocabulary) columns(s *Sheet, d *diagnoser) []column {
	double := false
	for _, h := range s.Header {
		double = double || strings.Contains(h, "::")
	}
	var out []column
	seen := map[string]string{}
	for i, h := range s.Header {
		if h == "" {
			continue
		}
		c := column{i, h, v.tokens(h, double)}
		key := strings.Join(c.tokens, "::")
		if other, dup := seen[key]; dup && c.tokens[0] != h {
			d.problem(s.Name, 1, h, "duplicate-column",
				fmt.Sprintf("The headers %q and %q mean the same column.", other, h),
				"Rename or delete one of them.")
			continue
		}
		seen[key] = h
		out = append(out, c)
	}
	return out
}

func (v vocabulary) tokens(h string, double bool) []string {
	if v.known(h) && v.alias(h) == nil {
		return []string{h}
	}
	snake := snakeCase(h)
	if v.known(snake) && v.alias(snake) == nil {
		return []string{snake}
	}
	tokens := splitHeader(h, double)
	first := snakeCase(tokens[0])
	if a := v.alias(first); a != nil {
		return append(append([]string(nil), a...), tokens[1:]...)
	}
	if v.known(first) {
		tokens[0] = first
	}
	return tokens
}

// splitHeader cuts at "::", or at ":" in the manner of old forms when no header
// of the sheet has "::"; a lone jr is the prefix of what follows it.
func splitHeader(h string, double bool) []string {
	sep := ":"
	if double || strings.Contains(h, "::") {
		sep = "::"
	}
	parts := strings.Split(h, sep)
	var tokens []string
	for i := 0; i < len(parts); i++ {
		p := strings.TrimSpace(parts[i])
		if sep == ":" && p == "jr" && i+1 < len(parts) {
			i++
			p = "jr:" + strings.TrimSpace(parts[i])
		}
		tokens = append(tokens, p)
	}
	return tokens
}

func snakeCase(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "_")) }

func surveyVocabulary() vocabulary {
	return vocabulary{known: isSurveyColumn, alias: surveyAlias}
}

func isSurveyColumn(c string) bool {
	switch c {
	case "name", "label", "type", "hint", "guidance_hint", "default", "bind", "control", "media",
		"instance", "parameters", "choice_filter", "trigger", "query", "itemset", "choices",
		"list_name", "sms_field", "actions":
		return true
	}
	return false
}

func surveyAlias(c string) []string {
	switch c {
	case "compact_tag":
		return []string{"instance", "odk:tag"}
	case "read_only", "readonly":
		return []string{"bind", "readonly"}
	case "relevant", "relevance":
		return []string{"bind", "relevant"}
	case "required", "constraint":
		return []string{"bind", c}
	case "calculation", "calculate":
		return []string{"bind", "calculate"}
	case "constraining_message", "constraint_message":
		return []string{"bind", "jr:constraintMsg"}
	case "requiredmsg", "required_message":
		return []string{"bind", "jr:requiredMsg"}
	case "noapperrorstring", "no_app_error_string":
		return []string{"bind", "jr:noAppErrorString"}
	case "save_to":
		return []string{"bind", saveTo}
	case "caption":
		return []string{"label"}
	case "command":
		return []string{"type"}
	case "tag", "value":
		return []string{"name"}
	case "image", "big-image", "audio", "video":
		return []string{"media", c}
	case "appearance", "autoplay", "rows":
		return []string{"control", c}
	case "count", "repeat_count", "jr:count":
		return []string{"control", "jr:count"}
	case "body":
		return []string{"control"}
	}
	return nil
}

func choicesVocabulary() vocabulary {
	return vocabulary{
		known: func(c string) bool {
			switch c {
			case "name", "label", "media", "sms_option":
				return true
			}
			return false
		},
		alias: func(c string) []string {
			switch c {
			case "caption":
				return []string{"label"}
			case "list_name":
				return []string{listName}
			case "value":
				return []string{"name"}
			case "image", "big-image", "audio", "video":
				return []string{"media", c}
			}
			return nil
		},
	}
}

func settingsVocabulary() vocabulary {
	return vocabulary{
		known: func(c string) bool {
			switch c {
			case "name", "title", "id_string", "version", "default_language", "style", "namespaces",
				"instance_name", "instance_xmlns", "omit_instanceID", "public_key", "submission_url",
				"auto_send", "auto_delete", "client_editable", "allow_choice_duplicates",
				"clean_text_values", "attribute", "prefix", "delimiter", "add_none_option",
				"sms_keyword", "sms_separator", "sms_allow_media", "sms_date_format",
				"sms_datetime_format", "sms_response", "label", "bind", "control", "instance", "flat":
				return true
			}
			return false
		},
		alias: func(c string) []string {
			switch c {
			case "form_title", "set_form_title":
				return []string{"title"}
			case "form_id", "set_form_id":
				return []string{"id_string"}
			}
			return nil
		},
	}
}

func entitiesVocabulary() vocabulary {
	return vocabulary{
		known: isEntityColumn,
		alias: func(c string) []string {
			if c == "list_name" {
				return []string{"dataset"}
			}
			return nil
		},
	}
}

func isEntityColumn(c string) bool {
	switch c {
	case "dataset", "entity_id", "create_if", "update_if", "label":
		return true
	}
	return false
}

const (
	listName = "list name"
	saveTo   = "entities:saveto"
)

// hasColumn reports whether any header means this column.
func hasColumn(cols []column, token string) bool {
	for _, c := range cols {
		if c.tokens[0] == token {
			return true
		}
	}
	return false
}

// cleanText makes typographic quotes plain, which expressions need, and runs of
// blanks one where that is wanted.
func cleanText(s string, blanks bool) string {
	if blanks && strings.Contains(s, "  ") {
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			if s[i] != ' ' || i == 0 || s[i-1] != ' ' {
				b.WriteByte(s[i])
			}
		}
		s = b.String()
	}
	if strings.Contains(s, "\xe2\x80") {
		s = strings.NewReplacer("\u2018", "'", "\u2019", "'", "\u201c", `"`, "\u201d", `"`).Replace(s)
	}
	return s
}
