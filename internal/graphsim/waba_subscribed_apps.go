package graphsim

import "strings"

// subscribedApp is an app that receives an account's webhooks.
type subscribedApp struct {
	app *app
	sub *wabaSubscription
}

func (s subscribedApp) nodeID() nid { return s.app.id }
func (subscribedApp) kind() kind    { return kSubscribedApp }

// The items of this edge have no id of their own: the app's stands inside.
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

// listSubscribedApps knows one app: the partner's.
func listSubscribedApps(c *call, n node, _ params) (listing, *apiError) {
	w := n.(*waba)
	var ids []nid
	if w.subs[c.sim.st.app.id] != nil {
		ids = append(ids, c.sim.st.app.id)
	}
	return listing{ids: ids, get: func(id nid) node { return subscribedApp{c.sim.st.app, w.subs[id]} }}, nil
}

// subscribe subscribes the app behind the token. Without an override it removes one
// that was set before: repeating the call must repeat its body.
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

// checkCallback checks a webhook override; an empty one is none.
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

// unsubscribe is quiet when there was nothing to remove.
func unsubscribe(c *call) (any, *apiError) {
	w := c.node.(*waba)
	if err := c.manages(w, "DEVELOP"); err != nil {
		return nil, err
	}
	delete(w.subs, c.sim.st.app.id)
	return success(), nil
}
