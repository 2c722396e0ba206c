package signup

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// ConfirmResult holds the accounts that may be used, and the claims that may not.
type ConfirmResult struct {
	// Accounts are the WABAs that the customer granted. First come all that the
	// grants name, claimed or not, in the order of the grants. Then come the
	// claimed WABAs that the token of an unrestricted grant could read.
	Accounts []ConfirmedAccount
	// Refused are the claims that must not be used.
	Refused []RefusedClaim
}

// ConfirmedAccount is a WABA that the customer granted.
type ConfirmedAccount struct {
	// Account has ID, Name and OwnerBusiness; only the ID if Err is set.
	Account waba.Account
	// Claimed reports whether the claim names the account, Named whether the
	// grants name it.
	Claimed, Named bool
	// Err says why an account that the grants name could not be read: the
	// customer may have stopped sharing it, or the id belongs to another kind of
	// object.
	Err error
}

// RefusedClaim is a claimed WABA that the customer did not grant.
type RefusedClaim struct {
	// ID is the claimed text, which may not be a valid id.
	ID graph.WABAID
	// Err says why the claim is refused.
	Err error
}

// ConfirmAccounts decides which of the claimed WABAs belong to a signup, and reads
// them. A WABA that the grants name is confirmed. If the grants do not limit the
// accounts ([Grants.Unrestricted]), a claimed WABA is confirmed when the customer's
// token can read it; otherwise a claim that the grants do not name is refused
// without a read. One account is read with a single call, several with batches of
// 50. More than 50 claims that have to be read are an InputError: a signup does not
// have that many, so it is an attempt to find ids.
//
// If a read fails for a reason that says nothing about the account (a throttle, an
// invalid token, a lost connection), that error is returned, and nothing is
// confirmed or refused.
//
// Token: the given token, which is the customer's.
func (c *Client) ConfirmAccounts(ctx context.Context, token Token, claimed []graph.WABAID, grants Grants) (ConfirmResult, error) {
	if err := c.check(ctx); err != nil {
		return ConfirmResult{}, err
	}
	var out ConfirmResult
	read := slices.Clone(grants.WABAs)
	var seen []graph.WABAID
	for _, id := range claimed {
		if slices.Contains(seen, id) {
			continue
		}
		seen = append(seen, id)
		switch err := graph.CheckID("claimed waba-id", id); {
		case err != nil:
			out.Refused = append(out.Refused, RefusedClaim{id, err})
		case grants.Names(id):
		case grants.Unrestricted:
			read = append(read, id)
		default:
			out.Refused = append(out.Refused, RefusedClaim{id, &graph.InputError{
				Field: "claimed waba-id", Reason: string(id) + " is not one of the accounts that the client granted",
			}})
		}
	}
	if n := len(read) - len(grants.WABAs); n > graph.MaxBatch {
		return ConfirmResult{}, &graph.InputError{Field: "claimed waba-id", Reason: fmt.Sprintf("has %d accounts that the grants do not name, more than %d", n, graph.MaxBatch)}
	}
	for i, result := range readAccounts(ctx, c.client.As(token), read) {
		id := read[i]
		named := grants.Names(id)
		switch {
		case result.Err == nil:
			out.Accounts = append(out.Accounts, ConfirmedAccount{Account: result.Value, Claimed: slices.Contains(seen, id), Named: named})
		case !aboutAccount(result.Err):
			return ConfirmResult{}, result.Err
		case named:
			out.Accounts = append(out.Accounts, ConfirmedAccount{
				Account: waba.Account{ID: id}, Claimed: slices.Contains(seen, id), Named: true, Err: result.Err,
			})
		default:
			out.Refused = append(out.Refused, RefusedClaim{id, result.Err})
		}
	}
	return out, nil
}

// aboutAccount reports whether the error says something about this account. Other
// errors say something about the token or the connection. An object of another kind
// has none of the fields, and Meta answers with an ErrInvalid.
func aboutAccount(err error) bool {
	return errors.Is(err, graph.ErrNotFound) || errors.Is(err, graph.ErrPermission) || errors.Is(err, graph.ErrInvalid)
}

// readAccounts reads each account by a request of its own. In one read by ids, a
// claim that cannot be read would make the whole call fail.
func readAccounts(ctx context.Context, client *graph.Client, ids []graph.WABAID) []graph.Result[waba.Account] {
	results := make([]graph.Result[waba.Account], len(ids))
	if len(ids) == 1 {
		results[0].Value, results[0].Err = graph.Send(ctx, client, readOp(ids[0]))
		return results
	}
	batch := graph.NewBatch(client)
	pending := make([]*graph.Result[waba.Account], len(ids))
	for i, id := range ids {
		pending[i] = graph.Add(batch, readOp(id))
	}
	err := batch.Send(ctx)
	for i := range pending {
		if results[i] = *pending[i]; err != nil {
			results[i].Err = err
		}
	}
	return results
}

// readOp asks for the fields that identify an account and its owner.
func readOp(id graph.WABAID) graph.Op[waba.Account] {
	return waba.GetOp(id, "id", "name", "owner_business_info")
}
