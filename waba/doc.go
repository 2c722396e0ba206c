// Package waba reads and manages WhatsApp Business Accounts (WABAs): the ones a
// business portfolio owns, the ones its clients share with it, the apps that
// are subscribed to their webhooks, and the users that may work on them.
//
// A BSP's day in calls: [Client.Clients] lists what clients share, newest
// first; [Client.Get] reads one account with its owner and what pays for it;
// [Client.Assign] lets an employee system user work on it; [Client.Subscribe]
// makes its webhooks arrive, which Embedded Signup does not do.
//
//	accounts := waba.New(graph)
//	for account, err := range accounts.Clients(businessID, waba.Query{}).All(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(account.ID, account.Name, account.OwnerBusiness.ID)
//	}
//
// # Which token
//
// The portfolio's lists, users and system users need a system user token of
// that portfolio, an admin's for assigning. One account, and the subscriptions
// to it, also answer to the client's own business token from the signup.
//
// # Fields
//
// The lists and Get ask for [DefaultFields]. They are few, because a name that
// the chosen Graph version does not know fails Meta's whole answer. Name other
// fields in the query, or read a list into a struct of your own with
// graph.ListAs.
//
// Meta's page: https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/manage-accounts
package waba
