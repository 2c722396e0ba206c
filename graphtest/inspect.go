package graphtest

import (
	"maps"
	"slices"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// These methods read the state of the world directly, without a call to the API.

// Allocation is a credit allocation in the state of the Server.
type Allocation struct {
	ID       graph.AllocationID
	Line     graph.CreditLineID
	Business graph.BusinessID
	// Funding is the credential that the client's accounts show as their
	// primary_funding_id.
	Funding graph.FundingID
	Deleted bool
	// WABAs are the accounts that were attached, in that order. An account that
	// was attached twice is listed twice.
	WABAs []graph.WABAID
}

// Allocations returns all allocations, deleted ones included, the oldest first.
// Allocations of the accounts that WithClients added are listed once they change.
func (s *Server) Allocations() []Allocation {
	var all []Allocation
	for _, a := range read(s, (*graphsim.Sim).Allocations) {
		all = append(all, Allocation{
			ID: graph.AllocationID(a.ID), Line: graph.CreditLineID(a.CreditLineID),
			Business: graph.BusinessID(a.ReceivingBusinessID), Funding: graph.FundingID(a.FundingID),
			Deleted: a.Deleted, WABAs: typed[graph.WABAID](a.WABAs),
		})
	}
	return all
}

// Subscribers returns the apps that are subscribed to the account, each with the
// callback that overrides its own, or "".
func (s *Server) Subscribers(id graph.WABAID) map[graph.AppID]string {
	apps := map[graph.AppID]string{}
	for _, sub := range read(s, func(sim *graphsim.Sim) []graphsim.Subscription { return sim.Subscriptions(string(id)) }) {
		apps[graph.AppID(sub.AppID)] = sub.OverrideCallbackURI
	}
	return apps
}

// Assigned returns the users that are assigned to the account, with their tasks.
func (s *Server) Assigned(id graph.WABAID) map[graph.SystemUserID][]string {
	users := map[graph.SystemUserID][]string{}
	assigned := read(s, func(sim *graphsim.Sim) map[string][]string { return sim.AssignedUsers(string(id)) })
	for user, tasks := range maps.All(assigned) {
		users[graph.SystemUserID(user)] = slices.Clone(tasks)
	}
	return users
}

// Exchanges returns how often the code arrived at the token endpoint, with or
// without success.
func (s *Server) Exchanges(code graph.Secret) int {
	return read(s, func(sim *graphsim.Sim) int { return sim.Exchanges(code.Reveal()) })
}

// Registrations returns how often a registration of the number arrived, with or
// without success.
func (s *Server) Registrations(id graph.PhoneNumberID) int {
	return read(s, func(sim *graphsim.Sim) int { return sim.Registrations(string(id)) })
}

// Deregistrations returns how often a deregistration of the number arrived, with
// or without success.
func (s *Server) Deregistrations(id graph.PhoneNumberID) int {
	return read(s, func(sim *graphsim.Sim) int { return sim.Deregistrations(string(id)) })
}

// Number is a phone number in the state of the Server. The texts are the values
// of the fields with the same names on Graph.
type Number struct {
	ID                               graph.PhoneNumberID
	WABA                             graph.WABAID
	Status, VerifiedName, NameStatus string
	NewName, NewNameStatus           string
	CodeVerification                 string
	// PINSet reports whether the number has a two-step PIN.
	PINSet bool
}

// Number returns the state of a number. The bool is false if the number does not
// exist or was deleted.
func (s *Server) Number(id graph.PhoneNumberID) (Number, bool) {
	if s == nil {
		return Number{}, false
	}
	n, ok := s.simulator().Number(string(id))
	return Number{
		ID: graph.PhoneNumberID(n.ID), WABA: graph.WABAID(n.WABAID), Status: n.Status,
		VerifiedName: n.VerifiedName, NameStatus: n.NameStatus, NewName: n.NewName,
		NewNameStatus: n.NewNameStatus, CodeVerification: n.CodeVerification, PINSet: n.PINSet,
	}, ok
}

// Funding returns the credential that pays for the account, "" if none does, and
// the currency of the account.
func (s *Server) Funding(id graph.WABAID) (graph.FundingID, string) {
	if s == nil {
		return "", ""
	}
	funding, currency := s.simulator().Funding(string(id))
	return graph.FundingID(funding), currency
}

// Secrets returns the texts that must not appear in a log, an error or a
// database: the app's secret, and all tokens, codes and PINs so far, also those
// that are no longer valid. A test searches its output for them.
func (s *Server) Secrets() []graph.Secret {
	texts := read(s, (*graphsim.Sim).Secrets)
	secrets := make([]graph.Secret, len(texts))
	for i, text := range texts {
		secrets[i] = graph.NewSecret(text)
	}
	return secrets
}

// Dump returns the whole state for encoding/json, without secrets. Its shape is
// for people to read and may change.
func (s *Server) Dump() any { return read(s, (*graphsim.Sim).Dump) }
