/* Products by the greetings, capabilities and IDs that they send in the field, and what a CSV can carry for each. */
#include "proto/imap_product.h"

#include <string.h>

#include "../check_main.h"
#include "model/csv.h"
#include "model/product.h"
#include "proto/imap_reply.h"

#define EXCHANGE "Domain/Admin_UserName/User_UserName"
#define DOVECOT "User_UserName*Admin_UserName"
#define MIRAPOINT "#User_UserName@domain#Admin_UserName#"
#define USER_ROOT "Admin_UserName, with UserRoot"
#define OWN "none: use each user's address and app password"

static const struct {
	const char *greeting, *capability, *id;
	const char *product, *from;
	const char *format; /* the beginning of it; "" when there is none */
} products[] = {
    {"* OK The Microsoft Exchange IMAP4 service is ready.", "IMAP4rev1", NULL, "Microsoft Exchange", "greeting", EXCHANGE}, /* 2010 to 2019 */
    {"* OK The Microsoft Exchange IMAP4 service is ready. [QgBMADAAUABSADAAMQBDAEEAMAAwADEAOAA=]", "IMAP4", NULL, "Microsoft Exchange", "greeting",
     EXCHANGE},
    {"* OK Microsoft Exchange Server 2007 IMAP4 service ready", "IMAP4", NULL, "Microsoft Exchange", "greeting", EXCHANGE},
    {"* OK Microsoft Exchange Server 2003 IMAP4rev1 server version 6.5.7638.1 (mx.contoso.com) ready.", "IMAP4", NULL, "Microsoft Exchange",
     "greeting", EXCHANGE},
    {"* OK welcome", "IMAP4rev1", "Microsoft.Exchange.Imap4", "Microsoft Exchange", "id", EXCHANGE}, /* a banner of their own */
    {"* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS LOGINDISABLED] Dovecot (Debian) ready.", "IMAP4rev1", NULL,
     "Dovecot", "greeting", DOVECOT},
    {"* OK dovecot ready.", "IMAP4rev1", NULL, "Dovecot", "greeting", DOVECOT},
    {"* OK ready", "IMAP4rev1", "Dovecot", "Dovecot", "id", DOVECOT},
    {"* OK [CAPABILITY IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE AUTH=PLAIN ACL ACL2=UNION ENABLE "
     "UTF8=ACCEPT] Courier-IMAP ready. Copyright 1998-2019 Double Precision, Inc.  See COPYING for distribution information.",
     "ACL2=UNION", NULL, "Courier-IMAP", "greeting", USER_ROOT " for the mailbox"},
    {"* OK [CAPABILITY IMAP4rev1 LITERAL+ ID ENABLE AUTH=PLAIN AUTH=LOGIN SASL-IR] lab Cyrus IMAP 3.6.1-Debian-3.6.1-4+deb12u5 server ready",
     "LITERAL+", NULL, "Cyrus IMAP", "greeting", USER_ROOT " user/User_UserName"},
    {"* OK mail Cyrus IMAP4 v2.2.13-Debian-2.2.13-14 server ready", "IMAP4rev1", NULL, "Cyrus IMAP", "greeting", USER_ROOT},
    {"* OK [CAPABILITY IMAP4rev1] server ready", "IMAP4rev1", "Cyrus IMAPD", "Cyrus IMAP", "id", USER_ROOT},
    {"* OK mail.contoso.com Zimbra IMAP4rev1 server ready", "IMAP4rev1", NULL, "Zimbra", "greeting", MIRAPOINT},
    {"* OK IMAP4 ready", "AUTH=X-ZIMBRA", NULL, "Zimbra", "capability", MIRAPOINT},
    {"* OK Dovecot ready.", "IMAP4rev1", "Zimbra", "Zimbra", "id", MIRAPOINT}, /* a proxy before it */
    {"* OK Kerio Connect 9.2.7 IMAP4rev1 server ready", "IMAP4rev1", NULL, "Kerio Connect", "greeting", "none (X-MASTERAUTH)"},
    {"* OK Kerio MailServer 6.7.3 IMAP4rev1 server ready", "IMAP4rev1", NULL, "Kerio Connect", "greeting", "none (X-MASTERAUTH)"},
    {"* OK IMAPrev1", "IMAP4rev1", NULL, "hMailServer", "greeting", ""},
    {"* OK mail.contoso.com IMAP4rev1 MDaemon 13.0.3 ready", "IMAP4rev1", NULL, "MDaemon", "greeting", ""},
    {"* OK Domino IMAP4 Server Release 9.0.1FP8 ready Tue, 30 Jan 2018 13:59:48 +0200", "IMAP4rev1", NULL, "HCL Domino", "greeting", "none:"},
    {"* OK GroupWise IMAP4rev1 Server Ready", "IMAP4rev1", NULL, "GroupWise", "greeting", ""},
    {"* OK Gimap ready for requests from 192.0.2.1 5614622812f47-3b3e1dmb", "X-GM-EXT-1", NULL, "Gmail", "greeting", OWN},
    {"* OK IMAP4rev1 proxy", "X-GM-EXT-1", NULL, "Gmail", "capability", OWN},
    {"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 ID] IMAP4rev1 imapgate-0.7.68_11 ready", "XYMHIGHESTMODSEQ", NULL, "Yahoo Mail",
     "capability", OWN},
    {"* OK ready", "IMAP4rev1", "Y!IMAP", "Yahoo Mail", "id", OWN},
    {"* OK [CAPABILITY IMAP4 IMAP4rev1] mail IMAP4 service (Oracle Communications Messaging Server 8.0.1 64bit (built Jul 17 2015))", "IMAP4rev1",
     NULL, "Oracle Communications Messaging Server", "greeting", USER_ROOT},
    {"* OK mail IMAP4 service (Sun Java(tm) System Messaging Server 6.3-0.15 (built Feb  9 2007))", "IMAP4rev1", NULL,
     "Oracle Communications Messaging Server", "greeting", USER_ROOT},
    {"* OK venus.contoso.com IMAP4 service (iPlanet Messaging Server 5.1 (built May  7 2001))", "IMAP4rev1", NULL,
     "Oracle Communications Messaging Server", "greeting", USER_ROOT},
    {"* OK mail IMAP4 service (Netscape Messaging Server 4.15  (built Dec 14 1999))", "IMAP4rev1", NULL, "Oracle Communications Messaging Server",
     "greeting", USER_ROOT},
    {"* OK testdrive.contoso.com Mirapoint IMAP4 1.0 server ready", "IMAP4rev1", NULL, "Mirapoint", "greeting", MIRAPOINT},
    {"* OK Mirapoint IMAP4PROXY 1.0 server ready", "IMAP4rev1", NULL, "Mirapoint", "greeting", MIRAPOINT},
    {"* OK [CAPABILITY IMAP4REV1 X-NETSCAPE LOGIN-REFERRALS STARTTLS AUTH=LOGIN] mail IMAP4rev1 2001.315 at Tue, 30 Jan 2001 13:59:48 +0200",
     "X-NETSCAPE", NULL, "UW-imap", "greeting", DOVECOT},
    {"* OK mail Merak 8.3.8 IMAP4rev1 Tue, 30 Jan 2007 13:59:48 +0200", "IMAP4rev1", NULL, "IceWarp", "greeting", ""},
    {"* OK CommuniGate Pro IMAP Server 6.2.5 at mail.contoso.com ready", "IMAP4rev1", NULL, "CommuniGate Pro", "greeting", ""},
    {"* OK mail IMAP4rev1 Mercury/32 v4.80 server ready.", "IMAP4rev1", NULL, "Mercury/32", "greeting", ""},
    {"* OK hello", "IMAP4rev1", "Something", NULL, NULL, NULL},
    {NULL, "IMAP4rev1", NULL, NULL, NULL, NULL},
};

START_TEST(a_product_is_recognised)
{
	struct names capabilities = {0}, values = {0};
	struct imap_product product;
	struct imap_reply reply;
	const char *greeting = products[_i].greeting;
	names_add(&capabilities, products[_i].capability);
	if (products[_i].id != NULL)
		names_add(&values, products[_i].id);
	bool is_found = imap_product_find(greeting, &capabilities, &values, &product);
	ck_assert_int_eq(is_found, products[_i].product != NULL);
	if (is_found) {
		ck_assert_str_eq(product.name, products[_i].product);
		ck_assert_str_eq(product.from, products[_i].from);
		ck_assert_msg(strncmp(product.admin_format, products[_i].format, strlen(products[_i].format)) == 0, "%s", product.admin_format);
		ck_assert_int_eq(product.admin_format[0] == '\0', products[_i].format[0] == '\0');
	}
	if (greeting != NULL) {
		ck_assert(imap_reply_parse(greeting, strlen(greeting), &reply));
		ck_assert_int_eq(reply.form, IMAP_UNTAGGED);
		ck_assert_int_eq(reply.status, IMAP_OK);
	}
	names_clear(&capabilities);
	names_clear(&values);
}
END_TEST

/* Every other administrator form is foreign to these; the forms of a user's own are not. */
static const struct {
	const char *product;
	enum csv_form own;
} own_forms[] = {
    {"Microsoft Exchange", CSV_FORM_EXCHANGE_ADMIN},
    {"Dovecot", CSV_FORM_DOVECOT_ADMIN},
    {"UW-imap", CSV_FORM_DOVECOT_ADMIN},
    {"Mirapoint", CSV_FORM_MIRAPOINT_ADMIN},
    {"Zimbra", CSV_FORM_MIRAPOINT_ADMIN},
    {"Courier-IMAP", CSV_FORM_USER_ROOT},
    {"Cyrus IMAP", CSV_FORM_USER_ROOT},
    {"Oracle Communications Messaging Server", CSV_FORM_USER_ROOT},
    {"Kerio Connect", CSV_FORM_COUNT},
    {"Gmail", CSV_FORM_COUNT},
    {"Yahoo Mail", CSV_FORM_COUNT},
    {"HCL Domino", CSV_FORM_COUNT},
};

START_TEST(a_product_takes_its_own_form)
{
	static const enum csv_form administrators[] = {CSV_FORM_EXCHANGE_ADMIN, CSV_FORM_DOVECOT_ADMIN, CSV_FORM_MIRAPOINT_ADMIN, CSV_FORM_USER_ROOT};
	const char *product = own_forms[_i].product;
	enum csv_form own = own_forms[_i].own;
	for (size_t i = 0; i < sizeof administrators / sizeof administrators[0]; i++)
		ck_assert_int_eq(product_form_is_foreign(product, administrators[i]), administrators[i] != own);
	ck_assert_int_eq(product_form_is_foreign(product, CSV_FORM_EXCHANGE_USER), own != CSV_FORM_EXCHANGE_ADMIN);
	ck_assert(product_form_is_foreign(product, CSV_FORM_BROKEN));
	ck_assert(!product_form_is_foreign(product, CSV_FORM_PLAIN));
	ck_assert(!product_form_is_foreign(product, CSV_FORM_ADDRESS));
}
END_TEST

START_TEST(where_nothing_is_known_nothing_is_foreign)
{
	static const char *const unknown[] = {"MDaemon", "hMailServer", "GroupWise", "no such product"};
	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
		ck_assert(!product_form_is_foreign(unknown[i], CSV_FORM_DOVECOT_ADMIN));
		ck_assert(product_form_is_foreign(unknown[i], CSV_FORM_BROKEN));
	}
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("products");
	tcase_add_loop_test(tcase, a_product_is_recognised, 0, sizeof products / sizeof products[0]);
	tcase_add_loop_test(tcase, a_product_takes_its_own_form, 0, sizeof own_forms / sizeof own_forms[0]);
	tcase_add_test(tcase, where_nothing_is_known_nothing_is_foreign);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/imap_product", fill)
