package graphsim

import "slices"

// health is one entity of a health_status.
type health struct {
	entity string
	id     nid
	can    string
	info   []string
	errors []obj
}

// healthOf puts entities together: the whole is as good as the worst of them.
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

// healthError has keys of its own: these are no Graph errors and come with status 200.
func healthError(code int, what, cure string) []obj {
	return []obj{{{"error_code", code}, {"error_description", what}, {"possible_solution", cure}}}
}

// healthOfNumber blocks what is not registered and limits what has no approved name.
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

// healthOfWABA blocks disabled accounts and clients' accounts that nobody pays for.
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

// healthOfBusiness limits portfolios that are not verified.
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
