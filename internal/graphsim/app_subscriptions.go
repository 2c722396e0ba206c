package graphsim

import (
	"maps"
	"slices"
	"strings"
)

func appSubscriptionActions() []*action {
	return []*action{
		{method: "GET", node: kApp, edge: "subscriptions", do: readSubscriptions},
		{method: "POST", node: kApp, edge: "subscriptions", do: writeSubscription, ownFields: true, params: []Param{
			{Name: "object", Type: "string", Required: true}, {Name: "callback_url", Type: "string"}, {Name: "verify_token", Type: "string"},
			{Name: "fields", Type: "csv"}, {Name: "include_values", Type: "bool"}}},
		{method: "DELETE", node: kApp, edge: "subscriptions", do: deleteSubscription, params: []Param{
			{Name: "object", Type: "string"}, {Name: "fields", Type: "csv"}}},
	}
}

// appOnly refuses every token but the app's own: the webhook subscriptions belong to
// the app.
func (c *call) appOnly() *apiError {
	if c.token.kind != tokenApp {
		return &apiError{code: 15, message: numbered(15, "This method must be called with an app access_token.")}
	}
	return nil
}

// readSubscriptions answers GET /{app-id}/subscriptions. It is an action and not an
// edge, because the items have no ids and are not paged.
func readSubscriptions(c *call) (any, *apiError) {
	if err := c.appOnly(); err != nil {
		return nil, err
	}
	data := []any{}
	for _, name := range slices.Sorted(maps.Keys(c.sim.st.app.subscriptions)) {
		s := c.sim.st.app.subscriptions[name]
		fields := []any{}
		for _, f := range s.fields {
			fields = append(fields, obj{{"name", f}, {"version", exampleVersion.String()}})
		}
		data = append(data, obj{{"object", s.object}, {"callback_url", s.callback}, {"active", true}, {"fields", fields}})
	}
	return obj{{"data", data}}, nil
}

// writeSubscription adds fields to the webhook of an object. The first call has to
// bring the callback and its verify token.
func writeSubscription(c *call) (any, *apiError) {
	if err := c.appOnly(); err != nil {
		return nil, err
	}
	p := c.params
	if p.get("object") != "whatsapp_business_account" {
		return nil, errParam("Param object must be one of {whatsapp_business_account} - got %q.", p.get("object"))
	}
	s := c.sim.st.app.subscriptions[p.get("object")]
	switch url := p.get("callback_url"); {
	case s == nil && url == "":
		return nil, errMissing("callback_url")
	case url != "" && p.get("verify_token") == "":
		return nil, errMissing("verify_token")
	case url != "" && !strings.HasPrefix(url, "https://"):
		return nil, errBlame("callback_url", "Param callback_url must be a valid https URL")
	}
	if s == nil {
		s = &subscription{object: p.get("object")}
		c.sim.st.app.subscriptions[s.object] = s
	}
	setText(p, "callback_url", &s.callback)
	setBool(p, "include_values", &s.includeValues)
	for _, f := range p.list("fields") {
		if !slices.Contains(s.fields, f) {
			s.fields = append(s.fields, f)
		}
	}
	return success(), nil
}

// deleteSubscription removes fields, an object, or everything.
func deleteSubscription(c *call) (any, *apiError) {
	if err := c.appOnly(); err != nil {
		return nil, err
	}
	object, fields := c.params.get("object"), c.params.list("fields")
	subs := c.sim.st.app.subscriptions
	switch s := subs[object]; {
	case object == "":
		clear(subs)
	case s == nil:
		return nil, errParam("There is no subscription of this object")
	case len(fields) == 0:
		delete(subs, object)
	default:
		s.fields = slices.DeleteFunc(slices.Clone(s.fields), func(f string) bool { return slices.Contains(fields, f) })
	}
	return success(), nil
}
