package graphsim

import (
	"slices"
	"time"
)

func userTokenActions() []*action {
	return []*action{
		{method: "POST", node: kSystemUser, edge: "applications", do: installApp, params: []Param{{Name: "business_app", Type: "string", Required: true}}},
		{method: "POST", node: kSystemUser, edge: "access_tokens", do: generateToken, params: []Param{
			{Name: "business_app", Type: "string", Required: true}, {Name: "scope", Type: "csv", Required: true},
			{Name: "appsecret_proof", Type: "string"}, {Name: "set_token_expires_in_60_days", Type: "bool"}}},
	}
}

// ownApp refuses a business_app parameter that is not the id of the app.
func (c *call) ownApp() *apiError {
	if id, ok := parseID(c.params.get("business_app")); !ok || id != c.sim.st.app.id {
		return errBlame("business_app", "Param business_app must be an app of this business")
	}
	return nil
}

// installApp installs the app for a system user. It has to come before generateToken.
func installApp(c *call) (any, *apiError) {
	u := c.node.(*user)
	if err := c.ownApp(); err != nil {
		return nil, err
	}
	u.apps[c.sim.st.app.id] = true
	return success(), nil
}

// sixtyDays is how long tokens are valid that expire.
const sixtyDays = 60 * 24 * time.Hour

// tokenLife returns how long a new token is valid: forever, or 60 days if the call asks
// for that.
func (c *call) tokenLife() time.Duration {
	if c.params.boolean("set_token_expires_in_60_days") {
		return sixtyDays
	}
	return 0
}

// knownScopes are the permissions that a token can have here.
var knownScopes = []string{scopeBusiness, scopeManagement, scopeMessaging, scopeEvents, scopePublic, "ads_read", "ads_management"}

// generateToken makes a token for a system user that has the app installed. The proof
// of the calling token is mandatory.
func generateToken(c *call) (any, *apiError) {
	u := c.node.(*user)
	if err := c.checkProof(true); err != nil {
		return nil, err
	}
	if err := c.ownApp(); err != nil {
		return nil, err
	}
	// A system user may make a token for itself.
	if c.token.user != u.id && !c.isAdmin() {
		return nil, errPermission("Only an admin may generate tokens for other system users")
	}
	if !u.apps[c.sim.st.app.id] {
		return nil, errParam("The app is not installed for this system user")
	}
	scopes := c.params.list("scope")
	for _, s := range scopes {
		if !slices.Contains(knownScopes, s) {
			return nil, errBlame("scope", "Invalid scope: %s", s)
		}
	}
	t := c.sim.newToken(&token{kind: tokenSystemUser, user: u.id, owner: u.owner, scopes: append(scopes, scopePublic)}, c.tokenLife())
	return obj{{"access_token", t.text}}, nil
}
