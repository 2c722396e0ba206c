package redact

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Mark stands in the place of a secret.
const Mark = "[redacted]"

// Text returns the text without the secrets, in the forms in which a text may
// quote them: plain, as they stand in a URL, and as they stand in JSON.
func Text(text string, secrets ...string) string {
	var forms []string
	for _, secret := range secrets {
		forms = AddForms(forms, secret)
	}
	return Replace(text, forms)
}

// Replace puts Mark in the place of each form.
func Replace(text string, forms []string) string {
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, Mark)
	}
	return text
}

// AddForms appends the forms of a secret that are not in forms yet. Most secrets
// look the same in all of them. An app's token ends in the app's secret, which
// may be quoted alone.
func AddForms(forms []string, secret string) []string {
	if secret == "" {
		return forms
	}
	for _, form := range [...]string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.ReplaceAll(secret, "/", `\/`), jsonEscaped(secret)} {
		if !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	_, inner, _ := strings.Cut(secret, "|")
	return AddForms(forms, inner)
}

func jsonEscaped(text string) string {
	quoted, _ := json.Marshal(text) // a string is always marshalled
	return string(bytes.Trim(quoted, `"`))
}
