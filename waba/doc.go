// Package waba reads and manages WhatsApp Business Accounts (WABAs): the
// accounts that a business portfolio owns, the accounts that its clients share
// with it, the apps that are subscribed to their webhooks, and the users that
// may work on them.
//
// [Client.Clients] lists the accounts that clients share, the newest first.
// [Client.Get] reads one account with its owner and its funding source.
// [Client.Assign] lets an employee system user work on it. [Client.Subscribe]
// subscribes the app to its webhooks, which Embedded Signup does not do.
//
//	accounts := waba.New(client)
//	for account, err := range accounts.Clients(businessID, waba.Query{}).All(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(account.ID, account.Name, account.OwnerBusiness.ID)
//	}
//
// # Which token
//
// The lists, users and system users of a portfolio need a token of one of its
// system users, and assigning needs an admin's. For one account and its
// subscriptions the client's own business token from the signup works too.
//
// # Names
//
// Get reads an account. A list has the name of its items in the plural. Each
// call that is one request, and that may be repeated without harm, has a
// function with the suffix Op, which returns the request for use in a
// graph.Batch.
//
// # Fields
//
// The lists and Get ask for [DefaultFields]. These are few, because one name
// that the Graph version does not know makes Meta refuse the whole request. Get
// takes other field names as its last arguments, and a list takes them in the
// Fields of its query. A graph.Fields value can be given to both. To read a
// list into a struct of your own, use graph.ListAs.
//
// Meta's page: https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/manage-accounts
package waba
