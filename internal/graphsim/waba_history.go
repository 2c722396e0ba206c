package graphsim

import "slices"

// activityNode is one entry in the history of an account. Meta documents little of this
// edge.
type activityNode struct{ activity }

func (a activityNode) nodeID() nid { return a.id }

func (activityNode) kind() kind { return kActivity }

func addActivityType(sc *schema) {
	sc.add(&nodeType{kind: kActivity, name: "WhatsAppBusinessActivityHistory", defaults: []string{"id", "activity_type", "timestamp"}},
		idField[activityNode](),
		field("activity_type", "string", func(_ *call, a activityNode) any { return a.what }),
		field("timestamp", "datetime", func(_ *call, a activityNode) any { return iso(a.at) }),
	)
	sc.add(&nodeType{kind: kSolution, name: "WhatsAppBusinessSolution", placeholder: "{solution-id}", reference: []string{"id", "name"},
		defaults: []string{"id", "name", "status", "status_for_pending_request"}},
		idField[*solution](),
		field("name", "string", func(_ *call, s *solution) any { return s.name }),
		field("status", "string", func(_ *call, s *solution) any { return s.status }),
		field("status_for_pending_request", "string", func(*call, *solution) any { return "NONE" }),
		nodeField("owner_app", "Application", kApp, func(c *call, _ *solution) any { return c.sim.st.app }),
		field("owner_permissions", "list<string>", func(*call, *solution) any { return []string{"MESSAGING"} }),
	)
}

// listActivities lists what happened to the account, newest first.
func listActivities(_ *call, n node, _ params) (listing, *apiError) {
	w := n.(*waba)
	ids := make([]nid, len(w.activities))
	for i, a := range w.activities {
		ids[i] = a.id
	}
	return listing{ids: ids, get: func(id nid) node {
		i := slices.IndexFunc(w.activities, func(a activity) bool { return a.id == id })
		return activityNode{w.activities[i]}
	}}, nil
}

func listSolutions(c *call, n node, _ params) (listing, *apiError) {
	return listing{ids: n.(*waba).solutions, get: func(id nid) node { return c.sim.st.solutions[id] }}, nil
}

// note adds an entry to the history of an account.
func (s *Sim) note(w *waba, what string) {
	w.activities = slices.Insert(w.activities, 0, activity{id: s.newID(kActivity), what: what, at: s.now().Unix()})
}
