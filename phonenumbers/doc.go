// Package phonenumbers reads business phone numbers, with their certificates
// and the review of their display names, and registers them.
//
// A number that a client brought through Embedded Signup is verified and not yet
// registered. [Client.Register] connects it to the Cloud API with a PIN of six
// digits, and then it can send. [Client.List] reads all numbers of a WABA with
// the fields that a registration depends on:
//
//	numbers := phonenumbers.New(client)
//	for number, err := range numbers.List(wabaID, phonenumbers.Query{}).All(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(number.DisplayPhoneNumber, number.NameStatus, number.Certificate != "")
//	}
//
// # Certificates
//
// A certificate binds a display name to a number. The On-Premises client was
// registered with it. The Cloud API needs no certificate: there it only shows
// the state of the name's review. After an approved change of the name,
// NewCertificate is set until the number is registered again.
//
// # Registrations are counted
//
// Meta allows 10 registrations and deregistrations of a number within 72 hours,
// and then locks the number for 72 hours. For this reason neither call is ever
// repeated. If the answer was lost the error is an ErrOutcomeUnknown, and the
// Status of the number shows what happened.
//
// # Which token
//
// A token of a system user of the partner that may see the WABA, or the client's
// business token. Registering needs both WhatsApp permissions, management and
// messaging. Meta shows certificates to the partner and not to the owner.
//
// # Names
//
// Get reads a number and List the numbers of a WABA. Get takes other field names
// as its last arguments, and a list takes them in the Fields of its query. A
// graph.Fields value can be given to both. Each call that is one request, and
// that may be repeated without harm, has a function with the suffix Op, which
// returns the request for use in a graph.Batch. Register and Deregister have
// none.
//
// Meta's page: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers
package phonenumbers
