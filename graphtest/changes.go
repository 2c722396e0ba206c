package graphtest

import (
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// These methods change the world without a call to the API, as Meta or the client
// would. Each returns an InputError if the object does not exist.

// ApproveName lets Meta approve the display name of the number. If a new name is
// under review, that one is approved: it takes effect when the number is
// registered again.
func (s *Server) ApproveName(id graph.PhoneNumberID) error {
	return s.change("ApproveName", func(sim *graphsim.Sim) error { return sim.ApproveName(string(id)) })
}

// DeclineName lets Meta decline the display name of the number, or the new one if
// it is under review.
func (s *Server) DeclineName(id graph.PhoneNumberID) error {
	return s.change("DeclineName", func(sim *graphsim.Sim) error { return sim.DeclineName(string(id)) })
}

// RequestRename lets the client ask for a new display name.
func (s *Server) RequestRename(id graph.PhoneNumberID, name string) error {
	return s.change("RequestRename", func(sim *graphsim.Sim) error { return sim.RequestRename(string(id), name) })
}

// VerifyNumber lets the client prove that it owns the number:
// code_verification_status becomes VERIFIED.
func (s *Server) VerifyNumber(id graph.PhoneNumberID) error {
	return s.change("VerifyNumber", func(sim *graphsim.Sim) error { return sim.VerifyNumber(string(id)) })
}

// ExpireVerification sets code_verification_status to EXPIRED. A registered
// number continues to work; one that is not registered cannot be registered.
func (s *Server) ExpireVerification(id graph.PhoneNumberID) error {
	return s.change("ExpireVerification", func(sim *graphsim.Sim) error { return sim.ExpireVerification(string(id)) })
}

// SetPIN sets the two-step PIN of the number, as the client can in WhatsApp
// Manager. The zero Secret removes it.
func (s *Server) SetPIN(id graph.PhoneNumberID, pin graph.Secret) error {
	return s.change("SetPIN", func(sim *graphsim.Sim) error { return sim.SetPIN(string(id), pin.Reveal()) })
}

// SetNumberStatus sets the status of the number, for example RESTRICTED.
func (s *Server) SetNumberStatus(id graph.PhoneNumberID, status string) error {
	return s.change("SetNumberStatus", func(sim *graphsim.Sim) error { return sim.SetNumberStatus(string(id), status) })
}

// DelayName refuses the next registrations of the number, so many, because Meta has not
// processed its display name yet: code 100 with subcode 2388001. Each of them spends an
// attempt. With 0 the name is ready. A negative count is an InputError.
func (s *Server) DelayName(id graph.PhoneNumberID, registrations int) error {
	return s.change("DelayName", func(sim *graphsim.Sim) error { return sim.DelayName(string(id), registrations) })
}

// AddPayment adds a payment method of the client to the account. It is what pays until a
// credit line is attached.
func (s *Server) AddPayment(id graph.WABAID) error {
	return s.change("AddPayment", func(sim *graphsim.Sim) error { return sim.AddPayment(string(id)) })
}

// DeleteNumber deletes the number. Meta lets only the client do this.
func (s *Server) DeleteNumber(id graph.PhoneNumberID) error {
	return s.change("DeleteNumber", func(sim *graphsim.Sim) error { return sim.DeleteNumber(string(id)) })
}

// AddNumber adds a verified number, not registered yet, to the account.
func (s *Server) AddNumber(id graph.WABAID) (graph.PhoneNumberID, error) {
	var number string
	err := s.change("AddNumber", func(sim *graphsim.Sim) (err error) {
		number, err = sim.AddNumber(string(id))
		return err
	})
	return graph.PhoneNumberID(number), err
}

// AddWABA adds an account to a business. If the business is a client, the account
// is shared with the partner.
func (s *Server) AddWABA(business graph.BusinessID, name string) (graph.WABAID, error) {
	var id string
	err := s.change("AddWABA", func(sim *graphsim.Sim) (err error) {
		id, err = sim.AddWABA(string(business), name)
		return err
	})
	return graph.WABAID(id), err
}

// DeleteWABA deletes the account and its numbers.
func (s *Server) DeleteWABA(id graph.WABAID) error {
	return s.change("DeleteWABA", func(sim *graphsim.Sim) error { return sim.DeleteWABA(string(id)) })
}

// SetReview sets the account_review_status and the status of the account. An
// empty text leaves its field unchanged.
func (s *Server) SetReview(id graph.WABAID, review, status string) error {
	return s.change("SetReview", func(sim *graphsim.Sim) error { return sim.SetReview(string(id), review, status) })
}

// Unshare lets the client stop sharing the account with the partner. Credit that
// was allocated to the client stays allocated.
func (s *Server) Unshare(id graph.WABAID) error {
	return s.change("Unshare", func(sim *graphsim.Sim) error { return sim.Unshare(string(id)) })
}

// Reshare lets the client share the account with the partner again.
func (s *Server) Reshare(id graph.WABAID) error {
	return s.change("Reshare", func(sim *graphsim.Sim) error { return sim.Reshare(string(id)) })
}

// RevokeToken makes a token invalid. Calls with it fail with code 190 and the
// subcode; a subcode of 0 means 458, the client removed the app.
func (s *Server) RevokeToken(token graph.Secret, subcode int) error {
	return s.change("RevokeToken", func(sim *graphsim.Sim) error { return sim.RevokeToken(token.Reveal(), subcode) })
}
