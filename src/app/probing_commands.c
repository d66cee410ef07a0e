/* The commands that differ only in what they probe and how it is judged. */
#include "app/command.h"
#include "app/probing.h"

const struct command before_command = {
    .name = "before",
    .arguments = "DOMAIN...",
    .about = "All that must hold before the migration and the MX change",
    .examples = "cutover before contoso.com --imap imap.contoso.com --csv users.csv\n"
                "cutover before contoso.com --imap imap.contoso.com --expect-mx contoso-com.mail.protection.outlook.com \\\n"
                "    --cutover 2026-12-05T20:00:00Z -o text -o html:contoso.html --record contoso.jsonl\n"
                "cutover before --plan customers.plan -o jsonl",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_plan = true,
    .takes_domain = true,
    .phase = PHASE_BEFORE,
    .probes = "dns",
    .run = probing_run,
};

const struct command after_command = {
    .name = "after",
    .arguments = "DOMAIN...",
    .about = "All that must hold once the MX has been changed",
    .examples = "cutover after contoso.com --old-mx mail.contoso.com\n"
                "cutover after contoso.com --expect-mx contoso-com.mail.protection.outlook.com --json",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_plan = true,
    .takes_domain = true,
    .phase = PHASE_AFTER,
    .probes = "dns",
    .run = probing_run,
};

const struct command port_command = {
    .name = "port",
    .arguments = "HOST[:PORT]...",
    .about = "Telnet-style reachability of every address of both families (993 and 143 unless named)",
    .examples = "cutover port imap.contoso.com\n"
                "cutover port imap.contoso.com:993 [2001:db8::25]:143 --timeout 5s",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_plan = true,
    .probes = "port",
    .run = probing_run,
};

const struct command tls_command = {
    .name = "tls",
    .arguments = "HOST[:PORT]...",
    .about = "TLS or STARTTLS handshake and certificate, as the migration service would judge them",
    .examples = "cutover tls imap.contoso.com:143\n"
                "cutover tls imap.contoso.com:993 --deep\n"
                "cutover tls mail.contoso.com:25 --cutover 2026-12-05T20:00:00Z",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_plan = true,
    .probes = "tls",
    .run = probing_run,
};

const struct command imap_command = {
    .name = "imap",
    .arguments = "HOST[:PORT]...",
    .about = "The whole endpoint test of an IMAP server, and what Microsoft's own test would say",
    .examples = "cutover imap imap.contoso.com\n"
                "cutover imap imap.contoso.com --connections 20\n"
                "cutover imap imap.contoso.com:143 -vv",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_plan = true,
    .probes = "imap",
    .run = probing_run,
};

const struct command dns_command = {
    .name = "dns",
    .arguments = "DOMAIN...",
    .about = "MX, TXT, Autodiscover, NS and SOA records at every authoritative server, judged for --phase",
    .examples = "cutover dns contoso.com\n"
                "cutover dns contoso.com --phase after --expect-mx contoso-com.mail.protection.outlook.com",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_plan = true,
    .takes_domain = true,
    .probes = "dns",
    .run = probing_run,
};

const struct command ttl_command = {
    .name = "ttl",
    .arguments = "DOMAIN...",
    .about = "TTL of the MX set at every address of every authoritative server",
    .examples = "cutover ttl contoso.com\n"
                "cutover ttl contoso.com --cutover 2026-12-05T20:00:00Z --old-ttl 1d",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_plan = true,
    .takes_domain = true,
    .probes = "ttl",
    .run = probing_run,
};

const struct command autodiscover_command = {
    .name = "autodiscover",
    .arguments = "DOMAIN|ADDRESS...",
    .about = "What mail clients find for a domain, step by step, over DNS and HTTP(S)",
    .examples = "cutover autodiscover contoso.com\n"
                "cutover autodiscover user@contoso.com --phase after",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_plan = true,
    .takes_domain = true,
    .takes_mailbox = true,
    .phase = PHASE_BEFORE,
    .probes = "autodiscover",
    .run = probing_run,
};

const struct command propagation_command = {
    .name = "propagation",
    .arguments = "DOMAIN...",
    .about = "Old, new, mixed, stale or absent: the MX set at every authoritative server and in the caches of a list of resolvers",
    .examples = "cutover propagation contoso.com --expect-mx contoso-com.mail.protection.outlook.com\n"
                "cutover propagation contoso.com --old-mx mail.contoso.com --resolvers my-resolvers.txt",
    .least_arguments = 1,
    .most_arguments = -1,
    .takes_plan = true,
    .asks_public = true,
    .takes_domain = true,
    .phase = PHASE_AFTER,
    .probes = "ttl",
    .run = probing_run,
};
