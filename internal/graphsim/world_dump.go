package graphsim

import (
	"maps"
	"slices"
	"time"
)

// Dump returns the state as plain values for encoding/json, for people who want to see
// what happened. It leaves out tokens, codes, PINs and the app secret. Of a big world
// it shows only what a write changed.
func (s *Sim) Dump() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{
		"now":         s.now().UTC().Format(time.RFC3339),
		"app":         map[string]any{"id": s.st.app.id.String(), "name": s.st.app.name},
		"businesses":  dumpAll(s.st.businesses, s.dumpBusiness),
		"wabas":       dumpAll(s.st.wabas, dumpWABA),
		"numbers":     dumpAll(s.st.numbers, dumpNumber),
		"allocations": dumpAll(s.st.allocations, dumpAllocation),
		"users": dumpAll(s.st.users, func(u *user) map[string]any {
			return map[string]any{"name": u.name, "business_id": u.owner.String(), "role": u.role, "finance_permission": u.finance, "person": u.person}
		}),
		"tokens": s.dumpTokens(),
		"codes":  s.dumpCodes(),
	}
}

// dumpAll lists nodes in the order of their ids, so that two dumps can be compared line
// by line.
func dumpAll[T any](m map[nid]*T, one func(*T) map[string]any) []any {
	list := []any{}
	for _, id := range sortedIDs(m) {
		o := one(m[id])
		o["id"] = id.String()
		list = append(list, o)
	}
	return list
}

// texts writes ids as strings, because JavaScript cannot hold them as numbers.
func texts(ids []nid) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	return list
}

// text returns an id as a string, and "" for no id.
func text(id nid) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

func (s *Sim) dumpBusiness(b *business) map[string]any {
	return map[string]any{"name": b.name, "verification_status": b.verification, "connected": b.connected, "partner": b.id == s.st.partner.id,
		"owned": texts(b.owned), "shared_accounts": len(b.client)}
}

func dumpWABA(w *waba) map[string]any {
	users := map[string]any{}
	for id, tasks := range w.users {
		users[id.String()] = tasks
	}
	subs := map[string]any{}
	for id, sub := range w.subs {
		subs[id.String()] = map[string]any{"override_callback_uri": sub.callback}
	}
	return map[string]any{"name": w.name, "owner": w.owner.String(), "shared_with": texts(w.shared), "currency": w.currency, "review": w.review,
		"status": w.status, "numbers": texts(w.numbers), "assigned_users": users, "subscribed_apps": subs,
		"allocation": text(w.allocation), "primary_funding_id": text(w.funding)}
}

func dumpNumber(n *number) map[string]any {
	return map[string]any{"waba": n.waba.String(), "display_phone_number": n.display, "verified_name": n.name, "name_status": n.status,
		"new_display_name": n.newName, "new_name_status": n.newStatus, "status": n.state, "code_verification_status": n.verified,
		"pin_set": n.pin != "", "registrations": n.registers, "deregistrations": n.deregisters, "on_biz_app": n.onBizApp}
}

func dumpAllocation(a *allocation) map[string]any {
	return map[string]any{"credit_line": a.line.String(), "receiving_business": a.receiver.String(), "funding": a.funding.String(),
		"deleted": a.deleted, "wabas": texts(a.attached)}
}

// dumpTokens lists the tokens with what they can do, without their text.
func (s *Sim) dumpTokens() []any {
	tokens := slices.SortedFunc(maps.Values(s.st.tokens), func(a, b *token) int {
		if a.issued != b.issued {
			return int(a.issued - b.issued)
		}
		return int(a.user - b.user)
	})
	list := []any{}
	for _, t := range tokens {
		list = append(list, map[string]any{"kind": string(t.kind), "user": text(t.user), "business": text(t.owner), "scopes": t.scopes,
			"wabas": texts(t.targets), "unrestricted": t.unlimited, "expires": t.expires, "dead": t.dead})
	}
	return list
}

func (s *Sim) dumpCodes() []any {
	codes := slices.SortedFunc(maps.Values(s.st.codes), func(a, b *code) int { return int(a.issued - b.issued) })
	list := []any{}
	for _, c := range codes {
		list = append(list, map[string]any{"issued": time.Unix(0, c.issued).UTC().Format(time.RFC3339Nano), "used": c.used, "presented": c.presented})
	}
	return list
}
