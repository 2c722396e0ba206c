package graphsim

import (
	"fmt"
	"slices"
	"time"
)

// numberRegisterActions must not be repeated: each call spends one attempt.
func numberRegisterActions() []*action {
	return []*action{
		{method: "POST", node: kNumber, edge: "register", do: register, params: []Param{
			{Name: "messaging_product", Type: "string", Required: true, Enum: []string{"whatsapp"}}, {Name: "pin", Type: "string", Required: true},
			{Name: "data_localization_region", Type: "string"}, {Name: "meta_store_retention_minutes", Type: "unsigned int"}, {Name: "backup", Type: "map"}}},
		{method: "POST", node: kNumber, edge: "deregister", do: deregister},
	}
}

// The wait after wrong PINs is the simulator's own figure; see the package
// documentation.
const (
	registerLimit  = 10 // register and deregister together, for each number
	registerWindow = 72 * time.Hour
	pinGuesses     = 5 // wrong PINs in a row before the wait; unpublished
	pinWait        = time.Hour
	deletedWait    = 5 * time.Minute
)

// budget spends one of the number's 10 attempts in 72 hours. Some pages of Meta count
// register and deregister apart; counting them together is the stricter reading. The
// attempt after the tenth locks the number for another 72 hours.
func (c *call) budget(n *number) *apiError {
	now := c.now.Unix()
	if now < n.lockedUntil {
		return errRegisterLimit()
	}
	from := c.now.Add(-registerWindow).Unix()
	n.attempts = slices.DeleteFunc(slices.Clone(n.attempts), func(t int64) bool { return t <= from })
	if len(n.attempts) >= registerLimit {
		n.lockedUntil = c.now.Add(registerWindow).Unix()
		return errRegisterLimit()
	}
	n.attempts = append(n.attempts, now)
	return nil
}

func errRegisterLimit() *apiError {
	return errWhatsApp(133016, "Account register/deregister rate limit exceeded", "Registration or deregistration failed because there were too many attempts for this phone number.")
}

// mayRegister refuses a caller without both permissions. It serves register and
// deregister.
func (c *call) mayRegister(n *number) *apiError {
	if err := c.has(scopeManagement, scopeMessaging); err != nil {
		return err
	}
	return c.manages(c.wabaOf(n), "MANAGE_PHONE", "MESSAGING")
}

// register connects a number to the Cloud API. If the number has a PIN, the PIN has to
// be right; if not, the call sets it. An approved new name takes effect here.
func register(c *call) (any, *apiError) {
	n := c.node.(*number)
	w := c.wabaOf(n)
	if err := c.mayRegister(n); err != nil {
		return nil, err
	}
	pin := c.params.get("pin")
	switch {
	case !validPIN(pin):
		return nil, errBlame("pin", "Param pin must be a string of 6 digits")
	case c.params.has("data_localization_region") || c.params.has("meta_store_retention_minutes"):
		return nil, errParam("Local storage is no longer configured on this endpoint: use the settings of the phone number before registering it")
	case n.onBizApp:
		return nil, errParam("The phone number is in use with the WhatsApp Business app and is registered already")
	}
	if err := c.budget(n); err != nil {
		return nil, err
	}
	n.registers++
	if err := c.registrable(n, w); err != nil {
		return nil, err
	}
	if err := c.checkPIN(n, pin); err != nil {
		return nil, err
	}
	n.connect(pin)
	if n.newStatus == "APPROVED" {
		n.takeNewName()
	}
	c.sim.note(w, "PHONE_NUMBER_REGISTERED")
	c.target = n
	return success(), nil
}

// registrable refuses a registration because of the state of the number or of its
// account.
func (c *call) registrable(n *number, w *waba) *apiError {
	switch now := c.now.Unix(); {
	case w.status != "ACTIVE" || w.review == "REJECTED":
		return errWhatsApp(131031, "Business Account locked", "The WhatsApp Business Account is restricted or disabled.")
	case now < n.freshUntil:
		return errWhatsApp(133015, "Please wait a few minutes before attempting to register this phone number", "The phone number was deleted recently and the deletion has not completed yet.")
	case n.verified != "VERIFIED" && n.state != "CONNECTED":
		return errWhatsApp(133006, "Phone number re-verification needed", "The phone number must be verified before registering.")
	case c.sim.cfg.RequirePayment && w.funding == 0 && w.owner != c.sim.st.partner.id:
		return errUser(2388103, "Cannot Migrate Phone Number", "Your WhatsApp Business Account doesn't have a payment method set up.")
	case n.nameBusy > 0:
		n.nameBusy--
		return errUser(2388001, "Cannot Create Certificate", "Your display name could not be processed. Please edit your display name and try again.")
	}
	return nil
}

// connect sets the PIN of a registration, and counts it for [Sim.Summary].
func (n *number) connect(pin string) {
	n.state, n.pin, n.wrongPINs = "CONNECTED", pin, 0
	n.registered++
	if n.pins == nil {
		n.pins = map[string]struct{}{}
	}
	n.pins[pin] = struct{}{}
}

// takeNewName makes the approved new name the current one.
func (n *number) takeNewName() {
	n.name, n.serial, n.status = n.newName, n.newSerial, "APPROVED"
	n.newName, n.newStatus, n.newSerial = "", "", 0
}

// validPIN reports whether the text has six digits. Leading zeros count.
func validPIN(pin string) bool { return len(pin) == 6 && digits(pin) == pin }

// checkPIN compares with the two-step PIN. After too many wrong ones in a row the
// client has to wait.
func (c *call) checkPIN(n *number, pin string) *apiError {
	if now := c.now.Unix(); now < n.pinLockUntil {
		return errWhatsApp(133008, "Too many two-step verification PIN guesses", fmt.Sprintf("Try again in %d seconds.", n.pinLockUntil-now))
	}
	if n.pin == "" || n.pin == pin {
		return nil
	}
	if n.wrongPINs++; n.wrongPINs >= pinGuesses {
		n.wrongPINs = 0
		n.pinLockUntil = c.now.Add(pinWait).Unix()
	}
	return errWhatsApp(133005, "Two step verification PIN Mismatch", "The two-step verification PIN is incorrect.")
}

// deregister disconnects a number. The number, its name and its PIN stay.
func deregister(c *call) (any, *apiError) {
	n := c.node.(*number)
	if err := c.mayRegister(n); err != nil {
		return nil, err
	}
	if n.onBizApp {
		return nil, errParam("A phone number that is also used with the WhatsApp Business app cannot be deregistered")
	}
	if err := c.budget(n); err != nil {
		return nil, err
	}
	n.deregisters++
	if n.state != "CONNECTED" {
		return nil, errUser(2207051, "Phone number is not registered", "The phone number is not registered on the platform.")
	}
	n.state = "DISCONNECTED"
	c.sim.note(c.wabaOf(n), "PHONE_NUMBER_DEREGISTERED")
	c.target = n
	return success(), nil
}
