// Package phonenumbers reads business phone numbers with their certificates and
// display-name state, and registers them.
//
// A number that a client brought through Embedded Signup is verified and
// unregistered. [Client.Register] connects it to the Cloud API with a PIN of
// six digits; from then on it can send. [Client.List] reads all numbers of a
// WABA with the fields that decide about that, certificates among them:
//
//	numbers := phonenumbers.New(graph)
//	for number, err := range numbers.List(wabaID, phonenumbers.Query{}).All(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(number.DisplayPhoneNumber, number.NameStatus, number.Certificate != "")
//	}
//
// # Certificates
//
// A certificate binds a display name to a number; the On-Premises client was
// registered with it. The Cloud API needs none: there it only shows how far
// the name's review is. After an approved change of the name NewCertificate is
// set until the number is registered again.
//
// # Registering is counted
//
// Meta allows 10 registrations and deregistrations of a number within 72
// hours, and then locks it for as long. Hence neither call is ever repeated by
// this module: an answer that was lost is an ErrOutcomeUnknown, and the
// number's Status tells what became of it.
//
// # Which token
//
// A system user of the partner that may see the WABA, or the client's business
// token; registering needs both WhatsApp permissions, management and
// messaging. Certificates are served to the partner, not to the owner.
//
// Meta's page: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers
package phonenumbers
