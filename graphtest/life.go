package graphtest

import (
	"github.com/seed-8fdceacd/wagraph"
)

// ApproveName has Meta approve the number's display name, or the new one that
// was asked for.
func (s *Server) ApproveName(id wagraph.PhoneNumberID) error { return s.sim.ApproveName(string(id)) }

// DeclineName has Meta decline the number's display name, or the new one that
// was asked for.
func (s *Server) DeclineName(id wagraph.PhoneNumberID) error { return s.sim.DeclineName(string(id)) }

// RequestRename has the client ask for a new display name.
func (s *Server) RequestRename(id wagraph.PhoneNumberID, name string) error {
	return s.sim.RequestRename(string(id), name)
}

// VerifyNumber has the client prove that the number is theirs.
func (s *Server) VerifyNumber(id wagraph.PhoneNumberID) error { return s.sim.VerifyNumber(string(id)) }

// ExpireVerification lets the proof that the number is the client's get too
// old; a number that is registered goes on.
func (s *Server) ExpireVerification(id wagraph.PhoneNumberID) error {
	return s.sim.ExpireVerification(string(id))
}

// SetPIN gives the number a two-step PIN.
func (s *Server) SetPIN(id wagraph.PhoneNumberID, pin wagraph.Secret) error {
	return s.sim.SetPIN(string(id), pin.Reveal())
}

// SetNumberStatus sets the number's status, such as RESTRICTED.
func (s *Server) SetNumberStatus(id wagraph.PhoneNumberID, status string) error {
	return s.sim.SetNumberStatus(string(id), status)
}

// DeleteNumber deletes the number.
func (s *Server) DeleteNumber(id wagraph.PhoneNumberID) error { return s.sim.DeleteNumber(string(id)) }

// AddNumber gives the account a further number.
func (s *Server) AddNumber(id wagraph.WABAID) (wagraph.PhoneNumberID, error) {
	number, err := s.sim.AddNumber(string(id))
	return wagraph.PhoneNumberID(number), err
}

// AddWABA gives a business a further account; a client's is shared.
func (s *Server) AddWABA(business wagraph.BusinessID, name string) (wagraph.WABAID, error) {
	id, err := s.sim.AddWABA(string(business), name)
	return wagraph.WABAID(id), err
}

// DeleteWABA deletes the account and its numbers.
func (s *Server) DeleteWABA(id wagraph.WABAID) error { return s.sim.DeleteWABA(string(id)) }

// SetReview sets the account's account_review_status and status; an empty text
// leaves one as it is.
func (s *Server) SetReview(id wagraph.WABAID, review, status string) error {
	return s.sim.SetReview(string(id), review, status)
}

// Unshare has the client stop sharing the account with the partner.
func (s *Server) Unshare(id wagraph.WABAID) error { return s.sim.Unshare(string(id)) }

// Reshare has the client share an account with the partner again, after Unshare.
func (s *Server) Reshare(id wagraph.WABAID) error { return s.sim.Reshare(string(id)) }

// RevokeToken kills a token; the subcode of the 190 that it then gets is 458,
// the app was removed, if 0.
func (s *Server) RevokeToken(token wagraph.Secret, subcode int) error {
	return s.sim.RevokeToken(token.Reveal(), subcode)
}
