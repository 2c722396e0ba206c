package graphsim

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
)

func templateActions() []*action {
	return []*action{
		{method: "POST", node: kWABA, edge: "message_templates", do: createTemplate, params: []Param{
			{Name: "name", Type: "string", Required: true}, {Name: "language", Type: "string", Required: true},
			{Name: "category", Type: "string", Required: true, Enum: templateCategories}, {Name: "components", Type: "list<string>"},
			{Name: "parameter_format", Type: "string", Enum: []string{"NAMED", "POSITIONAL", "named", "positional"}}, {Name: "message_send_ttl_seconds", Type: "int"},
			{Name: "allow_category_change", Type: "bool"}}},
		{method: "DELETE", node: kWABA, edge: "message_templates", do: deleteTemplates, params: []Param{
			{Name: "name", Type: "string"}, {Name: "hsm_id", Type: "string"}, {Name: "hsm_ids", Type: "csv"}}},
		{method: "POST", node: kTemplate, do: editTemplate, params: []Param{
			{Name: "category", Type: "string", Enum: templateCategories}, {Name: "components", Type: "list<string>"}, {Name: "message_send_ttl_seconds", Type: "int"}}},
	}
}

var (
	templateCategories = []string{"AUTHENTICATION", "MARKETING", "UTILITY"}
	templateFilters    = []Param{{Name: "name", Type: "string"}, {Name: "language", Type: "csv"}, {Name: "category", Type: "csv"}, {Name: "status", Type: "csv"},
		{Name: "content", Type: "string"}, {Name: "name_or_content", Type: "string"}, {Name: "quality_score", Type: "csv"}}
	templateName = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)
)

// templateLimit is how many templates an account can have, according to Meta's error
// page.
const templateLimit = 250

// createTemplate makes a template that is under review. A name exists once in each
// language.
func createTemplate(c *call) (any, *apiError) {
	w := c.node.(*waba)
	if err := c.manages(w, "MANAGE_TEMPLATES"); err != nil {
		return nil, err
	}
	p := c.params
	if !templateName.MatchString(p.get("name")) {
		return nil, errBlame("name", "Param name must consist of at most 512 lower-case letters, digits and underscores")
	}
	for _, id := range w.templates {
		if t := c.sim.st.templates[id]; t.name == p.get("name") && t.language == p.get("language") {
			return nil, errUser(2388024, "Content in This Language Already Exists", "There is already content in this language for this template.")
		}
	}
	if len(w.templates) >= templateLimit {
		return nil, errUser(2388019, "Message Template Limit Exceeded", "The WhatsApp Business Account has reached its limit of message templates.")
	}
	components, err := templateComponents(p.get("components"))
	if err != nil {
		return nil, err
	}
	format := strings.ToUpper(p.get("parameter_format"))
	if format == "" {
		format = "POSITIONAL"
	}
	t := &template{id: c.sim.newID(kTemplate), waba: w.id, name: p.get("name"), language: p.get("language"), status: "PENDING",
		category: p.get("category"), format: format, components: components}
	c.sim.st.templates[t.id] = t
	w.templates = slices.Insert(slices.Clone(w.templates), 0, t.id)
	c.target = t
	return obj{{"id", t.id}, {"status", t.status}, {"category", t.category}}, nil
}

// templateComponents reads the components and checks their lengths.
func templateComponents(text string) ([]any, *apiError) {
	if text == "" {
		return nil, nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var list []any
	if d.Decode(&list) != nil {
		return nil, errParam("Param components must be an array.")
	}
	for _, c := range list {
		m, ok := c.(map[string]any)
		if !ok {
			return nil, errParam("Param components must be an array of objects.")
		}
		body, _ := m["text"].(string)
		kind, _ := m["type"].(string)
		if limit := map[string]int{"BODY": 1024, "FOOTER": 60}[strings.ToUpper(kind)]; limit > 0 && len([]rune(body)) > limit {
			return nil, errUser(2388040, "Character Limit Exceeded", "The "+strings.ToLower(kind)+" is too long.")
		}
	}
	return list, nil
}

// editTemplate changes a template that is approved, rejected or paused. An approved one
// can change once a day.
func editTemplate(c *call) (any, *apiError) {
	t := c.node.(*template)
	if err := c.manages(c.sim.st.waba(t.waba), "MANAGE_TEMPLATES"); err != nil {
		return nil, err
	}
	now := c.now.Unix()
	switch {
	case t.status != "APPROVED" && t.status != "REJECTED" && t.status != "PAUSED":
		return nil, errParam("Only approved, rejected and paused templates can be edited")
	case t.status == "APPROVED" && now < t.edited+int64(24*time.Hour/time.Second):
		return nil, errParam("An approved template can be edited once in 24 hours")
	}
	if text := c.params.get("components"); text != "" {
		components, err := templateComponents(text)
		if err != nil {
			return nil, err
		}
		t.components = components
	}
	setText(c.params, "category", &t.category)
	t.status, t.edited = "PENDING", now
	c.target = t
	return success(), nil
}

// deleteTemplates deletes by name, in all languages, or by id and name.
func deleteTemplates(c *call) (any, *apiError) {
	w := c.node.(*waba)
	if err := c.manages(w, "MANAGE_TEMPLATES"); err != nil {
		return nil, err
	}
	p := c.params
	// An id stands for one language, a name for all.
	ids := append(p.list("hsm_ids"), p.list("hsm_id")...)
	if p.get("name") == "" && len(ids) == 0 {
		return nil, errMissing("name")
	}
	matches := func(id nid) bool {
		t := c.sim.st.templates[id]
		return (p.get("name") == "" || t.name == p.get("name")) && (len(ids) == 0 || slices.Contains(ids, id.String()))
	}
	if !slices.ContainsFunc(w.templates, matches) {
		return nil, errUser(2593002, "Message Template Not Found", "The message template does not exist.")
	}
	var left []nid
	for _, id := range w.templates {
		if matches(id) {
			delete(c.sim.st.templates, id)
		} else {
			left = append(left, id)
		}
	}
	w.templates = left
	return success(), nil
}
