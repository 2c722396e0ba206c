package graphsim

import "strings"

// subscribedApp is an app that receives an account's webhooks.
type subscribedApp struct {
	app *app
	sub *wabaSubscription
}

func (s subscribedApp) nodeID() nid { return s.app.id }
func (subscribedApp) kind() kind    { return kSubscribedApp }

// addSubscribedAppType declares items without an id: the id of the app is in an object inside.
func addSubscribedAppType(sc *schema) {
	sc.add(&nodeType{kind: kSubscribedApp, name: "WhatsAppApplication", defaults: []string{"whatsapp_business_api_data", "override_callback_uri"}},
		field("whatsapp_business_api_data", "Object", func(_ *call, s subscribedApp) any {
			return obj{{"link", "https://www.facebook.com/games/?app_id=" + s.app.id.String()}, {"name", s.app.name}, {"id", s.app.id}}
		}),
		field("override_callback_uri", "string", func(_ *call, s subscribedApp) any { return s.sub.callback }),
	)
}

func subscribedAppActions() []*action {
	return []*action{
		{method: "POST", node: kWABA, edge: "subscribed_apps", do: subscribe, params: []Param{
			{Name: "override_callback_uri", Type: "string"}, {Name: "verify_token", Type: "string"}}},
		{method: "DELETE", node: kWABA, edge: "subscribed_apps", do: unsubscribe},
	}
}

// listSubscribedApps lists the partner's app if it is subscribed. There is no other
// app.
func listSubscribedApps(c *call, n node, _ params) (listing, *apiError) {
	w := n.(*waba)
	var ids []nid
	if w.subs[c.sim.st.app.id] != nil {
		ids = append(ids, c.sim.st.app.id)
	}
	return listing{ids: ids, get: func(id nid) node { return subscribedApp{c.sim.st.app, w.subs[id]} }}, nil
}

// subscribe subscribes the app of the token. A call without an override removes an
// earlier one, so a repetition has to send it again.
func subscribe(c *call) (any, *apiError) {
	w := c.node.(*waba)
	if err := c.manages(w, "DEVELOP"); err != nil {
		return nil, err
	}
	uri := c.params.get("override_callback_uri")
	if err := checkCallback(uri, c.params.get("verify_token")); err != nil {
		return nil, err
	}
	if w.subs == nil {
		w.subs = map[nid]*wabaSubscription{}
	}
	w.subs[c.sim.st.app.id] = &wabaSubscription{app: c.sim.st.app.id, callback: uri}
	c.target = w
	return success(), nil
}

// checkCallback checks the callback of a webhook override. An empty one is no override.
func checkCallback(uri, verifyToken string) *apiError {
	switch {
	case uri == "":
		return nil
	case !strings.HasPrefix(uri, "https://"):
		return errBlame("override_callback_uri", "Param override_callback_uri must be a valid https URL")
	case len(uri) > 200:
		return errBlame("override_callback_uri", "Param override_callback_uri must be at most 200 characters long.")
	case verifyToken == "":
		return errMissing("verify_token")
	}
	return nil
}

// unsubscribe succeeds also if the app was not subscribed.
func unsubscribe(c *call) (any, *apiError) {
	w := c.node.(*waba)
	if err := c.manages(w, "DEVELOP"); err != nil {
		return nil, err
	}
	delete(w.subs, c.sim.st.app.id)
	return success(), nil
}
