package graphsim

import "time"

func numberSyncActions() []*action {
	return []*action{
		{method: "POST", node: kNumber, edge: "smb_app_data", do: syncAppData, params: []Param{
			{Name: "messaging_product", Type: "string", Required: true, Enum: []string{"whatsapp"}},
			{Name: "sync_type", Type: "string", Required: true, Enum: []string{"smb_app_state_sync", "history"}}}},
	}
}

// syncWindow is how long after onboarding a coexistence number can be synchronised.
const syncWindow = 24 * time.Hour

// syncAppData starts the synchronisation of a coexistence number, once for each type.
func syncAppData(c *call) (any, *apiError) {
	n := c.node.(*number)
	if err := c.mayRegister(n); err != nil {
		return nil, err
	}
	kind := c.params.get("sync_type")
	switch {
	case !n.onBizApp:
		return nil, errParam("The phone number is not used with the WhatsApp Business app")
	case c.now.Sub(time.Unix(n.onboarded, 0)) > syncWindow:
		return nil, &apiError{code: 2593108, message: numbered(2593108, "Sync can only be requested within 24 hours of onboarding")}
	case n.syncs[kind] != "":
		return nil, &apiError{code: 2593107, message: numbered(2593107, "This sync was requested already")}
	}
	if n.syncs == nil {
		n.syncs = map[string]string{}
	}
	n.syncs[kind] = c.sim.random(letters, 24)
	return obj{{"messaging_product", "whatsapp"}, {"request_id", n.syncs[kind]}}, nil
}
