package graphsim

import "slices"

// health is one entity in a health_status.
type health struct {
	entity string
	id     nid
	can    string
	info   []string
	errors []obj
}

// healthOf combines entities. The whole has the worst status of its entities.
func healthOf(entities ...health) obj {
	order := []string{"AVAILABLE", "LIMITED", "BLOCKED"}
	worst := 0
	list := make([]any, 0, len(entities))
	for _, h := range entities {
		worst = max(worst, slices.Index(order, h.can))
		o := obj{{"entity_type", h.entity}, {"id", h.id}, {"can_send_message", h.can}}
		o = o.with("additional_info", h.info)
		if len(h.errors) > 0 {
			o = append(o, pair{"errors", h.errors})
		}
		list = append(list, o)
	}
	return obj{{"can_send_message", order[worst]}, {"entities", list}}
}

// healthError writes an error inside a health_status. Its keys differ from those of
// Graph's errors, and the status of the answer is 200.
func healthError(code int, what, cure string) []obj {
	return []obj{{{"error_code", code}, {"error_description", what}, {"possible_solution", cure}}}
}

// healthOfNumber is BLOCKED for a number that is not registered, and LIMITED for one
// without an approved name.
func (c *call) healthOfNumber(n *number) health {
	h := health{entity: "PHONE_NUMBER", id: n.id, can: "AVAILABLE"}
	switch {
	case n.state != "CONNECTED":
		h.can = "BLOCKED"
		h.errors = healthError(141002, "The phone number is not registered on the platform.", "Register the phone number.")
	case n.status != "APPROVED" && n.status != "AVAILABLE_WITHOUT_REVIEW":
		h.can, h.info = "LIMITED", []string{"Your display name has not been approved yet."}
	}
	return h
}

// healthOfWABA is BLOCKED for a disabled account, and for a client's account without a
// payment method.
func (c *call) healthOfWABA(w *waba) health {
	h := health{entity: "WABA", id: w.id, can: "AVAILABLE"}
	switch {
	case w.review == "REJECTED" || w.status != "ACTIVE":
		h.can = "BLOCKED"
		h.errors = healthError(141002, "The WhatsApp Business Account has been disabled.", "Appeal in WhatsApp Manager.")
	case w.funding == 0 && w.owner != c.sim.st.partner.id:
		h.can = "BLOCKED"
		h.errors = healthError(141006, "There was an error with the payment method.", "Attach a valid payment method.")
	}
	return h
}

// healthOfBusiness is LIMITED for a portfolio that is not verified.
func (c *call) healthOfBusiness(b *business) health {
	h := health{entity: "BUSINESS", id: b.id, can: "AVAILABLE"}
	if b.verification != "verified" {
		h.can, h.info = "LIMITED", []string{"Your business has not been verified."}
	}
	return h
}

func (c *call) healthOfApp() health {
	return health{entity: "APP", id: c.sim.st.app.id, can: "AVAILABLE"}
}
