package graphtest

import (
	"maps"
	"slices"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// These methods read the state of the world directly, without a call to the API.

// Allocation is a credit allocation in the state of the Server.
type Allocation struct {
	ID       wagraph.AllocationID
	Line     wagraph.CreditLineID
	Business wagraph.BusinessID
	// Funding is the credential that the client's accounts show as their
	// primary_funding_id.
	Funding wagraph.FundingID
	Deleted bool
	// WABAs are the accounts that were attached, in that order. An account that
	// was attached twice is listed twice.
	WABAs []wagraph.WABAID
}

// Allocations returns all allocations, deleted ones included, the oldest first.
// Allocations of the accounts that WithClients added are listed once they change.
func (s *Server) Allocations() []Allocation {
	var all []Allocation
	for _, a := range read(s, (*graphsim.Sim).Allocations) {
		all = append(all, Allocation{
			ID: wagraph.AllocationID(a.ID), Line: wagraph.CreditLineID(a.CreditLineID),
			Business: wagraph.BusinessID(a.ReceivingBusinessID), Funding: wagraph.FundingID(a.FundingID),
			Deleted: a.Deleted, WABAs: typed[wagraph.WABAID](a.WABAs),
		})
	}
	return all
}

// Subscribers returns the apps that are subscribed to the account, each with the
// callback that overrides its own, or "".
func (s *Server) Subscribers(id wagraph.WABAID) map[wagraph.AppID]string {
	apps := map[wagraph.AppID]string{}
	for _, sub := range read(s, func(sim *graphsim.Sim) []graphsim.Subscription { return sim.Subscriptions(string(id)) }) {
		apps[wagraph.AppID(sub.AppID)] = sub.OverrideCallbackURI
	}
	return apps
}

// Assigned returns the users that are assigned to the account, with their tasks.
func (s *Server) Assigned(id wagraph.WABAID) map[wagraph.SystemUserID][]string {
	users := map[wagraph.SystemUserID][]string{}
	assigned := read(s, func(sim *graphsim.Sim) map[string][]string { return sim.AssignedUsers(string(id)) })
	for user, tasks := range maps.All(assigned) {
		users[wagraph.SystemUserID(user)] = slices.Clone(tasks)
	}
	return users
}

// Exchanges returns how often the code arrived at the token endpoint, with or
// without success.
func (s *Server) Exchanges(code wagraph.Secret) int {
	return read(s, func(sim *graphsim.Sim) int { return sim.Exchanges(code.Reveal()) })
}

// Registrations returns how often a registration of the number arrived, with or
// without success.
func (s *Server) Registrations(id wagraph.PhoneNumberID) int {
	return read(s, func(sim *graphsim.Sim) int { return sim.Registrations(string(id)) })
}

// Deregistrations returns how often a deregistration of the number arrived, with
// or without success.
func (s *Server) Deregistrations(id wagraph.PhoneNumberID) int {
	return read(s, func(sim *graphsim.Sim) int { return sim.Deregistrations(string(id)) })
}

// Number is a phone number in the state of the Server. The texts are the values
// of the fields with the same names on Graph.
type Number struct {
	ID                               wagraph.PhoneNumberID
	WABA                             wagraph.WABAID
	Status, VerifiedName, NameStatus string
	NewName, NewNameStatus           string
	CodeVerification                 string
	// PINSet reports whether the number has a two-step PIN.
	PINSet bool
}

// Number returns the state of a number. The bool is false if the number does not
// exist or was deleted.
func (s *Server) Number(id wagraph.PhoneNumberID) (Number, bool) {
	if s == nil {
		return Number{}, false
	}
	n, ok := s.simulator().Number(string(id))
	return Number{
		ID: wagraph.PhoneNumberID(n.ID), WABA: wagraph.WABAID(n.WABAID), Status: n.Status,
		VerifiedName: n.VerifiedName, NameStatus: n.NameStatus, NewName: n.NewName,
		NewNameStatus: n.NewNameStatus, CodeVerification: n.CodeVerification, PINSet: n.PINSet,
	}, ok
}

// Funding returns the credential that pays for the account, "" if none does, and
// the currency of the account.
func (s *Server) Funding(id wagraph.WABAID) (wagraph.FundingID, string) {
	if s == nil {
		return "", ""
	}
	funding, currency := s.simulator().Funding(string(id))
	return wagraph.FundingID(funding), currency
}

// Secrets returns the texts that must not appear in a log, an error or a
// database: the app's secret, and all tokens, codes and PINs so far, also those
// that are no longer valid. A test searches its output for them.
func (s *Server) Secrets() []wagraph.Secret {
	texts := read(s, (*graphsim.Sim).Secrets)
	secrets := make([]wagraph.Secret, len(texts))
	for i, text := range texts {
		secrets[i] = wagraph.NewSecret(text)
	}
	return secrets
}

// Dump returns the whole state for encoding/json, without secrets. Its shape is
// for people to read and may change.
func (s *Server) Dump() any { return read(s, (*graphsim.Sim).Dump) }
