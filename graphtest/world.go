package graphtest

import (
	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// World is what a client of the Server needs to know. The same ids come out in
// every run.
type World struct {
	App       wagraph.AppID
	AppSecret wagraph.Secret
	// Version is one of the versions served: v21.0 to v26.0.
	Version string
	// Business is the partner's own portfolio.
	Business wagraph.BusinessID
	// Admin sees every account of the portfolio; Employee sees those that it
	// is assigned to, which is none at first.
	Admin, Employee SystemUser
	CreditLine      wagraph.CreditLineID
	// OwnedWABAs are the partner's, ClientWABAs what clients share, newest first.
	OwnedWABAs, ClientWABAs []wagraph.WABAID
	ClientBusinesses        []wagraph.BusinessID
	Numbers                 []wagraph.PhoneNumberID
	// Certified is a number with an approved name and a certificate, Renamed
	// one whose new certificate waits to be registered with, and Pending one
	// that was never registered.
	Certified, Renamed, Pending wagraph.PhoneNumberID
	// WithCredit is a client business that shares the credit line under
	// Allocation, WithoutCredit one that does not.
	WithCredit, WithoutCredit wagraph.BusinessID
	Allocation                wagraph.AllocationID
	PreVerified               wagraph.PreVerifiedNumberID
}

// SystemUser is a system user with its token.
type SystemUser struct {
	ID    wagraph.SystemUserID
	Token wagraph.Secret
}

// World returns the ids and secrets of the default world.
func (s *Server) World() World {
	w := s.sim.World()
	return World{
		App: wagraph.AppID(w.AppID), AppSecret: wagraph.NewSecret(w.AppSecret), Version: w.Version,
		Business:   wagraph.BusinessID(w.BusinessID),
		Admin:      SystemUser{wagraph.SystemUserID(w.AdminID), wagraph.NewSecret(w.AdminToken)},
		Employee:   SystemUser{wagraph.SystemUserID(w.EmployeeID), wagraph.NewSecret(w.EmployeeToken)},
		CreditLine: wagraph.CreditLineID(w.CreditLineID),
		OwnedWABAs: typed[wagraph.WABAID](w.OwnedWABAs), ClientWABAs: typed[wagraph.WABAID](w.ClientWABAs),
		ClientBusinesses: typed[wagraph.BusinessID](w.ClientBusinesses),
		Numbers:          typed[wagraph.PhoneNumberID](w.Numbers),
		Certified:        wagraph.PhoneNumberID(w.CertifiedNumberID),
		Renamed:          wagraph.PhoneNumberID(w.RenamedNumberID),
		Pending:          wagraph.PhoneNumberID(w.PendingNumberID),
		WithCredit:       wagraph.BusinessID(w.SharedBusinessID), WithoutCredit: wagraph.BusinessID(w.UnsharedBusinessID),
		Allocation: wagraph.AllocationID(w.AllocationID), PreVerified: wagraph.PreVerifiedNumberID(w.PreVerifiedNumberID),
	}
}

func typed[ID ~string](ids []string) []ID {
	out := make([]ID, len(ids))
	for i, id := range ids {
		out[i] = ID(id)
	}
	return out
}

// SeedPIN is the two-step PIN of the numbers that are registered from the start.
func SeedPIN() wagraph.Secret { return wagraph.NewSecret(graphsim.SeedPIN) }
