package phonenumbers

import (
	"context"
	"net/http"

	"github.com/seed-8fdceacd/wagraph"
)

// Register connects the number to the Cloud API. The PIN is six digits: the
// number's two-step PIN if it has one, otherwise the call sets it.
//
// It is sent once, whatever happens: Meta counts registrations. A lost answer
// is an ErrOutcomeUnknown; read Status before trying again. A number of the
// Business app (Number.OnBusinessApp) must not be registered.
//
// Token: the client's business token or a system user of the partner, with
// whatsapp_business_management and whatsapp_business_messaging.
// Errors by code: 133005 the PIN is not the number's; 133006 the number has
// to be verified first; 133008 and 133009 PINs were tried too often; 133015 it
// was deleted minutes ago; 133016 locked for 72 hours (ErrWait).
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/registration
func (c *Client) Register(ctx context.Context, id wagraph.PhoneNumberID, pin wagraph.Secret) error {
	form := registration{MessagingProduct: "whatsapp", PIN: pin}
	_, err := wagraph.Send(ctx, c.graph, counted(routeRegister, id, form, checkPIN(pin)))
	return err
}

// Deregister disconnects the number from the Cloud API. Its history and its
// place in the WABA stay. It is sent once and counts like a registration.
//
// Token: as for Register. Errors: 133016 (ErrWait) after too many; refused for
// numbers of the Business app.
//
// https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/registration
func (c *Client) Deregister(ctx context.Context, id wagraph.PhoneNumberID) error {
	_, err := wagraph.Send(ctx, c.graph, counted(routeDeregister, id, nil, nil))
	return err
}

type registration struct {
	MessagingProduct string         `url:"messaging_product"`
	PIN              wagraph.Secret `url:"pin"`
}

// counted is a call that Meta counts per number and 72 hours.
func counted(route string, id wagraph.PhoneNumberID, form any, err error) wagraph.Op[wagraph.Success] {
	return wagraph.NewOp[wagraph.Success](wagraph.Request{
		Method: http.MethodPost, Route: route, IDs: []string{string(id)}, Form: form, Repeat: wagraph.RepeatOnce,
	}, err)
}

const pinLength = 6

func checkPIN(pin wagraph.Secret) error {
	text := pin.Reveal()
	if len(text) != pinLength || Digits(text) != text {
		return &wagraph.InputError{Field: "pin", Reason: "must be 6 digits"}
	}
	return nil
}
