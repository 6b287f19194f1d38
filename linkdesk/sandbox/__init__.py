"""An imitation of a Bitrix24 portal at the HTTP level.

It is an ASGI app over stored state, serves tests and the demo, and is as inconvenient as the real one. It was built
from the official pages and from what was read of a public copy of the server code; nothing was measured on a live
portal. What is uncertain, strongest doubt first:

Guessed by us, no source says:
    - which deal lends its clients when several are linked: here the first linked deal that exists;
    - whether `unset` of clients pulls the deal's back at once ("the next pass may re-populate"): here the next
      `externalData.set` does, and a `client.set` with an empty list does at once;
    - that the booking's CRM activity disappears with its last binding, and leaves out items that do not exist; how the
      one of a waitlist entry is typed (here `WAIT_LIST`);
    - that a body which is no JSON is read as no parameters, and null as a parameter that is missing;
    - that a 429 carries `time.operating_reset_at` although errors have no `time` otherwise;
    - that a client id which is no number is a type error; what an over-long external value answers (1019, 1035);
    - that binding to an element of a type that no CRM has answers ACCESS_DENIED; when `binding.list` answers it;
    - the order of checks within a method: of `booking.update` the record, the period, the resources; of `add` the
      period first; a bad template before an unknown resource type;
    - that the note of a waitlist entry stays on the booking, unseen, and that its calendar link is copied in a move;
    - that resources with bookings and types with resources can be deleted, and that new resources take nothing from
      their type; which code impossible hours and over-long names get;
    - how lists of resources compare names, and what lists make of unknown columns and orders;
    - of OAuth: `unsupported_grant_type` (RFC 6749's), that a foreign code stays good, that access tokens survive a
      renewal and take on changes of the application's scopes at once, that the authorization server knows of a move;
    - which of `NO_AUTH_FOUND` and `invalid_token` an unknown token gets: here the former, and the latter when its
      application is gone;
    - that binding the same handler again changes nothing, that `auth_type` 0 is what an administrator's handler has,
      that an event waits ten seconds for its handler, and that calls which change nothing are told of, too;
    - the Russian texts of errors, the text and the path in PHP type errors, and every figure of time spent.

Seen by third parties, not in the docs:
    - `binding.add` makes dangling bindings to elements that do not exist, and never answers OWNER_NOT_FOUND;
    - upper-case keys in `binding.list`: not imitated, the documented ones are answered;
    - fields in capitals in `crm.item.list`, parameters of the older methods in either case: `fast-bitrix24` sends them;
    - that codes are text: `b24pysdk` fails on integers;
    - that tokens come with the scope `app`, not with the application's; `expired_token` for a code that is too old,
      where the pages say `invalid_grant`: the pages are followed, the other can be ordered as a failure.

Read in a copy of the server, not in the docs:
    - the order of checks, 401 (not 403) for a scope that is missing and for a wrong webhook, integers as error codes
      of booking methods in older builds (`string_codes` gives the newer form), 1025 for client types that no booking
      has used yet, the clients and deals that links carry along, the trimming to 100 bindings, operating time.

Not imitated: services of bookings and their product rows, events of anything but bookings, offline events, handlers
beyond this machine (they may be bound, and are not called), the portal's delay before it sends an event, REST 3.0, XML,
licences, the installation of applications and their pages within the portal, and the existence of a second client
behind the rate limit (the real one counts per portal and source address).
"""
