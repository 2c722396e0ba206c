package graphsim

import (
	"encoding/json"
	"slices"
	"time"
)

func numberUpdateActions() []*action {
	return []*action{
		{method: "POST", node: kNumber, do: updateNumber, params: []Param{
			{Name: "pin", Type: "string"}, {Name: "new_display_name", Type: "string"}, {Name: "webhook_configuration", Type: "map"}}},
	}
}

// The limit of display name changes is 10 in 30 days.
const (
	renameLimit  = 10
	renameWindow = 30 * 24 * time.Hour
)

// rename asks for a new display name. Each request counts, also one for the same name.
func (c *call) rename(n *number, name string) (any, *apiError) {
	from := c.now.Add(-renameWindow).Unix()
	n.renames = slices.DeleteFunc(slices.Clone(n.renames), func(t int64) bool { return t <= from })
	if len(n.renames) >= renameLimit {
		return nil, errParam("The display name was changed too often: at most %d times in 30 days", renameLimit)
	}
	n.renames = append(n.renames, c.now.Unix())
	n.newName, n.newStatus = name, "PENDING_REVIEW"
	return success(), nil
}

// updateNumber sets the PIN, asks for another display name, or overrides the webhook.
func updateNumber(c *call) (any, *apiError) {
	n := c.node.(*number)
	p := c.params
	c.target = n
	if p.has("pin") {
		if err := c.mayRegister(n); err != nil {
			return nil, err
		}
		if !validPIN(p.get("pin")) {
			return nil, errBlame("pin", "Param pin must be a string of 6 digits")
		}
		n.pin, n.wrongPINs = p.get("pin"), 0
		return success(), nil
	}
	if err := c.manages(c.wabaOf(n), "MANAGE_PHONE"); err != nil {
		return nil, err
	}
	switch {
	case p.get("new_display_name") != "":
		return c.rename(n, p.get("new_display_name"))
	case p.has("webhook_configuration"):
		return c.overrideWebhook(n, p.get("webhook_configuration"))
	}
	return nil, errParam("Nothing to update: give pin, new_display_name or webhook_configuration")
}

// overrideWebhook sets the number's own callback. An empty address removes it.
func (c *call) overrideWebhook(n *number, text string) (any, *apiError) {
	var w struct {
		URI   *string `json:"override_callback_uri"`
		Token string  `json:"verify_token"`
	}
	if err := json.Unmarshal([]byte(text), &w); err != nil || w.URI == nil {
		return nil, errBlame("webhook_configuration", "Param webhook_configuration must have override_callback_uri")
	}
	if err := checkCallback(*w.URI, w.Token); err != nil {
		return nil, err
	}
	n.callback = *w.URI
	return success(), nil
}
