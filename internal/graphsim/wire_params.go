package graphsim

import (
	"bytes"
	"encoding/json"
	"maps"
	"mime"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
)

// params are the parameters of one call. Graph takes them from the query and from a
// form, multipart or JSON body. Lists and maps are JSON text.
type params struct {
	query url.Values // of the URL; paging links repeat them
	form  url.Values // of the body
}

// maxBody is how many bytes of a request body are read.
const maxBody = 16 << 20

// readParams reads the parameters of a request. A body that does not have the form of
// its content type is an error. Without a content type it is a form.
func readParams(query url.Values, contentType string, body []byte) (params, *apiError) {
	p := params{query: query, form: url.Values{}}
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return p, nil
	}
	media, args, _ := mime.ParseMediaType(contentType)
	switch {
	case media == "application/json" || (media == "" && (body[0] == '{' || body[0] == '[')):
		return p, p.addJSON(body)
	case media == "multipart/form-data":
		return p, p.addMultipart(body, args["boundary"])
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return p, errParam("Invalid form body")
	}
	p.form = form
	return p, nil
}

// addJSON turns a JSON body into parameters: scalars become text, lists and maps stay
// JSON text. A body that is a list is a batch.
func (p params) addJSON(body []byte) *apiError {
	if body[0] == '[' {
		if !json.Valid(body) {
			return errParam("Invalid JSON in the request body")
		}
		p.form.Set("batch", string(body))
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return errParam("Invalid JSON in the request body")
	}
	for name, raw := range fields {
		if text, ok := scalarText(raw); ok {
			p.form.Set(name, text)
		}
	}
	return nil
}

// scalarText returns a JSON value as the text of a parameter. A null is not a
// parameter.
func scalarText(raw json.RawMessage) (string, bool) {
	if string(raw) == "null" {
		return "", false
	}
	var s string
	if raw[0] == '"' && json.Unmarshal(raw, &s) == nil {
		return s, true
	}
	return string(raw), true
}

// addMultipart takes the text parts. The simulated calls have no files.
func (p params) addMultipart(body []byte, boundary string) *apiError {
	form, err := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(maxBody)
	if err != nil {
		return errParam("Invalid multipart body")
	}
	maps.Copy(p.form, form.Value)
	_ = form.RemoveAll() // removes files that did not fit into memory; there are none
	return nil
}

// get returns a parameter. The body wins over the query.
func (p params) get(name string) string {
	if v, ok := p.form[name]; ok && len(v) > 0 {
		return v[len(v)-1]
	}
	return p.query.Get(name)
}

func (p params) has(name string) bool {
	return p.form.Has(name) || p.query.Has(name)
}

// boolean reads true as Graph does: "true" or "1".
func (p params) boolean(name string) bool {
	v, _ := parseBool(p.get(name))
	return v
}

func parseBool(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "1":
		return true, true
	case "false", "0", "":
		return false, true
	}
	return false, false
}

// list reads a list parameter. Graph takes JSON text, the single quotes of Meta's
// samples, the bracketed names of PHP clients (tasks[0]=, tasks[]=), and words with
// commas between them.
func (p params) list(name string) []string {
	text := p.get(name)
	if text == "" {
		return p.bracketed(name)
	}
	if list, ok := jsonList(text); ok {
		return list
	}
	var list []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			list = append(list, word)
		}
	}
	return list
}

// bracketed reads the bracketed names of PHP clients, with or without numbers.
func (p params) bracketed(name string) []string {
	var list []string
	for _, values := range []url.Values{p.query, p.form} {
		list = append(list, values[name+"[]"]...)
		for i := 0; ; i++ {
			v, ok := values[name+"["+strconv.Itoa(i)+"]"]
			if !ok {
				break
			}
			list = append(list, v...)
		}
	}
	return list
}

// jsonList reads a JSON list of scalars. It also takes the single quotes of Meta's
// guides.
func jsonList(text string) ([]string, bool) {
	if !strings.HasPrefix(strings.TrimSpace(text), "[") {
		return nil, false
	}
	var raw []json.RawMessage
	if json.Unmarshal([]byte(text), &raw) != nil &&
		json.Unmarshal([]byte(strings.ReplaceAll(text, "'", `"`)), &raw) != nil {
		return nil, false
	}
	list := []string{}
	for _, r := range raw {
		if s, ok := scalarText(r); ok {
			list = append(list, s)
		}
	}
	return list, true
}

// check compares the parameters with the table of a route, as Graph does first: missing
// parameters, then wrong forms. It ignores names that the table does not have.
func (p params) check(table []Param) *apiError {
	for _, t := range table {
		if t.Required && p.get(t.Name) == "" && len(p.bracketed(t.Name)) == 0 {
			return errMissing(t.Name)
		}
	}
	for _, t := range table {
		if p.get(t.Name) == "" && len(p.bracketed(t.Name)) == 0 {
			continue
		}
		if err := p.checkType(t); err != nil {
			return err
		}
	}
	return nil
}

// checkType compares one parameter with its row. Ids count as strings here; the action
// checks what they name.
func (p params) checkType(t Param) *apiError {
	text := p.get(t.Name)
	switch t.Type {
	case "int", "unsigned int":
		if n, err := strconv.ParseInt(text, 10, 64); err != nil || (n < 0 && t.Type != "int") {
			return errParam("Param %s must be an integer", t.Name)
		}
	case "bool":
		if _, ok := parseBool(text); !ok {
			return errParam("Param %s must be a boolean", t.Name)
		}
	case "map":
		if !json.Valid([]byte(text)) || !strings.HasPrefix(strings.TrimSpace(text), "{") {
			return errParam("Param %s must be a valid JSON object", t.Name)
		}
	case "list<string>":
		return p.checkList(t)
	}
	if !t.allows(text) {
		return errParam("Param %s must be one of {%s} - got %q.", t.Name, strings.Join(t.Enum, ", "), text)
	}
	return nil
}

// checkList compares the elements of a list parameter with its row.
func (p params) checkList(t Param) *apiError {
	text := p.get(t.Name)
	if _, ok := jsonList(text); !ok && text != "" {
		return errParam("Param %s must be an array.", t.Name)
	}
	for i, v := range p.list(t.Name) {
		if !t.allows(v) {
			return errParam("Param %s[%d] must be one of {%s} - got %q.", t.Name, i, strings.Join(t.Enum, ", "), v)
		}
	}
	return nil
}

// setBool and setText change a value only if the parameter was sent.
func setBool(p params, name string, to *bool) {
	if p.has(name) {
		*to = p.boolean(name)
	}
}

func setText(p params, name string, to *string) {
	if v := p.get(name); v != "" {
		*to = v
	}
}
