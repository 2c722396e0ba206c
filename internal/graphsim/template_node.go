package graphsim

import (
	"slices"
	"strings"
)

// template is a message template of one language.
type template struct {
	id         nid
	waba       nid
	name       string
	language   string
	status     string
	category   string
	format     string
	components []any
	edited     int64
}

func (t *template) nodeID() nid { return t.id }
func (*template) kind() kind    { return kTemplate }

// addTemplateTypes declares templates under the name that Meta's schema has for them,
// HSM.
func addTemplateTypes(sc *schema) {
	sc.add(&nodeType{kind: kTemplate, name: "WhatsAppBusinessHSM", placeholder: "{template-id}",
		defaults: []string{"name", "parameter_format", "components", "language", "status", "category", "id"}, reference: []string{"id", "name"}},
		idField[*template](),
		field("name", "string", func(_ *call, t *template) any { return t.name }),
		field("language", "string", func(_ *call, t *template) any { return t.language }),
		field("status", "string", func(_ *call, t *template) any { return t.status }),
		field("category", "string", func(_ *call, t *template) any { return t.category }),
		field("parameter_format", "string", func(_ *call, t *template) any { return t.format }),
		field("components", "list<map>", func(_ *call, t *template) any { return t.components }),
		field("quality_score", "Object", func(*call, *template) any { return obj{{"score", "UNKNOWN"}} }),
		field("rejected_reason", "string", func(_ *call, t *template) any {
			if t.status == "REJECTED" {
				return "INVALID_FORMAT"
			}
			return "NONE"
		}),
	)
}

// listTemplates lists the templates that match the filters. A name matches if it
// contains the text.
func listTemplates(c *call, n node, p params) (listing, *apiError) {
	w := n.(*waba)
	// Filters take lists, in upper or lower case: Meta's guide has status=approved.
	in := func(name, v string) bool {
		list := p.list(name)
		return len(list) == 0 || slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, v) })
	}
	ids := slices.DeleteFunc(slices.Clone(w.templates), func(id nid) bool {
		t := c.sim.st.templates[id]
		text := p.get("name_or_content")
		return !strings.Contains(t.name, p.get("name")) || text != "" && !strings.Contains(t.name, text) ||
			!in("language", t.language) || !in("category", t.category) || !in("status", t.status)
	})
	return listing{ids: ids, get: func(id nid) node { return c.sim.st.templates[id] }}, nil
}
